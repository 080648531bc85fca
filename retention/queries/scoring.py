"""Features of many customers in one table, and the points of a table as SQL (RET-3).

`retention.rules.points.score_one` is the rule; a parity test holds this SQL against it on every row. Codes never come
into a statement: columns are numbered, edges and points are bound values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from accounts.choices import CustomerState
from crm.core import parameters
from retention.choices import FeatureKind
from retention.queries.features import Source, sources, these
from retention.rules.losses import GONE
from retention.rules.points import CATEGORICAL, FARTHEST, Feature, PointTable

THERE = f"""
c.state <> '{CustomerState.PROSPECT.value}' AND (c.state <> ALL(%(gone)s) OR c.exited_on > %(day)s::date)
AND (c.joined_on IS NULL OR c.joined_on <= %(day)s::date)
"""
"""Who was a customer on the day, whatever became of him since: only they are scored."""
EVERYBODY = "TRUE"


@dataclass(frozen=True, slots=True)
class AsOf:
    """A day, and the moment up to which things are known: a snapshot of the past knows nothing that came later."""

    day: date
    known_at: datetime

    @property
    def params(self) -> dict[str, Any]:
        """What the SQL of a feature reads."""
        silent = int(parameters.value("feed_silent_days", self.day))
        return {"day": self.day, "night": self.known_at, "silent": silent}


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its bound values."""

    sql: str
    params: Mapping[str, Any] = field(default_factory=dict)


# The rows that came in last tell it cheaply; only when they don't, all of them are asked.
_FEEDS = {
    feed: (
        f"SELECT max(n.month) FROM (SELECT month FROM {table} ORDER BY id DESC LIMIT 2000) n WHERE n.month < %(day)s",
        f"SELECT max(month) FROM {table} WHERE month < %(day)s",
    )
    for feed, table in (("usage", "sales_usagemonth"), ("bills", "sales_bill"))
}


def silent_feeds(as_of: AsOf) -> list[str]:
    """Feeds that once delivered and whose newest month is older than it may be: shown, never scored as healthy."""
    with connection.cursor() as cursor:
        return [feed for feed, statements in _FEEDS.items() if _is_silent(cursor, statements, as_of)]


def _is_silent(cursor: Any, statements: Sequence[str], as_of: AsOf) -> bool:
    newest = None
    for statement in statements:
        cursor.execute(statement, as_of.params)
        newest = cursor.fetchone()[0]
        if newest is not None and not is_late(newest, as_of):
            return False
    return newest is not None


def is_late(newest: date, as_of: AsOf) -> bool:
    """Whether a month that ended so long ago should have a successor by now."""
    month = newest.year * 12 + newest.month
    ended = date(month // 12, month % 12 + 1, 1)
    return (as_of.day - ended).days > int(as_of.params["silent"])


def feature_select(
    codes: Sequence[str], as_of: AsOf, *, where: str, silent: Iterable[str], words: Iterable[str] = ()
) -> Statement:
    """One row per customer: customer_id, then v0, d0, v1, d1, … in the order of the codes; null is "no data".

    `words`: codes a table takes for categories, should nothing be known of them any more.
    """
    known = sources()
    columns: list[str] = ["c.id AS customer_id"]
    joins: dict[str, str] = {}
    params: dict[str, Any] = dict(as_of.params) | {"gone": list(GONE)}
    for place, code in enumerate(codes):
        source = known.get(code)
        if source is None or source.feed in set(silent) or not source.sql:
            is_word = source.kind == FeatureKind.CATEGORICAL if source is not None else code in set(words)
            cast = "text" if is_word else "float8"
            columns.append(f"NULL::{cast} AS v{place}, NULL::date AS d{place}")
            continue
        params |= source.params
        alias = joins.setdefault(source.select(where), f"f{place}")
        columns.append(f"{_value(source, alias, place, params)} AS v{place}, {alias}.{source.as_of} AS d{place}")
    joined = " ".join(f"LEFT JOIN ({sql}) {alias} ON {alias}.customer_id = c.id" for sql, alias in joins.items())
    sql = f"SELECT {', '.join(columns)} FROM accounts_customer c {joined} WHERE {THERE} AND {these('[[c.id]]', where)}"
    return Statement(sql, params)


def _value(source: Source, alias: str, place: int, params: dict[str, Any]) -> str:
    value = f"{alias}.{source.value}"
    if source.kind == FeatureKind.CATEGORICAL:
        return f"{value}::text"
    if source.otherwise is None:
        return f"{value}::float8"
    params[f"otherwise{place}"] = source.otherwise
    return f"coalesce({value}, %(otherwise{place})s)::float8"


def scored_select(
    table: PointTable, model_id: int, features: str, *, levels: Sequence[float], silent: Sequence[str]
) -> Statement:
    """Every row of a table of features with p0…, points, probability, risk, level and the fingerprint of all that."""
    params: dict[str, Any] = {
        "model": model_id, "intercept": table.intercept, "slope": table.slope, "silent_feeds": list(silent),
        "yellow": levels[0], "orange": levels[1], "red": levels[2], "far": FARTHEST,
    }  # fmt: skip
    a, b = table.calibration or (0.0, 1.0)
    params |= {"a": a, "b": b}
    points = [_points(feature, place, params) for place, feature in enumerate(table.features)]
    odds = "%(a)s::float8 + %(b)s::float8 * (%(intercept)s::float8 + %(slope)s::float8 * q.points)"
    if table.calibration is None:
        odds = "%(intercept)s::float8 + %(slope)s::float8 * q.points"
    sql = f"""
    SELECT w.*, CASE WHEN w.probability >= %(red)s THEN 'red' WHEN w.probability >= %(orange)s THEN 'orange'
        WHEN w.probability >= %(yellow)s THEN 'yellow' ELSE '' END AS level
    FROM (
      SELECT r.*, floor(100 * r.probability + 0.5)::int AS risk FROM (
        SELECT q.*, 1 / (1 + exp(-greatest(-%(far)s::float8, least(%(far)s::float8, {odds})))) AS probability FROM (
          SELECT p.*, (({_doubled(table)}) + 1) >> 1 AS points FROM (
            SELECT f.*{"".join(f", ({sql})::int AS p{place}" for place, sql in enumerate(points))} FROM {features} f
            OFFSET 0 -- each step is reckoned once: flattened, the points would stand a dozen times in the last one
          ) p OFFSET 0
        ) q OFFSET 0
      ) r
    ) w
    """
    return Statement(sql, params)


def fingerprint(table: PointTable, known: Mapping[str, Source], *, row: str) -> str:
    """What a score rests on, in one number: points, dates and steady values of the signals, and what is missing.

    What is the same for everybody (the table, the levels, silent feeds) is its seed: %(seed)s, of `seed_of`.
    """
    parts = []
    for place, feature in enumerate(table.features):
        source = known.get(feature.code)
        parts += [
            f"{row}.p{place}",
            f"{row}.v{place} IS NULL",
            f"CASE WHEN {row}.p{place} <> 0 THEN {row}.d{place} END",
        ]
        if source is None or not source.by_date:
            parts.append(f"CASE WHEN {row}.p{place} <> 0 THEN {row}.v{place} END")
    return f"hash_record_extended(ROW({', '.join(parts)}), %(seed)s::bigint)"


def seed_of(model_id: int, table: PointTable, levels: Sequence[float], silent: Sequence[str]) -> int:
    """The part of every fingerprint that one night shares."""
    told = orjson.dumps([model_id, table.to_json(), [*levels], sorted(silent)])
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), signed=True)


def reasons_json(table: PointTable, known: Mapping[str, Source], params: dict[str, Any], *, row: str) -> str:
    """[[code, points, value, date]], largest first, as `score_one` has them; what is told by its date has no value.

    A table has few kinds of points, so their order is known beforehand: no row is sorted, and only what has points is
    made into JSON, as text: nobody looks into it before an alert opens.
    """
    pieces: list[str] = []
    for worth, code, place in sorted(_worths(table), key=lambda each: (-each[0], each[1])):
        source = known.get(code)
        told = "'null'"
        if source is None or not source.by_date:
            value = f"{row}.v{place}"
            if table.features[place].kind != CATEGORICAL:
                value = f"trim_scale(round({value}::numeric, 4))"
            told = f"coalesce(to_jsonb({value})::text, 'null')"
        name = f"w{len(pieces)}"
        params[name], params[f"{name}j"] = worth, f"[{orjson.dumps(code).decode()},{worth},"
        on_day = f"coalesce('\"' || {row}.d{place}::text || '\"', 'null')"
        pieces.append(f"CASE WHEN {row}.p{place} = %({name})s THEN %({name}j)s || {told} || ',' || {on_day} || ']' END")
    if not pieces:
        return "'[]'"
    return f"'[' || concat_ws(',', {', '.join(pieces)}) || ']'"


def _worths(table: PointTable) -> set[tuple[int, str, int]]:
    """(points, code, place) of whatever a row may show as a reason."""
    found = set()
    for place, feature in enumerate(table.features):
        given = feature.values.values() if feature.kind == CATEGORICAL else feature.steps
        last = (feature.other,) if feature.kind == CATEGORICAL else ()
        found |= {(points, feature.code, place) for points in (*given, *last, feature.missing) if points}
    return found


def missing_array(table: PointTable, params: dict[str, Any], *, row: str) -> str:
    """The codes without data, in the order of the table, then the silent feeds."""
    parts = []
    for place, feature in enumerate(table.features):
        params[f"code{place}"] = feature.code
        parts.append(f"CASE WHEN {row}.v{place} IS NULL THEN %(code{place})s::text END")
    named = f"array_remove(ARRAY[{', '.join(parts)}]::text[], NULL)"
    return f"({named} || (SELECT coalesce(array_agg('feed:' || s), '{{}}') FROM unnest(%(silent_feeds)s::text[]) s))"


def _points(feature: Feature, place: int, params: dict[str, Any]) -> str:
    """The CASE of one feature; `Feature.points` is the rule."""
    value, name = f"f.v{place}", f"b{place}"
    params[f"{name}m"] = feature.missing
    if feature.kind == CATEGORICAL:
        params[f"{name}o"] = feature.other
        whens = []
        for number, (category, points) in enumerate(feature.values.items()):
            params |= {f"{name}c{number}": category, f"{name}p{number}": points}
            whens.append(f"WHEN {value} = %({name}c{number})s THEN %({name}p{number})s")
        return f"CASE WHEN {value} IS NULL THEN %({name}m)s {' '.join(whens)} ELSE %({name}o)s END"
    whens = []
    for number, (edge, points) in enumerate(zip(feature.edges, feature.steps, strict=False)):
        params |= {f"{name}e{number}": edge, f"{name}p{number}": points}
        whens.append(f"WHEN {value} < %({name}e{number})s::float8 THEN %({name}p{number})s")
    params[f"{name}l"] = feature.steps[-1]
    return f"CASE WHEN {value} IS NULL OR {value} = 'NaN' THEN %({name}m)s {' '.join(whens)} ELSE %({name}l)s END"


def _doubled(table: PointTable) -> str:
    """Twice the total, in whole numbers: capped groups count their largest in full and the rest by half."""
    parts = ["0"]
    for group in table.groups:
        members = [f"p.p{place}" for place, feature in enumerate(table.features) if feature.group == group]
        if members:
            positive = [f"greatest({member}, 0)" for member in members]
            parts.append(f"greatest({', '.join(members)}, 0)")
            parts += [f"{up} + 2 * least({member}, 0)" for up, member in zip(positive, members, strict=True)]
    parts += [f"2 * p.p{place}" for place, feature in enumerate(table.features) if feature.group not in table.groups]
    return " + ".join(parts)
