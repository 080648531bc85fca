"""The words of the notices this app writes; loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.core.notices import notice_kind

URGED = notice_kind(
    "urged",
    _("%(by)s urges you: %(overdue)d overdue, %(at_risk)d at risk, %(left)d still owed this month. %(text)s"),
    icon="speakerphone",  # ti-speakerphone
)
