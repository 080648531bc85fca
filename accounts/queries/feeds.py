"""Feeds that are late, kept in the process for half a minute: every page that rests on one says so (sync-api)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import FeedExpectation
from accounts.rules.feeds import Rhythm

CACHE_SECONDS = 30.0
RESTING: dict[str, tuple[str, ...]] = {
    "customer": ("accounts:customer_list", "accounts:structure", "workbench:customer"),
    "line": ("accounts:line", "retention:", "workbench:movements"),
    "subscription": ("sales:usage", "sales:customer_usage", "retention:"),
    "usage": ("sales:usage", "sales:customer_usage", "sales:member_use", "accounts:customer_value", "retention:"),
    "bill": ("sales:arrears", "sales:customer_money", "sales:credit", "accounts:customer_value", "retention:"),
    "agreement": ("sales:agreement", "sales:application"),
    "order": ("sales:order", "sales:quota", "kpi:"),
    "complaint": ("complaints:", "kpi:"),
    "missed_call": ("visits:missed_call",),
}
"""Kind of rows → beginnings of the pages that rest on them."""


@dataclass(frozen=True, slots=True)
class LateFeed:
    """A feed that should have arrived."""

    source: str
    kind: str
    arrived_at: datetime | None


@dataclass
class _Cache:
    loaded_at: float = float("-inf")
    rows: tuple[LateFeed, ...] = ()


_cache = _Cache()


def forget() -> None:
    """Ask again at the next question (after the sweep, and in tests)."""
    _cache.loaded_at = float("-inf")


def late_feeds() -> tuple[LateFeed, ...]:
    """The feeds that are late now."""
    if time.monotonic() - _cache.loaded_at > CACHE_SECONDS:
        rows = FeedExpectation.objects.filter(is_active=True, late_since__isnull=False).order_by("source", "kind")
        _cache.rows = tuple(LateFeed(*row) for row in rows.values_list("source", "kind", "arrived_at"))
        _cache.loaded_at = time.monotonic()
    return _cache.rows


def banners(request: HttpRequest) -> list[str]:
    """What stands above a page that rests on late data: "billing: data as of 19 Nov"."""
    match = request.resolver_match
    page = match.view_name if match else ""
    sources: dict[str, list[datetime | None]] = {}
    for feed in late_feeds():
        if page.startswith(RESTING.get(feed.kind, ())):
            sources.setdefault(feed.source, []).append(feed.arrived_at)
    return [_words(source, times) for source, times in sources.items()]


def _words(source: str, times: list[datetime | None]) -> str:
    known = [moment for moment in times if moment is not None]
    if not known or len(known) < len(times):
        return _("Nothing has arrived from %(source)s yet.") % {"source": source}
    day = timezone.localtime(min(known))
    return _("Data of %(source)s as of %(day)s") % {"source": source, "day": f"{day:%Y-%m-%d %H:%M}"}


def expectations() -> list[FeedExpectation]:
    """Every feed that is expected, those no longer expected last."""
    return list(FeedExpectation.objects.order_by("-is_active", "source", "kind"))


def rhythm_of(row: FeedExpectation) -> Rhythm:
    """When its rows are due."""
    return Rhythm(row.expected_by, row.month_day)
