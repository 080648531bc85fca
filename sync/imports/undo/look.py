"""What taking an import back would do: the records it made or changed, and those that stay as they are (screens 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core.models import Job
from crm.core.wording import Text
from sync.imports.mapping import parse_mapping
from sync.imports.undo import after
from sync.imports.undo.checks import Removal, changed_since, removal_of
from sync.imports.undo.log import DROP, model_of, read_log

VISITS, EVENTS = "visits_visit", "accounts_lifecycleevent"
OF_A_DEED = {VISITS, EVENTS, "complaints_case"}
"""Logging a visit and taking a case down touch many tables; what they did there is taken back by their own deeds."""
MOST_LOOKED_AT = 5_000
"""Records of a larger import are not looked at one by one before it is taken back."""
MOST_NAMED = 20


@dataclass(frozen=True)
class Stays:
    """A record that stays as it is, by what people call it, and why."""

    label: str
    reason: Text


@dataclass(frozen=True)
class Preview:
    """How many records would go, how many would get their values back, and which stay."""

    removed: int
    restored: int
    is_exact: bool = True
    refused: int = 0
    stays: list[Stays] = field(default_factory=list)


def records(root: str) -> tuple[list[int], list[str]]:
    """The records the import wrote, and the tables whose rows go back with them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT root_id FROM undo_touched WHERE root_id IS NOT NULL ORDER BY 1")
        roots = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT DISTINCT tbl FROM undo_touched WHERE root_id IS NOT NULL")
        tables = sorted(row[0] for row in cursor.fetchall())
    return roots, [table for table in tables if table == root or root not in OF_A_DEED]


def judge(
    root: str, roots: Sequence[int], tables: Sequence[str], own: tuple[str, str]
) -> tuple[dict[int, Text], Removal]:
    """(Records that stay, and why; the rows that go with the others)."""
    refused = changed_since(roots, tables, own)
    if root == VISITS:
        for visit in after.frozen(roots):
            refused.setdefault(visit, _("A closed month rests on this visit."))
    removal = removal_of(_created([pk for pk in roots if pk not in refused]), own)
    return refused | removal.refused, removal


def _created(roots: Sequence[int]) -> list[tuple[str, int, int]]:
    """Rows of these records that the import made and that are still there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tbl, row_id, root_id FROM undo_touched WHERE is_new AND root_id = ANY(%s)", [list(roots)]
        )
        return list(cursor.fetchall())


def labels(root: str, roots: Sequence[int]) -> dict[int, str]:
    """What people call these records: their number, or their id in the source."""
    model = model_of(root)
    known = {entry.column for entry in model._meta.concrete_fields} if model is not None else set()
    name = next((column for column in ("number", "external_id", "month") if column in known), "id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {name}::text FROM {connection.ops.quote_name(root)} WHERE id = ANY(%s)", [list(roots)]
        )
        return dict(cursor.fetchall())


def preview(imported: Job) -> Preview:
    """What taking back would do as things stand; of a large import what it counted itself."""
    result = imported.result
    counted = Preview(int(result.get("created", 0)), int(result.get("updated", 0)), is_exact=False)
    if counted.removed + counted.restored > MOST_LOOKED_AT:
        return counted
    root, trace = parse_mapping(imported.params["mapping"]).of.root, imported.params["trace"]
    read_log(imported, root)
    try:
        roots, tables = records(root)
        refused, removal = judge(root, roots, tables, (trace, trace))
        gone = set(removal.without_refused().get(root, ()))
        named = sorted(refused)[:MOST_NAMED]
        words = labels(root, named)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(DROP)
    stays = [Stays(words.get(pk, str(pk)), refused[pk]) for pk in named]
    return Preview(len(gone), len(roots) - len(gone) - len(refused), refused=len(refused), stays=stays)
