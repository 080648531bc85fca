"""What is remarkable about somebody's work and what is drawn of it (PLAN-4), in SQL over logs `l` and plans `p`.

Written once for the reviewer's queue, the lists and F26; `visits.rules.review` says the same in plain words, and a
parity test holds the two together. Values for the marks: `values()`.
"""

from __future__ import annotations

from typing import Any

from crm.core.measure_sql import ZONE, day_of, setting_on, settings

SAMPLE, CALL_MINUTES = "review_sample_percent", "call_minutes"
LOG, PLAN = "log", "plan"


def values() -> dict[str, Any]:
    """What these pieces ask for."""
    return settings(SAMPLE, CALL_MINUTES)


def drawn(kind: str, number: str, day: str) -> str:
    """Whether a piece of work is in the sample: by a digest of its number, so that nobody can choose it."""
    digest = f"encode(sha256(convert_to('{kind}:' || {number}, 'UTF8')), 'hex')"
    return f"(('x' || left({digest}, 8))::bit(32)::bigint %% 100 < {setting_on(SAMPLE, day)})"


def _reasons(*pairs: tuple[str, str]) -> str:
    cases = ", ".join(f"CASE WHEN {holds} THEN '{code}' END" for code, holds in pairs)
    return f"array_remove(ARRAY[{cases}]::text[], NULL)"


PLAN_LATE = (
    f"(p.state = 'accepted' AND {day_of('p.accepted_at')} >= p.starts_on"
    f" AND {day_of('p.accepted_at')} > {day_of('p.drafted_at')})"
)
"""PLAN-6: handed in after its week began, and after the day of a later draft (`visits.rules.plans.is_late`)."""

LOG_KEPT = "(l.closed_by_id IS NOT NULL OR l.entries > 0)"
"""F26: a log that closed itself over an empty day says nothing about the day (`visits.rules.day_logs.is_kept`)."""

LOG_FACTS = f"""
CROSS JOIN LATERAL (SELECT make_interval(mins => {setting_on(CALL_MINUTES, 'l."on"')}) AS longest) m
LEFT JOIN LATERAL (
  SELECT count(*) AS visits,
    count(*) FILTER (WHERE v.channel_id IN (SELECT id FROM visits_channel WHERE is_on_site)
      AND v.outcome_id IN (SELECT id FROM visits_outcome WHERE is_effective) AND btrim(v.content) = '') AS missing,
    count(*) FILTER (WHERE v.is_backdated) AS backdated,
    count(x.visit_id) AS similar,
    count(*) FILTER (WHERE v.channel_id = (SELECT id FROM visits_channel WHERE code = 'phone')
      AND v.ended_at - v.occurred_at > m.longest) AS overlong
  FROM visits_visit v LEFT JOIN visits_texttwin x ON x.visit_id = v.id
  WHERE v.staff_id = l.staff_id AND v.occurred_at >= l."on"::timestamp AT TIME ZONE '{ZONE}'
    AND v.occurred_at < (l."on" + 1)::timestamp AT TIME ZONE '{ZONE}' AND v.occurred_on = l."on"
    AND v.undone_at IS NULL
) a ON true
CROSS JOIN LATERAL (SELECT {
    _reasons(
        ("no_visits", 'core_is_working(l."on") AND a.visits = 0'),
        ("missing", "a.missing > 0"),
        ("backdated", "a.backdated > 0"),
        ("similar", "a.similar > 0"),
        ("overlong", "a.overlong > 0"),
    )
} AS reasons) e
"""
"""What is counted about the day of a log, as `a`, and what is remarkable about it, as `e.reasons`."""

PLAN_FACTS = f"""
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE state <> 'cancelled') AS items,
    count(*) FILTER (WHERE leave_out_reason <> '') AS left_out FROM visits_planitem WHERE plan_id = p.id
) a ON true
CROSS JOIN LATERAL (SELECT {
    _reasons(
        ("empty", "a.items = 0"),
        ("late", PLAN_LATE),
        ("untouched", "p.state = 'system' AND p.touched_at IS NULL"),
        ("left_out", "a.left_out > 0"),
    )
} AS reasons) e
"""
"""The same of a plan."""

LOG_DRAWN, PLAN_DRAWN = drawn(LOG, "l.id", 'l."on"'), drawn(PLAN, "p.id", "p.starts_on")
LOG_ASKED, PLAN_ASKED = (f"(cardinality(e.reasons) > 0 OR {sample})" for sample in (LOG_DRAWN, PLAN_DRAWN))
"""F26: what a reviewer has to read one by one, the exceptions and the drawn sample."""

LOG_REVIEWED = "(l.review_state <> 'waiting')"
PLAN_REVIEWED = """EXISTS (SELECT FROM visits_review r WHERE r.plan_id = p.id AND (r.decision = 'approved'
    OR r.at >= greatest(p.accepted_at, p.touched_at, p.drafted_at)))"""
"""Reviewed once, unless it was handed in again after it came back."""
