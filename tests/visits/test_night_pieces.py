"""The night of a large base: cut by unit and manager, with the same result as in one go (design 4, PLT-3)."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction

from accounts.models import Assignment, Standing, Tier, TierProposal
from accounts.queries.spans import Span, by_manager, by_range
from crm import nightly
from crm.core import parameters, sweeps, working_days
from crm.core.models import Notice, Parameter, SweepPiece, SweepRun
from tests.visits.ledger_world import LEDGER_STEPS, at, customer_of, days, duties, visit
from tests.visits.test_night_parity import FIRST, LAST, LEDGER, drawn_nights, month_ends, replay
from visits.actions.ledger import settle
from visits.models import Duty, MonthFreeze

pytestmark = pytest.mark.django_db
JUNE_1, JULY_1, JULY_8, OCTOBER_1 = date(2026, 6, 1), date(2026, 7, 1), date(2026, 7, 8), date(2026, 10, 1)
SOME = 16
"""More than anybody holds here: managers stay whole, and what is cut is equal to the last row."""
IN_PIECES = ("open_duties", "suggest_days", "close_periods", "flag_overdue_contacts", "freeze_months")


def piece_of(customers):
    """So few customers make a piece."""
    row, __ = Parameter.objects.update_or_create(
        key="night_piece", effective_from=date(2000, 1, 1), defaults={"value": customers, "set_at": at(FIRST)}
    )
    parameters.forget()
    return row


@pytest.fixture
def world(cast):
    for unit in cast.units.values():
        unit.live_from = date(2024, 1, 1)
        unit.save(update_fields=["live_from"])
    return cast


def fill(world, size=40):
    """Customers of three managers and of nobody, some of them handed over in June."""
    rows = []
    Tier.objects.filter(kind="vip", code="diamond").update(minimum_spend=1500)
    for number in range(size):
        manager = ("manager", "teammate", "stranger", None)[number % 4]
        tier = ("gold", "silver", "diamond")[number % 3]
        row = customer_of(
            world, tier, manager=manager, is_important=number < 6, important_at=at(JUNE_1), monthly_spend=number * 50
        )
        rows.append(row)
        if manager and number % 5 == 0:
            Assignment.unscoped.filter(customer=row).update(valid_to=date(2026, 6, 20), staff=world.staff["nobody"])
            Assignment.unscoped.create(customer=row, staff_id=row.manager_id, valid_from=date(2026, 6, 20))
    return rows


def nights(world, customers):
    """Five weeks of nights with two visits."""
    nightly.run_night(JUNE_1, now=at(JUNE_1, 0, 30), steps=LEDGER_STEPS)
    for customer in customers[:2]:
        settle([visit(customer, date(2026, 6, 4), cast=world)], today=date(2026, 6, 4), now=at(date(2026, 6, 4)))
    for night in (date(2026, 6, 24), JULY_1):
        nightly.run_night(night, now=at(night, 0, 30), steps=LEDGER_STEPS)
    nightly.run_night(JULY_8, now=at(JULY_8, 5, 5), steps=LEDGER_STEPS)


def everything():
    """All that a night writes, without keys."""
    names = [field.attname for field in Duty._meta.concrete_fields if field.attname not in ("id", "met_by_id")]
    return (
        sorted(Duty.unscoped.values_list(*names), key=str),
        list(Standing.unscoped.order_by("pk").values_list()),
        sorted(Notice.objects.values_list("user_id", "kind", "occasion", "params"), key=str),
        list(MonthFreeze.objects.values_list("month", "frozen_at")),
        sorted(TierProposal.unscoped.values_list("customer_id", "to_tier_id", "reason"), key=str),
    )


def test_in_pieces_and_in_one_go_the_night_does_the_same(world):
    """PLT-3: every row of ledger, lists, notices, freezes and proposals is equal."""
    customers = fill(world)
    found = []
    for size in (50_000, SOME):
        with transaction.atomic():
            piece_of(size)
            nights(world, customers)
            found.append(everything())
            cut = set(SweepRun.objects.filter(detail__has_key="pieces").values_list("step", flat=True))
            transaction.set_rollback(True)
        assert cut == (set() if size == 50_000 else {*IN_PIECES, "rebuild_standings", "propose_tiers"})
    assert found[0] == found[1]


def test_the_night_in_pieces_does_what_the_rules_say(cast):
    """Parity of CON-1, CON-2, CON-4, CON-40, D6, decisions 1-6, cut into pieces; in one go: test_night_parity."""
    piece_of(30)
    drawn = drawn_nights(20261122, working_days.calendar())
    quarter_ends = [night for night in month_ends(FIRST, LAST) if night.month in (1, 3, 4, 6, 7, 9, 10, 12)]
    random = Random(5)
    replay(cast, sorted({*random.sample(quarter_ends, 14), *random.sample(drawn, 6)}), seed=13)
    assert SweepRun.objects.filter(step="open_duties", detail__has_key="pieces").count() >= 2
    assert not SweepRun.objects.exclude(error="").exists()


@pytest.mark.slow
def test_the_night_in_pieces_does_what_the_rules_say_on_all_boundaries(cast):
    """The long proof of every step (make prove)."""
    piece_of(30)
    random = Random(5)
    drawn = drawn_nights(20261122, working_days.calendar())
    replay(cast, sorted({*month_ends(FIRST, LAST), *random.sample(drawn, 30)}), seed=13)


@pytest.mark.slow
def test_the_night_in_pieces_does_what_the_rules_say_on_every_day_of_two_years(cast):
    """The long proof of the ledger's steps (make prove)."""
    piece_of(30)
    replay(cast, days(FIRST, LAST), seed=17, steps=LEDGER)


def test_a_step_in_pieces_run_twice_changes_nothing(world):
    """PLT-3: run the job twice → same flags, one notification."""
    piece_of(SOME)
    nights(world, fill(world))
    before = everything()
    for step in (*IN_PIECES, "rebuild_standings", "propose_tiers"):
        (again,) = nightly.run_night(JULY_8, now=at(JULY_8, 6), steps=[step])
        assert again.differences == 0, step
        assert everything() == before, step


def test_a_changed_cadence_of_many_customers_takes_hold_in_pieces(world):
    """CUS-3: the whole tier is aligned in one night, no customer twice."""
    from accounts.models import TierRule

    piece_of(3)
    customers = [customer_of(world, "silver", manager=name) for name in ("manager", "teammate", "stranger") * 4]
    first, second = date(2026, 5, 4), date(2026, 5, 5)
    nightly.run_night(first, now=at(first, 0, 30))
    TierRule.objects.create(tier=customers[0].tier, purpose="contact", period="month", effective_from=second)
    done = nightly.run_night(second, now=at(second, 0, 30), steps=["open_duties"])
    run = SweepRun.objects.get(step="open_duties", business_date=second)
    assert run.detail["pieces"] >= 3
    assert run.detail["rule_changes"] >= 12
    assert done[0].rows == 0
    assert {duties(customer)[0].due_on for customer in customers} == {date(2026, 5, 31)}


def test_a_killed_night_goes_on_with_the_pieces_that_are_left(world, monkeypatch):
    """PLT-3: killed half-way, the step is not done; the next run completes it and the rows are those of one go."""
    customers = fill(world)
    with transaction.atomic():
        nights(world, customers)
        expected = everything()
        transaction.set_rollback(True)
    piece_of(SOME)
    whole, seen = sweeps.STEPS["open_duties"], []

    class Killed(BaseException):
        """What a kill is for a test: nobody catches it."""

    def killed(*, today, now, span=None):
        seen.append(span)
        if len(seen) == 3:
            raise Killed
        return whole.run(today=today, now=now, span=span)

    monkeypatch.setitem(sweeps.STEPS, "open_duties", sweeps.Step("open_duties", killed, cut=whole.cut))
    with pytest.raises(Killed):
        nightly.run_night(JUNE_1, now=at(JUNE_1, 0, 30))
    assert 0 < Duty.unscoped.count() < len(customers)
    assert not sweeps.finished_on("open_duties", JUNE_1)
    monkeypatch.setitem(sweeps.STEPS, "open_duties", whole)
    nights(world, customers)
    assert everything() == expected
    first, second = SweepRun.objects.filter(step="open_duties", business_date=JUNE_1).order_by("pk")
    assert (first.error, second.error) == (sweeps.CUT_OFF, "")


def test_managers_stay_whole_and_units_lie_together(world):
    """Design 4: cut by unit; a manager's pace is one piece's work."""
    piece_of(10)
    staff = {name: world.staff[name].pk for name in ("manager", "teammate", "stranger")}
    cut = by_manager([(staff["manager"], 4), (staff["stranger"], 8), (staff["teammate"], 5)], JUNE_1)
    parts = [Span.of(span) for span in cut]
    assert sorted(manager for part in parts for manager in part.managers) == sorted(staff.values())
    assert {staff["manager"], staff["teammate"]} in [set(part.managers) for part in parts]
    assert by_manager([(staff["manager"], 10)], JUNE_1) == []


def test_a_portfolio_larger_than_a_piece_and_what_nobody_has_are_cut_by_ranges(world):
    piece_of(3)
    for name in ("manager", None):
        for _ in range(7):
            customer_of(world, manager=name)
    mine = Standing.unscoped.filter(manager_id=world.staff["manager"].pk).count()
    nobodys = Standing.unscoped.filter(manager_id=None).count()
    cut = by_manager([(world.staff["manager"].pk, mine), (None, nobodys)], JUNE_1)
    parts = [Span.of(span) for span in cut]
    assert len([part for part in parts if part.managers]) == -(-mine // 3)
    assert len([part for part in parts if part.is_nobody]) == -(-nobodys // 3)
    assert all(part.first <= part.last for part in parts)


def test_ranges_leave_nobody_out(world):
    piece_of(10)
    parts = [Span.of(span) for span in by_range((1, 25), JUNE_1)]
    assert [(part.first, part.last) for part in parts] == [(None, 10), (11, 20), (21, None)]
    parts = [Span.of(span) for span in by_range((1001, 1025), JUNE_1)]
    assert [(part.first, part.last) for part in parts] == [(None, 1010), (1011, 1020), (1021, None)]
    assert by_range((1, 10), JUNE_1) == by_range((None, None), JUNE_1) == []


def test_old_pieces_are_forgotten(world):
    """What is left of them is in their run."""
    piece_of(SOME)
    fill(world)
    nightly.run_night(JUNE_1, now=at(JUNE_1, 0, 30))
    assert SweepPiece.objects.exists()
    late = JUNE_1 + timedelta(days=15)
    nightly.run_night(late, now=at(late, 0, 30), steps=["housekeeping"])
    assert not SweepPiece.objects.exists()
