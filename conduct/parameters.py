"""Parameters of conduct (PLT-10)."""

from django.utils.translation import gettext_lazy as _

from crm.core.parameters import define

define(
    "outing_slack_minutes",
    int,
    default=30,
    group="registers",
    label=_("Minutes before and after an outing that still belong to it"),
    help=_("An on-site visit within these minutes of an outing counts as covered by it."),
    unit=_("minutes"),
    minimum=0,
    maximum=240,
)
define(
    "outing_returns_hour",
    int,
    default=18,
    group="registers",
    label=_("Hour of return of an outing made from the day plan"),
    minimum=12,
    maximum=23,
)
define(
    "call_detail_hours",
    int,
    default=24,
    group="registers",
    label=_("A registered print of call details holds for"),
    help=_("It prints once within these hours; afterwards it has to be asked for again."),
    unit=_("hours"),
    minimum=1,
    maximum=72,
    source="SEC-6",
)
