"""Pieces that the statements of measures share: days of moments, and parameters by the day they hold (PLT-10).

The arguments are columns and keys written in code, never input; what is bound is passed as values.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from crm.core import parameters

ZONE = "Asia/Shanghai"


def day_of(moment: str) -> str:
    """The calendar day of a moment.

    >>> day_of("k.received_at")
    "(k.received_at AT TIME ZONE 'Asia/Shanghai')::date"
    """
    return f"({moment} AT TIME ZONE '{ZONE}')::date"


def in_period(moment: str) -> str:
    """A moment inside the period of the measure, in a form that an index on the column can answer."""
    first, after = f"%(first)s::date::timestamp AT TIME ZONE '{ZONE}'", "(%(last)s::date + 1)::timestamp"
    return f"({moment} >= {first} AND {moment} < {after} AT TIME ZONE '{ZONE}')"


def setting_on(key: str, day: str) -> str:
    """The value that a whole-number parameter had on a day; its values are bound by `settings`."""
    return (
        f"(SELECT t.value FROM unnest(%(_{key}_since)s::date[], %(_{key})s::int[]) t(since, value)"
        f" WHERE t.since <= {day} ORDER BY t.since DESC LIMIT 1)"
    )


def settings(*keys: str) -> dict[str, Any]:
    """What `setting_on` asks for: every value of these parameters with the day from which it holds."""
    bound: dict[str, Any] = {}
    for key in keys:
        values = [(date.min, parameters.REGISTRY[key].default), *parameters.history(key)]
        bound[f"_{key}_since"] = [since for since, _value in values]
        bound[f"_{key}"] = [int(value) for _since, value in values]
    return bound


def named(sql: str, values: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    """A statement with its `%s` marks given names, so that it can carry named ones beside them.

    >>> named("a = %s AND b = %(other)s", [1])
    ('a = %(_0)s AND b = %(other)s', {'_0': 1})
    """
    for place in range(len(values)):
        sql = sql.replace("%s", f"%(_{place})s", 1)
    return sql, {f"_{place}": value for place, value in enumerate(values)}
