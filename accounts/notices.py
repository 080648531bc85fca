"""The words of the notices accounts writes; loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.core.notices import notice_kind

CUSTOMERS_URL = "/customers/"
TODAY_URL = "/"

HANDOVER_GIVEN = notice_kind(
    "handover_given", _("%(count)d of your customers now belong to %(name)s."), icon="arrows-exchange"
)
HANDOVER_TAKEN = notice_kind(
    "handover_taken",
    _("%(count)d customers were handed over to you by %(name)s. Please introduce yourself."),
    icon="arrows-exchange",
)
HANDOVER_UNDONE = notice_kind(
    "handover_undone", _("A handover was undone: %(count)d customers changed back."), icon="arrow-back-up"
)
CUSTOMERS_MERGED = notice_kind(
    "customers_merged", _("%(name)s merged %(merged)s into %(survivor)s."), icon="arrows-join"
)
MERGE_UNDONE = notice_kind(
    "merge_undone", _("%(name)s took the merge of %(merged)s into %(survivor)s back."), icon="arrows-split"
)
COVER_ARRANGED = notice_kind(
    "cover_arranged", _("You cover %(name)s from %(starts_on)s to %(ends_on)s."), icon="user-shield"
)
COVERED_BY = notice_kind("covered_by", _("%(name)s covers you from %(starts_on)s to %(ends_on)s."), icon="user-shield")
COVER_CANCELLED = notice_kind(
    "cover_cancelled", _("The cover of %(absent)s by %(substitute)s ends today."), icon="user-shield"
)
TIER_PROPOSED = notice_kind(
    "tier_proposed", _("A tier is proposed for %(customer)s: please decide."), icon="trending-down"
)
TIERS_PROPOSED = notice_kind(
    "tiers_proposed", _("%(count)d proposed tiers wait for your decision."), icon="trending-down"
)
TIER_APPROVED = notice_kind("tier_approved", _("The proposed tier of %(customer)s was approved."), icon="checks")
TIER_REFUSED = notice_kind("tier_refused", _("The proposed tier of %(customer)s was refused."), icon="x")
PROBATION_ENDS = notice_kind("probation_ends", _("The probation of %(name)s ends on %(ends_on)s."), icon="calendar-due")
DISPATCH_SENT = notice_kind(
    "dispatch_sent", _("%(unit)s sent you a matter of %(customer)s; reply by %(due)s."), icon="send"
)
DISPATCH_URGED = notice_kind(
    "dispatch_urged", _("%(by)s urges: the matter of %(customer)s still waits for a reply."), icon="bell-ringing"
)
DISPATCH_REPLIED = notice_kind(
    "dispatch_replied", _("%(unit)s replied about %(customer)s: %(reply)s"), icon="message-reply"
)
DISPATCH_STUCK = notice_kind(
    "dispatch_stuck",
    _("%(unit)s has not replied about %(customer)s, and nobody stands above. Name a supervisor or a head."),
    icon="stairs-up",
)
TASK_ASSIGNED = notice_kind("task_assigned", _("%(by)s gave you a task: %(title)s, due %(due)s."), icon="briefcase")
TASK_DONE = notice_kind("task_done", _("%(by)s finished the task: %(title)s"), icon="circle-check")
TASK_RETURNED = notice_kind(
    "task_returned", _("%(by)s sent the task back: %(title)s. %(remark)s"), icon="arrow-back-up"
)
TASK_OVERDUE = notice_kind("task_overdue", _("Overdue since %(due)s: %(title)s (%(name)s)"), icon="clock-exclamation")
# ti-briefcase ti-circle-check ti-arrow-back-up ti-clock-exclamation
ESCALATED = notice_kind(
    "escalated", _("Reported up to you: %(subject)s (%(customer)s). Answer by %(due)s."), icon="stairs-up"
)
ESCALATION_ANSWERED = notice_kind(
    "escalation_answered", _("%(by)s answered what was reported up about %(customer)s: %(comment)s"), icon="stairs-down"
)  # ti-send ti-bell-ringing ti-message-reply ti-stairs-up ti-stairs-down
