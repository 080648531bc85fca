"""The signals of a score or an alert in words: what, how many points, the fact and its date (RET-3, T13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from accounts.choices import SignalKind
from retention.choices import FeatureGroup
from retention.queries.features import BUILT_IN, Source, sources
from retention.queries.features.columns import PREFIX

FEED = "feed:"
"""What stands before the name of a silent feed among the signals without data."""
OF_USAGE = (SignalKind.LINES_STOPPED, SignalKind.MEMBERS_LEAVING)


@dataclass(frozen=True, slots=True)
class Told:
    """One reason as a page shows it; `advice`: what would lower it."""

    code: str
    group: str
    label: str
    points: int
    fact: str
    on: date | None
    advice: str


def told(reasons: Iterable[Sequence[Any]], today: date) -> list[Told]:
    """The reasons of a score or an alert ([code, points, value, date]), in the reader's language."""
    rows = list(reasons)
    known = known_sources([str(row[0]) for row in rows])
    return [_told(row, known.get(str(row[0])), today) for row in rows]


def known_sources(codes: Iterable[str]) -> dict[str, Source]:
    """The features behind codes; imported columns are looked up only when one is named."""
    return sources() if any(code.startswith(PREFIX) for code in codes) else BUILT_IN


def _told(row: Sequence[Any], source: Source | None, today: date) -> Told:
    code, points, value, on = str(row[0]), int(row[1]), row[2], _day(row[3])
    if source is None:
        return Told(code, FeatureGroup.OTHER.value, code, points, "" if value is None else str(value), on, "")
    fact = gettext("No data") if value is None and on is None and source.otherwise is None else ""
    return Told(
        code, source.group.value, str(source.label), points, fact or source.tell(value, on, today), on,
        str(source.advice),
    )  # fmt: skip


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def groups_of(reasons: Iterable[Sequence[Any]], signal_kind: str = "") -> set[str]:
    """The groups of signals that raised an alert; stopped lines are usage as well (RET-20)."""
    raising = [str(row[0]) for row in reasons if int(row[1]) > 0]
    known = known_sources(raising)
    groups = {known[code].group.value for code in raising if code in known}
    return groups | ({FeatureGroup.USAGE.value} if signal_kind in OF_USAGE else set())


def missing_labels(missing: Iterable[str]) -> list[str]:
    """What nothing is known of, in words; silent feeds are `silent_feeds`."""
    codes = [code for code in missing if not code.startswith(FEED)]
    known = known_sources(codes)
    return [str(known[code].label) if code in known else code for code in codes]


def silent_feeds(missing: Iterable[str]) -> list[str]:
    """The names of the feeds that had fallen silent."""
    return [code.removeprefix(FEED) for code in missing if code.startswith(FEED)]
