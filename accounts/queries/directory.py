"""Units, staff and tiers as value rows for REST clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import Staff, Tier, TierRule, Unit
from accounts.rules import tier_rule_on
from crm.core.pages import narrowed, rows_by_id
from crm.core.scope import Scope
from crm.core.text import mask_phone

Row = dict[str, Any]


_UNITS = """
SELECT u.id, u.code, u.name, u.type, p.code, u.area, u.is_active, u.live_from, u.version
FROM accounts_unit u LEFT JOIN accounts_unit p ON p.id = u.parent_id WHERE {where}
"""
_UNIT_FILTERS = {"code": "u.code = %s", "type": "u.type = %s", "ids": "u.id = ANY(%s)"}
UNIT_FIELDS = ("id", "code", "name", "type", "parent", "area", "is_active", "live_from", "version")


def unit_rows(scope: Scope, *, filters: Mapping[str, Any], cursor: str, limit: int) -> tuple[list[Row], str | None]:
    """(units, cursor of the next page), by id."""
    clause = narrowed(scope.sql_for(unit="u.id"), _UNIT_FILTERS, filters)
    rows, following = rows_by_id(_UNITS, "u.id", clause, cursor=cursor, limit=limit)
    return [dict(zip(UNIT_FIELDS, row, strict=True)) for row in rows], following


_STAFF = """
SELECT s.id, s.number, s.name, u.code, s.line, s.grade, s.phone, b.number, k.number, s.is_active, s.version
FROM accounts_staff s JOIN accounts_unit u ON u.id = s.unit_id
LEFT JOIN accounts_staff b ON b.id = s.supervisor_id LEFT JOIN accounts_staff k ON k.id = s.backup_id WHERE {where}
"""
_STAFF_FILTERS = {"number": "s.number = %s", "unit": "u.code = %s", "line": "s.line = %s", "ids": "s.id = ANY(%s)"}
STAFF_FIELDS = (
    "id", "number", "name", "unit", "line", "grade", "phone", "supervisor", "backup", "is_active", "version",
)  # fmt: skip


def staff_rows(scope: Scope, *, filters: Mapping[str, Any], cursor: str, limit: int) -> tuple[list[Row], str | None]:
    """(staff, cursor of the next page), by id; supervisor and backup as staff numbers."""
    clause = narrowed(scope.sql_for(unit="s.unit_id", manager="s.id"), _STAFF_FILTERS, filters)
    rows, following = rows_by_id(_STAFF, "s.id", clause, cursor=cursor, limit=limit)
    return [dict(zip(STAFF_FIELDS, row, strict=True)) for row in rows], following


_CONTACTS = """
SELECT p.id, p.customer_id, p.name, p.position, p.role, p.phone, p.birthday, p.relation_strength, p.is_active,
    p.external_source, p.external_id, p.version
FROM accounts_contactperson p JOIN accounts_customer c ON c.id = p.customer_id WHERE {where}
"""
_CONTACT_FILTERS = {
    "id": "p.id = %s",
    "ids": "p.id = ANY(%s)",
    "customer": "p.customer_id = %s",
    "role": "p.role = %s",
    "source": "p.external_source = %s",
    "external_id": "p.external_id = %s",
}
CONTACT_FIELDS = (
    "id", "customer", "name", "position", "role", "phone", "birthday", "relation_strength", "is_active", "source",
    "external_id", "version",
)  # fmt: skip


def contact_person_rows(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str, limit: int, is_masked: bool
) -> tuple[list[Row], str | None]:
    """(contact persons, cursor of the next page), by id."""
    clause = narrowed(scope.sql("c"), _CONTACT_FILTERS, filters)
    found, following = rows_by_id(_CONTACTS, "p.id", clause, cursor=cursor, limit=limit)
    rows = [dict(zip(CONTACT_FIELDS, row, strict=True)) for row in found]
    if is_masked:
        for row in rows:
            row["phone"] = mask_phone(row["phone"])
    return rows, following


def unit_by_code(scope: Scope, code: str) -> Unit | None:
    """A visible unit by its code."""
    return Unit.visible_to(scope).filter(code=code).first()


def staff_by_number(scope: Scope, number: str) -> Staff | None:
    """A visible colleague by staff number."""
    return Staff.visible_to(scope).filter(number=number).first()


def tier_table(today: Any) -> list[Row]:
    """Every tier in use with the cadence in force (CUS-1): a handful of rows, visible to everybody."""
    rules = list(TierRule.objects.all())
    found = []
    for tier in Tier.objects.filter(is_active=True).order_by("kind", "rank"):
        own = [rule for rule in rules if rule.tier_id == tier.pk]
        rule = tier_rule_on(own, today)
        found.append(
            {
                "id": tier.pk,
                "kind": tier.kind,
                "code": tier.code,
                "rank": tier.rank,
                "label_zh": tier.label_zh,
                "label_en": tier.label_en,
                "contact_period": rule.period if rule else "",
                "effective_from": rule.effective_from if rule else None,
            }
        )
    return found
