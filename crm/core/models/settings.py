"""Numbers that may change, and the days on which people work."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Parameter(models.Model):
    """A value of a registered parameter from a date on (PLT-10); old periods keep their old value."""

    key = models.CharField(max_length=64)
    value = models.JSONField()
    effective_from = models.DateField()
    set_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "effective_from"], name="core_parameter_once")]

    def __str__(self) -> str:
        return f"{self.key} from {self.effective_from}"


class OfficeHours(models.Model):
    """The office hours of a working day from a day on; lunch may be empty (opens, lunch, closes: local times)."""

    effective_from = models.DateField(unique=True)
    opens = models.TimeField()
    lunch_from = models.TimeField(null=True, blank=True)
    lunch_to = models.TimeField(null=True, blank=True)
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens"))
                & (
                    Q(lunch_from=None, lunch_to=None)
                    | Q(lunch_from__gt=F("opens"), lunch_to__gt=F("lunch_from"), closes__gt=F("lunch_to"))
                ),
                name="core_office_hours_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"


class WorkDay(models.Model):
    """A date that differs from Monday-to-Friday: a holiday, or a weekend day worked instead (PLT-5)."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        MAKEUP = "makeup", _("Make-up working day")

    date = models.DateField(_("date"), unique=True)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"
