"""What an intake carries: one sheet for page, sheet of a visit, hotline and import; cleaned once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import ContactPerson, Customer, Product
from complaints.choices import CaseChannel, CaseKind, CaseLevel
from complaints.models import Case, Category, OrderType
from complaints.rules.intake import missing, refuse_moment
from crm.core.errors import FieldProblem, Invalid
from crm.core.text import clean_text, normal_phone
from visits.models import Visit

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class IntakeSheet:
    """受理: what the customer brings (CMP-1, CMP-5, CMP-15, SAL-18, CON-10, SAL-42)."""

    kind: str
    customer_id: int
    channel: str
    facts: str
    expectation: str = ""
    category_code: str = ""
    product_id: int | None = None
    order_code: str = ""
    level: str = CaseLevel.ORDINARY.value
    contact_person_id: int | None = None
    speaker_name: str = ""
    speaker_phone: str = ""
    happened_at: datetime | None = None
    received_at: datetime | None = None
    caused_by_id: int | None = None
    told_in_id: int | None = None
    from_case_id: int | None = None
    numbers: str = ""
    client_key: UUID | None = None
    external: tuple[str, str] = ("", "")
    # The exact number by which somebody else's customer was found (queries.cards).
    known_by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An enquiry answered on the spot (CON-29); what could not be answered becomes a task."""

    text: str
    method: str
    is_resolved: bool = True
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class References:
    """Rows that a sheet names, found and of the right customer."""

    category: Category | None
    product: Product | None
    order_type: OrderType | None
    contact_person: ContactPerson | None
    caused_by: Visit | None
    told_in: Visit | None
    from_case: Case | None


_MOMENTS: Mapping[str, str | Promise] = {
    "in_the_future": _("This moment is in the future."),
    "too_old": _("This moment is too long ago to be written down today."),
}


def checked(sheet: IntakeSheet, now: datetime) -> IntakeSheet:
    """The sheet with clean texts; every problem is told at once."""
    problems: list[FieldProblem] = []
    for field, value, allowed in (
        ("kind", sheet.kind, CaseKind.values),
        ("channel", sheet.channel, CaseChannel.values),
        ("level", sheet.level, CaseLevel.values),
    ):
        if value not in allowed:
            problems.append(FieldProblem(field, "invalid_choice", _("This is not one of the choices.")))
    texts = _texts(sheet, problems)
    for field in missing(sheet.kind, expectation=texts["expectation"], order_code=sheet.order_code):
        problems.append(FieldProblem(field, "required", _("This field is required.")))
    received_at = sheet.received_at or now
    why = refuse_moment(received_at, now, from_system=bool(sheet.external[1]))
    if why:
        problems.append(FieldProblem("received_at", why, _MOMENTS[why]))
    if sheet.happened_at is not None and sheet.happened_at > now:
        problems.append(FieldProblem("happened_at", "in_the_future", _MOMENTS["in_the_future"]))
    if problems:
        raise Invalid(errors=problems)
    return replace(sheet, received_at=min(received_at, now), **texts)


_LENGTHS = {"facts": 2000, "expectation": 500, "speaker_name": 50, "numbers": 200}


def _texts(sheet: IntakeSheet, problems: list[FieldProblem]) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for field, longest in _LENGTHS.items():
        try:
            clean[field] = clean_text(
                getattr(sheet, field), field=field, max_length=longest, blank=field != "facts",
                multiline=field in ("facts", "expectation"),
            )  # fmt: skip
        except Invalid as fault:
            problems += fault.problems
            clean[field] = getattr(sheet, field)
    try:
        phone = sheet.speaker_phone
        clean["speaker_phone"] = normal_phone(phone, field="speaker_phone") if phone.strip() else ""
    except Invalid as fault:
        problems += fault.problems
    return clean


def referred(sheet: IntakeSheet, customer: Customer) -> References:
    """The rows that the sheet names; one that is not there, or of another customer, is a problem of its field."""
    problems: list[FieldProblem] = []

    def found(rows: QuerySet[Row], wanted: object, field: str) -> Row | None:
        row = rows.first() if wanted else None
        if wanted and row is None:
            problems.append(FieldProblem(field, "not_found", _("There is no such record.")))
        return row

    of_customer: dict[str, Any] = {"customer_id": customer.pk}
    persons = ContactPerson.unscoped.filter(pk=sheet.contact_person_id or 0, **of_customer)
    visits = Visit.unscoped.filter(undone_at=None, **of_customer)
    earlier = Case.unscoped.filter(pk=sheet.from_case_id or 0, **of_customer)
    references = References(
        category=found(categories(sheet.category_code), sheet.category_code, "category"),
        product=found(products(sheet.product_id), sheet.product_id, "product"),
        order_type=found(
            OrderType.objects.filter(code=sheet.order_code, is_active=True), sheet.order_code, "order_type"
        ),
        contact_person=found(persons, sheet.contact_person_id, "contact_person"),
        caused_by=found(visits.filter(pk=sheet.caused_by_id or 0), sheet.caused_by_id, "caused_by"),
        told_in=found(visits.filter(pk=sheet.told_in_id or 0), sheet.told_in_id, "told_in"),
        from_case=found(earlier, sheet.from_case_id, "from_case"),
    )
    if problems:
        raise Invalid(errors=problems)
    return references


def categories(code: str) -> QuerySet[Category]:
    """A category in use, by its code."""
    return Category.objects.filter(code=code, is_active=True)


def products(product_id: int | None) -> QuerySet[Product]:
    """A product in use, by its id."""
    return Product.objects.filter(pk=product_id or 0, is_active=True)
