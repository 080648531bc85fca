"""What the page of a visit shows of its checklist."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from visits.queries.shop import check_of, found_in


def shop_of(visit_id: int) -> dict[str, Any] | None:
    """Checklist, stock and prices; None when the visit has none. The caller has reached the visit."""
    check = check_of(visit_id)
    if check is None:
        return None
    return {"check": check, "found": found_in(visit_id), "words": f"{_('yes')},{_('no')},–"}
