"""The customers whom the rows of a call name: locked in order, and read in no more columns than the rows tell of.

Nine in ten rows of a night stand here already: for them a whole customer of the ORM would be the greater part of the
cost. So a call looks at plain values, and makes customers only of those that differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

from accounts.actions.wishes import GONE
from accounts.models import Customer, PersonProfile
from accounts.queries import names
from accounts.rules import CUSTOMER_FIELDS, PERSON_FIELDS
from crm.core.errors import Conflict

Key = tuple[str, str]
"""A source and an id in it."""
MOST_LOOKS = 5
_HEAD = "id, version, source_updated_at, exited_on, unit_id, manager_id, tier_id, kind, state"
_IDS = """
SELECT x.source, x.external_id, x.customer_id
FROM unnest(%s::text[], %s::text[]) AS u(s, e)
JOIN accounts_externalid x ON x.source = u.s AND x.external_id = u.e
"""
_LOCK_NAMES = """
SELECT pg_advisory_xact_lock(hashtextextended(k, 7))
FROM (SELECT u.s || chr(31) || u.e AS k FROM unnest(%s::text[], %s::text[]) AS u(s, e) ORDER BY 1) AS missing
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A customer as a call sees him; `values` are those it may tell again, by the names and in the form it uses."""

    id: int
    version: int
    source_updated_at: datetime | None
    unit_id: int
    manager_id: int | None
    is_settled: bool
    """Whether the day of leaving agrees with the state: where it does not, telling him again mends it."""
    values: Mapping[str, Any]


def lock_known(keys: Collection[Key], fields: Collection[str]) -> dict[Key, Known]:
    """The customers these ids belong to, locked in order; ids nobody has yet are locked by name, against a twin."""
    ids = customer_ids(keys)
    missing = sorted(set(keys) - ids.keys())
    if missing:
        with connection.cursor() as db:
            db.execute(_LOCK_NAMES, [[key[0] for key in missing], [key[1] for key in missing]])
        ids |= customer_ids(missing)
    plain = [name for name in CUSTOMER_FIELDS if name in fields]
    found: dict[Key, Known] = {}
    # Whoever is merged between the look and the lock is looked for again: his ids lead to the survivor.
    for _look in range(MOST_LOOKS):
        locked = _locked(set(ids.values()), plain)
        found |= {key: locked[customer_id] for key, customer_id in ids.items() if customer_id in locked}
        wanted = [key for key, customer_id in ids.items() if customer_id not in locked]
        if not wanted:
            return found
        ids = customer_ids(wanted)
    raise Conflict


def customer_ids(keys: Iterable[Key]) -> dict[Key, int]:
    """Whose each of these ids is today."""
    wanted = list(keys)
    with connection.cursor() as db:
        db.execute(_IDS, [[key[0] for key in wanted], [key[1] for key in wanted]])
        return {(source, external_id): customer_id for source, external_id, customer_id in db.fetchall()}


def persons_of(ids: Collection[int]) -> dict[int, Mapping[str, Any]]:
    """What is known of them as persons, by customer."""
    rows = _rows(PersonProfile, f"customer_id, {_columns(PersonProfile, PERSON_FIELDS)}", "customer_id = ANY(%s)", ids)
    return {row[0]: dict(zip(PERSON_FIELDS, row[1:], strict=True)) for row in rows}


def _locked(ids: Collection[int], plain: list[str]) -> dict[int, Known]:
    columns = ", ".join(filter(None, (_HEAD, _columns(Customer, plain))))
    rows = _rows(Customer, columns, "id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", ids)
    units = {unit_id: names.unit_code(unit_id) for unit_id in {row[4] for row in rows}}
    staff = {staff_id: getattr(names.staff_card(staff_id), "number", None) for staff_id in {row[5] for row in rows}}
    tiers = {tier_id: getattr(names.tier(tier_id), "code", None) for tier_id in {row[6] for row in rows}}
    found: dict[int, Known] = {}
    for row in rows:
        pk, version, told_at, exited_on, unit_id, manager_id, tier_id, kind, state, *rest = row
        values = dict(zip(plain, rest, strict=True))
        values["kind"], values["state"] = kind, state
        values["unit"], values["manager"], values["tier"] = units[unit_id], staff[manager_id], tiers[tier_id]
        is_settled = (state in GONE) == (exited_on is not None)
        found[pk] = Known(pk, version, told_at, unit_id, manager_id, is_settled, values)
    return found


def _rows(model: type[models.Model], columns: str, which: str, ids: Collection[int]) -> list[tuple[Any, ...]]:
    if not ids:
        return []
    with connection.cursor() as db:
        db.execute(f"SELECT {columns} FROM {model._meta.db_table} WHERE {which}", [list(ids)])
        return list(db.fetchall())


def _columns(model: type[models.Model], fields: Iterable[str]) -> str:
    """The columns of these fields; days as JSON writes them."""
    kinds = {name: model._meta.get_field(name) for name in fields}
    return ", ".join(
        f"{kind.column}::text" if kind.get_internal_type() == "DateField" else str(kind.column)  # type: ignore[union-attr]
        for kind in kinds.values()
    )
