"""The guide (服务指南): texts that headquarters writes and everybody reads (SKL-6, CON-31, CON-35)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.models.files import DocumentClass


class GuideArea(models.TextChoices):
    """Parts of the guide."""

    PHRASES = "phrases", _("Phrases")
    SKILLS = "skills", _("Service skills")
    AVAILABILITY = "availability", _("Being there")
    CARE = "care", _("Care")
    TRUTH = "truth", _("True records")
    DESK = "desk", _("Handling complaints")
    RETENTION = "retention", _("Keeping customers")


class Article(models.Model):
    """One text in both languages; `code` is how pages point to it."""

    code = models.CharField(max_length=40, unique=True)
    area = models.CharField(max_length=20, choices=GuideArea.choices)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=100)
    # One sentence that stands as a tip where it helps.
    tip_zh = models.CharField(max_length=200, blank=True, default="")
    tip_en = models.CharField(max_length=300, blank=True, default="")
    body_zh = models.TextField(max_length=10_000)
    body_en = models.TextField(max_length=20_000)
    source = models.CharField(max_length=40, blank=True, default="")  # requirement ids
    position = models.PositiveSmallIntegerField(default=0)
    is_shown = models.BooleanField(default=True)
    visibility = models.CharField(max_length=8, choices=DocumentClass.choices, default=DocumentClass.INTERNAL)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+", db_index=False)
    updated_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["area", "position", "id"], name="core_article_place")]

    def __str__(self) -> str:
        return self.code
