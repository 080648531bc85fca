"""Links by which a customer gets a document (SEC-2): only what is marked "may be shared", for some days."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ShareLink(models.Model):
    """One link to one document, a file or a text of the guide; its token is told once and never stored."""

    token_digest = models.CharField(max_length=64, unique=True)
    attachment = models.ForeignKey("core.Attachment", models.CASCADE, null=True, related_name="+", db_index=False)
    article = models.ForeignKey("core.Article", models.CASCADE, null=True, related_name="+", db_index=False)
    # The customer it was made for, where it was made on his page.
    customer_id = models.BigIntegerField(null=True)
    issued_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(attachment=None, article__isnull=False) | Q(attachment__isnull=False, article=None),
                name="share_of_one_document",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id or ''}{self.article_id or ''} {self.issued_at:%F}"
