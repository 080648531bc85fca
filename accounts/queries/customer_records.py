"""Customers as REST clients read them: value rows → dicts, names and cards from the process cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.queries.customer_list import NO_DUE, customer_page, external_ids_of
from accounts.queries.learned import corrections_of
from crm.core.db import rfc_3339
from crm.core.prepared import run
from crm.core.scope import Scope
from crm.core.text import mask_phone

# Columns that go out as they stand, in the order of CustomerOut.
PLAIN = (
    "id", "number", "kind", "name", "state", "phone", "other_phone", "email", "district", "business_address",
    "credit_code", "industry", "market_band", "monthly_spend", "joined_on", "exited_on", "is_important",
    "preferred_channel", "preferred_time", "no_marketing", "sim_kind", "version", "updated_at",
)  # fmt: skip
STANDING = ("last_visit_on", "next_due_on", "duty_state", "is_overdue", "completeness")
COLUMNS = (
    ", ".join(f"c.{name}" for name in PLAIN)
    + ", c.unit_id, c.manager_id, c.tier_id, "
    + ", ".join(f"s.{name}" for name in STANDING)
)
FIELDS = (*PLAIN, "unit", "manager", "backup_manager", "tier", "external_ids", "corrections", *STANDING)
PHONES = ("phone", "other_phone")

Record = dict[str, Any]


@dataclass(frozen=True)
class RecordPage:
    """Records and the cursor of the next page (None at the end)."""

    items: list[Record]
    next: str | None


_SHOWN = """
SELECT 'm', s.id, s.number, s.name, s.phone, s.backup_id FROM accounts_staff s
WHERE s.id = ANY(%s) OR s.id IN (SELECT backup_id FROM accounts_staff WHERE id = ANY(%s))
UNION ALL SELECT 'u', id, code, NULL, NULL, NULL FROM accounts_unit WHERE id = ANY(%s)
UNION ALL SELECT 't', id, code, NULL, NULL, NULL FROM accounts_tier WHERE id = ANY(%s)
"""


@dataclass(frozen=True)
class _Names:
    """What stands for the ids of one page, read with it: a mirror would keep for ever what a cache has of yesterday.

    `managers`: the cards of manager and backup (ORG-10), made once a page and shared by its rows.
    """

    units: dict[int, str]
    tiers: dict[int | None, str | None]
    managers: dict[int | None, tuple[Record | None, Record | None]]


def _names_of(rows: Sequence[Sequence[Any]]) -> _Names:
    """Units, tiers and cards of the rows of a page, in one statement."""
    managers, units, tiers = (sorted({row[place] for row in rows} - {None}) for place in _NAMED)
    arrays = ["{" + ",".join(map(str, ids)) + "}" for ids in (managers, managers, units, tiers)]
    with connection.cursor() as db:
        run(db, _SHOWN, arrays, ["bigint[]"] * len(arrays))
        found = db.fetchall()
    unit_codes: dict[int, str] = {}
    tier_codes: dict[int | None, str | None] = {None: None}
    cards: dict[int | None, tuple[Record, int | None]] = {}
    for kind, pk, code, name, phone, backup_id in found:
        if kind == "m":
            cards[pk] = {"number": code, "name": name, "phone": phone}, backup_id
        elif kind == "u":
            unit_codes[pk] = code
        else:
            tier_codes[pk] = code
    nobody = (None, None)
    shown = {pk: (card, cards.get(backup_id, nobody)[0]) for pk, (card, backup_id) in cards.items()}
    return _Names(unit_codes, tier_codes, {None: nobody, **shown})


_KEYS = (*PLAIN, "unit", "manager", "tier", *STANDING)
_NAMED = tuple(_KEYS.index(name) for name in ("manager", "unit", "tier"))
_NOT_DUE = NO_DUE.isoformat()
_BLANK: Record = dict.fromkeys((*_KEYS, "backup_manager", "external_ids", "corrections"))
"""A record before it is filled in: it has its size, so that none grows a name at a time."""


def _record(row: Sequence[Any], known: _Names, *, is_masked: bool) -> Record:
    """A row of texts as the record of its customer; ids give way to codes and cards."""
    record = _BLANK.copy()
    record.update(zip(_KEYS, row, strict=False))  # behind them stands what the page is sorted by
    record["updated_at"] = rfc_3339(record["updated_at"])
    if record["next_due_on"] == _NOT_DUE:
        record["next_due_on"] = None
    record["unit"] = known.units[record["unit"]]
    record["manager"], record["backup_manager"] = known.managers[record["manager"]]
    record["tier"] = known.tiers[record["tier"]]
    if is_masked:
        for name in PHONES:
            record[name] = mask_phone(record[name])
    return record


def customer_records(
    scope: Scope,
    *,
    filters: Mapping[str, Any],
    search: str = "",
    sort: str = "id",
    cursor: str = "",
    limit: int = 100,
    is_masked: bool = False,
    fields: Sequence[str] = (),
) -> RecordPage:
    """A page of records; `fields` slims them (the id always stays)."""
    page = customer_page(
        scope, filters=filters, search=search, sort=sort, cursor=cursor, limit=limit, columns=COLUMNS, as_text=True
    )
    known = _names_of(page.rows)
    items = [_record(row, known, is_masked=is_masked) for row in page.rows]
    ids = [item["id"] for item in items]
    elsewhere = external_ids_of(ids) if not fields or "external_ids" in fields else {}
    waiting = corrections_of(ids, is_masked=is_masked) if not fields or "corrections" in fields else {}
    for item in items:
        item["external_ids"] = elsewhere.get(item["id"]) or {}
        item["corrections"] = waiting.get(item["id"]) or {}
    if fields:
        items = [{name: item[name] for name in ("id", *fields) if name in item} for item in items]
    return RecordPage(items, page.next or None)


def customer_record(scope: Scope, customer_id: int, *, is_masked: bool = False) -> Record | None:
    """One record; None when there is none the caller may see."""
    found = customer_records(scope, filters={"id": customer_id}, limit=1, is_masked=is_masked).items
    return found[0] if found else None
