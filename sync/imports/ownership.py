"""A file tells only what its source owns, or nobody (sync-api "who owns a field"); the rule is `accounts`' own."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection

from accounts.models import OwnedField
from accounts.rules.ownership import Verdict, verdict
from sync.imports.fields import CLEARED, FIELDS
from sync.imports.fragments import column
from sync.imports.statements import Statements

_OF_ROW = (
    " FROM {keys} e WHERE e.source = %(source)s AND e.external_id = s.external_id"
    " AND EXISTS (SELECT 1 FROM accounts_externalid o WHERE o.customer_id = e.customer_id AND o.source = %(owner)s)"
)


def heed_owners(statements: Statements) -> tuple[int, int]:
    """Empty the cells of the stage that do not count: (those another source owns, those whose correction stays)."""
    if statements.is_first:
        return 0, 0
    owners = dict(OwnedField.objects.filter(field__in=statements.names).values_list("field", "source"))
    not_owned = 0
    with connection.cursor() as cursor:
        for name, owner in owners.items():
            if owner != statements.source:
                # Names of columns are our own constants (sync.imports.fields).
                of_row = _OF_ROW.format(keys=statements.keys)
                cursor.execute(
                    f"UPDATE import_stage s SET {column(name)} = NULL{of_row} AND s.{column(name)} IS NOT NULL",
                    {"source": statements.source, "owner": owner},
                )
                not_owned += cursor.rowcount
    own = [name for name, owner in owners.items() if owner == statements.source and FIELDS[name].home != "deed"]
    return not_owned, _keep_corrections(statements, own) if own else 0


def _keep_corrections(statements: Statements, own: list[str]) -> int:
    """Cells that only repeat what a person corrected meanwhile; few facts wait, whatever the size of the file."""
    told = " ".join(f"WHEN '{name}' THEN s.{column(name)}::text" for name in own)
    kept: dict[str, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.row_no, l.field, l.source_value, l.own_value, CASE l.field {told} END"
            " FROM accounts_learnedfact l"
            f" JOIN {statements.keys} e ON e.customer_id = l.customer_id AND e.source = %(source)s"
            " JOIN import_stage s ON s.external_id = e.external_id"
            " WHERE l.source_value IS NOT NULL AND l.field = ANY(%(own)s)",
            {"source": statements.source, "own": own},
        )
        for row, name, source_value, own_value, value in cursor.fetchall():
            if value is None:
                continue
            given = "" if value == CLEARED[FIELDS[name].column_type] and value != "f" else value
            if verdict(given, source_value=source_value, own_value=own_value or "") == Verdict.KEPT:
                kept[name].append(row)
        for name, rows in kept.items():
            cursor.execute(f"UPDATE import_stage SET {column(name)} = NULL WHERE row_no = ANY(%s)", [rows])
    return sum(map(len, kept.values()))
