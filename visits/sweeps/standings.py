"""Rebuild what the lists show of the ledger and report any difference: there should be none (decisions 22)."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core.sweeps import sweep
from visits.actions.ledger.facts import write_facts
from visits.sweeps.room import make_room

logger = logging.getLogger(__name__)
SLICE = 20_000
"""So many customers are rebuilt in full a night, all of them in turn; everybody is compared with his open duties."""

# Open duties against standings; everything else of a standing follows from a visit or a person's deed.
_DIFFERENT = """
SELECT array_agg(d.customer_id) FILTER (WHERE s.next_due_on > d.due_on OR s.suggested_on > d.suggested_on
    OR s.duty_state IN ('met', 'none')), count(*) FILTER (WHERE s.duty_state IN ('open', 'due_soon'))
FROM visits_duty d JOIN accounts_standing s ON s.customer_id = d.customer_id
WHERE d.state = 'open' AND d.purpose = 'contact'
"""
_SAY_OPEN = "SELECT count(*) FROM accounts_standing WHERE duty_state IN ('open', 'due_soon')"
_WITHOUT_DUTY = """
SELECT s.customer_id FROM accounts_standing s WHERE s.duty_state IN ('open', 'due_soon') AND NOT EXISTS (
  SELECT 1 FROM visits_duty d WHERE d.customer_id = s.customer_id AND d.state = 'open' AND d.purpose = 'contact')
"""
_SLICE = "SELECT customer_id FROM accounts_standing WHERE %s = 1 OR customer_id %% %s = %s ORDER BY 1"


@sweep("rebuild_standings", label=_("Compare the lists with the ledger"))
def rebuild_standings(*, today: date, now: datetime) -> dict[str, int]:
    """Compare everybody with his open duties, a part in full, and mend what differs."""
    make_room()
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT)
        different, standing_open = cursor.fetchone()
        different = different or []
        cursor.execute(_SAY_OPEN)
        if cursor.fetchone()[0] > standing_open:
            cursor.execute(_WITHOUT_DUTY)
            different += [row[0] for row in cursor.fetchall()]
        parts = _parts()
        cursor.execute(_SLICE, [parts, parts, today.toordinal() % parts])
        part = [row[0] for row in cursor.fetchall()]
    mended = write_facts(different, today=today) + write_facts(part, today=today)
    if mended:
        logger.error("standings differed from the ledger", extra={"rows": mended, "first": different[:5]})
    return {"rows": len(part), "differences": mended}


def _parts() -> int:
    """Into how many parts the base is cut: one while it is small."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'accounts_standing'::regclass")
        return int(cursor.fetchone()[0]) // SLICE + 1
