"""The measures that scorecards bring themselves; loaded when the app is ready (KPI-48)."""

from crm.core.measures import register
from kpi.queries.unit_rules import UNIT_RULES

register(UNIT_RULES)
