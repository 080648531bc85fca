"""What calls for a kind word: weather by district, journeys of customers; and interrupted service (ENG-1, SKL-9)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Customer
from crm.core.scope import ScopedModel
from visits.models.visits import OF_CUSTOMER, OF_VISIT, Visit


class WeatherWarning(models.Model):
    """A change of weather in a district: headquarters or a weather service writes it, care tasks follow (ENG-1)."""

    district = models.CharField(max_length=30)
    text = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="weather_ends_after_start"),
            models.UniqueConstraint(fields=["district", "starts_on", "text"], name="weather_told_once"),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="weather_time")]

    def __str__(self) -> str:
        return f"{self.district} {self.starts_on}"


class Trip(ScopedModel):
    """A customer is going on a journey: a good word before he leaves (ENG-1)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="trips")
    leaves_on = models.DateField()
    returns_on = models.DateField(null=True, blank=True)
    destination = models.CharField(max_length=50, blank=True)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(returns_on=None) | Q(returns_on__gte=F("leaves_on")), name="trip_ends_after_start"
            ),
            models.UniqueConstraint(fields=["customer", "leaves_on"], name="trip_once_per_day"),
        ]
        indexes = [models.Index(fields=["leaves_on"], name="trip_day")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.leaves_on}"


class Interruption(ScopedModel):
    """The service was interrupted: the customer was asked, and why (SKL-9; optional)."""

    SCOPE_PATHS = OF_VISIT

    visit = models.OneToOneField(Visit, models.CASCADE, related_name="interruption")
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reason
