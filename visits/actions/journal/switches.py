"""Switching a part of the work on or off for a line: from a coming day on, never the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from accounts.queries import names
from crm.core.db import write
from crm.core.errors import Invalid, NotAllowed, NotFound
from visits.models import LineSwitch
from visits.queries import switches
from visits.rules.switches import is_on as holds

if TYPE_CHECKING:
    from crm.core.models import User


def set_switches(
    *, cells: Mapping[tuple[str, str], bool], unit_id: int | None, effective_from: date, by: User, now: datetime
) -> int:
    """Let features hold for lines in a unit (or everywhere) from a day on; answers how many changed.

    The book of a day that has begun stays as it is, so the first day is tomorrow. The change log keeps who and when.
    """
    if not by.access.can("configure"):
        raise NotAllowed
    today = timezone.localdate(now)
    if not today < effective_from <= today.replace(year=today.year + 10, day=1):
        raise Invalid(_("A switch can only change from a coming day on."), code="out_of_range", field="effective_from")
    if not set(cells) <= set(switches.known_cells()):
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="cells")
    unit = _unit(unit_id, by)
    rows, path = switches.switch_rows(), names.unit_path(unit_id)
    with write(by=by):
        changed = 0
        for (feature, line), wanted in cells.items():
            if holds(rows, feature, line=line, unit_path=path, on=effective_from) == wanted:
                continue
            LineSwitch.objects.update_or_create(
                feature=feature, line=line, unit=unit, effective_from=effective_from, defaults={"is_on": wanted}
            )
            changed += 1
    switches.forget()
    return changed


def _unit(unit_id: int | None, by: User) -> Unit | None:
    if unit_id is None:
        return None
    unit = Unit.visible_to(by.access.scope_for("configure")).filter(pk=unit_id).first()
    if unit is None:
        raise NotFound(_("There is no such unit."))
    return unit
