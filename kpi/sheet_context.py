"""The heat map to take along."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.queries import names
from crm.core.errors import NotFound
from kpi.actions.exports import TABLE, Sheet
from kpi.asking import asking_of, one_of
from kpi.board_context import CUTS, children_of
from kpi.queries.sheets import matrix_table


def matrix_sheet(request: HttpRequest, *, now: datetime) -> tuple[Sheet, dict[str, Any]]:
    """The table of a unit, and what the page that asks for the reason shows."""
    asking = asking_of(request, now=now, also=("by",))
    if asking.unit_id is None:
        raise NotFound
    by = one_of(asking, "by", CUTS, "") or ("units" if len(children_of(asking.unit_id)) > 1 else "managers")
    header, rows = matrix_table(asking.access, asking.unit_id, asking.first, by_unit=by == "units")
    name = f"kpi-{names.unit_code(asking.unit_id)}-{asking.first:%Y-%m}"
    back = f"{reverse('kpi:dashboard')}?month={asking.first:%Y-%m}&unit={asking.unit_id}"
    return Sheet(header, rows, name, TABLE), {
        "title": _("Export the table"),
        "about": f"{names.unit_name(asking.unit_id)} · {asking.month.label}",
        "back_url": back,
        "count": len(rows),
    }
