"""Agreements: signed after a passed check, renewed, ended early; brought by the contract system (SAL-14, SAL-15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_customer
from accounts.actions.tasks import end_tasks_of
from accounts.models import ContactPerson, Customer
from accounts.queries import names
from crm.core import attachments
from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound
from crm.core.text import clean_text
from sales.agreement_rules import Earlier, check_agreement, needs_check, refusal_to_renew, refusal_to_sign
from sales.choices import AgreementState, ApplicationState
from sales.models import Agreement, JoiningApplication

if TYPE_CHECKING:
    from crm.core.models import User

EDITS, SEES = "edit_sales", "view_sales"
TABLE = "sales_agreement"
SCANS = attachments.DOCUMENTS


def sign_agreement(
    *,
    customer_id: int,
    values: Mapping[str, Any],
    by: User,
    now: datetime,
    scan: File[Any] | None = None,
) -> Agreement:
    """Put a signed agreement down; refused without a passed check (SAL-14). `previous`: the number it renews."""
    with write(by=by):
        customer = the_customer(by, customer_id, EDITS)
        clean = check_agreement(values, today=timezone.localdate(now)).or_refuse()
        earlier, application_id = _grounds(customer, clean)
        if Agreement.unscoped.filter(number=clean["number"]).exists():
            raise Invalid(_("There is an agreement of this number."), code="taken", field="number")
        row = Agreement.unscoped.create(
            number=clean["number"],
            customer=customer,
            kind=clean["kind"],
            application_id=application_id,
            previous_id=earlier.id if earlier else None,
            signed_on=clean["signed_on"],
            starts_on=clean["starts_on"],
            ends_on=clean.get("ends_on"),
            our_signer_id=_our_signer(clean.get("our_signer", "")),
            their_signer_id=_their_signer(customer.pk, clean.get("their_signer", "")),
            scan=attachments.store(scan, by=by, now=now, kinds=SCANS, field="scan") if scan else None,
            note=clean.get("note", ""),
            created_by=by,
            updated_at=now,
        )
        if earlier:
            end_tasks_of(origin_table=TABLE, origin_ids=[earlier.id], by=by, now=now)
        return row


def _grounds(customer: Customer, clean: Mapping[str, Any]) -> tuple[Earlier | None, int | None]:
    """What a new agreement rests on: (the one it renews, the application whose check it passed)."""
    problem: FieldProblem | None
    if clean.get("previous"):
        earlier = earlier_by_number([clean["previous"]]).get(clean["previous"])
        problem = refusal_to_renew(earlier, customer.pk, clean["starts_on"])
        if problem or earlier is None:
            raise Invalid(errors=[problem] if problem else [])
        if earlier.application_id or not needs_check(customer.kind, clean["kind"]):
            return earlier, earlier.application_id
    else:
        earlier = None
    newest = newest_applications([customer.pk]).get(customer.pk)
    if needs_check(customer.kind, clean["kind"]):
        problem = refusal_to_sign(newest.state if newest else None)
        if problem:
            raise Invalid(errors=[problem])
    return earlier, newest.pk if newest and newest.state == ApplicationState.PASSED else None


def newest_applications(customer_ids: list[int]) -> dict[int, JoiningApplication]:
    """The newest application of each customer."""
    rows = JoiningApplication.unscoped.filter(customer_id__in=customer_ids).order_by("pk")
    return {row.customer_id: row for row in rows}


def earlier_by_number(numbers: list[str]) -> dict[str, Earlier]:
    """Agreements that others may follow, by number."""
    rows = list(Agreement.unscoped.filter(number__in=numbers))
    followed = set(Agreement.unscoped.filter(previous__in=rows).values_list("previous_id", flat=True))
    return {
        row.number: Earlier(row.pk, row.customer_id, row.starts_on, row.application_id, row.pk in followed)
        for row in rows
    }


def _our_signer(number: str) -> int | None:
    if not number:
        return None
    found = names.staff_id_by_number(number)
    if found is None:
        raise Invalid(_("There is no such staff number."), code="not_found", field="our_signer")
    return found


def _their_signer(customer_id: int, name: str) -> int | None:
    if not name:
        return None
    found = signers_of([customer_id]).get((customer_id, name))
    if found is None:
        raise Invalid(_("The customer has no such contact person."), code="not_found", field="their_signer")
    return found


def signers_of(customer_ids: list[int]) -> dict[tuple[int, str], int]:
    """Contact persons of customers by name; of two with one name the one in use, then the newest."""
    rows = ContactPerson.unscoped.filter(customer_id__in=customer_ids).order_by("is_active", "pk")
    return {(row.customer_id, row.name): row.pk for row in rows}


def end_agreement(
    *, agreement_id: int, ends_on: date, reason: str, version: int | None, by: User, now: datetime
) -> Agreement:
    """End an agreement early; its last day is before the one agreed. What its end asked for falls away."""
    reason = clean_text(reason, field="reason", max_length=300, blank=False)
    today = timezone.localdate(now)
    with write(by=by):
        row = _reached(by, agreement_id, version)
        if row.state != AgreementState.SIGNED or (row.ends_on and row.ends_on < today):
            raise Conflict(_("This agreement is not in force any more."), current={"state": row.state})
        if ends_on < row.starts_on or (row.ends_on and ends_on > row.ends_on):
            raise Invalid(
                _("The last day lies between the start and the end of the agreement."),
                code="out_of_range",
                field="ends_on",
            )
        row.state, row.ends_on, row.terminated_on = AgreementState.TERMINATED, ends_on, today
        row.note = f"{row.note}\n{reason}".strip()[:500]
        row.version += 1
        row.updated_at = now
        row.save(update_fields=["state", "ends_on", "terminated_on", "note", "version", "updated_at"])
        end_tasks_of(origin_table=TABLE, origin_ids=[row.pk], by=by, now=now)
        return row


def file_scan(*, agreement_id: int, scan: File[Any], by: User, now: datetime) -> Agreement:
    """Put the scan of the signed paper to the agreement; a newer one takes its place, the old one is kept."""
    with write(by=by):
        row = _reached(by, agreement_id, None)
        row.scan = attachments.store(scan, by=by, now=now, kinds=SCANS, field="scan")
        row.version += 1
        row.updated_at = now
        row.save(update_fields=["scan", "version", "updated_at"])
        return row


def _reached(by: User, agreement_id: int, version: int | None) -> Agreement:
    """The agreement, locked: in sight, else 404; then allowed, else 403; unchanged since it was read, else 409."""
    rows = Agreement.visible_to(by.access.scope_for(SEES)).select_related("customer")
    row = rows.select_for_update(of=("self",)).filter(pk=agreement_id).first()
    if row is None:
        raise NotFound(_("There is no such agreement."))
    customer = row.customer
    if not by.access.scope_for(EDITS).allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
        raise NotAllowed
    if version is not None and version != row.version:
        raise Conflict(current={"state": row.state, "version": row.version})
    return row
