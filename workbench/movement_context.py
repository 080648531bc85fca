"""What the page of customer movements is given (RET-11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value, with_values, without
from crm.core.errors import NotFound
from retention.filters import read_manager
from workbench.movement_words import entry, grouped
from workbench.queries.brief import ago_words
from workbench.queries.movements import KINDS, NEEDS, day_of, movements

FILTERS = ("kind", "manager", "cursor")


def movement_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """One's own and covered customers; who leads looks at one of his managers."""
    access: Access = request.access  # type: ignore[attr-defined]
    today = timezone.localdate(now)
    given = dict(given_of(request.GET, FILTERS))
    known = [kind for kind in KINDS if access.can(NEEDS.get(kind, "view_customers"))]
    kind = given.get("kind", "")
    if kind and kind not in KINDS:
        raise unknown_value("kind")
    manager_id = read_manager(given["manager"]) if "manager" in given else None
    managers = _managers(access, manager_id)
    asked = [one for one in known if kind in ("", one)]
    rows, following = movements(managers, asked, today=today, now=now, cursor=given.get("cursor", ""))
    days = grouped([entry(row) for row in rows], day_of)
    return {
        "days": [found | {"words": ago_words(found["day"], today)} for found in days],
        "chips": [
            {
                "label": str(KINDS[one]),
                "is_on": one == kind,
                "url": without(request.GET, "kind") if one == kind else with_values(request.GET, kind=one),
            }
            for one in known
        ],
        "kind": kind,
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "manager": names.staff_name(manager_id) if manager_id else "",
        "is_own": bool(managers) and not manager_id,
        "needs_manager": not managers,
        "own_ids": set(managers) if access.staff_id in managers and len(managers) > 1 else set(),
    }


def _managers(access: Access, manager_id: int | None) -> list[int]:
    """Whose customers: one's own and those one covers; or those of a colleague whom one leads."""
    own = access.scope_for("serve_customers").manager_ids if access.can("serve_customers") else ()
    if manager_id is None:
        return list(own)
    card = names.staff_card(manager_id)
    leads = access.scope_for("view_team") if access.can("view_team") else None
    if manager_id in own or (
        card is not None and leads is not None and leads.allows(unit_id=card.unit_id, manager_id=manager_id)
    ):
        return [manager_id]
    raise NotFound
