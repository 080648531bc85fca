"""Quality feedback forms: the list, one form with its signatures and photos, what a signature stands under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.queries import names
from complaints.choices import QualityState
from complaints.models import Case, CaseFile, QualityFeedback
from complaints.queries.rights import rights_at
from complaints.rules.cases import HANDLE as CASE_HANDLE
from complaints.rules.quality import HANDLE, REVIEW, STATIONS, place_of
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.models import Attachment
from crm.core.scope import Scope
from crm.core.signatures import Checked, Content, content_of, digest_of, drawing_of, signatures_of

TABLE = "complaints_qualityfeedback"
EXCHANGE_TABLE = "complaints_qualityexchange"
"""The second signature stands under what was delivered, so that recording it does not alter what was signed first."""
CUSTOMER, CONFIRMATION = "customer", "confirmation"
SIGNED_UNDER = {CUSTOMER: TABLE, CONFIRMATION: EXCHANGE_TABLE}
CONTENT_VERSION = 1
LIMIT = 50


@dataclass(frozen=True, slots=True)
class QualityRow:
    """One form for its list and its page."""

    id: int
    state: str
    case_id: int
    case_number: str
    customer_id: int
    customer_name: str
    customer_number: str
    tier_id: int | None
    unit_id: int
    manager_id: int | None
    owner_id: int | None
    case_kind: str
    facts: str
    expectation: str
    received_at: datetime
    product_name: str
    batch: str
    quantity: int | None
    defect: str
    cause: str
    inspected_on: date | None
    inspected_by_id: int | None
    returned_quantity: int | None
    submitted_at: datetime | None
    submitted_by_id: int | None
    submitted_by: str | None
    decided_at: datetime | None
    decided_by: str | None
    decision_note: str
    exchanged_on: date | None
    exchanged_quantity: int | None
    closed_at: datetime | None
    closed_by: str | None
    version: int

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(QualityState(self.state).label)

    @property
    def is_rejected(self) -> bool:
        """Sent back: it is inspected, signed and submitted anew."""
        return self.state == QualityState.REJECTED

    @property
    def tier(self) -> names.TierView | None:
        """The customer's tier."""
        return names.tier(self.tier_id)

    @property
    def unit_name(self) -> str:
        """The customer's unit."""
        return names.unit_name(self.unit_id)

    @property
    def manager_name(self) -> str:
        """The customer's manager."""
        return names.staff_name(self.manager_id)

    @property
    def inspected_by(self) -> str:
        """Who looked at it on the spot."""
        return names.staff_name(self.inspected_by_id)

    @property
    def stations(self) -> list[tuple[str, str]]:
        """The way as a list of (words, done | now | later)."""
        place = place_of(self.state)
        at_end = self.state == QualityState.CLOSED
        return [
            (str(station.label), "done" if at < place or at_end else "now" if at == place else "later")
            for at, station in enumerate(STATIONS)
        ]


_ROWS = """
SELECT q.id, q.state, k.id, k.number, c.id, c.name, c.number, c.tier_id, c.unit_id, c.manager_id, k.owner_id, k.kind,
    k.facts, k.expectation, k.received_at, coalesce(nullif(q.product_name, ''), p.name, ''), q.batch, q.quantity,
    q.defect, q.cause, q.inspected_on, q.inspected_by_id, q.returned_quantity, q.submitted_at, q.submitted_by_id,
    s.name, q.decided_at, d.name, q.decision_note, q.exchanged_on, q.exchanged_quantity, q.closed_at, x.name, q.version
FROM complaints_qualityfeedback q JOIN complaints_case k ON k.id = q.case_id
JOIN accounts_customer c ON c.id = k.customer_id
LEFT JOIN accounts_product p ON p.id = coalesce(q.product_id, k.product_id)
LEFT JOIN core_user s ON s.id = q.submitted_by_id LEFT JOIN core_user d ON d.id = q.decided_by_id
LEFT JOIN core_user x ON x.id = q.closed_by_id
WHERE {where}
"""


def quality_list(
    scope: Scope, *, state: str = "", before: int | None = None, limit: int = LIMIT
) -> Sequence[QualityRow]:
    """Newest first; at most `limit` + 1 rows."""
    where, params = scope.sql("c")
    parts = [where]
    for sql, value in (("q.state = %s", state or None), ("q.id < %s", before)):
        if value is not None:
            parts.append(sql)
            params = [*params, value]
    return _read(" AND ".join(parts) + " ORDER BY q.id DESC LIMIT %s", [*params, limit + 1])


def quality_for(scope: Scope, feedback_id: int) -> QualityRow:
    """One form inside the scope, or 404."""
    where, params = scope.sql("c")
    rows = _read(f"q.id = %s AND {where}", [feedback_id, *params])
    if not rows:
        raise NotFound
    return rows[0]


def _read(where: str, params: Sequence[Any]) -> list[QualityRow]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(where=where), list(params))
        return [QualityRow(*row) for row in cursor.fetchall()]


def rights_over(
    access: Access, *, kind: str, owner_id: int | None, unit_id: int, manager_id: int | None
) -> frozenset[str]:
    """Whoever may handle the case fills the form in; the regional market manager of the area decides about it."""
    has = set()
    if CASE_HANDLE in rights_at(access, kind=kind, owner_id=owner_id, unit_id=unit_id, manager_id=manager_id):
        has.add(HANDLE)
    if access.scope_for("review_quality").allows(unit_id=unit_id, manager_id=manager_id):
        has.add(REVIEW)
    return frozenset(has)


def rights_of(access: Access, row: QualityRow) -> frozenset[str]:
    """The same for a row of the list."""
    return rights_over(
        access, kind=row.case_kind, owner_id=row.owner_id, unit_id=row.unit_id, manager_id=row.manager_id
    )


def feedback_of(case_id: int) -> int | None:
    """The form of a case the caller has reached."""
    return QualityFeedback.unscoped.filter(case_id=case_id).values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case in two lines, for whoever writes about it."""

    id: int
    number: str
    customer_name: str
    facts: str


def case_head(scope: Scope, case_id: int) -> CaseHead:
    """The head of a case inside the scope, or 404."""
    row = Case.visible_to(scope).select_related("customer").filter(pk=case_id).first()
    if row is None:
        raise NotFound
    return CaseHead(row.pk, row.number, row.customer.name, row.facts)


# --- Signatures


def signed_content(feedback_id: int) -> Content | None:
    """What the first signature stands under: what was found on the spot (CMP-29)."""
    rows = _read("q.id = %s", [feedback_id])
    if not rows or rows[0].inspected_on is None:
        return None
    row = rows[0]
    record = {
        "form": "quality", "version": CONTENT_VERSION, "feedback": row.id, "customer": row.customer_id,
        "product": row.product_name, "batch": row.batch, "quantity": row.quantity, "defect": row.defect,
        "cause": row.cause, "inspected_on": row.inspected_on.isoformat() if row.inspected_on else "",
    }  # fmt: skip
    return Content(record=record, names=_names(row))


def exchange_content(feedback_id: int) -> Content | None:
    """What the second signature stands under: what was delivered, "客户确认" (CMP-31)."""
    rows = _read("q.id = %s", [feedback_id])
    if not rows or rows[0].exchanged_on is None:
        return None
    row = rows[0]
    record = {
        "form": "quality_exchange", "version": CONTENT_VERSION, "feedback": row.id, "customer": row.customer_id,
        "product": row.product_name, "returned": row.returned_quantity, "exchanged": row.exchanged_quantity,
        "exchanged_on": row.exchanged_on.isoformat() if row.exchanged_on else "",
    }  # fmt: skip
    return Content(record=record, names=_names(row))


def _names(row: QualityRow) -> dict[str, str]:
    return {"customer": row.customer_name, "number": row.customer_number, "case": row.case_number}


def shown_content(content: Content) -> list[tuple[str, str]]:
    """The first content in lines for whoever signs."""
    record = content.record
    lines = [
        (_("Customer"), content.names["customer"]),
        (_("Goods or service"), record["product"]),
        (_("Batch or serial number"), record["batch"]),
        (_("Quantity"), _plain(record["quantity"])),
        (_("Defect"), record["defect"]),
        (_("Cause"), record["cause"]),
        (_("Inspected on"), record["inspected_on"]),
    ]
    return [(label, text) for label, text in lines if text]


def shown_exchange(content: Content) -> list[tuple[str, str]]:
    """The second content in lines."""
    record = content.record
    lines = [
        (_("Customer"), content.names["customer"]),
        (_("Goods or service"), record["product"]),
        (_("Brought back"), _plain(record["returned"])),
        (_("Exchanged"), _plain(record["exchanged"])),
        (_("Exchanged on"), record["exchanged_on"]),
    ]
    return [(label, text) for label, text in lines if text]


def _plain(value: int | None) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Signed:
    """The two signatures, checked now, and the digest of what is signed next."""

    customer: Checked | None
    confirmation: Checked | None
    digest: str

    @property
    def is_altered(self) -> bool:
        """What stands there is not what was signed."""
        return any(one is not None and not one.is_good for one in (self.customer, self.confirmation))


def signed_on(row: QualityRow) -> Signed:
    """Both signatures of a form the caller has reached."""
    found = {one.part: one for table in SIGNED_UNDER.values() for one in signatures_of(table, row.id)}
    digest = ""
    if row.state == QualityState.INSPECTED:
        digest = digest_of(content_of(TABLE, row.id).text)
    elif row.state == QualityState.EXCHANGED:
        digest = digest_of(content_of(EXCHANGE_TABLE, row.id).text)
    return Signed(found.get(CUSTOMER), found.get(CONFIRMATION), digest)


def quality_drawing(scope: Scope, feedback_id: int, part: str) -> Attachment:
    """The picture of one of the two signatures, or 404."""
    row = quality_for(scope, feedback_id)
    table = SIGNED_UNDER.get(part)
    drawing = drawing_of(table, row.id, part) if table else None
    if drawing is None:
        raise NotFound
    return drawing


# --- Photos


def quality_photos(row: QualityRow) -> Sequence[CaseFile]:
    """Pictures among the files of the case, in the order they came."""
    files = CaseFile.unscoped.filter(case_id=row.case_id, attachment__content_type__startswith="image/")
    return list(files.select_related("attachment").order_by("pk"))


def quality_photo(scope: Scope, feedback_id: int, file_id: int) -> CaseFile:
    """One of them, or 404."""
    row = quality_for(scope, feedback_id)
    found = CaseFile.unscoped.filter(case_id=row.case_id, pk=file_id, attachment__content_type__startswith="image/")
    one = found.select_related("attachment").first()
    if one is None:
        raise NotFound
    return one
