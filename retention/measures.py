"""The measures of retention, known to whoever counts."""

from crm.core.measures import register
from retention.queries.measures import (
    CHURN_DIAMOND_GOLD,
    CHURN_REPORT_ACCURATE,
    CHURN_REPORT_ON_TIME,
    CHURN_VIP,
    NET_CUSTOMERS,
)

register(CHURN_VIP, CHURN_DIAMOND_GOLD, NET_CUSTOMERS, CHURN_REPORT_ON_TIME, CHURN_REPORT_ACCURATE)
