"""Where people are reached outside the browser (PLT-6): asked by core through `settings.NOTICE_ADDRESSES`."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import Staff


def notice_addresses(user_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """E-mail of the user, phone and number of the member of staff; nothing for who has left."""
    rows = Staff.unscoped.filter(user_id__in=user_ids, is_active=True).select_related("user")
    return {row.user_id: {"email": row.user.email or "", "phone": row.phone, "number": row.number} for row in rows}
