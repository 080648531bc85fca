"""The measures of retention, known to whoever counts."""

from crm.core.measures import register
from retention.queries.alert_measures import WARNINGS_HANDLED
from retention.queries.measures import (
    CHURN_DIAMOND_GOLD,
    CHURN_REPORT_ACCURATE,
    CHURN_REPORT_ON_TIME,
    CHURN_VIP,
    GROUPS_LEFT,
    GROUPS_PORTED,
    NET_CUSTOMERS,
)
from retention.queries.saving_measures import CHURN_ANALYSED, SAVE_ATTEMPTED, SAVE_SUCCEEDED

register(
    CHURN_VIP,
    CHURN_DIAMOND_GOLD,
    GROUPS_PORTED,
    GROUPS_LEFT,
    NET_CUSTOMERS,
    CHURN_REPORT_ON_TIME,
    CHURN_REPORT_ACCURATE,
)
register(WARNINGS_HANDLED, SAVE_ATTEMPTED, SAVE_SUCCEEDED, CHURN_ANALYSED)
