"""Core's own parameters."""

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from crm.core.models.delivery import DeliveryChannel
from crm.core.parameters import define


def role_choices() -> list[tuple[str, str]]:
    """The roles; the module that knows them lies above core and is named in the settings."""
    return list(import_string(settings.ROLES).choices)


SIGN_IN_TRIES = define(
    "sign_in_tries",
    int,
    default=10,
    group="safety",
    label=_("Wrong sign-ins until an account is locked"),
    minimum=3,
    maximum=50,
)
SIGN_IN_TRIES_ADDRESS = define(
    "sign_in_tries_address",
    int,
    default=30,
    group="safety",
    label=_("Wrong sign-ins until an address is locked"),
    help=_("A whole office may share one address, so this is more than for one account."),
    minimum=3,
    maximum=1000,
)
SIGN_IN_LOCK_MINUTES = define(
    "sign_in_lock_minutes",
    int,
    default=15,
    group="safety",
    label=_("Minutes an account stays locked after wrong sign-ins"),
    unit=_("minutes"),
    minimum=1,
    maximum=1440,
)
IDLE_MINUTES = define(
    "idle_minutes",
    int,
    default=30,
    group="safety",
    label=_("Minutes without a sign of life until the screen is locked"),
    unit=_("minutes"),
    minimum=1,
    maximum=480,
    source="SEC-4",
)
SIGN_LINK_HOURS = define(
    "sign_link_hours",
    int,
    default=48,
    group="safety",
    label=_("A link to sign with holds for"),
    help=_("A customer signs with it once, on his own phone; afterwards it opens nothing."),
    unit=_("hours"),
    minimum=1,
    maximum=240,
)
SHARE_LINK_DAYS = define(
    "share_link_days",
    int,
    default=14,
    group="safety",
    label=_("A link to a document holds for"),
    help=_("A customer opens with it one document that is marked as one that may be shared."),
    unit=_("days"),
    minimum=1,
    maximum=90,
    source="SEC-2",
)
MFA_ROLES = define(
    "mfa_roles",
    list,
    default=[],
    group="safety",
    label=_("Roles that must sign in with a second factor"),
    help=_("Who holds one of these posts is led to set up an authenticator app at the next sign-in."),
    choices=role_choices,
)
NIGHT_PIECE = define(
    "night_piece",
    int,
    default=50_000,
    group="night",
    label=_("Customers in a piece of the night"),
    help=_("A step of the night with more to do is cut by unit and manager, and the workers share the pieces."),
    unit=_("customers"),
    minimum=1_000,
    maximum=1_000_000,
)
NOTICE_CHANNELS = define(
    "notice_channels",
    list,
    default=["wecom"],
    group="delivery",
    label=_("Ways on which everybody is told who chose none himself"),
    choices=lambda: DeliveryChannel.choices,
)
QUIET_FROM = define(
    "quiet_from_hour",
    int,
    default=20,
    group="delivery",
    label=_("Quiet hours begin at"),
    help=_("Clocks that run in hours pass them; everybody may choose other hours."),
    minimum=0,
    maximum=23,
)
QUIET_TO = define(
    "quiet_to_hour",
    int,
    default=8,
    group="delivery",
    label=_("Quiet hours end at"),
    help=_("Then the morning digest goes out."),
    minimum=0,
    maximum=23,
)
