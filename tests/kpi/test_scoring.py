"""From values to points, to a score, to ranks (KPI-9, KPI-12): the pure rules."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.rules.card_text import Needs, Unreadable, read_needs, write_needs
from kpi.rules.scoring import Line, half_up, points_of, ranks, score, to_cents

D = Decimal
UP = Line("F14", 3, 3, D(10), "linear", "up", target=D(100), floor=D(60))
CHURN = Line("F1", 1, 1, D(6), "deduct", "down", target=D("3.5"), is_strict=True, each=D("0.5"), takes=D(20))
SURVEY = Line("F8", 2, 1, D(8), "step", "up", steps=((D(90), D(100)), (D(85), D(90)), (D(80), D(75))))
REPORT = Line("F30", 3, 10, D(1), "pass", "up", target=D(100))
COMPLAINTS = Line("F24b", 3, 9, D(1), "linear", "down", target=D(2))


@pytest.mark.parametrize(
    ("line", "value", "points"),
    [
        (UP, "100", 100), (UP, "120", 100), (UP, "80", 50), (UP, "60", 0), (UP, "10", 0),
        (CHURN, "3.49", 100), (CHURN, "3.5", 80), (CHURN, "3.9", 80), (CHURN, "4", 80), (CHURN, "4.01", 60),
        (CHURN, "9", 0), (SURVEY, "90", 100), (SURVEY, "89.99", 90), (SURVEY, "80", 75), (SURVEY, "79.9", 0),
        (REPORT, "100", 100), (REPORT, "99.9999", 0), (COMPLAINTS, "1", 100), (COMPLAINTS, "3", 50),
        (COMPLAINTS, "4", 0),
    ],
)  # fmt: skip
def test_a_value_earns_its_share_of_the_weight(line, value, points):
    """KPI-9: in proportion, by steps, all or nothing, taken away; 3.50 % misses "below 3.5" (RET-1)."""
    assert points_of(line, Fraction(D(value))) == points


def test_without_a_value_or_a_target_there_is_nothing_to_assess():
    """KPI-50: n/a is never 0 or 100."""
    assert points_of(UP, None) is None
    assert points_of(Line("F45", 8, 3, D(1), "linear", "up"), Fraction(3)) is None


def test_a_line_without_data_leaves_its_weight_to_its_category_and_a_category_to_the_others():
    """Issue 5: a category without data is 不适用 and its weight is spread by the stated rule."""
    lines = [
        Line("a", 1, 1, D(25), "pass", "up", target=D(1)),
        Line("b", 3, 1, D(20), "pass", "up", target=D(1)),
        Line("c", 3, 2, D(10), "pass", "up", target=D(1)),
        Line("d", 6, 1, D(45), "pass", "up", target=D(1)),
    ]
    card = score(lines, {"a": Fraction(1), "b": Fraction(0), "c": None, "d": None})
    carried = {one.line.code: one.carries for one in card.lines}
    # Category 3 keeps its 30 (all on b); category 6 gives its 45 to 25 : 30.
    assert carried == {"a": D("45.45"), "b": D("54.55"), "c": D("0.00"), "d": D("0.00")}
    assert card.total == D("45.45")
    assert score(lines, {}).total is None


codes = st.integers(0, 11)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_weights_always_add_up_and_full_marks_are_always_within_reach(data):
    """KPI-9, D18: whatever has data carries exactly 100; the total is the sum of the lines, between 0 and 100."""
    cents = data.draw(st.lists(st.integers(1, 3000), min_size=2, max_size=12))
    parts = to_cents([Fraction(one * 100, sum(cents)) for one in cents], D(100))
    lines = [
        Line(str(place), place % 6 + 1, place, weight, "linear", "up", target=D(100), floor=D(0))
        for place, weight in enumerate(parts)
    ]
    values = {line.code: data.draw(st.none() | st.fractions(0, 100)) for line in lines}
    card = score(lines, values)
    with_weight = [one for one in card.lines if one.points is not None and one.line.weight]
    if not with_weight:
        assert card.total is None
        return
    assert sum(one.carries for one in card.lines) == 100
    assert card.total == sum(one.earned for one in card.lines)
    assert 0 <= card.total <= 100
    best = score(lines, {code: None if value is None else Fraction(100) for code, value in values.items()})
    assert best.total == 100


def test_equals_share_a_place_and_the_next_is_left_out():
    """KPI-12: rank correct on ties: 1, 2, 2, 4; without a score no place."""
    assert ranks([("a", D(90)), ("b", D(95)), ("c", D("90.00")), ("d", D(80)), ("e", None)]) == {
        "b": 1, "a": 2, "c": 2, "d": 4,
    }  # fmt: skip
    assert ranks([]) == {}


def test_halves_are_rounded_up():
    assert [half_up(Fraction(n, 1000)) for n in (125, 124, 5, -125)] == [D("0.13"), D("0.12"), D("0.01"), D("-0.13")]


@pytest.mark.parametrize(
    ("scoring", "text", "needs"),
    [
        ("linear", "", Needs()),
        ("linear", " 60 ", Needs(floor=D(60))),
        ("step", "80=75；90＝100", Needs(steps=((D(90), D(100)), (D(80), D(75))))),
        ("deduct", "0.5=20", Needs(each=D("0.5"), takes=D(20))),
        ("pass", "", Needs()),
    ],
)
def test_what_a_scoring_needs_is_read_and_written_the_same(scoring, text, needs):
    """KPI-9: one field says it."""
    assert read_needs(scoring, text) == needs
    assert read_needs(scoring, write_needs(scoring, needs)) == needs


@pytest.mark.parametrize(
    ("scoring", "text"),
    [("linear", "a"), ("linear", "1;2"), ("step", ""), ("step", "90"), ("step", "90=101"), ("step", "9=1;9=2"),
     ("deduct", ""), ("deduct", "0=5"), ("deduct", "1=0"), ("deduct", "1=2;3=4"), ("pass", "5"), ("linear", "nan"),
     ("linear", "1e9"), ("linear", "0.0001")],
)  # fmt: skip
def test_what_says_nothing_is_refused(scoring, text):
    with pytest.raises(Unreadable):
        read_needs(scoring, text)
