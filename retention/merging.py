"""What becomes of alerts, save cases and losses when a customer is merged into another one."""

from django.utils.translation import gettext_lazy as _

from accounts.rules.merging import MergeRefusal, MergeRule

MERGE_RULES = (
    MergeRule("retention_columnvalue", unless="k.column_id = m.column_id"),
    MergeRule("retention_riskscore", aside="TRUE"),
    MergeRule("retention_risksnapshot", unless="k.taken_on = m.taken_on"),
    MergeRule("retention_alert", _("Alerts"), unless="k.closed_at IS NULL AND m.closed_at IS NULL"),
    MergeRule("retention_savecase", _("Save cases")),
    MergeRule("retention_churnrecord", _("Losses"), unless="k.returned_on IS NULL AND m.returned_on IS NULL"),
    MergeRule("retention_churnbase", unless="k.year = m.year"),
    MergeRule("retention_competitorintel", _("Competitor intelligence")),
)
MERGE_REFUSALS = (
    MergeRefusal(
        "save_case_open",
        "EXISTS (SELECT 1 FROM retention_savecase s WHERE s.customer_id = %(merged)s AND s.closed_at IS NULL)"
        " AND EXISTS (SELECT 1 FROM retention_alert a WHERE a.customer_id = %(survivor)s AND a.closed_at IS NULL)",
        _("A save case is open for one and an alert for the other. Close one of them first, or keep the other one."),
    ),
)
