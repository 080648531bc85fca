"""The page of the model: what it shows, who edits points, who may take over and who may not."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from retention.models import ModelReview, RiskModel
from retention.rules.evidence import arm_needed, drift_limit, psi, saved_rate, survival
from retention.rules.promotion import hindrances

pytestmark = pytest.mark.django_db
GOOD = {"events": 60, "auc_gain_se": 0.01, "challenger": {"roc_auc": 0.8, "brier": 0.02, "lift": 3.0},
        "in_force": {"roc_auc": 0.7, "brier": 0.03, "lift": 2.0}}  # fmt: skip
TOLD = {
    "as_of": "2026-11-20", "quarter": "2026-08-01", "silent": ["usage"],
    "capacity": {"per_manager": 5, "managers": 8, "customers": 800},
    "months": [{"month": "2026-08", "rows": 800, "lost": 31, "expected": 12.4, "auc": 0.81, "places": 40, "hits": 22,
                "lift": 14.2}],
    "what_if": [{"places": 5, "alerts": 40, "real": 22, "missed": 9}],
    "lift": [{"share": 0.1, "places": 80, "hits": 25, "lost": 31, "lift": 8.06}],
    "calibration": [{"rows": 80, "expected": 0.01, "lost": 1, "rate": 0.0125}, {"rows": 80, "expected": 0.2, "lost": 3,
                     "rate": 0.0375}],
    "drift": {"from": "2025-11-01", "to": "2026-11-01", "rows": 800, "limit": 0.1, "score": 0.02, "signals": [
        {"code": "usage_drop", "psi": 0.3, "missing_before": 0.0, "missing_now": 0.2},
        {"code": "tenure", "psi": 0.01, "missing_before": 0.0, "missing_now": 0.0}]},
    "arms": {"control": 20, "control_lost": 6, "treated": 22, "treated_lost": 4, "rate": 0.118, "low": -0.13,
             "high": 0.35, "is_proved": False, "needed": 230, "cost": 900.0, "cost_per_save": 346.0},
    "alerts": [{"trigger": "capacity", "alerts": 40, "saved": 12, "lost": 3, "false_alarm": 4, "open": 6}],
    "survival": [{"months": 12, "share": 0.93, "low": 0.91, "high": 0.95}, {"months": 24, "share": 0.88, "low": 0.85,
                  "high": 0.9}],
}  # fmt: skip


@pytest.fixture
def headquarters(client, cast):
    """Somebody who keeps the model."""
    client.force_login(cast.group_department)
    return client


def challenger(**metrics):
    """A version that waits."""
    current = RiskModel.objects.get(state="in_force")
    told = GOOD | {"against": current.pk} | metrics
    return RiskModel.objects.create(
        stage="scorecard", state="challenger", table=current.table, created_at=timezone.now(), metrics=told,
        training={"events": 160, "rows": 9000},
    )  # fmt: skip


def take(client, row, deed="promote"):
    """Press the button."""
    seen = RiskModel.objects.get(state="in_force").pk
    return client.post(reverse("retention:model_take", args=[row.pk]), {"deed": deed, "seen": seen})


def test_the_page_says_what_came_of_what_was_foretold(headquarters):
    """T13: what-if, calibration, lift at capacity, months, saved rate, drift, survival, silent feed."""
    page = headquarters.get(reverse("retention:model"))
    assert page.status_code == 200
    ModelReview.objects.create(
        made_on=date(2026, 11, 20), made_at=timezone.now(), model=RiskModel.objects.get(), figures=TOLD
    )
    text = headquarters.get(reverse("retention:model"), headers={"accept-language": "en"}).content.decode()
    for said in (
        "<b>40</b> alerts, <b>22</b> real, <b>9</b> missed", "Not enough evidence yet", "+11.8 points",
        "-13.0 to +35.0", "After 1 years 93 %, between 91 % and 95 %", "Foretold: 17 losses. Happened: 4.",
        "is silent", "22 in 40 alerts", "8.06 times",
    ):  # fmt: skip
        assert said in text, said
    assert text.count("ti-arrows-shuffle") == 1


def test_points_are_edited_as_a_new_version(headquarters):
    """RET-3: the old version stays as it was; the new one is in force; the wrong is refused beside the form."""
    current = RiskModel.objects.get(state="in_force")
    url = reverse("retention:version", args=[current.pk])
    assert headquarters.get(url).status_code == 200
    answer = headquarters.post(url, {"note": "投诉更重", "p-0-b0": "7"})
    assert answer.status_code == 302
    new = RiskModel.objects.get(state="in_force")
    assert new.pk != current.pk and new.table["features"][0]["bins"][0]["points"] == 7
    current.refresh_from_db()
    assert current.state == "retired" and current.table["features"][0]["bins"][0]["points"] == 0
    url = reverse("retention:version", args=[new.pk])
    assert headquarters.post(url, {"note": "x", "p-0-b0": "7.5"}).status_code == 400
    assert headquarters.post(url, {"p-0-b0": "8"}).status_code == 400
    old = reverse("retention:version", args=[current.pk])
    assert headquarters.post(old, {"note": "x", "p-0-b0": "9"}).status_code == 409


def test_a_challenger_takes_over_only_when_it_was_better(headquarters):
    """Stages: AUC by more than one standard error, Brier and lift not worse, a later window with losses; then back."""
    first = RiskModel.objects.get(state="in_force")
    for metrics in ({"auc_gain_se": 0.2}, {"events": 0}, {"events": 5}, {"against": 0}):
        take(headquarters, challenger(**metrics))
        assert RiskModel.objects.get(state="in_force") == first, metrics
    better = challenger()
    take(headquarters, better)
    assert RiskModel.objects.get(state="in_force") == better
    take(headquarters, first, "back")
    assert RiskModel.objects.get(state="in_force") == first
    worse = dict(GOOD["in_force"]) | {"lift": 9.0, "brier": 0.001}
    assert hindrances(GOOD | {"in_force": worse}) == ("brier_worse", "lift_worse")


def test_only_headquarters_sees_the_model(client, cast):
    """screens 8: the page is for headquarters."""
    client.force_login(cast.supervisor)
    assert client.get(reverse("retention:model")).status_code == 403


def test_evidence_is_weighed_as_the_books_say():
    """T13: sample sizes for 80 % power, Newcombe's interval, drift beyond noise, Kaplan and Meier."""
    assert [arm_needed(*pair) for pair in ((0.3, 0.2), (0.5, 0.4), (0.2, 0.15), (0.1, 0.08))] == [291, 385, 903, 3211]
    assert not saved_rate(control=20, control_lost=9, treated=300, treated_lost=30).is_proved
    proved = saved_rate(control=400, control_lost=120, treated=400, treated_lost=80)
    assert proved.is_proved and proved.low > 0
    assert saved_rate(control=0, control_lost=0, treated=5, treated_lost=1).rate is None
    assert drift_limit(100) == pytest.approx(0.42) and drift_limit(100_000) == 0.1
    assert psi([90, 10], [60, 40]) > 0.4
    assert [round(stay, 3) for stay, _low, _high in survival([1, 0, 1], [1, 1, 1])] == [0.8, 0.8, 0.4]
