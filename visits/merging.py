"""What becomes of visits, duties and plans when a customer is merged into another one."""

from django.utils.translation import gettext_lazy as _

from accounts.rules.merging import MergeRule

MERGE_RULES = (
    MergeRule("visits_visit", _("Visits"), unless="k.client_key = m.client_key"),
    # One customer is owed one contact: what the survivor was owed counts, now also by the visits that come along.
    MergeRule("visits_duty", _("Duties"), aside="m.state = 'open'",
              unless="k.rule_id = m.rule_id AND k.starts_on = m.starts_on"),
    MergeRule("visits_planitem", _("Planned visits"),
              unless="k.plan_id = m.plan_id AND k.planned_on = m.planned_on AND k.state <> 'cancelled'"
                     " AND m.state <> 'cancelled'"),
    MergeRule("visits_dialtap"),
    MergeRule("visits_bulletindelivery", _("Bulletins"), unless="k.bulletin_id = m.bulletin_id"),
    MergeRule("visits_trip", unless="k.leaves_on = m.leaves_on"),
    MergeRule("visits_specialvisit", _("Special visits")),
    MergeRule("visits_missedcall", _("Missed calls"),
              unless="k.state IN ('waiting', 'tried') AND m.state IN ('waiting', 'tried')"),
    MergeRule("visits_priceviolation"),
    MergeRule("visits_customervoice", _("Words of customers")),
)  # fmt: skip
