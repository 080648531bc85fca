"""Missed calls: written down, called back within half an hour, passed on when nobody does (CON-13)."""

from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Leave, Staff, Task
from crm.core.models import Notice
from crm.core.sweeps import run_often
from tests.visits.desk import sheet
from visits import actions, queries
from visits.models import MissedCall, Visit
from visits.queries.missed_calls import MissedCallFilters, answering_scope
from visits.rules.missed_calls import Turn, next_turn

pytestmark = pytest.mark.django_db
SWEEP = "pass_on_missed_calls"


def record(cast, *, by="teammate", customer="gold", ago=0, now=None, **more):
    now = now or timezone.now()
    person = getattr(cast, by)
    number = cast.customers[customer].phone
    return actions.record_missed_call(
        number=number, called_at=now - timedelta(minutes=ago), by=person, now=now,
        scope=answering_scope(person.access), **more,
    )  # fmt: skip


def logged(cast, customer="gold", by="manager", **changes):
    now = timezone.now()
    values = {"occurred_at": now} | changes
    return actions.log_visit(sheet=sheet(cast.customers[customer], **values), by=getattr(cast, by), now=now)


def test_the_backup_writes_a_call_down_and_a_task_is_due_in_half_an_hour(cast, as_user):
    """CON-13: a task at once, due in 30 minutes; a notice at once; found by the number."""
    called = timezone.localtime().replace(second=0, microsecond=0)
    client = as_user(cast.teammate)  # the manager's backup: he has none of his customers
    answer = client.post(
        reverse("visits:missed_call_new"),
        {"number": "139 0000 0002", "called_at": called.strftime("%Y-%m-%dT%H:%M"), "note": "网络慢"},
    )
    call = MissedCall.unscoped.get()
    assert answer.status_code == 302 and answer["Location"] == reverse("visits:missed_call_detail", args=[call.pk])
    assert call.due_at == called + timedelta(minutes=30)
    task = Task.unscoped.get()
    assert (task.kind, task.staff, task.due_at) == ("call_back", cast.staff["manager"], call.due_at)
    notice = Notice.objects.get(user=cast.manager)
    assert notice.kind == "call_missed" and notice.urgent


def test_a_number_nobody_has_is_told_beside_the_field(cast, as_user):
    """CON-13: and a stranger's customer is nobody."""
    client = as_user(cast.teammate)
    for number in ("13955556666", cast.customers["strangers"].phone):
        answer = client.post(
            reverse("visits:missed_call_new"), {"number": number, "called_at": timezone.localtime().isoformat()[:16]}
        )
        assert answer.status_code == 400 and answer.context["form"].errors["number"]
    assert not MissedCall.unscoped.exists()


def test_the_service_centre_finds_every_number(cast, as_user):
    """CON-13: source hotline or backup; the agent sees the row he wrote, not the customer's page."""
    client = as_user(cast.service_centre)
    client.post(
        reverse("visits:missed_call_new"),
        {"number": cast.customers["strangers"].phone, "called_at": timezone.localtime().isoformat()[:16]},
    )
    call = MissedCall.unscoped.get()
    assert call.holder == cast.staff["stranger"]
    assert client.get(reverse("visits:missed_call_detail", args=[call.pk])).status_code == 200
    assert client.get(reverse("workbench:customer", args=[call.customer_id])).status_code == 403


@time_machine.travel("2026-11-18T04:00:00Z", tick=False)
def test_a_clock_in_hours_stands_first_on_today(cast, as_user):
    """CON-13, screens 1: before what was promised for today."""
    now = timezone.now()
    Task.unscoped.create(
        kind="follow_up", customer=cast.customers["silver"], staff=cast.staff["manager"], title="资料",
        due_on=timezone.localdate(), created_at=now,
    )  # fmt: skip
    record(cast, ago=10, now=now)
    page = as_user(cast.manager).get("/", headers={"accept-language": "en"}).content.decode()
    assert page.index("金满堂") < page.index("银小满")
    assert "20 minutes left" in page or "19 minutes left" in page


def test_a_logged_call_closes_it_and_the_minutes_are_measured(cast):
    """CON-13: minutes to the call-back."""
    record(cast, ago=12)
    done = logged(cast)
    call = MissedCall.unscoped.get()
    assert (call.state, call.visit_id, call.tried_by) == ("done", done.visit_ids[0], cast.staff["manager"])
    assert Task.unscoped.get().state == "done"
    (row,), _more = queries.missed_calls(cast.manager.access, MissedCallFilters())
    assert row.minutes == 12


def test_an_attempt_stops_the_clock_but_the_task_stays(cast):
    """CON-13: the manager called back, the customer did not answer."""
    record(cast, ago=29)
    logged(cast, outcome="no_answer", occasion="")
    call = MissedCall.unscoped.get()
    assert call.state == "tried" and call.tried_at is not None
    assert Task.unscoped.get().state == "open" and Task.unscoped.get().due_at is None
    assert run_often(SWEEP, timezone.now() + timedelta(hours=2)) == 0
    logged(cast, occurred_at=timezone.now() + timedelta(seconds=1))
    assert MissedCall.unscoped.get().state == "done"


def test_a_visit_before_the_call_answers_nothing(cast):
    """CON-13: a back-dated visit settles its duty, not the call that came after it."""
    record(cast)
    logged(cast, occurred_at=timezone.now() - timedelta(hours=3))
    assert MissedCall.unscoped.get().state == "waiting"
    assert Task.unscoped.get(origin_table="visits_missedcall").state == "open"


def test_undoing_the_call_back_opens_the_call_again(cast):
    """Screens 2: undo until the end of the day."""
    record(cast)
    done = logged(cast)
    actions.undo_visit(visit_id=done.visit_ids[0], by=cast.manager, now=timezone.now())
    call = MissedCall.unscoped.get()
    assert (call.state, call.tried_at, call.closed_at) == ("waiting", None, None)
    assert Task.unscoped.get().state == "open"


def test_a_mended_call_back_answers_what_it_says_now(cast):
    """CON-13: not reached after all is an attempt; reached after all closes the call."""
    record(cast)
    done = logged(cast)
    for outcome, state, task in (("no_answer", "tried", "open"), ("effective", "done", "done")):
        actions.mend_visit(
            visit_id=done.visit_ids[0], changes={"outcome": outcome}, version=None, by=cast.manager, now=timezone.now()
        )
        assert (MissedCall.unscoped.get().state, Task.unscoped.get().state) == (state, task)


def test_nobody_calls_back_then_the_backup_and_then_the_supervisor(cast):
    """CON-13: unanswered → escalates to the backup, then the supervisor; each is told once."""
    now = timezone.now()
    record(cast, ago=31, now=now)
    assert run_often(SWEEP, now) == 1
    assert run_often(SWEEP, now) == 0
    call = MissedCall.unscoped.get()
    assert (call.step, call.holder) == (1, cast.staff["teammate"])
    assert run_often(SWEEP, now + timedelta(minutes=30)) == 1
    call.refresh_from_db()
    assert (call.step, call.holder) == (2, cast.staff["supervisor"])
    assert run_often(SWEEP, now + timedelta(minutes=90)) == 0
    told = Notice.objects.filter(kind="call_passed_on").values_list("user__username", flat=True)
    assert sorted(told) == ["M1002", "S1001"]


def test_the_backup_sees_and_calls_back_without_seeing_the_customer(cast, as_user):
    """CON-13, decisions 7 and 12: the B角 calls back; it is shown, not counted, and the customer stays closed."""
    now = timezone.now()
    record(cast, by="service_centre", ago=31, now=now)
    call = MissedCall.unscoped.get()
    client = as_user(cast.teammate)
    address = reverse("visits:missed_call_detail", args=[call.pk])
    assert client.get(address).status_code == 404
    run_often(SWEEP, now)
    assert "金满堂" in client.get("/").content.decode()
    assert client.get(address).status_code == 200
    assert "tel:13900000002" in client.post(reverse("visits:missed_call_dial", args=[call.pk])).content.decode()
    assert client.post(address, {"outcome": "effective", "content": "已告知处理进度"}).status_code == 302
    call.refresh_from_db()
    assert (call.state, call.tried_by) == ("done", cast.staff["teammate"])
    visit = Visit.unscoped.get()
    assert visit.party == "other" and not visit.counts
    assert client.get(reverse("workbench:customer", args=[call.customer_id])).status_code == 404


def test_a_cover_takes_the_first_turn(cast):
    """代管: who stands in for an absent manager has to call back first."""
    from accounts.actions import arrange_cover

    today = timezone.localdate()
    Leave.unscoped.create(staff=cast.staff["manager"], starts_on=today, ends_on=today)
    arrange_cover(
        absent_id=cast.staff["manager"].pk, substitute_id=cast.staff["teammate"].pk, starts_on=today, ends_on=today,
        by=cast.supervisor, now=timezone.now(),
    )  # fmt: skip
    call, _new = record(cast, by="service_centre", ago=31)
    assert call.holder == cast.staff["teammate"]
    run_often(SWEEP, timezone.now())
    call.refresh_from_db()
    assert (call.step, call.holder) == (2, cast.staff["supervisor"])  # the backup had it already


def test_a_second_call_is_counted_on_the_first(cast):
    """CON-13: the first call keeps the clock."""
    first, is_new = record(cast, ago=20)
    again, is_newer = record(cast)
    assert (is_new, is_newer, again.pk) == (True, False, first.pk)
    again.refresh_from_db()
    assert again.calls == 2 and again.due_at == first.due_at
    assert Task.unscoped.count() == 1


def test_a_wrong_number_is_closed_with_a_reason(cast, as_user):
    """The row stays, the task falls away."""
    call, _new = record(cast)
    client = as_user(cast.manager)
    assert client.post(reverse("visits:missed_call_drop", args=[call.pk]), {"reason": "打错了"}).status_code == 302
    call.refresh_from_db()
    assert (call.state, call.closing_note) == ("dropped", "打错了")
    assert Task.unscoped.get().state == "cancelled"
    assert as_user(cast.stranger).post(reverse("visits:missed_call_drop", args=[call.pk])).status_code in (302, 404)


def test_bad_moments_are_refused(cast):
    """A call of tomorrow, and one of last week."""
    from crm.core.errors import Invalid

    for ago in (-60, 5 * 24 * 60):
        with pytest.raises(Invalid):
            record(cast, ago=ago)


def test_the_sweep_does_what_the_rule_says(cast):
    """Parity: 200 drawn calls at every step of the ladder against the pure rule."""
    random, now = Random(5), timezone.now()
    people = [None, *Staff.unscoped.all()]
    customers = [row for row in cast.customers.values() if row.manager_id]
    for number in range(40):
        for customer in customers:
            if number % 5 == 0:
                others = [person for person in people if person is None or person.pk != customer.manager_id]
                Staff.unscoped.filter(pk=customer.manager_id).update(
                    backup=random.choice(others), supervisor=random.choice(others)
                )
        for unit in cast.units.values():
            unit.head = random.choice(people)
            unit.save()
        MissedCall.unscoped.all().delete()
        expected = {}
        for customer in customers:
            manager = Staff.unscoped.get(pk=customer.manager_id)
            holder = random.choice([manager, *people])
            due_at = now + timedelta(minutes=random.randrange(-20, 20))
            turn = Turn(random.choice((0, 1, 2)), holder.pk if holder else None, due_at)
            call = MissedCall.unscoped.create(
                customer=customer, number="1", called_at=now, last_called_at=now, source="person", taken_at=now,
                taken_by=cast.manager, manager=manager, unit=customer.unit, holder_id=turn.holder, step=turn.step,
                due_at=turn.due_at,
            )  # fmt: skip
            customer.unit.refresh_from_db()
            expected[call.pk] = (
                next_turn(
                    turn, backup=manager.backup_id, supervisor=manager.supervisor_id, head=customer.unit.head_id,
                    now=now, minutes=30,
                )
                or turn
            )  # fmt: skip
        run_often(SWEEP, now)
        found = {row.pk: Turn(row.step, row.holder_id, row.due_at) for row in MissedCall.unscoped.all()}
        assert found == expected


def test_the_list_shows_ones_own_and_narrows(cast, as_user):
    """SEC-3: a manager sees his customers' calls, a stranger none of them."""
    record(cast, ago=31)
    record(cast, customer="silver", ago=5)
    run_often(SWEEP, timezone.now())
    client = as_user(cast.manager)
    address = reverse("visits:missed_call_list")
    assert "金满堂" in client.get(address).content.decode()
    late = client.get(f"{address}?late=1").content.decode()
    assert "金满堂" in late and "银小满" not in late
    assert client.get(f"{address}?state=x").status_code == 400
    assert "金满堂" not in as_user(cast.stranger).get(address).content.decode()
