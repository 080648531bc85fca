"""Closed lists of engagement."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PolicyKind(TextChoices):
    """Where a policy comes from (RET-7): what every VIP may have, marketing, and special care for VIPs."""

    SERVICE = "service", _("VIP service policy")
    MARKETING = "marketing", _("Marketing policy")
    CARE = "care", _("Special care")
