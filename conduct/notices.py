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
