"""The measures of keeping in touch, made known to whoever counts (KPI-50)."""

from crm.core.measures import register
from visits.queries import measures
from visits.queries.measures import reports, work

register(
    measures.CALLS_24H,
    measures.CALLS_WITHIN_LIMIT,
    measures.CONTACT_DIAMOND_GOLD,
    measures.CONTACT_SILVER,
    measures.FACE_TO_FACE,
    measures.KEY_CHANGE_DELAY,
    measures.RECORDS_CONFIRMED,
    measures.VISITS_SIGNED,
)
register(
    work.PLANS_ON_TIME,
    work.LOGS_KEPT,
    work.WORK_REVIEWED,
    work.PLAN_ITEMS_DONE,
    work.SPECIAL_VISITS_IN_TIME,
    reports.MONTHLY_REPORTS_ON_TIME,
    reports.REPORTS_ON_TIME,
    reports.REPORTS_ACCURATE,
)
