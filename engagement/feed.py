"""What of engagement is heard of in the change feed."""

from __future__ import annotations

from collections.abc import Sequence

from crm.core.feed import Also, FeedType, Reader, Record, by_id, records_by
from engagement.queries.records import enrolment_records, policy_records

SEES = "view_customers"


def _policies(reader: Reader, ids: Sequence[int]) -> dict[int, Record]:
    items, _next = policy_records(reader.today, filters={}, limit=1000)
    return {pk: row for pk, row in by_id(items).items() if pk in ids}


FEED_TYPES = (
    FeedType(
        "service_policy", "engagement_servicepolicy", "policies:read", SEES, _policies,
        also=(Also("engagement_servicepolicy_tiers", "servicepolicy_id", "tiers"),),
    ),
    FeedType(
        "policy_enrolment", "engagement_policyenrolment", "policies:read", SEES,
        records_by(enrolment_records, SEES), parent="customer_id",
    ),
)  # fmt: skip
