"""Closed lists of the conduct app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OutingState(TextChoices):
    """Where an outing stands (SEC-7)."""

    REGISTERED = "registered", _("Registered")
    OUT = "out", _("Out now")
    BACK = "back", _("Back")
    CANCELLED = "cancelled", _("Cancelled")


class OutingSource(TextChoices):
    """Written by hand, or the accepted day plan itself (SEC-7)."""

    HAND = "hand", _("By hand")
    PLAN = "plan", _("Day plan")


class PrintState(TextChoices):
    """Where a request for call details stands (SEC-6); one that was not printed in time has expired."""

    REQUESTED = "requested", _("Waits for the second person")
    REGISTERED = "registered", _("May be printed")
    REFUSED = "refused", _("Refused")
    PRINTED = "printed", _("Printed")
    EXPIRED = "expired", _("Expired")
