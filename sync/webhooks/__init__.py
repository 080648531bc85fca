"""Webhooks (sync-api): signed by the Standard Webhooks specification, sent from an outbox to checked, pinned addresses."""
