"""The measures of the desk, made known to whoever counts (KPI-50)."""

from complaints.queries import measures
from crm.core.measures import register

register(
    measures.COMPLAINTS_IN_TIME,
    measures.COMPLAINTS_JUSTIFIED,
    measures.COMPLAINTS_PER_HUNDRED,
    measures.COMPLAINTS_SATISFIED,
    measures.RESPONSE_TIME,
)
