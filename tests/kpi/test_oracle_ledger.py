"""Contact that was owed and met against a slow and obvious oracle (F14, F15, F16; KPI-28, KPI-30, KPI-4)."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import TierRule
from crm.core.measures import COLUMNS, Time, by_manager, refs
from crm.core.scope import Scope
from tests.kpi.ledger_lives import LIFE, expected, live
from tests.visits.desk import owe
from tests.visits.ledger_world import at
from visits.models import Duty
from visits.queries.measures import CONTACT_DIAMOND_GOLD, CONTACT_SILVER, FACE_TO_FACE
from visits.rules import last_day

pytestmark = pytest.mark.django_db

QUIETLY = settings(
    max_examples=8, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
MONTHS = [(date(2026, month, 1), last_day(date(2026, month, 1))) for month in (4, 5, 6)]
UNTIL = [date(2026, 5, 20), date(2026, 6, 2), date(2026, 7, 1)]
QUARTER = (date(2026, 4, 1), date(2026, 6, 30))


def sums(measure, time, scope=Scope.ALL):
    """Who → numerator, denominator and what can still be mended."""
    found = by_manager(measure, scope, time)
    return {
        who: (int(one.numerator), int(one.denominator), one.mendable) for who, one in found.items() if one.denominator
    }


@given(
    lives=st.lists(LIFE, min_size=3, max_size=6),
    until=st.sampled_from(UNTIL),
)
@QUIETLY
def test_contact_of_random_histories(cast, lives, until):
    """F14, F15, KPI-28: handover, cover, tier change, excuse and undo in mid-period; the running month; scope."""
    with transaction.atomic():
        for unit in cast.units.values():
            unit.live_from = date(2024, 1, 1)
            unit.save(update_fields=["live_from"])
        live(cast, lives, until)
        staff = {key: cast.staff[key].pk for key in ("manager", "teammate")} | {None: None}
        for measure, tiers, periods in (
            (CONTACT_DIAMOND_GOLD, ("diamond", "gold"), MONTHS),
            (CONTACT_SILVER, ("silver",), [QUARTER]),
        ):
            for first, last in periods:
                time = Time(first, last, until, at(until, 23))
                found, excused = expected(lives, tiers, first, last, until)
                oracle = {staff[who]: row for who, row in found.items()}
                assert sums(measure, time) == oracle
                assert sum(one.excused for one in by_manager(measure, Scope.ALL, time).values()) == excused
                assert sums(measure, time, Scope(unit_ids=(cast.units["A"].pk,))) == oracle
                for who in ("manager", "teammate"):
                    mine = {pk: row for pk, row in oracle.items() if pk == staff[who]}
                    assert sums(measure, time, Scope(manager_ids=(staff[who],))) == mine
                assert sums(measure, time, Scope(unit_ids=(cast.units["B"].pk,))) == {}
                days = [row[COLUMNS.index("day")] for row in refs(measure, Scope.ALL, time)]
                assert days == sorted(days) and all(first <= day <= last for day in days)
        transaction.set_rollback(True)


def test_a_month_counted_again_for_the_moment_of_its_freeze_gives_the_same_answer(cast):
    """KPI-4, decisions 2 and 3: a correction is a new revision; before it the old row counts, after it the new one."""
    first, last = MONTHS[0]
    frozen, corrected = at(date(2026, 5, 8), 5), at(date(2026, 5, 20))
    for customer, states in (
        ("diamond", ("missed", "met")),
        ("gold", ("met", "missed", "excused")),
        ("silver", ("missed",)),
    ):
        for revision, state in enumerate(states, start=1):
            owe(
                cast.customers[customer], starts_on=first, due_on=last, state=state, revision=revision,
                frozen_at=frozen if revision == 1 else corrected + timedelta(days=revision),
                rule=TierRule.objects.get(tier=cast.customers["gold"].tier, purpose="contact"),
            )  # fmt: skip
    me = cast.staff["manager"].pk
    for now, expect in (
        (frozen, (1, 2, 0)),
        (corrected + timedelta(days=2), (1, 2, 0)),
        (corrected + timedelta(days=3), (1, 1, 0)),
    ):
        assert sums(CONTACT_DIAMOND_GOLD, Time(first, last, date(2026, 5, 30), now)) == {me: expect}
    rows = refs(CONTACT_DIAMOND_GOLD, Scope.ALL, Time(first, last, date(2026, 5, 30), corrected + timedelta(days=9)))
    assert [row[2] for row in rows] == [last, last] and len({row[7] for row in rows}) == 2


@QUIETLY
@given(random=st.randoms(use_true_random=False))
def test_meeting_in_person_and_the_edges_of_the_ledger(cast, random):
    """F16, KPI-30, decisions 4 and 6: rows of every state and edge; a row counts in the period of its due day only."""
    with transaction.atomic():
        rule = TierRule.objects.get(tier=None, purpose="face_to_face")
        first, last = QUARTER
        today = date(2026, 7, 2)
        for number in range(30):
            key = random.choice(["diamond", "gold", "silver", "strangers"])
            start = random.choice([date(2026, 1, 1), first, date(2026, 7, 1)])
            due = random.choice([start + timedelta(days=random.randrange(40, 91)), last, last + timedelta(days=1)])
            state = random.choice(["open", "met", "provisional", "missed", "excused", "void"])
            owe(
                cast.customers[key], purpose="face_to_face", rule=rule, starts_on=start - timedelta(days=1000 * number),
                owed_from=start + timedelta(days=random.choice([0, 0, 5])) - timedelta(days=1000 * number), due_on=due,
                state=state, met_on=random.choice([min(start, due), due]) if state == "met" else None,
                manager_id=random.choice([cast.staff["manager"].pk, cast.staff["stranger"].pk, None]),
                frozen_at=at(today) if state == "missed" else None,
            )  # fmt: skip
        time = Time(first, last, today, at(today))
        expect = {}
        for duty in Duty.unscoped.all():
            if duty.state == "void" or duty.owed_from > duty.starts_on or not first <= duty.due_on <= last:
                continue
            day = max(first, duty.met_on) if duty.state == "met" else duty.due_on
            can_be_mended = duty.state in ("open", "provisional") and duty.due_on >= date(2026, 6, 29)
            expect[duty.pk] = (
                duty.manager_id, duty.unit_id, day, duty.state == "met", duty.state != "excused",
                duty.state == "excused", can_be_mended, duty.pk, duty.customer_id,
            )  # fmt: skip
        assert {row[7]: row for row in refs(FACE_TO_FACE, Scope.ALL, time)} == expect
        inside = Scope(unit_ids=(cast.units["B"].pk,), manager_ids=(cast.staff["manager"].pk,))
        assert {row[7] for row in refs(FACE_TO_FACE, inside, time)} == {
            pk for pk, row in expect.items() if row[1] == cast.units["B"].pk or row[0] == cast.staff["manager"].pk
        }
        transaction.set_rollback(True)
