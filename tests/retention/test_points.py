"""The table of points: one rule in Python and in SQL (RET-3; churn.md)."""

import json
import math
import random
import subprocess
import sys
import time

import pytest
from django.db import connection

from retention.queries.scoring import scored_select
from retention.rules.expert import EXPERT
from retention.rules.points import (
    Bin,
    Feature,
    PointTable,
    counted,
    main_reasons,
    probability,
    score_one,
    sigmoid,
    solve_intercept,
)


def drawn_table(draw):
    """Any table: bins, categories, capped groups, calibration."""
    features = []
    for place in range(draw.randint(1, 12)):
        group = draw.choice(["usage", "service", "money", "other"])
        missing = draw.choice([0, 0, 7, -3])
        if draw.random() < 0.3:
            values = {name: draw.randint(-20, 40) for name in draw.sample("abcdef", 3)}
            features.append(
                Feature(f"f{place}", group, "categorical", values=values, other=draw.randint(-5, 5), missing=missing)
            )
        else:
            edges = sorted({draw.choice([draw.randint(-3, 3), draw.uniform(-3, 3)]) for _ in range(draw.randint(0, 5))})
            bins = [*(Bin(float(edge), draw.randint(-40, 60)) for edge in edges), Bin(None, draw.randint(-40, 60))]
            features.append(Feature(f"f{place}", group, bins=tuple(bins), missing=missing))
    groups = {group: "max_plus_half" for group in ("usage", "service") if draw.random() < 0.7}
    calibration = (draw.uniform(-1, 1), draw.uniform(0.5, 1.5)) if draw.random() < 0.5 else None
    return PointTable(
        "scorecard", draw.uniform(-6, 2), tuple(features), slope=draw.choice([0.03, 0.0346573590279973, 0.2]),
        groups=groups, calibration=calibration,
    )  # fmt: skip


def drawn_value(feature, draw):
    if draw.random() < 0.2:
        return None
    if feature.kind == "categorical":
        return draw.choice("abcdefgh")
    edges = list(feature.edges) or [0.0]
    return draw.choice([draw.choice(edges), draw.uniform(-4, 4), float("nan")])


def in_sql(table, rows):
    """Points and probability of every row by the generated statement."""
    columns = ", ".join(
        f"v{place} {'text' if feature.kind == 'categorical' else 'float8'}, d{place} date"
        for place, feature in enumerate(table.features)
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS parity")
        cursor.execute(f"CREATE TEMP TABLE parity (customer_id int, {columns})")
        names = ", ".join(f"v{place}" for place in range(len(table.features)))
        marks = ", ".join(["%s"] * (1 + len(table.features)))
        cursor.executemany(
            f"INSERT INTO parity (customer_id, {names}) VALUES ({marks})",
            [[number, *(row[feature.code] for feature in table.features)] for number, row in enumerate(rows)],
        )
        statement = scored_select(table, 1, "parity", levels=(8, 15, 30), silent=[])
        cursor.execute(
            f"SELECT x.points, x.probability, x.risk FROM ({statement.sql}) x ORDER BY customer_id", statement.params
        )
        return cursor.fetchall()


def in_numpy(table, rows):
    """The same by NumPy."""
    np = pytest.importorskip("numpy")
    from retention.science.columns import Column
    from retention.science.scoring import Scorer

    columns = {}
    for feature in table.features:
        values = [row[feature.code] for row in rows]
        if feature.kind == "categorical":
            levels = tuple(sorted({value for value in values if value is not None}))
            codes = np.array([-1 if value is None else levels.index(value) for value in values], dtype=np.int32)
            columns[feature.code] = Column.of_codes(feature.code, codes, levels)
        else:
            numbers = np.array([math.nan if value is None else value for value in values], dtype=float)
            columns[feature.code] = Column.of_numbers(feature.code, numbers)
    scorer = Scorer(table)
    totals = scorer.totals(scorer.encode(columns, len(rows)))
    return totals, scorer.chances(totals)


@pytest.mark.django_db
def test_python_numpy_and_sql_give_every_row_the_same_points():
    """RET-3, T11: parity on every row, missing and not-a-number, on edges, unknown categories, caps and calibration."""
    draw = random.Random(20261122)
    for _turn in range(12):
        table = PointTable.from_json(json.loads(json.dumps(drawn_table(draw).to_json())))
        rows = [{each.code: drawn_value(each, draw) for each in table.features} for _ in range(60)]
        totals, chances = in_numpy(table, rows)
        for place, (row, (points, chance, risk)) in enumerate(zip(rows, in_sql(table, rows), strict=True)):
            score = score_one(row, table)
            assert (score.points, score.risk) == (points, risk) and score.points == totals[place]
            assert score.probability == pytest.approx(chances[place], abs=1e-12)
            assert score.probability == pytest.approx(chance, abs=1e-12)


def test_two_rules_tripped_add_up_and_carry_their_reasons():
    """RET-3: usage falls by half (+40) and a bill is unpaid for 70 days (+26): 66, told with reasons."""
    score = score_one({"usage_drop": 0.55, "arrears_days": 70, "tenure": 24, "complaint_open": 0}, EXPERT)
    assert score.points == 66
    assert [(reason.code, reason.points) for reason in score.reasons] == [("usage_drop", 40), ("arrears_days", 26)]
    assert score.probability == pytest.approx(sigmoid(EXPERT.intercept + 66 * EXPERT.slope))
    assert "agreement_end" in score.missing and "complaint_open" not in score.missing
    assert [reason.code for reason in main_reasons(score, EXPERT, most=1)] == ["usage_drop"]


def test_signals_of_a_group_count_the_largest_in_full_and_the_rest_by_half():
    """RET-3: an open complaint (26), one of late (12) and repeats (10) are 26 + 11, because they tell the same."""
    score = score_one({"complaint_open": 1, "complaint_closed": 0.9, "complaint_repeat": 3, "stickiness": 2}, EXPERT)
    assert score.points == 37
    shares = counted({reason.code: reason.points for reason in score.reasons}, EXPERT)
    assert shares == {"complaint_open": 26.0, "complaint_closed": 6.0, "complaint_repeat": 5.0}


def test_missing_data_is_never_silently_healthy():
    """RET-3: a customer of whom nothing is known has no points, and says so for every signal."""
    score = score_one({}, EXPERT)
    assert score.points == 0 and set(score.missing) == {feature.code for feature in EXPERT.features}
    assert score_one({"usage_drop": float("nan")}, EXPERT).missing == score.missing


def test_twenty_points_double_the_odds():
    """RET-3: slope ln 2 / 20, calibration on top."""
    odds = [chance / (1 - chance) for chance in (probability(0, EXPERT), probability(20, EXPERT))]
    assert odds[1] / odds[0] == pytest.approx(2)
    platt = PointTable("hybrid", -2.0, EXPERT.features, calibration=(0.3, 0.9))
    assert probability(0, platt) == pytest.approx(sigmoid(0.3 + 0.9 * -2.0))


def test_the_intercept_makes_the_portfolio_as_likely_to_leave_as_it_is():
    """RET-3: the mean chance of the portfolio equals the base rate."""
    draw = random.Random(7)
    for _turn in range(20):
        counts = {draw.randint(-50, 200): draw.randint(1, 500) for _ in range(draw.randint(1, 8))}
        base_rate = draw.uniform(0.002, 0.5)
        table = PointTable("expert", solve_intercept(counts, base_rate), ())
        mean = sum(n * probability(points, table) for points, n in counts.items()) / sum(counts.values())
        assert math.isclose(mean, base_rate, rel_tol=1e-3)


@pytest.mark.parametrize(
    "spoil",
    [
        {"stage": "magic"}, {"slope": -1}, {"intercept": float("nan")}, {"features": None},
        {"features": [{"code": "a", "group": "x", "bins": []}]},
        {"features": [{"code": "a", "group": "x", "bins": [{"below": 1, "points": 1}]}]},
        {"features": [{"code": "a", "group": "x", "bins": [{"below": None, "points": 1.5}]}]},
        {"features": [{"code": "a", "group": "x", "bins": [{"below": 2, "points": 1}, {"below": 1, "points": 1},
                                                           {"below": None, "points": 1}]}]},
        {"groups": {"usage": {"cap": "sum"}}},
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(spoil):
    """RET-3: a model is a checked table, whoever edits it."""
    with pytest.raises(ValueError):
        PointTable.from_json(EXPERT.to_json() | spoil)


def test_a_table_survives_its_json():
    """RET-3: the model is JSON in the database and nothing besides."""
    assert PointTable.from_json(json.loads(json.dumps(EXPERT.to_json()))) == EXPERT


def test_one_customer_is_scored_well_under_a_millisecond_without_numpy():
    """T11: pure Python; the module loads neither NumPy nor pandas nor scikit-learn."""
    values = {feature.code: 0.5 for feature in EXPERT.features}
    score_one(values, EXPERT)
    began = time.process_time()
    for _ in range(200):
        score_one(values, EXPERT)
    assert (time.process_time() - began) / 200 < 0.001
    code = "import sys, retention.rules.points; print([m for m in ('numpy', 'pandas', 'sklearn') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
