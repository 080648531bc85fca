"""What was known of every customer on the first of a month, kept for training, and what came of it (churn.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from crm.core import parameters
from retention.actions.scoring import categories_of, make_features, model_in_force
from retention.choices import INVOLUNTARY
from retention.queries.features import sources
from retention.queries.scoring import EVERYBODY, AsOf, Statement, feature_select, scored_select, silent_feeds

NO_LEVELS = (2.0, 2.0, 2.0)
PAIRS = 40
"""A function takes a hundred arguments at most."""

_TAKE = """
INSERT INTO retention_risksnapshot (customer_id, taken_on, model_id, points, probability, features, is_flagged,
  is_control)
SELECT z.customer_id, %(taken_on)s, %(model)s, z.points, z.probability, {features}, FALSE, FALSE
FROM ({scored}) z ORDER BY z.customer_id
ON CONFLICT (taken_on, customer_id) DO NOTHING
"""


def as_of_first(taken_on: date) -> AsOf:
    """What was known when the day began, and nothing later."""
    midnight = datetime.combine(taken_on, time(), tzinfo=timezone.get_default_timezone())
    return AsOf(taken_on - timedelta(days=1), midnight)


def take(taken_on: date, *, where: str = EVERYBODY, params: Mapping[str, Any] | None = None) -> int:
    """The values of every feature, imported columns too, and the score of that day; who has a snapshot keeps it."""
    as_of, model, known = as_of_first(taken_on), model_in_force(), sources()
    silent = silent_feeds(as_of)
    first = [feature.code for feature in model.table.features]
    codes = [*first, *(code for code in known if code not in first)]
    features = feature_select(codes, as_of, where=where, silent=silent, words=categories_of(model.table))
    scored = scored_select(model.table, model.id, "risk_features", levels=NO_LEVELS, silent=silent)
    values: dict[str, Any] = {**scored.params, "taken_on": taken_on}
    sql = _TAKE.format(features=_json(codes, values), scored=scored.sql)
    with connection.cursor() as cursor:
        make_features(cursor, Statement(features.sql, {**features.params, **(params or {})}))
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _json(codes: Sequence[str], params: dict[str, Any]) -> str:
    """{code: value}; what has no data is not named."""
    parts = []
    for start in range(0, len(codes), PAIRS):
        pairs = []
        for place, code in enumerate(codes[start : start + PAIRS], start):
            params[f"name{place}"] = code
            pairs.append(f"%(name{place})s::text, z.v{place}")
        parts.append(f"jsonb_build_object({', '.join(pairs)})")
    return f"jsonb_strip_nulls({' || '.join(parts)})"


# The window begins after the gap; a loss inside the gap, or one nobody could have prevented, is left out (null).
_LABEL = """
WITH s AS (
  SELECT k.id, k.customer_id, k.taken_on, k.is_lost, k.is_flagged, k.is_control,
    k.taken_on + %(gap)s AS opens, k.taken_on + %(gap)s + %(window)s AS ends
  FROM retention_risksnapshot k
  WHERE k.taken_on + %(gap)s + %(window)s < %(today)s::date
    AND k.taken_on + %(gap)s + %(window)s >= %(today)s::date - %(reach)s
), x AS (
  SELECT s.id,
    CASE WHEN l.lost_on IS NULL THEN FALSE WHEN l.lost_on < s.opens OR l.is_involuntary THEN NULL ELSE TRUE END AS lost,
    coalesce(a.is_flagged, FALSE) AS flagged, coalesce(a.is_control, FALSE) AS control
  FROM s
  LEFT JOIN LATERAL (
    SELECT r.lost_on, coalesce(n.cause = ANY(%(involuntary)s), FALSE) AS is_involuntary
    FROM retention_churnrecord r LEFT JOIN retention_churnanalysis n ON n.record_id = r.id
    WHERE r.customer_id = s.customer_id AND NOT r.is_void AND r.lost_on >= s.taken_on AND r.lost_on <= s.ends
    ORDER BY r.lost_on LIMIT 1) l ON TRUE
  LEFT JOIN LATERAL (
    SELECT TRUE AS is_flagged, bool_or(t.is_control) AS is_control FROM retention_alert t
    WHERE t.customer_id = s.customer_id AND t.opened_at >= s.taken_on AND t.opened_at < s.ends + 1
    HAVING count(*) > 0) a ON TRUE
)
UPDATE retention_risksnapshot k SET is_lost = x.lost, is_flagged = x.flagged, is_control = x.control
FROM x WHERE x.id = k.id AND (k.is_lost, k.is_flagged, k.is_control) IS DISTINCT FROM (x.lost, x.flagged, x.control)
"""


def label(today: date, *, reach: int = 62) -> int:
    """Say of every snapshot whose window is over whether the customer was lost; what is learned later mends it.

    `reach`: how many days after its end a window is still looked at again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _LABEL,
            {
                "today": today, "reach": reach, "involuntary": [cause.value for cause in INVOLUNTARY],
                "gap": int(parameters.value("churn_gap_days", today)),
                "window": int(parameters.value("churn_window_days", today)),
            },
        )  # fmt: skip
        return int(cursor.rowcount)
