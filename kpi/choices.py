"""Choices of assessment."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Category(models.IntegerChoices):
    """KPI-11: six categories; sales results and mere information stand beside them."""

    CHURN = 1, _("VIP churn")
    SATISFACTION = 2, _("VIP satisfaction")
    SERVICE = 3, _("Quality of service")
    REWARDS = 4, _("Rewards and activities")
    CLUBS = 5, _("Clubs")
    OTHER = 6, pgettext_lazy("indicator category", "Other work")
    SALES = 7, _("Sales results")
    INFORMATION = 8, _("Information")


ASSESSED = (1, 2, 3, 4, 5, 6)
"""The categories that a scorecard weighs."""


class Method(models.TextChoices):
    """KPI-3: how a result comes about."""

    SYSTEM = "system", _("Counted by the system")
    SURVEY = "survey", _("Satisfaction survey")
    EXAM = "exam", _("Knowledge exam")
    CALLBACK = "callback", _("Callback")
    MYSTERY = "mystery", _("Mystery visit")


class Direction(models.TextChoices):
    """Which way is better."""

    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")
    NONE = "none", _("For information")


class Period(models.TextChoices):
    """What a result stands for."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


class Display(models.TextChoices):
    """How a value is written: 100 n/d, n, 100 n/d without the sign, n/d in minutes or working days, n in CNY."""

    PERCENT = "percent", _("Per cent")
    COUNT = "count", _("Count")
    PER_HUNDRED = "per_hundred", _("Per hundred customers")
    MINUTES = "minutes", _("Minutes on average")
    DAYS = "days", _("Working days on average")
    SCORE = "score", _("Points of 100")


class ResultSource(models.TextChoices):
    """Where a result comes from."""

    COMPUTED = "computed", _("Counted by the system")
    ENTERED = "entered", _("Entered with evidence")


class CorrectionState(models.TextChoices):
    """A correction after the freeze: asked for and signed by one, signed by another."""

    REQUESTED = "requested", _("Waits for the second signature")
    SIGNED = "signed", _("Signed by both")
    REFUSED = "refused", pgettext_lazy("correction", "Refused")
