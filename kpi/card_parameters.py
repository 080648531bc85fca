"""Parameters of scorecards (PLT-10)."""

from django.utils.translation import gettext_lazy as _

from crm.core.parameters import define

define(
    "unit_rules_due_month",
    int,
    default=3,
    group="kpi",
    label=_("Month by whose end a unit's own assessment rules are in force"),
    help=_("After it a unit without its own scorecard of the year scores 0 (KPI-48)."),
    minimum=1,
    maximum=12,
)
define(
    "unit_rules_late_points",
    int,
    default=20,
    group="kpi",
    label=_("Points lost by assessment rules that came into force too late"),
    unit=_("points"),
    minimum=0,
    maximum=100,
)
