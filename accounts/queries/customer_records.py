"""Customers as REST clients read them: value rows → dicts, names and cards from the process cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.queries import names
from accounts.queries.customer_list import NO_DUE, customer_page, external_ids_of
from accounts.queries.learned import corrections_of
from crm.core.db import rfc_3339
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


def card(staff_id: int | None) -> Record | None:
    """A colleague as the customer's contact (ORG-10)."""
    found = names.staff_card(staff_id)
    return {"number": found.number, "name": found.name, "phone": found.phone} if found else None


class _Units(dict[int, str]):
    """Codes of units, each asked for once a page."""

    def __missing__(self, unit_id: int) -> str:
        code = self[unit_id] = names.unit_code(unit_id)
        return code


class _Cards(dict["int | None", "tuple[Record | None, Record | None]"]):
    """Manager and backup (ORG-10), each made once a page and shared by its rows."""

    def __missing__(self, manager_id: int | None) -> tuple[Record | None, Record | None]:
        manager = names.staff_card(manager_id)
        cards = self[manager_id] = (card(manager_id), card(manager.backup_id) if manager else None)
        return cards


class _Tiers(dict["int | None", "str | None"]):
    """Codes of tiers, those out of use too."""

    def __missing__(self, tier_id: int | None) -> str | None:
        code = self[tier_id] = getattr(names.tier(tier_id), "code", None)
        return code


@dataclass(frozen=True)
class _Names:
    """What stands for the ids of one page."""

    units: _Units = field(default_factory=_Units)
    cards: _Cards = field(default_factory=_Cards)
    tiers: _Tiers = field(default_factory=_Tiers)


_KEYS = (*PLAIN, "unit", "manager", "tier", *STANDING)
_NOT_DUE = NO_DUE.isoformat()


def _record(row: Sequence[Any], known: _Names, *, is_masked: bool) -> Record:
    """A row of texts as the record of its customer; ids give way to codes and cards."""
    record: Record = dict(zip(_KEYS, row, strict=True))
    record["updated_at"] = rfc_3339(record["updated_at"])
    if record["next_due_on"] == _NOT_DUE:
        record["next_due_on"] = None
    record["unit"] = known.units[record["unit"]]
    record["manager"], record["backup_manager"] = known.cards[record["manager"]]
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
    known = _Names()
    items = [_record(row, known, is_masked=is_masked) for row in page.rows]
    ids = [item["id"] for item in items]
    elsewhere = external_ids_of(ids) if not fields or "external_ids" in fields else {}
    waiting = corrections_of(ids, is_masked=is_masked) if not fields or "corrections" in fields else {}
    for item in items:
        item["external_ids"] = elsewhere.get(item["id"], {})
        item["corrections"] = waiting.get(item["id"], {})
    if fields:
        items = [{name: item[name] for name in ("id", *fields) if name in item} for item in items]
    return RecordPage(items, page.next or None)


def customer_record(scope: Scope, customer_id: int, *, is_masked: bool = False) -> Record | None:
    """One record; None when there is none the caller may see."""
    found = customer_records(scope, filters={"id": customer_id}, limit=1, is_masked=is_masked).items
    return found[0] if found else None
