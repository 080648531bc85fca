"""What of retention is heard of in the change feed."""

from __future__ import annotations

from collections.abc import Sequence

from crm.core.feed import Also, FeedType, Reader, Record, by_id, records_by
from retention.queries.alert_records import alert_records, save_case_records
from retention.queries.records import churn_records

SEES, SEES_LOSSES = "view_alerts", "view_churn"


def _losses(reader: Reader, ids: Sequence[int]) -> dict[int, Record]:
    scope = reader.access.scope_for(SEES_LOSSES)
    customers = reader.access.scope if reader.is_masked else scope
    return by_id(churn_records(scope, customers, filters={"ids": list(ids)}, limit=len(ids))[0])


FEED_TYPES = (
    FeedType("alert", "retention_alert", "alerts:read", SEES, records_by(alert_records, SEES), parent="customer_id"),
    FeedType(
        "save_case", "retention_savecase", "alerts:read", SEES, records_by(save_case_records, SEES),
        parent="customer_id", also=(Also("retention_saveoffer", "case_id", "offers"),),
    ),
    FeedType(
        "churn_record", "retention_churnrecord", "churn:read", SEES_LOSSES, _losses,
        unit="x.unit_id", manager="x.manager_id",
    ),
)  # fmt: skip
