"""The one door through which any app writes facts of a standing, set-based (design 4, decisions 22)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from accounts.queries.completeness import completeness_select
from crm.core.prepared import run

# Column → type; the only columns that can be written, so that a name never comes from outside.
FACTS: dict[str, str] = {
    "unit_id": "bigint",
    "manager_id": "bigint",
    "tier_rank": "smallint",
    "completeness": "smallint",
    "value": "numeric",
    "last_visit_on": "date",
    "next_due_on": "date",
    "suggested_on": "date",
    "duty_state": "varchar",
    "is_overdue": "boolean",
    "face_to_face_due_on": "date",
    "opened_through": "date",
    "open_complaints": "smallint",
    "risk": "smallint",
    "alert_level": "varchar",
    "arrears": "numeric",
}

_OWN_FACTS = (
    "SELECT c.id AS customer_id, c.unit_id, c.manager_id, coalesce(t.rank, 99)::smallint AS tier_rank,"
    " coalesce(c.monthly_spend, 0) AS value"
    " FROM accounts_customer c LEFT JOIN accounts_tier t ON t.id = c.tier_id"
)
_THESE = " JOIN unnest(%s::bigint[]) these(id) ON these.id = c.id"
"""Only these customers; the ids go as one text (`_array`): thousands of constants take longer to plan than to read."""
OWN_COLUMNS = ("unit_id", "manager_id", "tier_rank", "value")


def write_standings(
    select: str,
    params: Sequence[Any] | Mapping[str, Any],
    *,
    columns: Sequence[str],
    types: Sequence[str] | None = None,
) -> int:
    """Write columns of the standings that a SELECT of (customer_id, columns…) names; only rows that differ.

    The SELECT is code, values are its params; with their `types` it is planned once per connection (for a few rows).
    Returns the number of standings that changed.
    """
    sql = f"WITH v AS MATERIALIZED ({select}) {update_clause('v', columns)}"
    with connection.cursor() as cursor:
        if types is None or isinstance(params, Mapping):
            cursor.execute(sql, params)
        else:
            run(cursor, sql, params, types)
        return int(cursor.rowcount)


def update_clause(source: str, columns: Sequence[str]) -> str:
    """The UPDATE itself, for a night's statement that opens duties and moves standings in one (mechanisms D).

    `source` names a CTE with customer_id and the columns.
    """
    names = _known(columns)
    new = ", ".join(f"v.{name}" for name in names)
    old = ", ".join(f"s.{name}" for name in names)
    setters = ", ".join(f"{name} = v.{name}" for name in names)
    return (
        f"UPDATE accounts_standing s SET {setters} FROM {source} v"
        f" WHERE s.customer_id = v.customer_id AND ({old}) IS DISTINCT FROM ({new})"
    )


def update_standing_facts(facts: Mapping[int, Mapping[str, Any]]) -> int:
    """Write facts of named customers: customer id → column → value; one statement per set of columns."""
    by_columns: dict[tuple[str, ...], list[tuple[int, Mapping[str, Any]]]] = {}
    for customer_id, values in facts.items():
        by_columns.setdefault(tuple(sorted(values)), []).append((customer_id, values))
    changed = 0
    for columns, rows in by_columns.items():
        names = _known(columns)
        arrays = [[values[name] for __, values in rows] for name in names]
        types = ", ".join(f"%s::{FACTS[name]}[]" for name in names)
        select = f"SELECT * FROM unnest(%s::bigint[], {types}) AS u(customer_id, {', '.join(names)})"
        changed += write_standings(select, [[row[0] for row in rows], *arrays], columns=names)
    return changed


def _known(columns: Sequence[str]) -> list[str]:
    unknown = [name for name in columns if name not in FACTS]
    if unknown or not columns:
        raise ValueError(f"not facts of a standing: {unknown}")
    return list(columns)


def ensure_standings(customer_ids: Iterable[int]) -> None:
    """Every customer has a standing whose facts of accounts (unit, manager, tier, value) are today's."""
    ids = _array(customer_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_standing (customer_id, unit_id, manager_id, tier_rank, value)"
            f" {_OWN_FACTS}{_THESE} WHERE NOT EXISTS (SELECT 1 FROM accounts_standing s WHERE s.customer_id = c.id)"
            " ON CONFLICT (customer_id) DO NOTHING",
            [ids],
        )
    write_standings(f"{_OWN_FACTS}{_THESE}", [ids], columns=OWN_COLUMNS)


def create_standings(customer_ids: Iterable[int], *, today: date) -> None:
    """The standings of customers created in this very transaction, with every fact of accounts (imports).

    Nobody else knows these customers, so nobody else can have made their standings: no conflict is looked for.
    """
    select = completeness_select(
        today,
        also="c.unit_id, c.manager_id, coalesce(t.rank, 99)::smallint, coalesce(c.monthly_spend, 0), ",
        joins=f"{_THESE} LEFT JOIN accounts_tier t ON t.id = c.tier_id",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_standing (customer_id, unit_id, manager_id, tier_rank, value, completeness)"
            f" {select}",
            [_array(customer_ids)],
        )


def refresh_completeness(customer_ids: Iterable[int], *, today: date) -> int:
    """Completeness after a profile changed (CUS-9)."""
    select = completeness_select(today, joins=_THESE)
    return write_standings(select, [_array(customer_ids)], columns=["completeness"])


def _array(ids: Iterable[int]) -> str:
    return "{" + ",".join(map(str, ids)) + "}"


def rebuild_own_facts(*, today: date, ids: tuple[int, int] | None = None) -> tuple[int, int]:
    """Standings anew from customers and profiles, all or those of a range of ids: (missing made, differing mended)."""
    mine, bound = ("TRUE", ()) if ids is None else ("c.id BETWEEN %s AND %s", ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_standing (customer_id, unit_id, manager_id, tier_rank, value)"
            f" {_OWN_FACTS} WHERE {mine}"
            " AND NOT EXISTS (SELECT 1 FROM accounts_standing s WHERE s.customer_id = c.id)",
            bound,
        )
        made = int(cursor.rowcount)
    mended = write_standings(f"{_OWN_FACTS} WHERE {mine}", bound, columns=OWN_COLUMNS)
    mended += write_standings(f"{completeness_select(today)} WHERE {mine}", bound, columns=["completeness"])
    return made, mended
