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
define(
    "save_confirm_months",
    int,
    default=3,
    group="churn",
    label=_("Months after which billing confirms that a retained customer stayed"),
    unit=_("months"),
    minimum=1,
    maximum=12,
)
define(
    "analysis_days",
    int,
    default=10,
    group="churn",
    label=_("Working days after a loss in which its analysis is written"),
    unit=_("working days"),
    minimum=1,
    maximum=60,
)
define(
    "analysis_reach_days",
    int,
    default=60,
    group="churn",
    label=_("How old a loss may be for an analysis to be asked for"),
    unit=_("days"),
    minimum=10,
    maximum=400,
)
define(
    "low_stickiness",
    int,
    default=1,
    group="risk",
    label=_("So many things that hold a customer, or fewer, are few"),
    help=_("An agreement in force, two products, a policy he enjoys."),
    minimum=0,
    maximum=10,
)
