"""A customer's ids in other systems (sync-api)."""

from __future__ import annotations

from django.db import connection

from accounts.models import Customer, ExternalId
from crm.core.changelog.children import ChildChange, history_of_children
from crm.core.scope import Scope

# From one source to the next along the index, whatever the number of ids behind each.
_SOURCES = """
WITH RECURSIVE known AS (
    (SELECT source FROM accounts_externalid ORDER BY source LIMIT 1)
    UNION ALL
    SELECT (SELECT e.source FROM accounts_externalid e WHERE e.source > k.source ORDER BY e.source LIMIT 1)
    FROM known k WHERE k.source IS NOT NULL
)
SELECT source FROM known WHERE source IS NOT NULL LIMIT 50
"""


def external_ids(customer_id: int) -> list[ExternalId]:
    """The ids of a customer who is already visible, by source; not those of customers merged into him."""
    return list(ExternalId.unscoped.filter(customer_id=customer_id, alias=0).order_by("source"))


def known_sources() -> list[str]:
    """The sources that have given ids so far."""
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES)
        return [row[0] for row in cursor.fetchall()]


def holder_of(scope: Scope, source: str, external_id: str) -> Customer | None:
    """The visible customer who has this id."""
    held = ExternalId.unscoped.filter(source=source, external_id=external_id).values("customer_id")
    return Customer.visible_to(scope).filter(pk__in=held).only("id", "name").first()


def external_id_history(customer_id: int, limit: int) -> list[tuple[ChildChange, str]]:
    """What happened to the ids of a customer, those taken away included; each with its source."""
    rows = external_ids(customer_id)
    sources = {row.pk: row.source for row in rows}
    changes = history_of_children("accounts_externalid", "customer_id", customer_id, list(sources), limit)
    for change in changes:
        sources.setdefault(change.row_id, change.before.get("source") or change.after.get("source") or "")
    return [(change, sources[change.row_id]) for change in changes]
