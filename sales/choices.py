"""Closed lists of sales. Chinese labels are the words of the trade."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Metric(TextChoices):
    """What a quota counts: activated numbers (SAL-3), or units of a product (SAL-7)."""

    ACTIVATION = "activation", _("Number activations")
    PRODUCT = "product", _("Product sales")


class OrderState(TextChoices):
    """How far an order has come; only what is in effect counts (SAL-7)."""

    PROMISED = "promised", pgettext_lazy("order", "Promised")
    CONFIRMED = "confirmed", _("Confirmed by the customer")
    EFFECTIVE = "effective", pgettext_lazy("order", "In effect")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")
