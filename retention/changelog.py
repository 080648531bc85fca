"""Which tables of retention are in the change log, and how (SEC-23, decisions 24)."""

from crm.core.changelog import TrackSpec

CHANGE_LOG = {
    "retention_competitor": TrackSpec(),
    "retention_churnrecord": TrackSpec(excluded=frozenset({"version"})),
    "retention_churnreport": TrackSpec(excluded=frozenset({"version", "figures"})),
}

CHANGE_LOG_EXEMPT: dict[str, str] = {
    "retention_churnbase": "the picture of 1 January: written once by the night, never changed",
    "retention_churncount": "derived: counted anew by the night from base and losses",
}
"""Tables."""
