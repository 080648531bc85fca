"""The pure rules of these pages: quiet hours, birthdays, ready texts, the next best action."""

from datetime import date, time

import pytest

from workbench.rules import Facts, is_quiet_time, next_best, next_birthday, ready_texts

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("at", "start", "end", "quiet"),
    [
        (time(23), time(22), time(7), True),
        (time(6, 59), time(22), time(7), True),
        (time(7), time(22), time(7), False),
        (time(12, 30), time(12), time(14), True),
        (time(14), time(12), time(14), False),
        (time(12), None, time(14), False),
        (time(12), time(12), time(12), False),
    ],
)
def test_quiet_hours_may_pass_midnight(at, start, end, quiet):
    """CUS-29."""
    assert is_quiet_time(at, start, end) is quiet


@pytest.mark.parametrize(
    ("born", "today", "comes"),
    [
        (date(1990, 3, 10), TODAY, date(2026, 3, 10)),
        (date(1990, 3, 9), TODAY, date(2027, 3, 9)),
        (date(1988, 2, 29), date(2026, 2, 1), date(2026, 2, 28)),
        (date(1988, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (date(1986, 5, 4), date(2026, 5, 1), date(2026, 5, 4)),
        (None, TODAY, None),
    ],
)
def test_a_birthday_comes_round(born, today, comes):
    """Bad input 23: 29 February is kept on the 28th in common years."""
    assert next_birthday(born, today) == comes


def test_who_wants_no_marketing_gets_no_marketing_text():
    """CUS-29."""
    assert any(text.is_marketing for text in ready_texts(no_marketing=False))
    assert not any(text.is_marketing for text in ready_texts(no_marketing=True))


def test_the_texts_that_fit_the_moment_come_first():
    """CON-9."""
    assert [text.occasion for text in ready_texts(no_marketing=False, occasions=["birthday", "reward"])][:2] == [
        "birthday",
        "reward",
    ]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"state": "churned", "is_overdue": True}, "gone"),
        ({"has_manager": False, "is_overdue": True}, "no_manager"),
        ({"call_back_on": TODAY, "promised_on": TODAY, "is_overdue": True}, "call_back"),
        ({"promised_on": TODAY, "is_overdue": True}, "promise"),
        ({"promised_on": date(2026, 3, 11), "is_overdue": True}, "overdue"),
        ({"is_introduction": True, "is_overdue": True}, "introduction"),
        ({"mendable_until": TODAY, "due_on": TODAY}, "back_date"),
        ({"face_to_face_due_on": date(2026, 3, 12), "due_on": TODAY}, "face_to_face"),
        ({"due_on": date(2026, 3, 17)}, "at_risk"),
        ({"due_on": date(2026, 3, 18), "birthday_on": date(2026, 3, 12)}, "birthday"),
        ({"due_on": date(2026, 3, 18), "has_leader": False}, "no_leader"),
        ({"due_on": date(2026, 3, 18), "missing_fields": 2}, "incomplete"),
        ({"due_on": date(2026, 3, 18)}, "due"),
        ({}, "nothing"),
    ],
)
def test_the_next_best_action_follows_the_order_of_today(facts, code):
    """CUS-35: clocks, promises, what is late, what is due; the profile when nothing presses."""
    assert next_best(Facts(today=TODAY, **facts)).code == code
