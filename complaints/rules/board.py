"""Classes of response time on the analysis, and the line of the Pareto (CMP-36)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

BUCKETS: Mapping[str, tuple[int, int | None]] = {
    "m15": (0, 15),
    "m30": (15, 30),
    "h1": (30, 60),
    "h2": (60, 120),
    "h4": (120, 240),
    "d1": (240, 1440),
    "more": (1440, None),
}
"""Code → from and below so many minutes after the receipt."""

VITAL_SHARE = 80
"""The few causes that make four fifths of all complaints stand before the line of a Pareto chart."""


def bucket_of(minutes: float | None) -> str:
    """The class of a response time; "none" while nobody has answered.

    >>> bucket_of(None), bucket_of(0), bucket_of(15), bucket_of(5000)
    ('none', 'm15', 'm30', 'more')
    """
    if minutes is None:
        return "none"
    return next(code for code, (_low, high) in BUCKETS.items() if high is None or minutes < high)


def cumulated(counts: Sequence[int]) -> list[int]:
    """The per cents of a Pareto: each count with all that stand before it.

    >>> cumulated([6, 3, 1])
    [60, 90, 100]
    """
    total = sum(counts)
    found: list[int] = []
    sofar = 0
    for count in counts:
        sofar += count
        found.append(round(100 * sofar / total) if total else 0)
    return found


def vital_few(counts: Sequence[int]) -> int:
    """How many of the largest counts are needed to reach four fifths of all.

    >>> vital_few([6, 3, 1]), vital_few([])
    (2, 0)
    """
    for place, share in enumerate(cumulated(counts), 1):
        if share >= VITAL_SHARE:
            return place
    return 0
