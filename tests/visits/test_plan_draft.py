"""The draft of a week (PLAN-6): who is in it, on which day, and what becomes of it."""

from datetime import date, datetime, timedelta

import pytest

from accounts.models import Leave, PersonProfile, Staff, Standing, Task
from crm.core.db import write
from crm.core.models import Notice
from crm.core.sweeps import run_step
from tests.visits.desk import SHANGHAI
from tests.visits.ledger_world import customer_of, days, sheet, the_duty, visit
from tests.visits.plan_world import (
    FRIDAY,
    MONDAY,
    NOON,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    draft,
    item_of,
    items,
    owed,
    plan_of,
)
from visits.actions import log_visit, mend_visit, undo_visit
from visits.actions.plans.adopting import join_new_duties
from visits.actions.plans.matching import match_late_visits, miss_items
from visits.models import Plan, PlanItem
from visits.rules.plans import period_start

pytestmark = pytest.mark.django_db


def test_friday_s_draft_has_everybody_due_next_week(cast):
    """PLAN-6: on Friday the draft has all customers due next week, and the month's share."""
    due = owed(cast.customers["diamond"], date(2026, 11, 12), due_on=THURSDAY)
    share = owed(cast.customers["gold"], TUESDAY)
    owed(cast.customers["silver"], date(2026, 11, 25))
    assert cast.staff["manager"].pk in draft()
    found = {item.customer_id: item for item in items(plan_of(cast))}
    assert set(found) == {due.customer_id, share.customer_id}
    assert (found[due.customer_id].reason, found[share.customer_id].reason) == ("due", "suggested")
    assert found[due.customer_id].planned_on <= THURSDAY
    assert found[due.customer_id].reason_on == THURSDAY
    assert Plan.unscoped.filter(period="week", starts_on=MONDAY, state="draft").count() == 3


def test_drafting_again_changes_nothing(cast):
    """PLAN-1: a second plan for the same manager and week is not made."""
    owed(cast.customers["gold"], TUESDAY)
    draft()
    before = list(PlanItem.unscoped.values_list("id", "planned_on"))
    assert draft() == []
    assert list(PlanItem.unscoped.values_list("id", "planned_on")) == before


def test_a_lunar_birthday_keeps_its_day_too(cast):
    """PLAN-6: 十月初十 of 2026 is Wednesday 18 November."""
    gold = cast.customers["gold"]
    PersonProfile.unscoped.create(customer=gold, birthday=date(1980, 10, 10), is_lunar_birthday=True)
    draft()
    (found,) = [row for row in items(plan_of(cast)) if row.customer_id == gold.pk]
    assert (found.planned_on, found.reason) == (WEDNESDAY, "birthday")


def test_a_promise_and_a_birthday_keep_their_day(cast):
    """PLAN-6: drafted from tasks and birthdays too; one contact does both."""
    gold, diamond = cast.customers["gold"], cast.customers["diamond"]
    task = Task.unscoped.create(
        kind="follow_up", customer=gold, staff=cast.staff["manager"], title="送合同", due_on=THURSDAY, created_at=NOON
    )
    owed(gold, TUESDAY)
    PersonProfile.unscoped.create(customer=diamond, birthday=date(1980, 11, 18))
    draft()
    found = {item.customer_id: item for item in items(plan_of(cast))}
    assert (found[gold.pk].planned_on, found[gold.pk].reason, found[gold.pk].task_id) == (
        THURSDAY, "follow_up", task.pk,
    )  # fmt: skip
    assert found[gold.pk].duty_id is not None
    assert (found[diamond.pk].planned_on, found[diamond.pk].reason) == (WEDNESDAY, "birthday")


def test_a_period_that_begins_in_the_week_is_foreseen(cast):
    """PLAN-6: December's first days are in the draft before its duties exist, and join it when they are owed."""
    monday = date(2026, 11, 30)
    friday = datetime(2026, 11, 27, 12, 0, tzinfo=SHANGHAI)
    customers = [customer_of(cast) for _number in range(23)]
    ids = [customer.pk for customer in customers]
    Standing.unscoped.filter(customer__in=ids).update(opened_through=date(2026, 11, 30))
    draft(monday, now=friday)
    found = items(plan_of(cast, monday=monday))
    assert found and {item.reason for item in found} == {"forecast"}
    assert len(found) < len(customers) / 2 and all(item.planned_on >= date(2026, 12, 1) for item in found)
    with write(label="system:test"):
        run_step("open_duties", date(2026, 12, 1), friday)
        assert join_new_duties(today=date(2026, 12, 1)) == len(found)
        assert join_new_duties(today=date(2026, 12, 1)) == 0
    for item in items(plan_of(cast, monday=monday)):
        duty = the_duty(item.customer)
        assert (item.duty_id, item.planned_on) == (duty.pk, duty.suggested_on)


def test_leave_leaves_its_days_empty(cast):
    """PLAN-6: spread by leave."""
    Leave.unscoped.create(staff=cast.staff["manager"], starts_on=MONDAY, ends_on=WEDNESDAY)
    for _number in range(6):
        owed(customer_of(cast), TUESDAY)
    draft()
    assert {item.planned_on for item in items(plan_of(cast))} == {THURSDAY, THURSDAY + timedelta(days=1)}


def test_the_beat_drafts_from_friday_noon_and_tells_once(cast):
    """PLAN-6: drafted by the system on Friday; late or twice is the same."""
    owed(cast.customers["gold"], TUESDAY)
    run_step("draft_week_plans", FRIDAY, NOON - timedelta(minutes=5))
    assert not Plan.unscoped.filter(starts_on=MONDAY).exists()
    for moment in (NOON, NOON + timedelta(hours=3)):
        run_step("draft_week_plans", FRIDAY, moment)
    assert Plan.unscoped.filter(starts_on=MONDAY, period="week").count() == 3
    told = Notice.objects.filter(kind="week_drafted")
    assert [notice.user_id for notice in told] == [cast.manager.pk]


def test_a_night_made_up_for_drafts_no_week_that_is_over(cast):
    """Decisions 8: late nights."""
    run_step("draft_week_plans", FRIDAY - timedelta(days=20), NOON)
    assert not Plan.unscoped.exists()


def test_an_untouched_draft_is_the_plan_and_not_late(cast):
    """PLAN-6: 系统排程; what was done over the weekend falls out, duties take the plan's days."""
    gold = owed(cast.customers["gold"], TUESDAY)
    done = owed(cast.customers["silver"], WEDNESDAY)
    draft()
    done.state = "met"
    done.save()
    item = PlanItem.unscoped.get(duty=gold)
    PlanItem.unscoped.filter(pk=item.pk).update(planned_on=THURSDAY)
    run_step("adopt_drafts", MONDAY, NOON + timedelta(days=3))
    plan = plan_of(cast)
    assert plan.state == "system" and plan.accepted_at is None
    assert {one.duty_id: one.state for one in items(plan)} == {gold.pk: "planned", done.pk: "cancelled"}
    gold.refresh_from_db()
    assert gold.suggested_on == THURSDAY
    assert run_step("adopt_drafts", MONDAY, NOON + timedelta(days=3)).rows == 0


def test_an_item_of_tuesday_without_contact_is_missed_on_wednesday(cast):
    """PLAN-7."""
    item = item_of(plan_of(cast), cast.customers["gold"], TUESDAY)
    assert miss_items(today=TUESDAY) == 0
    assert miss_items(today=WEDNESDAY) == 1
    assert miss_items(today=WEDNESDAY) == 0
    item.refresh_from_db()
    assert item.state == "missed"


def test_a_visit_does_its_item_by_itself(cast):
    """PLAN-7: normal visits are matched to the schedule; an undone visit did nothing."""
    customer = cast.customers["gold"]
    item = item_of(plan_of(cast), customer, TUESDAY)
    now = datetime(2026, 11, 17, 11, 0, tzinfo=SHANGHAI)
    logged = log_visit(sheet=sheet(customer, on=TUESDAY), by=cast.manager, now=now)
    item.refresh_from_db()
    assert (item.state, item.visit_id) == ("done", logged.visit_ids[0])
    undo_visit(visit_id=logged.visit_ids[0], by=cast.manager, now=now)
    item.refresh_from_db()
    assert (item.state, item.visit_id) == ("planned", None)


def test_a_mended_visit_finds_its_item_at_once(cast):
    """PLAN-7: in the transaction that mends: not met does no item, another day does the nearer one."""
    customer, plan = cast.customers["gold"], plan_of(cast)
    monday, wednesday = item_of(plan, customer, MONDAY), item_of(plan, customer, WEDNESDAY)
    now = datetime(2026, 11, 18, 11, 0, tzinfo=SHANGHAI)
    (visit_id,) = log_visit(sheet=sheet(customer, on=WEDNESDAY), by=cast.manager, now=now).visit_ids

    def mend(**changes):
        mend_visit(visit_id=visit_id, changes=changes, version=None, by=cast.manager, now=now)
        return [PlanItem.unscoped.get(pk=item.pk).visit_id == visit_id for item in (monday, wednesday)]

    assert mend(content="换个说法") == [False, True]
    assert mend(occurred_at=datetime(2026, 11, 16, 10, 0, tzinfo=SHANGHAI)) == [True, False]
    assert mend(outcome="no_answer") == [False, False]
    assert items(plan)[0].state == "missed"
    assert mend(outcome="effective") == [True, False]
    assert match_late_visits(today=WEDNESDAY, now=now) == 0


def test_a_failed_attempt_does_no_item(cast):
    """PLAN-7: only a contact does."""
    item = item_of(plan_of(cast), cast.customers["gold"], TUESDAY)
    now = datetime(2026, 11, 17, 11, 0, tzinfo=SHANGHAI)
    log_visit(sheet=sheet(cast.customers["gold"], on=TUESDAY, outcome="no_answer"), by=cast.manager, now=now)
    item.refresh_from_db()
    assert item.state == "planned"


def test_a_late_contact_does_the_missed_item_but_not_on_its_day(cast):
    """PLAN-7, F27: the item is done, its day is not kept."""
    item = item_of(plan_of(cast), cast.customers["gold"], TUESDAY, state="missed")
    now = datetime(2026, 11, 19, 11, 0, tzinfo=SHANGHAI)
    log_visit(sheet=sheet(cast.customers["gold"], on=THURSDAY), by=cast.manager, now=now)
    item.refresh_from_db()
    assert item.state == "done" and item.visit.occurred_on != item.planned_on


def test_the_night_finds_what_came_in_by_other_ways(cast):
    """PLAN-7: parity of the night with the log sheet, and run twice."""
    customer = cast.customers["gold"]
    plan = plan_of(cast)
    first, second = item_of(plan, customer, TUESDAY), item_of(plan, customer, THURSDAY)
    late = visit(customer, THURSDAY, cast=cast, hour=9)
    early = visit(customer, WEDNESDAY, cast=cast, hour=9)
    assert match_late_visits(today=SUNDAY, now=NOON) == 2
    assert match_late_visits(today=SUNDAY, now=NOON) == 0
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.visit_id, second.visit_id) == (early.pk, late.pk)
    late.undone_at = NOON
    late.save()
    assert match_late_visits(today=SUNDAY, now=NOON) == 1
    second.refresh_from_db()
    assert second.state == "missed"


@pytest.mark.parametrize("seed", range(6))
def test_matching_is_the_nearest_pair_first(cast, seed):
    """PLAN-7: the statement against the rule in plain words."""
    import random

    chance = random.Random(seed)
    customer, plan = cast.customers["gold"], plan_of(cast)
    chosen = chance.sample(days(MONDAY, SUNDAY), 4)
    planned = [item_of(plan, customer, on) for on in chosen]
    made = [visit(customer, chance.choice(days(MONDAY, SUNDAY)), cast=cast, hour=9 + n) for n in range(3)]
    expected, free, left = {}, set(planned), set(made)
    while free and left:
        one, other = min(
            ((item, contact) for item in free for contact in left),
            key=lambda pair: (
                abs((pair[0].planned_on - pair[1].occurred_on).days), pair[0].planned_on, pair[1].occurred_at,
            ),
        )  # fmt: skip
        expected[one.pk] = other.pk
        free.discard(one), left.discard(other)
    match_late_visits(today=SUNDAY, now=NOON)
    found = PlanItem.unscoped.filter(plan=plan, state="done").values_list("pk", "visit_id")
    assert dict(found) == expected


def test_a_customer_handed_over_leaves_the_plan(cast):
    """ORG-29: the new manager plans him."""
    customer = cast.customers["gold"]
    item = item_of(plan_of(cast), customer, TUESDAY)
    customer.manager = cast.staff["teammate"]
    customer.save()
    run_step("adopt_drafts", FRIDAY, NOON)
    item.refresh_from_db()
    assert item.state == "cancelled"


def test_months_and_years_are_drafted_by_tier(cast):
    """PLAN-1: three plan periods, one plan per manager and period."""
    run_step("draft_long_plans", date(2026, 11, 2), NOON)
    month = plan_of(cast, monday=date(2026, 11, 1), period="month")
    found = {item.tier.code: item.target for item in PlanItem.unscoped.filter(plan=month).select_related("tier")}
    assert found == {"diamond": 1, "gold": 1, "silver": 1}
    year = plan_of(cast, monday=date(2026, 1, 1), period="year")
    assert PlanItem.unscoped.filter(plan=year, tier__code="diamond", target=3).count() == 4
    assert run_step("draft_long_plans", date(2026, 11, 3), NOON).rows == 0
    assert run_step("draft_long_plans", date(2026, 12, 24), NOON).rows == 9


def test_the_draft_is_the_rule_of_every_candidate(cast):
    """PLAN-6, parity: the statement finds whom the plain sentence names, for drawn duties."""
    import random

    chance = random.Random(7)
    expected = set()
    for _number in range(40):
        suggested_on = FRIDAY + timedelta(days=chance.randint(-20, 20))
        due_on = suggested_on + timedelta(days=chance.randint(0, 25))
        state = chance.choice(["open", "open", "met"])
        customer = customer_of(cast)
        owed(customer, suggested_on, due_on=due_on, state=state)
        if state == "open" and suggested_on <= SUNDAY and due_on >= MONDAY:
            expected.add(customer.pk)
    draft()
    assert {item.customer_id for item in items(plan_of(cast))} == expected


def test_somebody_without_a_post_gets_no_plan(cast):
    """PLAN-1: one plan per account manager."""
    draft()
    people = set(Plan.unscoped.values_list("staff__number", flat=True))
    assert people == {"M1001", "M1002", "M2001"}
    assert Staff.unscoped.filter(number="S1001").exists()
    assert period_start("week", SUNDAY) == MONDAY
