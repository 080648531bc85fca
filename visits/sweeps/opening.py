"""Open what is owed: duties and standings in one statement, by the watermark `standing.opened_through` (mechanisms D).

The rules are `visits.rules.window_on` and `visits.rules.spread`; parity tests compare them with this SQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.actions.standing import update_clause
from accounts.choices import Purpose
from accounts.models import TierRule
from accounts.queries.spans import SPAN, Span, by_manager
from accounts.rules import next_period_start, period_end, period_start, tier_rule_on
from crm.core import working_days
from crm.core.rules import Calendar
from crm.core.sweeps import sweep
from visits.actions.ledger.facts import soon_from, write_facts
from visits.actions.ledger.owing import FIRST_TIER, align
from visits.actions.ledger.placing import NO_DAY, leaves_from
from visits.actions.ledger.settling import restate
from visits.rules import FIRST_DUE_DAYS, NEVER_OPENED, free_days
from visits.sweeps.room import make_room

RULE_DAYS = 45
"""A rule is applied by every night of this long after it begins, so that late nights (at most 40) miss none."""

MANY = 20_000
_BEHIND = f"""
SELECT s.manager_id, count(*) FROM accounts_standing s
WHERE s.opened_through < %(today)s AND s.tier_rank <> 99 AND {SPAN} GROUP BY 1
"""
_OPEN = f"""
WITH r(rule_id, tier_id, starts_on, ends_on, next_starts, next_ends) AS MATERIALIZED (
  SELECT * FROM unnest(%(rules)s::bigint[], %(tiers)s::bigint[], %(starts)s::date[], %(ends)s::date[],
    %(next_starts)s::date[], %(next_ends)s::date[])
), free(manager_id, first_on, due_on, days) AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(free)s::jsonb) AS j(m bigint, f date, u date, d date[])
), owed AS (
  SELECT s.customer_id, c.manager_id, c.unit_id, c.tier_id, c.is_important, r.rule_id, s.last_visit_on,
    s.opened_through = %(never)s AS is_fresh, s.is_overdue, s.next_due_on, s.suggested_on AS suggested_before,
    s.duty_state,
    CASE WHEN n.is_next THEN r.next_starts ELSE %(today)s END AS first_on,
    CASE WHEN n.is_next THEN r.next_starts ELSE r.starts_on END AS starts_on,
    CASE WHEN n.is_next THEN r.next_starts ELSE greatest(r.starts_on, a.since) END AS owed_from,
    CASE WHEN n.is_next THEN r.next_ends ELSE r.ends_on END AS due_on
  FROM accounts_standing s JOIN accounts_customer c ON c.id = s.customer_id JOIN r ON r.tier_id = c.tier_id
  JOIN accounts_unit u ON u.id = c.unit_id
  LEFT JOIN LATERAL (SELECT {FIRST_TIER} AS day WHERE s.opened_through = %(never)s OFFSET 0) t ON true
  CROSS JOIN LATERAL (SELECT CASE WHEN s.opened_through = %(never)s
    THEN greatest(coalesce(c.owed_from, t.day, %(today)s), u.live_from) ELSE r.starts_on END AS since) a
  CROSS JOIN LATERAL (
    SELECT a.since > r.starts_on AND r.ends_on - a.since < %(least)s AS is_next) n
  WHERE s.opened_through < %(today)s AND s.tier_rank <> 99 AND c.state = 'active' AND u.live_from <= %(today)s
    AND a.since <= %(today)s AND {SPAN}
), born AS (
  SELECT p.customer_id, p.birthday, p.is_lunar_birthday AS is_lunar FROM accounts_personprofile p
  WHERE p.birthday IS NOT NULL
  UNION ALL SELECT p.customer_id, p.birthday, false FROM accounts_contactperson p
  WHERE p.birthday IS NOT NULL AND p.is_active
), days AS (
  SELECT o.customer_id, o.manager_id, o.first_on, o.due_on, min(b.day) AS birthday
  FROM owed o JOIN born ON born.customer_id = o.customer_id
  CROSS JOIN LATERAL (SELECT visits_next_birthday(born.birthday, born.is_lunar, o.first_on) AS day) b
  WHERE b.day <= o.due_on GROUP BY 1, 2, 3, 4
), kept AS MATERIALIZED (
  SELECT k.customer_id,
    (SELECT max(x.day) FROM unnest(coalesce(own.days, base.days)) AS x(day) WHERE x.day <= k.birthday) AS day
  FROM days k JOIN free base ON base.manager_id IS NULL AND base.first_on = k.first_on AND base.due_on = k.due_on
  LEFT JOIN free own ON own.manager_id = k.manager_id AND own.first_on = k.first_on AND own.due_on = k.due_on
  WHERE k.birthday >= (coalesce(own.days, base.days))[1]
), ranked AS (
  SELECT o.*, kept.day, row_number() OVER g AS position, count(*) OVER a AS among
  FROM owed o LEFT JOIN kept ON kept.customer_id = o.customer_id
  WINDOW g AS (PARTITION BY o.manager_id, o.first_on, o.due_on, kept.day IS NULL
      ORDER BY o.last_visit_on NULLS FIRST, o.customer_id),
    a AS (PARTITION BY o.manager_id, o.first_on, o.due_on, kept.day IS NULL)
), w AS MATERIALIZED (
  SELECT k.customer_id, k.manager_id, k.unit_id, k.tier_id, k.is_important, k.rule_id, k.last_visit_on, k.is_fresh,
    k.is_overdue, k.next_due_on, k.suggested_before, k.duty_state, k.starts_on, k.owed_from, k.due_on,
    coalesce(k.day, (coalesce(own.days, base.days))[1 + ((2 * k.position - 1)
      * cardinality(coalesce(own.days, base.days)) / (2 * k.among))::int]) AS suggested_on
  FROM ranked k JOIN free base ON base.manager_id IS NULL AND base.first_on = k.first_on AND base.due_on = k.due_on
  LEFT JOIN free own ON own.manager_id = k.manager_id AND own.first_on = k.first_on AND own.due_on = k.due_on
  ORDER BY k.customer_id -- the order in which tables and their indexes lie on the disk
), i AS (
  INSERT INTO visits_duty (customer_id, rule_id, purpose, starts_on, owed_from, due_on, suggested_on, manager_id,
    unit_id, tier_id, state, is_introduction, revision, correction_reason)
  SELECT customer_id, rule_id, 'contact', starts_on, owed_from, due_on, suggested_on, manager_id, unit_id, tier_id,
    'open', false, 1, '' FROM w
  ON CONFLICT (customer_id, rule_id, starts_on, revision) DO UPDATE SET state = 'open',
    owed_from = EXCLUDED.owed_from, due_on = EXCLUDED.due_on, suggested_on = EXCLUDED.suggested_on,
    manager_id = EXCLUDED.manager_id, unit_id = EXCLUDED.unit_id, tier_id = EXCLUDED.tier_id, closed_at = NULL,
    postponed_at = NULL
  WHERE visits_duty.state = 'void' AND visits_duty.frozen_at IS NULL
), moved AS (
  SELECT w.customer_id, w.due_on AS opened_through, q.next_due_on, q.is_overdue,
    least(w.suggested_on, CASE WHEN w.suggested_before >= %(today)s THEN w.suggested_before END) AS suggested_on,
    CASE WHEN q.is_overdue THEN 'overdue' WHEN q.next_due_on <= %(soon)s THEN 'due_soon' ELSE 'open' END AS duty_state
  FROM w CROSS JOIN LATERAL (
    SELECT CASE WHEN w.next_due_on >= %(today)s THEN least(w.next_due_on, w.due_on) ELSE w.due_on END AS next_due_on,
      w.is_overdue OR w.next_due_on < %(today)s AND w.duty_state IN ('open', 'due_soon') AS is_overdue) q
), u AS (
  {update_clause("moved", ["opened_through", "next_due_on", "is_overdue", "suggested_on", "duty_state"])}
)
SELECT count(*), array_agg(w.customer_id) FILTER (WHERE w.is_fresh OR w.is_important
  OR w.last_visit_on >= w.owed_from OR w.is_overdue AND w.next_due_on >= %(today)s) FROM w
"""

# Whoever is owed by another rule than the one that began: decisions 5, as if the tier had changed.
_OTHER_RULE = f"""
SELECT s.customer_id, s.manager_id FROM unnest(%(rules)s::bigint[], %(tiers)s::bigint[], %(ends)s::date[])
  AS r(rule_id, tier_id, ends_on)
JOIN accounts_customer c ON c.tier_id = r.tier_id JOIN accounts_standing s ON s.customer_id = c.id
WHERE c.state = 'active' AND s.opened_through >= %(today)s AND s.opened_through IS DISTINCT FROM r.ends_on
  AND NOT EXISTS (SELECT 1 FROM visits_duty d WHERE d.customer_id = c.id AND d.rule_id = r.rule_id
    AND d.due_on >= %(today)s AND d.state <> 'void') AND {SPAN}
"""
_NO_LONGER_OWED = f"""
SELECT DISTINCT s.customer_id, s.manager_id FROM visits_duty d JOIN accounts_customer c ON c.id = d.customer_id
JOIN accounts_standing s ON s.customer_id = c.id
WHERE d.state = 'open' AND d.purpose = 'contact' AND c.tier_id = ANY(%(idle)s) AND {SPAN}
"""
_NO_FACE_OWED = f"""
SELECT s.customer_id, s.manager_id FROM visits_duty d JOIN accounts_standing s ON s.customer_id = d.customer_id
WHERE d.state = 'open' AND d.purpose = 'face_to_face' AND {SPAN}
"""

_FACE_TO_FACE = """
WITH n AS (
  SELECT c.id, c.manager_id, c.unit_id, c.tier_id, x.is_next, a.since
  FROM accounts_customer c JOIN accounts_unit u ON u.id = c.unit_id
  CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM visits_duty d WHERE d.customer_id = c.id
    AND d.purpose = 'face_to_face' AND d.state <> 'void') AS goes_on) g
  CROSS JOIN LATERAL (SELECT CASE WHEN g.goes_on THEN %(starts)s::date
    ELSE greatest(coalesce((c.important_at AT TIME ZONE 'Asia/Shanghai')::date, %(today)s), u.live_from, c.owed_from)
    END AS since) a
  CROSS JOIN LATERAL (
    SELECT a.since > %(starts)s AND %(ends)s::date - a.since < %(least)s AS is_next) x
  WHERE c.is_important AND c.kind = 'vip' AND c.state = 'active' AND u.live_from <= %(today)s
    AND a.since <= %(today)s AND NOT EXISTS (SELECT 1 FROM visits_duty d WHERE d.customer_id = c.id
      AND d.purpose = 'face_to_face' AND d.state <> 'void' AND d.due_on >= %(today)s)
)
INSERT INTO visits_duty (customer_id, rule_id, purpose, starts_on, owed_from, due_on, suggested_on, manager_id,
  unit_id, tier_id, state, is_introduction, revision, correction_reason)
SELECT n.id, %(rule)s, 'face_to_face', CASE WHEN n.is_next THEN %(next_starts)s ELSE %(starts)s END,
  CASE WHEN n.is_next THEN %(next_starts)s ELSE greatest(%(starts)s, n.since) END,
  CASE WHEN n.is_next THEN %(next_ends)s ELSE %(ends)s END, %(no_day)s, n.manager_id, n.unit_id, n.tier_id, 'open',
  false, 1, '' FROM n
ON CONFLICT (customer_id, rule_id, starts_on, revision) DO UPDATE SET state = 'open', owed_from = EXCLUDED.owed_from,
  due_on = EXCLUDED.due_on, suggested_on = EXCLUDED.suggested_on, manager_id = EXCLUDED.manager_id,
  unit_id = EXCLUDED.unit_id, tier_id = EXCLUDED.tier_id, closed_at = NULL, postponed_at = NULL
WHERE visits_duty.state = 'void' AND visits_duty.frozen_at IS NULL
RETURNING customer_id
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A rule with its current and its next period."""

    rule_id: int
    tier_id: int | None
    starts_on: date
    ends_on: date
    next_starts: date
    next_ends: date


def parts_to_open(*, today: date, now: datetime) -> list[dict[str, Any]]:
    """What there is to open or to align, by manager."""
    rules = list(TierRule.objects.all())
    counts = Counter(dict(_behind(today, Span())))
    counts.update(manager_id for __, manager_id in concerned_by_rules(rules, today, Span()))
    return by_manager(counts.items(), today)


@sweep("open_duties", label=_("Open what is owed"), cut=parts_to_open)
def open_duties(*, today: date, now: datetime, span: Mapping[str, Any] | None = None) -> dict[str, int]:
    """CON-1, CON-2, CON-4, CON-40: a row per customer, rule and period, as soon as the period begins."""
    make_room()
    part = Span.of(span)
    rules = list(TierRule.objects.all())
    changed = apply_rules(rules, today=today, now=now, part=part)
    opened, care = _open_contact(running_rules(rules, Purpose.CONTACT, today), today, part)
    faces: list[int] = []
    if part.is_everything:  # those who are owed a face-to-face contact are few
        faces = _open_face_to_face(running_rules(rules, Purpose.FACE_TO_FACE, today), today)
    care = sorted({*care, *faces})
    restate(care, today=today, now=now)
    write_facts(care, today=today)
    return {"rows": opened + len(faces), "rule_changes": changed, "looked_at": len(care)}


def running_rules(rules: Iterable[TierRule], purpose: str, today: date) -> list[Running]:
    """The rule of each tier that holds today, with its periods; a rule without a period owes nothing."""
    by_tier: dict[int | None, list[TierRule]] = {}
    for rule in rules:
        if rule.purpose == purpose:
            by_tier.setdefault(rule.tier_id, []).append(rule)
    found = [tier_rule_on(of_tier, today) for of_tier in by_tier.values()]
    return [_running(rule, today) for rule in found if rule is not None and rule.period]


def _running(rule: TierRule, today: date) -> Running:
    following = next_period_start(rule.period, today)
    return Running(
        rule_id=rule.pk,
        tier_id=rule.tier_id,
        starts_on=period_start(rule.period, today),
        ends_on=following - timedelta(days=1),
        next_starts=following,
        next_ends=period_end(rule.period, following),
    )


def apply_rules(rules: Sequence[TierRule], *, today: date, now: datetime, part: Span | None = None) -> int:
    """CUS-3: a changed cadence takes hold on its day, like a change of tier (decisions 5)."""
    ids = [customer_id for customer_id, __ in concerned_by_rules(rules, today, part or Span())]
    align(ids, today=today, now=now)
    return len(ids)


def concerned_by_rules(rules: Sequence[TierRule], today: date, part: Span) -> list[tuple[int, int | None]]:
    """Customers, with their managers, whom a rule that began lately owes something else than what is open."""
    begun = [rule for rule in rules if 0 <= (today - rule.effective_from).days < RULE_DAYS]
    concerned = {rule.tier_id for rule in begun if rule.purpose == Purpose.CONTACT}
    running = [rule for rule in running_rules(rules, Purpose.CONTACT, today) if rule.tier_id in concerned]
    params: dict[str, Any] = {
        "rules": [rule.rule_id for rule in running],
        "tiers": [rule.tier_id for rule in running],
        "ends": [rule.ends_on for rule in running],
        "idle": list(concerned - {rule.tier_id for rule in running}),
        "today": today,
    }
    statements = [_OTHER_RULE, _NO_LONGER_OWED] if concerned else []
    if any(rule.purpose == Purpose.FACE_TO_FACE and not rule.period for rule in begun):
        statements.append(_NO_FACE_OWED)
    found: list[tuple[int, int | None]] = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(_within(statement, part), params | part.params)
            found += cursor.fetchall()
    return found


def _within(statement: str, part: Span) -> str:
    return statement.replace(SPAN, part.where(manager="s.manager_id", customer="s.customer_id"))


def _behind(today: date, part: Span) -> list[tuple[int | None, int]]:
    """How many customers of each manager have no duty that reaches today."""
    with connection.cursor() as cursor:
        cursor.execute(_within(_BEHIND, part), {"today": today} | part.params)
        return list(cursor.fetchall())


def _open_contact(running: Sequence[Running], today: date, part: Span) -> tuple[int, list[int]]:
    """Answers how many customers got a duty, and which of them need a closer look (new ones, visited already…)."""
    behind = sum(count for __, count in _behind(today, part))
    if not behind:
        return 0, []
    params: dict[str, Any] = {
        "rules": [rule.rule_id for rule in running],
        "tiers": [rule.tier_id for rule in running],
        "starts": [rule.starts_on for rule in running],
        "ends": [rule.ends_on for rule in running],
        "next_starts": [rule.next_starts for rule in running],
        "next_ends": [rule.next_ends for rule in running],
        "free": orjson.dumps(_free_days(running, working_days.calendar(), today)).decode(),
        "today": today,
        "soon": soon_from(today),
        "never": NEVER_OPENED,
        "least": FIRST_DUE_DAYS,
    } | part.params
    with connection.cursor() as cursor:
        # Many rows: one pass over each table is faster than an index look-up per row.
        cursor.execute("SELECT set_config('enable_nestloop', %s, true)", ["off" if behind > MANY else "on"])
        cursor.execute(_within(_OPEN, part), params)
        opened, care = cursor.fetchone()
        cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")
    return opened, care or []


def _free_days(running: Sequence[Running], calendar: Calendar, today: date) -> list[dict[str, Any]]:
    """The days on which duties can be suggested: for every window, and again for whoever is away in it."""
    windows = {(today, rule.ends_on) for rule in running} | {(rule.next_starts, rule.next_ends) for rule in running}
    leaves = leaves_from(today)
    rows: list[dict[str, Any]] = []
    for first, last in sorted(windows):
        rows.append({"m": None, "f": first, "u": last, "d": free_days(calendar, first, last)})
        for staff_id, away in leaves.items():
            if any(start <= last and end >= first for start, end in away):
                rows.append({"m": staff_id, "f": first, "u": last, "d": free_days(calendar, first, last, away)})
    return rows


def _open_face_to_face(running: Sequence[Running], today: date) -> list[int]:
    """CON-4: important VIPs; they are few and get their day by `suggest_days`."""
    opened: list[int] = []
    for rule in running:
        params: dict[str, Any] = {
            "rule": rule.rule_id, "starts": rule.starts_on, "ends": rule.ends_on, "next_starts": rule.next_starts,
            "next_ends": rule.next_ends, "today": today, "least": FIRST_DUE_DAYS, "no_day": NO_DAY,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_FACE_TO_FACE, params)
            opened += [row[0] for row in cursor.fetchall()]
    return opened
