"""Visits and duties for REST clients (sync-api)."""
