"""One plain sentence per figure: what is missing, of whom, what can still be done (screens 10)."""

from decimal import Decimal

import pytest
from django.utils import translation

from kpi.rules.sentences import Figures, Saying, needed_for, room_for, sentence
from kpi.sentence_words import sentence_words


def figures(n, d, **more):
    values = {"display": "percent", "direction": "up", "target": Decimal(100), "is_met": False}
    return Figures(numerator=Decimal(n), denominator=Decimal(d), **values | more)


def said(measure="contact_diamond_gold", *, by_unit=False, **more):
    with translation.override("en"):
        return sentence_words(sentence(figures(**more)), measure, by_unit=by_unit)


def test_the_sentence_of_the_issue():
    """Issue 5: "gold contact 92 %: 31 customers of 4 managers missing, 5 can still be mended"."""
    assert said(n=356, d=387, owners=4, mendable=5) == "31 customers of 4 managers missing, 5 can still be mended."
    with translation.override("zh-hans"):
        text = sentence_words(sentence(figures(356, 387, owners=4, mendable=5)), "contact_diamond_gold")
    assert text == "4 名客户经理还差 31 位客户，其中 5 项仍可补救。"


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"n": 0, "d": 0}, "Nothing to count in this period."),
        ({"n": 9, "d": 9, "is_met": True}, "All done, 9 customers."),
        ({"n": 8, "d": 9}, "1 customer missing."),
        ({"n": 8, "d": 9, "mendable": 1}, "1 customer missing, all can still be mended."),
        ({"n": 8, "d": 10, "target": Decimal(85), "mendable": 2, "owners": 2, "by_unit": True},
         "2 customers of 2 units missing, all can still be mended, 1 make the target."),
        ({"n": 5, "d": 10, "mendable": 2, "is_out_of_reach": True},
         "5 customers missing, 2 can still be mended, the target is out of reach."),
        ({"n": 118, "d": 100, "is_met": True}, "18 customers beyond what was asked."),
        ({"n": 14, "d": 400, "direction": "down", "target": Decimal("3.5"), "is_strict": True},
         "14 customers lost of 400, 1 more than the target allows."),
        ({"n": 13, "d": 400, "direction": "down", "target": Decimal("3.5"), "is_strict": True},
         "13 customers lost of 400, the target allows none more."),
        ({"n": 0, "d": 400, "direction": "down", "target": Decimal("3.5"), "is_strict": True},
         "None so far, the target allows 13 more."),
        ({"n": 2, "d": 0, "direction": "down", "display": "count", "target": Decimal(0)},
         "2 customers, 2 more than the target allows."),
        ({"n": 190, "d": 2, "direction": "down", "display": "minutes"}, "On average over 2 customers."),
        ({"n": 8, "d": 3635, "direction": "down", "display": "per_hundred"}, "8 customers among 3,635 customers."),
        ({"n": 86, "d": 100, "display": "score"}, "86.0 of 100 points."),
        ({"n": 170, "d": 200, "display": "score"}, "On average over 2 results."),
    ],
)  # fmt: skip
def test_every_kind_of_figure_has_its_sentence(more, text):
    """Screens 10: shares, losses with their room, counts, means, rates, points."""
    assert said(**more) == text


def test_losses_are_told_by_how_many_are_left():
    """RET-1, RET-2: 离网余量."""
    plain = {"d": 400, "direction": "down", "target": Decimal("3.5"), "is_strict": True}
    assert said("churn_vip", n=10, **plain) == "10 customers lost of 400, 3 losses left."
    assert said("churn_vip", n=0, **plain) == "None so far, 13 losses left."


def test_net_customers_are_told_as_more_or_fewer():
    """RET-18."""
    plain = {"d": 0, "display": "count", "target": Decimal(0)}
    assert said("net_customers", n=-3, **plain) == "3 customers fewer than before."
    assert said("net_customers", n=2, **plain) == "2 customers more than before."
    assert said("quality_customers", n=199, **plain) == "199 customers."


def test_needed_and_room_agree_with_trying_each_number():
    """KPI-50: the edges 85.0 met and 3.50 % missed, counted on."""
    for target, is_strict in ((Decimal("85"), False), (Decimal("85"), True), (Decimal("3.5"), True)):
        for d in (1, 3, 20, 200):
            for n in range(0, d + 1, max(d // 20, 1)):

                def reaches(k, target=target, d=d, is_strict=is_strict):
                    value = Decimal(100) * k / d
                    return value > target if is_strict else value >= target

                def stays(k, target=target, d=d, is_strict=is_strict):
                    value = Decimal(100) * k / d
                    return value < target if is_strict else value <= target

                needed = needed_for(Decimal(n), Decimal(d), target, is_strict=is_strict)
                assert reaches(n + needed) and (needed == 0 or not reaches(n + needed - 1))
                room = room_for(Decimal(n), Decimal(d), target, is_strict=is_strict)
                assert not stays(n + room + 1) and (n + room < 0 or stays(n + room))


def test_each_saying_is_reached():
    """No sentence without a figure that says it."""
    assert {saying.value for saying in Saying} == {
        "nothing", "all_met", "missing", "beyond", "lost", "none", "counted", "gained", "mean", "rate", "score",
        "share",
    }  # fmt: skip
    assert sentence(figures(3, 4, direction="none", target=None)).saying == Saying.SHARE
