"""The lists of visits: columns of their pages and files."""

from __future__ import annotations

from visits.lists import contacts, work

__all__ = ["contacts", "work"]
