"""Customers, contact persons, units, staff and tiers for REST clients (sync-api)."""
