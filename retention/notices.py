"""The words of the notices retention writes; loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.core.notices import notice_kind

CHURN_REPORT_PREPARED = notice_kind(
    "churn_report_prepared",
    _("The churn report of %(unit)s on %(month)s is prepared: please confirm and submit it by %(due)s."),
    icon="report",
)
CHURN_REPORT_DUE = notice_kind(
    "churn_report_due", _("The churn report of %(unit)s on %(month)s is due today."), icon="clock"
)
CHURN_REPORT_LATE = notice_kind(
    "churn_report_late",
    _("The churn report of %(unit)s on %(month)s is overdue since %(due)s: please submit it."),
    icon="alert-triangle",
)
CHURN_REPORT_SUBMITTED = notice_kind(
    "churn_report_submitted",
    _("%(by)s submitted the churn report of %(unit)s on %(month)s: please check it."),
    icon="report",
)
CHURN_REPORT_RETURNED = notice_kind(
    "churn_report_returned",
    _("%(by)s returned the churn report of %(unit)s on %(month)s: %(reason)s"),
    icon="arrow-back-up",
)
CHURN_REPORT_ACCEPTED = notice_kind(
    "churn_report_accepted", _("The churn report of %(unit)s on %(month)s was accepted."), icon="circle-check"
)  # ti-report ti-clock ti-alert-triangle ti-arrow-back-up ti-circle-check
OFFER_WAITING = notice_kind(
    "offer_waiting",
    _("%(by)s wants to offer %(customer)s “%(offer)s” for %(cost)s yuan, over the limit of %(limit)s: please decide."),
    icon="gift",
)
OFFER_APPROVED = notice_kind("offer_approved", _("%(by)s approved the offer to %(customer)s: %(offer)s"), icon="check")
OFFER_REFUSED = notice_kind(
    "offer_refused", _("%(by)s did not approve the offer to %(customer)s (%(offer)s): %(reason)s"), icon="x"
)
SAVE_UNCONFIRMED = notice_kind(
    "save_unconfirmed", _("%(customer)s was retained on %(day)s but has not stayed."), icon="heart-broken"
)
SAVE_ATTEMPT_MISSING = notice_kind(
    "save_attempt_missing",
    _("%(customer)s has gone: please write down what was offered, then close the save case."),
    icon="pencil",
)
ANALYSIS_DUE = notice_kind(
    "analysis_due", _("%(customer)s was lost: please write the churn analysis by %(due)s."), icon="report-search"
)
ANALYSIS_LATE = notice_kind(
    "analysis_late", _("The churn analysis of %(customer)s is overdue since %(due)s."), icon="alert-triangle"
)  # ti-gift ti-check ti-x ti-heart-broken ti-pencil ti-report-search
