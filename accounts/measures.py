"""The measures of accounts, by name; loaded when the app is ready (KPI-4)."""

from accounts.queries.measures.profiles import PROFILE_COMPLETE, QUALITY_CUSTOMERS, REVENUE_OF_TOP_FIFTH
from accounts.queries.measures.tasks import ASSIGNED_TASKS_DONE
from crm.core.measures import register

register(ASSIGNED_TASKS_DONE, PROFILE_COMPLETE, QUALITY_CUSTOMERS, REVENUE_OF_TOP_FIFTH)
