"""Contact, competitors, what he said himself, what holds him, how long he has been here (CON-1, RET-10, RET-17)."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.choices import FeatureGroup
from retention.queries.features.base import Source
from retention.queries.stickiness import FACTORS, stickiness_sql

HALF_LIFE = 60
_LOCAL = "AT TIME ZONE 'Asia/Shanghai'"
# The promise of his tier today; who was never seen counts from his first day with us.
_OVERDUE = """
SELECT c.id AS customer_id, (%(day)s::date - x.since)::float8 / r.days AS value, x.since AS as_of
FROM accounts_customer c JOIN accounts_unit u ON u.id = c.unit_id
JOIN LATERAL (SELECT CASE t.period WHEN 'month' THEN 30 WHEN 'quarter' THEN 90 WHEN 'half' THEN 180 WHEN 'year' THEN 360
  END AS days FROM accounts_tierrule t WHERE t.tier_id = c.tier_id AND t.purpose = 'contact'
  AND t.effective_from <= %(day)s::date ORDER BY t.effective_from DESC LIMIT 1) r ON r.days IS NOT NULL
LEFT JOIN (SELECT v.customer_id, max(v.occurred_on) AS day FROM visits_visit v
  WHERE v.counts AND v.undone_at IS NULL AND v.occurred_on <= %(day)s::date
    AND v.occurred_on > %(day)s::date - 1100 AND [[v.customer_id]] GROUP BY 1) v ON v.customer_id = c.id
CROSS JOIN LATERAL (SELECT coalesce(v.day, greatest(u.live_from, c.owed_from,
  (c.created_at AT TIME ZONE 'Asia/Shanghai')::date)) AS since) x
WHERE x.since <= %(day)s::date AND [[c.id]]
"""
_COMPETITOR = f"""
SELECT k.customer_id, 0.5 ^ ((%(day)s::date - max(k.seen))::float8 / {HALF_LIFE}) AS value, max(k.seen) AS as_of FROM (
  SELECT i.customer_id, i.seen_on AS seen FROM retention_competitorintel i
  WHERE i.customer_id IS NOT NULL AND [[i.customer_id]]
  UNION ALL
  SELECT w.customer_id, coalesce(w.found_on, (w.said_at {_LOCAL})::date) FROM visits_customervoice w
  WHERE w.kind = 'competitor' AND w.said_at < %(night)s AND [[w.customer_id]]
) k WHERE k.seen <= %(day)s::date AND k.seen > %(day)s::date - {4 * HALF_LIFE} GROUP BY 1
"""
_ASKED = f"""
SELECT g.customer_id, 1 - (%(day)s::date - max((g.happened_at {_LOCAL})::date))::float8 / 90 AS value,
  max((g.happened_at {_LOCAL})::date) AS as_of
FROM accounts_signal g WHERE g.happened_at < %(night)s AND g.received_at < %(night)s
  AND g.happened_at >= %(night)s::timestamptz - interval '90 days' AND [[g.customer_id]] GROUP BY 1
"""
_TENURE = """
SELECT c.id AS customer_id, extract(year FROM age(%(day)s::date, c.joined_on)) * 12
  + extract(month FROM age(%(day)s::date, c.joined_on))::float8 AS value, c.joined_on AS as_of
FROM accounts_customer c WHERE c.joined_on <= %(day)s::date AND [[c.id]]
"""
_STICKINESS = f"""
SELECT c.id AS customer_id, {stickiness_sql("c.id", "%(day)s::date")}::float8 AS value, NULL::date AS as_of
FROM accounts_customer c WHERE [[c.id]]
"""


def _tell_stickiness(value: float | str | None, on: date | None, today: date) -> str:
    return gettext("%(count)d of %(most)d things hold him") % {"count": int(value or 0), "most": len(FACTORS)}


def _tell_overdue(value: float | str | None, on: date | None, today: date) -> str:
    return gettext("No valid contact since %(day)s") % {"day": on}


def _tell_competitor(value: float | str | None, on: date | None, today: date) -> str:
    return gettext("A competitor was noticed on %(day)s") % {"day": on}


def _tell_asked(value: float | str | None, on: date | None, today: date) -> str:
    return gettext("He showed on %(day)s that he wants to leave") % {"day": on}


def _tell_tenure(value: float | str | None, on: date | None, today: date) -> str:
    return gettext("Customer since %(day)s") % {"day": on}


CONTACT_OVERDUE = Source(
    code="contact_overdue",
    group=FeatureGroup.RELATIONSHIP,
    label=_("Contact overdue"),
    sql=_OVERDUE,
    tell=_tell_overdue,
    advice=_("Call or visit him."),
    by_date=True,
)
COMPETITOR_CONTACT = Source(
    code="competitor_contact",
    group=FeatureGroup.RELATIONSHIP,
    label=_("Contact with a competitor"),
    sql=_COMPETITOR,
    tell=_tell_competitor,
    advice=_("Ask what was offered, and answer it."),
    otherwise=0.0,
    by_date=True,
)
ASKED_TO_LEAVE = Source(
    code="asked_to_leave",
    group=FeatureGroup.RELATIONSHIP,
    label=_("Wants to leave"),
    sql=_ASKED,
    tell=_tell_asked,
    advice=_("Open a save case."),
    otherwise=0.0,
    by_date=True,
)
STICKINESS = Source(
    code="stickiness",
    group=FeatureGroup.RELATIONSHIP,
    label=_("Stickiness"),
    sql=_STICKINESS,
    tell=_tell_stickiness,
    advice=_("Give him one thing more that holds him: an agreement, a second product, a policy."),
)
TENURE = Source(
    code="tenure",
    group=FeatureGroup.OTHER,
    label=_("Customer since"),
    sql=_TENURE,
    tell=_tell_tenure,
    by_date=True,
)
