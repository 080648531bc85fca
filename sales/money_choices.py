"""Closed lists of credit, arrears and guarantees (SAL-23, SAL-24, SAL-25)."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class CreditState(TextChoices):
    """How a customer stands with us; the worse word wins."""

    GOOD = "good", _("In good standing")
    OVER = "over", _("Over the limit")
    ARREARS = "arrears", _("In arrears")


class CreditChangeKind(TextChoices):
    """A limit for good, or use above it for some time (SAL-24)."""

    LIMIT = "limit", _("Credit limit")
    OVERUSE = "overuse", _("Overuse for a time")


class RequestState(TextChoices):
    """Where a request stands that somebody else decides (SEC-24)."""

    WAITING = "waiting", _("Waiting for a decision")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Taken back")


class DunningStage(IntegerChoices):
    """What an unpaid bill has come to; each stage follows after its number of days (SAL-23)."""

    REMINDER = 1, _("Reminder")
    CALL = 2, _("Phone call")
    VISIT = 3, _("Visit on site")
    STOP = 4, _("Stop-service proposal")


class DunningState(TextChoices):
    """Open or promised while something is owed; withdrawn: the bill was corrected and nothing was due."""

    OPEN = "open", _("Being asked for")
    PROMISED = "promised", _("Payment promised")
    PAID = "paid", _("Paid in full")
    WITHDRAWN = "withdrawn", _("Bill corrected")


class DunningChannel(TextChoices):
    """How the customer was asked; the last is a proposal to the supervisor."""

    MESSAGE = "message", _("Text message")
    CALL = "call", _("Phone call")
    VISIT = "visit", _("Visit on site")
    LETTER = "letter", _("Letter")
    STOP = "stop", _("Stop-service proposal")


class DunningResult(TextChoices):
    """What came of it."""

    PROMISED = "promised", _("Promised to pay")
    SAYS_PAID = "says_paid", _("Says it is paid")
    DISPUTED = "disputed", _("Disputes the bill")
    REFUSED = "refused", _("Refuses to pay")
    NOT_REACHED = "not_reached", _("Not reached")
    TOLD = "told", _("Has been told")


class GuaranteeState(TextChoices):
    """担保: nothing takes effect before somebody else has approved it (SAL-25)."""

    REQUESTED = "requested", _("Approval requested")
    APPROVED = "approved", _("Approved, not in effect yet")
    REFUSED = "refused", _("Refused")
    ACTIVE = "active", _("In effect")
    OVERDUE = "overdue", _("Papers overdue")
    RELEASED = "released", _("No longer vouched for")
    WITHDRAWN = "withdrawn", _("Taken back")


RUNNING = (GuaranteeState.REQUESTED, GuaranteeState.APPROVED, GuaranteeState.ACTIVE, GuaranteeState.OVERDUE)
"""What counts against the limit of who vouches."""
