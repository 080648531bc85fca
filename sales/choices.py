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


class ApplicationState(TextChoices):
    """SAL-14: the way of a joining application."""

    SUBMITTED = "submitted", pgettext_lazy("application", "Submitted")
    CHECKING = "checking", pgettext_lazy("application", "Being checked")
    PASSED = "passed", pgettext_lazy("application", "Passed")
    FAILED = "failed", pgettext_lazy("application", "Not passed")


class AgreementKind(TextChoices):
    """What is agreed: joining as a group (SAL-14), a product, or a contract period of a person."""

    SERVICE = "service", _("Group service agreement")
    PRODUCT = "product", _("Product agreement")
    CONTRACT = "contract", _("Contract period")


class AgreementState(TextChoices):
    """Stored state; whether a signed one is in force is a matter of its days."""

    SIGNED = "signed", _("Signed")
    TERMINATED = "terminated", _("Ended early")


class NeedStage(TextChoices):
    """SAL-10: the way of a need; the last two are its ends."""

    FOUND = "found", pgettext_lazy("need", "Found")
    ROUTED = "routed", pgettext_lazy("need", "Routed")
    PROPOSED = "proposed", pgettext_lazy("need", "Proposed")
    MET = "met", _("Need met")
    LOST = "lost", _("Need lost")


NEED_STEPS: dict[str, tuple[NeedStage, ...]] = {
    NeedStage.FOUND: (NeedStage.ROUTED, NeedStage.PROPOSED, NeedStage.MET, NeedStage.LOST),
    NeedStage.ROUTED: (NeedStage.PROPOSED, NeedStage.MET, NeedStage.LOST),
    NeedStage.PROPOSED: (NeedStage.ROUTED, NeedStage.MET, NeedStage.LOST),
    NeedStage.MET: (),
    NeedStage.LOST: (),
}
"""Which stage may follow which; a proposal that was turned down is passed on again, an end is an end."""
