"""Rebuild what the lists show of the ledger and report any difference: there should be none (decisions 22)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.queries.spans import SPAN, Span, by_range
from crm.core.sweeps import sweep
from visits.actions.ledger.facts import write_facts
from visits.sweeps.room import make_room

logger = logging.getLogger(__name__)
SLICE = 20_000
"""So many customers are rebuilt in full a night, all of them in turn; everybody is compared with his open duties."""

# Open duties against standings; everything else of a standing follows from a visit or a person's deed.
_DIFFERENT = f"""
SELECT array_agg(d.customer_id) FILTER (WHERE s.next_due_on > d.due_on OR s.suggested_on > d.suggested_on
    OR s.duty_state IN ('met', 'none')), count(*) FILTER (WHERE s.duty_state IN ('open', 'due_soon'))
FROM visits_duty d JOIN accounts_standing s ON s.customer_id = d.customer_id
WHERE d.state = 'open' AND d.purpose = 'contact' AND {SPAN}
"""
_SAY_OPEN = f"SELECT count(*) FROM accounts_standing s WHERE s.duty_state IN ('open', 'due_soon') AND {SPAN}"
_WITHOUT_DUTY = f"""
SELECT s.customer_id FROM accounts_standing s WHERE s.duty_state IN ('open', 'due_soon') AND {SPAN} AND NOT EXISTS (
  SELECT 1 FROM visits_duty d WHERE d.customer_id = s.customer_id AND d.state = 'open' AND d.purpose = 'contact')
"""
_SLICE = f"""
SELECT s.customer_id FROM accounts_standing s
WHERE (%(parts)s = 1 OR s.customer_id %% %(parts)s = %(part)s) AND {SPAN} ORDER BY 1
"""


def parts_to_compare(*, today: date, now: datetime) -> list[dict[str, Any]]:
    """Everybody, by ranges."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(customer_id), max(customer_id) FROM accounts_standing")
        return by_range(cursor.fetchone(), today)


@sweep("rebuild_standings", label=_("Compare the lists with the ledger"), cut=parts_to_compare, whole_at_end=False)
def rebuild_standings(*, today: date, now: datetime, span: Mapping[str, Any] | None = None) -> dict[str, int]:
    """Compare everybody with his open duties, a part in full, and mend what differs."""
    make_room()
    part = Span.of(span)
    mine = part.where(customer="s.customer_id")
    parts = _parts()
    params = part.params | {"parts": parts, "part": today.toordinal() % parts}
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT.replace(SPAN, mine), params)
        different, standing_open = cursor.fetchone()
        different = different or []
        cursor.execute(_SAY_OPEN.replace(SPAN, mine), params)
        if cursor.fetchone()[0] > standing_open:
            cursor.execute(_WITHOUT_DUTY.replace(SPAN, mine), params)
            different += [row[0] for row in cursor.fetchall()]
        cursor.execute(_SLICE.replace(SPAN, mine), params)
        looked_at = [row[0] for row in cursor.fetchall()]
    mended = write_facts(different, today=today) + write_facts(looked_at, today=today)
    if mended:
        logger.error("standings differed from the ledger", extra={"rows": mended, "first": different[:5]})
    return {"rows": len(looked_at), "differences": mended}


def _parts() -> int:
    """Into how many parts the base is cut: one while it is small."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'accounts_standing'::regclass")
        return int(cursor.fetchone()[0]) // SLICE + 1
