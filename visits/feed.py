"""What of visits is heard of in the change feed; duties are not: a machine's table (decisions 24)."""

from __future__ import annotations

from crm.core.feed import FeedType, records_by
from visits.queries.missed_call_records import FIELDS, missed_call_records
from visits.queries.records import visit_records

SEES = "view_customers"
FEED_TYPES = (
    FeedType(
        "visit", "visits_visit", "visits:read", SEES, records_by(visit_records, SEES),
        parent="customer_id", external=("x.source", "x.external_id"),
    ),
    FeedType(
        "missed_call", "visits_missedcall", "visits:read", SEES, records_by(missed_call_records, SEES, masked=True),
        parent="customer_id", external=("x.external_source", "x.external_id"), fields=FIELDS,
    ),
)  # fmt: skip
