"""Which tables of engagement are in the change log, and how (SEC-23, decisions 24)."""

from crm.core.changelog import TrackSpec

CHANGE_LOG = {
    "engagement_servicepolicy": TrackSpec(),
    "engagement_servicepolicy_tiers": TrackSpec(),
    "engagement_policyenrolment": TrackSpec(),
}

CHANGE_LOG_EXEMPT: dict[str, str] = {}
"""Tables."""
