"""What keeps a record from being taken back: somebody has changed it since, or something of others rests on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.changelog import exempt_tables
from crm.core.wording import Text, worded
from sync.imports.undo.log import model_of

_CHANGED_SINCE = """
SELECT DISTINCT ON (r.root_id) r.root_id, c.at, coalesce(u.name, c.actor_label)
FROM undo_touched r JOIN core_change c ON c.tbl = r.tbl AND c.row_id = r.row_id AND c.seq > r.last_seq
LEFT JOIN core_user u ON u.id = c.actor
WHERE r.root_id = ANY(%(roots)s) AND r.tbl = ANY(%(tables)s) AND c.request_id <> ALL(%(own)s)
  AND NOT (c.actor IS NULL AND c.actor_label LIKE 'system:%%')
  AND (r.is_new OR c.op = 'D' OR c.before ?| ARRAY(SELECT jsonb_object_keys(r.before)))
ORDER BY r.root_id, c.seq
"""
_BY_OTHERS = """
SELECT DISTINCT c.row_id FROM core_change c WHERE c.tbl = %(table)s AND c.row_id = ANY(%(ids)s)
  AND c.request_id <> ALL(%(own)s) AND NOT (c.actor IS NULL AND c.actor_label LIKE 'system:%%')
"""


def changed_since(roots: Sequence[int], tables: Sequence[str], own: Sequence[str]) -> dict[int, Text]:
    """Records somebody has worked on after the import, and who."""
    given: dict[str, Any] = {"roots": list(roots), "tables": list(tables), "own": list(own)}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_SINCE, given)
        return {
            root: worded(
                _("Changed since by %(name)s on %(day)s."),
                name=name or "–",
                day=timezone.localtime(at).strftime("%Y-%m-%d %H:%M"),
            )
            for root, at, name in cursor.fetchall()
        }


@dataclass
class Removal:
    """Rows that go with the records that were created: their own, derived ones, and what only the night wrote."""

    ids: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    refused: dict[int, Text] = field(default_factory=dict)
    roots: dict[tuple[str, int], int] = field(default_factory=dict)

    def without_refused(self) -> dict[str, list[int]]:
        """What may go, table by table."""
        return {
            table: [pk for pk in ids if self.roots[table, pk] not in self.refused] for table, ids in self.ids.items()
        }


def removal_of(created: Iterable[tuple[str, int, int]], own: Sequence[str]) -> Removal:
    """Everything that rests on created rows (table, id, root); a row of somebody else refuses the whole record."""
    found = Removal()
    frontier: dict[str, set[int]] = defaultdict(set)
    for table, pk, root in created:
        found.ids[table].add(pk)
        found.roots[table, pk] = root
        frontier[table].add(pk)
    while frontier:
        frontier = _step(found, frontier, own)
    return found


def _step(found: Removal, frontier: dict[str, set[int]], own: Sequence[str]) -> dict[str, set[int]]:
    following: dict[str, set[int]] = defaultdict(set)
    for table, ids in frontier.items():
        model = model_of(table)
        for rel_table, pk, referred in _resting_on(model, ids) if model is not None else ():
            root = found.roots[table, referred]
            if pk in found.ids[rel_table]:
                continue
            if not _may_go(rel_table, pk, own):
                other = model_of(rel_table)
                label = other._meta.verbose_name if other is not None else rel_table
                text = worded(_("Something rests on it that was not in the file: %(what)s."), what=label)
                found.refused.setdefault(root, text)
                continue
            found.ids[rel_table].add(pk)
            found.roots[rel_table, pk] = root
            following[rel_table].add(pk)
    return following


def _resting_on(model: type[models.Model], ids: set[int]) -> Iterator[tuple[str, int, int]]:
    """Rows of every table that refer to these and that the import itself has not touched: (table, id, referred)."""
    quote = connection.ops.quote_name
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        found: Any = relation
        other, column = found.related_model, found.field.column
        if not other._meta.managed:
            continue
        table, key = other._meta.db_table, quote(other._meta.pk.column)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT t.{key}, t.{quote(column)} FROM {quote(table)} t WHERE t.{quote(column)} = ANY(%s)"
                f" AND NOT EXISTS (SELECT 1 FROM undo_touched u WHERE u.tbl = %s AND u.row_id = t.{key}::bigint)",
                [list(ids), table],
            )
            for pk, referred in cursor.fetchall():
                yield table, pk, referred


def _may_go(table: str, pk: int, own: Sequence[str]) -> bool:
    """Derived rows, and rows that only the system itself has ever written."""
    if table in exempt_tables():
        return True
    with connection.cursor() as cursor:
        cursor.execute(_BY_OTHERS, {"table": table, "ids": [pk], "own": list(own)})
        return cursor.fetchone() is None
