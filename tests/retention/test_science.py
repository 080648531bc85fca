"""The evaluator and its models on small files with a known truth, and on files that would fool it."""

import json
import subprocess
import sys

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from retention.rules.points import PointTable, score_one
from retention.science import evaluating
from retention.science.additive import fit_additive
from retention.science.cells import days_of, number_of, numbers_of
from retention.science.columns import Column
from retention.science.evaluating import evaluate_file, prepare, stage_of
from retention.science.expert import expert_table
from retention.science.hybrid import fit_hybrid
from retention.science.leaks import derived_from_duration, oversampled_inside
from retention.science.metrics import at_the_top, ece, noise_of_ece, platt, pr_auc, roc_auc
from retention.science.outcome import outcome_of
from retention.science.reading import RawColumn, Unreadable, read_table
from retention.science.scorecard import fit_scorecard, monotone
from retention.science.scoring import Scorer, chances_of
from retention.science.splits import Fold, forward, stratified
from retention.science.survival import concordance, fit_hazard
from tests.retention.science_files import columns_of, planted, write_csv


@pytest.fixture
def once(monkeypatch):
    """Two folds instead of fifteen: the protocol is the slow tests' matter."""
    monkeypatch.setattr(
        evaluating, "stratified", lambda lost, groups, seeds: stratified(lost, groups, seeds=(100,))[:2]
    )


def numbers(told, *names):
    """Some planted columns."""
    return [Column.of_numbers(name, np.asarray(told[name], dtype=float)) for name in names]


def outcome(*cells):
    """An outcome column of these cells."""
    levels = tuple(dict.fromkeys(cells))
    codes = np.array([levels.index(cell) for cell in cells], dtype=np.int32)
    return outcome_of(RawColumn("Churn", codes, levels))


def test_figures_are_what_they_are_by_hand():
    """T1: AUC counts pairs, average precision counts hits from the top, ties count by half; lines and errors fit."""
    random = np.random.default_rng(3)
    chance = random.random(400).round(2)
    lost = random.random(400) < chance
    above = np.sign(chance[lost][:, None] - chance[~lost][None, :])
    assert roc_auc(lost, chance) == pytest.approx(((above + 1) / 2).mean())
    cuts = np.unique(chance)[::-1]
    hits = [(lost & (chance >= cut)).sum() for cut in cuts]
    steps = zip(hits, [0, *hits[:-1]], cuts, strict=True)
    expected = sum((now - before) * now / (chance >= cut).sum() for now, before, cut in steps) / lost.sum()
    assert pr_auc(lost, chance) == pytest.approx(expected)
    assert at_the_top(lost, lost.astype(float))[0] == pytest.approx(1 / lost.mean())
    assert ece(lost, chance) < noise_of_ece(chance) * 1.5
    odds = np.log((chance + 1e-3) / (1.001 - chance))
    a, b = platt(lost, odds)
    assert abs(a) < 0.4 and b == pytest.approx(1, abs=0.2)


def test_cells_are_read_as_people_write_them():
    """T8: money, per cent, thousands, decimal commas, days in six ways; nothing that only looks like a number."""
    assert [number_of(text) for text in ("￥29.85", "1,234.5", "12%", ".5", "1_0", "nan", "12a")] == [
        29.85, 1234.5, 12.0, 0.5, None, None, None,
    ]  # fmt: skip
    assert numbers_of(["0,125", "1,5", "12"]) == [0.125, 1.5, 12.0]
    assert numbers_of(["1,250", "12,500"]) == [1250.0, 12500.0]
    days = days_of(["2020-04-03", "2020/4/3", "20200403", "2020年4月3日", "3 Apr 2020", "2020-04-03 10:00:00"])
    assert len(set(days)) == 1 and days[0]
    assert days_of(["25/12/2020", "03/04/2020"])[1] == days_of(["2020-04-03"])[0]
    assert days_of(["12/25/2020", "03/04/2020"])[1] == days_of(["2020-03-04"])[0]


def test_the_outcome_is_known_in_any_words():
    """T8: yes/no, True., 1.0, Churned/Stayed/Joined, 是/否, -1/1, 离网/在网; blanks are left out; numbers refused."""
    for cells in (
        ("Yes", "No", "no"), ("True.", "False.", "False."), ("1.0", "0.0", "0"), ("Churned", "Stayed", "Joined"),
        ("是", "否", "否"), ("1", "-1", "-1"), ("已离网", "在网", "在网"), ("2", "1", "1"),
        ("Attrited Customer", "Existing Customer", "Existing"),
    ):  # fmt: skip
        lost, known, _warnings = outcome(*cells)
        assert lost.tolist() == [True, False, False], cells
        assert known.all()
    lost, known, warnings = outcome("yes", "", "no", "NA")
    assert known.tolist() == [True, False, True, False] and "2 rows" in warnings[0]
    for cells in (("yes", "yes"), ("1", "2", "3", "4"), ("red", "green", "blue")):
        with pytest.raises(Unreadable):
            outcome(*cells)


def test_any_separator_and_encoding_is_read(tmp_path):
    """T8: semicolons with decimal commas, tabs, Chinese in GB18030, a byte order mark, ragged and blank lines."""
    told, _chance, lost = planted(80)
    for separator, encoding in ((";", "utf-8-sig"), ("\t", "gb18030"), ("|", "utf-16"), (",", "utf-8")):
        path = write_csv(tmp_path / "x.csv", told | {"套餐": ["畅享"] * 40 + ["尊享"] * 40}, lost, separator=separator,
                         encoding=encoding, words=("流失", "在网"), target="是否离网")  # fmt: skip
        table = read_table(path)
        assert table.rows == 80 and table.column("套餐").levels == ("畅享", "尊享"), separator
        assert int(outcome_of(table.column("是否离网"))[0].sum()) == int(lost.sum())
    path.write_text("a,b,Churn\n1,2,yes\n\n1,2\n3,4,no,9\n")
    assert read_table(path).rows == 3 and "2 rows" in read_table(path).warnings[0]
    for text in ("", "a,b,c\n", "onecolumn\n1\n"):
        path.write_text(text)
        with pytest.raises(Unreadable):
            read_table(path)


def test_what_cannot_be_a_feature_is_dropped_and_said(tmp_path):
    """T8: ids, running numbers, phones, constants, free text, twins, the outcome in other words; days and gaps stay."""
    told, _chance, lost = planted(200)
    rows = range(200)
    extra = {
        "customerID": [f"7590-{n:05d}" for n in rows], "row": [*rows], "empty": ["NA"] * 200,
        "Phone": [13_800_000_000 + 7 * n for n in rows], "Country": ["US"] * 200,
        "remark": [f"said {n * 7919} things" for n in rows], "dropped_twice": [value * 3 for value in told["drop"]],
        "Churn Reason": ["price" if one else "" for one in lost], "Last word": ["ab"[int(one)] for one in lost],
        "since": [f"20{10 + n % 9}-0{1 + n % 9}-01" for n in rows], "gap": ["" if n % 3 else str(n % 7) for n in rows],
    }  # fmt: skip
    data = prepare(read_table(write_csv(tmp_path / "x.csv", told, lost, extra=extra)), "churn")
    kept = {column.name for column in data.columns}
    assert kept == {"drop", "tenure", "complaints", "noise", "contract", "plan", "since", "gap"}
    said = " ".join(data.dropped)
    for name in set(extra) - {"gap", "since"}:
        assert repr(name) in said, name


def test_the_evaluator_tells_what_the_issue_asks_for(tmp_path, once, capsys):
    """T1, T6: rows, events, warnings, models with all figures, as JSON; the additive model finds the planted causes."""
    told, chance, lost = planted(700)
    path = write_csv(tmp_path / "x.csv", told, lost)
    call_command("churn", "evaluate", "--csv", str(path), "--target", "Churn")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["rows"], answer["events"]) == (700, int(lost.sum()))
    names = [model["name"] for model in answer["models"]]
    assert names[-1] == "boosting" and {"expert", "hybrid", "scorecard", "additive"} <= set(names)
    for model in answer["models"]:
        assert {"explainable", "roc_auc", "pr_auc", "brier", "ece", "lift10", "recall10"} <= set(model)
    additive = next(model for model in answer["models"] if model["name"] == "additive")
    assert additive["roc_auc"] > roc_auc(lost, chance) - 0.06
    with pytest.raises(CommandError):
        call_command("churn", "evaluate", "--csv", str(path), "--target", "Nothing")
    assert json.loads(capsys.readouterr().out)["models"] == []


def test_tiny_files_are_evaluated_honestly(tmp_path, once):
    """T4, T8: forty rows and twelve losses give figures and a warning, three rows too."""
    told, _chance, lost = planted(40, seed=4)
    answer = evaluate_file(write_csv(tmp_path / "x.csv", told, lost), "Churn")
    assert answer["models"] and any("hardly more than chance" in said for said in answer["warnings"])
    assert stage_of(29, 900) == "expert" and stage_of(30, 900) == "hybrid"
    assert stage_of(150, 499) == "hybrid" and stage_of(150, 500) == "scorecard"
    path = tmp_path / "three.csv"
    path.write_text("a,b,Churn\n1,x,yes\n2,y,no\n3,x,no\n")
    answer = evaluate_file(path, "Churn")
    assert (answer["rows"], answer["events"], answer["models"]) == (3, 1, [])
    assert any("cannot be parted" in said for said in answer["warnings"])


def test_copies_are_never_on_both_sides(tmp_path):
    """T7: a periodic file, exact copies and a file balanced by synthetic rows are refused for a random split."""
    told, _chance, lost = planted(50)
    cloned = {name: np.tile(values, 12) for name, values in told.items()}
    cloned["drop"] = cloned["drop"] + np.random.default_rng(1).normal(size=600) * 0.001
    data = prepare(read_table(write_csv(tmp_path / "x.csv", cloned, np.tile(lost, 12))), "Churn")
    assert data.split == "by template (row number modulo 50)" and "Random split refused" in data.warnings[0]
    for fold in data.folds[:5]:
        assert not set(fold.train % 50) & set(fold.test % 50)
    told, _chance, lost = planted(600, seed=2)
    told["usage"] = np.random.default_rng(5).normal(size=600).round(3)
    few = np.flatnonzero(lost)
    more = np.concatenate([np.arange(600), np.random.default_rng(1).choice(few, 600 - 2 * len(few))])
    order = np.random.default_rng(9).permutation(len(more))
    copied = {name: np.asarray(values)[more][order] for name, values in told.items()}
    data = prepare(read_table(write_csv(tmp_path / "x.csv", copied, lost[more][order])), "Churn")
    assert data.split == "by identical rows"
    invented = {name: np.asarray(values)[more].copy() for name, values in told.items()}
    invented["tenure"] = invented["tenure"].astype(float)
    invented["tenure"][600:] += np.random.default_rng(2).random(len(more) - 600)
    invented["drop"][600:] += np.random.default_rng(3).random(len(more) - 600) * 0.1
    invented["usage"][600:] += np.random.default_rng(4).random(len(more) - 600)
    data = prepare(read_table(write_csv(tmp_path / "x.csv", invented, lost[more])), "Churn")
    assert data.split == "refused" and any("SMOTE" in said for said in data.warnings)


def test_resampling_stays_inside_a_fold():
    """T8: rows that were multiplied before the split are caught."""
    oversampled_inside(np.array([1, 2, 2, 3]), np.array([4, 5]))
    with pytest.raises(ValueError, match="inside the training fold"):
        oversampled_inside(np.array([1, 2, 2, 3]), np.array([3, 5]))


def test_customers_and_times_are_kept_apart():
    """T7: with an id no customer is on both sides; with a time the test is always later than the training."""
    random = np.random.default_rng(1)
    customers, months = np.repeat(np.arange(120), 6), np.tile(np.arange(6.0), 120)
    lost = random.random(720) < 0.3
    for fold in stratified(lost, customers, seeds=(100,)):
        assert not set(customers[fold.train]) & set(customers[fold.test])
    folds = forward(months, lost, customers)
    assert folds
    for fold in folds:
        assert months[fold.train].max() < months[fold.test].min()
        assert not set(customers[fold.train]) & set(customers[fold.test])
    assert all(isinstance(fold, Fold) for fold in forward(months, lost, None))


def test_numpy_and_python_give_every_row_the_same_points(tmp_path):
    """T9, T11: the table scored by NumPy and customer by customer in pure Python, gaps and unknown words included."""
    told, _chance, lost = planted(300)
    told["complaints"] = np.where(np.arange(300) % 9, told["complaints"].astype(str), "")
    columns, lost = columns_of(write_csv(tmp_path / "x.csv", told, lost))
    expert = expert_table([*columns], 0.2)
    assert expert is not None
    for table in (fit_scorecard(columns, lost), fit_hybrid(expert, columns, lost), expert):
        table = PointTable.from_json(json.loads(json.dumps(table.to_json())))
        scorer = Scorer(table)
        levels = scorer.encode({column.name: column for column in columns}, 300)
        totals, chances = scorer.totals(levels), chances_of(table, columns)
        for row in range(300):
            values = {
                column.name: None if column.missing()[row] else (
                    float(column.numbers[row]) if column.is_numeric else column.levels[column.codes[row]])
                for column in columns
            }  # fmt: skip
            own = score_one(values, table)
            assert (own.points, own.probability) == (totals[row], pytest.approx(chances[row]))


def test_points_rise_or_fall_and_never_both():
    """T2: bins of a number are monotone; the scorecard ranks as the curves do."""
    assert monotone(np.array([0.0, 2.0, 1.0, 3.0]), np.ones(4)).tolist() == [0.0, 1.5, 1.5, 3.0]
    assert monotone(np.array([3.0, 1.0, 2.0, 0.0]), np.ones(4)).tolist() == [3.0, 1.5, 1.5, 0.0]
    told, _chance, lost = planted(900, seed=3)
    columns = [
        Column.of_numbers(name, np.asarray(told[name], dtype=float)) for name in ("drop", "tenure", "complaints")
    ]
    curves = fit_additive(columns, lost)
    table = fit_scorecard(columns, lost, curves=curves)
    for feature in table.features:
        steps = list(feature.steps)
        assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert abs(roc_auc(lost, chances_of(table, columns)) - roc_auc(lost, curves.chance(columns))) < 0.01


def test_two_features_together_are_found_only_where_they_matter():
    """T1: a planted pair is found and noise is not; without one the curves stand alone."""
    for pair in (True, False):
        told, _chance, lost = planted(1500, seed=6, pair=pair)
        columns = numbers(told, "drop", "tenure", "noise")
        columns.append(Column.of_codes("plan", (told["plan"] == "B").astype(np.int32), ("A", "B")))
        found = [{each.first.column, each.second.column} for each in fit_additive(columns, lost, pairs=5).pairs]
        assert found[:1] == ([{"noise", "plan"}] if pair else [])


def test_a_feature_without_information_fades_away():
    """T1: strengths are found for each feature; noise gets none of the score."""
    told, _chance, lost = planted(1500, seed=7)
    columns = numbers(told, "drop", "noise")
    curves = fit_additive(columns, lost).fitted.coefficients
    assert np.ptp(curves[0][:-1]) > 1.0
    assert np.ptp(curves[1][:-1]) < 0.35


def test_hazards_are_found_and_what_knows_the_duration_is_named():
    """T12, T8: the planted hazard ratio comes back; a total of rate times time is refused."""
    random = np.random.default_rng(2)
    cause, rate = random.integers(0, 2, 800), random.random(800).round(3) * 100
    duration = np.ceil(random.exponential(20 / np.exp(1.0 * cause)))
    lost = random.random(800) < 0.7
    columns = [Column.of_numbers("cause", cause.astype(float)), Column.of_numbers("rate", rate)]
    model = fit_hazard(columns, duration, lost)
    risk = model.risk(columns)
    assert risk[cause == 1].mean() - risk[cause == 0].mean() == pytest.approx(1.0, abs=0.25)
    assert 0.6 < concordance(duration, lost, risk) < 0.8
    total = Column.of_numbers("total", rate * duration + random.normal(size=800))
    assert derived_from_duration([*columns, total], duration).keys() == {"total"}


def test_the_web_process_loads_no_science():
    """T11: WSGI, every URL and the scoring of one customer, and neither NumPy nor scikit-learn nor pandas is loaded."""
    code = (
        "import sys; import crm.wsgi; import crm.urls, crm.api_urls; from django.urls import get_resolver;"
        "get_resolver().url_patterns; import retention.views.model, crm.tasks;"
        "from retention.rules.points import score_one; from retention.rules.expert import EXPERT;"
        "assert score_one({'tenure': 3.0}, EXPERT).points;"
        "print([name for name in ('numpy', 'sklearn', 'pandas', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
