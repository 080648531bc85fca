"""The words of the notices about applications and agreements; loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.core.notices import notice_kind

APPLICATION_WAITING = notice_kind(
    "application_waiting",
    _("%(by)s filed the joining application of %(customer)s: please check the qualification."),
    icon="clipboard-check",
)
APPLICATION_PASSED = notice_kind(
    "application_passed",
    _("%(customer)s passed the qualification check: the agreement can be signed."),
    icon="circle-check",
)
APPLICATION_FAILED = notice_kind(
    "application_failed", _("%(customer)s did not pass the qualification check: %(reason)s"), icon="circle-x"
)
AGREEMENT_ENDS = notice_kind(
    "agreement_ends",
    _("The agreement %(number)s of %(customer)s ends on %(ends_on)s, within %(days)s days: please renew it."),
    icon="file-time",
)
# ti-clipboard-check ti-circle-check ti-circle-x ti-file-time
