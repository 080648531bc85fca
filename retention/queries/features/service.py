"""Complaints and how satisfied he was (CMP-2, KPI-20)."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.choices import FeatureGroup
from retention.queries.features.base import Source

WINDOW = 90
_LOCAL = "AT TIME ZONE 'Asia/Shanghai'"
_SINCE = f"%(night)s::timestamptz - interval '{WINDOW} days'"
_IS_OPEN = "k.closed_at IS NULL OR k.closed_at >= %(night)s"
_IS_NEW = f"k.received_at >= {_SINCE}"
_RECEIVED, _DONE = f"(k.received_at {_LOCAL})::date", f"(k.closed_at {_LOCAL})::date"
# One scan tells them all. What was judged unjustified by then is none (RET-3: open or justified); what was closed
# before the window tells nothing any more.
_COMPLAINTS = f"""
SELECT k.customer_id,
  count(*) FILTER (WHERE {_IS_OPEN})::float8 AS open, max({_RECEIVED}) FILTER (WHERE {_IS_OPEN}) AS open_on,
  1 - (%(day)s::date - max({_DONE}) FILTER (WHERE k.closed_at < %(night)s))::float8 / {WINDOW} AS closed,
  max({_DONE}) FILTER (WHERE k.closed_at < %(night)s) AS closed_on,
  count(*) FILTER (WHERE {_IS_NEW})::float8 AS repeated, max({_RECEIVED}) FILTER (WHERE {_IS_NEW}) AS repeated_on
FROM complaints_case k
WHERE k.kind = 'complaint' AND k.merged_into_id IS NULL AND k.received_at < %(night)s
  AND NOT (k.judgement = 'unjustified' AND k.judged_at < %(night)s)
  AND (k.closed_at IS NULL OR k.closed_at >= {_SINCE}) AND [[k.customer_id]] GROUP BY 1
"""
_STARS = f"""
SELECT DISTINCT ON (s.customer_id) s.customer_id, s.stars::float8 AS value, s.said_on AS as_of FROM (
  SELECT k.customer_id, k.satisfaction AS stars, (k.closed_at {_LOCAL})::date AS said_on FROM complaints_case k
  WHERE k.satisfaction IS NOT NULL AND [[k.customer_id]]
  UNION ALL
  SELECT v.customer_id, b.satisfaction, (b.answered_at {_LOCAL})::date FROM visits_callback b
  JOIN visits_visit v ON v.id = b.visit_id WHERE b.satisfaction IS NOT NULL AND [[v.customer_id]]
  UNION ALL
  SELECT p.customer_id, n.satisfaction, n.on FROM sales_surveynote n
  JOIN sales_subscription p ON p.id = n.subscription_id WHERE n.satisfaction IS NOT NULL AND [[p.customer_id]]
) s WHERE s.said_on <= %(day)s::date AND s.said_on > %(day)s::date - 180 ORDER BY s.customer_id, s.stars, s.said_on DESC
"""


def _tell_open(value: float | str | None, on: date | None, today: date) -> str:
    return gettext("%(count)d open complaints") % {"count": int(value or 0)}


def _tell_closed(value: float | str | None, on: date | None, today: date) -> str:
    return gettext("The last complaint was closed on %(day)s") % {"day": on}


def _tell_repeat(value: float | str | None, on: date | None, today: date) -> str:
    return gettext("%(count)d complaints within 90 days") % {"count": int(value or 0)}


def _tell_stars(value: float | str | None, on: date | None, today: date) -> str:
    return gettext("He gave %(stars)d of 5 stars") % {"stars": int(value or 0)}


COMPLAINT_OPEN = Source(
    code="complaint_open",
    group=FeatureGroup.SERVICE,
    label=_("Open complaint"),
    sql=_COMPLAINTS,
    value="open",
    as_of="open_on",
    tell=_tell_open,
    advice=_("Close the complaint, and tell him yourself."),
    otherwise=0.0,
)
COMPLAINT_CLOSED = Source(
    code="complaint_closed",
    group=FeatureGroup.SERVICE,
    label=_("Complaint of late"),
    sql=_COMPLAINTS,
    value="closed",
    as_of="closed_on",
    tell=_tell_closed,
    advice=_("Ask whether it stayed solved."),
    otherwise=0.0,
    by_date=True,
)
COMPLAINT_REPEAT = Source(
    code="complaint_repeat",
    group=FeatureGroup.SERVICE,
    label=_("Repeated complaints"),
    sql=_COMPLAINTS,
    value="repeated",
    as_of="repeated_on",
    tell=_tell_repeat,
    advice=_("Look for the common cause of his complaints."),
    otherwise=0.0,
)
LOW_SATISFACTION = Source(
    code="low_satisfaction",
    group=FeatureGroup.SERVICE,
    label=_("Low satisfaction"),
    sql=_STARS,
    tell=_tell_stars,
    advice=_("Ask what he missed."),
)
