"""What the intake shows beside its fields: the customer, likely duplicates, earlier cases, the guide."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict

from accounts.models import Customer
from accounts.queries import names
from accounts.queries.customers import Found, contact_persons, customers_by_search
from accounts.queries.names import TierView
from complaints.choices import CaseKind
from complaints.forms.intake import WITH_TEMPLATE, IntakeForm, number_in, template_text
from complaints.queries.cards import MinimalCard, card_of, customer_by_number
from complaints.queries.cases import CaseBrief
from complaints.queries.duplicates import earlier_cases, likely_duplicates
from complaints.queries.offers import Offer, categories, order_types, products, visits_of
from crm.core import guide
from crm.core.abilities import Access
from crm.core.text import character_problem

TAKES = "take_requests"
SHOWN = 6
EARLIER = 4


@dataclass(slots=True)
class Known:
    """The chosen customer as far as whoever takes the request may see him."""

    id: int = 0
    name: str = ""
    number: str = ""
    tier: TierView | None = None
    manager: str = ""
    unit: str = ""
    # Somebody else's, found by an exact number: masked, without earlier cases.
    card: MinimalCard | None = None
    known_by: str = ""
    duplicates: list[CaseBrief] = field(default_factory=list)
    earlier: list[CaseBrief] = field(default_factory=list)
    persons: list[tuple[str, str]] = field(default_factory=list)
    visits: Offer = field(default_factory=list)


def choices_of() -> dict[str, Any]:
    """The choices of the form."""
    return {"category_code": categories(), "product_id": [("", "–"), *products()]}


def found_customers(access: Access, typed: str) -> list[Found]:
    """Of one's own scope, by whatever was typed."""
    scope = access.scope_for(TAKES)
    if not typed or scope.is_empty:
        return []
    return customers_by_search(scope, typed, SHOWN)


def known_customer(access: Access, data: QueryDict, *, now: datetime) -> Known | None:
    """The chosen customer with what is known of him; nobody chosen, or out of sight: none."""
    customer_id, known_by = number_in(data, "customer"), data.get("known_by", "")[:30]
    if customer_id is None:
        return None
    scope = access.scope_for(TAKES)
    customer = Customer.visible_to(scope).filter(pk=customer_id).first()
    if customer is None:
        other = customer_by_number(known_by) if known_by else None
        if other is None or other.pk != customer_id:
            return None
        return Known(customer_id, card=card_of(other, scope), known_by=known_by)
    known = Known(
        customer.pk, customer.name, customer.number, names.tier(customer.tier_id),
        names.staff_name(customer.manager_id), names.unit_name(customer.unit_id),
    )  # fmt: skip
    _history(known, access, data, now)
    persons = contact_persons(scope, customer.pk)
    known.persons = [(str(person.pk), person.name) for person in persons if person.is_active]
    known.visits = visits_of(customer.pk, now, also=number_in(data, "caused_by_id") or number_in(data, "caused_by"))
    return known


def _history(known: Known, access: Access, data: QueryDict, now: datetime) -> None:
    """Likely the same matter first, then what came before; only cases in sight."""
    scope = access.scope_for("view_cases")
    if scope.is_empty:
        return
    known.duplicates = likely_duplicates(
        scope, known.id, kind=data.get("kind", ""), category_code=data.get("category_code", "")[:30],
        product_id=number_in(data, "product_id"), facts=data.get("facts", "")[:2000], now=now,
    )  # fmt: skip
    twins = {row.id for row in known.duplicates}
    known.earlier = [row for row in earlier_cases(scope, known.id) if row.id not in twins][:EARLIER]


def guide_hits(typed: str) -> list[guide.Text]:
    """Texts of the guide for an enquiry (CON-29)."""
    text = typed.strip()[:50]
    if len(text) < 2 or "\x00" in text:
        return []
    return sorted(guide.articles(search=text), key=lambda hit: text not in hit.title)[:SHOWN]


def intake_context(
    form: IntakeForm, access: Access, data: QueryDict, *, now: datetime, card: MinimalCard | None = None
) -> dict[str, Any]:
    """The whole page."""
    typed = data.get("q", "")[:50].strip()
    typed = "" if character_problem(typed) else typed
    return {
        "form": form,
        "known": known_customer(access, data, now=now),
        "found": found_customers(access, typed) if typed else [],
        "card": card,
        "typed": typed,
        "order_types": order_types(),
        "template": template_text(),
        "template_kinds": " ".join(WITH_TEMPLATE),
        "can_solve": access.can("handle_cases"),
        "is_complaint": form.typed_kind == CaseKind.COMPLAINT,
        "hits": guide_hits(data.get("guide", "")),
        "guide_typed": data.get("guide", "")[:50],
    }
