"""Answers kept for callers that repeat themselves."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """The answer of a POST, stored in the transaction of its work; kept 48 h; one per caller and key (sync-api)."""

    user = models.ForeignKey("core.User", models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="core_one_answer_per_key")]

    def __str__(self) -> str:
        return self.key
