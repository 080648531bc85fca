"""The sync log: one row for each call or file that brought something (CUS-10)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crm.core.scope import ScopedModel
from sync.models.clients import Client


class SyncEntry(ScopedModel):
    """What one writing call of a client did, or one file of a source (then without a client)."""

    SCOPE_PATHS = {"unit": "client__unit_id"}

    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    stale = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    # Fields that a lenient call brought and nobody knows.
    ignored = ArrayField(models.CharField(max_length=60), default=list)
    ms = models.PositiveIntegerField(default=0)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["client", "-at"], name="sync_entry_of_client"),
            models.Index(fields=["source", "kind", "-at"], name="sync_entry_of_feed"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.kind}"
