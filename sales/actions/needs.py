"""Needs of customers: noted, reworded, taken from stage to stage (CUS-14, SAL-10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_customer
from accounts.queries import names
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.text import clean_text
from sales.actions.agreements import signers_of
from sales.choices import NeedStage
from sales.models import Need, NeedStep, NeedType
from sales.need_rules import check_need, refusal_to_step

if TYPE_CHECKING:
    from crm.core.models import User

EDITS, SEES = "edit_sales", "view_sales"


def note_need(*, customer_id: int, values: Mapping[str, Any], by: User, now: datetime) -> Need:
    """Put a need down; an earlier one of the same type stays and shows as what it was before (CUS-14)."""
    today = timezone.localdate(now)
    with write(by=by):
        customer = the_customer(by, customer_id, EDITS)
        clean = _stored(customer.pk, check_need(values, today=today).or_refuse())
        row = Need.unscoped.create(
            customer=customer, stage=NeedStage.FOUND, stage_on=clean["found_on"], by=by, updated_at=now, **clean
        )
        _step(row, "", "", "", by, now)
        return row


def reword_need(*, need_id: int, values: Mapping[str, Any], version: int | None, by: User, now: datetime) -> Need:
    """Say it better or know more of it; what it said before stays in its history (CUS-14)."""
    with write(by=by):
        row = _reached(by, need_id, version)
        clean = _stored(row.customer_id, check_need(values, today=timezone.localdate(now)).or_refuse())
        before = row.text
        changed = [name for name, value in clean.items() if getattr(row, name) != value]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, clean[name])
        row.version += 1
        row.updated_at = now
        row.save(update_fields=[*changed, "version", "updated_at"])
        if before != row.text:
            _step(row, row.stage, before, "", by, now)
        return row


def step_need(
    *,
    need_id: int,
    to_stage: str,
    note: str,
    routed_to_id: int | None,
    version: int | None,
    by: User,
    now: datetime,
) -> Need:
    """Found, passed on to a department, proposed, met or lost (SAL-10)."""
    note = clean_text(note, field="note", max_length=500, multiline=True)
    with write(by=by):
        row = _reached(by, need_id, version)
        if routed_to_id is not None and not names.unit_path(routed_to_id):
            raise Invalid(_("There is no such unit."), code="not_found", field="routed_to")
        problem = refusal_to_step(row.stage, to_stage, has_unit=routed_to_id is not None, note=note)
        if problem:
            raise Invalid(errors=[problem])
        before, row.stage, row.stage_on = row.stage, NeedStage(to_stage), timezone.localdate(now)
        if to_stage == NeedStage.ROUTED:
            row.routed_to_id = routed_to_id
        row.version += 1
        row.updated_at = now
        row.save(update_fields=["stage", "stage_on", "routed_to", "version", "updated_at"])
        _step(row, before, "", note, by, now)
        return row


def _stored(customer_id: int, clean: dict[str, Any]) -> dict[str, Any]:
    """Type and decision maker as rows."""
    values = dict(clean)
    found = NeedType.objects.filter(code=values.pop("type"), is_active=True).first()
    if found is None:
        raise Invalid(_("There is no such type of need."), code="not_found", field="type")
    name = values.pop("decision_maker", "")
    decides = signers_of([customer_id]).get((customer_id, name)) if name else None
    if name and decides is None:
        raise Invalid(_("The customer has no such contact person."), code="not_found", field="decision_maker")
    return {"type_id": found.pk, "decision_maker_id": decides} | values


def _step(row: Need, before: str, text_before: str, note: str, by: User, now: datetime) -> None:
    NeedStep.unscoped.create(
        need=row, from_stage=before, to_stage=row.stage, text_before=text_before, note=note, by=by, at=now
    )


def _reached(by: User, need_id: int, version: int | None) -> Need:
    """The need, locked: in sight, else 404; then allowed, else 403; unchanged since it was read, else 409."""
    rows = Need.visible_to(by.access.scope_for(SEES)).select_related("customer")
    row = rows.select_for_update(of=("self",)).filter(pk=need_id).first()
    if row is None:
        raise NotFound(_("There is no such need."))
    customer = row.customer
    if not by.access.scope_for(EDITS).allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
        raise NotAllowed
    if version is not None and version != row.version:
        raise Conflict(current={"stage": row.stage, "version": row.version})
    return row
