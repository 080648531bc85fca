"""Parameters of early warning (PLT-10)."""

from django.utils.translation import gettext_lazy as _

from crm.core.parameters import define

define(
    "kpi_warning_after",
    int,
    default=40,
    group="kpi",
    label=_("Early warning by pace begins when so much of the period is over"),
    help=_("Counted in working days. A target that is out of reach is told at once."),
    unit="%",
    minimum=5,
    maximum=95,
)
