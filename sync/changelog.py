"""Which tables of the machine doors are in the change log, and how (SEC-23)."""

from crm.core.changelog import TrackSpec

CHANGE_LOG = {
    "sync_client": TrackSpec(),
    # The digest would let nobody in, but it belongs in one place only.
    "sync_token": TrackSpec(secret=frozenset({"digest"}), excluded=frozenset({"last_used_at"})),
    "sync_importmapping": TrackSpec(),
    # Where it stands is written every second; the secrets are sealed and belong in one place only.
    "sync_webhook": TrackSpec(
        secret=frozenset({"secret", "previous_secret"}),
        excluded=frozenset({"cursor", "failing_since", "failures", "rest_until", "last_delivered_at", "updated_at"}),
    ),
}

CHANGE_LOG_EXEMPT: dict[str, str] = {
    "sync_webhookmessage": "an outbox: made from the change log, one row per change and webhook, with its state",
    "sync_webhookattempt": "a log itself: one row per try, written once",
    "sync_syncentry": "a log itself: one row per writing call, never changed",
}
