"""Parameters of engagement (PLT-10)."""

from django.utils.translation import gettext_lazy as _

from crm.core.parameters import define

define(
    "policy_expiring_days",
    int,
    default=30,
    group="engagement",
    label=_("Days before its end a service policy is on the list of those that end"),
    unit=_("days"),
    minimum=1,
    maximum=365,
)
