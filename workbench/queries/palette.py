"""What the palette finds (screens): customers, colleagues, pages; through the same door as every list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries import names
from accounts.queries.customer_list import search_condition
from accounts.rules import pinyin_of
from crm.core.abilities import Access
from crm.core.scope import Scope
from crm.core.text import character_problem, mask_phone, narrow
from crm.core.ui import tier_badge
from workbench.queries.addresses import address
from workbench.queries.case_things import case_url, cases_by_number

CUSTOMERS = 8
PEOPLE = 5
PAGES = 6
LONGEST = 50


@dataclass(frozen=True, slots=True)
class Found:
    """One hit."""

    url: str
    icon: str
    title: str
    sub: str = ""
    mark: SafeString | str = ""


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """Hits of one kind."""

    label: str
    items: list[Found]


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """A customer found by whatever was typed."""

    id: int
    number: str
    name: str
    kind: str
    tier_id: int | None
    unit_id: int
    manager_id: int | None
    phone: str


def palette_groups(access: Access, query: str) -> list[FoundGroup]:
    """Groups with hits; without a query the pages alone."""
    text = query[:LONGEST]
    if character_problem(text):
        return []
    groups = [
        FoundGroup(_("Requests and complaints"), _cases(access, text)),
        FoundGroup(_("Customers"), _customers(access, text)),
        FoundGroup(_("People"), _people(access, text)),
        FoundGroup(_("Pages"), _pages(access, text)),
    ]
    return [group for group in groups if group.items]


_SQL = """
SELECT c.id, c.number, c.name, c.kind, c.tier_id, c.unit_id, c.manager_id, c.phone FROM accounts_customer c
WHERE {where} ORDER BY (c.state <> 'active'), c.pinyin, c.id LIMIT %s
"""


def find_customers(scope: Scope, text: str, limit: int) -> list[FoundCustomer]:
    """Customers of the scope by part of a name, pinyin initials, number, external id or phone tail (mechanisms F)."""
    if not text.strip() or scope.is_empty or character_problem(text):
        return []
    where, params = search_condition(text, scope)
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(where=where), [*params, limit])
        return [FoundCustomer(*row) for row in cursor.fetchall()]


def _customers(access: Access, text: str) -> list[Found]:
    if access.can("view_customers"):
        return [_customer(row) for row in find_customers(access.scope, text, CUSTOMERS)]
    # The service centre finds out whose customer rings, and opens no page (3.3: name and phone).
    return [_card(row) for row in find_customers(access.scope_for("look_up_customers"), text, CUSTOMERS)]


ICONS = {"group": "building", "vip": "user-star", "channel": "building-store", "ordinary": "user"}
# ti-building ti-user-star ti-building-store ti-user


def _customer(row: FoundCustomer) -> Found:
    tier = names.tier(row.tier_id)
    facts = (row.number, mask_phone(row.phone), names.staff_name(row.manager_id) or _("no manager"))
    return Found(
        url=reverse("workbench:customer", args=[row.id]),
        icon=ICONS.get(row.kind, "user"),
        title=row.name,
        sub=" · ".join(fact for fact in facts if fact),
        mark=tier_badge(tier.code, tier.label()) if tier else "",
    )


def _card(row: FoundCustomer) -> Found:
    manager = names.staff_card(row.manager_id)
    label = _("Account manager")
    who = f"{label}: {manager.name} {manager.phone}" if manager else _("no manager")
    url = f"{reverse('workbench:palette')}?q={row.number}"
    return Found(url, ICONS.get(row.kind, "user"), row.name, f"{mask_phone(row.phone)} · {who}")


def _cases(access: Access, text: str) -> list[Found]:
    """Cases by their number."""
    return [
        Found(case_url(case_id), icon, title, customer, state)
        for case_id, title, customer, icon, state in cases_by_number(access, text)
    ]


def _people(access: Access, text: str) -> list[Found]:
    """Colleagues by name, initials or staff number: business cards, open to everybody who signs in (ORG-10)."""
    wanted = narrow(text).strip().lower()
    if not wanted:
        return []
    hits = [card for card in names.active_staff() if _matches(card, wanted)]
    can_open = access.can("view_team")
    return [
        Found(
            url=f"{reverse('accounts:customer_list')}?manager={card.id}"
            if can_open
            else address("accounts:staff_list"),
            icon="id-badge-2",  # ti-id-badge-2
            title=card.name,
            sub=" · ".join(part for part in (card.number, names.unit_name(card.unit_id), card.phone) if part),
        )
        for card in hits[:PEOPLE]
    ]


def _matches(card: names.StaffCard, wanted: str) -> bool:
    return (
        wanted in card.name.lower()
        or card.number.lower().startswith(wanted)
        or (wanted.isascii() and _initials(card.name).startswith(wanted))
    )


@lru_cache(maxsize=4096)
def _initials(name: str) -> str:
    return pinyin_of(name)[1].lower()


def _pages(access: Access, text: str) -> list[Found]:
    """Places of the navigation and further pages one may open, by their words."""
    wanted = text.strip().lower()
    nav = import_module(settings.NAVIGATION)
    places = [
        Found(url, place.icon.removeprefix("ti-"), str(place.label))
        for place in nav.places_for(access)
        if (url := address(place.url_name))
    ]
    further = [
        Found(url, icon, str(label))
        for name, icon, label, abilities in _FURTHER
        if access.can_any(*abilities) and (url := address(name))
    ]
    return [page for page in [*places, *further] if wanted in page.title.lower()][:PAGES]


_FURTHER: tuple[tuple[str, str, Promise, tuple[str, ...]], ...] = (
    ("workbench:duty_list", "list-check", gettext_lazy("Duties of this month"), ("serve_customers", "view_team")),
)  # ti-list-check
