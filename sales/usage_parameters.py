"""Parameters of usage (PLT-10)."""

from django.utils.translation import gettext_lazy as _

from crm.core.parameters import define

USAGE_FALL = "usage_fall_percent"
define(
    USAGE_FALL,
    int,
    default=30,
    group="churn",
    label=_("Fall of usage from one month to the next that is a warning"),
    unit=_("percent"),
    minimum=5,
    maximum=100,
)
