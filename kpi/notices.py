"""The words of the notices assessment writes; loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.core.notices import notice_kind

KPI_WARNING = notice_kind("kpi_warning", _("Early warning, %(indicator)s: %(text)s"), icon="trending-down")
KPI_TEAM_WARNING = notice_kind(
    "kpi_team_warning",
    _("Early warning: %(figures)d figures of %(managers)d managers will miss their targets unless something is done."),
    icon="trending-down",
)  # ti-trending-down
KPI_CORRECTION_ASKED = notice_kind(
    "kpi_correction_asked",
    _("%(by)s asks for a correction of %(indicator)s, %(month)s: it waits for a second signature."),
    icon="writing-sign",
)
KPI_CORRECTION_SIGNED = notice_kind(
    "kpi_correction_signed", _("%(by)s signed the correction of %(indicator)s, %(month)s."), icon="writing-sign"
)
KPI_CORRECTION_REFUSED = notice_kind(
    "kpi_correction_refused",
    _("%(by)s refused the correction of %(indicator)s, %(month)s: %(remark)s"),
    icon="writing-sign",
)
