"""The quality feedback form (CMP-28…31, CMP-37): every deed asks the one table of rules.quality."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.queries.staff import users_with_role
from complaints.choices import QualityState as State
from complaints.form_notices import QUALITY_CONFIRMED, QUALITY_DECIDED, QUALITY_SUBMITTED
from complaints.models import Case, CaseFile, QualityFeedback
from complaints.queries.people import told_of
from complaints.queries.quality import CONFIRMATION, CUSTOMER, SIGNED_UNDER, TABLE, rights_over
from complaints.queries.rights import rights_on
from complaints.rules.cases import HANDLE
from complaints.rules.quality import DEEDS, refuse
from crm.core import attachments, signatures
from crm.core.db import write
from crm.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, refuse_own
from crm.core.models import Signature
from crm.core.notices import NoticeRow, notify
from crm.core.signatures import IssuedLink
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

MOST = 1_000_000
MOST_PHOTOS = 6
MAX_BYTES = 10 * 1024 * 1024
PICTURES = frozenset({attachments.JPEG, attachments.PNG, attachments.WEBP})
EARLIEST = timedelta(days=31)
"""An inspection may have taken place so long before the matter was taken down."""

REFUSALS: dict[str, str | Promise] = {
    "passed": _("The form is beyond this step."),
    "not_inspected": _("First inspect on the spot: the date and the cause are missing."),
    "not_signed": _("The customer's signature is missing."),
    "not_submitted": _("The form has not been submitted yet."),
    "not_approved": _("Nothing is exchanged before the approval."),
    "not_exchanged": _("The exchange has not been recorded yet."),
    "not_confirmed": _("The second signature, the customer's confirmation, is missing."),
}


class OutOfTurn(DomainError):
    """The form stands where this deed is not possible; its code says what is missing."""

    status = 409


def open_feedback(*, case_id: int, by: User) -> QualityFeedback:
    """Begin the form of a case, once; whoever may handle the case does."""
    with write(by=by):
        rows = Case.visible_to(by.access.scope_for("view_cases")).select_related("customer")
        case = rows.select_for_update(of=("self",), no_key=True).filter(pk=case_id).first()
        if case is None:
            raise NotFound(_("There is no such case."))
        if HANDLE not in rights_on(by.access, case, case.customer):
            raise NotAllowed
        return begin_feedback(case)


def begin_feedback(case: Case) -> QualityFeedback:
    """The form of a case in hand, in the caller's transaction; there is one at most."""
    name = case.product.name if case.product_id and case.product else ""
    row, _made = QualityFeedback.unscoped.get_or_create(
        case=case, defaults={"product_id": case.product_id, "product_name": name[:60]}
    )
    return row


def inspect_quality(
    *,
    feedback_id: int,
    inspected_on: date,
    product_name: str,
    batch: str = "",
    quantity: int | None = None,
    defect: str,
    cause: str,
    photos: Sequence[File[Any]] = (),
    version: int | None = None,
    by: User,
    now: datetime,
) -> QualityFeedback:
    """CMP-28: what was found on the spot. Mending it voids what the customer has signed."""
    values: dict[str, Any] = {
        "inspected_on": inspected_on,
        "product_name": clean_text(product_name, field="product_name", max_length=60, blank=False),
        "batch": clean_text(batch, field="batch", max_length=60),
        "quantity": _quantity(quantity, "quantity"),
        "defect": clean_text(defect, field="defect", max_length=500, blank=False, multiline=True),
        "cause": clean_text(cause, field="cause", max_length=500, blank=False, multiline=True),
    }
    with write(by=by):
        row = _reached(by, feedback_id, "inspect", version)
        first = timezone.localdate(row.case.received_at) - EARLIEST
        _within(inspected_on, first, timezone.localdate(now), "inspected_on")
        if row.state in (State.SIGNED, State.REJECTED):
            signatures.void(TABLE, [row.pk], now=now)
        for name, value in values.items():
            setattr(row, name, value)
        row.inspected_by_id = by.access.staff_id
        _add_photos(row, photos, by=by, now=now)
        _move(row, "inspect")
    return row


def sign_quality(
    *, feedback_id: int, part: str, drawing: str, signer_name: str, seen: str = "", by: User, now: datetime
) -> Signature:
    """CMP-29, CMP-31: the customer signs on the manager's screen, under what was found or what was delivered."""
    table = _table(part)
    _held(by, feedback_id)
    return signatures.sign_drawn(table, feedback_id, part, drawing=drawing, name=signer_name, seen=seen, by=by, now=now)


def ask_signature(*, feedback_id: int, part: str, by: User, now: datetime) -> IssuedLink:
    """The same by a link that works once, on the customer's own phone."""
    table = _table(part)
    with write(by=by):
        row = _held(by, feedback_id)
        _refuse(_deed_of(part), row)
        return signatures.issue_link(table, feedback_id, part, by=by, now=now)


def signed_first(feedback_id: int, part: str, now: datetime) -> None:
    """Called by crm.core in the transaction of the first signature."""
    _after_signature(feedback_id, part, CUSTOMER)


def signed_second(feedback_id: int, part: str, now: datetime) -> None:
    """Called in the transaction of the second one; the regional market manager closes now."""
    row = _after_signature(feedback_id, part, CONFIRMATION)
    _tell_reviewers(row, QUALITY_CONFIRMED.kind, now)


def submit_quality(
    *, feedback_id: int, returned_quantity: int, version: int | None = None, by: User, now: datetime
) -> QualityFeedback:
    """CMP-29: the form and the defective goods go to the regional market manager."""
    with write(by=by):
        row = _reached(by, feedback_id, "submit", version)
        row.returned_quantity = _quantity(returned_quantity, "returned_quantity", most=row.quantity)
        row.submitted_at, row.submitted_by = now, by
        row.decided_at, row.decided_by, row.decision_note = None, None, ""
        _move(row, "submit")
        _tell_reviewers(row, QUALITY_SUBMITTED.kind, now, but=by.pk)
    return row


def decide_quality(
    *, feedback_id: int, approve: bool, note: str = "", version: int | None = None, by: User, now: datetime
) -> QualityFeedback:
    """CMP-30: approved, the goods may be exchanged; rejected with a reason. Never one's own form (SEC-24)."""
    note = clean_text(note, field="note", max_length=300, blank=approve)
    with write(by=by):
        row = _reached(by, feedback_id, "approve" if approve else "reject", version)
        refuse_own(by.pk, row.submitted_by_id)
        row.decided_at, row.decided_by, row.decision_note = now, by, note
        _move(row, "approve" if approve else "reject")
        if row.submitted_by_id:
            params = {"customer": row.case.customer.name, "by": by.name, "remark": note}
            notify([_notice(row.submitted_by_id, QUALITY_DECIDED.kind, row, params)], now)
    return row


def exchange_quality(
    *,
    feedback_id: int,
    exchanged_on: date,
    exchanged_quantity: int,
    version: int | None = None,
    by: User,
    now: datetime,
) -> QualityFeedback:
    """CMP-30: the exchange, only after the approval and not before its day."""
    with write(by=by):
        row = _reached(by, feedback_id, "exchange", version)
        first = timezone.localdate(row.decided_at) if row.decided_at else exchanged_on
        _within(exchanged_on, first, timezone.localdate(now), "exchanged_on")
        row.exchanged_on = exchanged_on
        row.exchanged_quantity = _quantity(exchanged_quantity, "exchanged_quantity", least=1, most=row.quantity)
        _move(row, "exchange")
    return row


def close_quality(*, feedback_id: int, version: int | None = None, by: User, now: datetime) -> QualityFeedback:
    """CMP-31: the regional market manager closes the form that came back with both signatures."""
    with write(by=by):
        row = _reached(by, feedback_id, "close", version)
        row.closed_at, row.closed_by = now, by
        _move(row, "close")
    return row


# --- How a deed reaches its form


def _seen(by: User, feedback_id: int) -> QualityFeedback:
    rows = QualityFeedback.visible_to(by.access.scope_for("view_cases")).select_related("case__customer")
    row = rows.select_for_update(of=("self",)).filter(pk=feedback_id).first()
    if row is None:
        raise NotFound(_("There is no such form."))
    return row


def _rights(by: User, row: QualityFeedback) -> frozenset[str]:
    case, customer = row.case, row.case.customer
    return rights_over(
        by.access, kind=case.kind, owner_id=case.owner_id, unit_id=customer.unit_id, manager_id=customer.manager_id
    )


def _reached(by: User, feedback_id: int, deed: str, version: int | None) -> QualityFeedback:
    row = _seen(by, feedback_id)
    if DEEDS[deed].who not in _rights(by, row):
        raise NotAllowed
    _refuse(deed, row)
    if version is not None and version != row.version:
        raise Conflict(current={"version": row.version, "state": row.state})
    return row


def _held(by: User, feedback_id: int) -> QualityFeedback:
    row = _seen(by, feedback_id)
    if HANDLE not in _rights(by, row):
        raise NotAllowed
    return row


def _refuse(deed: str, row: QualityFeedback) -> None:
    why = refuse(deed, row.state)
    if why:
        raise OutOfTurn(REFUSALS[why], code=why)


def _move(row: QualityFeedback, deed: str) -> None:
    row.state = DEEDS[deed].target
    row.version += 1
    row.save()


def _deed_of(part: str) -> str:
    return "sign" if part == CUSTOMER else "confirm"


def _table(part: str) -> str:
    if part not in SIGNED_UNDER:
        raise NotFound
    return SIGNED_UNDER[part]


def _after_signature(feedback_id: int, part: str, wanted: str) -> QualityFeedback:
    rows = QualityFeedback.unscoped.select_related("case__customer").select_for_update(of=("self",))
    row = rows.filter(pk=feedback_id).first()
    if row is None or part != wanted:
        raise NotFound
    _refuse(_deed_of(part), row)
    _move(row, _deed_of(part))
    return row


# --- Shape


def _quantity(value: int | None, field: str, *, least: int = 0, most: int | None = None) -> int | None:
    top = MOST if most is None else most
    if value is not None and not least <= value <= top:
        raise Invalid(
            _("A number between %(least)d and %(most)d."), code="out_of_range", field=field,
            params={"least": least, "most": top},
        )  # fmt: skip
    return value


def _within(day: date, first: date, last: date, field: str) -> None:
    if not first <= day <= last:
        raise Invalid(
            _("A day from %(first)s to %(last)s."), code="out_of_range", field=field,
            params={"first": first.isoformat(), "last": last.isoformat()},
        )  # fmt: skip


def _add_photos(row: QualityFeedback, photos: Sequence[File[Any]], *, by: User, now: datetime) -> None:
    if not photos:
        return
    there = CaseFile.unscoped.filter(case_id=row.case_id, attachment__content_type__startswith="image/").count()
    if there + len(photos) > MOST_PHOTOS:
        raise Invalid(
            _("At most %(max)d photos."), code="too_many", field="photos", params={"max": MOST_PHOTOS}
        )  # fmt: skip
    for upload in photos:
        kept = attachments.store(upload, by=by, now=now, kinds=PICTURES, max_bytes=MAX_BYTES, field="photos")
        CaseFile.unscoped.create(case_id=row.case_id, attachment=kept, by=by, added_at=now)


# --- Who is told


def _notice(user_id: int, kind: str, row: QualityFeedback, params: dict[str, str]) -> NoticeRow:
    return NoticeRow(user_id, kind, TABLE, row.pk, f"{row.version}", params, f"/quality/{row.pk}/")


def _tell_reviewers(row: QualityFeedback, kind: str, now: datetime, but: int | None = None) -> None:
    """The regional market managers of the area; without one, whoever answers for the case looks for one."""
    today, customer = timezone.localdate(now), row.case.customer
    users = users_with_role(Role.REGIONAL_MARKET_MANAGER, customer.unit_id, today)
    params = {"customer": customer.name, "number": row.case.number}
    told = users or list(told_of(row.case.owner_id, customer.unit_id, today))
    notify([_notice(user_id, kind, row, params) for user_id in told if user_id != but], now)
