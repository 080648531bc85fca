"""Parameters of retention (PLT-10)."""

from django.utils.translation import gettext_lazy as _

from crm.core.parameters import define

define(
    "churn_return_days",
    int,
    default=30,
    group="churn",
    label=_("Days in which a lost customer who comes back was never lost"),
    unit=_("days"),
    minimum=0,
    maximum=365,
)
define(
    "churn_report_day",
    int,
    default=5,
    group="churn",
    label=_("Day of the month by which the churn report is due"),
    help=_("Moved to the next working day when it is a holiday."),
    minimum=1,
    maximum=25,
    only_future=True,
)
