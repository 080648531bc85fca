"""Usage against one's own past, and lines that stopped (CUS-17, RET-9)."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.choices import FeatureGroup
from retention.queries.features.base import Source

LEAST_REVENUE, LEAST_MINUTES, LEAST_MB = 5, 30, 100
"""A mean below these says nothing about a fall."""

# The customer as a whole where that is told, else the sum over his products; at least two months to compare with.
_DROP = f"""
WITH m AS (
  SELECT u.customer_id, u.month,
    coalesce(max(u.revenue) FILTER (WHERE u.product_id IS NULL), sum(u.revenue)) AS revenue,
    coalesce(max(u.voice_minutes) FILTER (WHERE u.product_id IS NULL), sum(u.voice_minutes)) AS minutes,
    coalesce(max(u.data_mb) FILTER (WHERE u.product_id IS NULL), sum(u.data_mb)) AS mb
  FROM sales_usagemonth u
  WHERE u.month < date_trunc('month', %(day)s::date)
    AND u.month >= date_trunc('month', %(day)s::date) - interval '6 months' AND [[u.customer_id]]
  GROUP BY 1, 2
), newest AS (SELECT customer_id, max(month) AS month FROM m GROUP BY 1)
SELECT x.customer_id, round(1 - least(x.revenue, x.minutes, x.mb), 4)::float8 AS value, x.as_of FROM (
  SELECT n.customer_id, (n.month + interval '1 month')::date - 1 AS as_of,
    max(m.revenue) FILTER (WHERE m.month = n.month)
      / nullif(CASE WHEN avg(m.revenue) FILTER (WHERE m.month < n.month) >= {LEAST_REVENUE}
        THEN avg(m.revenue) FILTER (WHERE m.month < n.month) END, 0) AS revenue,
    max(m.minutes) FILTER (WHERE m.month = n.month)
      / nullif(CASE WHEN avg(m.minutes) FILTER (WHERE m.month < n.month) >= {LEAST_MINUTES}
        THEN avg(m.minutes) FILTER (WHERE m.month < n.month) END, 0) AS minutes,
    max(m.mb) FILTER (WHERE m.month = n.month)
      / nullif(CASE WHEN avg(m.mb) FILTER (WHERE m.month < n.month) >= {LEAST_MB}
        THEN avg(m.mb) FILTER (WHERE m.month < n.month) END, 0) AS mb
  FROM newest n JOIN m ON m.customer_id = n.customer_id AND m.month >= n.month - interval '3 months'
  WHERE (n.month + interval '1 month')::date + %(silent)s >= %(day)s::date
  GROUP BY n.customer_id, n.month HAVING count(*) > 2
) x
"""
_STOPPED = """
SELECT l.customer_id,
  (count(*) FILTER (WHERE l.closed_on > %(day)s::date - 90 AND l.closed_on <= %(day)s::date))::float8 / count(*)
    AS value,
  max(l.closed_on) FILTER (WHERE l.closed_on <= %(day)s::date) AS as_of
FROM accounts_line l
WHERE l.opened_on <= %(day)s::date AND (l.closed_on IS NULL OR l.closed_on > %(day)s::date - 90) AND [[l.customer_id]]
GROUP BY 1
"""


def _tell_drop(value: float | str | None, on: date | None, today: date) -> str:
    share = round(100 * float(value or 0))
    return gettext("Usage %(share)d%% below the three months before") % {"share": share}


def _tell_stopped(value: float | str | None, on: date | None, today: date) -> str:
    return gettext("%(share)d%% of the lines closed within 90 days") % {"share": round(100 * float(value or 0))}


USAGE_DROP = Source(
    code="usage_drop",
    group=FeatureGroup.USAGE,
    label=_("Usage falls"),
    sql=_DROP,
    tell=_tell_drop,
    advice=_("Ask what has changed, and offer what fits the usage of today."),
    feed="usage",
)
LINES_STOPPED = Source(
    code="lines_stopped",
    group=FeatureGroup.USAGE,
    label=_("Lines closed"),
    sql=_STOPPED,
    tell=_tell_stopped,
    advice=_("Find out who left the group and where to."),
)
