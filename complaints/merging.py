"""What becomes of cases when a customer is merged into another one."""

from django.utils.translation import gettext_lazy as _

from accounts.rules.merging import MergeRule

MERGE_RULES = (
    MergeRule("complaints_case", _("Cases")),
    MergeRule("complaints_irregularity", _("Irregularities")),
    MergeRule("complaints_instruction", _("Instructions")),
)
