"""What becomes of corrections of figures when a customer is merged into another one."""

from accounts.rules.merging import MergeRule

MERGE_RULES = (MergeRule("kpi_correction"),)
