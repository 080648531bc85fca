"""Addresses of pages of other apps, empty while a page does not exist."""

from __future__ import annotations

from functools import cache

from django.urls import NoReverseMatch, reverse

_PLACE = 2**62 - 57
"""Stands for the number in an address that is put together once."""


def address(url_name: str, *args: object) -> str:
    """The address of a named page."""
    try:
        if len(args) == 1 and type(args[0]) is int:
            return _shape(url_name).replace(str(_PLACE), str(args[0]))
        if not args:
            return _plain(url_name)
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


@cache
def _plain(url_name: str) -> str:
    return reverse(url_name)


@cache
def _shape(url_name: str) -> str:
    return reverse(url_name, args=(_PLACE,))
