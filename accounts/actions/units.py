"""The organisation tree (ORG-11): units made, changed and moved with everything below them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must, scope_of
from accounts.choices import UnitType
from accounts.followers import follow
from accounts.models import Customer, Staff, Unit
from accounts.queries import names
from accounts.rules import fields as f
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotFound

if TYPE_CHECKING:
    from crm.core.models import User

UNIT_CHECKS: dict[str, f.Check] = {
    "code": f.text(20, blank=False),
    "name": f.text(50, blank=False),
    "type": f.choice(UnitType, blank=False),
    "parent_id": f.whole(1, 2**62),
    "area": f.text(50),
    "head_id": f.whole(1, 2**62),
    "complaint_handler_id": f.whole(1, 2**62),
    "live_from": f.day(),
    "is_active": f.flag,
}


def save_unit(
    *,
    values: Mapping[str, Any],
    by: User | None,
    now: datetime,
    unit_id: int | None = None,
    version: int | None = None,
) -> Unit:
    """Create a unit or change one; a new parent moves the whole subtree in one UPDATE."""
    today = timezone.localdate(now)
    required = ("code", "name", "type") if unit_id is None else ()
    with write(by=by):
        must(by, "manage_units")
        unit = Unit() if unit_id is None else _the_unit(by, unit_id)
        if version is not None and unit_id is not None and version != unit.version:
            raise Conflict(current={name: getattr(unit, name) for name in UNIT_CHECKS} | {"version": unit.version})
        clean = f.check_values(values, UNIT_CHECKS, today=today, required=required).or_refuse()
        changed = {name for name, value in clean.items() if getattr(unit, name) != value}
        if unit_id is not None and not changed:
            return unit
        for name, value in clean.items():
            setattr(unit, name, value)
        _check_unit(by, unit, changed)
        if unit_id is not None:
            unit.version += 1
        unit.save()
        if unit_id is None or "parent_id" in changed:
            _place(unit)
        names.forget()
        if "live_from" in changed and unit_id is not None:
            follow("UNIT_FOLLOWERS", unit_id=unit.pk, today=today, now=now)
        return unit


def _the_unit(by: User | None, unit_id: int) -> Unit:
    unit = Unit.visible_to(scope_of(by, "manage_units")).filter(pk=unit_id).select_for_update(of=("self",)).first()
    if unit is None:
        raise NotFound(_("There is no such unit."))
    return unit


def _check_unit(by: User | None, unit: Unit, changed: set[str]) -> None:
    if "code" in changed and Unit.unscoped.filter(code=unit.code).exclude(pk=unit.pk or 0).exists():
        raise Invalid(_("There is a unit with this code already."), code="taken", field="code")
    if "parent_id" in changed:
        _check_parent(by, unit)
    for name in ("head_id", "complaint_handler_id"):
        staff_id = getattr(unit, name)
        if name in changed and staff_id is not None and not Staff.unscoped.filter(pk=staff_id, is_active=True).exists():
            raise Invalid(_("There is no such colleague."), code="not_found", field=name)
    if "is_active" in changed and not unit.is_active:
        _refuse_inhabited(unit)


def _check_parent(by: User | None, unit: Unit) -> None:
    """A unit hangs under one that its doer manages, never under itself or one of its own."""
    if unit.parent_id is None:
        if not scope_of(by, "manage_units").everything:
            raise Invalid(_("Choose the unit above."), code="required", field="parent_id")
        return
    parent = Unit.visible_to(scope_of(by, "manage_units")).filter(pk=unit.parent_id).first()
    if parent is None:
        raise Invalid(_("There is no such unit."), code="not_found", field="parent_id")
    if unit.pk is not None and parent.path.startswith(unit.path):
        raise Invalid(_("A unit cannot hang under itself."), code="cycle", field="parent_id")


def _refuse_inhabited(unit: Unit) -> None:
    below = Unit.unscoped.filter(path__startswith=unit.path).values("pk")
    customers = Customer.unscoped.filter(unit__in=below).count()
    staff = Staff.unscoped.filter(unit__in=below, is_active=True).count()
    if customers or staff:
        raise Invalid(
            _("The unit still has %(customers)d customers and %(staff)d people: move them first."),
            code="inhabited",
            field="is_active",
            params={"customers": customers, "staff": staff},
        )


def _place(unit: Unit) -> None:
    """Paths of the unit and everything below it, in one UPDATE."""
    parent_path = Unit.unscoped.values_list("path", flat=True).get(pk=unit.parent_id) if unit.parent_id else "/"
    new = f"{parent_path}{unit.pk}/"
    old = unit.path or new
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_unit SET path = %s || substr(path, %s) WHERE path LIKE %s OR id = %s",
            [new, len(old) + 1, f"{old}%", unit.pk],
        )
    unit.path = new
