"""The points before anything could be learned (stage 0, churn.md): odds ratios are priors, to be replaced.

Points = 20 · log2(odds ratio). Headquarters edits them as a new version; events replace them in the end.
"""

from __future__ import annotations

from retention.rules.points import MAX_PLUS_HALF, Bin, Feature, PointTable

USAGE, SERVICE, MONEY, RELATIONSHIP, CONTRACT, OTHER = "usage", "service", "money", "relationship", "contract", "other"
FIRST_INTERCEPT = -4.3
"""Until the portfolio has been scored once and the intercept is settled by its base rate."""


def _steps(first: int, *more: tuple[float, int]) -> tuple[Bin, ...]:
    """Points below the first edge, then from each edge on: `_steps(0, (0.15, 14))`."""
    edges: list[float | None] = [edge for edge, _points in more]
    return tuple(
        Bin(below, points)
        for below, points in zip([*edges, None], [first, *(points for _edge, points in more)], strict=True)
    )


EXPERT = PointTable(
    stage="expert",
    intercept=FIRST_INTERCEPT,
    groups=dict.fromkeys((USAGE, SERVICE, MONEY, RELATIONSHIP, CONTRACT), MAX_PLUS_HALF),
    features=(
        # Share by which the newest month is below the mean of the three before.
        Feature("usage_drop", USAGE, bins=_steps(0, (0.15, 14), (0.30, 26), (0.50, 40))),
        # Share of his lines that stopped or closed within 90 days.
        Feature("lines_stopped", USAGE, bins=_steps(0, (0.10, 8), (0.25, 14), (0.50, 20))),
        Feature("complaint_open", SERVICE, bins=_steps(0, (0.5, 26))),
        # 1 on the day it was closed, falling evenly to 0 after 90 days.
        Feature("complaint_closed", SERVICE, bins=_steps(0, (0.001, 4), (0.34, 8), (0.67, 12))),
        Feature("complaint_repeat", SERVICE, bins=_steps(0, (1.5, 10))),
        # Stars of the worst answer within 180 days.
        Feature("low_satisfaction", SERVICE, bins=_steps(14, (1.5, 10), (2.5, 0))),
        # Days since the oldest unpaid bill was due.
        Feature("arrears_days", MONEY, bins=_steps(0, (30.0, 15), (61.0, 26))),
        # Days since the last contact over the days of the promise.
        Feature("contact_overdue", RELATIONSHIP, bins=_steps(0, (1.5, 10), (3.0, 17))),
        # A trace of a competitor: 1 on the day, half after 60 days.
        Feature("competitor_contact", RELATIONSHIP, bins=_steps(0, (0.06, 4), (0.18, 10), (0.42, 20), (0.75, 32))),
        # A hard sign of the last 90 days: 1 on the day, falling evenly to 0.
        Feature("asked_to_leave", RELATIONSHIP, bins=_steps(0, (0.001, 20), (0.34, 30), (0.67, 40))),
        # How many things hold him: agreement in force, two products, a policy, the club.
        Feature("stickiness", RELATIONSHIP, bins=_steps(6, (0.5, 0))),
        # Days to the end of his agreement; below 0 he is out of contract.
        Feature("agreement_end", CONTRACT, bins=_steps(23, (0.0, 26), (31.0, 17), (91.0, 0))),
        # Months since he joined.
        Feature("tenure", OTHER, bins=_steps(14, (12.0, 0), (61.0, -10))),
    ),
)
