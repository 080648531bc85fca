"""The measures of engagement, known to whoever counts."""

from crm.core.measures import register
from engagement.queries.coverage import POLICY_COVERAGE

register(POLICY_COVERAGE)
