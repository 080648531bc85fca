"""What becomes of accounts' own rows when a customer is merged into another one."""

from django.utils.translation import gettext_lazy as _

from accounts.rules.merging import MergeRefusal, MergeRule

MERGE_RULES = (
    MergeRule("accounts_customer", _("People of the group"), column="group_id"),
    # The one of the survivor goes on; his of the same source stays an alias, so that what is written to it arrives.
    MergeRule("accounts_externalid", _("External ids"), unless="k.source = m.source AND m.alias = 0 AND k.alias = 0",
              mend=("alias", "%(merge)s")),
    MergeRule("accounts_personprofile", unless="TRUE", fill=True),
    MergeRule("accounts_privateprofile", unless="TRUE", fill=True),
    MergeRule("accounts_channelprofile", unless="TRUE", fill=True),
    MergeRule("accounts_familymember", _("Family members")),
    MergeRule("accounts_jobchange", _("Job changes")),
    MergeRule("accounts_contactperson", _("Contact persons")),
    MergeRule("accounts_groupmember", _("Members")),
    MergeRule("accounts_relationshipstrength", unless="k.judged_on = m.judged_on"),
    MergeRule("accounts_customerfile", _("Files"), unless="k.title = m.title AND k.file_version = m.file_version",
              mend=("title", "left(title, 86) || ' ' || %(number)s")),
    # Manager and tier of the survivor go on; what the other one had was told of him alone.
    MergeRule("accounts_assignment", aside="TRUE"),
    MergeRule("accounts_tierhistory", aside="TRUE"),
    MergeRule("accounts_tierproposal", aside="m.state = 'open'"),
    MergeRule("accounts_standing", aside="TRUE"),
    MergeRule("accounts_learnedfact", aside="TRUE"),
    MergeRule("accounts_handoveritem", unless="k.handover_id = m.handover_id"),
    MergeRule("accounts_valueassessment", unless="k.is_current AND m.is_current"),
    MergeRule("accounts_dispatch", _("Dispatches")),
    MergeRule("accounts_escalation", _("Matters reported up")),
    MergeRule("accounts_line", _("Lines")),
    MergeRule("accounts_lifecycleevent", _("Lifecycle events")),
    MergeRule("accounts_signal", _("Signals")),
    MergeRule(
        "accounts_task", _("Tasks"),
        unless="m.state = 'open' AND k.state = 'open' AND (k.kind, k.origin_table, k.origin_id) = "
               "(m.kind, m.origin_table, m.origin_id)",
    ),
    MergeRule("accounts_duplicatepair", aside="TRUE", column="first_id"),
    MergeRule("accounts_duplicatepair", aside="TRUE", column="second_id"),
    MergeRule("accounts_customermerge", column="survivor_id"),
)  # fmt: skip
MERGE_REFUSALS: tuple[MergeRefusal, ...] = ()
