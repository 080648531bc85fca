"""The clocks of a case as stored deadlines, and the times they stood still (CMP-2)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Tier
from complaints.choices import CaseState, ClockKind, ClockState, Hours
from complaints.models.cases import OF_CASE, Case
from complaints.models.reference import SlaRule
from crm.core.scope import ScopedModel


class CaseClock(ScopedModel):
    """One run of one clock: a round has one for first reply and solution, and as many updates as are due."""

    SCOPE_PATHS = OF_CASE

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=ClockKind)
    # The 2nd, 3rd … update of a round.
    turn = models.PositiveSmallIntegerField(default=1)
    # Of the moment it began: a later change of tier moves no deadline.
    tier = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="+", db_index=False)
    rule = models.ForeignKey(SlaRule, models.PROTECT, null=True, related_name="+", db_index=False)
    hours = models.CharField(max_length=8, choices=Hours)
    target_minutes = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    # Null while it stands still; then `remaining_seconds` of running time are left (negative: it was late already).
    due_at = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    remaining_seconds = models.IntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=ClockState, default=ClockState.RUNNING)
    warned_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "kind", "turn"], name="one_clock_per_turn"),
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(state__in=["running", "paused"]), name="one_live_clock_per_kind"
            ),
            models.CheckConstraint(
                condition=(Q(state="paused") & Q(due_at=None) & Q(remaining_seconds__isnull=False))
                | (~Q(state="paused") & Q(due_at__isnull=False) & Q(remaining_seconds=None)),
                name="clock_is_due_or_paused",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="running", breached_at=None), name="clock_to_breach"),
            models.Index(fields=["warn_at"], condition=Q(state="running", warned_at=None), name="clock_to_warn"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class CasePause(ScopedModel):
    """From when to when a case's clocks stood still, in which named state and why."""

    SCOPE_PATHS = OF_CASE

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=18, choices=CaseState)
    reason = models.CharField(max_length=200)
    # An appointment ends by itself.
    until_at = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_open_pause_per_case"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting_customer", "appointed"]), name="pause_only_in_named_states"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="pause_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["until_at"], condition=Q(ended_at=None), name="pause_to_end"),
            models.Index(fields=["case", "began_at"], name="pause_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"
