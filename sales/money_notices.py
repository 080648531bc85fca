"""The words of the notices about credit, dunning and guarantees; loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.core.notices import notice_kind

notice_kind(
    "dunning_stops",
    _("Customers whose unpaid bills have come to the stop-service proposal today: %(count)s."),
    icon="cash-off",
)
notice_kind("dunning_stop_proposed", _("%(by)s proposes to stop the service of %(customer)s."), icon="cash-off")
notice_kind(
    "credit_requested", _("%(by)s asks for another credit limit of %(customer)s: ¥%(amount)s."), icon="credit-card"
)
notice_kind("credit_approved", _("The credit of %(customer)s was approved: ¥%(amount)s."), icon="circle-check")
notice_kind("credit_refused", _("The credit of %(customer)s was refused: %(remark)s"), icon="circle-x")
notice_kind(
    "guarantee_requested", _("%(by)s wants to vouch for %(customer)s: %(business)s, ¥%(amount)s."), icon="shield-half"
)
notice_kind("guarantee_approved", _("The guarantee for %(customer)s was approved: %(business)s."), icon="shield-check")
notice_kind("guarantee_refused", _("The guarantee for %(customer)s was refused: %(remark)s"), icon="shield-x")
notice_kind(
    "guarantee_papers",
    _("Papers of the guarantee for %(customer)s are overdue since %(due)s: %(papers)s"),
    icon="file-alert",
)  # ti-cash-off ti-credit-card ti-circle-check ti-circle-x ti-shield-half ti-shield-check ti-shield-x ti-file-alert
