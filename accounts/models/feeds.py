"""Trust between two systems: who owns a field, and when a feed has to have arrived (sync-api)."""

from django.conf import settings
from django.db import models

from accounts.choices import FeedRhythm


class OwnedField(models.Model):
    """A source owns a field of the customers it knows: nobody else's word overwrites it for good (sync-api)."""

    field = models.CharField(max_length=40, unique=True)
    source = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False)
    at = models.DateTimeField()

    objects = models.Manager()

    def __str__(self) -> str:
        return f"{self.field}: {self.source}"


class FeedExpectation(models.Model):
    """A source tells rows of a kind by a time of the day, every working day or once a month (sync-api)."""

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    rhythm = models.CharField(max_length=12, choices=FeedRhythm, default=FeedRhythm.WORKING_DAY)
    month_day = models.PositiveSmallIntegerField(null=True, blank=True)
    expected_by = models.TimeField()
    is_active = models.BooleanField(default=True)
    since = models.DateTimeField()
    # What the sweep found last: the newest arrival, and since when the next one is late (null: in time).
    arrived_at = models.DateTimeField(null=True, blank=True)
    late_since = models.DateTimeField(null=True, blank=True)

    objects = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind"], name="one_expectation_per_feed")]

    def __str__(self) -> str:
        return f"{self.source}: {self.kind}"
