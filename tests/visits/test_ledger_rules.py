"""The pure rules of the ledger: windows, states, credit, what lists show, the freeze."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.core.rules import Calendar
from visits.rules import (
    Cell,
    CountingRow,
    DutyFacts,
    Holding,
    Promise,
    VisitFacts,
    Window,
    counts,
    credit_of_miss,
    due_on_after_tier_change,
    face_to_face_due_on,
    freezes_at,
    next_due_on,
    opened_through_after_tier_change,
    report_due_on,
    settling_visit,
    standing_of,
    state_of,
    window_on,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
PERIOD = {"diamond": "month", "gold": "month", "silver": "quarter"}
LONG_AGO = date(2020, 1, 1)


def duty(starts_on, due_on, **more):
    return DutyFacts(**{"purpose": "contact", "starts_on": starts_on, "owed_from": starts_on, "due_on": due_on} | more)


def seen(day, hour=10, number=1, **more):
    values = {"id": number, "occurred_at": datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)}
    return VisitFacts(**values | {"occurred_on": day, "counts": True, "manager_id": 1} | more)


def shown(today, duties, *, last=None, period="month", through=None, face=""):
    through = through or max(row.due_on for row in duties)
    return standing_of(
        Promise(period, face), duties, last_visit_on=last, opened_through=through, today=today, soon_days=7
    )


@pytest.mark.parametrize(
    ("period", "on", "starts_on", "due_on"),
    [
        ("month", date(2026, 6, 1), date(2026, 6, 1), date(2026, 6, 30)),
        ("month", date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        ("quarter", date(2026, 5, 20), date(2026, 4, 1), date(2026, 6, 30)),
        ("half", date(2026, 12, 31), date(2026, 7, 1), date(2026, 12, 31)),
        ("year", date(2026, 1, 1), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_promise_is_a_calendar_period(period, on, starts_on, due_on):
    """CON-1, CON-2, CUS-3: calendar month, quarter, half-year and year, never rolling."""
    assert window_on(period, on, LONG_AGO) == Window(starts_on, starts_on, due_on)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (date(2026, 6, 1), Window(date(2026, 6, 1), date(2026, 6, 1), date(2026, 6, 30))),
        (date(2026, 6, 10), Window(date(2026, 6, 1), date(2026, 6, 10), date(2026, 6, 30))),
        (date(2026, 6, 20), Window(date(2026, 6, 1), date(2026, 6, 20), date(2026, 6, 30))),
        (date(2026, 6, 21), Window(date(2026, 7, 1), date(2026, 7, 1), date(2026, 7, 31))),
        (date(2026, 6, 30), Window(date(2026, 7, 1), date(2026, 7, 1), date(2026, 7, 31))),
    ],
)
def test_the_first_due_day_is_at_least_ten_days_away(since, expected):
    """D6: first due = end of the current period, but ≥ 10 days away, else the end of the next."""
    assert window_on("month", since, since) == expected
    assert expected.is_whole == (expected.owed_from == expected.starts_on)


def test_nothing_is_owed_before_the_day_one_becomes_owed():
    """Design 4: a unit's ledger starts at its go-live date."""
    assert window_on("month", date(2026, 6, 9), date(2026, 6, 10)) is None
    assert window_on("", date(2026, 6, 9), LONG_AGO) is None


# Decisions 5: six changes × three weeks of a period (the first, a middle and the last week of May 2026).
# The open row is due 31 May under a monthly rule, 30 June under the quarterly one.
CHANGES = [
    ("diamond", "gold", date(2026, 5, 5), date(2026, 5, 31), date(2026, 5, 31)),
    ("diamond", "gold", date(2026, 5, 18), date(2026, 5, 31), date(2026, 5, 31)),
    ("diamond", "gold", date(2026, 5, 27), date(2026, 5, 31), date(2026, 5, 31)),
    ("gold", "diamond", date(2026, 5, 5), date(2026, 5, 31), date(2026, 5, 31)),
    ("gold", "diamond", date(2026, 5, 18), date(2026, 5, 31), date(2026, 5, 31)),
    ("gold", "diamond", date(2026, 5, 27), date(2026, 5, 31), date(2026, 5, 31)),
    ("diamond", "silver", date(2026, 5, 5), date(2026, 5, 31), date(2026, 6, 30)),
    ("diamond", "silver", date(2026, 5, 18), date(2026, 5, 31), date(2026, 6, 30)),
    ("diamond", "silver", date(2026, 5, 27), date(2026, 5, 31), date(2026, 6, 30)),
    ("gold", "silver", date(2026, 5, 5), date(2026, 5, 31), date(2026, 6, 30)),
    ("gold", "silver", date(2026, 5, 18), date(2026, 5, 31), date(2026, 6, 30)),
    ("gold", "silver", date(2026, 5, 27), date(2026, 5, 31), date(2026, 6, 30)),
    ("silver", "diamond", date(2026, 5, 5), date(2026, 5, 31), date(2026, 5, 31)),
    ("silver", "diamond", date(2026, 5, 18), date(2026, 5, 31), date(2026, 5, 31)),
    ("silver", "diamond", date(2026, 5, 27), date(2026, 6, 30), date(2026, 5, 31)),
    ("silver", "gold", date(2026, 5, 5), date(2026, 5, 31), date(2026, 5, 31)),
    ("silver", "gold", date(2026, 5, 21), date(2026, 5, 31), date(2026, 5, 31)),
    ("silver", "gold", date(2026, 5, 22), date(2026, 6, 30), date(2026, 5, 31)),
]


@pytest.mark.parametrize(("before", "after", "on", "due_on", "opened_through"), CHANGES)
def test_a_tier_change_takes_the_stricter_window(before, after, on, due_on, opened_through):
    """Decisions 5: min(old, end of the new rule's period if ≥ 10 days away); the new rule starts with its next."""
    old = window_on(PERIOD[before], on, LONG_AGO)
    assert due_on_after_tier_change(old.due_on, PERIOD[after], on) == due_on
    assert opened_through_after_tier_change(PERIOD[after], on) == opened_through


def test_a_tier_given_back_within_the_period_owes_no_second_contact():
    """Decisions 5: one contact per period; gold → silver → gold in July leaves July as it was and opens August."""
    through = opened_through_after_tier_change("month", date(2026, 7, 10), (date(2026, 7, 1),))
    assert through == date(2026, 7, 31)
    # Silver again whose third quarter was cut to 31 July: the quarter stays that row's.
    assert opened_through_after_tier_change("quarter", date(2026, 7, 10), (date(2026, 7, 1),)) == date(2026, 9, 30)


def test_only_a_contact_that_counts_settles_and_the_earliest_wins():
    """CON-8 and decisions 2."""
    june = duty(date(2026, 6, 1), date(2026, 6, 30))
    visits = [
        seen(date(2026, 5, 31), number=1),
        seen(date(2026, 6, 3), number=2, counts=False),
        seen(date(2026, 6, 9), hour=15, number=3),
        seen(date(2026, 6, 9), hour=9, number=4),
        seen(date(2026, 7, 1), number=5),
    ]
    assert settling_visit(june, visits).id == 4
    assert state_of(june, visits, date(2026, 6, 10)) == "met"
    assert state_of(june, visits[:2], date(2026, 6, 30)) == "open"
    assert state_of(june, visits[:2], date(2026, 7, 1)) == "provisional"


def test_a_visit_before_one_became_owed_is_no_credit():
    """Decisions 7: no credit before the unit's go-live."""
    june = duty(date(2026, 6, 1), date(2026, 6, 30), owed_from=date(2026, 6, 10))
    assert settling_visit(june, [seen(date(2026, 6, 9))]) is None
    assert settling_visit(june, [seen(date(2026, 6, 10))]) is not None


def test_a_face_to_face_duty_needs_a_face_to_face_channel():
    """CON-4: an important VIP with only SMS contacts is F2F overdue."""
    quarter = duty(date(2026, 4, 1), date(2026, 6, 30), purpose="face_to_face")
    assert state_of(quarter, [seen(date(2026, 5, 5))], date(2026, 7, 1)) == "provisional"
    assert state_of(quarter, [seen(date(2026, 5, 5), is_face_to_face=True)], date(2026, 7, 1)) == "met"


def test_excused_and_frozen_and_void_rows():
    """Decisions 2 and design 4: a contact beats an excuse; after the freeze a row never changes; void stays void."""
    june = duty(date(2026, 6, 1), date(2026, 6, 30), is_excused=True)
    assert state_of(june, [], date(2026, 7, 1)) == "excused"
    assert state_of(june, [seen(date(2026, 6, 5))], date(2026, 7, 1)) == "met"
    frozen = duty(date(2026, 6, 1), date(2026, 6, 30), state="missed", is_frozen=True)
    assert state_of(frozen, [seen(date(2026, 6, 5))], date(2026, 7, 20)) == "missed"
    void = duty(date(2026, 6, 1), date(2026, 6, 30), state="void")
    assert state_of(void, [seen(date(2026, 6, 5))], date(2026, 6, 6)) == "void"


@pytest.mark.parametrize(
    ("holdings", "credited"),
    [
        ([Holding(1, LONG_AGO)], 1),
        ([Holding(1, LONG_AGO, date(2026, 6, 11)), Holding(2, date(2026, 6, 11))], 2),
        ([Holding(1, LONG_AGO, date(2026, 6, 21)), Holding(2, date(2026, 6, 21))], 1),
        ([Holding(1, LONG_AGO, date(2026, 6, 16)), Holding(2, date(2026, 6, 16))], 2),  # 15 days each: the last
        (
            [
                Holding(1, LONG_AGO, date(2026, 6, 11)),
                Holding(2, date(2026, 6, 11), date(2026, 6, 25)),
                Holding(1, date(2026, 6, 25)),
            ],
            1,
        ),
        ([Holding(1, LONG_AGO, date(2026, 6, 4))], 1),  # nobody afterwards: he held it longest
        ([Holding(1, LONG_AGO, date(2026, 6, 1)), Holding(2, date(2026, 7, 1))], None),
        ([], None),
    ],
)
def test_a_miss_counts_for_who_held_the_customer_longest(holdings, credited):
    """Decisions 6: longest in the window, tie the last, nobody: the customer's unit."""
    assert credit_of_miss(date(2026, 6, 1), date(2026, 6, 30), holdings) == credited


def test_the_check_of_monthly_contact():
    """CON-1: last contact 3 May: 24 June due soon; 30 June not overdue; 1 July overdue, June non-compliant."""
    may = duty(date(2026, 5, 1), date(2026, 5, 31), state="met")
    june = duty(date(2026, 6, 1), date(2026, 6, 30), suggested_on=date(2026, 6, 9))
    last = date(2026, 5, 3)
    assert shown(date(2026, 5, 4), [may], last=last).next_due_on == date(2026, 6, 30)
    assert shown(date(2026, 6, 22), [may, june], last=last).duty_state == "open"
    assert shown(date(2026, 6, 24), [may, june], last=last).duty_state == "due_soon"
    assert shown(date(2026, 6, 30), [may, june], last=last).is_overdue is False
    missed = duty(date(2026, 6, 1), date(2026, 6, 30), state="provisional")
    july = duty(date(2026, 7, 1), date(2026, 7, 31), suggested_on=date(2026, 7, 8))
    first_of_july = shown(date(2026, 7, 1), [may, missed, july], last=last)
    assert (first_of_july.is_overdue, first_of_july.duty_state) == (True, "overdue")
    assert first_of_july.next_due_on == date(2026, 7, 31)
    # The night has not run yet: overdue all the same, a comparison.
    assert shown(date(2026, 7, 1), [may, june], last=last).is_overdue is True


def test_the_check_of_quarterly_contact():
    """CON-2: last contact 10 February: 30 June fine; 1 July overdue."""
    first = duty(date(2026, 1, 1), date(2026, 3, 31), state="met")
    second = duty(date(2026, 4, 1), date(2026, 6, 30))
    last = date(2026, 2, 10)
    assert shown(date(2026, 2, 11), [first], last=last, period="quarter").next_due_on == date(2026, 6, 30)
    assert not shown(date(2026, 6, 30), [first, second], last=last, period="quarter").is_overdue
    assert shown(date(2026, 7, 1), [first, second], last=last, period="quarter").is_overdue


def test_overdue_ends_with_the_next_valid_visit():
    """Decisions 1: the newest ended period was missed and no valid visit since."""
    missed = duty(date(2026, 6, 1), date(2026, 6, 30), state="missed")
    met = duty(date(2026, 7, 1), date(2026, 7, 31), state="met")
    today = shown(date(2026, 7, 9), [missed, met], last=date(2026, 7, 8))
    assert (today.is_overdue, today.duty_state, today.next_due_on) == (False, "met", date(2026, 8, 31))


def test_an_excused_period_is_not_overdue_and_the_highest_revision_is_read():
    """Decisions 2 and 6."""
    excused = duty(date(2026, 6, 1), date(2026, 6, 30), state="excused")
    july = duty(date(2026, 7, 1), date(2026, 7, 31))
    assert not shown(date(2026, 7, 2), [excused, july]).is_overdue
    missed = duty(date(2026, 6, 1), date(2026, 6, 30), state="missed")
    corrected = duty(date(2026, 6, 1), date(2026, 6, 30), state="met", revision=2)
    assert shown(date(2026, 7, 20), [missed, july]).is_overdue
    assert not shown(date(2026, 7, 20), [missed, corrected, july]).is_overdue


def test_nothing_is_owed_to_a_customer_without_a_promise():
    """CUS-31: a churned customer drops from the due list."""
    missed = duty(date(2026, 6, 1), date(2026, 6, 30), state="missed")
    facts = shown(date(2026, 7, 2), [missed], period="")
    assert (facts.is_overdue, facts.duty_state, facts.next_due_on) == (False, "none", date(9999, 12, 31))


def test_the_face_to_face_flag_is_separate():
    """CON-4: separate overdue flag; it ends when he was met face to face."""
    missed = duty(date(2026, 1, 1), date(2026, 3, 31), purpose="face_to_face", state="provisional")
    second = duty(date(2026, 4, 1), date(2026, 6, 30), purpose="face_to_face")
    met = duty(date(2026, 4, 1), date(2026, 6, 30), purpose="face_to_face", state="met")
    april = date(2026, 4, 10)
    assert face_to_face_due_on("quarter", [second], april) == date(2026, 6, 30)
    assert face_to_face_due_on("quarter", [missed, second], april) == date(2026, 3, 31)  # in the past: overdue
    assert face_to_face_due_on("quarter", [missed, met], april) == date(2026, 9, 30)
    assert face_to_face_due_on("", [missed, second], april) == date(9999, 12, 31)


def test_next_due_after_a_met_period_is_the_end_of_the_next():
    """CON-1: next due = last day of the month after the one with the last valid contact."""
    assert next_due_on("month", date(2026, 1, 31)) == date(2026, 2, 28)
    assert next_due_on("quarter", date(2026, 12, 31)) == date(2027, 3, 31)


def test_bulk_never_counts_and_the_newest_row_of_its_day_decides():
    """CON-8, D7 and decisions 7: the table is effective-dated; no row: does not count."""
    sms = Cell("sms", "outbound", "record", "effective")
    table = [
        CountingRow(sms, True, date(2020, 1, 1)),
        CountingRow(sms, False, date(2026, 7, 1)),
    ]
    assert counts(sms, date(2026, 6, 30), table)
    assert not counts(sms, date(2026, 7, 1), table)
    assert not counts(Cell("sms", "outbound", "record", "effective", is_bulk=True), date(2026, 6, 30), table)
    assert not counts(sms, date(2019, 12, 31), table)


def library_calendar():
    from chinese_calendar import constants

    return Calendar(frozenset(constants.holidays), frozenset(constants.workdays), frozenset(range(2004, 2027)))


@pytest.mark.parametrize(
    ("month", "report", "freeze"),
    [
        (date(2025, 9, 1), date(2025, 10, 9), date(2025, 10, 10)),
        (date(2026, 3, 1), date(2026, 4, 7), date(2026, 4, 8)),
        (date(2026, 4, 1), date(2026, 5, 6), date(2026, 5, 7)),
        (date(2026, 5, 1), date(2026, 6, 5), date(2026, 6, 8)),
        (date(2026, 12, 1), date(2027, 1, 5), date(2027, 1, 6)),
    ],
)
def test_a_month_freezes_at_five_on_the_working_day_after_the_report(month, report, freeze):
    """PLAN-11 and decisions 3: the checked dates, make-up days and holidays respected."""
    calendar = library_calendar()
    assert report_due_on(month, calendar) == report
    assert freezes_at(month, calendar, SHANGHAI) == datetime(freeze.year, freeze.month, freeze.day, 5, tzinfo=SHANGHAI)


def test_windows_of_a_period_never_leave_a_gap_or_overlap():
    """Decisions 4: for every day of two years the running window holds the day or begins right after it."""
    for period in ("month", "quarter", "half", "year"):
        for offset in range(731):
            day = date(2026, 1, 1) + timedelta(days=offset)
            window = window_on(period, day, LONG_AGO)
            assert window.starts_on <= day <= window.due_on
            following = window_on(period, window.due_on + timedelta(days=1), LONG_AGO)
            assert following.starts_on == window.due_on + timedelta(days=1)
