"""Signing the check-in book (CON-23, CON-24): arrival, the manager's tap, the customer's signature, then closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core import signatures
from crm.core.db import write
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.models import Signature
from crm.core.signatures import IssuedLink
from visits.models import CheckIn, Visit
from visits.queries.catalogue import catalogue
from visits.queries.journal.check_ins import CUSTOMER, MANAGER, TABLE, are_signed

if TYPE_CHECKING:
    from crm.core.models import User

# Only where the book is on that day, and somebody was met; what was asked of a visit is kept with it.
_OPEN = """
INSERT INTO visits_checkin (visit_id, arrived_at, wants_customer)
SELECT v.id, v.occurred_at, visits_is_on('customer_signature', c.kind, v.unit_id, v.occurred_on)
FROM visits_visit v JOIN accounts_customer c ON c.id = v.customer_id
JOIN visits_channel h ON h.id = v.channel_id JOIN visits_outcome o ON o.id = v.outcome_id
WHERE v.id = ANY(%s) AND h.is_on_site AND o.is_effective AND v.undone_at IS NULL
  AND visits_is_on('check_in', c.kind, v.unit_id, v.occurred_on)
ON CONFLICT (visit_id) DO NOTHING
"""


def open_check_ins(visit_ids: Sequence[int], *, by: User) -> int:
    """Give on-site visits their line of the book, where their customers' line has one."""
    with write(by=by), connection.cursor() as cursor:
        cursor.execute(_OPEN, [list(visit_ids)])
        return int(cursor.rowcount)


def follow_visits(*, visits: Sequence[Visit], by: User, **_more: Any) -> None:
    """Called when visits were logged; a phone call asks the database nothing."""
    channels = catalogue().channels_by_id
    on_site = [visit.pk for visit in visits if channels[visit.channel_id].is_on_site]
    if on_site:
        open_check_ins(on_site, by=by)


def arrive(visit_ids: Sequence[int], data: Mapping[str, Any], *, by: User, now: datetime) -> None:
    """Arrival and, with consent, the position, from the part of the log sheet."""
    open_check_ins(visit_ids, by=by)
    changes: dict[str, Any] = {}
    if data.get("arrived_at"):
        changes["arrived_at"] = data["arrived_at"]
    if data.get("consent") and data.get("latitude") is not None and data.get("longitude") is not None:
        changes |= {
            "latitude": data["latitude"], "longitude": data["longitude"], "accuracy": data.get("accuracy"),
            "consented_at": now,
        }  # fmt: skip
    if changes:
        with write(by=by):
            CheckIn.unscoped.filter(visit_id__in=list(visit_ids)).update(**changes)


# --- Signing


def sign_visit(*, visit_id: int, seen: str = "", by: User, now: datetime) -> Signature:
    """CON-23: one tap of the manager who held the visit, bound to his sign-in."""
    _held_by(visit_id, by)
    return signatures.sign_by_login(TABLE, visit_id, MANAGER, seen=seen, by=by, now=now)


def take_signature(
    *, visit_id: int, drawing: str, signer_name: str, seen: str = "", by: User, now: datetime
) -> Signature:
    """CON-24: the customer signs with a finger on the manager's screen."""
    _held_by(visit_id, by)
    return signatures.sign_drawn(
        TABLE, visit_id, CUSTOMER, drawing=drawing, name=signer_name, seen=seen, by=by, now=now
    )


def ask_by_link(*, visit_id: int, by: User, now: datetime) -> IssuedLink:
    """CON-24: a link that works once, for the customer's own phone."""
    with write(by=by):
        visit = _held_by(visit_id, by)
        _refuse_unfinished(visit)
        if not _entry(visit_id).wants_customer:
            raise Invalid(_("No signature of the customer is asked for here."), code="not_asked")
        return signatures.issue_link(TABLE, visit_id, CUSTOMER, by=by, now=now)


def signed(visit_id: int, part: str, now: datetime) -> None:
    """Called by crm.core in the transaction of a signature: a visit without content cannot be signed (CON-23)."""
    visit = Visit.unscoped.select_for_update(of=("self",)).filter(pk=visit_id).first()
    if visit is None or visit.undone_at is not None:
        raise NotFound(_("There is no such visit."))
    _refuse_unfinished(visit)
    entry = _entry(visit_id)
    if part == CUSTOMER and not entry.wants_customer:
        raise Invalid(_("No signature of the customer is asked for here."), code="not_asked")
    column = "manager_signed_at" if part == MANAGER else "customer_signed_at"
    CheckIn.unscoped.filter(pk=entry.pk).update(**{column: now})


def _refuse_unfinished(visit: Visit) -> None:
    if not visit.content.strip():
        raise Invalid(_("Write down what was done first: an empty record cannot be signed."), code="no_content")


def _entry(visit_id: int) -> CheckIn:
    entry = CheckIn.unscoped.select_for_update().filter(visit_id=visit_id).first()
    if entry is None:
        raise Invalid(_("This visit has no line in the check-in book."), code="no_book")
    return entry


def _held_by(visit_id: int, by: User) -> Visit:
    """The visit, when `by` held it; 404 when it is invisible, 403 when it is somebody else's."""
    visit = Visit.visible_to(by.access.scope).select_related("staff").filter(pk=visit_id).first()
    if visit is None:
        raise NotFound(_("There is no such visit."))
    if not by.access.can("sign_visits") or visit.staff.user_id != by.pk:
        raise NotAllowed(_("Only who held the visit signs, and has it signed."))
    return visit


# --- Signed is signed


def refuse_signed(visits: Iterable[Visit]) -> None:
    """CON-24: what the customer has signed is not changed any more, only noted upon.

    A manager's own signature alone does not hold him: mending voids it, and he signs again.
    """
    if are_signed([visit.pk for visit in visits]):
        raise NotAllowed(_("This visit is signed: it can no longer be changed. Add a note."), code="signed")


def follow_change(visit: Visit, *, began: datetime, by: User, now: datetime) -> None:
    """A mended record: signatures under its former text no longer hold; the book follows channel and outcome.

    `began` is the start it had before: an arrival that was never told apart moves along.
    """
    known = catalogue()
    belongs = known.channels_by_id[visit.channel_id].is_on_site and known.outcomes_by_id[visit.outcome_id].is_effective
    rows = CheckIn.unscoped.filter(visit=visit)
    if not belongs and not rows.exists():
        return
    with write(by=by):
        signatures.void(TABLE, [visit.pk], now=now)
        if belongs:
            rows.update(manager_signed_at=None)
            rows.filter(arrived_at=began).update(arrived_at=visit.occurred_at)
            open_check_ins([visit.pk], by=by)
        else:
            rows.delete()


def follow_undo(*, visit_ids: Sequence[int], now: datetime, **_more: Any) -> None:
    """An undone visit leaves the book; links to sign it open nothing any more."""
    if CheckIn.unscoped.filter(visit_id__in=list(visit_ids)).delete()[0]:
        signatures.void(TABLE, visit_ids, now=now)
