"""A year with planted causes: what the product says of it must match what really was, within its intervals."""

from datetime import date

import numpy as np
import pytest

from retention.actions.review import review
from retention.actions.snapshots import label
from retention.models import ModelReview, RiskModel, RiskSnapshot
from retention.science.metrics import at_the_top, roc_auc
from retention.science.training import train_challenger
from tests.retention.churn_world import vip
from tests.retention.simulated_year import crowd, live
from tests.visits.ledger_world import at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
LAST = date(2026, 8, 1)


def year(cast, number, **more):
    """Everybody of the year, their outcomes told by the product's own labels."""
    customers = crowd(vip(cast, "silver"), number)
    truth = live(customers, LAST, **more)
    label(TODAY, reach=400)
    return truth


def told(now=None):
    return review(now=at(TODAY, 3), today=TODAY)


def test_the_back_test_says_what_really_was(cast):
    """T13: losses, AUC, lift and what-if of a simulated quarter are those of the truth, month by month."""
    truth = year(cast, 320, months=2)
    figures = told()
    assert sum(row["lost"] for row in figures["months"]) == sum(truth.lost)
    rows = list(RiskSnapshot.unscoped.filter(taken_on=LAST).values_list("probability", "is_lost"))
    chance, lost = (np.array(values) for values in zip(*rows, strict=True))
    month = figures["months"][-1]
    assert month["auc"] == pytest.approx(roc_auc(lost, chance), abs=2e-4)
    tenth = next(row for row in figures["lift"] if row["share"] == 0.10)
    assert tenth["lift"] == pytest.approx(at_the_top(lost, chance, 0.10)[0], rel=0.35)
    for row in figures["what_if"]:
        assert row["real"] + row["missed"] == int(lost.sum()) and row["alerts"] == row["places"]
    assert sum(row["lost"] for row in figures["calibration"]) == sum(truth.lost)
    assert ModelReview.objects.get().figures["as_of"] == "2026-11-20"


def test_the_saved_rate_is_never_claimed_without_evidence(cast):
    """T13: arms are counted as they were; a few dozen customers prove nothing and the answer says so."""
    truth = year(cast, 160, months=1)
    arms = told()["arms"]
    assert (arms["control"], arms["control_lost"]) == truth.control
    assert (arms["treated"], arms["treated_lost"]) == truth.treated
    assert arms["low"] <= arms["rate"] <= arms["high"]
    assert arms["is_proved"] is False


def test_too_few_events_leave_the_experts_points_in_force(cast):
    """T4: below thirty losses nothing is learned, and why is said."""
    year(cast, 40, months=1)
    answer = train_challenger(now=at(TODAY, 3), today=TODAY)
    assert answer["model"] is None and answer["stage"] == "expert"
    assert RiskModel.objects.count() == 1


@pytest.mark.slow
def test_a_long_year_is_learned_from(cast):
    """T13, T1: with thousands of customers the saved rate lies in its interval and is proved, the challenger learned on
    early months ranks the later ones nearly as well as the truth, and its chances are true."""
    truth = year(cast, 9000, months=9)
    arms = told()["arms"]
    real = truth.control[1] / truth.control[0] - truth.treated[1] / truth.treated[0]
    assert arms["low"] <= real <= arms["high"] and arms["is_proved"]
    answer = train_challenger(now=at(TODAY, 3), today=TODAY)
    row = RiskModel.objects.get(pk=answer["model"])
    assert row.stage == "scorecard" and row.metrics["events"] > 25
    later = RiskSnapshot.unscoped.filter(taken_on__gte=row.metrics["from"]).order_by("taken_on", "customer_id")
    assert later.count() == row.metrics["rows"]
    best = roc_auc(np.array(truth.lost), np.array(truth.chances))
    assert row.metrics["challenger"]["roc_auc"] > best - 0.06
    assert row.metrics["challenger"]["roc_auc"] > row.metrics["in_force"]["roc_auc"] - 0.02
    assert 0.6 < row.metrics["challenger"]["calibration_slope"] < 1.6
