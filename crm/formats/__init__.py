"""Formats that differ from Django's, by language."""
