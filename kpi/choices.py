"""Choices of assessment."""

from enum import StrEnum

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


class Audience(models.TextChoices):
    """Whom a scorecard assesses (KPI-1, KPI-2)."""

    UNIT = "unit", _("Units")
    MANAGER = "manager", _("Account managers")


class VersionState(models.TextChoices):
    """A version of a scorecard: written, then in force and locked, then followed by another (KPI-9)."""

    DRAFT = "draft", pgettext_lazy("scorecard", "Draft")
    IN_FORCE = "in_force", pgettext_lazy("scorecard", "In force")
    RETIRED = "retired", pgettext_lazy("scorecard", "Followed by another")


class Scoring(models.TextChoices):
    """How a value becomes points (KPI-9)."""

    LINEAR = "linear", _("In proportion")
    STEP = "step", _("By steps")
    PASS = "pass", _("All or nothing")
    DEDUCT = "deduct", _("Points taken away")


class EntryState(models.TextChoices):
    """An entered result counts once another person has signed it."""

    ENTERED = "entered", _("Waits for a signature")
    SIGNED = "signed", pgettext_lazy("entered result", "Signed")
    REFUSED = "refused", pgettext_lazy("entered result", "Refused")


class Light(StrEnum):
    """The traffic light of a result; NONE: nothing to compare with, or no value."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = "none"
