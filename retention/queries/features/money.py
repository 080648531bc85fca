"""Unpaid bills, and how long he is bound (SAL-15, SAL-23)."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.choices import FeatureGroup
from retention.queries.features.base import Source

# Who gets bills at all has data; what was paid later was unpaid on the day.
_ARREARS = """
SELECT b.customer_id, coalesce(%(day)s::date - min(b.due_on) FILTER (WHERE b.due_on < %(day)s::date
    AND b.amount > 0 AND (b.paid_on IS NULL OR b.paid_on > %(day)s::date)), 0)::float8 AS value,
  min(b.due_on) FILTER (WHERE b.due_on < %(day)s::date AND b.amount > 0
    AND (b.paid_on IS NULL OR b.paid_on > %(day)s::date)) AS as_of
FROM sales_bill b WHERE b.month < %(day)s::date AND [[b.customer_id]] GROUP BY 1
"""
# The end that was known on the day; who is bound without an end is bound for good.
_AGREEMENT = """
SELECT a.customer_id, (max(a.known_end) - %(day)s::date)::float8 AS value,
  nullif(max(a.known_end), '9999-12-31') AS as_of
FROM (
  SELECT g.customer_id, CASE WHEN g.ends_on IS NULL OR g.terminated_on > %(day)s::date AND g.ends_on > g.terminated_on
    THEN '9999-12-31'::date ELSE g.ends_on END AS known_end
  FROM sales_agreement g WHERE g.signed_on <= %(day)s::date AND [[g.customer_id]]
) a GROUP BY 1
"""


def _tell_arrears(value: float | str | None, on: date | None, today: date) -> str:
    if on is None:
        return gettext("Nothing is overdue")
    return gettext("A bill is unpaid since %(day)s, for %(days)d days") % {"day": on, "days": (today - on).days}


def _tell_agreement(value: float | str | None, on: date | None, today: date) -> str:
    if on is None:
        return gettext("Bound without an end")
    if on < today:
        return gettext("Out of contract since %(day)s") % {"day": on}
    return gettext("The agreement ends on %(day)s, in %(days)d days") % {"day": on, "days": (on - today).days}


ARREARS_DAYS = Source(
    code="arrears_days",
    group=FeatureGroup.MONEY,
    label=_("Unpaid bills"),
    sql=_ARREARS,
    tell=_tell_arrears,
    advice=_("Clear up the bill, or agree on a day of payment."),
    feed="bills",
    by_date=True,
)
AGREEMENT_END = Source(
    code="agreement_end",
    group=FeatureGroup.CONTRACT,
    label=_("Agreement ends"),
    sql=_AGREEMENT,
    tell=_tell_agreement,
    advice=_("Offer the renewal now."),
    by_date=True,
)
