"""Remembered column mappings of file imports."""

from django.conf import settings
from django.db import models


class ImportMapping(models.Model):
    """How the columns of one source's file map to ours (remembered per source)."""

    source = models.CharField(max_length=40, unique=True)
    mapping = models.JSONField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    objects = models.Manager()

    def __str__(self) -> str:
        return self.source
