"""What becomes of enrolments when a customer is merged into another one."""

from django.utils.translation import gettext_lazy as _

from accounts.rules.merging import MergeRule

MERGE_RULES = (
    MergeRule(
        "engagement_policyenrolment", _("Service policies"),
        unless="k.policy_id = m.policy_id AND daterange(k.starts_on, k.ends_on, '[]') && "
               "daterange(m.starts_on, m.ends_on, '[]')",
    ),
)  # fmt: skip
