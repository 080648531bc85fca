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
