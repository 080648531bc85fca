"""Private files (SEC-4): never served by the web server, always through a check."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentClass(models.TextChoices):
    """Who may get a document (SEC-2); nothing reaches a customer that nobody has marked for it."""

    INTERNAL = "internal", _("Internal")
    SHARED = "shared", _("May be shared")


class Attachment(models.Model):
    """A stored file: its kind comes from its content, its place from a random name."""

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    file = models.FileField(max_length=200)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    stored_at = models.DateTimeField()
    visibility = models.CharField(max_length=8, choices=DocumentClass.choices, default=DocumentClass.INTERNAL)

    def __str__(self) -> str:
        return self.name
