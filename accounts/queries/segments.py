"""Saved segments: filters of the customer list under a name (CUS-15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.models import Segment
from accounts.queries import names
from accounts.queries.customer_list import conditions
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.pages import COUNT_CAP, Count
from crm.core.scope import Scope


def segments_of(user_id: int, unit_ids: Iterable[int] = ()) -> list[Segment]:
    """CUS-15: one's own segments, and those shared with one's units."""
    rows = Segment.unscoped.filter(Q(owner_id=user_id) | Q(unit_id__in=list(unit_ids)))
    return list(rows.select_related("owner").order_by("name", "pk"))


def segments_for(access: Access) -> list[Segment]:
    """CUS-15: the segments somebody may open: his own, those of his unit and above it, those of the units he leads."""
    card = names.staff_card(access.staff_id)
    units = {*access.scope_for("view_team").unit_ids, *(names.units_above(card.unit_id) if card else ())}
    return segments_of(access.user_id or 0, units)


def own_segment(user_id: int, segment_id: int) -> Segment:
    """One's own segment, to change it; anybody else's is not found."""
    segment = Segment.unscoped.filter(pk=segment_id, owner_id=user_id).first()
    if segment is None:
        raise NotFound
    return segment


def count_each(scope: Scope, wanted: Sequence[tuple[Mapping[str, Any], str]]) -> list[Count]:
    """How many customers each of several filters with their search finds, counted together in one statement."""
    parts: list[str] = []
    params: list[Any] = []
    for filters, search in wanted:
        where, own = conditions(scope, filters, search)
        rows = f"SELECT 1 FROM accounts_standing s JOIN accounts_customer c ON c.id = s.customer_id WHERE {where}"
        parts.append(f"(SELECT count(*) FROM ({rows} LIMIT %s) AS capped)")
        params += [*own, COUNT_CAP + 1]
    if not parts:
        return []
    with connection.cursor() as db:
        db.execute(f"SELECT {', '.join(parts)}", params)
        return [Count(min(number, COUNT_CAP), number > COUNT_CAP) for number in db.fetchone()]
