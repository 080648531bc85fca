"""Changing and accepting a plan (PLAN-1, 2, 6, 22)."""

from datetime import date, datetime, timedelta

import pytest

from accounts.models import Leave, Segment
from crm.core.errors import Conflict, Invalid, NotFound
from tests.visits.desk import SHANGHAI
from tests.visits.ledger_world import customer_of
from tests.visits.plan_world import (
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
from visits.actions import plans
from visits.actions.plans import ItemWish
from visits.models import Plan, PlanHelper, PlanItem
from visits.queries.plans.levelling import proposed_moves

pytestmark = pytest.mark.django_db
SATURDAY_NOON = NOON + timedelta(days=1)
MONDAY_MORNING = datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI)


def test_a_plan_is_accepted_in_one_call_and_duties_take_its_days(cast):
    """PLAN-6: accepted, not late; twice is once."""
    duty = owed(cast.customers["gold"], TUESDAY)
    draft()
    plan = plan_of(cast)
    PlanItem.unscoped.filter(plan=plan).update(planned_on=THURSDAY)
    for _twice in range(2):
        plan = plans.accept_plan(plan_id=plan.pk, by=cast.manager, now=SATURDAY_NOON)
    assert (plan.state, plan.accepted_at, plan.accepted_by) == ("accepted", SATURDAY_NOON, cast.manager)
    duty.refresh_from_db()
    assert duty.suggested_on == THURSDAY


def test_leaving_out_a_due_diamond_needs_a_reason(cast):
    """PLAN-2: submitting a week that leaves out a due diamond customer asks for the reason."""
    customer = cast.customers["diamond"]
    owed(customer, TUESDAY, due_on=THURSDAY)
    owed(cast.customers["gold"], TUESDAY)
    draft()
    plan = plan_of(cast)
    item = PlanItem.unscoped.get(plan=plan, customer=customer)
    with pytest.raises(Invalid) as refusal:
        plans.remove_item(item_id=item.pk, reason=" ", by=cast.manager, now=SATURDAY_NOON)
    assert refusal.value.code == "reason_needed"
    item.delete()
    with pytest.raises(Invalid) as refusal:
        plans.accept_plan(plan_id=plan.pk, by=cast.manager, now=SATURDAY_NOON)
    assert [problem.code for problem in refusal.value.problems] == ["due_left_out"]
    assert customer.name in str(refusal.value.problems[0])
    plans.leave_out(plan_id=plan.pk, customer_id=customer.pk, reason="客户出国", by=cast.manager, now=SATURDAY_NOON)
    assert plans.accept_plan(plan_id=plan.pk, by=cast.manager, now=SATURDAY_NOON).state == "accepted"


def test_who_is_not_due_is_left_out_without_a_word_and_comes_back(cast):
    """PLAN-2."""
    item = item_of(plan_of(cast), cast.customers["gold"], TUESDAY)
    plans.remove_item(item_id=item.pk, reason="", by=cast.manager, now=NOON)
    item.refresh_from_db()
    assert item.state == "cancelled"
    plans.restore_item(item_id=item.pk, by=cast.manager, now=NOON)
    item.refresh_from_db()
    assert item.state == "planned"


def test_a_day_over_the_daily_load_is_refused_while_other_days_have_room(cast):
    """PLAN-2: daily load at most 8 slots; levelled, or when the whole week is full, it is accepted."""
    plan = plan_of(cast)
    for number in range(10):
        item_of(plan, customer_of(cast), TUESDAY, position=number)
    with pytest.raises(Invalid) as refusal:
        plans.accept_plan(plan_id=plan.pk, by=cast.manager, now=SATURDAY_NOON)
    (problem,) = refusal.value.problems
    assert problem.code == "day_too_full" and "10" in str(problem)
    assert plans.relevel_plan(plan_id=plan.pk, by=cast.manager, now=SATURDAY_NOON) == 2
    assert plans.accept_plan(plan_id=plan.pk, by=cast.manager, now=SATURDAY_NOON).state == "accepted"


def test_an_empty_plan_is_refused_unless_he_is_away_all_week(cast):
    """PLAN-2: no empty plan."""
    plan = plan_of(cast)
    with pytest.raises(Invalid) as refusal:
        plans.accept_plan(plan_id=plan.pk, by=cast.manager, now=NOON)
    assert refusal.value.code == "empty"
    Leave.unscoped.create(staff=cast.staff["manager"], starts_on=MONDAY, ends_on=SUNDAY)
    assert plans.accept_plan(plan_id=plan.pk, by=cast.manager, now=NOON).state == "accepted"


def test_an_item_moves_with_its_duty_but_not_past_its_due_day(cast):
    """PLAN-6, design 4."""
    duty = owed(cast.customers["gold"], TUESDAY, due_on=THURSDAY)
    item = item_of(plan_of(cast), cast.customers["gold"], TUESDAY, duty=duty)
    plans.move_item(item_id=item.pk, on=WEDNESDAY, half="pm", by=cast.manager, now=NOON)
    item.refresh_from_db(), duty.refresh_from_db()
    assert (item.planned_on, item.half, duty.suggested_on) == (WEDNESDAY, "pm", WEDNESDAY)
    assert plan_of(cast).touched_at == NOON
    with pytest.raises(Invalid) as refusal:
        plans.move_item(item_id=item.pk, on=THURSDAY + timedelta(days=1), half="am", by=cast.manager, now=NOON)
    assert refusal.value.code == "past_due_day"


def test_two_devices_that_move_the_same_item_conflict_but_not_two_items(cast):
    """Issue 3: the same week edited on two devices."""
    plan = plan_of(cast)
    one = item_of(plan, cast.customers["gold"], TUESDAY)
    other = item_of(plan, cast.customers["silver"], TUESDAY, position=2)
    seen = (TUESDAY, "am")
    plans.move_item(item_id=one.pk, on=WEDNESDAY, half="am", seen=seen, by=cast.manager, now=NOON)
    plans.move_item(item_id=other.pk, on=WEDNESDAY, half="am", seen=seen, by=cast.manager, now=NOON)
    with pytest.raises(Conflict) as refusal:
        plans.move_item(item_id=one.pk, on=THURSDAY, half="am", seen=seen, by=cast.manager, now=NOON)
    assert refusal.value.current == {"on": WEDNESDAY.isoformat(), "half": "am"}


def test_dropping_between_two_items_keeps_the_order(cast):
    """Screens 5: drag."""
    plan = plan_of(cast)
    rows = [item_of(plan, customer_of(cast), TUESDAY, position=place) for place in (1, 2)]
    moved = item_of(plan, cast.customers["gold"], WEDNESDAY)
    plans.move_item(item_id=moved.pk, on=TUESDAY, half="am", place=1, by=cast.manager, now=NOON)
    assert [item.pk for item in items(plan)] == [rows[0].pk, moved.pk, rows[1].pk]


def test_what_was_missed_stays_on_record_and_is_planned_again(cast):
    """PLAN-7, F27."""
    plan = plan_of(cast)
    item = item_of(plan, cast.customers["gold"], TUESDAY, state="missed")
    now = datetime(2026, 11, 18, 9, 0, tzinfo=SHANGHAI)
    moved = plans.move_item(item_id=item.pk, on=THURSDAY, half="am", by=cast.manager, now=now)
    item.refresh_from_db()
    assert moved.is_again and item.state == "missed"
    assert (moved.item.planned_on, moved.item.reason, moved.item.state) == (THURSDAY, "again", "planned")


def test_a_week_that_is_over_stays_as_it_was(cast):
    """PLAN-5: plan versus actual compares with what was planned."""
    item = item_of(plan_of(cast), cast.customers["gold"], TUESDAY)
    later = NOON + timedelta(days=20)
    with pytest.raises(Conflict):
        plans.move_item(item_id=item.pk, on=WEDNESDAY, half="am", by=cast.manager, now=later)
    with pytest.raises(Conflict):
        plans.remove_item(item_id=item.pk, reason="晚了", by=cast.manager, now=later)


def test_somebody_is_added_once_a_day_with_helpers_of_the_unit(cast):
    """PLAN-1, PLAN-22: item, method, purpose, helper."""
    plan = plan_of(cast)
    wish = ItemWish(
        on=TUESDAY, customer_id=cast.customers["gold"].pk, channel="on_site", purpose="演示5G专线",
        helper_ids=(cast.staff["teammate"].pk,),
    )  # fmt: skip
    item = plans.add_item(plan_id=plan.pk, wish=wish, by=cast.manager, now=NOON)
    assert (item.channel.code, item.purpose, item.reason) == ("on_site", "演示5G专线", "own")
    assert list(PlanHelper.unscoped.values_list("staff__number", flat=True)) == ["M1002"]
    with pytest.raises(Invalid) as refusal:
        plans.add_item(plan_id=plan.pk, wish=wish, by=cast.manager, now=NOON)
    assert refusal.value.code == "planned_already"


@pytest.mark.parametrize("whose", ["teammates", "strangers"])
def test_nobody_plans_a_customer_he_does_not_hold(cast, whose):
    """SEC-3."""
    with pytest.raises(Invalid) as refusal:
        plans.add_item(
            plan_id=plan_of(cast).pk, wish=ItemWish(on=TUESDAY, customer_id=cast.customers[whose].pk),
            by=cast.manager, now=NOON,
        )  # fmt: skip
    assert refusal.value.code == "not_found"


def test_a_helper_from_another_unit_is_refused(cast):
    """PLAN-22, SEC-3."""
    item = item_of(plan_of(cast), cast.customers["gold"], TUESDAY)
    wish = ItemWish(on=TUESDAY, helper_ids=(cast.staff["stranger"].pk,))
    with pytest.raises(Invalid):
        plans.edit_item(item_id=item.pk, wish=wish, by=cast.manager, now=NOON)


@pytest.mark.parametrize("who", ["teammate", "stranger", "supervisor", "director"])
def test_a_plan_is_changed_by_whom_it_belongs_to(cast, who):
    """PLAN-4, SEC-3: a supervisor reads it; others have none."""
    item = item_of(plan_of(cast), cast.customers["gold"], TUESDAY)
    by = getattr(cast, who)
    with pytest.raises(NotFound):
        plans.accept_plan(plan_id=item.plan_id, by=by, now=NOON)
    with pytest.raises(NotFound):
        plans.move_item(item_id=item.pk, on=WEDNESDAY, half="am", by=by, now=NOON)


def test_a_leave_relevels_the_week_as_its_preview_says(cast):
    """PLAN-6: a change of leave re-levels with a preview; twice moves nothing."""
    plan = plan_of(cast)
    duties = [owed(customer_of(cast), TUESDAY) for _number in range(4)]
    for duty in duties:
        item_of(plan, duty.customer, TUESDAY, duty=duty)
    Leave.unscoped.create(staff=cast.staff["manager"], starts_on=TUESDAY, ends_on=TUESDAY)
    shown = {move.item_id: move.to_on for move in proposed_moves(plan, today=NOON.date())}
    assert len(shown) == 4 and TUESDAY not in shown.values()
    assert {item.planned_on for item in items(plan)} == {TUESDAY}
    assert plans.relevel_plan(plan_id=plan.pk, by=cast.manager, now=NOON) == 4
    assert {item.pk: item.planned_on for item in items(plan)} == shown
    for duty in duties:
        duty.refresh_from_db()
    assert {duty.suggested_on for duty in duties} == set(shown.values())
    assert plans.relevel_plan(plan_id=plan.pk, by=cast.manager, now=NOON) == 0


def test_the_focus_of_a_month_is_saved_and_two_tabs_see_each_other(cast):
    """PLAN-1: month and year plans with one focus text."""
    plan = plan_of(cast, monday=date(2026, 11, 1), period="month")
    plans.save_focus(plan_id=plan.pk, focus="专线续约", version=1, by=cast.manager, now=NOON)
    with pytest.raises(Conflict) as refusal:
        plans.save_focus(plan_id=plan.pk, focus="别的", version=1, by=cast.manager, now=NOON)
    assert refusal.value.current["focus"] == "专线续约"


def test_a_segment_stands_in_a_month(cast):
    """PLAN-1: items are customers or segments, with purpose and target."""
    plan = plan_of(cast, monday=date(2026, 11, 1), period="month")
    segment = Segment.unscoped.create(name="临期", owner=cast.manager, query="overdue=1", created_at=NOON)
    wish = ItemWish(on=date(2026, 11, 20), segment_id=segment.pk, purpose="回访", target=12)
    item = plans.add_item(plan_id=plan.pk, wish=wish, by=cast.manager, now=NOON)
    assert (item.segment, item.target) == (segment, 12)


def test_a_week_without_a_plan_is_drafted_on_demand_once(cast):
    """PLAN-1: a second plan for the same manager and week is not made."""
    owed(cast.customers["gold"], TUESDAY)
    staff_id = cast.staff["manager"].pk
    assert plans.draft_own_week(staff_id=staff_id, monday=MONDAY, by=cast.manager, now=MONDAY_MORNING) == 1
    assert plans.draft_own_week(staff_id=staff_id, monday=MONDAY, by=cast.manager, now=MONDAY_MORNING) == 0
    assert Plan.unscoped.filter(staff_id=staff_id).count() == 1
    with pytest.raises(NotFound):
        plans.draft_own_week(staff_id=staff_id, monday=MONDAY, by=cast.teammate, now=MONDAY_MORNING)
