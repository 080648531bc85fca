"""Remembered column mappings of file imports."""

from django.conf import settings
from django.db import models


class ImportMapping(models.Model):
    """How the columns of one source's files of a kind map to ours (remembered per source and kind)."""

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, default="customers")
    mapping = models.JSONField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    objects = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind"], name="one_mapping_per_source_and_kind")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind}"
