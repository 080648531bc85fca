"""Complaints and requests of a month against slow and obvious oracles (F24, F25, F43)."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Assignment, Customer, Tier, TierHistory
from complaints.models import Case, CaseClock
from complaints.queries import measures
from crm.core.measures import Time
from tests.complaints.clock_world import NUMBERS, at
from tests.kpi.same_rows import compare
from tests.kpi.work_lives import as_rows

pytestmark = pytest.mark.django_db

QUIETLY = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
FIRST, LAST, HANDED = date(2026, 4, 1), date(2026, 4, 30), date(2026, 4, 10)
MOMENTS = [at(text) for text in ("2026-03-31 23:59", "2026-04-01 00:00", "2026-04-09 23:59", "2026-04-10 00:00",
                                 "2026-04-17 10:00", "2026-04-30 23:59", "2026-05-01 00:00")]  # fmt: skip
KEYS = ("gold", "gold", "diamond", "strangers", "ordinary", "teammates")


def holder(cast, key, day):
    """Gold was handed over on the tenth; nobody has the ordinary one."""
    owners = {"gold": "manager" if day < HANDED else "teammate", "diamond": "manager", "silver": "manager",
              "strangers": "stranger", "teammates": "teammate", "channel": "teammate"}  # fmt: skip
    return cast.staff.get(owners.get(key))


def case_of(cast, draw):
    """A matter of any kind; whoever wrote it down may have come after the handover."""
    received, customer = draw.choice(MOMENTS), cast.customers[draw.choice(KEYS)]
    state = draw.choice(["handling", "handling", "closed", "closed", "closed"])
    closed = received + timedelta(days=draw.choice([0, 1, 20])) if state == "closed" else None
    first = received + timedelta(seconds=draw.choice([0, 59, 61, 3600, 100_000])) if draw.random() < 0.7 else None
    return Case(
        number=f"TS-20260401-{next(NUMBERS):04d}",
        kind=draw.choice(["complaint", "complaint", "complaint", "need", "enquiry", "quality"]),
        customer=customer, channel="phone", facts="断网", expectation="恢复", received_at=received, logged_at=received,
        received_by=cast.manager, manager=cast.staff["teammate"], unit=cast.units[draw.choice(["A", "A", "B"])],
        state=state, closed_at=closed, result="好" if closed else "", replied_at=closed, first_reply_at=first,
        judgement=draw.choice(["justified", "unjustified", "pending"]), satisfaction=draw.choice([None, 1, 3, 4, 5]),
    )  # fmt: skip


def clocks_of(case, draw):
    """One or two rounds, each told once or twice; the earlier run of a round told twice has stopped."""
    rows = []
    for number in range(1, draw.choice([1, 1, 2]) + 1):
        turns = draw.choice([1, 1, 2])
        for turn in range(1, turns + 1):
            is_live = number == 1 and turn == turns and case.state == "handling"
            state = draw.choice(["running", "paused"] if is_live else ["met", "met", "late", "void"])
            due = draw.choice(MOMENTS)
            rows.append(
                CaseClock(
                    case=case, round=number, turn=turn, kind="solution", hours="always", target_minutes=60,
                    started_at=case.received_at, state=state, due_at=None if state == "paused" else due,
                    remaining_seconds=60 if state == "paused" else None,
                )
            )  # fmt: skip
        if rows[-1].state in ("running", "paused"):
            break
    return rows


def desk(cast, draw):
    """Cases with their clocks; some were merged into another."""
    cases = Case.unscoped.bulk_create(case_of(cast, draw) for _each in range(16))
    for case in draw.sample(cases[1:], 3):
        case.state, case.merged_into, case.closed_at = "merged", cases[0], None
    Case.unscoped.bulk_update(cases, ["state", "merged_into", "closed_at"])
    return cases, CaseClock.unscoped.bulk_create(clock for case in cases for clock in clocks_of(case, draw))


def inside(moment):
    return moment is not None and FIRST <= moment.date() <= LAST


def who(cast, case):
    """Whoever had the customer on the day it came in."""
    keys = {customer.pk: key for key, customer in cast.customers.items()}
    return holder(cast, keys[case.customer_id], case.received_at.date())


def justified(cast, cases):
    """F24: judged justified, received in the month, not merged."""
    for case in cases:
        if counted(case, "complaint") and case.judgement == "justified" and inside(case.received_at):
            yield who(cast, case), case.unit_id, case.received_at.date(), 1, 0, 0, case.pk


def counted(case, *kinds):
    return case.kind in kinds and case.state != "merged"


def per_hundred(cast, cases, customers, until):
    """F24: every complaint received, and the VIP customers there are on the last day."""
    for case in cases:
        if counted(case, "complaint") and inside(case.received_at):
            yield who(cast, case), case.unit_id, case.received_at.date(), 1, 0, 0, case.pk
    for key, customer in customers.items():
        is_there = customer.joined_on <= until and (customer.exited_on is None or customer.exited_on > until)
        if is_there and key in ("gold", "diamond", "silver", "strangers") and not (key == "silver" and until >= HANDED):
            yield holder(cast, key, until), customer.unit_id, until, 0, 1, 0, -customer.pk


def in_time(cast, cases, clocks, now):
    """F25: by the last run of each round; what still has its time can be met."""
    by_id = {case.pk: case for case in cases}
    for clock in clocks:
        case = by_id[clock.case_id]
        later = [other for other in clocks if other.case_id == clock.case_id and other.round == clock.round
                 and other.turn > clock.turn]  # fmt: skip
        if not later and clock.state != "void" and inside(clock.due_at) and counted(case, "complaint"):
            waits = clock.state == "running" and clock.due_at > now
            done = clock.state == "met"
            yield who(cast, case), case.unit_id, clock.due_at.date(), int(done), 1, int(waits), clock.pk


def satisfied(cast, cases):
    """F25: four or five points, of those asked, by the day it was closed."""
    for case in cases:
        if counted(case, "complaint") and inside(case.closed_at) and case.satisfaction is not None:
            yield who(cast, case), case.unit_id, case.closed_at.date(), int(case.satisfaction > 3), 1, 0, case.pk


def minutes(cast, cases):
    """F43: minutes to the first word of a request; who still waits is listed and weighs nothing."""
    for case in cases:
        if counted(case, "need", "handling", "enquiry") and inside(case.received_at):
            spent = (case.first_reply_at - case.received_at).total_seconds() if case.first_reply_at else 0
            shown = (Decimal(spent) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
            weight = int(case.first_reply_at is not None)
            yield who(cast, case), case.unit_id, case.received_at.date(), shown, weight, 0, case.pk


def settle_customers(cast):
    """A handover, a tier lost on the tenth, one who left on the 20th and a prospect's day of joining."""
    Assignment.unscoped.filter(customer=cast.customers["gold"]).update(valid_to=HANDED)
    Assignment.unscoped.create(customer=cast.customers["gold"], staff=cast.staff["teammate"], valid_from=HANDED)
    TierHistory.unscoped.filter(customer=cast.customers["silver"]).update(valid_to=HANDED)
    Customer.unscoped.filter(pk=cast.customers["diamond"].pk).update(state="churned", exited_on=date(2026, 4, 20))
    Customer.unscoped.filter(pk=cast.customers["strangers"].pk).update(joined_on=date(2026, 4, 15))
    keys = {customer.pk: key for key, customer in cast.customers.items()}
    assert Tier.objects.filter(kind="vip").exists()
    return {keys[row.pk]: row for row in Customer.unscoped.filter(pk__in=keys)}


@given(
    draw=st.integers(0, 10**6).map(Random),
    today=st.sampled_from([date(2026, 4, 9), date(2026, 4, 17), date(2026, 5, 3)]),
)
@QUIETLY
def test_a_month_of_the_desk(cast, draw, today):
    """F24, F25, F43: handover, merged matters, rounds told twice, paused and void clocks, people without a manager."""
    with transaction.atomic():
        customers = settle_customers(cast)
        cases, clocks = desk(cast, draw)
        now = at(f"{today} 10:00")
        asked = Time(FIRST, LAST, today, now)
        for measure, expected in (
            (measures.COMPLAINTS_JUSTIFIED, justified(cast, cases)),
            (measures.COMPLAINTS_PER_HUNDRED, per_hundred(cast, cases, customers, min(today, LAST))),
            (measures.COMPLAINTS_IN_TIME, in_time(cast, cases, clocks, now)),
            (measures.COMPLAINTS_SATISFIED, satisfied(cast, cases)),
            (measures.RESPONSE_TIME, minutes(cast, cases)),
        ):
            compare(cast, measure, asked, as_rows(expected))
        transaction.set_rollback(True)
