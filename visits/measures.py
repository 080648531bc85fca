"""The measures of keeping in touch, made known to whoever counts (KPI-50)."""

from crm.core.measures import register
from visits.queries import measures

register(
    measures.CONTACT_DIAMOND_GOLD,
    measures.CONTACT_SILVER,
    measures.FACE_TO_FACE,
)
