"""Photos of a visit (screens 2): private files, made small on the phone, their EXIF removed on the server."""

from django.conf import settings
from django.db import models

from crm.core.scope import ScopedModel
from visits.models.visits import OF_VISIT, Visit


class VisitPhoto(ScopedModel):
    """One photo of one visit; customers met together share the file. `client_key` makes a second sending harmless."""

    SCOPE_PATHS = OF_VISIT

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos", db_index=False)
    attachment = models.ForeignKey("core.Attachment", models.PROTECT, related_name="+")
    client_key = models.UUIDField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "client_key"], name="one_photo_per_client_key")]

    def __str__(self) -> str:
        return f"{self.visit_id}:{self.pk}"
