"""Units and staff as the directory of the company tells them, by code and staff number (sync-api "Trust").

A re-sync keeps every owner: it moves nobody's customers, takes nobody's posts, and who is not named stays as he is.
Whoever still holds customers is not deactivated; the row says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.books import CREATED, FAILED, STALE, TOLD, UNCHANGED, UPDATED
from accounts.actions.doors import must, scope_of
from accounts.actions.people import deactivate_staff, reactivate_staff, save_staff
from accounts.actions.units import save_unit
from accounts.models import Staff, Unit
from accounts.rules.lines import CLOCK_SKEW
from crm.core.db import write
from crm.core.errors import DomainError, Invalid, NotFound
from crm.core.models import User as UserModel

if TYPE_CHECKING:
    from crm.core.models import User

LATER = frozenset({"parent", "unit", "supervisor", "backup", "head", "complaint_handler"})
"""What may be told further down in the same call."""
STAFF_REFERENCES = {"supervisor": "supervisor_id", "backup": "backup_id"}
UNIT_HEADS = {"head": "head_id", "complaint_handler": "complaint_handler_id"}
CLEARED = {Unit: ("area",), Staff: ("phone", "line", "supervisor", "hired_on")}
"""What a PUT without it clears; the rest is decided here, not in the directory."""


@dataclass(frozen=True)
class Told:
    """What came of one row."""

    status: str
    row: Unit | Staff | None = None
    error: DomainError | None = None


@dataclass(frozen=True)
class Teller:
    """Who tells, and when; unchanged for all rows of a call."""

    by: User
    now: datetime
    is_replacing: bool = False
    version: int | None = None


def tell_unit(code: str, values: Mapping[str, Any], teller: Teller) -> Told:
    """One unit: made, changed, moved with everything below it, or taken out of use when nobody is left in it."""
    with write(by=teller.by):
        must(teller.by, "manage_units")
        return _unit_told(code, values, teller)


def _unit_told(code: str, values: Mapping[str, Any], teller: Teller) -> Told:
    unit = Unit.unscoped.filter(code=code).first()
    if unit is not None and not Unit.visible_to(scope_of(teller.by, "manage_units")).filter(pk=unit.pk).exists():
        raise NotFound(_("There is no such unit."), field="code")
    given = _whole(Unit, values, teller)
    told = _told_at(given, teller)
    if unit is not None and _is_outdated(unit, told):
        return Told(STALE, unit)
    if "parent" in given:
        given["parent_id"] = _unit_id(given.pop("parent"), "parent", teller, "manage_units")
    for name, column in UNIT_HEADS.items():
        if name in given:
            given[column] = _staff_id(given.pop(name), name)
    given["code"] = code
    version = unit.version if unit else 0
    unit_id = unit.pk if unit else None
    saved = save_unit(values=given, unit_id=unit_id, version=teller.version, by=teller.by, now=teller.now)
    _heard(saved, told)
    return Told(_status(unit is None, version, saved.version), saved)


def tell_staff(number: str, values: Mapping[str, Any], teller: Teller) -> Told:
    """One colleague; he may sign in only when `can_sign_in` asked for it once."""
    with write(by=teller.by):
        must(teller.by, "manage_staff")
        return _staff_told(number, values, teller)


def _staff_told(number: str, values: Mapping[str, Any], teller: Teller) -> Told:
    staff = Staff.unscoped.filter(number=number).first()
    if staff is not None and not Staff.visible_to(scope_of(teller.by, "manage_staff")).filter(pk=staff.pk).exists():
        raise NotFound(_("There is no such colleague."), field="number")
    given = _whole(Staff, values, teller)
    told = _told_at(given, teller)
    if staff is not None and _is_outdated(staff, told):
        return Told(STALE, staff)
    is_active, can_sign_in = given.pop("is_active", None), given.pop("can_sign_in", None)
    if "unit" in given:
        given["unit_id"] = _unit_id(given.pop("unit"), "unit", teller, "manage_staff")
    for name, column in STAFF_REFERENCES.items():
        if name in given:
            given[column] = _staff_id(given.pop(name), name)
    given["number"] = number
    version = staff.version if staff else 0
    staff_id = staff.pk if staff else None
    saved = save_staff(values=given, staff_id=staff_id, version=teller.version, by=teller.by, now=teller.now)
    if is_active is False and saved.is_active:
        saved = deactivate_staff(staff_id=saved.pk, by=teller.by, now=teller.now)
    elif is_active and not saved.is_active:
        saved = reactivate_staff(staff_id=saved.pk, by=teller.by, now=teller.now)
    status = _status(staff is None, version, saved.version)
    opens = saved.is_active and (bool(can_sign_in) if staff is None or can_sign_in is not None else None)
    if opens is not None and _let_in(saved, opens) and status == UNCHANGED:
        status = UPDATED
    _heard(saved, told)
    return Told(status, saved)


def tell_many(
    one: Callable[[str, Mapping[str, Any], Teller], Told],
    rows: Sequence[tuple[str, Mapping[str, Any]]],
    teller: Teller,
    *,
    atomic: bool = False,
    dry_run: bool = False,
) -> tuple[list[Told], bool]:
    """(what came of each row in order, whether anything was kept). A row may name one that comes later."""
    done: dict[int, Told] = {}
    with write(by=teller.by):
        waiting = list(range(len(rows)))
        while waiting:
            again = []
            for place in waiting:
                done[place] = _tried(one, rows[place], teller)
                if _names_a_later_one(done[place]):
                    again.append(place)
            if len(again) == len(waiting):
                break
            waiting = again
        told = [done[place] for place in range(len(rows))]
        is_kept = not dry_run and not (atomic and any(row.status == FAILED for row in told))
        if not is_kept:
            transaction.set_rollback(True)
    return told, is_kept


def _tried(
    one: Callable[[str, Mapping[str, Any], Teller], Told], row: tuple[str, Mapping[str, Any]], teller: Teller
) -> Told:
    try:
        return one(*row, teller)
    except DomainError as refusal:
        return Told(FAILED, error=refusal)


def _names_a_later_one(told: Told) -> bool:
    problems = told.error.problems if told.error else []
    return any(problem.code == "not_found" and problem.field in LATER for problem in problems)


def _told_at(given: dict[str, Any], teller: Teller) -> datetime | None:
    """When the directory says it knew this; taken out of what it says."""
    told: datetime | None = given.pop(TOLD, None)
    if told is not None and told > teller.now + CLOCK_SKEW:
        raise Invalid(_("This moment lies in the future."), code="out_of_range", field=TOLD)
    return told


def _is_outdated(row: Unit | Staff, told: datetime | None) -> bool:
    """Yesterday's file after today's does no harm."""
    return told is not None and row.source_updated_at is not None and told < row.source_updated_at


def _heard(row: Unit | Staff, told: datetime | None) -> None:
    """Keep when the directory told: no version, no line in the change log."""
    if told is not None and told != row.source_updated_at:
        type(row).unscoped.filter(pk=row.pk).update(source_updated_at=told)


def _whole(model: type[Unit | Staff], values: Mapping[str, Any], teller: Teller) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(CLEARED[model]) if teller.is_replacing else {}
    return {**empty, **values}


def _unit_id(code: str | None, field: str, teller: Teller, ability: str) -> int | None:
    if not code:
        return None
    found = Unit.visible_to(scope_of(teller.by, ability)).filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise Invalid(_("There is no such unit."), code="not_found", field=field)
    return found


def _staff_id(number: str | None, field: str) -> int | None:
    if not number:
        return None
    found = Staff.unscoped.filter(number=number, is_active=True).values_list("pk", flat=True).first()
    if found is None:
        raise Invalid(_("There is no such colleague."), code="not_found", field=field)
    return found


def _status(is_new: bool, before: int, after: int) -> str:
    return CREATED if is_new else UNCHANGED if before == after else UPDATED


def _let_in(staff: Staff, opens: bool) -> bool:
    """Whether that changed anything."""
    return bool(UserModel.objects.filter(pk=staff.user_id).exclude(is_active=opens).update(is_active=opens))
