"""Visits, calls, outings and the truth of records against slow and obvious oracles (F12, F28, F46, F47, F49, F50)."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Post
from conduct.models import Outing
from conduct.queries.measures import OUTINGS_REGISTERED
from conduct.rules import belongs_to
from crm.core import working_days
from crm.core.measures import Time, by_manager
from crm.core.scope import Scope
from tests.visits.ledger_world import SHANGHAI, at, visit
from visits.models import Callback, CallTest, Channel, CheckIn, CustomerVoice, Plan, PlanItem
from visits.queries.measures import (
    CALLS_24H,
    CALLS_WITHIN_LIMIT,
    KEY_CHANGE_DELAY,
    RECORDS_CONFIRMED,
    VISITS_SIGNED,
)

pytestmark = pytest.mark.django_db

DRAWN = given(random=st.randoms(use_true_random=False))
QUIETLY = settings(
    max_examples=4, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
TIME = Time(FIRST, LAST, date(2026, 11, 3), at(date(2026, 11, 3)))
LEAVES_ON = date(2026, 10, 20)
"""The last day of the teammate's post."""
PEOPLE = ["manager", "teammate", "stranger", "supervisor"]


def shares(measure, scope=Scope.ALL):
    """Who → numerator, denominator."""
    return {who: (int(one.numerator), int(one.denominator)) for who, one in by_manager(measure, scope, TIME).items()}


def local(moment):
    return moment.astimezone(SHANGHAI).date()


def edge(random):
    """A moment around the month, often at its very edge."""
    return random.choice([
        datetime(2026, 9, 30, 23, 59, tzinfo=SHANGHAI), datetime(2026, 10, 1, 0, 0, tzinfo=SHANGHAI),
        datetime(2026, 10, 31, 23, 59, tzinfo=SHANGHAI), datetime(2026, 11, 1, 0, 0, tzinfo=SHANGHAI),
        *[at(FIRST + timedelta(days=random.randrange(-3, 34)), random.randrange(24)) for _ in range(12)],
    ])  # fmt: skip


def served(cast, staff_id, day):
    """ORG-7: who was a manager on the day; the teammate left in the middle of the month."""
    managers = {cast.staff[key].pk: date.max for key in ("manager", "stranger")} | {
        cast.staff["teammate"].pk: LEAVES_ON
    }
    return staff_id in managers and day <= managers[staff_id]


def drawn_visits(cast, random, channels, number=24):
    Post.unscoped.filter(staff=cast.staff["teammate"]).update(ends_on=LEAVES_ON)
    rows = []
    for _number in range(number):
        moment, by = edge(random), random.choice(PEOPLE)
        row = visit(
            cast.customers[random.choice(["gold", "diamond", "strangers"])], local(moment), cast=cast, by=by,
            channel=random.choice(channels), undone_at=random.choice([None, None, None, at(LAST)]),
        )  # fmt: skip
        row.occurred_at, row.logged_at = moment, moment
        row.ended_at = random.choice([None, *(moment + timedelta(seconds=s) for s in (0, 599, 600, 601, 3000))])
        row.save()
        rows.append(row)
    return rows


def counted(cast, row):
    return row.undone_at is None and FIRST <= row.occurred_on <= LAST and served(cast, row.staff_id, row.occurred_on)


def tally(pairs):
    """(who, hit) pairs → who → (hits, all)."""
    pairs = list(pairs)
    hits, total = Counter(who for who, hit in pairs if hit), Counter(who for who, _hit in pairs)
    return {who: (hits[who], number) for who, number in total.items()}


@QUIETLY
@DRAWN
def test_calls_and_signatures(cast, random):
    """F46, KPI-53: 10:00 is within, an unknown length too; F28: only where a signature is asked for."""
    with transaction.atomic():
        rows = drawn_visits(cast, random, ["phone", "phone", "on_site", "wechat"])
        asked, signed = set(), set()
        for row in rows:
            if row.channel.code == "on_site":
                wants, at_once = random.random() < 0.8, random.random() < 0.5
                CheckIn.unscoped.create(
                    visit=row, arrived_at=row.occurred_at, wants_customer=wants,
                    customer_signed_at=row.occurred_at if wants and at_once else None,
                )  # fmt: skip
                asked |= {row.pk} if wants else set()
                signed |= {row.pk} if wants and at_once else set()
        calls = [row for row in rows if counted(cast, row) and row.channel.code == "phone"]
        assert shares(CALLS_WITHIN_LIMIT) == tally(
            (row.staff_id, row.ended_at is None or (row.ended_at - row.occurred_at).total_seconds() <= 600)
            for row in calls
        )
        visits = [row for row in rows if counted(cast, row) and row.pk in asked]
        assert shares(VISITS_SIGNED) == tally((row.staff_id, row.pk in signed) for row in visits)
        inside = Scope(unit_ids=(cast.units["B"].pk,))
        assert shares(VISITS_SIGNED, inside) == tally(
            (row.staff_id, row.pk in signed) for row in visits if row.unit_id == cast.units["B"].pk
        )
        transaction.set_rollback(True)


@QUIETLY
@DRAWN
def test_outings(cast, random):
    """F47, SEC-7: on site during an outing that was begun, over several days too, or by the agreed plan of the day."""
    with transaction.atomic():
        rows = drawn_visits(cast, random, ["on_site", "on_site", "on_site", "phone"], number=18)
        outings, planned = [], set()
        for row in random.sample(rows, 9):
            left = row.occurred_at - timedelta(minutes=random.choice([-31, -30, 0, 90, 3000, 43_000]))
            outing = Outing(
                staff_id=row.staff_id, unit_id=row.staff.unit_id, day=local(left), leaves_at=left,
                left_at=random.choice([left, left, None]), returns_at=left + timedelta(hours=1), destination="x",
                back_at=random.choice([None, left + timedelta(minutes=70), row.occurred_at + timedelta(minutes=5)]),
                state="back", registered_at=left, registered_by=cast.manager, purpose="x",
            )  # fmt: skip
            if outing.left_at is None or (outing.back_at and outing.back_at < left):
                outing.back_at = None
            outing.save()
            outings.append(outing)
        for row in random.sample(rows, 5):
            monday = row.occurred_on - timedelta(days=row.occurred_on.weekday())
            plan, _new = Plan.unscoped.get_or_create(
                staff_id=row.staff_id, period="week", starts_on=monday,
                defaults={"state": random.choice(["accepted", "system", "draft"]), "drafted_at": at(monday),
                          "accepted_at": at(monday)},
            )  # fmt: skip
            if (row.staff_id, row.customer_id, row.occurred_on) not in planned:
                state = random.choice(["planned", "missed", "cancelled"])
                PlanItem.unscoped.create(
                    plan=plan, customer=row.customer, planned_on=row.occurred_on, state=state,
                    channel=Channel.objects.get(code="on_site"),
                )  # fmt: skip
                if plan.state != "draft" and state != "cancelled":
                    planned.add((row.staff_id, row.customer_id, row.occurred_on))

        def covered(row):
            return (row.staff_id, row.customer_id, row.occurred_on) in planned or any(
                one.staff_id == row.staff_id
                and belongs_to(
                    row.occurred_at, left_at=one.left_at, back_at=one.back_at, returns_at=one.returns_at, slack=30
                )
                for one in outings
            )

        made = [row for row in rows if counted(cast, row) and row.channel.code == "on_site"]
        assert shares(OUTINGS_REGISTERED) == tally((row.staff_id, covered(row)) for row in made)
        transaction.set_rollback(True)


@QUIETLY
@DRAWN
def test_test_calls_and_callbacks(cast, random):
    """F12: answered or called back within 30 minutes; F49: confirmed, or denied and the objection upheld."""
    with transaction.atomic():
        rows = drawn_visits(cast, random, ["phone"], number=14)
        tests = []
        for number in range(20):
            who, moment = cast.staff[random.choice(PEOPLE)], edge(random) + timedelta(seconds=number)
            answered = random.random() < 0.4
            tests.append(CallTest.unscoped.create(
                staff=who, unit=who.unit, called_at=moment, was_answered=answered, at=at(date(2026, 12, 1)),
                minutes=None if answered else random.choice([None, 0, 30, 31]), by=cast.service_centre,
            ))  # fmt: skip
        assert shares(CALLS_24H) == tally(
            (row.staff_id, row.was_answered or (row.minutes is not None and row.minutes <= 30))
            for row in tests
            if FIRST <= local(row.called_at) <= LAST and served(cast, row.staff_id, local(row.called_at))
        )
        asked = []
        for row in rows:
            state = random.choice(["waiting", "tried", "confirmed", "denied", "denied", "unreached", "cancelled"])
            asked.append(Callback.unscoped.create(
                visit=row, staff=row.staff, unit=row.unit, month=row.occurred_on.replace(day=1), state=state,
                drawn_on=row.occurred_on, is_upheld=random.choice([None, True, False]) if state == "denied" else None,
            ))  # fmt: skip
        assert shares(RECORDS_CONFIRMED) == tally(
            (row.staff_id, row.state == "confirmed" or bool(row.is_upheld))
            for row in asked
            if row.month == FIRST
            and row.state in ("confirmed", "denied")
            and served(cast, row.staff_id, row.visit.occurred_on)
        )
        transaction.set_rollback(True)


@QUIETLY
@DRAWN
def test_key_changes(cast, random):
    """F50, CUS-20: working days after the day it was found up to the day it was reported, holidays and all."""
    with transaction.atomic():
        working_days.seed()
        Post.unscoped.filter(staff=cast.staff["teammate"]).update(ends_on=LEAVES_ON)
        calendar, found = working_days.calendar(), {}
        for _number in range(20):
            key, moment = random.choice(PEOPLE), edge(random)
            on = random.choice([None, local(moment) - timedelta(days=random.randrange(12))])
            kind = random.choice(["key_change", "key_change", "need"])
            CustomerVoice.unscoped.create(
                customer=cast.customers["gold"], kind=kind, topic="finance" if kind == "key_change" else "", text="x",
                found_on=on, by=cast.users[key], said_at=moment, reported_at=moment,
            )  # fmt: skip
            day, who = local(moment), cast.staff[key].pk
            if kind == "key_change" and on and FIRST <= day <= LAST and served(cast, who, day):
                after = [on + timedelta(days=n) for n in range(1, (day - on).days + 1)]
                days, number = found.get(who, (0, 0))
                found[who] = (days + sum(calendar.is_working(one) for one in after), number + 1)
        assert shares(KEY_CHANGE_DELAY) == found
        transaction.set_rollback(True)
