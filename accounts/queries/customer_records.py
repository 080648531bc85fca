"""Customers as REST clients read them: value rows → dicts, names and cards from the process cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.queries import names
from accounts.queries.customer_list import NO_DUE, customer_page, external_ids_of
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
FIELDS = (*PLAIN, "unit", "manager", "backup_manager", "tier", "external_ids", *STANDING)
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


class _Names:
    """Codes and cards of one page: the few different ones are made once and shared by its rows."""

    def __init__(self) -> None:
        self.tiers: dict[int | None, str | None] = {None: None} | {tier.id: tier.code for tier in names.tiers()}
        self.units: dict[int, str] = {}
        self.people: dict[int | None, tuple[Record | None, Record | None]] = {None: (None, None)}

    def unit(self, unit_id: int) -> str:
        """The code of a unit."""
        found = self.units.get(unit_id)
        if found is None:
            found = self.units[unit_id] = names.unit_code(unit_id)
        return found

    def cards(self, manager_id: int | None) -> tuple[Record | None, Record | None]:
        """Manager and backup (ORG-10)."""
        found = self.people.get(manager_id)
        if found is None:
            manager = names.staff_card(manager_id)
            found = self.people[manager_id] = (card(manager_id), card(manager.backup_id) if manager else None)
        return found


_KEYS = (*PLAIN, "unit_id", "manager_id", "tier_id", *STANDING)


def _record(row: Sequence[Any], known: _Names, *, is_masked: bool) -> Record:
    record: Record = dict(zip(_KEYS, row, strict=True))
    if record["next_due_on"] == NO_DUE:
        record["next_due_on"] = None
    tier_id = record.pop("tier_id")
    record["unit"] = known.unit(record.pop("unit_id"))
    record["manager"], record["backup_manager"] = known.cards(record.pop("manager_id"))
    record["tier"] = known.tiers[tier_id] if tier_id in known.tiers else getattr(names.tier(tier_id), "code", None)
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
    page = customer_page(scope, filters=filters, search=search, sort=sort, cursor=cursor, limit=limit, columns=COLUMNS)
    known = _Names()
    items = [_record(row, known, is_masked=is_masked) for row in page.rows]
    if not fields or "external_ids" in fields:
        ids = external_ids_of([item["id"] for item in items])
        for item in items:
            item["external_ids"] = ids.get(item["id"], {})
    if fields:
        items = [{name: item[name] for name in ("id", *fields) if name in item} for item in items]
    return RecordPage(items, page.next or None)


def customer_record(scope: Scope, customer_id: int, *, is_masked: bool = False) -> Record | None:
    """One record; None when there is none the caller may see."""
    found = customer_records(scope, filters={"id": customer_id}, limit=1, is_masked=is_masked).items
    return found[0] if found else None
