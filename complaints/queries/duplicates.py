"""What a customer has brought before: likely the same matter, and earlier ones (issue: intake)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from complaints.models import Case
from complaints.queries.cases import CaseBrief, brief_of
from complaints.rules.cases import OPEN, SETTLED
from complaints.rules.intake import LIKELY, bigrams, duplicate_score, likeness
from crm.core import parameters
from crm.core.scope import Scope

LOOKED_AT = 50
SHOWN = 5


def likely_duplicates(
    scope: Scope,
    customer_id: int,
    *,
    kind: str = "",
    category_code: str = "",
    product_id: int | None = None,
    facts: str = "",
    except_id: int | None = None,
    now: datetime,
) -> list[CaseBrief]:
    """Open cases of the customer, and those answered lately, that look like the same matter; the likeliest first."""
    within = parameters.value("duplicate_days", timezone.localdate(now))
    since = now - timedelta(days=within)
    rows = Case.visible_to(scope).filter(customer_id=customer_id, received_at__gte=since)
    rows = rows.filter(state__in=(*OPEN, *SETTLED)).exclude(pk=except_id or 0).select_related("category")
    words = bigrams(facts)
    scored = [
        (
            duplicate_score(
                same_kind=row.kind == kind,
                same_category=row.category is not None and row.category.code == category_code,
                same_product=row.product_id is not None and row.product_id == product_id,
                alike=likeness(words, bigrams(row.facts)),
                days=(now - row.received_at).total_seconds() / 86_400,
                within=within,
            ),
            row,
        )
        for row in rows.order_by("-received_at")[:LOOKED_AT]
    ]
    found = sorted((pair for pair in scored if pair[0] >= LIKELY), key=lambda pair: -pair[0])
    return [brief_of(row) for _score, row in found[:SHOWN]]


def earlier_cases(scope: Scope, customer_id: int, *, except_id: int | None = None, limit: int = 20) -> list[CaseBrief]:
    """The customer's cases in sight, open ones first, then the newest."""
    rows = Case.visible_to(scope).filter(customer_id=customer_id).exclude(pk=except_id or 0)
    found = [brief_of(row) for row in rows.order_by("-received_at", "-pk")[:limit]]
    return sorted(found, key=lambda row: not row.is_open)


def cases_of_visit(scope: Scope, visit_id: int) -> list[CaseBrief]:
    """Cases that a visit caused or in which they were told (CON-10); each says which by its two ids."""
    rows = Case.visible_to(scope).filter(caused_by_id=visit_id) | Case.visible_to(scope).filter(told_in_id=visit_id)
    return [brief_of(row) for row in rows.order_by("pk")[:20]]
