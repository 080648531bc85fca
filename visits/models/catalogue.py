"""Channels, outcomes, occasions and what counts: rows, not code (CON-5, 6, 8, 9)."""

from django.db import models

from visits.choices import Category, Direction, Party, ServiceKind, WorkClass


class Labelled(models.Model):
    """A reference row with both labels (decisions 29)."""

    code = models.CharField(max_length=30, unique=True)
    label_zh = models.CharField(max_length=30)
    label_en = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


class Channel(Labelled):
    """A contact channel. On-site: check-in, overlap; face to face: F2F duty; slots: capacity used."""

    is_on_site = models.BooleanField(default=False)
    is_face_to_face = models.BooleanField(default=False)
    # Hall visits, symposia…: offered in the log sheet or only written by other parts.
    is_offered = models.BooleanField(default=True)
    slots = models.PositiveSmallIntegerField(default=1)


class Outcome(Labelled):
    """Outcome of a contact. Only an effective one can count (CON-8)."""

    is_effective = models.BooleanField(default=False)
    # An attempt that did not reach the customer (for the unreachable excuse).
    is_failed_attempt = models.BooleanField(default=False)


class Occasion(Labelled):
    """Contact occasion (CON-9) and what it makes of the visit's computed fields."""

    work_class = models.CharField(max_length=20, choices=WorkClass, default=WorkClass.MAINTENANCE)
    category = models.CharField(max_length=20, choices=Category, default=Category.CARE)
    service_kind = models.CharField(max_length=20, choices=ServiceKind, default=ServiceKind.COMMUNICATION)


class CountingRule(models.Model):
    """One cell of "what counts": channel × direction × who × outcome × single/bulk from a date on.

    For a visit the newest row of its cell with effective_from <= occurred_on decides; no row: does not count.
    """

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    direction = models.CharField(max_length=10, choices=Direction)
    party = models.CharField(max_length=10, choices=Party)
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="+")
    is_bulk = models.BooleanField(default=False)
    counts = models.BooleanField()
    effective_from = models.DateField()

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "direction", "party", "outcome", "is_bulk", "effective_from"],
                name="one_counting_rule_per_cell_and_date",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel_id}/{self.direction}/{self.party}/{self.outcome_id}: {self.counts}"
