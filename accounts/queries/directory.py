"""Units, staff and tiers as value rows for REST clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from accounts.models import Staff, Tier, TierRule, Unit
from accounts.rules import tier_rule_on
from crm.core.pages import Keyset
from crm.core.scope import Scope
from crm.core.text import mask_phone

Row = dict[str, Any]


def _page(sql: str, params: list[Any], keyset: Keyset, names: tuple[str, ...]) -> tuple[list[Row], str | None]:
    with connection.cursor() as db:
        db.execute(sql, [*params, keyset.limit + 1])
        rows, following = keyset.page(db.fetchall(), lambda row: row[:1])
    return [dict(zip(names, row, strict=True)) for row in rows], following


def _narrowed(where: str, params: list[Any], given: Mapping[str, Any], **known: str) -> tuple[str, list[Any]]:
    """The condition with the filters that were given."""
    for name, condition in known.items():
        if name in given:
            where, params = f"{where} AND {condition}", [*params, given[name]]
    return where, params


UNIT_FIELDS = ("id", "code", "name", "type", "parent", "area", "is_active", "live_from", "version")


def unit_rows(scope: Scope, *, filters: Mapping[str, Any], cursor: str, limit: int) -> tuple[list[Row], str | None]:
    """(units, cursor of the next page), by id."""
    where, params = scope.sql_for(unit="u.id")
    keyset = Keyset(("u.id",), limit, (int,))
    after, own = keyset.where(cursor)
    where, params = f"{where} AND {after}", [*params, *own]
    where, params = _narrowed(where, params, filters, code="u.code = %s", type="u.type = %s", ids="u.id = ANY(%s)")
    return _page(
        "SELECT u.id, u.code, u.name, u.type, p.code, u.area, u.is_active, u.live_from, u.version"
        f" FROM accounts_unit u LEFT JOIN accounts_unit p ON p.id = u.parent_id WHERE {where} ORDER BY u.id LIMIT %s",
        params,
        keyset,
        UNIT_FIELDS,
    )


STAFF_FIELDS = (
    "id", "number", "name", "unit", "line", "grade", "phone", "supervisor", "backup", "is_active", "version",
)  # fmt: skip


def staff_rows(scope: Scope, *, filters: Mapping[str, Any], cursor: str, limit: int) -> tuple[list[Row], str | None]:
    """(staff, cursor of the next page), by id; supervisor and backup as staff numbers."""
    where, params = scope.sql_for(unit="s.unit_id", manager="s.id")
    keyset = Keyset(("s.id",), limit, (int,))
    after, own = keyset.where(cursor)
    where, params = f"{where} AND {after}", [*params, *own]
    known = {"number": "s.number = %s", "unit": "u.code = %s", "line": "s.line = %s", "ids": "s.id = ANY(%s)"}
    where, params = _narrowed(where, params, filters, **known)
    return _page(
        "SELECT s.id, s.number, s.name, u.code, s.line, s.grade, s.phone, b.number, k.number, s.is_active, s.version"
        " FROM accounts_staff s JOIN accounts_unit u ON u.id = s.unit_id"
        " LEFT JOIN accounts_staff b ON b.id = s.supervisor_id LEFT JOIN accounts_staff k ON k.id = s.backup_id"
        f" WHERE {where} ORDER BY s.id LIMIT %s",
        params,
        keyset,
        STAFF_FIELDS,
    )


CONTACT_FIELDS = (
    "id", "customer", "name", "position", "role", "phone", "birthday", "relation_strength", "is_active", "version",
)  # fmt: skip


def contact_person_rows(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str, limit: int, is_masked: bool
) -> tuple[list[Row], str | None]:
    """(contact persons, cursor of the next page), by id."""
    where, params = scope.sql("c")
    keyset = Keyset(("p.id",), limit, (int,))
    after, own = keyset.where(cursor)
    where, params = f"{where} AND {after}", [*params, *own]
    known = {"id": "p.id = %s", "ids": "p.id = ANY(%s)", "customer": "p.customer_id = %s", "role": "p.role = %s"}
    where, params = _narrowed(where, params, filters, **known)
    rows, following = _page(
        "SELECT p.id, p.customer_id, p.name, p.position, p.role, p.phone, p.birthday, p.relation_strength,"
        " p.is_active, p.version FROM accounts_contactperson p JOIN accounts_customer c ON c.id = p.customer_id"
        f" WHERE {where} ORDER BY p.id LIMIT %s",
        params,
        keyset,
        CONTACT_FIELDS,
    )
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
