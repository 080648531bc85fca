"""Long work: a row with state, progress, result and row errors; run by the worker, safe to repeat (safety 1.3).

The web writes the row and nothing else. The dispatcher claims it with a lease and rings the worker. A worker that dies
loses its lock at once (its lease a little later) and the job is claimed again, five times at most; then it is dead and
visible. A worker that was only slow finds its lease gone at its next word and writes nothing more.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.db import Origin, origin, originating, write
from crm.core.errors import DomainError
from crm.core.models import Attachment, Job, JobRowError, JobState, User
from crm.core.notices import NoticeRow, notice_kind, notify
from crm.core.text import mask_value
from crm.core.wording import Text, in_each_language

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 5
MESSAGE = 300
CHANNEL = "core_job"
LOCK_SPACE = 0x4A4F42  # "JOB": who runs a job holds this session lock; it falls with the worker
FINISHED = (JobState.DONE, JobState.FAILED, JobState.DEAD)

notice_kind("job_done", _("%(label)s: done."), icon="circle-check")
notice_kind("job_failed", _("%(label)s: not done. See why."), icon="alert-triangle")


class LeaseLost(Exception):
    """Another worker has taken the job over; this one must stop and write nothing more."""


class JobRefused(DomainError):
    """The job cannot be done and repeating it would not help."""

    code = "job_refused"


Runner = Callable[[Job, "Report"], Mapping[str, Any] | None]


@dataclass(frozen=True)
class JobKind:
    """A registered kind of job: its words, its runner and who else than its starter may see it."""

    kind: str
    label: str | Promise
    run: Runner
    ability: str = ""
    page: Callable[[Job], str] | None = None
    """Where its result is found, when that is not the job's own page."""


KINDS: dict[str, JobKind] = {}


def job(
    kind: str, *, label: str | Promise = "", ability: str = "", page: Callable[[Job], str] | None = None
) -> Callable[[Runner], Runner]:
    """Register the function that does a kind of job: `def run(job, report) -> result mapping or None`."""

    def register(run: Runner) -> Runner:
        KINDS[kind] = JobKind(kind, label or kind, run, ability, page)
        return run

    return register


def start_job(kind: str, params: Mapping[str, Any], *, by: User | None, now: datetime) -> Job:
    """Put a job in the queue, in the caller's transaction; ids and choices only, never personal data."""
    if kind not in KINDS:
        raise KeyError(f"job kind {kind} is not registered")
    with write(by=by):
        made = Job.objects.create(kind=kind, params=dict(params), by=by, created_at=now, request_id=origin().request_id)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])  # delivered when the transaction commits
    return made


def visible_jobs(user: User) -> Any:
    """The jobs somebody may look at: his own, and those of kinds his abilities open."""
    open_kinds = [known.kind for known in KINDS.values() if known.ability and user.access.can(known.ability)]
    return Job.objects.filter(Q(by=user) | Q(kind__in=open_kinds)).select_related("by", "result_file")


def label_of(found: Job) -> str:
    """What the job is called."""
    known = KINDS.get(found.kind)
    return str(known.label) if known else found.kind


def page_of(found: Job) -> str:
    """Where one looks for what came of it."""
    known = KINDS.get(found.kind)
    return known.page(found) if known and known.page else f"/jobs/{found.pk}/"


# --- Dispatcher's side


def claim(limit: int = 20) -> list[int]:
    """Claim jobs that wait or whose worker is gone; those tried too often are given up (FOR UPDATE SKIP LOCKED)."""
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Job.objects.select_for_update(skip_locked=True)
            .filter(state__in=[JobState.QUEUED, JobState.RUNNING])
            .filter(Q(state=JobState.RUNNING) | Q(leased_until__isnull=True) | Q(leased_until__lt=now))
            .filter(Q(run_after__isnull=True) | Q(run_after__lte=now))
            .order_by("id")[:limit]
        )
        held = _held([row.pk for row in rows])
        free = [row for row in rows if row.state == JobState.QUEUED or row.pk not in held]
        taken = [row.pk for row in free if row.attempts < MAX_ATTEMPTS]
        Job.objects.filter(pk__in=taken).update(leased_until=now + LEASE, state=JobState.QUEUED)
        for row in free:
            if row.attempts >= MAX_ATTEMPTS:
                _finish(row, JobState.DEAD, error="worker_lost", now=now)
    return taken


def _held(job_ids: list[int]) -> set[int]:
    """Which of these jobs a living worker holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = ANY(%s)"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK_SPACE, [_lock_id(job_id) for job_id in job_ids]],
        )
        locked = {row[0] for row in cursor.fetchall()}
    return {job_id for job_id in job_ids if _lock_id(job_id) in locked}


def _lock_id(job_id: int) -> int:
    return job_id % 2**31


@contextmanager
def _holding(job_id: int) -> Iterator[bool]:
    """Hold the job's session lock; False when another worker holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, _lock_id(job_id)])
        got = bool(cursor.fetchone()[0])
    try:
        yield got
    finally:
        if got and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, _lock_id(job_id)])


def kick(job_ids: Iterable[int]) -> None:
    """Ring the worker; when the broker is away the lease runs out and the job is claimed again."""
    from crm.core.tasks import run_job

    for job_id in job_ids:
        run_job.apply_async(args=(job_id,), retry=False)


def release(job_ids: Iterable[int]) -> None:
    """The bell could not be rung: let them be claimed again at once."""
    Job.objects.filter(pk__in=list(job_ids), state=JobState.QUEUED).update(leased_until=None)


# --- Worker's side


class Report:
    """What a runner tells about its progress; each word renews the lease."""

    def __init__(self, found: Job, lease: uuid.UUID) -> None:
        self.job_id = found.pk
        self._lease = lease
        self._told_at: datetime | None = None
        self._errors: list[JobRowError] = []
        self.error_count = 0

    def progress(self, done: int, total: int | None = None, doing: str | Promise = "") -> None:
        """So many of so many, doing this. Cheap to call often: written twice a second at most."""
        now = timezone.now()
        finished = total is not None and done >= total
        if self._told_at is not None and not finished and now - self._told_at < timedelta(milliseconds=500):
            return
        self._told_at = now
        self._write(progress_done=done, progress_total=total, doing=str(doing)[:200], leased_until=now + LEASE)

    def row_error(self, row: int, code: str, message: Text, *, column: str = "", value: str = "") -> None:
        """One row that could not be taken, worded for every reader; the value is masked before it is kept."""
        self.error_count += 1
        self._errors.append(
            JobRowError(
                job_id=self.job_id,
                row=row,
                column=column[:100],
                code=code,
                message=str(message)[:MESSAGE],
                value=mask_value(value)[:200],
                data={"words": said} if (said := in_each_language(message, MESSAGE)) else None,
            )
        )
        if len(self._errors) >= 1000:
            self.flush()

    def flush(self) -> None:
        """Store the row errors gathered so far."""
        JobRowError.objects.bulk_create(self._errors)
        self._errors = []

    def result_file(self, file: Attachment) -> None:
        """The file that the job made."""
        self._write(result_file_id=file.pk)

    def check(self) -> None:
        """Stop when the job has been taken over."""
        self._write(leased_until=timezone.now() + LEASE)

    def _write(self, **fields: Any) -> None:
        if not Job.objects.filter(pk=self.job_id, lease=self._lease, state=JobState.RUNNING).update(**fields):
            raise LeaseLost(self.job_id)


def run(job_id: int) -> str:
    """Do one job now; answers its state. Called by the worker's task, by commands and by tests alike."""
    with _holding(job_id) as is_ours:
        lease, now = uuid.uuid4(), timezone.now()
        taken = is_ours and Job.objects.filter(
            pk=job_id, state__in=[JobState.QUEUED, JobState.RUNNING], attempts__lt=MAX_ATTEMPTS
        ).update(
            state=JobState.RUNNING,
            lease=lease,
            leased_until=now + LEASE,
            attempts=F("attempts") + 1,
            started_at=now,
        )
        found = Job.objects.select_related("by").get(pk=job_id)
        if not taken:
            return found.state
        JobRowError.objects.filter(job_id=job_id).delete()
        return _run_held(found, lease)


def _run_held(found: Job, lease: uuid.UUID) -> str:
    """Run the job's function and record how it ended."""
    report = Report(found, lease)
    came_from = Origin(user_id=found.by_id, request_id=found.request_id, label=f"job:{found.kind}")
    try:
        with originating(came_from):
            result = KINDS[found.kind].run(found, report)
            report.flush()
    except LeaseLost:
        return str(Job.objects.values_list("state", flat=True).get(pk=found.pk))
    except DomainError as refusal:
        return _end(found, lease, JobState.FAILED, error=str(refusal))
    except (OperationalError, InterfaceError, OSError) as trouble:
        logger.warning("job will be repeated", extra={"job": found.pk}, exc_info=trouble)
        return _repeat(found, lease, type(trouble).__name__)
    except Exception:
        # Whatever a runner did wrong, the person waiting must learn that it ended; the fault itself goes on.
        logger.exception("job failed", extra={"job": found.pk})
        _end(found, lease, JobState.FAILED, error="internal")
        raise
    return _end(found, lease, JobState.DONE, result=dict(result or {}))


def _repeat(found: Job, lease: uuid.UUID, why: str) -> str:
    """Trouble that passes by itself: try again after a growing pause, five times at most."""
    tries = Job.objects.values_list("attempts", flat=True).get(pk=found.pk)
    if tries >= MAX_ATTEMPTS:
        return _end(found, lease, JobState.DEAD, error=why)
    Job.objects.filter(pk=found.pk, lease=lease).update(
        state=JobState.QUEUED,
        leased_until=None,
        run_after=timezone.now() + timedelta(seconds=5 * 3**tries),
        error=why,
    )
    return JobState.QUEUED.value


def _end(
    found: Job, lease: uuid.UUID, state: JobState, *, result: Mapping[str, Any] | None = None, error: str = ""
) -> str:
    if Job.objects.filter(pk=found.pk, lease=lease, state=JobState.RUNNING).exists():
        _finish(found, state, result=result, error=error, now=timezone.now())
    return state.value


def _finish(
    found: Job, state: JobState, *, now: datetime, result: Mapping[str, Any] | None = None, error: str = ""
) -> None:
    """The end of a job, and the notice to whoever started it, in one transaction."""
    with write(label=f"system:job:{found.kind}"):
        Job.objects.filter(pk=found.pk).update(
            state=state,
            finished_at=now,
            leased_until=None,
            result=dict(result or {}),
            error=error,
            doing="",
        )
        if found.by_id:
            kind = "job_done" if state == JobState.DONE else "job_failed"
            notify(
                [
                    NoticeRow(
                        user_id=found.by_id,
                        kind=kind,
                        subject_table="core_job",
                        subject_id=found.pk,
                        params={"label": label_of(found)},
                        url=page_of(found),
                    )
                ],
                now,
            )
