"""What the forms of the desk offer: people, units, cases, categories, products, visits; read only when asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Product
from accounts.queries import names
from accounts.queries.dispatches import units_to_ask
from complaints.models import Category, OrderType
from complaints.queries.case_parts import is_english
from complaints.queries.cases import CaseHead, label_field
from complaints.queries.duplicates import earlier_cases
from complaints.queries.people import takers_of
from crm.core.abilities import Access
from visits.models import Visit

Offer = list[tuple[Any, str]]
VISITS_BACK = timedelta(days=90)
MOST_VISITS = 20
SHORT = 40


def categories() -> Offer:
    """Categories in use, by code."""
    rows = Category.objects.filter(is_active=True).order_by("position", "pk")
    return list(rows.values_list("code", label_field()))


def products() -> Offer:
    """Products in use, by id."""
    return list(Product.objects.filter(is_active=True).order_by("name", "pk").values_list("pk", "name"))


def order_types() -> list[dict[str, Any]]:
    """Types of business handling with their steps in words, urgent ones marked (SAL-18, SAL-26, SAL-41)."""
    label, place = label_field(), 2 if is_english() else 1
    return [
        {
            "code": row.code,
            "label": getattr(row, label),
            "steps": [step[place] for step in row.steps],
            "is_urgent": row.is_urgent,
            "manager_completes": row.manager_completes,
        }
        for row in OrderType.objects.filter(is_active=True).order_by("position", "pk")
    ]


def visits_of(customer_id: int, now: datetime, *, also: int | None = None) -> Offer:
    """The customer's visits of the last three months, the newest first, and this one (CON-10)."""
    lately = Q(occurred_at__gte=now - VISITS_BACK) | Q(pk=also or 0)
    rows = Visit.unscoped.filter(lately, customer_id=customer_id, undone_at=None)
    english = is_english()
    return [
        (
            row.pk,
            " · ".join(
                part
                for part in (
                    timezone.localtime(row.occurred_at).strftime("%m-%d %H:%M"),
                    row.channel.label_en if english else row.channel.label_zh,
                    row.content[:SHORT].replace("\n", " "),
                )
                if part
            ),
        )
        for row in rows.select_related("channel").order_by("-occurred_at", "-pk")[:MOST_VISITS]
    ]


def offers_for(access: Access, head: CaseHead, wanted: set[str], *, now: datetime) -> dict[str, Offer]:
    """The choices that a deed's form asks for, and no others."""
    none: Offer = [("", "–")]
    found: dict[str, Callable[[], Offer]] = {
        "takers": lambda: _takers(head, now),
        "twins": lambda: _twins(access, head),
        "units": lambda: [("", _("Choose a unit")), *units_to_ask()],
        "categories": lambda: none + categories(),
        "products": lambda: none + products(),
        "visits": lambda: none + visits_of(head.customer_id, now, also=head.caused_by_id),
    }
    return {name: found[name]() for name in wanted}


def _takers(head: CaseHead, now: datetime) -> Offer:
    cards = takers_of(head.customer_unit_id, head.customer_manager_id, timezone.localdate(now))
    return [(card.id, f"{card.name} · {names.unit_name(card.unit_id)}") for card in cards if card.id != head.owner_id]


def _twins(access: Access, head: CaseHead) -> Offer:
    rows = earlier_cases(access.scope_for("view_cases"), head.customer_id, except_id=head.id, limit=50)
    return [
        (row.id, f"{row.number} · {row.kind_label} · {row.facts[:SHORT]}".replace("\n", " "))
        for row in rows
        if row.is_open
    ]
