"""Routes that go away: a year before, every answer says so (RFC 9745 `Deprecation`, RFC 8594 `Sunset`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.urls import reverse
from django.utils.http import http_date

A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Deprecated:
    """A route on its way out: since when, until when, and the name of the one to use instead."""

    since: date
    sunset: date
    successor: str = ""

    def __post_init__(self) -> None:
        if self.sunset - self.since < A_YEAR:
            raise ValueError("a route goes a year after it was said to go, at the earliest")

    @property
    def headers(self) -> dict[str, str]:
        """What an answer of the route carries."""
        found = {"Deprecation": f"@{_seconds(self.since)}", "Sunset": http_date(_seconds(self.sunset))}
        if self.successor:
            found["Link"] = f'<{reverse(self.successor)}>; rel="successor-version"'
        return found


DEPRECATED: dict[str, Deprecated] = {}
"""Name of the route ("api:customers") → when it goes. None goes at present."""


def headers_of(view_name: str) -> dict[str, str]:
    """The headers of a route's answers; none for a route that stays."""
    found = DEPRECATED.get(view_name)
    return found.headers if found else {}


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
