"""Closed lists of retention."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LossKind(TextChoices):
    """RET-9: two ways to be lost."""

    LEFT = "left", pgettext_lazy("loss", "Left the network")
    PORTED = "ported", _("Ported to a competitor")


class ChurnReportState(TextChoices):
    """RET-15: prepared by the system, submitted by the unit, accepted or returned by headquarters."""

    DRAFT = "draft", _("To be submitted")
    SUBMITTED = "submitted", _("Submitted, to be checked")
    RETURNED = "returned", _("Returned, to be corrected")
    ACCEPTED = "accepted", _("Passed the check")


TO_SUBMIT = (ChurnReportState.DRAFT, ChurnReportState.RETURNED)
"""States in which the unit has the report in hand."""
