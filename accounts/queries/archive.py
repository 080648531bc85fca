"""The five qualities of the archive: true, accurate, complete, standard, secret (CUS-13), each with its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.queries import names
from crm.core.pages import Keyset
from crm.core.scope import Scope
from crm.core.text import mask_phone

QUALITIES = ("true", "accurate", "complete", "standard", "secret")
LOOK_DAYS = 30
LIMIT = 50
_PHONE = r"^(1[3-9]\d{9}|0\d{2,3}-\d{7,8}(-\d{1,6})?|[1489]\d{4,9})$"
_FORM = "(c.phone = '' OR c.phone ~ %(phone)s) AND (c.credit_code = '' OR length(c.credit_code) = 18)"

# What a customer must hold for each quality; `dup` are the numbers that more than one customer has.
_HOLDS: dict[str, str] = {
    "true": "coalesce(c.profile_updated_at, c.created_at) >= %(since)s",
    "accurate": "c.phone <> '' AND dup.phone IS NULL",
    "complete": "s.completeness >= 100",
    "standard": _FORM,
}
_FROM = """
FROM accounts_customer c JOIN accounts_standing s ON s.customer_id = c.id
LEFT JOIN (SELECT d.phone FROM accounts_customer d WHERE d.phone <> '' GROUP BY 1 HAVING count(*) > 1) dup
    ON dup.phone = c.phone
WHERE c.state = 'active' AND {where}
"""
_HELD = ", ".join(f"count(*) FILTER (WHERE {rule})" for rule in _HOLDS.values())
_COUNTS = f"""
SELECT count(*), coalesce(avg(s.completeness), 0), {_HELD}
{_FROM}
"""
_FAILING = f"""
SELECT c.id, c.name, c.number, c.tier_id, c.manager_id, c.unit_id, c.phone, c.credit_code, s.completeness,
    coalesce(c.profile_updated_at, c.created_at)
{_FROM} AND NOT ({{rule}}) AND {{after}} ORDER BY c.id LIMIT %(limit)s
"""
_OF_LOOKS = """
FROM core_accesslog l JOIN accounts_customer c ON c.id = l.subject_id
WHERE l.subject_table = 'accounts_customer' AND l.at >= %(from)s AND {where}
"""
_SEEN = "l.kind IN ('look', 'reveal')"
_LOOKS = f"""
SELECT count(*) FILTER (WHERE {_SEEN}), count(*) FILTER (WHERE {_SEEN} AND l.reason <> ''),
    count(*) FILTER (WHERE l.kind = 'denied') {_OF_LOOKS}
"""
_BAD_LOOKS = f"""
SELECT l.id, l.at, l.kind, u.name, c.id, c.name, l.reason FROM (
    SELECT l.* {_OF_LOOKS} AND (l.kind = 'denied' OR {_SEEN} AND l.reason = '') AND {{after}}
    ORDER BY l.id DESC LIMIT %(limit)s
) l JOIN accounts_customer c ON c.id = l.subject_id LEFT JOIN core_user u ON u.id = l.user_id ORDER BY l.id DESC
"""


@dataclass(frozen=True, slots=True)
class ArchiveQuality:
    """The five qualities: how many customers hold each, how complete they are, and how full data was looked at."""

    customers: int
    completeness: float
    true: int
    accurate: int
    complete: int
    standard: int
    looks: int
    reasoned: int
    refused: int

    def per_cent(self, quality: str) -> float | None:
        """One decimal; of nothing there is no share. Complete is the mean share of the required fields."""
        if quality == "complete":
            return round(self.completeness, 1) if self.customers else None
        part, whole = (self.reasoned, self.looks) if quality == "secret" else (getattr(self, quality), self.customers)
        return round(100 * part / whole, 1) if whole else None

    def failing(self, quality: str) -> int:
        """How many rows the quality lacks."""
        if quality == "secret":
            return self.looks - self.reasoned + self.refused
        return self.customers - int(getattr(self, quality))


@dataclass(frozen=True, slots=True)
class FailingCustomer:
    """A customer that lacks a quality, with what there is to see of it."""

    id: int
    name: str
    number: str
    tier_id: int | None
    manager_id: int | None
    unit_id: int
    phone: str  # masked
    has_bad_code: bool
    completeness: int
    touched_on: date

    @property
    def manager(self) -> str:
        """Who looks after him."""
        return names.staff_name(self.manager_id)


@dataclass(frozen=True, slots=True)
class BadLook:
    """A look at full data without a reason, or one that was refused."""

    id: int
    at: datetime
    kind: str
    by: str | None
    customer_id: int
    customer: str
    reason: str


def _named(scope: Scope) -> tuple[str, dict[str, Any]]:
    where, values = scope.sql("c")
    marks = [f"scope_{place}" for place in range(len(values))]
    return where % tuple(f"%({mark})s" for mark in marks) if marks else where, dict(zip(marks, values, strict=True))


def archive_quality(scope: Scope, *, since: datetime, now: datetime) -> ArchiveQuality:
    """CUS-13: the five as numbers; `since`: what was confirmed or changed from then on counts as true."""
    where, params = _named(scope)
    params |= {"since": since, "phone": _PHONE, "from": now - timedelta(days=LOOK_DAYS)}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(where=where), params)
        total, completeness, true, accurate, complete, standard = cursor.fetchone()
        cursor.execute(_LOOKS.format(where=where), params)
        looks, reasoned, refused = cursor.fetchone()
    return ArchiveQuality(total, float(completeness), true, accurate, complete, standard, looks, reasoned, refused)


def failing_customers(
    scope: Scope, quality: str, *, since: datetime, cursor: str = ""
) -> tuple[list[FailingCustomer], str | None]:
    """The customers that lack a quality, and where the list goes on."""
    where, params = _named(scope)
    keyset = Keyset(("c.id",), LIMIT, (int,))
    after, place = _after(keyset, cursor, "c.id > %(place)s")
    params |= {"since": since, "phone": _PHONE, "limit": LIMIT + 1} | place
    sql = _FAILING.format(where=where, rule=_HOLDS[quality], after=after)
    with connection.cursor() as db:
        db.execute(sql, params)
        rows, following = keyset.page(db.fetchall(), lambda row: row[:1])
    return [_failing(row) for row in rows], following


def _failing(row: tuple[Any, ...]) -> FailingCustomer:
    pk, name, number, tier_id, manager_id, unit_id, phone, code, completeness, touched_at = row
    return FailingCustomer(
        pk, name, number, tier_id, manager_id, unit_id, mask_phone(phone), bool(code) and len(code) != 18,
        completeness, timezone.localdate(touched_at),
    )  # fmt: skip


def bad_looks(scope: Scope, *, now: datetime, cursor: str = "") -> tuple[list[BadLook], str | None]:
    """Looks without a reason and refused ones of the last days, newest first."""
    where, params = _named(scope)
    keyset = Keyset(("-l.id",), LIMIT, (int,))
    after, place = _after(keyset, cursor, "l.id < %(place)s")
    params |= {"from": now - timedelta(days=LOOK_DAYS), "limit": LIMIT + 1} | place
    with connection.cursor() as db:
        db.execute(_BAD_LOOKS.format(where=where, after=after), params)
        rows, following = keyset.page(db.fetchall(), lambda row: row[:1])
    return [BadLook(*row) for row in rows], following


def _after(keyset: Keyset, cursor: str, condition: str) -> tuple[str, dict[str, Any]]:
    return (condition, {"place": keyset.values(cursor)[0]}) if cursor else ("TRUE", {})
