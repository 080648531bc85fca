"""What the system tells a person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One notice for one person; kind and parameters are kept, the words are made when read (decisions 29)."""

    user = models.ForeignKey("core.User", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=64)
    subject_table = models.CharField(max_length=64, blank=True, default="")
    subject_id = models.BigIntegerField(default=0)
    occasion = models.CharField(max_length=64, blank=True, default="")
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True, default="")
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "subject_table", "subject_id", "occasion"], name="core_notice_once"
            )
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="core_notice_user"),
            models.Index(
                fields=["-urgent", "id"], name="core_notice_to_deliver", condition=Q(delivered_at__isnull=True)
            ),
            models.Index(fields=["user"], name="core_notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"
