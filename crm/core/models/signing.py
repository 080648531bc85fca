"""Signatures (PLT-8): who signed what, when and how; what was signed is kept word for word."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SignMethod(models.TextChoices):
    """How somebody signed."""

    LOGIN = "login", _("Signed in")
    DRAWN = "drawn", _("Drawn on the screen")
    LINK = "link", _("By one-time link")


class Signature(models.Model):
    """One signature under one record, in one part ("manager", "customer").

    `content` is the canonical JSON that was signed, `digest` its SHA-256: altering either, or the record, shows.
    A record that was changed before the other side signed voids the signature; the row stays.
    """

    subject_table = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    part = models.CharField(max_length=20)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    method = models.CharField(max_length=5, choices=SignMethod.choices)
    signer = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+", db_index=False)
    signer_name = models.CharField(max_length=50)
    drawing = models.ForeignKey("core.Attachment", models.PROTECT, null=True, related_name="+", db_index=False)
    # Who held out the screen or sent the link; the signer himself when he is one of us.
    taken_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+", db_index=False)
    signed_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_table", "subject_id", "part"],
                condition=Q(voided_at=None),
                name="core_one_signature_per_part",
            ),
            models.CheckConstraint(
                condition=~Q(method="login") | Q(signer__isnull=False), name="core_login_signature_has_signer"
            ),
            models.CheckConstraint(
                condition=~Q(method="drawn") | Q(drawing__isnull=False), name="core_drawn_signature_has_drawing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_table} {self.subject_id} {self.part}"


class SignLink(models.Model):
    """A one-time link to sign with; only the digest of its token is kept, and it ends by itself."""

    token_digest = models.CharField(max_length=64, unique=True)
    subject_table = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    part = models.CharField(max_length=20)
    # What was there to sign when it was issued: another content needs another link.
    digest = models.CharField(max_length=64)
    issued_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_table", "subject_id", "part"],
                condition=Q(used_at=None, withdrawn_at=None),
                name="core_one_open_sign_link",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_table} {self.subject_id} {self.part}"
