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


class ModelStage(TextChoices):
    """How much a model knows (churn.md): by the number of churn events it could learn from."""

    EXPERT = "expert", _("Expert points")
    HYBRID = "hybrid", _("Expert points, adjusted by events")
    SCORECARD = "scorecard", _("Learned scorecard")


class ModelState(TextChoices):
    """A model is trained as a challenger, put in force by a person, and retired by the next one."""

    CHALLENGER = "challenger", _("Challenger")
    IN_FORCE = "in_force", pgettext_lazy("model", "In force")
    RETIRED = "retired", pgettext_lazy("model", "Retired")


class FeatureKind(TextChoices):
    """What a feature is made of."""

    NUMERIC = "numeric", _("Number")
    CATEGORICAL = "categorical", _("Category")


class FeatureGroup(TextChoices):
    """Signals of a group tell of the same thing: the group is capped (churn.md, stage 0)."""

    USAGE = "usage", _("Usage")
    SERVICE = "service", _("Service")
    MONEY = "money", _("Payment")
    RELATIONSHIP = "relationship", _("Relationship")
    CONTRACT = "contract", _("Agreement")
    OTHER = "other", _("Other")


class AlertTrigger(TextChoices):
    """What opened an alert."""

    HARD = "hard", _("Said or shown by the customer")
    CAPACITY = "capacity", _("Among the most at risk")
    RISE = "rise", _("Risk has risen fast")
    BY_HAND = "by_hand", _("Noticed by a person")


class AlertState(TextChoices):
    """RET-6: the way of an alert; the last four are its ends."""

    OPEN = "open", pgettext_lazy("alert", "New")
    ACKNOWLEDGED = "acknowledged", _("Seen")
    IN_CARE = "in_care", _("In care")
    SAVING = "saving", _("Save case open")
    CLEARED = "cleared", _("Cleared")
    RETAINED = "retained", _("Retained")
    CHURNED = "churned", _("Lost")
    FALSE_ALARM = "false_alarm", _("False alarm")


ALERT_ENDS = (AlertState.CLEARED, AlertState.RETAINED, AlertState.CHURNED, AlertState.FALSE_ALARM)


class AlertOutcome(TextChoices):
    """What came of an alert; mandatory when it is closed (churn.md)."""

    SAVED = "saved", pgettext_lazy("alert", "Saved")
    LOST = "lost", pgettext_lazy("alert", "Lost")
    NOT_REACHED = "not_reached", _("Not reached")
    FALSE_ALARM = "false_alarm", _("False alarm")
    # The signals went away by themselves: only the night closes so.
    SUBSIDED = "subsided", _("Risk went down again")


SAID_BY_PEOPLE = tuple(outcome for outcome in AlertOutcome if outcome != AlertOutcome.SUBSIDED)
"""What a person may say came of it."""


class CauseCategory(TextChoices):
    """Why a customer wants to leave or has left (RET-7, RET-8)."""

    PRICE = "price", _("Price and tariffs")
    NETWORK = "network", _("Network quality")
    SERVICE = "service", pgettext_lazy("cause", "Service")
    COMPETITOR = "competitor", _("Offer of a competitor")
    PRODUCT = "product", _("Product does not fit")
    BILLING = "billing", _("Disputed bills")
    MOVED = "moved", _("Moved away")
    CLOSED_DOWN = "closed_down", _("Closed down or deceased")
    OTHER = "other", pgettext_lazy("cause", "Other")


INVOLUNTARY = (CauseCategory.MOVED, CauseCategory.CLOSED_DOWN)
"""Losses nobody could have prevented: left out of training (churn.md)."""


class SaveState(TextChoices):
    """RET-7: a save case (挽留单)."""

    OPEN = "open", pgettext_lazy("save case", "Opened")
    OFFERING = "offering", _("Offers made")
    RETAINED = "retained", _("Retained")
    LOST = "lost", pgettext_lazy("save case", "Lost")


class OfferState(TextChoices):
    """An offer: over the limit it waits for somebody who may decide; then the customer answers."""

    WAITING = "waiting", _("Waits for approval")
    REFUSED = "refused", pgettext_lazy("offer", "Not approved")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted by the customer")
    DECLINED = "declined", _("Declined by the customer")


class AnalysisState(TextChoices):
    """RET-8: a churn analysis."""

    DUE = "due", _("To be written")
    DONE = "done", _("Written")


class IntelligenceKind(TextChoices):
    """RET-10: what the competitor is doing."""

    PRICE = "price", pgettext_lazy("intelligence", "Price")
    OFFER = "offer", pgettext_lazy("intelligence", "Offer")
    VISIT = "visit", pgettext_lazy("intelligence", "Visit to the customer")
    NETWORK = "network", pgettext_lazy("intelligence", "Network")
    TENDER = "tender", pgettext_lazy("intelligence", "Tender")


class Reliability(TextChoices):
    """How far a piece of intelligence can be trusted."""

    SURE = "sure", _("Seen or in writing")
    LIKELY = "likely", _("Said by the customer")
    RUMOUR = "rumour", _("Hearsay")
