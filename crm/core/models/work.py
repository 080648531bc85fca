"""Long work, the night's steps, and signs of life."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    DEAD = "dead", _("Given up")


class Job(models.Model):
    """One piece of long work: its state, progress and result outlive the page, the worker and the broker."""

    kind = models.CharField(max_length=64)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    run_after = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)  # who holds it: a worker that lost its lease cannot write any more
    progress_done = models.BigIntegerField(default=0)
    progress_total = models.BigIntegerField(null=True)
    doing = models.CharField(max_length=200, blank=True, default="")
    result = models.JSONField(default=dict)
    result_file = models.ForeignKey("core.Attachment", models.PROTECT, null=True, related_name="+")
    error = models.TextField(blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="core_job_open", condition=Q(state__in=["queued", "running"])),
            models.Index(fields=["by", "-id"], name="core_job_by"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class JobRowError(models.Model):
    """One row of the input that could not be taken, with column and reason; values are masked."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="+", db_index=False)
    row = models.BigIntegerField()
    column = models.CharField(max_length=100, blank=True, default="")
    code = models.CharField(max_length=64)
    message = models.CharField(max_length=300)
    value = models.CharField(max_length=200, blank=True, default="")
    data = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["job", "row"], name="core_job_row_error_row")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.code}"

    @property
    def words(self) -> str:
        """The reason in the reader's language; in the one it was told in where it was told in one only."""
        said = (self.data or {}).get("words", {})
        return str(said.get(get_language()) or self.message)


class SweepRun(models.Model):
    """One run of one step of the night (PLT-3): business date, rows, seconds, error."""

    step = models.CharField(max_length=64)
    business_date = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(null=True)
    seconds = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    detail = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["step", "-business_date", "-id"], name="core_sweep_step"),
            models.Index(fields=["-started_at"], name="core_sweep_started"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.business_date}"


class SweepPiece(models.Model):
    """A part of a large step (design 4): whoever works on it holds its row lock; no end, no lock: it waits."""

    run = models.ForeignKey(SweepRun, models.CASCADE, related_name="pieces", db_index=False)
    number = models.PositiveIntegerField()
    span = models.JSONField()
    finished_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(null=True)
    seconds = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    detail = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_piece_per_number")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"


class Heartbeat(models.Model):
    """The last sign of life of a process; /readyz looks at its age (decisions 28)."""

    name = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%F %T}"
