"""The words of the notices engagement writes; loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.core.notices import notice_kind

VIPS_WITHOUT_POLICY = notice_kind(
    "vips_without_policy",
    _("%(count)d of your VIPs enjoy no service policy. Please enrol them in one."),
    icon="gift-off",
)
POLICIES_EXPIRING = notice_kind(
    "policies_expiring",
    _("%(count)d service policies of your customers end by %(until)s. Please renew them."),
    icon="calendar-due",
)  # ti-gift-off ti-calendar-due
