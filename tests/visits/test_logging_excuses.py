"""Excuses: asked for with evidence, decided by a supervisor, never by the asker."""

from datetime import date, timedelta

import pytest

from accounts.models import Customer
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest
from crm.core.models import Notice
from tests.visits.desk import NOW, TODAY, at, owe, sheet
from visits.actions import decide_excuse, log_visit, request_excuse, withdraw_excuse
from visits.models import Duty, Excuse
from visits.queries import excuse_count, excuse_evidence, excuse_inbox

pytestmark = pytest.mark.django_db

THREE = [(date(2026, 11, 16), "phone"), (date(2026, 11, 17), "wechat"), (date(2026, 11, 18), "phone")]


def attempts(cast, tries=THREE, outcome="no_answer", customer="gold"):
    for day, channel in tries:
        log_visit(
            sheet=sheet(cast.customers[customer], channel=channel, outcome=outcome, occurred_at=at(day, "11:00")),
            by=cast.manager,
            now=NOW,
        )


def ask(cast, duty, **changes):
    values = {"kind": "no_contact", "text": "客户明确表示不要联系"}
    return request_excuse(duty_id=duty.pk, by=cast.manager, now=NOW, **values | changes)


def test_a_customer_who_wants_no_contact_needs_a_reason(cast):
    """Issue 2: text required; the supervisor hears of it once."""
    duty = owe(cast.customers["gold"])
    with pytest.raises(Invalid):
        ask(cast, duty, text="  ")
    excuse = ask(cast, duty)
    assert (excuse.state, excuse.requested_by) == ("requested", cast.manager)
    notice = Notice.objects.get(kind="excuse_requested")
    assert (notice.user, notice.params["customer"]) == (cast.supervisor, "金满堂")


@pytest.mark.parametrize(
    ("tries", "enough"),
    [
        (THREE, True),
        (THREE[:2], False),
        ([(day, "phone") for day, _channel in THREE], False),
        ([(THREE[0][0], channel) for channel in ("phone", "wechat", "sms")], False),
    ],
    ids=["3 on 3 days by 2 channels", "two only", "one channel", "one day"],
)
def test_unreachable_needs_three_attempts_on_three_days_by_two_channels(cast, tries, enough):
    """Issue 2, section 3."""
    duty = owe(cast.customers["gold"])
    attempts(cast, tries)
    if enough:
        assert ask(cast, duty, kind="unreachable", text="").kind == "unreachable"
    else:
        with pytest.raises(Invalid) as refusal:
            ask(cast, duty, kind="unreachable", text="")
        assert refusal.value.code == "too_few_attempts"


def test_attempts_count_within_the_window_of_the_duty_only(cast):
    """Issue 2: within the duty's window; a refusal or an undone try is no attempt to reach him."""
    duty = owe(cast.customers["gold"], starts_on=date(2026, 11, 17))
    attempts(cast)
    assert not excuse_evidence(cast.manager.access.scope, duty.pk).is_enough
    attempts(cast, [(date(2026, 11, 18), "sms")], outcome="refused")
    assert len(excuse_evidence(cast.manager.access.scope, duty.pk).attempts) == 2
    assert excuse_evidence(cast.stranger.access.scope, duty.pk) is None


def test_one_request_at_a_time_and_for_open_duties_only(cast):
    """One open excuse per duty by constraint; a met duty needs none."""
    duty = owe(cast.customers["gold"])
    ask(cast, duty)
    with pytest.raises(Conflict) as refusal:
        ask(cast, duty)
    assert refusal.value.code == "already_requested"
    met = owe(cast.customers["silver"], state="met")
    with pytest.raises(Conflict):
        ask(cast, met)
    with pytest.raises(NotFound):
        request_excuse(duty_id=duty.pk, kind="no_contact", text="x", by=cast.stranger, now=NOW)


def test_the_supervisor_grants_and_the_duty_leaves_the_count(cast):
    """Decisions 6: excused is in neither number; the asker hears of it."""
    duty = owe(cast.customers["gold"])
    excuse = ask(cast, duty)
    decide_excuse(excuse_id=excuse.pk, grant=True, remark="同意", by=cast.supervisor, now=NOW)
    duty.refresh_from_db()
    excuse.refresh_from_db()
    assert (duty.state, excuse.state, excuse.decided_by, excuse.remark) == (
        "excused",
        "granted",
        cast.supervisor,
        "同意",
    )
    assert Notice.objects.get(kind="excuse_granted").user == cast.manager
    cast.customers["gold"].standing.refresh_from_db()
    assert cast.customers["gold"].standing.next_due_on != duty.due_on


def test_a_visit_after_the_excuse_meets_the_duty(cast):
    """Decisions 2: recomputed either way."""
    duty = owe(cast.customers["gold"])
    decide_excuse(excuse_id=ask(cast, duty).pk, grant=True, by=cast.supervisor, now=NOW)
    log_visit(sheet=sheet(cast.customers["gold"]), by=cast.manager, now=NOW)
    duty.refresh_from_db()
    assert duty.state == "met"


def test_refused_means_it_stays_owed_and_may_be_asked_again(cast):
    """Issue 2: refused → stays."""
    duty = owe(cast.customers["gold"])
    decide_excuse(excuse_id=ask(cast, duty).pk, grant=False, remark="再试一次", by=cast.supervisor, now=NOW)
    duty.refresh_from_db()
    assert duty.state == "open"
    assert Notice.objects.get(kind="excuse_refused").params["remark"] == "再试一次"
    assert ask(cast, duty).pk


def test_nobody_decides_on_his_own_request(cast):
    """SEC-24: the asker, and the manager whose duty it is, get 403."""
    duty = owe(cast.customers["gold"])
    excuse = ask(cast, duty)
    with pytest.raises(OwnRequest):
        decide_excuse(excuse_id=excuse.pk, grant=True, by=cast.manager, now=NOW)
    Excuse.unscoped.filter(pk=excuse.pk).update(requested_by=cast.supervisor)
    with pytest.raises(OwnRequest):
        decide_excuse(excuse_id=excuse.pk, grant=True, by=cast.supervisor, now=NOW)
    Excuse.unscoped.filter(pk=excuse.pk).update(requested_by=cast.manager)
    Duty.unscoped.filter(pk=duty.pk).update(manager=cast.staff["supervisor"])
    with pytest.raises(OwnRequest):
        decide_excuse(excuse_id=excuse.pk, grant=True, by=cast.supervisor, now=NOW)
    assert Excuse.unscoped.get().state == "requested"


def test_who_may_decide(cast):
    """PLT-7: in scope and able; otherwise 404 or 403."""
    excuse = ask(cast, owe(cast.customers["gold"]))
    for role, refusal in (
        ("stranger_supervisor", NotFound), ("teammate", NotFound), ("director", NotAllowed), ("handler", NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            decide_excuse(excuse_id=excuse.pk, grant=True, by=getattr(cast, role), now=NOW)


def test_a_decision_is_made_once(cast):
    """Two supervisors at once: the second hears that it is decided."""
    excuse = ask(cast, owe(cast.customers["gold"]))
    decide_excuse(excuse_id=excuse.pk, grant=False, by=cast.supervisor, now=NOW)
    with pytest.raises(Conflict) as refusal:
        decide_excuse(excuse_id=excuse.pk, grant=True, by=cast.supervisor, now=NOW)
    assert refusal.value.current == {"state": "refused"}


def test_a_request_whose_duty_was_met_meanwhile_cannot_be_granted(cast):
    """Decisions 2."""
    duty = owe(cast.customers["gold"])
    excuse = ask(cast, duty)
    log_visit(sheet=sheet(cast.customers["gold"]), by=cast.manager, now=NOW)
    with pytest.raises(Conflict) as refusal:
        decide_excuse(excuse_id=excuse.pk, grant=True, by=cast.supervisor, now=NOW)
    assert refusal.value.code == "not_owed"


def test_the_asker_takes_it_back(cast):
    """Withdrawn by the asker only, before a decision."""
    excuse = ask(cast, owe(cast.customers["gold"]))
    assert withdraw_excuse(excuse_id=excuse.pk, by=cast.manager, now=NOW).state == "withdrawn"
    with pytest.raises(Conflict):
        withdraw_excuse(excuse_id=excuse.pk, by=cast.manager, now=NOW)


def test_the_inbox_shows_requests_with_the_attempts(cast):
    """Issue 2: decided with the attempts in view."""
    duty = owe(cast.customers["gold"])
    attempts(cast)
    ask(cast, duty, kind="unreachable", text="")
    supervisor = cast.supervisor
    scope = supervisor.access.scope_for("decide_excuses")
    (row,) = excuse_inbox(scope, user_id=supervisor.pk, staff_id=cast.staff["supervisor"].pk)
    assert (row.customer_name, row.manager_name, row.is_own) == ("金满堂", "林晓", False)
    assert [attempt.occurred_on for attempt in row.evidence.attempts] == [day for day, _channel in THREE]
    assert (row.evidence.days, row.evidence.channels, row.evidence.is_enough) == (3, 2, True)
    assert excuse_count(scope) == 1
    assert excuse_count(cast.stranger_supervisor.access.scope_for("decide_excuses")) == 0
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(unit=cast.units["B"])
    assert excuse_count(scope) == 0
    assert row.due_on >= TODAY - timedelta(days=30)
