"""Reads of API clients and their tokens, and of imports."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import Unit
from crm.core.delimited.openers import opener_of_attachment
from crm.core.delimited.reader import Layout, blocks, inspect
from crm.core.errors import DomainError, NotFound
from crm.core.models import Attachment, Job, User
from crm.core.pages import decode_cursor, encode_cursor
from crm.core.scope import Scope
from sync.imports.guesses import Guess, guess
from sync.imports.jobs import KIND
from sync.imports.kinds import KINDS, ImportKind
from sync.imports.mapping import Mapping, parse_mapping
from sync.imports.undo import KIND as UNDO_KIND
from sync.models import Client, ImportMapping, Token

SAMPLE_ROWS = 50
LARGEST = 1 << 40


def clients(scope: Scope) -> QuerySet[Client]:
    """Clients of the visible units with their tokens, count of valid ones and last use: a page of a few rows."""
    tokens = Prefetch("tokens", Token.visible_to(scope).order_by("-id"))
    is_valid = Q(tokens__revoked_at=None, tokens__expires_at__gt=Now())
    return (
        Client.visible_to(scope)
        .select_related("unit", "owner")
        .prefetch_related(tokens)
        .annotate(valid_tokens=Count("tokens", filter=is_valid), last_used_at=Max("tokens__last_used_at"))
        .order_by("-is_active", "name")
    )


def imports_of(user: User) -> QuerySet[Job]:
    """Somebody's imports and what he took back, newest first."""
    return Job.objects.filter(kind__in=(KIND, UNDO_KIND), by=user).select_related("by", "result_file").order_by("-id")


def undo_of(job: Job) -> Job | None:
    """The job that takes an import back, the newest if it had to be tried again."""
    return Job.objects.filter(kind=UNDO_KIND, by=job.by, params__import=job.pk).order_by("-id").first()


def undos_of(jobs: Sequence[Job]) -> dict[int, int]:
    """Import → the job that takes it back, for a page of jobs."""
    rows = Job.objects.filter(kind=UNDO_KIND, params__import__in=[job.pk for job in jobs]).order_by("id")
    return {params["import"]: pk for pk, params in rows.values_list("id", "params")}


def job_page(user: User, *, filters: AnyMapping[str, Any], cursor: str, limit: int) -> tuple[Sequence[Job], str | None]:
    """A page of somebody's imports, newest first."""
    rows = imports_of(user)
    if filters.get("state"):
        rows = rows.filter(state=filters["state"])
    if filters.get("type"):
        rows = rows.filter(kind=KIND if filters["type"] == "import" else UNDO_KIND)
    if cursor:
        rows = rows.filter(pk__lt=decode_cursor(cursor, 1, (int,))[0])
    found = list(rows[: limit + 1])
    return found[:limit], encode_cursor([found[limit - 1].pk]) if len(found) > limit else None


def import_sources() -> list[str]:
    """The sources that files have come from."""
    return list(ImportMapping.objects.order_by("source").values_list("source", flat=True).distinct())


def import_units(scope: Scope) -> list[tuple[str, str]]:
    """Code and name of the units a file may bring customers to, along the tree."""
    return list(Unit.visible_to(scope).filter(is_active=True).order_by("path").values_list("code", "name"))


@dataclass(frozen=True)
class ImportPreview:
    """An uploaded file before its import."""

    file: Attachment
    source: str
    kind: ImportKind
    layout: Layout
    guesses: list[Guess]
    remembered: Mapping | None


def import_preview(key: UUID, source: str, kind: str, user: User) -> ImportPreview:
    """A file somebody has uploaded himself, with what its columns probably mean; others don't find it (404)."""
    file = Attachment.objects.filter(key=key, by=user, content_type__in=("text/csv", "text/plain")).first()
    if file is None or kind not in KINDS or not user.access.can(KINDS[kind].ability):
        raise NotFound
    opener = opener_of_attachment(file)
    layout = inspect(opener, max_bytes=LARGEST)
    block = next(blocks(opener, layout, SAMPLE_ROWS))
    remembered = remembered_mapping(source, kind)
    of = KINDS[kind]
    return ImportPreview(file, source, of, layout, guess(layout.header, block.rows, of, remembered), remembered)


def remembered_mapping(source: str, kind: str) -> Mapping | None:
    """The mapping of a source's last file of a kind, if it still makes sense."""
    row = ImportMapping.objects.filter(source=source, kind=kind).first()
    try:
        return parse_mapping(row.mapping) if row is not None else None
    except DomainError:
        return None
