"""Which tables of the machine doors are in the change log, and how (SEC-23)."""

from crm.core.changelog import TrackSpec

CHANGE_LOG = {
    "sync_client": TrackSpec(),
    # The digest would let nobody in, but it belongs in one place only.
    "sync_token": TrackSpec(secret=frozenset({"digest"}), excluded=frozenset({"last_used_at"})),
    "sync_importmapping": TrackSpec(),
}

CHANGE_LOG_EXEMPT: dict[str, str] = {
    "sync_syncentry": "a log itself: one row per writing call, never changed",
}
