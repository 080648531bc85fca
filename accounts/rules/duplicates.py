"""How likely two customers are one: each reason by itself, together more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

WEIGHTS: Mapping[str, float] = {
    "code": 0.9, "licence": 0.9, "phone": 0.6, "name": 0.6, "birthday": 0.3, "similar": 0.55,
}  # fmt: skip
LISTED = 50
"""From this score on a pair is shown."""
CROWD = 20
"""A number, code or name that more than so many share says nothing of who they are."""
RARE = 12
"""A piece of a name that at most so many customers of a district have leads to those worth comparing."""
ALIKE = 0.75
"""Names are similar when they share so much of their pieces."""


def score_of(reasons: Iterable[str]) -> int:
    """0–100: what is left to doubt is the product of what each reason leaves.

    >>> score_of(["phone"]), score_of(["phone", "name"]), score_of(["code", "name"])
    (60, 84, 96)
    """
    doubt = 1.0
    for reason in reasons:
        doubt *= 1 - WEIGHTS[reason]
    return round(100 * (1 - doubt))
