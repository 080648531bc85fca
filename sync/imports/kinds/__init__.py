"""Every kind of file that can be brought in, in the order the page offers them."""

from __future__ import annotations

from crm.core.abilities import Access
from crm.core.errors import NotFound
from sync.imports.kinds.contacts import CASES, VISITS
from sync.imports.kinds.people import (
    CONTACT_PERSONS,
    CUSTOMERS,
    EVENTS,
    LINES,
    MEMBERS,
    SAMPLE_OF_CUSTOMERS,
    SIGNALS,
)
from sync.imports.kinds.sales import (
    AGREEMENTS,
    BILLS,
    NEEDS,
    ORDERS,
    PAYMENTS,
    QUOTAS,
    SUBSCRIPTIONS,
    USAGE,
    USES,
)
from sync.imports.kinds.shape import ImportKind

KINDS: dict[str, ImportKind] = {
    kind.key: kind
    for kind in (
        CUSTOMERS, CONTACT_PERSONS, VISITS, CASES, LINES, MEMBERS, USAGE, BILLS, PAYMENTS, AGREEMENTS,
        SUBSCRIPTIONS, ORDERS, QUOTAS, USES, NEEDS, EVENTS,
        SIGNALS,
    )
}  # fmt: skip
MAY_ANY = tuple(dict.fromkeys(kind.ability for kind in KINDS.values()))
"""Who may bring in one kind or another."""


def kinds_for(access: Access) -> list[ImportKind]:
    """The kinds somebody may bring in."""
    return [kind for kind in KINDS.values() if access.can(kind.ability)]


def recognised(header: tuple[str, ...], allowed: list[ImportKind]) -> ImportKind | None:
    """The kind a file's headings speak of most; customers, who need no heading, when they say too little."""
    found = [(kind.recognises(header), len(kind.needed), kind) for kind in allowed]
    best = max((one for one in found if one[0]), key=lambda one: one[:2], default=None)
    return best[2] if best is not None else None


def sample_of(key: str) -> tuple[list[str], list[list[str]]]:
    """Headings and a few rows of a file as we like it; no such kind → 404."""
    kind = KINDS.get(key)
    if kind is None:
        raise NotFound
    columns = [name for name in kind.fields if kind.book is not None or name in SAMPLE_OF_CUSTOMERS]
    return [kind.fields[name].headings[0] for name in columns], [list(row) for row in kind.sample]


__all__ = ["KINDS", "MAY_ANY", "ImportKind", "kinds_for", "recognised", "sample_of"]
