"""Webhooks (sync-api): signed as Standard Webhooks are, sent from an outbox to checked, pinned addresses."""
