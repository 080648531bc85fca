"""Which tables of sales are in the change log, and how (SEC-23, decisions 24)."""

from crm.core.changelog import TrackSpec

CHANGE_LOG: dict[str, TrackSpec] = {
    "sales_quota": TrackSpec(excluded=frozenset({"set_at"})),
    "sales_salesorder": TrackSpec(excluded=frozenset({"version", "updated_at", "source_updated_at"})),
}

CHANGE_LOG_EXEMPT: dict[str, str] = {}
