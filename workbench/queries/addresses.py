"""Addresses of pages of other apps, empty while a page does not exist."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def address(url_name: str, *args: object) -> str:
    """The address of a named page."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""
