"""Which line has which part of the work, from when on (issue 3: on for the channel line, off for VIP and group)."""

from django.db import models
from django.db.models import Q

from accounts.choices import Line
from accounts.models import Unit
from visits.choices import Feature


class LineSwitch(models.Model):
    """A feature on or off for a line from a date on, everywhere or in one unit with its subtree.

    The nearest unit up the tree decides, there the newest row; no row at all is "off".
    """

    feature = models.CharField(max_length=20, choices=Feature)
    line = models.CharField(max_length=20, choices=Line)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="+")
    is_on = models.BooleanField()
    effective_from = models.DateField()

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["feature", "line", "unit", "effective_from"],
                nulls_distinct=False,
                name="one_switch_per_line_unit_and_date",
            ),
            models.CheckConstraint(condition=~Q(line=""), name="switch_has_a_line"),
        ]

    def __str__(self) -> str:
        return f"{self.feature} {self.line} {'on' if self.is_on else 'off'} {self.effective_from}"
