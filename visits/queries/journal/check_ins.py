"""The check-in book (走访签到记录簿, CON-23, CON-24): what is signed, who has signed, what is still missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.queries import names
from crm.core.errors import NotFound
from crm.core.measures import by_manager, over
from crm.core.models import Attachment
from crm.core.scope import Scope
from crm.core.signatures import Checked, Content, content_of, digest_of, drawing_of, signatures_of
from visits.models import Visit
from visits.queries.catalogue import catalogue
from visits.queries.measures import VISITS_SIGNED
from visits.queries.rows import VisitRow

TABLE = "visits_visit"
"""What signatures are under: the visit, with its line of the book."""
MANAGER, CUSTOMER = "manager", "customer"
CONTENT_VERSION = 1

_CONTENT = """
SELECT v.id, v.customer_id, v.staff_id, v.channel_id, v.outcome_id, v.occurred_at, v.ended_at, k.arrived_at, v.place,
  k.latitude, k.longitude, v.content, v.result, v.next_step, v.next_on,
  ARRAY(SELECT m.person_id FROM visits_visitperson m WHERE m.visit_id = v.id ORDER BY m.person_id),
  ARRAY(SELECT m.staff_id FROM visits_visitcompanion m WHERE m.visit_id = v.id ORDER BY m.staff_id),
  c.name, c.number,
  ARRAY(SELECT p.name FROM visits_visitperson m JOIN accounts_contactperson p ON p.id = m.person_id
    WHERE m.visit_id = v.id ORDER BY m.person_id)
FROM visits_visit v JOIN visits_checkin k ON k.visit_id = v.id JOIN accounts_customer c ON c.id = v.customer_id
WHERE v.id = %s AND v.undone_at IS NULL
"""
_FIELDS = (
    "visit", "customer", "staff", "channel", "outcome", "occurred_at", "ended_at", "arrived_at", "place", "latitude",
    "longitude", "content", "result", "next_step", "next_on", "met", "companions",
)  # fmt: skip


def signed_content(visit_id: int) -> Content | None:
    """What a signature stands under: the visit as written, and the names of the people as they are called then."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTENT, [visit_id])
        row = cursor.fetchone()
    if row is None:
        return None
    record = {name: _plain(value) for name, value in zip(_FIELDS, row, strict=False)}
    staff = names.staff_card(row[2])
    return Content(
        record={"form": "check_in", "version": CONTENT_VERSION} | record,
        names={
            "customer": row[17],
            "number": row[18],
            "staff": staff.name if staff else "",
            "staff_number": staff.number if staff else "",
            "met": list(row[19]),
        },
    )


def _plain(value: Any) -> Any:
    """A value as canonical JSON knows it: moments in UTC, so that the session's zone makes no difference."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def shown_content(content: Content) -> list[tuple[str, str]]:
    """The same in lines for whoever signs."""
    record, named = content.record, content.names
    start = timezone.localtime(datetime.fromisoformat(record["occurred_at"]))
    channel = catalogue().channels_by_id.get(record["channel"])
    lines = [
        (_("Customer"), named["customer"]),
        (_("Account manager"), f"{named['staff']} {named['staff_number']}"),
        (_("When"), start.strftime("%Y-%m-%d %H:%M")),
        (_("How"), channel.label if channel else ""),
        (_("Place"), record["place"]),
        (_("Whom met"), "、".join(named["met"])),
        (_("Work content"), record["content"]),
        (_("What came of it"), record["result"]),
        (_("Next step"), " · ".join(part for part in (record["next_step"], record["next_on"]) if part)),
    ]
    return [(label, text) for label, text in lines if text]


@dataclass(frozen=True, slots=True)
class BookEntry:
    """A line of the book on the visit's page."""

    arrived_at: datetime
    position: str
    accuracy: int | None
    wants_customer: bool
    manager: Checked | None
    customer: Checked | None
    digest: str
    has_content: bool

    @property
    def is_sealed(self) -> bool:
        """Everybody who is asked has signed: the record is closed."""
        return self.manager is not None and (self.customer is not None or not self.wants_customer)

    @property
    def is_closed(self) -> bool:
        """Closed to its author: the customer has signed, or he himself where nobody else is asked."""
        return self.customer is not None or (self.manager is not None and not self.wants_customer)

    @property
    def is_altered(self) -> bool:
        """A check of a signature fails: what stands there is not what was signed."""
        return any(signed is not None and not signed.is_good for signed in (self.manager, self.customer))

    @property
    def is_checked(self) -> bool:
        """There is a signature to check."""
        return self.manager is not None or self.customer is not None


def book_entry(row: VisitRow) -> BookEntry | None:
    """The visit's line of the book, its signatures checked now; None where the line has no book."""
    if not catalogue().channels_by_id[row.channel_id].is_on_site or row.undone_at is not None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT arrived_at, latitude, longitude, accuracy, wants_customer FROM visits_checkin WHERE visit_id = %s",
            [row.id],
        )
        found = cursor.fetchone()
    if found is None:
        return None
    signed = {checked.part: checked for checked in signatures_of(TABLE, row.id)}
    position = f"{found[1]},{found[2]}" if found[1] is not None else ""
    return BookEntry(
        found[0], position, found[3], found[4], signed.get(MANAGER), signed.get(CUSTOMER),
        digest_of(content_of(TABLE, row.id).text), bool(row.content.strip()),
    )  # fmt: skip


def are_signed(visit_ids: Sequence[int]) -> bool:
    """Whether one of them is closed to its author: signed by the customer, or by him where nobody else is asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM visits_checkin k WHERE k.visit_id = ANY(%s) AND (k.customer_signed_at IS NOT"
            " NULL OR k.manager_signed_at IS NOT NULL AND NOT k.wants_customer))",
            [list(visit_ids)],
        )
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class BookFacts:
    """What the printed book adds to a visit."""

    arrived_at: datetime
    manager_signed_at: datetime | None
    customer_signed_at: datetime | None
    manager_name: str
    customer_name: str
    customer_method: str
    drawing_id: int | None


def book_facts(visit_ids: Sequence[int]) -> dict[int, BookFacts]:
    """Arrival and signatures of many visits, for the printed book; who may see the visits has been asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.visit_id, k.arrived_at, k.manager_signed_at, k.customer_signed_at, coalesce(m.signer_name, ''),"
            " coalesce(s.signer_name, ''), coalesce(s.method, ''), s.drawing_id FROM visits_checkin k"
            " LEFT JOIN core_signature m ON m.subject_table = 'visits_visit' AND m.subject_id = k.visit_id"
            " AND m.part = 'manager' AND m.voided_at IS NULL"
            " LEFT JOIN core_signature s ON s.subject_table = 'visits_visit' AND s.subject_id = k.visit_id"
            " AND s.part = 'customer' AND s.voided_at IS NULL WHERE k.visit_id = ANY(%s)",
            [list(visit_ids)],
        )
        return {row[0]: BookFacts(*row[1:]) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class SignRate:
    """F28 (客户签字率): on-site visits with the customer's signature, of all that ask for one."""

    staff_id: int
    signed: int
    asked: int


def sign_rates(scope: Scope, *, first: date, last: date, staff_id: int | None = None) -> list[SignRate]:
    """F28 by manager, only where the switch was on when the visit was made; the rows are the visit list's."""
    found = by_manager(VISITS_SIGNED, scope, over(first, last))
    return [
        SignRate(person, int(share.numerator), int(share.denominator))
        for person, share in found.items()
        if person is not None and staff_id in (None, person)
    ]


def customer_drawing(scope: Scope, visit_id: int) -> Attachment:
    """The picture the customer drew under a visit of the scope; 404 without one."""
    if not Visit.visible_to(scope).filter(pk=visit_id).exists():
        raise NotFound
    found = drawing_of(TABLE, visit_id, CUSTOMER)
    if found is None:
        raise NotFound
    return found
