"""The measures of conduct, made known to whoever counts (KPI-50)."""

from conduct.queries.measures import OUTINGS_REGISTERED
from crm.core.measures import register

register(OUTINGS_REGISTERED)
