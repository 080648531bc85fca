"""Deeds of the journal: switches, check-in book, day logs, their review, special visits."""

from .switches import set_switches

__all__ = ["set_switches"]
