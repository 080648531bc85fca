"""The nights of early warning: scores, alerts by capacity and rise, rest, base rate, snapshots (RET-3, RET-4)."""

import json
from datetime import date, timedelta

import pytest
from django.db import transaction

from accounts.models import Customer, Escalation, Standing, Tier, Unit
from crm.core.errors import Conflict, Invalid, NotAllowed
from crm.core.models import Notice, Parameter, SweepRun
from crm.core.sweeps import run_step
from retention.actions.alerts import act, propose
from retention.actions.models import edit_points
from retention.actions.scoring import model_in_force, values_of
from retention.models import Alert, RiskModel, RiskScore, RiskSnapshot
from retention.queries.scoring import AsOf
from retention.rules.alerts import history_of
from retention.rules.points import score_one
from tests.retention.alert_world import again, alert, attention, score
from tests.retention.churn_world import leaves, many, night, vip
from tests.retention.test_features import agreement, bill, complaint, usage
from tests.visits.ledger_world import at, visit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 10)
A_DAY = timedelta(days=1)


def risks(day, *more):
    """The steps of one night that are about risk."""
    for step in ("score_churn_risk", "settle_base_rate", "raise_alerts", "rebuild_risk_facts", *more):
        run = night(day, step)
        assert not run.detail.get("differences"), (step, run.detail)
    return {row.customer_id: row for row in RiskScore.unscoped.all()}


def stamp(model):
    return sorted(model.unscoped.values_list("pk", "xmin"))


def versions(table):
    """Which rows were written again since: their system columns."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT customer_id, xmin::text, ctid::text FROM {table} ORDER BY 1")
        return cursor.fetchall()


def world(cast):
    """A handful of customers with every kind of signal, and quiet ones."""
    falls, owes, complains, quiet, gone = (vip(cast) for _ in range(5))
    usage(falls, 100, 100, 100, 45)
    for customer in (owes, complains, quiet, gone):
        usage(customer, 100, 100, 100, 100)
        visit(customer, TODAY - 5 * A_DAY, cast=cast)
    visit(falls, TODAY - 5 * A_DAY, cast=cast)
    bill(owes, date(2026, 4, 1))
    bill(quiet, date(2026, 6, 1), paid_on=date(2026, 6, 1))
    complaint(cast, complains, TODAY - 2 * A_DAY)
    agreement(complains, TODAY + 20 * A_DAY)
    leaves(gone, TODAY - A_DAY)
    return falls, owes, complains, quiet, gone


def test_the_night_scores_everybody_as_the_rule_does_and_writes_only_what_changed(cast):
    """RET-3: Python = SQL on every customer; who is gone has no score; the second run writes nothing at all."""
    falls, _owes, complains, _quiet, gone = world(cast)
    scores = risks(TODAY)
    model = model_in_force()
    assert gone.pk not in scores and Standing.unscoped.get(customer=gone).risk is None
    for customer in Customer.unscoped.filter(pk__in=scores):
        found = values_of(customer.pk, AsOf(TODAY, at(TODAY, 0, 30)))
        expected = score_one({code: value for code, (value, _on) in found.items()}, model.table)
        row = scores[customer.pk]
        assert (row.points, row.risk, row.probability) == (
            expected.points, expected.risk, pytest.approx(expected.probability, abs=1e-12),
        )  # fmt: skip
        assert [(code, points) for code, points, *_ in json.loads(row.reasons)] == [
            (r.code, r.points) for r in expected.reasons
        ]
        assert row.missing == list(expected.missing) and row.model_id == model.id
        assert Standing.unscoped.get(customer=customer).risk == row.risk
    assert json.loads(scores[falls.pk].reasons)[0] == ["usage_drop", 40, 0.55, "2026-05-31"]
    assert {reason[0] for reason in json.loads(scores[complains.pk].reasons)} >= {"complaint_open", "agreement_end"}
    before = versions("retention_riskscore")
    assert night(TODAY, "score_churn_risk").rows == 0 and versions("retention_riskscore") == before


def test_days_that_only_pass_write_nothing_and_a_change_keeps_its_history(cast):
    """RET-3: a fact told by its date moves no row; new points are kept with the day they came."""
    customer = vip(cast)
    visit(customer, TODAY - 5 * A_DAY, cast=cast)
    agreement(customer, TODAY + 60 * A_DAY)
    first = risks(TODAY)[customer.pk]
    assert night(TODAY + A_DAY, "score_churn_risk").rows == 0
    complaint(cast, customer, TODAY + A_DAY)
    second = risks(TODAY + 2 * A_DAY)[customer.pk]
    assert second.points > first.points
    assert history_of(second.recent) == [(TODAY, first.points), (TODAY + 2 * A_DAY, second.points)]


def test_a_night_that_is_made_up_for_scores_nobody(cast):
    """RET-3: a score is today's; yesterday's missed night leaves it alone."""
    vip(cast)
    assert run_step("score_churn_risk", TODAY - A_DAY, at(TODAY, 0, 30)).rows == 0
    assert not RiskScore.unscoped.exists()


def test_a_night_in_pieces_killed_midway_finishes_right(cast, monkeypatch):
    """Issue 6: cut by ranges of customers; a piece that dies is done by the next run, and all is as in one go."""
    from retention.sweeps import scoring

    world(cast)
    with transaction.atomic():
        whole = {key: (row.points, row.reasons) for key, row in risks(TODAY).items()}
        transaction.set_rollback(True)
    Parameter.objects.create(key="night_piece", effective_from=date(2020, 1, 1), value=4, set_at=at(TODAY))
    real, calls = scoring.score, []

    def dies(*args, **kwargs):
        calls.append(kwargs.get("params"))
        if len(calls) == 2:
            raise ValueError("killed")
        return real(*args, **kwargs)

    from crm.core import parameters, pieces

    parameters.forget()
    monkeypatch.setattr(pieces, "TRIES", 1)
    monkeypatch.setattr(scoring, "score", dies)
    with pytest.raises(pieces.PiecesLeft):
        night(TODAY, "score_churn_risk")
    assert len(calls) > 2 and RiskScore.unscoped.count() < len(whole)
    monkeypatch.setattr(scoring, "score", real)
    night(TODAY, "score_churn_risk")
    night(TODAY, "settle_base_rate")
    assert {row.customer_id: (row.points, row.reasons) for row in RiskScore.unscoped.all()} == whole
    assert SweepRun.objects.filter(step="score_churn_risk", error="").exists()


def test_the_mean_chance_is_the_base_rate_from_the_first_night_on(cast):
    """churn.md, stage 0: the intercept is solved once there are scores, as a new version; then on the 1st only."""
    world(cast)
    scores = risks(TODAY)
    chances = [row.probability for row in scores.values()]
    assert sum(chances) / len(chances) == pytest.approx(0.02, rel=1e-3)
    assert list(RiskModel.objects.order_by("pk").values_list("state", flat=True)) == ["retired", "in_force"]
    risks(TODAY + A_DAY)
    assert RiskModel.objects.count() == 2


def test_the_night_takes_away_the_score_of_somebody_who_is_no_more(cast):
    """RET-3: scores are derived; one that was made while its customer was being deleted goes with the next night."""
    score(cast.customers["gold"], on=TODAY)
    stray = RiskScore.unscoped.get()
    stray.pk = 2**40
    stray.save(force_insert=True)
    run_step("rebuild_risk_facts", TODAY, at(TODAY))
    assert list(RiskScore.unscoped.values_list("customer_id", flat=True)) == [cast.customers["gold"].pk]


def test_alerts_open_within_capacity_for_the_most_at_risk_and_rest_again(cast):
    """RET-3: top tenth of a manager's customers, no more than he can work on, one each; the second night adds none;
    who fell out of the wider circle is closed by the night."""
    rows = many(cast, 40)
    Standing.unscoped.bulk_create(
        Standing(customer=row, unit_id=row.unit_id, manager_id=row.manager_id, tier_rank=3, value=100 + n)
        for n, row in enumerate(rows)
    )
    for place, row in enumerate(rows):
        score(row, points=80 - place, probability=0.4 - place / 100, on=TODAY, recent=[9000, 80 - place],
              reasons=[["arrears_days", 26, None, "2026-04-01"]], level="red" if place < 10 else "")  # fmt: skip
    Standing.unscoped.exclude(customer__in=rows).delete()
    Parameter.objects.create(key="alert_capacity", effective_from=date(2020, 1, 1), value=3, set_at=at(TODAY))
    from crm.core import parameters

    parameters.forget()
    assert night(TODAY, "raise_alerts").detail["opened"] == 3
    opened = list(Alert.unscoped.order_by("customer_id"))
    # Of the four of the tenth, those with the greatest risk times value.
    assert {row.customer_id for row in opened} <= {row.pk for row in rows[:4]}
    assert {(row.trigger, row.level, row.is_control) for row in opened} == {("capacity", "red", False)}
    assert Notice.objects.filter(kind="alerts_opened", user=cast.manager).get().params == {"count": 3}
    assert all(len(attention(row.customer)) == 1 for row in opened)
    assert night(TODAY, "raise_alerts").rows == 0 and night(TODAY + A_DAY, "raise_alerts").rows == 0
    calm = opened[0]
    act(alert_id=calm.pk, note="已拜访", by=cast.manager, now=at(TODAY + A_DAY))
    RiskScore.unscoped.filter(customer=calm.customer).update(probability=0.001, level="", points=0)
    assert night(TODAY + 3 * A_DAY, "raise_alerts").detail["rested"] == 0
    later = night(TODAY + 9 * A_DAY, "raise_alerts")
    assert (later.detail["rested"], again(calm).outcome, again(calm).state) == (1, "subsided", "cleared")
    assert RiskScore.unscoped.get(customer=calm.customer).quiet_until == TODAY + 39 * A_DAY


def test_usage_that_falls_by_two_fifths_is_an_alert_the_next_night(cast):
    """CUS-17, RET-20: import −40 % → alert row by its rise; it is not left to rest without a proposal."""
    customer = vip(cast)
    visit(customer, TODAY - 5 * A_DAY, cast=cast)
    usage(customer, 100, 100, 100, 100, until=date(2026, 4, 1))
    risks(TODAY)
    assert not Alert.unscoped.exists()
    usage(customer, 60)
    risks(TODAY + A_DAY)
    row = Alert.unscoped.get()
    assert (row.customer_id, row.trigger, row.reasons[0]) == (
        customer.pk,
        "rise",
        ["usage_drop", 26, 0.4, "2026-05-31"],
    )
    risks(TODAY + 2 * A_DAY)
    assert Alert.unscoped.count() == 1
    act(alert_id=row.pk, note="已致电", by=cast.manager, now=at(TODAY + 2 * A_DAY))
    RiskScore.unscoped.update(level="", probability=0.0)
    many_more = [score(vip(cast), probability=0.01, level="", on=TODAY) for _ in range(8)]
    assert many_more and night(TODAY + 12 * A_DAY, "raise_alerts").detail["rested"] == 0
    propose(alert_id=row.pk, text="换套餐", by=cast.manager, now=at(TODAY + 12 * A_DAY))
    assert night(TODAY + 13 * A_DAY, "raise_alerts").detail["rested"] == 1


def test_after_an_alert_a_customer_is_left_in_peace_and_who_is_gone_is_lost(cast):
    """RET-3, RET-6: cool-down; a customer who left closes his alert as lost."""
    customer, gone = vip(cast), vip(cast)
    score(customer, on=TODAY, level="red", quiet_until=TODAY + A_DAY, recent=[9000, 60])
    assert night(TODAY, "raise_alerts").detail["opened"] == 0
    assert night(TODAY + 2 * A_DAY, "raise_alerts").detail["opened"] == 1
    row = alert(gone, TODAY)
    leaves(gone, TODAY + A_DAY)
    assert night(TODAY + 2 * A_DAY, "raise_alerts").detail["lost"] == 1
    assert (again(row).state, again(row).outcome) == ("churned", "lost")


def test_the_control_group_is_off_by_default_and_never_of_the_two_highest_tiers(cast):
    """Issue 6: headquarters may switch it on; the alert is raised all the same."""
    silver, gold = [vip(cast, "silver") for _ in range(30)], [vip(cast, "gold") for _ in range(10)]
    for row in (*silver, *gold):
        score(row, on=TODAY, level="red", recent=[9000, 60])
    for key, value in (("alert_capacity", 100), ("alert_enter", 100), ("control_percent", 10)):
        Parameter.objects.create(key=key, effective_from=TODAY + A_DAY, value=value, set_at=at(TODAY))
    from crm.core import parameters

    parameters.forget()
    night(TODAY, "raise_alerts")
    assert not Alert.unscoped.filter(is_control=True).exists()
    night(TODAY + A_DAY, "raise_alerts")
    held = Alert.unscoped.filter(is_control=True)
    assert Alert.unscoped.count() == 40 and 0 <= held.count() <= 12
    assert not held.filter(customer__tier__in=Tier.objects.filter(rank__lte=2)).exists()


def test_an_alert_nobody_acted_on_is_reported_up_level_by_level(cast):
    """RET-4, RET-13: past due the supervisor hears of it, once; unanswered at his level the next one is told."""
    customer, other = vip(cast), vip(cast)
    row, seen_to = alert(customer, TODAY), alert(other, TODAY)
    act(alert_id=seen_to.pk, note="已拜访", by=cast.manager, now=at(TODAY, 12))
    assert run_step("late_alerts", TODAY, row.due_at - timedelta(minutes=1)).rows == 0
    assert run_step("late_alerts", TODAY, row.due_at).rows == 1
    assert run_step("late_alerts", TODAY, row.due_at + timedelta(minutes=10)).rows == 0
    up = Escalation.unscoped.get()
    assert (up.origin_table, up.origin_id, up.customer_id) == ("retention_alert", row.pk, customer.pk)
    assert Notice.objects.filter(kind="escalated", user=cast.supervisor).exists()
    first = up.steps.get()
    Unit.unscoped.filter(pk=customer.unit_id).update(head=cast.staff["market_manager"])
    run_step("late_escalations", TODAY, first.due_at + timedelta(minutes=1))
    assert list(up.steps.order_by("level").values_list("state", flat=True)) == ["expired", "waiting"]
    assert Notice.objects.filter(kind="escalated", user=cast.market_manager).exists()


def test_a_snapshot_keeps_every_feature_of_the_first_and_its_label_follows(cast):
    """churn.md: one per customer and month, as of the day; lost within the window after the gap, or left out."""
    falls, owes, _complains, quiet, _gone = world(cast)
    first = date(2026, 7, 1)
    assert night(TODAY, "take_risk_snapshots").rows == 0
    assert (
        night(first, "take_risk_snapshots").rows == Customer.unscoped.exclude(state__in=["churned", "exited"]).count()
    )
    taken = {row.customer_id: row for row in RiskSnapshot.unscoped.all()}
    assert taken[falls.pk].features["usage_drop"] == 0.55 and taken[owes.pk].features["arrears_days"] == 90
    assert night(first, "take_risk_snapshots").rows == 0
    alert(falls, first + 20 * A_DAY)
    leaves(falls, first + 40 * A_DAY)
    leaves(owes, first + 3 * A_DAY)
    night(first + 41 * A_DAY, "record_losses")
    assert night(first + 97 * A_DAY, "label_risk_snapshots").rows == 0
    night(first + 98 * A_DAY, "label_risk_snapshots")
    label = {row.customer_id: (row.is_lost, row.is_flagged) for row in RiskSnapshot.unscoped.all()}
    assert (label[falls.pk], label[owes.pk], label[quiet.pk]) == ((True, True), (None, False), (False, False))
    assert night(first + 98 * A_DAY, "label_risk_snapshots").rows == 0


def test_a_model_may_name_what_nobody_knows_any_more(cast):
    """RET-3: a column that is gone, number or category, has no data; the night goes on."""
    vip(cast)
    row = RiskModel.objects.get(state="in_force")
    more = [
        {"code": "column:gone", "group": "other", "kind": "categorical", "values": {"A": 5}, "other": 3, "missing": 0},
        {
            "code": "column:away",
            "group": "other",
            "kind": "numeric",
            "bins": [{"below": None, "points": 9}],
            "missing": 2,
        },
    ]
    row.table = row.table | {"features": row.table["features"] + more}
    row.save()
    scores = risks(TODAY)
    assert all({"column:gone", "column:away"} <= set(row.missing) for row in scores.values())
    assert night(date(2026, 7, 1), "take_risk_snapshots").rows > 0


def test_headquarters_edits_points_as_a_new_version(cast):
    """RET-3: rules and weights stand in a table that is edited; the version before is kept, others are refused."""
    row = RiskModel.objects.get(state="in_force")
    table = row.table | {"features": [feature | {"missing": 3} for feature in row.table["features"]]}
    for by, given, problem in (
        (cast.manager, table, NotAllowed), (cast.director, {"stage": "magic"}, Invalid),
    ):  # fmt: skip
        with pytest.raises(problem):
            edit_points(table=given, note="改分", by=by, now=at(TODAY))
    made = edit_points(table=table, note="无数据加分", by=cast.director, now=at(TODAY), version=row.pk)
    row.refresh_from_db()
    assert (row.state, made.state, model_in_force().table.features[0].missing) == ("retired", "in_force", 3)
    with pytest.raises(Conflict):
        edit_points(table=table, note="再改", by=cast.director, now=at(TODAY), version=row.pk)
