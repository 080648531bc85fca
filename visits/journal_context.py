"""What the templates of the journal are given: switches, check-in book, day logs, reviews, special visits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import Line
from accounts.queries import names
from accounts.queries.staff import unit_rows
from crm.core.abilities import Access
from crm.core.errors import NotFound
from visits.queries import switches


def switches_context(access: Access, unit_id: int | None, today: date) -> dict[str, Any]:
    """The table of switches from tomorrow's point of view, and the units one may set them for."""
    units = list(unit_rows(access.scope_for("configure")).values_list("id", "name", "path"))
    if unit_id is not None and unit_id not in {unit[0] for unit in units}:
        raise NotFound
    return {
        "lines": [Line(line).label for line in switches.LINES],
        "table": switches.switch_table(unit_id, today),
        "planned": switches.planned_switches(today),
        "units": [
            {"id": pk, "name": "　" * (path.count("/") - 2) + name, "is_current": pk == unit_id}
            for pk, name, path in units
        ],
        "unit_id": unit_id,
        "place": names.unit_name(unit_id) or _("The whole house"),
        "tomorrow": today + timedelta(days=1),
    }
