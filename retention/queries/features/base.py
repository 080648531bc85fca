"""What a feature is: one fact of a customer as of a day, with its date, and the words to tell it (RET-3; churn.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise

from retention.choices import FeatureGroup, FeatureKind

Tell = Callable[[float | str | None, date | None, date], str]
"""The fact in words, from its value, its date, and today."""
_THESE = re.compile(r"\[\[(.+?)\]\]")


@dataclass(frozen=True, slots=True)
class Source:
    """One feature: SQL of (customer_id, value, as_of) for a day, knowing nothing that came later.

    The SQL reads %(day)s (a date) and %(night)s (the moment up to which things are known); `[[c.id]]` marks where only
    some customers are asked for. Who is not in its answer has `otherwise`; None is "no data", a state of its own.
    `feed`: where it comes from; when that has fallen silent nobody has a value. `by_date`: its value is told by its
    date alone and moves with every day; a score keeps the date only, and is written again when the points change.
    """

    code: str
    group: FeatureGroup
    label: str | Promise
    sql: str
    tell: Tell
    advice: str | Promise = ""
    kind: FeatureKind = FeatureKind.NUMERIC
    otherwise: float | None = None
    feed: str = ""
    by_date: bool = False
    # Its columns: features that one scan tells together name the same SQL, which is then read once.
    value: str = "value"
    as_of: str = "as_of"
    params: Mapping[str, int] = field(default_factory=dict)

    def select(self, where: str) -> str:
        """Its SQL for the customers of a condition on an id, `{id}` standing for the column."""
        return these(self.sql, where)


def these(sql: str, where: str) -> str:
    """Put the condition on a customer's id where a statement marks it."""
    return _THESE.sub(lambda mark: where.format(id=mark.group(1)), sql)
