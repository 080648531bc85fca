"""The words of the notices visits writes; loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.core.notices import notice_kind

EXCUSE_REQUESTED = notice_kind(
    "excuse_requested", _("%(by)s asks to excuse the duty towards %(customer)s: please decide."), icon="checkbox"
)
EXCUSE_GRANTED = notice_kind("excuse_granted", _("The duty towards %(customer)s is excused."), icon="circle-minus")
EXCUSE_REFUSED = notice_kind("excuse_refused", _("The duty towards %(customer)s stays. %(remark)s"), icon="circle-x")
VISIT_REMARKED = notice_kind(
    "visit_remarked", _("%(by)s remarked on your visit to %(customer)s."), icon="message-2"
)  # ti-message-2 ti-checkbox ti-circle-minus ti-circle-x ti-calendar-event
LOG_RETURNED = notice_kind(
    "log_returned", _("%(by)s returned your work log of %(day)s: %(remark)s"), icon="arrow-back-up"
)
PLAN_RETURNED = notice_kind(
    "plan_returned", _("%(by)s returned your plan from %(day)s: %(remark)s"), icon="arrow-back-up"
)  # ti-arrow-back-up
CONTACT_DENIED = notice_kind(
    "contact_denied",
    _("%(customer)s says your contact of %(day)s never happened: it no longer counts. You may object once."),
    icon="phone-x",
)
CONTACT_DENIED_OF = notice_kind(
    "contact_denied_of", _("%(customer)s says the contact of %(name)s on %(day)s never happened."), icon="phone-x"
)
CUSTOMER_UNHAPPY = notice_kind(
    "customer_unhappy",
    _("%(customer)s gave the contact of %(name)s on %(day)s %(points)d of 5 points."),
    icon="mood-sad",
)
CALLBACK_OBJECTED = notice_kind(
    "callback_objected", _("%(name)s objects to a callback of %(customer)s: please decide."), icon="scale"
)
OBJECTION_UPHELD = notice_kind(
    "objection_upheld", _("Your objection was upheld: the contact with %(customer)s counts again."), icon="scale"
)
OBJECTION_REFUSED = notice_kind(
    "objection_refused", _("Your objection about %(customer)s was refused. %(remark)s"), icon="scale"
)  # ti-scale ti-phone-x ti-mood-sad
CALL_MISSED = notice_kind(
    "call_missed", _("%(customer)s called and nobody answered: call back by %(due)s."), icon="phone-incoming"
)
CALL_PASSED_ON = notice_kind(
    "call_passed_on",
    _("Nobody has called %(customer)s back yet: now it is your turn, by %(due)s."),
    icon="phone-incoming",
)
DUTY_DIGEST = notice_kind(
    "duty_digest",
    _("Today: %(today)d to contact, %(at_risk)d at risk, %(overdue)d overdue, %(covered)d for colleagues you cover."),
    icon="calendar-event",
)
TEAM_DIGEST = notice_kind(
    "team_digest",
    _("Your team today: %(team_overdue)d overdue, %(team_at_risk)d at risk, %(waiting)d excuses wait for you."),
    icon="users",
)  # ti-users
BOTH_DIGEST = notice_kind(
    "both_digest",
    _(
        "Your team today: %(team_overdue)d overdue, %(team_at_risk)d at risk, %(waiting)d excuses wait for you."
        " Yourself: %(today)d to contact, %(at_risk)d at risk, %(overdue)d overdue,"
        " %(covered)d for colleagues you cover."
    ),
    icon="users",
)
WEEK_DRAFTED = notice_kind(
    "week_drafted", _("Next week is drafted: %(count)d contacts. One tap accepts it."), icon="calendar-week"
)  # ti-calendar-week
KEY_CHANGE = notice_kind(
    "key_change", _("%(by)s reports a key change at %(customer)s: %(text)s"), icon="alert-hexagon"
)  # ti-alert-hexagon
VOICE_DIGEST = notice_kind(
    "voice_digest", _("Last week %(count)d entries of customers in your area: needs, opinions, news."), icon="quote"
)
BULLETIN_PUBLISHED = notice_kind(
    "bulletin_published", _("Pass on to your customers by %(deadline)s: %(title)s"), icon="speakerphone"
)  # ti-speakerphone
REPORT_PREPARED = notice_kind("report_prepared", _("Your report is prepared; it is due on %(due)s."), icon="report")
REPORT_LATE = notice_kind("report_late", _("Your report is due on %(due)s and not submitted."), icon="report")
REPORT_SUBMITTED = notice_kind("report_submitted", _("%(name)s submitted a report: %(title)s"), icon="report")
REPORT_READ = notice_kind("report_read", _("%(name)s read your report: %(title)s %(comment)s"), icon="report")
REPORT_RETURNED = notice_kind(
    "report_returned", _("%(name)s returned your report: %(comment)s"), icon="report"
)  # ti-report
PRICE_REPORTED = notice_kind(
    "price_reported", _("%(by)s reports prices under the minimum at %(customer)s: please decide."), icon="tag"
)
PRICE_DECIDED = notice_kind(
    "price_decided", _("%(by)s decided about the prices of %(customer)s. %(remark)s"), icon="tag"
)
IRREGULAR_NEARBY = notice_kind(
    "irregular_nearby",
    _("%(by)s reports a business without a licence near %(customer)s: %(text)s"),
    icon="alert-hexagon",
)
