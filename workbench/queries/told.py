"""What stands here beside what another system says, in words (CUS-10, sync-api "who owns a field")."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.field_labels import field_label
from accounts.queries.learned import PHONES, waiting_too_long
from crm.core.text import mask_phone
from workbench.queries.brief import short_day
from workbench.queries.customer_record import CustomerRecord


def unsynced(record: CustomerRecord, today: date) -> str:
    """CUS-10: what was learned here and waits too long for its source; what a source owns is told by itself."""
    rows = [row for row in record.learned if row["told"] is None]
    if not rows:
        return ""
    late_before = waiting_too_long(today)
    found = [(field_label(row["field"]), datetime.fromisoformat(row["at"])) for row in rows]
    late = [f"{label} ({short_day(timezone.localdate(at))})" for label, at in found if at < late_before]
    return ", ".join(late)


def corrections(record: CustomerRecord) -> list[str]:
    """待核实: fields that a person corrected, with what their owner still says."""
    return [_correction(row) for row in record.learned if row["told"] is not None]


def _correction(row: dict[str, Any]) -> str:
    told = mask_phone(row["told"]) if row["field"] in PHONES else row["told"]
    words = {"field": field_label(row["field"]), "source": row["owner"] or "–", "value": told or _("nothing")}
    return _("%(field)s (%(source)s says: %(value)s)") % words
