"""The measures of sales, by name; loaded when the app is ready (KPI-4)."""

from crm.core.measures import register
from sales.queries.measures import QUOTA_DONE

register(QUOTA_DONE)
