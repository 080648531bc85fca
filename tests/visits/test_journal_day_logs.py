"""The work log (工作日志) and the end of the day (日结): filled from what stands there, one tap, closed at 24:00."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Leave, Post, Staff, Task
from crm.core import working_days
from crm.core.sweeps import run_step
from tests.visits.ledger_world import at, customer_of, visit
from visits.models import DayLog, DialTap, Plan, PlanItem
from visits.queries.journal.day_logs import day_end
from visits.rules.day_logs import is_kept, needs_log
from visits.sweeps.day_logs import close_day_logs

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


def night(today):
    """The step of the night, as beat runs it."""
    return run_step("close_day_logs", today, at(today, 0, 30)).rows


def page(client, staff, day):
    return client.get(reverse("visits:day_log", args=[staff.pk, day.isoformat()]))


def close(client, day, **changes):
    return client.post(reverse("visits:close_day"), {"on": day.isoformat(), "sentence": ""} | changes)


# --- What a log lists


def test_the_log_of_a_day_lists_that_days_contacts_by_itself(cast, as_user):
    """PLAN-3: pre-filled from visits, tasks, plan items, promises and dials; nobody types a thing twice."""
    staff, gold, today = cast.staff["manager"], cast.customers["gold"], timezone.localdate()
    day = today - timedelta(days=1)
    visit(gold, day, cast=cast, content="谈了续约", client_key=uuid4())
    visit(gold, day - timedelta(days=1), cast=cast, content="前一天的", client_key=uuid4())
    common = {"customer": cast.customers["silver"], "staff": staff, "created_at": at(day), "kind": "follow_up"}
    Task.unscoped.create(**common, title="已寄资料", due_on=day, state="done", closed_at=at(day, 15))
    Task.unscoped.create(**common, title="回电报价", due_on=day)
    DialTap.unscoped.create(customer=gold, staff=staff, tapped_at=at(day, 16))
    plan = Plan.unscoped.create(
        staff=staff, period="week", starts_on=day - timedelta(days=day.weekday()), state="accepted",
        drafted_at=at(day), accepted_at=at(day),
    )  # fmt: skip
    PlanItem.unscoped.create(plan=plan, customer=cast.customers["diamond"], planned_on=day, purpose="季度面谈")
    text = page(as_user(cast.manager), staff, day).content.decode()
    for word in ("谈了续约", "已寄资料", "回电报价", "季度面谈", "1 个已拨未记"):
        assert word in text, word
    assert "前一天的" not in text
    assert "计划外" in text  # the visit stands in no plan item of the week


def test_a_colleagues_day_is_not_found(cast, as_user):
    """SEC-3: one's own, covered ones and one's team only."""
    day = timezone.localdate()
    assert page(as_user(cast.teammate), cast.staff["manager"], day).status_code == 404
    assert page(as_user(cast.stranger_supervisor), cast.staff["manager"], day).status_code == 404
    assert page(as_user(cast.supervisor), cast.staff["manager"], day).status_code == 200


def test_a_customer_who_was_handed_over_is_counted_but_not_named(cast, as_user):
    """Decisions 6: access follows today's assignment."""
    day, other = timezone.localdate() - timedelta(days=1), cast.customers["teammates"]
    visit(other, day, cast=cast, content="秘密", client_key=uuid4())
    text = page(as_user(cast.manager), cast.staff["manager"], day).content.decode()
    assert "海尔" not in text
    assert "秘密" not in text
    assert "另有 1 个" in text


# --- One tap


def test_the_day_is_closed_with_one_tap_and_the_sentence_is_optional(cast, as_user):
    """PLAN-3: one optional sentence, one tap, from Today."""
    client, today = as_user(cast.manager), timezone.localdate()
    assert reverse("visits:close_day") in client.get("/").content.decode()
    assert close(client, today, next="/").status_code == 302
    log = DayLog.unscoped.get()
    assert (log.staff, log.on, log.closed_by, log.review_state) == (
        cast.staff["manager"], today, cast.manager, "waiting",
    )  # fmt: skip
    assert reverse("visits:close_day") not in client.get("/").content.decode()


def test_a_second_tap_closes_nothing_twice(cast, as_user):
    client, today = as_user(cast.manager), timezone.localdate()
    assert [close(client, today).status_code for _ in range(2)] == [302, 302]
    assert DayLog.unscoped.count() == 1


def test_later_visits_join_as_back_dated(cast, as_user):
    """Issue 3: 补录."""
    staff, day = cast.staff["manager"], timezone.localdate() - timedelta(days=1)
    early = visit(cast.customers["gold"], day, cast=cast, client_key=uuid4(), content="早的")
    DayLog.unscoped.create(staff=staff, on=day, closed_at=at(day, 17), closed_by=cast.manager, entries=1)
    late = visit(cast.customers["silver"], day, cast=cast, client_key=uuid4(), content="晚的", hour=16)
    type(late).unscoped.filter(pk=late.pk).update(logged_at=at(day, 20))
    text = page(as_user(cast.manager), staff, day).content.decode()
    before, after = text.split("早的")[1].split("晚的")
    assert "补录" in after.split("</li>")[0]
    assert "补录" not in before.split("</li>")[0]
    assert early.pk < late.pk


def test_the_sentence_can_be_put_right_until_it_is_locked(cast, as_user):
    """PLAN-3: lock after setting (ours: 3 days)."""
    client, today = as_user(cast.manager), timezone.localdate()
    for days, status in ((3, 302), (4, 409)):
        day = today - timedelta(days=days)
        DayLog.unscoped.create(staff=cast.staff["manager"], on=day, closed_at=at(day, 17), closed_by=cast.manager)
        assert close(client, day, sentence="补一句", version=1).status_code == status
        assert (DayLog.unscoped.get(on=day).sentence == "补一句") is (status == 302)


def test_two_tabs_do_not_overwrite_each_other(cast, as_user):
    """Scorecard 25."""
    client, today = as_user(cast.manager), timezone.localdate()
    close(client, today)
    assert close(client, today, sentence="一", version=1).status_code == 302
    assert close(client, today, sentence="二", version=1).status_code == 409
    assert DayLog.unscoped.get().sentence == "一"


@pytest.mark.parametrize(("days", "status"), [(1, 400), (-4, 400), (-3, 302)])
def test_a_day_to_come_or_long_gone_is_not_closed(cast, as_user, days, status):
    day = timezone.localdate() + timedelta(days=days)
    assert close(as_user(cast.manager), day).status_code == status
    assert DayLog.unscoped.exists() is (status == 302)


def test_only_who_holds_customers_closes_a_day(cast, as_user):
    assert close(as_user(cast.supervisor), timezone.localdate()).status_code == 403
    assert not DayLog.unscoped.exists()


def test_the_end_of_the_day_counts_what_is_left(cast):
    """Screens 1: dialled not logged, unplanned, promises due; every number has its rows."""
    staff, today = cast.staff["manager"], timezone.localdate()
    visit(cast.customers["gold"], today, cast=cast, client_key=uuid4(), hour=0)
    Task.unscoped.create(
        customer=cast.customers["gold"], staff=staff, kind="follow_up", title="t", due_on=today, created_at=at(today)
    )
    end = day_end(staff.pk, today)
    assert (end.visits, end.promises, end.unplanned, end.unsigned, end.log) == (1, 1, 0, 0, None)
    assert set(end.urls) == {"visits", "unsigned", "day"}


# --- The night


def test_the_day_closes_itself_at_24_00(cast):
    """PLAN-3: whoever has not closed it gets his log at midnight, with what stood there."""
    visit(cast.customers["gold"], MONDAY, cast=cast, client_key=uuid4())
    late = visit(cast.customers["silver"], MONDAY, cast=cast, client_key=uuid4(), hour=11)
    type(late).unscoped.filter(pk=late.pk).update(logged_at=at(MONDAY + timedelta(days=1), 9))
    assert night(MONDAY + timedelta(days=1)) == 3  # three managers
    log = DayLog.unscoped.get(staff=cast.staff["manager"])
    assert (log.on, log.closed_by, log.entries) == (MONDAY, None, 1)
    assert log.closed_at == at(MONDAY + timedelta(days=1), 0)
    assert not DayLog.unscoped.filter(staff=cast.staff["supervisor"]).exists()


def test_running_the_night_again_writes_nothing(cast):
    """PLT-3: run twice."""
    assert night(MONDAY + timedelta(days=1)) == 3
    before = list(DayLog.unscoped.order_by("pk").values())
    assert night(MONDAY + timedelta(days=1)) == 0
    assert list(DayLog.unscoped.order_by("pk").values()) == before


def test_a_day_closed_by_hand_stays_as_it_is(cast):
    DayLog.unscoped.create(
        staff=cast.staff["manager"], on=MONDAY, sentence="我的", closed_at=at(MONDAY, 17), closed_by=cast.manager
    )
    assert night(MONDAY + timedelta(days=1)) == 2
    log = DayLog.unscoped.get(staff=cast.staff["manager"])
    assert (log.sentence, log.closed_by) == ("我的", cast.manager)


def test_the_night_and_the_rule_agree(cast):
    """Parity: SQL against the pure rule for a month with a weekend, a holiday, leave and work on a free day."""
    first, calendar = date(2026, 9, 28), working_days.calendar()
    manager, mate = cast.staff["manager"], cast.staff["teammate"]
    Leave.unscoped.create(staff=mate, starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 14))
    worked = {date(2026, 10, 3), date(2026, 10, 17)}  # holiday, Saturday
    for day in worked:
        visit(cast.customers["gold"], day, cast=cast, client_key=uuid4())
    for offset in range(31):
        day = first + timedelta(days=offset)
        close_day_logs(today=day + timedelta(days=1), now=at(day + timedelta(days=1), 0, 30))
        for staff in (manager, mate):
            expected = needs_log(
                is_working=calendar.is_working(day),
                is_on_leave=staff == mate and date(2026, 10, 12) <= day <= date(2026, 10, 14),
                visits=int(staff == manager and day in worked),
            )
            assert DayLog.unscoped.filter(staff=staff, on=day).exists() is expected, (staff, day)


def test_nobody_gets_a_log_before_he_came_after_he_left_or_without_a_post(cast):
    Staff.unscoped.filter(pk=cast.staff["teammate"].pk).update(hired_on=MONDAY + timedelta(days=1))
    Post.unscoped.filter(staff=cast.staff["stranger"]).update(ends_on=MONDAY - timedelta(days=1))
    night(MONDAY + timedelta(days=1))
    assert [log.staff for log in DayLog.unscoped.all()] == [cast.staff["manager"]]


def test_an_empty_log_that_closed_itself_is_none():
    """F26: days with log."""
    assert is_kept(closed_by_person=True, entries=0)
    assert is_kept(closed_by_person=False, entries=2)
    assert not is_kept(closed_by_person=False, entries=0)


# --- The list


def test_the_list_shows_ones_own_and_the_supervisor_sees_the_team(cast, as_user):
    """PLAN-3, SEC-3."""
    for number, who in enumerate(("manager", "teammate", "stranger")):
        DayLog.unscoped.create(
            staff=cast.staff[who], on=MONDAY, sentence=f"第{number}句", closed_at=at(MONDAY, 18),
            closed_by=cast.users[who],
        )  # fmt: skip
    own = as_user(cast.manager).get(reverse("visits:day_log_list")).content.decode()
    team = as_user(cast.supervisor).get(reverse("visits:day_log_list")).content.decode()
    assert [f"第{number}句" in own for number in range(3)] == [True, False, False]
    assert [f"第{number}句" in team for number in range(3)] == [True, True, False]


@pytest.mark.parametrize("query", ["?state=odd", "?staff=x", "?staff=999999", "?kept=2", "?from=x", "?nope=1"])
def test_a_filter_nobody_knows_is_told_so(cast, as_user, query):
    """Bad inputs 7, 10."""
    assert as_user(cast.manager).get(reverse("visits:day_log_list") + query).status_code == 400


@pytest.mark.parametrize("day", ["2026-02-30", "x", "20261116"])
def test_an_address_with_a_day_that_is_none_leads_nowhere(cast, as_user, day):
    """Bad input 12: it stands in the path, not in a field: 404."""
    address = reverse("visits:day_log", args=[cast.staff["manager"].pk, day])
    assert as_user(cast.manager).get(address).status_code == 404


def test_customers_of_the_other_unit_stay_there(cast, as_user):
    """SEC-3: a day page never shows a name outside the reader's scope."""
    visit(customer_of(cast, manager="stranger"), MONDAY, cast=cast, by="stranger", client_key=uuid4())
    assert page(as_user(cast.supervisor), cast.staff["stranger"], MONDAY).status_code == 404
