"""Files for the science of churn: real ones where they are, and small ones with every nuisance of real ones."""

import os
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from retention.science.columns import type_columns
from retention.science.outcome import outcome_of
from retention.science.reading import read_table

IBM, IRANIAN = "ibm_telco_churn.csv", "iranian_churn.csv"


def data_file(name):
    """Where a real file is, if it is anywhere: SHARED_DATA, or ../shared/data beside the project."""
    folder = Path(os.environ.get("SHARED_DATA") or Path(settings.BASE_DIR).parent / "shared" / "data")
    return folder / name


def needs(name):
    """Skip where the file is not."""
    return pytest.mark.skipif(not data_file(name).is_file(), reason=f"{name} is not here")


def columns_of(path, target="Churn"):
    """Typed columns and the outcome of a file."""
    table = read_table(path)
    outcome = table.column(target)
    lost, known, _warnings = outcome_of(outcome)
    columns, _dropped = type_columns([each for each in table.columns if each is not outcome], known)
    return columns, lost[known]


def planted(rows, seed=1, *, pair=False):
    """Rows with a known cause: usage falls, complaints, a contract; and noise that causes nothing."""
    random = np.random.default_rng(seed)
    drop, months = random.random(rows), random.integers(0, 72, rows)
    complaints, noise = random.poisson(0.4, rows), random.normal(size=rows)
    contract = random.choice(["Month-to-month", "One year", "Two year"], rows, p=[0.5, 0.3, 0.2])
    plan = random.choice(["A", "B"], rows)
    odds = -2.2 + 2.5 * drop + 0.8 * (complaints > 0) - 0.02 * months + 1.2 * (contract == "Month-to-month")
    if pair:
        odds += 3.0 * ((plan == "B") & (noise > 0)) - 1.5
    chance = 1 / (1 + np.exp(-odds))
    told = {"drop": drop.round(3), "tenure": months, "complaints": complaints, "noise": noise.round(2),
            "contract": contract, "plan": plan}  # fmt: skip
    return told, chance, random.random(rows) < chance


def write_csv(path, told, lost, *, separator=",", encoding="utf-8", words=("Yes", "No"), target="Churn", extra=None):
    """A file of planted rows."""
    told = dict(told) | (extra or {})
    lines = [separator.join([*told, target])]
    for place, gone in enumerate(lost):
        cells = [str(values[place]) for values in told.values()]
        lines.append(separator.join([*cells, words[0] if gone else words[1]]))
    path.write_bytes("\n".join(lines).encode(encoding))
    return path
