"""Look back at the model and keep what was seen; put a challenger in force, or go back (churn.md)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from crm.core.db import write
from crm.core.errors import Conflict, Invalid
from retention.actions.models import MANAGES, in_force, put_in_force
from retention.choices import ModelState
from retention.models import ModelReview, RiskModel
from retention.queries.review import figures
from retention.rules.promotion import hindrances

if TYPE_CHECKING:
    from crm.core.models import User


def review(*, now: datetime, today: date) -> dict[str, Any]:
    """Reckon all figures anew and keep them as those of today."""
    with write(label="churn_review"):
        return keep_review(now=now, today=today)


def keep_review(*, now: datetime, today: date) -> dict[str, Any]:
    """The same inside a transaction; once a day."""
    told = figures(today=today, now=now)
    model = RiskModel.objects.only("id").get(state=ModelState.IN_FORCE)
    ModelReview.objects.update_or_create(made_on=today, defaults={"made_at": now, "model": model, "figures": told})
    return told


def promote(*, model_id: int, seen: int, by: User, now: datetime) -> RiskModel:
    """A person puts a challenger in force; only when it was better on a later window. `seen`: the one in force then."""
    must(by, MANAGES)
    with write(by=by):
        current, row = _both(model_id, seen)
        if row.state != ModelState.CHALLENGER:
            raise Invalid(_("Only a challenger can be put in force."), code="invalid")
        if row.metrics.get("against") != current.pk:
            raise Invalid(_("It was measured against another model: train again."), code="invalid")
        if hindrances(row.metrics):
            raise Invalid(_("It was not better on the later window."), code="invalid")
        return put_in_force(row, by=by, now=now)


def roll_back(*, model_id: int, seen: int, by: User, now: datetime) -> RiskModel:
    """Go back to a version that was in force before."""
    must(by, MANAGES)
    with write(by=by):
        _current, row = _both(model_id, seen)
        if row.state != ModelState.RETIRED:
            raise Invalid(_("Only a version that was in force before can be taken up again."), code="invalid")
        return put_in_force(row, by=by, now=now)


def _both(model_id: int, seen: int) -> tuple[RiskModel, RiskModel]:
    """The one in force, and the version asked for; a conflict when another one is in force by now."""
    current = in_force()
    if current.pk != seen:
        raise Conflict(current={"version": current.pk})
    row = RiskModel.objects.select_for_update().filter(pk=model_id).first()
    if row is None:
        raise Http404
    return current, row
