"""What happens to duties when the customer changes: tier, state, manager, unit, importance; postpone, correct."""

from datetime import date

import pytest

from accounts import actions as accounts
from accounts.models import Assignment, Customer, Leave, Tier, TierHistory, TierRule
from crm import nightly
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest
from tests.visits.ledger_world import LEDGER_STEPS, at, customer_of, duties, standing, the_duty, visit
from tests.visits.test_ledger_rules import CHANGES
from visits import actions
from visits.actions import ledger
from visits.models import Duty

pytestmark = pytest.mark.django_db

JUNE_1, JUNE_30, JULY_1, JULY_31 = date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31)


@pytest.fixture
def world(cast):
    for unit in cast.units.values():
        unit.live_from = date(2024, 1, 1)
        unit.save(update_fields=["live_from"])
    return cast


def night(day):
    return nightly.run_night(day, now=at(day, 0, 30), steps=LEDGER_STEPS)


def change_tier(customer, code, on):
    """As accounts does it: rows first, followers after, in one transaction."""
    tier = Tier.objects.get(kind=customer.kind, code=code) if code else None
    TierHistory.unscoped.filter(customer=customer, valid_to=None).update(valid_to=on)
    TierHistory.unscoped.create(customer=customer, tier=tier, valid_from=on)
    Customer.unscoped.filter(pk=customer.pk).update(tier=tier)
    actions.follow_tier_change(customer_ids=[customer.pk], today=on, now=at(on))


def change(customer, on, **values):
    Customer.unscoped.filter(pk=customer.pk).update(**values)
    actions.follow_state_change(customer_ids=[customer.pk], today=on, now=at(on))


@pytest.mark.parametrize(("before", "after", "on", "due_on", "opened_through"), CHANGES)
def test_six_tier_changes_in_three_weeks_of_a_period(world, before, after, on, due_on, opened_through):
    """Decisions 5: the open row keeps rule and starts_on with the stricter due day; then the new rule's next period."""
    customer = customer_of(world, before)
    night(date(2026, 4, 1))
    night(date(2026, 5, 1))
    old = duties(customer, state="open")[-1]
    change_tier(customer, after, on)
    row = Duty.unscoped.get(pk=old.pk)
    assert (row.state, row.rule_id, row.starts_on, row.due_on) == ("open", old.rule_id, old.starts_on, due_on)
    assert row.suggested_on <= due_on
    assert standing(customer).opened_through == opened_through
    assert standing(customer).next_due_on == min(due.due_on for due in duties(customer, state="open"))
    for month in (6, 7):
        night(date(2026, month, 1))
    rule = TierRule.objects.get(tier__code=after, tier__kind="vip")
    following = [row for row in duties(customer) if row.rule_id == rule.pk]
    expected = [JUNE_1, JULY_1] if after != "silver" else [JULY_1]
    assert [row.starts_on for row in following] == expected
    change_tier(customer, after, date(2026, 7, 2))  # the same again changes nothing
    assert [row.starts_on for row in duties(customer) if row.rule_id == rule.pk] == expected


def test_a_tier_given_back_within_the_month_owes_one_contact(world):
    """Decisions 5: one contact per period in this version."""
    customer = customer_of(world, "gold")
    night(JULY_1)
    change_tier(customer, "silver", date(2026, 7, 5))
    change_tier(customer, "gold", date(2026, 7, 10))
    assert the_duty(customer).due_on == JULY_31
    night(date(2026, 8, 1))
    assert [row.starts_on for row in duties(customer)] == [JULY_1, date(2026, 8, 1)]


def test_a_met_period_stays_met_when_the_tier_rises(world):
    """Decisions 5: the new rule starts with its next period."""
    customer = customer_of(world, "silver")
    night(date(2026, 4, 1))
    ledger.settle([visit(customer, date(2026, 4, 9), cast=world)], today=date(2026, 4, 9), now=at(date(2026, 4, 9)))
    change_tier(customer, "gold", date(2026, 5, 12))
    assert [row.state for row in duties(customer)] == ["met"]
    assert standing(customer).next_due_on == JUNE_30
    night(JUNE_1)
    assert [(row.starts_on, row.state) for row in duties(customer)] == [(date(2026, 4, 1), "met"), (JUNE_1, "open")]


def test_the_first_tier_owes_from_today_and_a_tier_taken_away_owes_nothing(world):
    """D6 and decisions 4: becoming owed; no longer owed: the open row is void."""
    customer = customer_of(world, None)
    night(JUNE_1)
    assert duties(customer) == []
    change_tier(customer, "gold", date(2026, 6, 22))
    duty = the_duty(customer)
    assert (duty.starts_on, duty.owed_from, duty.due_on) == (JULY_1, JULY_1, JULY_31)
    assert JULY_1 <= duty.suggested_on <= JULY_31
    assert standing(customer).next_due_on == JULY_31
    change_tier(customer, None, date(2026, 6, 24))
    assert the_duty(customer).state == "void"
    shown = standing(customer)
    assert (shown.duty_state, shown.next_due_on, shown.suggested_on) == ("none", date(9999, 12, 31), date(9999, 12, 31))


def test_a_churned_customer_drops_from_the_due_list_and_comes_back_with_ten_days(world):
    """CUS-31: only active customers are owed contact; D6 when he is active again."""
    customer = customer_of(world)
    night(JUNE_1)
    change(customer, date(2026, 6, 3), state="churned")
    assert (the_duty(customer).state, standing(customer).duty_state) == ("void", "none")
    night(JULY_1)
    assert [row.state for row in duties(customer)] == ["void"]
    change(customer, date(2026, 7, 12), state="active")
    july = duties(customer)[-1]
    assert (july.state, july.owed_from, july.due_on) == ("open", date(2026, 7, 12), JULY_31)
    change(customer, date(2026, 7, 13), state="suspended")
    change(customer, date(2026, 7, 14), state="active")  # the void row of the same period comes back to life
    july = duties(customer)[-1]
    assert (july.state, july.owed_from, len(duties(customer))) == ("open", date(2026, 7, 14), 2)
    night(date(2026, 7, 15))
    assert standing(customer).next_due_on == JULY_31


def test_a_prospect_that_becomes_active_is_owed_from_that_day(world):
    """D6, CUS-31: whatever tier he had before."""
    customer = customer_of(world, state="prospect")
    night(JUNE_1)
    change(customer, date(2026, 6, 25), state="active")
    assert the_duty(customer).due_on == JULY_31


def test_a_unit_s_ledger_starts_at_its_go_live_date(world):
    """Design 4: nothing is owed before; D6's ten days hold from that day."""
    world.units["A"].live_from = date(2026, 6, 21)
    world.units["A"].save()
    customer = customer_of(world)
    night(JUNE_1)
    night(date(2026, 6, 20))
    assert duties(customer) == []
    night(date(2026, 6, 21))
    assert the_duty(customer).due_on == JULY_31


def test_a_handover_moves_open_duties_and_keeps_their_due_day(world):
    """ORG-29, CON-37, decisions 4: never D6's ten days; the first duty is the introduction."""
    customer = customer_of(world, "diamond")
    night(JUNE_1)
    before = the_duty(customer)
    done = accounts.hand_over(
        customer_ids=[customer.pk], to_staff_id=world.staff["teammate"].pk, reason="调岗", by=world.supervisor,
        now=at(date(2026, 6, 28)),
    )  # fmt: skip
    duty = the_duty(customer)
    assert (duty.manager, duty.due_on, duty.is_introduction) == (world.staff["teammate"], before.due_on, True)
    accounts.undo_handover(handover_id=done.handover.pk, by=world.supervisor, now=at(date(2026, 6, 29)))
    duty = the_duty(customer)
    assert (duty.manager, duty.is_introduction) == (world.staff["manager"], False)


def test_a_miss_counts_for_who_held_the_customer_longest(world):
    """Decisions 6: computed when the period ends, again when the past changes, and at the freeze."""
    customer = customer_of(world)
    night(JUNE_1)
    accounts.assign_customers(
        customer_ids=[customer.pk], staff_id=world.staff["teammate"].pk, reason="调岗", by=world.supervisor,
        now=at(date(2026, 6, 21)),
    )  # fmt: skip
    assert the_duty(customer).manager == world.staff["teammate"]
    night(JULY_1)
    june, july = duties(customer)
    assert (june.manager, july.manager) == (world.staff["manager"], world.staff["teammate"])
    Assignment.unscoped.filter(customer=customer, valid_to=date(2026, 6, 21)).update(valid_to=date(2026, 6, 10))
    Assignment.unscoped.filter(customer=customer, valid_to=None).update(valid_from=date(2026, 6, 10))
    nightly.run_night(date(2026, 7, 8), now=at(date(2026, 7, 8)), steps=["freeze_months"])
    assert duties(customer)[0].manager == world.staff["teammate"]


def test_an_unassigned_customer_s_duty_belongs_to_the_unit(world):
    """Decisions 6: nobody → the customer's unit."""
    customer = customer_of(world, manager=None, unit=world.units["A"])
    night(JUNE_1)
    night(JULY_1)
    june = duties(customer)[0]
    assert (june.state, june.manager_id, june.unit) == ("provisional", None, world.units["A"])


def test_a_changed_cadence_recalculates_due_dates_from_its_day(world):
    """CUS-3: changing a level's cadence recalculates due dates; old periods keep their old numbers."""
    customer = customer_of(world, "level3", kind="group")
    night(date(2026, 4, 1))
    assert the_duty(customer).due_on == JUNE_30
    TierRule.objects.create(tier=customer.tier, period="month", effective_from=date(2026, 5, 11))
    night(date(2026, 5, 10))
    assert the_duty(customer).due_on == JUNE_30
    night(date(2026, 5, 11))
    assert the_duty(customer).due_on == date(2026, 5, 31)
    assert standing(customer).next_due_on == date(2026, 5, 31)
    for day in (date(2026, 5, 12), JUNE_1, date(2026, 6, 2), JULY_1):
        night(day)
    assert [(row.starts_on, row.due_on) for row in duties(customer)] == [
        (date(2026, 4, 1), date(2026, 5, 31)), (JUNE_1, JUNE_30), (JULY_1, JULY_31),
    ]  # fmt: skip


def test_a_cadence_that_ends_makes_its_open_duties_void(world):
    """CUS-3: a rule without a period owes nothing from its day on."""
    customer = customer_of(world, "level3", kind="group")
    night(date(2026, 4, 1))
    TierRule.objects.create(tier=customer.tier, period="", effective_from=date(2026, 5, 11))
    night(date(2026, 5, 11))
    assert (the_duty(customer).state, standing(customer).duty_state) == ("void", "none")


def test_marking_a_vip_important_owes_a_face_to_face_contact(world):
    """CON-4 and D6: from the day he was marked; the mark taken away makes it void."""
    customer = customer_of(world, "gold")
    night(JUNE_1)
    marked = at(date(2026, 6, 22))
    Customer.unscoped.filter(pk=customer.pk).update(is_important=True, important_at=marked)
    actions.follow_tier_change(customer_ids=[customer.pk], today=date(2026, 6, 22), now=marked)
    face = the_duty(customer, purpose="face_to_face")
    assert (face.owed_from, face.due_on) == (JULY_1, date(2026, 9, 30))
    assert standing(customer).face_to_face_due_on == date(2026, 9, 30)
    Customer.unscoped.filter(pk=customer.pk).update(is_important=False)
    actions.follow_tier_change(customer_ids=[customer.pk], today=date(2026, 6, 23), now=at(date(2026, 6, 23)))
    assert the_duty(customer, purpose="face_to_face").state == "void"
    assert standing(customer).face_to_face_due_on == date(9999, 12, 31)


def test_postponing_moves_the_suggestion_never_past_the_due_day(world):
    """Design 4: the night leaves it where it was put."""
    customer = customer_of(world)
    night(JUNE_1)
    duty = the_duty(customer)
    now = at(date(2026, 6, 5))
    actions.postpone(duty_id=duty.pk, to=date(2026, 6, 27), by=world.manager, now=now)
    night(date(2026, 6, 6))
    duty = the_duty(customer)
    assert (duty.suggested_on, duty.due_on) == (date(2026, 6, 27), JUNE_30)
    assert standing(customer).suggested_on == date(2026, 6, 27)
    for to, code in ((JULY_1, "past_due_day"), (date(2026, 6, 4), "in_the_past")):
        with pytest.raises(Invalid) as refused:
            actions.postpone(duty_id=duty.pk, to=to, by=world.manager, now=now)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        actions.postpone(duty_id=duty.pk, to=date(2026, 6, 20), by=world.stranger, now=now)


def frozen_miss(world):
    customer = customer_of(world)
    night(JUNE_1)
    night(JULY_1)
    nightly.run_night(date(2026, 7, 7), now=at(date(2026, 7, 7), 5, 5), steps=["freeze_months"])
    return customer, duties(customer)[0]


def test_a_correction_after_the_freeze_is_a_new_revision_with_reason_and_signer(world):
    """Decisions 2: lists read the highest revision, the frozen row stays for the KPI."""
    customer, june = frozen_miss(world)
    assert standing(customer).is_overdue
    now = at(date(2026, 7, 9))
    corrected = actions.correct_duty(duty_id=june.pk, state="met", reason="纸质记录补证", by=world.supervisor, now=now)
    kept = Duty.unscoped.get(pk=june.pk)
    assert (kept.state, kept.revision) == ("missed", 1)
    assert (corrected.state, corrected.revision, corrected.corrected_by) == ("met", 2, world.supervisor)
    assert corrected.correction_reason == "纸质记录补证"
    assert not standing(customer).is_overdue
    with pytest.raises(Conflict):
        actions.correct_duty(duty_id=june.pk, state="met", reason="又", by=world.supervisor, now=now)


def test_who_may_correct_and_what(world):
    """SEC-24: a supervisor, never the manager it is credited to; a reason; only a frozen row."""
    customer, june = frozen_miss(world)
    now = at(date(2026, 7, 9))
    with pytest.raises(NotAllowed):
        actions.correct_duty(duty_id=june.pk, state="met", reason="我去过", by=world.manager, now=now)
    with pytest.raises(NotFound):
        actions.correct_duty(duty_id=june.pk, state="met", reason="?", by=world.stranger_supervisor, now=now)
    with pytest.raises(Invalid):
        actions.correct_duty(duty_id=june.pk, state="met", reason=" ", by=world.supervisor, now=now)
    july = duties(customer)[-1]
    with pytest.raises(Conflict):
        actions.correct_duty(duty_id=july.pk, state="met", reason="早", by=world.supervisor, now=now)
    Duty.unscoped.filter(pk=june.pk).update(manager=world.staff["supervisor"])
    with pytest.raises(OwnRequest):
        actions.correct_duty(duty_id=june.pk, state="met", reason="自己的", by=world.supervisor, now=now)


def test_a_go_live_date_that_is_set_opens_and_one_that_is_moved_away_closes(world):
    """Design 4: nothing is owed before the go-live date."""
    unit = world.units["A"]
    unit.live_from = None
    unit.save()
    customer = customer_of(world)
    night(JUNE_1)
    assert duties(customer) == []
    for live_from, state in ((date(2026, 6, 3), "open"), (date(2026, 9, 1), "void"), (date(2026, 6, 4), "open")):
        unit.live_from = live_from
        unit.save()
        actions.follow_unit_change(unit_id=unit.pk, today=date(2026, 6, 5), now=at(date(2026, 6, 5)))
        assert the_duty(customer).state == state
    assert the_duty(customer).owed_from == date(2026, 6, 5)


def test_a_new_leave_moves_the_suggestions_off_its_days_at_once(world):
    """Design 4: by leave."""
    customers = [customer_of(world) for _ in range(22)]
    night(JUNE_1)
    Leave.unscoped.create(staff=world.staff["manager"], starts_on=date(2026, 6, 8), ends_on=date(2026, 6, 19))
    actions.follow_absence(staff_ids=[world.staff["manager"].pk], today=date(2026, 6, 2), now=at(date(2026, 6, 2)))
    for customer in customers:
        duty = the_duty(customer)
        assert not date(2026, 6, 8) <= duty.suggested_on <= date(2026, 6, 19)
        assert standing(customer).suggested_on == duty.suggested_on
