"""Every 1 January: who is there (D9). Every night: the base counted for pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import CustomerState
from crm.core.measures import Time
from crm.core.sweeps import sweep
from retention.models import ChurnBase
from retention.queries.measures import CHURN_VIP, DIAMOND_GOLD
from retention.rules.losses import BASE_KINDS, GONE
from visits.sweeps.room import make_room

_INTO = """
INSERT INTO retention_churnbase (year, customer_id, customer_kind, tier_id, unit_id, manager_id, is_reconstructed)
"""
_TODAY = f"""{_INTO}
SELECT %(year)s, c.id, c.kind, c.tier_id, c.unit_id, c.manager_id, FALSE FROM accounts_customer c
WHERE c.kind = ANY(%(kinds)s) AND c.state = %(active)s
ON CONFLICT (year, customer_id) DO NOTHING
"""
# What held on 1 January, or the first thing known afterwards; a span that ends on its first day never held.
_FIRST_KNOWN = """
LEFT JOIN LATERAL (SELECT {column}, valid_from FROM {table} WHERE customer_id = c.id
  AND (valid_to IS NULL OR valid_to > greatest(%(new_year)s, valid_from)) ORDER BY valid_from LIMIT 1) {alias} ON TRUE
"""
# The rows of the year are read before the first one is added.
_TOLD = f"""
WITH known AS MATERIALIZED (SELECT customer_id FROM retention_churnbase WHERE year = %(year)s)
{_INTO}
SELECT %(year)s, c.id, c.kind, t.tier_id, c.unit_id, a.staff_id, TRUE FROM accounts_customer c
{_FIRST_KNOWN.format(column="tier_id", table="accounts_tierhistory", alias="t")}
{_FIRST_KNOWN.format(column="staff_id", table="accounts_assignment", alias="a")}
WHERE c.kind = ANY(%(kinds)s) AND c.state <> %(prospect)s
  AND (c.joined_on IS NULL OR c.joined_on <= %(new_year)s)
  AND (c.state <> ALL(%(gone)s) OR c.exited_on >= %(new_year)s)
  AND NOT EXISTS (SELECT 1 FROM retention_churnrecord r WHERE r.customer_id = c.id AND r.lost_on < %(new_year)s
    AND NOT r.is_void AND (r.returned_on IS NULL OR r.returned_on > %(new_year)s))
  AND (c.created_at >= %(second_of_january)s OR t.tier_id IS NOT NULL AND t.valid_from <= %(new_year)s
    OR a.valid_from <= %(new_year)s)
  AND NOT EXISTS (SELECT 1 FROM known WHERE known.customer_id = c.id)
ON CONFLICT (year, customer_id) DO NOTHING
"""


@sweep("snapshot_churn_base", label=_("Take down who is there on 1 January"))
def snapshot_churn_base(*, today: date, now: datetime) -> int:
    """D9: on 1 January everybody in service is taken down. A year without that picture is told from the histories and
    marked so; customers entered in such a year who were there before it are added. Twice is the same as once."""
    new_year = date(today.year, 1, 1)
    told = ChurnBase.unscoped.filter(year=today.year).values_list("is_reconstructed", flat=True).order_by("id").first()
    if told is False:
        return 0
    facts: dict[str, Any] = {
        "year": today.year,
        "new_year": new_year,
        "second_of_january": datetime(today.year, 1, 2, tzinfo=timezone.get_default_timezone()),
        "kinds": list(BASE_KINDS),
        "gone": list(GONE),
        "active": CustomerState.ACTIVE.value,
        "prospect": CustomerState.PROSPECT.value,
    }
    make_room()
    with connection.cursor() as cursor:
        cursor.execute(_TODAY if timezone.localdate(now) == new_year else _TOLD, facts)
        return int(cursor.rowcount)


# The rows of the measure, counted: a customer lost to date stands where he was lost (F1, F2).
_COUNT = f"""
WITH x AS MATERIALIZED (
  SELECT r.unit_id, r.manager_id, count(*) AS vips, count(*) FILTER (WHERE {DIAMOND_GOLD}) AS diamond_gold
  FROM ({CHURN_VIP.sql}) r JOIN retention_churnbase b ON b.id = r.ref GROUP BY 1, 2
), gone AS (
  DELETE FROM retention_churncount k WHERE k.year = %(year)s AND NOT EXISTS (
    SELECT 1 FROM x WHERE x.unit_id = k.unit_id AND x.manager_id IS NOT DISTINCT FROM k.manager_id)
  RETURNING 1
), written AS (
  INSERT INTO retention_churncount AS k (year, unit_id, manager_id, vips, diamond_gold, counted_on)
  SELECT %(year)s, x.unit_id, x.manager_id, x.vips, x.diamond_gold, %(today)s FROM x
  ON CONFLICT (year, unit_id, manager_id) DO UPDATE
  SET vips = excluded.vips, diamond_gold = excluded.diamond_gold, counted_on = excluded.counted_on
  WHERE (k.vips, k.diamond_gold) <> (excluded.vips, excluded.diamond_gold)
  RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
"""


@sweep("count_churn_base", label=_("Count the base of the year by unit and manager"))
def count_churn_base(*, today: date, now: datetime) -> int:
    """RET-1, RET-2: the two denominators as the measures have them tonight, for pages that must not count a base."""
    make_room()
    time = Time(date(today.year, 1, 1), today, today, now)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, CHURN_VIP.bound(time) | {"year": today.year})
        return int(cursor.fetchone()[0])
