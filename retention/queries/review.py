"""What the early warning foretold and what came of it, as figures from the database alone (churn.md; T13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from crm.core import parameters
from retention.models import ModelReview, RiskModel
from retention.queries.scoring import AsOf, silent_feeds
from retention.rules.evidence import drift_limit, psi, saved_rate, survival
from retention.rules.points import CATEGORICAL, Feature, PointTable

SHARES = (0.01, 0.02, 0.05, 0.10, 0.20, 0.50)
PLACES = (1, 2, 3, 5, 10, 20)
MONTHS_BACK = 13
CALIBRATION_MONTHS = 3
LONGEST_MONTHS = 180
SURVIVAL_STEP = 6
TOP_TIERS = 2
MISSING = -1


@dataclass(frozen=True)
class Capacity:
    """How many alerts can be worked on at once, and what share of the customers that is."""

    per_manager: int
    managers: int
    customers: int

    @property
    def places(self) -> int:
        """All alerts together."""
        return self.per_manager * self.managers

    @property
    def share(self) -> float:
        """Of the customers; a tenth where nobody is scored yet."""
        return min(max(self.places / self.customers, 0.001), 0.5) if self.customers else 0.10


_CAPACITY = """
SELECT count(DISTINCT t.manager_id), count(*) FROM retention_riskscore r
JOIN accounts_standing t ON t.customer_id = r.customer_id WHERE t.manager_id IS NOT NULL
"""


def capacity(today: date) -> Capacity:
    """By the parameter and who is scored now."""
    managers, customers = _rows(_CAPACITY, {})[0]
    return Capacity(int(parameters.value("alert_capacity", today)), managers, customers)


def latest_review() -> ModelReview | None:
    """The newest look back, with its model."""
    return ModelReview.objects.select_related("model").order_by("-made_on").first()


def figures(*, today: date, now: datetime) -> dict[str, Any]:
    """Everything that a review keeps."""
    model = RiskModel.objects.get(state="in_force")
    room = capacity(today)
    last = _rows("SELECT max(taken_on) FROM retention_risksnapshot WHERE is_lost IS NOT NULL", {})[0][0]
    return {
        "as_of": today.isoformat(),
        "capacity": {"per_manager": room.per_manager, "managers": room.managers, "customers": room.customers},
        "months": _months(today, room.share) if last else [],
        "what_if": _what_if(last) if last else [],
        "lift": _lift(last) if last else [],
        "calibration": _calibration(last) if last else [],
        "quarter": last.isoformat() if last else None,
        "drift": _drift(model),
        "arms": _arms(today),
        "alerts": _alerts(today),
        "survival": _survival(today),
        "silent": silent_feeds(AsOf(today, now)),
    }


def _rows(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


_MONTHS = """
SELECT taken_on, count(*), count(*) FILTER (WHERE is_lost), sum(probability),
  sum(middle) FILTER (WHERE is_lost), count(*) FILTER (WHERE is_lost AND place <= ceil(%(share)s * among)),
  max(ceil(%(share)s * among))
FROM (
  SELECT taken_on, is_lost, probability, count(*) OVER (PARTITION BY taken_on) AS among,
    rank() OVER (PARTITION BY taken_on ORDER BY probability)
      + (count(*) OVER (PARTITION BY taken_on, probability) - 1) / 2.0 AS middle,
    row_number() OVER (PARTITION BY taken_on ORDER BY probability DESC, customer_id) AS place
  FROM retention_risksnapshot WHERE is_lost IS NOT NULL AND probability IS NOT NULL AND taken_on >= %(since)s
) s GROUP BY 1 ORDER BY 1
"""


def _months(today: date, share: float) -> list[dict[str, Any]]:
    """Month by month: how many were lost, how many foretold, AUC, lift at capacity."""
    since = today - timedelta(days=31 * (MONTHS_BACK + 4))
    found = []
    for day, rows, lost, expected, ranks, hits, places in _rows(_MONTHS, {"share": share, "since": since}):
        kept = rows - lost
        auc = (float(ranks) - lost * (lost + 1) / 2) / (lost * kept) if lost and kept else None
        found.append(
            {
                "month": day.isoformat()[:7], "rows": rows, "lost": lost, "expected": round(float(expected), 1),
                "auc": None if auc is None else round(auc, 4), "places": int(places), "hits": hits,
                "lift": round(hits / lost * rows / float(places), 2) if lost else None,
            }
        )  # fmt: skip
    return found[-MONTHS_BACK:]


_WHAT_IF = """
SELECT n, count(*) FILTER (WHERE place <= n), count(*) FILTER (WHERE place <= n AND is_lost),
  count(*) FILTER (WHERE place > n AND is_lost)
FROM (
  SELECT s.is_lost, row_number() OVER (PARTITION BY t.manager_id ORDER BY s.probability DESC, s.customer_id) AS place
  FROM retention_risksnapshot s LEFT JOIN accounts_standing t ON t.customer_id = s.customer_id
  WHERE s.taken_on = %(day)s AND s.is_lost IS NOT NULL AND s.probability IS NOT NULL
) k, unnest(%(places)s::int[]) n GROUP BY 1 ORDER BY 1
"""


def _what_if(day: date) -> list[dict[str, int]]:
    """Had every manager had so many alerts: alerts, those who were lost indeed, those who were missed."""
    rows = _rows(_WHAT_IF, {"day": day, "places": list(PLACES)})
    return [{"places": n, "alerts": alerts, "real": real, "missed": missed} for n, alerts, real, missed in rows]


_LIFT = """
SELECT share, count(*), count(*) FILTER (WHERE is_lost), max(among), max(lost) FROM (
  SELECT is_lost, row_number() OVER (ORDER BY probability DESC, customer_id) AS place, count(*) OVER () AS among,
    count(*) FILTER (WHERE is_lost) OVER () AS lost
  FROM retention_risksnapshot WHERE taken_on = %(day)s AND is_lost IS NOT NULL AND probability IS NOT NULL
) k JOIN unnest(%(shares)s::float8[]) share ON k.place <= ceil(share * k.among) GROUP BY 1 ORDER BY 1
"""


def _lift(day: date) -> list[dict[str, Any]]:
    """Among the highest one, two, five … per cent: how many times as many losses as among all."""
    found = []
    for share, places, hits, among, lost in _rows(_LIFT, {"day": day, "shares": list(SHARES)}):
        lift = round(hits / lost * among / places, 2) if lost else None
        found.append({"share": share, "places": places, "hits": hits, "lost": lost, "lift": lift})
    return found


_CALIBRATION = """
SELECT bin, count(*), avg(probability), count(*) FILTER (WHERE is_lost) FROM (
  SELECT probability, is_lost, ntile(10) OVER (ORDER BY probability, customer_id) AS bin FROM retention_risksnapshot
  WHERE is_lost IS NOT NULL AND probability IS NOT NULL AND taken_on > %(since)s
) k GROUP BY 1 ORDER BY 1
"""


def _calibration(last: date) -> list[dict[str, Any]]:
    """Ten groups of equal size by chance: what was foretold, what happened."""
    rows = _rows(_CALIBRATION, {"since": last - timedelta(days=31 * CALIBRATION_MONTHS)})
    return [
        {"rows": count, "expected": round(float(mean), 5), "lost": lost, "rate": round(lost / count, 5)}
        for _bin, count, mean, lost in rows
    ]


def _drift(model: RiskModel) -> dict[str, Any]:
    """The newest snapshot against the oldest of a year: every signal, the score, and what has no data."""
    newest, oldest = _rows(
        "SELECT max(taken_on), min(taken_on) FILTER (WHERE taken_on >= (SELECT max(taken_on) - 366 FROM"
        " retention_risksnapshot)) FROM retention_risksnapshot",
        {},
    )[0]
    if newest is None or newest == oldest:
        return {"rows": 0, "limit": None, "signals": []}
    table = PointTable.from_json(model.table)
    days = {"newest": newest, "oldest": oldest}
    counts = _rows("SELECT count(*) FROM retention_risksnapshot WHERE taken_on = %(newest)s", days)
    signals = [_moved(feature, days) for feature in table.features]
    spread = _histograms("CASE WHEN points IS NULL THEN -1 ELSE width_bucket(points, -100, 200, 15) END", days, {})
    return {
        "from": oldest.isoformat(), "to": newest.isoformat(), "rows": counts[0][0],
        "limit": round(drift_limit(counts[0][0]), 3), "score": _index(spread), "signals": signals,
    }  # fmt: skip


def _moved(feature: Feature, days: Mapping[str, Any]) -> dict[str, Any]:
    """One signal then and now, over the bins of its points."""
    value = "features ->> %(code)s"
    params: dict[str, Any]
    if feature.kind == CATEGORICAL:
        place, params = f"coalesce(array_position(%(levels)s::text[], {value}), 0)", {"levels": [*feature.values]}
    else:
        place, params = f"width_bucket(({value})::float8, %(edges)s::float8[])", {"edges": [*feature.edges]}
        if not feature.edges:
            place, params = "0", {}
    spread = _histograms(f"CASE WHEN {value} IS NULL THEN -1 ELSE {place} END", days, {**params, "code": feature.code})
    told: dict[str, Any] = {"code": feature.code, "psi": _index(spread)}
    for name, is_now in (("missing_before", False), ("missing_now", True)):
        total = sum(count for (now, _bin), count in spread.items() if now == is_now)
        told[name] = round(spread.get((is_now, MISSING), 0) / total, 4) if total else None
    return told


def _histograms(place: str, days: Mapping[str, Any], params: Mapping[str, Any]) -> dict[tuple[bool, int], int]:
    """(is it now, bin) → customers."""
    sql = (
        f"SELECT taken_on = %(newest)s, {place} AS bin, count(*) FROM retention_risksnapshot"
        " WHERE taken_on IN (%(newest)s, %(oldest)s) GROUP BY 1, 2"
    )
    return {(now, place): count for now, place, count in _rows(sql, {**params, **days})}


def _index(spread: Mapping[tuple[bool, int], int]) -> float | None:
    """The stability index of what has data."""
    bins = sorted({place for _now, place in spread if place != MISSING})
    before, after = ([spread.get((now, place), 0) for place in bins] for now in (False, True))
    return round(psi(before, after), 4) if sum(before) and sum(after) else None


# Only alerts of the score, whose window is over, below the two highest tiers: those from whom an offer could be held.
_ARMS = """
SELECT a.is_control, count(*), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM retention_churnrecord r
    WHERE r.customer_id = a.customer_id AND NOT r.is_void AND r.lost_on >= a.opened_at::date
    AND r.lost_on <= a.opened_at::date + %(window)s)),
  coalesce(sum((SELECT sum(o.cost) FROM retention_savecase k JOIN retention_saveoffer o ON o.case_id = k.id
    WHERE k.alert_id = a.id AND o.state = 'accepted')), 0)
FROM retention_alert a JOIN accounts_standing t ON t.customer_id = a.customer_id
WHERE a.trigger IN ('capacity', 'rise') AND a.opened_at::date + %(window)s < %(today)s::date AND t.tier_rank > %(top)s
GROUP BY 1
"""


def _arms(today: date) -> dict[str, Any]:
    """Churn of those from whom the offer was withheld against those who could have it; what a save cost."""
    window = int(parameters.value("churn_window_days", today))
    rows = _rows(_ARMS, {"window": window, "today": today, "top": TOP_TIERS})
    arms = {bool(control): (count, lost, float(cost)) for control, count, lost, cost in rows}
    held, worked = arms.get(True, (0, 0, 0.0)), arms.get(False, (0, 0, 0.0))
    saved = saved_rate(control=held[0], control_lost=held[1], treated=worked[0], treated_lost=worked[1])
    saves = (saved.rate or 0.0) * worked[0]
    return {**asdict(saved), "cost": worked[2], "cost_per_save": round(worked[2] / saves, 2) if saves > 0 else None}


_ALERTS = """
SELECT a.trigger, count(*), count(*) FILTER (WHERE a.outcome = 'saved'), count(*) FILTER (WHERE a.outcome = 'lost'),
  count(*) FILTER (WHERE a.outcome = 'false_alarm'), count(*) FILTER (WHERE a.closed_at IS NULL)
FROM retention_alert a WHERE a.opened_at > %(since)s GROUP BY 1 ORDER BY 1
"""


def _alerts(today: date) -> list[dict[str, Any]]:
    """The alerts of the last quarter by what opened them, and what people said came of them."""
    names = ("trigger", "alerts", "saved", "lost", "false_alarm", "open")
    rows = _rows(_ALERTS, {"since": today - timedelta(days=91)})
    return [dict(zip(names, row, strict=True)) for row in rows]


# Losses are known since the first one on record: before that day nobody was observed.
_STAYS = """
WITH o AS (SELECT min(exited_on) AS since FROM accounts_customer WHERE exited_on <= %(today)s),
p AS (
  SELECT greatest(o.since - c.joined_on, 0) AS entry, coalesce(least(c.exited_on, %(today)s), %(today)s) - c.joined_on
    AS age, c.exited_on IS NOT NULL AND c.exited_on <= %(today)s AS is_lost
  FROM accounts_customer c, o WHERE c.joined_on IS NOT NULL AND c.joined_on <= %(today)s AND c.state <> 'prospect'
    AND (c.exited_on IS NULL OR c.exited_on >= c.joined_on)
)
SELECT least(entry / 30.4375, %(longest)s)::int / %(step)s, least(age / 30.4375, %(longest)s)::int / %(step)s,
  count(*) FILTER (WHERE is_lost), count(*) FILTER (WHERE NOT is_lost)
FROM p WHERE age >= entry GROUP BY 1, 2
"""


def _survival(today: date) -> list[dict[str, Any]]:
    """The share of customers still there so many months after they joined (Kaplan and Meier, delayed entry)."""
    rows = _rows(_STAYS, {"today": today, "longest": LONGEST_MONTHS, "step": SURVIVAL_STEP})
    if not any(lost for _entry, _age, lost, _left in rows):
        return []
    last = max(int(age) for _entry, age, _lost, _left in rows) + 1
    lost, left, entered = [0] * last, [0] * last, [0] * last
    for entry, age, gone, there in rows:
        lost[int(age)] += gone
        left[int(age)] += there
        entered[int(entry)] += gone + there
    return [
        {"months": (place + 1) * SURVIVAL_STEP, "share": round(stay, 4), "low": round(low, 4), "high": round(high, 4)}
        for place, (stay, low, high) in enumerate(survival(lost, left, entered))
        if (place + 1) * SURVIVAL_STEP <= LONGEST_MONTHS
    ]
