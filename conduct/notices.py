"""The words of the notices conduct writes; loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.core.notices import notice_kind

OUTING_REGISTERED = notice_kind(
    "outing_registered",
    _("%(name)s goes out on %(leaves)s, back by %(returns)s: %(destination)s (%(purpose)s)"),
    icon="walk",
)
OUTING_LEFT = notice_kind(
    "outing_left", _("%(name)s has left, back by %(returns)s: %(destination)s (%(purpose)s)"), icon="walk"
)  # ti-walk
CALL_DETAILS_ASKED = notice_kind(
    "call_details_asked", _("%(name)s asks to print call details of %(customer)s, %(month)s"), icon="printer"
)
CALL_DETAILS_REGISTERED = notice_kind(
    "call_details_registered",
    _("%(name)s has registered it: the call details of %(customer)s, %(month)s, can be printed once"),
    icon="printer",
)
CALL_DETAILS_REFUSED = notice_kind(
    "call_details_refused",
    _("%(name)s has refused the call details of %(customer)s, %(month)s: %(remark)s"),
    icon="printer-off",
)  # ti-printer ti-printer-off
