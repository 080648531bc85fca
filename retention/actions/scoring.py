"""Score customers set-based with the model in force; only what changed is written (RET-3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.actions.standing import update_clause, update_standing_facts
from crm.core import parameters
from crm.core.db import write
from retention.models import RiskModel
from retention.queries.features import sources, these
from retention.queries.scoring import (
    EVERYBODY,
    THERE,
    AsOf,
    Statement,
    feature_select,
    fingerprint,
    missing_array,
    reasons_json,
    scored_select,
    seed_of,
    silent_feeds,
)
from retention.rules.alerts import KEPT_CHANGES, Levels, day_number
from retention.rules.losses import GONE
from retention.rules.points import CATEGORICAL, PointTable, Score, Value, score_one


@dataclass(frozen=True, slots=True)
class InForce:
    """The model in force, ready to score."""

    id: int
    table: PointTable
    # How many customers are lost within the window, when it was made.
    base_rate: float


def model_in_force() -> InForce:
    """The one model that scores; there is always one (by migration)."""
    row = RiskModel.objects.only("id", "table", "training").get(state="in_force")
    base_rate = row.training.get("base_rate") or int(parameters.value("churn_base_rate")) / 1000
    return InForce(row.pk, PointTable.from_json(row.table), float(base_rate))


def levels_on(day: date, base_rate: float) -> Levels:
    """From which chance on a score is yellow, orange, red: so many times the odds of the average customer."""
    times = [int(parameters.value(f"risk_{name}", day)) for name in ("yellow", "orange", "red")]
    return Levels.above(base_rate, times)


# One statement: what is reckoned goes straight into the scores, and what was written into the lists.
_WRITE = """
WITH v AS (
INSERT INTO retention_riskscore (customer_id, model_id, points, probability, risk, level, reasons, missing, scored_on,
  recent, quiet_until, fingerprint)
SELECT z.customer_id, %(model)s, z.points, z.probability, z.risk, z.level, {reasons}, {missing}, %(day)s,
  ARRAY[%(day_number)s, z.points]::smallint[], NULL, z.fingerprint
FROM (
  SELECT z.* FROM (SELECT z.*, {fingerprint} AS fingerprint FROM ({scored}) z OFFSET 0) z
  LEFT JOIN retention_riskscore s ON s.customer_id = z.customer_id
  WHERE s.customer_id IS NULL OR s.fingerprint IS DISTINCT FROM z.fingerprint
) z ORDER BY z.customer_id
ON CONFLICT (customer_id) DO UPDATE SET model_id = EXCLUDED.model_id, points = EXCLUDED.points,
  probability = EXCLUDED.probability, risk = EXCLUDED.risk, level = EXCLUDED.level, reasons = EXCLUDED.reasons,
  missing = EXCLUDED.missing, scored_on = EXCLUDED.scored_on, fingerprint = EXCLUDED.fingerprint,
  recent = CASE WHEN retention_riskscore.points = EXCLUDED.points THEN retention_riskscore.recent
    WHEN retention_riskscore.recent[1] = %(day_number)s THEN EXCLUDED.recent || retention_riskscore.recent[3:%(kept)s]
    ELSE EXCLUDED.recent || retention_riskscore.recent[1:%(kept)s - 2] END
WHERE retention_riskscore.scored_on <= EXCLUDED.scored_on RETURNING customer_id, risk
), shown AS ({shown})
SELECT count(*) FROM v
"""
_GONE = f"""
DELETE FROM retention_riskscore s USING accounts_customer c
WHERE c.id = s.customer_id AND NOT ({THERE}) AND [[s.customer_id]] RETURNING s.customer_id
"""


def score(as_of: AsOf, *, where: str = EVERYBODY, params: Mapping[str, Any] | None = None) -> int:
    """Score everybody, or those of a condition on `{id}`; answers how many scores are others than before.

    Who is gone has no score any more. Called inside the transaction of a step.
    """
    model, silent = model_in_force(), silent_feeds(as_of)
    codes = [feature.code for feature in model.table.features]
    features = feature_select(codes, as_of, where=where, silent=silent, words=categories_of(model.table))
    with connection.cursor() as cursor:
        cursor.execute(these(_GONE, where), {"gone": list(GONE), "day": as_of.day, **(params or {})})
        gone = [row[0] for row in cursor.fetchall()]
        make_features(cursor, Statement(features.sql, {**features.params, **(params or {})}))
    changed = write_scores(model, as_of, silent=silent)
    if gone:
        update_standing_facts({customer_id: {"risk": None} for customer_id in gone})
    return len(gone) + changed


def write_scores(model: InForce, as_of: AsOf, *, silent: Sequence[str] = ()) -> int:
    """Score the table of features that stands there; what rests on the same as before is not written (T10)."""
    table, known, of_day = model.table, sources(), levels_on(as_of.day, model.base_rate)
    levels = (of_day.yellow, of_day.orange, of_day.red)
    scored = scored_select(table, model.id, "risk_features", levels=levels, silent=silent)
    values: dict[str, Any] = {**scored.params, "seed": seed_of(model.id, table, levels, silent)}
    write_sql = _WRITE.format(
        scored=scored.sql, fingerprint=fingerprint(table, known, row="z"),
        reasons=reasons_json(table, known, values, row="z"), missing=missing_array(table, values, row="z"),
        shown=update_clause("v", ["risk"]),
    )  # fmt: skip
    values |= {"day": as_of.day, "day_number": day_number(as_of.day), "kept": 2 * KEPT_CHANGES}
    with connection.cursor() as cursor:
        # Compiling these expressions takes longer than reckoning them.
        cursor.execute("SELECT set_config('jit', 'off', true)")
        cursor.execute(write_sql, values)
        return int(cursor.fetchone()[0])


def categories_of(table: PointTable) -> list[str]:
    """The codes of the table's categories."""
    return [feature.code for feature in table.features if feature.kind == CATEGORICAL]


def make_features(cursor: Any, features: Statement) -> None:
    """The temporary table of features, of this transaction only."""
    cursor.execute("DROP TABLE IF EXISTS risk_features")
    cursor.execute(f"CREATE TEMP TABLE risk_features ON COMMIT DROP AS {features.sql}", features.params)
    cursor.execute("ANALYZE risk_features (customer_id)")


def score_customers(customer_ids: Sequence[int], as_of: AsOf) -> int:
    """Score a few customers now: something happened that cannot wait for the night."""
    with write(label="system:score"):
        return score(as_of, where="{id} = ANY(%(ids)s)", params={"ids": list(customer_ids)})


def values_of(customer_id: int, as_of: AsOf) -> dict[str, tuple[Value, date | None]]:
    """The value and date of every feature of one customer; {} when he is not scored."""
    codes = list(sources())
    features = feature_select(codes, as_of, where="{id} = %(id)s", silent=silent_feeds(as_of))
    with connection.cursor() as cursor:
        cursor.execute(features.sql, {**features.params, "id": customer_id})
        row = cursor.fetchone()
    if row is None:
        return {}
    return {code: (row[1 + 2 * place], row[2 + 2 * place]) for place, code in enumerate(codes)}


def score_in_python(customer_id: int, as_of: AsOf) -> Score | None:
    """The score of one customer by the rule itself, in a web process (T11); None: he is not scored."""
    values = values_of(customer_id, as_of)
    if not values:
        return None
    return score_one({code: value for code, (value, _day) in values.items()}, model_in_force().table)
