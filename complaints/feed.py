"""What of complaints is heard of in the change feed."""

from __future__ import annotations

from complaints.queries.records import case_records
from crm.core.feed import FeedType, records_by

SEES = "view_cases"
FEED_TYPES = (
    FeedType(
        "complaint", "complaints_case", "complaints:read", SEES, records_by(case_records, SEES),
        parent="customer_id", external=("x.external_source", "x.external_id"),
    ),
)  # fmt: skip
