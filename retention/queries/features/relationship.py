"""Contact, competitors, what he said himself, what holds him, how long he has been here (CON-1, RET-10, RET-17)."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.choices import FeatureGroup
from retention.queries.features.base import Source
from retention.queries.stickiness import FACTORS, held_sql

HALF_LIFE = 60
_LOCAL = "AT TIME ZONE 'Asia/Shanghai'"
LONGEST_AGO = 1100
# The promise of his tier today; who was never seen counts from his first day with us. The last valid visit stands in
# his standing; only where that is later than the day (a picture of the past) the visits themselves are asked.
_OVERDUE = f"""
SELECT c.id AS customer_id, (%(day)s::date - x.since)::float8 / r.days AS value, x.since AS as_of
FROM accounts_customer c JOIN accounts_unit u ON u.id = c.unit_id
JOIN (SELECT DISTINCT ON (t.tier_id) t.tier_id, CASE t.period WHEN 'month' THEN 30 WHEN 'quarter' THEN 90
    WHEN 'half' THEN 180 WHEN 'year' THEN 360 END AS days
  FROM accounts_tierrule t WHERE t.purpose = 'contact' AND t.effective_from <= %(day)s::date
  ORDER BY t.tier_id, t.effective_from DESC) r ON r.tier_id = c.tier_id AND r.days IS NOT NULL
LEFT JOIN accounts_standing s ON s.customer_id = c.id
LEFT JOIN LATERAL (SELECT max(v.occurred_on) AS day FROM visits_visit v
  WHERE coalesce(s.last_visit_on, '9999-12-31') > %(day)s::date AND v.customer_id = c.id
    AND v.counts AND v.undone_at IS NULL AND v.occurred_on <= %(day)s::date) v ON TRUE
CROSS JOIN LATERAL (SELECT CASE WHEN s.last_visit_on <= %(day)s::date THEN s.last_visit_on ELSE v.day END AS day) l
CROSS JOIN LATERAL (SELECT coalesce(CASE WHEN l.day > %(day)s::date - {LONGEST_AGO} THEN l.day END,
  greatest(u.live_from, c.owed_from, (c.created_at {_LOCAL})::date)) AS since) x
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
SELECT h.customer_id, h.n::float8 AS value, NULL::date AS as_of FROM ({held_sql("%(day)s::date")}) h
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
    otherwise=0.0,
)
TENURE = Source(
    code="tenure",
    group=FeatureGroup.OTHER,
    label=_("Customer since"),
    sql=_TENURE,
    tell=_tell_tenure,
    by_date=True,
)
