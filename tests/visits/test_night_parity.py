"""Parity (design 4): the night's SQL against the pure rules, row by row, night by night."""

from datetime import date, timedelta
from random import Random

import pytest

from accounts.actions.standing import rebuild_own_facts
from accounts.models import Assignment, ContactPerson, Leave, PersonProfile
from crm import nightly
from tests.visits.ledger_oracle import Oracle, actual, month_ends, unsound_suggestions
from tests.visits.ledger_world import LEDGER_STEPS, at, customer_of, days, visit
from visits.actions.ledger import settle
from visits.models import Duty
from visits.rules import freezes_at

FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
MOVING = ("join_plans", "suggest_days", "adopt_drafts", "draft_week_plans", "draft_long_plans")
"""Steps that give a duty another day than the rule of opening says; they run after that has been compared."""
LEDGER = (
    "open_duties", "suggest_days", "close_periods", "flag_overdue_contacts", "freeze_months", "rebuild_standings",
    "rebuild_portfolio",
)  # fmt: skip
"""What writes the ledger; the other steps are in the drawn days."""
TIERS = [
    ("vip", "diamond"), ("vip", "gold"), ("vip", "silver"), ("group", "level1"), ("group", "level3"),
    ("group", "level4"), ("channel", "level5"),
]  # fmt: skip


def population(cast, random, size=36):
    """Customers of every kind: owed for long, since the middle of a month, from a go-live date, or not at all."""
    cast.units["A1"].live_from = date(2025, 3, 25)
    cast.units["A1"].save(update_fields=["live_from"])
    cast.units["CITY"].live_from = None
    cast.units["CITY"].save(update_fields=["live_from"])
    for unit in ("A", "B"):
        cast.units[unit].live_from = date(2024, 1, 1)
        cast.units[unit].save(update_fields=["live_from"])
    for known in cast.customers.values():  # only the drawn ones share their managers' days
        known.state = "suspended"
        known.save(update_fields=["state"])
    rows = []
    for number in range(size):
        kind, tier = TIERS[number % len(TIERS)]
        manager = ("manager", "teammate", "stranger", None)[number % 7 if number % 7 < 4 else 0]
        unit = cast.units["A1"] if number % 5 == 4 else cast.units["CITY"] if number % 11 == 10 else None
        since = FIRST + timedelta(days=random.randrange(-400, 300)) if number % 3 else date(2024, 1, 1)
        important = kind == "vip" and number % 2 == 0
        customer = customer_of(
            cast, tier, kind=kind, manager=manager, unit=unit, since=since,
            state="suspended" if number % 17 == 16 else "active",
            is_important=important, important_at=at(since) if important else None,
        )  # fmt: skip
        rows.append(_with_birthdays(customer, random))
    _reassign(cast, rows, random)
    return rows


def _with_birthdays(customer, random):
    born = date(1970, 1, 1) + timedelta(days=random.randrange(9000))
    if customer.kind == "vip" and random.random() < 0.7:
        lunar = random.random() < 0.4
        PersonProfile.unscoped.create(customer=customer, birthday=born, is_lunar_birthday=lunar)
        customer.birthday_, customer.is_lunar_ = born, lunar
    elif random.random() < 0.7:
        ContactPerson.unscoped.create(customer=customer, name="甲", birthday=born)
        ContactPerson.unscoped.create(customer=customer, name="乙", birthday=date(1984, 2, 29))
        ContactPerson.unscoped.create(customer=customer, name="丙", birthday=date(1984, 6, 6), is_active=False)
        customer.contact_birthdays_ = (born, date(1984, 2, 29))
    return customer


def _reassign(cast, customers, random):
    """Some were held by others before; the last holder is the manager of today."""
    for customer in random.sample([row for row in customers if row.manager_id], 10):
        change = FIRST + timedelta(days=random.randrange(5, 500))
        row = Assignment.unscoped.get(customer=customer)
        if change <= row.valid_from:
            continue
        row.valid_to = change
        row.staff = cast.staff["nobody"]
        row.save()
        Assignment.unscoped.create(customer=customer, staff_id=customer.manager_id, valid_from=change)


def log_some(cast, customers, day, random):
    """A few visits of the day, some of them late, some not counting, some face to face."""
    made = []
    for customer in random.sample(customers, 2):
        back = random.choice([0, 0, 0, 1, 3])
        made.append(
            visit(
                customer, day - timedelta(days=back), cast=cast, by="manager", hour=random.randrange(8, 20),
                counts=random.random() < 0.8, channel=random.choice(["phone", "on_site", "wechat"]),
            )
        )  # fmt: skip
    settle(made, today=day, now=at(day, 21))


def replay(cast, nights, seed, steps=LEDGER_STEPS):
    """Run the given nights in order with visits between them, and compare after every night and every day."""
    random = Random(seed)
    customers = population(cast, random)
    rebuild_own_facts(today=nights[0])  # plain rows have no completeness yet
    leaves = [
        (cast.staff["manager"].pk, date(2025, 4, 28), date(2025, 5, 9)),
        (cast.staff["teammate"].pk, date(2026, 2, 1), date(2026, 3, 31)),
    ]
    for staff_id, starts_on, ends_on in leaves:
        Leave.unscoped.create(staff_id=staff_id, starts_on=starts_on, ends_on=ends_on)
    oracle = Oracle(customers, leaves)
    ours = {customer.pk for customer in customers}
    for night in nights:
        now = at(night, 5, 5) if random.random() < 0.5 else at(night, 0, 30)
        before = set(Duty.unscoped.values_list("pk", flat=True))
        done = nightly.run_night(night, now=now, steps=[step for step in steps if step not in MOVING])
        assert sum(row.differences for row in done) == 0, night
        oracle.night(night)
        compare(oracle, night, now, ours)
        fresh = Duty.unscoped.exclude(pk__in=before).filter(customer_id__in=ours, purpose="contact")
        assert {row.customer_id: row.suggested_on for row in fresh} == oracle.spread_today, night
        nightly.run_night(night, now=now, steps=[step for step in steps if step in MOVING])
        assert unsound_suggestions(night) == []
        if random.random() < 0.9:
            log_some(cast, customers, night, random)
            compare(oracle, night, now, ours)


def compare(oracle, night, now, ours):
    expected_rows, expected_standings = oracle.expected(night, now)
    rows, standings = actual()
    rows = {key: value for key, value in rows.items() if key[0] in ours}
    standings = {key: value for key, value in standings.items() if key in ours}
    different = {key for key in rows.keys() | expected_rows.keys() if rows.get(key) != expected_rows.get(key)}
    assert not different, (night, [(key, rows.get(key), expected_rows.get(key)) for key in sorted(different)][:3])
    different = {key for key in standings if standings[key] != expected_standings[key]}
    assert not different, (night, [(key, standings[key], expected_standings[key]) for key in sorted(different)][:3])


def drawn_nights(seed, calendar):
    """All boundaries of two years (periods, freezes) and 60 drawn days (decisions 33)."""
    random = Random(seed)
    found = month_ends(FIRST, LAST)
    for month in {day.replace(day=1) for day in found}:
        frozen = freezes_at(month, calendar, at(FIRST).tzinfo).date()
        found |= {frozen - timedelta(days=1), frozen, frozen + timedelta(days=1)}
    found |= set(random.sample(days(FIRST, LAST), 60))
    return sorted(day for day in found if FIRST <= day <= LAST)


@pytest.mark.django_db
def test_the_night_does_what_the_rules_say_on_all_boundaries_and_60_drawn_days(cast):
    """CON-1, CON-2, CON-4, CON-40, D6, decisions 1-6: duties, credit, standings and suggestions are equal."""
    from crm.core import working_days

    replay(cast, drawn_nights(20261121, working_days.calendar()), seed=7)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_night_does_what_the_rules_say_on_every_day_of_two_years(cast):
    """The long proof of the same (make prove)."""
    replay(cast, days(FIRST, LAST), seed=11, steps=LEDGER)


@pytest.mark.django_db
def test_the_periods_and_birthdays_of_sql_are_those_of_the_rules():
    """The functions the sweeps use, against the pure ones, for every day of three years."""
    from django.db import connection

    from accounts.rules import period_end, period_start
    from visits.rules import next_birthday

    dates = days(date(2026, 1, 1), date(2028, 12, 31))
    with connection.cursor() as cursor:
        for period in ("month", "quarter", "half", "year"):
            cursor.execute(
                "SELECT visits_period_start(%s, d), visits_period_end(%s, d) FROM unnest(%s::date[]) d",
                [period, period, dates],
            )
            assert cursor.fetchall() == [(period_start(period, day), period_end(period, day)) for day in dates]
        for born in (date(1980, 2, 29), date(1975, 12, 31), date(1990, 1, 1), date(1984, 3, 1)):
            cursor.execute("SELECT visits_next_birthday(%s, d) FROM unnest(%s::date[]) d", [born, dates])
            assert [row[0] for row in cursor.fetchall()] == [next_birthday(born, day) for day in dates]
            cursor.execute("SELECT visits_next_birthday(%s, true, d) FROM unnest(%s::date[]) d", [born, dates])
            assert [row[0] for row in cursor.fetchall()] == [next_birthday(born, day, is_lunar=True) for day in dates]
