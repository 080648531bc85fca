"""Bulletins (宣传要点): policies, rules, methods and products that are passed on to customers (CON-17, 26, 27)."""

from django.conf import settings
from django.db import models

from accounts.models import Customer, Staff
from crm.core.scope import ScopedModel
from visits.choices import BulletinKind
from visits.models.visits import OF_CUSTOMER, Visit


class Bulletin(models.Model):
    """Something headquarters wants customers to know. `query`: whom it concerns, as a filter of the customer list."""

    kind = models.CharField(max_length=10, choices=BulletinKind)
    title = models.CharField(max_length=60)
    body = models.CharField(max_length=2000, blank=True)
    query = models.CharField(max_length=1000, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    deadline_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["-published_at", "-id"], name="bulletin_published")]

    def __str__(self) -> str:
        return self.title


class BulletinDelivery(ScopedModel):
    """A bulletin passed on to a customer, with the visit it happened in."""

    SCOPE_PATHS = OF_CUSTOMER

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="deliveries", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="bulletins")
    visit = models.ForeignKey(Visit, models.CASCADE, null=True, related_name="bulletins")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    delivered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "customer"], name="one_delivery_per_bulletin")]
        indexes = [models.Index(fields=["bulletin", "staff"], name="bulletin_delivery_staff")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} → {self.customer_id}"
