"""Versions of the model: edited as a new one, put in force, gone back to (RET-3; churn.md). None is ever changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from crm.core import parameters
from crm.core.db import write
from crm.core.errors import Conflict, Invalid
from crm.core.text import clean_text
from retention.choices import ModelState
from retention.models import RiskModel
from retention.rules.points import PointTable, solve_intercept

if TYPE_CHECKING:
    from crm.core.models import User

MANAGES = "manage_model"
LEAST_MOVE = 0.02
"""An intercept that moved by less is the same."""
LEAST_EVENTS = 30
"""So many losses of a year tell the base rate themselves."""


def edit_points(
    *, table: Mapping[str, Any], note: str, by: User, now: datetime, version: int | None = None
) -> RiskModel:
    """Headquarters changes points: a new version, in force at once; the next night scores with it.

    `version` is the model that was edited: another one in force by now is a conflict.
    """
    must(by, MANAGES)
    note = clean_text(note, field="note", max_length=300, blank=False)
    try:
        checked = PointTable.from_json(table)
    except ValueError as wrong:
        raise Invalid(
            _("These are no points: whole numbers, bins that rise."), code="invalid", field="table"
        ) from wrong
    with write(by=by):
        current = in_force()
        if version is not None and version != current.pk:
            raise Conflict(current={"version": current.pk})
        row = RiskModel(
            stage=current.stage, table=checked.to_json(), training=current.training, note=note, created_at=now,
            created_by=by,
        )  # fmt: skip
        return put_in_force(row, by=by, now=now)


def in_force() -> RiskModel:
    """The model that scores, locked."""
    return RiskModel.objects.select_for_update().get(state=ModelState.IN_FORCE)


def put_in_force(row: RiskModel, *, by: User | None, now: datetime) -> RiskModel:
    """This version scores from now on, the one before is retired; going back is the same deed. Inside a write."""
    current = in_force()
    if row.pk == current.pk:
        return current
    current.state, current.retired_at = ModelState.RETIRED, now
    current.save(update_fields=["state", "retired_at"])
    row.state, row.promoted_at, row.promoted_by, row.retired_at = ModelState.IN_FORCE, now, by, None
    row.save()
    return row


_COUNTS = "SELECT points, count(*) FROM retention_riskscore GROUP BY 1"
# Losses of the last year against the customers there are now, in the window of the labels.
_LOSSES = """
SELECT (SELECT count(*) FROM retention_churnrecord r WHERE NOT r.is_void AND r.lost_on > %(today)s::date - 365
    AND r.lost_on <= %(today)s), (SELECT count(*) FROM retention_riskscore)
"""


def base_rate(today: date) -> float:
    """The share of customers lost within the window: from the losses of a year, or the parameter while they are few."""
    with connection.cursor() as cursor:
        cursor.execute(_LOSSES, {"today": today})
        lost, there = cursor.fetchone()
    if lost < LEAST_EVENTS or not there:
        return float(parameters.value("churn_base_rate", today)) / 1000
    window = int(parameters.value("churn_window_days", today))
    return float(min(0.5, max(0.001, lost / (there + lost) * window / 365)))


def settle_intercept(*, today: date, now: datetime) -> RiskModel | None:
    """Expert points have no labels: their intercept makes the portfolio as likely to leave as customers really do.

    A new version when it moved; None when it stands, or events have taught the model themselves.
    """
    current = in_force()
    table = PointTable.from_json(current.table)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        counts = dict(cursor.fetchall())
    if table.stage != "expert" or not counts:
        return None
    rate = base_rate(today)
    intercept = solve_intercept(counts, rate, slope=table.slope, calibration=table.calibration)
    settled = bool(current.training.get("base_rate"))
    if settled and abs(intercept - table.intercept) < LEAST_MOVE:
        return None
    row = RiskModel(
        stage=current.stage, table=current.table | {"intercept": intercept}, note=current.note, created_at=now,
        training=current.training | {"base_rate": round(rate, 5), "customers": sum(counts.values())},
    )  # fmt: skip
    return put_in_force(row, by=None, now=now)
