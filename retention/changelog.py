"""Which tables of retention are in the change log, and how (SEC-23, decisions 24)."""

from crm.core.changelog import TrackSpec

CHANGE_LOG: dict[str, TrackSpec] = {}

CHANGE_LOG_EXEMPT: dict[str, str] = {}
