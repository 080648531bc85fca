"""What becomes of agreements, usage, bills and requests when a customer is merged into another one."""

from django.utils.translation import gettext_lazy as _

from accounts.rules.merging import MergeRefusal, MergeRule

MERGE_RULES = (
    MergeRule("sales_need", _("Needs")),
    MergeRule("sales_agreement", _("Agreements")),
    MergeRule("sales_joiningapplication", _("Joining applications")),
    MergeRule("sales_salesorder", _("Orders")),
    MergeRule("sales_subscription", _("Subscriptions")),
    MergeRule("sales_usagemonth", _("Months of usage"),
              unless="k.product_id IS NOT DISTINCT FROM m.product_id AND k.month = m.month"),
    MergeRule("sales_usageadvice", _("Suggestions on usage")),
    MergeRule("sales_bill", _("Bills"), unless="k.line_id IS NOT DISTINCT FROM m.line_id AND k.month = m.month"),
    MergeRule("sales_payment", _("Payments")),
    MergeRule("sales_dunningcase", _("Arrears")),
    MergeRule("sales_dunningaction"),
    MergeRule("sales_creditaccount", unless="TRUE"),
    MergeRule("sales_creditchange", _("Requests for credit")),
    MergeRule("sales_guarantee", _("Guarantees")),
)  # fmt: skip
MERGE_REFUSALS = (
    MergeRefusal(
        "two_applications",
        "EXISTS (SELECT 1 FROM sales_joiningapplication a JOIN sales_joiningapplication b"
        " ON b.customer_id = %(survivor)s AND b.state IN ('submitted', 'checking')"
        " WHERE a.customer_id = %(merged)s AND a.state IN ('submitted', 'checking'))",
        _("Both have a joining application under way. Let one of them end first."),
    ),
    MergeRefusal(
        "two_credit_requests",
        "EXISTS (SELECT 1 FROM sales_creditchange a JOIN sales_creditchange b"
        " ON b.customer_id = %(survivor)s AND b.state = 'waiting' AND b.kind = a.kind"
        " WHERE a.customer_id = %(merged)s AND a.state = 'waiting')",
        _("For both a request for credit waits. Let one of them be decided first."),
    ),
)
