"""What becomes of the registers when a customer is merged into another one."""

from django.utils.translation import gettext_lazy as _

from accounts.rules.merging import MergeRule

MERGE_RULES = (
    MergeRule("conduct_outingcustomer", unless="k.outing_id = m.outing_id"),
    MergeRule("conduct_calldetailprint", _("Call-detail prints")),
)
