"""The measures of sales, by name; loaded when the app is ready (KPI-4)."""

from crm.core.measures import register
from sales.queries.measures import QUOTA_DONE
from sales.queries.money_measures import ARREARS_COLLECTED
from sales.queries.usage_measures import ACTIVE_MEMBERS

register(QUOTA_DONE, ARREARS_COLLECTED, ACTIVE_MEMBERS)
