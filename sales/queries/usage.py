"""What customers have, how they use it, and how that changes (CUS-17, CUS-18, CUS-19, SAL-6)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.models import Product
from accounts.rules import add_months
from accounts.rules.products import Attribute, attributes_of
from crm.core.pages import Keyset
from crm.core.scope import Scope
from sales.usage_rules import FIGURES, active_sql

LIMIT = 50
COMPARED = ("revenue", "volume", "voice_minutes", "data_mb", "messages", "active_members")
"""What is compared month by month; a balance is a state, not a use."""


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product as pages show it."""

    id: int
    code: str
    name: str
    label_en: str
    category: str
    least: int | None
    unit: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    needs_consent: bool
    is_active: bool

    def label(self, language: str) -> str:
        """In the reader's language."""
        return self.name if language.startswith("zh") or not self.label_en else self.label_en

    def unit_label(self, language: str) -> str:
        """What a use is."""
        if len(self.unit) < 2:
            return ""
        return self.unit[0] if language.startswith("zh") else self.unit[1]


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of a customer with a product; None: nobody told."""

    product_id: int | None
    month: date
    revenue: Decimal | None
    voice_minutes: int | None
    data_mb: int | None
    messages: int | None
    volume: Decimal | None
    active_members: int | None
    active_lines: int | None
    balance: Decimal | None
    active_told: int | None
    told: int | None

    @property
    def active(self) -> int | None:
        """SAL-6: members that reached the rule, counted from their uses where they were told."""
        return self.active_told if self.told else self.active_members


@dataclass(frozen=True, slots=True)
class Survey:
    """A tracking survey of a subscription."""

    on: str
    text: str
    satisfaction: int | None
    by: str


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """What a customer has or had."""

    id: int
    product_id: int
    line: str | None
    quantity: int
    attributes: dict[str, Any]
    consent_note: str
    started_on: date
    ended_on: date | None
    source: str
    surveys: tuple[Survey, ...]


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """A suggestion report."""

    id: int
    product_id: int | None
    month: date
    text: str
    by: str
    at: datetime
    file_id: int | None = None


_HISTORY = f"""
SELECT um.product_id, um.month, {", ".join(f"um.{name}" for name in FIGURES)}, u.active, u.told
FROM sales_usagemonth um LEFT JOIN accounts_product p ON p.id = um.product_id
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE {active_sql("mu", "p")}) AS active, count(*) AS told FROM sales_memberuse mu
  JOIN accounts_groupmember m ON m.id = mu.member_id AND m.customer_id = um.customer_id
  WHERE mu.product_id = um.product_id AND mu.month = um.month) u ON um.product_id IS NOT NULL
WHERE um.customer_id = %s AND um.month >= %s ORDER BY um.month
"""
_SUBSCRIPTIONS = """
SELECT s.id, s.product_id, l.number, s.quantity, s.attributes, s.consent_note, s.started_on, s.ended_on, s.source,
  coalesce((SELECT json_agg(json_build_object('on', n."on", 'text', n.text, 'satisfaction', n.satisfaction, 'by',
    u.name) ORDER BY n."on" DESC, n.id DESC)
    FROM sales_surveynote n JOIN core_user u ON u.id = n.by_id WHERE n.subscription_id = s.id), '[]')
FROM sales_subscription s LEFT JOIN accounts_line l ON l.id = s.line_id
WHERE s.customer_id = %s ORDER BY (s.ended_on IS NOT NULL AND s.ended_on < %s), s.started_on DESC, s.id DESC LIMIT 100
"""


def product_cards() -> dict[int, ProductCard]:
    """The catalogue by id, in its order."""
    return {
        row.pk: ProductCard(
            row.pk, row.code, row.name, row.label_en, row.category, row.min_uses_per_member, tuple(row.use_unit),
            attributes_of(row.attributes), row.needs_consent, row.is_active,
        )
        for row in Product.objects.order_by("position", "code")
    }  # fmt: skip


def history_of(customer_id: int, first: date) -> list[MonthRow]:
    """The months of a customer, by product and as a whole."""
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, [customer_id, first])
        return [MonthRow(*row) for row in cursor.fetchall()]


def subscriptions_of(customer_id: int, today: date) -> list[SubscriptionRow]:
    """What a customer has, then what he had; each with its surveys, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBSCRIPTIONS, [customer_id, today])
        return [
            SubscriptionRow(
                row[0],
                row[1],
                row[2],
                row[3],
                _json(row[4]),
                row[5],
                row[6],
                row[7],
                row[8],
                tuple(Survey(**note) for note in _json(row[9])),
            )
            for row in cursor.fetchall()
        ]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def advice_of(customer_id: int, limit: int = 12) -> list[AdviceRow]:
    """The suggestion reports on a customer, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.product_id, a.month, a.text, u.name, a.at, a.file_id"
            " FROM sales_usageadvice a JOIN core_user u ON u.id = a.by_id"
            " WHERE a.customer_id = %s ORDER BY a.month DESC, a.id DESC LIMIT %s",
            [customer_id, limit],
        )
        return [AdviceRow(*row) for row in cursor.fetchall()]


# --- Changes over a portfolio


@dataclass(frozen=True, slots=True)
class Sum:
    """A product over everybody in sight: how much in a month, the month before, and the same month of last year."""

    product_id: int | None
    customers: int
    now: Decimal | None
    before: Decimal | None
    last_year: Decimal | None


@dataclass(frozen=True, slots=True)
class Change:
    """A customer whose use changed."""

    id: int
    customer_id: int
    name: str
    number: str
    tier_id: int | None
    manager_id: int | None
    now: Decimal
    before: Decimal
    last_year: Decimal | None
    share: Decimal
    advice_id: int | None


_SUMS = """
SELECT um.product_id, count(DISTINCT um.customer_id) FILTER (WHERE um.month = %(month)s),
  sum(um.{figure}) FILTER (WHERE um.month = %(month)s), sum(um.{figure}) FILTER (WHERE um.month = %(before)s),
  sum(um.{figure}) FILTER (WHERE um.month = %(year)s)
FROM sales_usagemonth um JOIN accounts_customer c ON c.id = um.customer_id
WHERE um.month IN (%(month)s, %(before)s, %(year)s) AND {scope}
GROUP BY um.product_id
"""
SHARE = "round((um.{figure} - b.{figure})::numeric / b.{figure}, 6)"
_CHANGES = f"""
SELECT um.id, c.id, c.name, c.number, c.tier_id, c.manager_id, um.{{figure}}, b.{{figure}}, y.{{figure}}, x.share,
  (SELECT max(a.id) FROM sales_usageadvice a WHERE a.customer_id = c.id AND a.month = um.month
    AND a.product_id IS NOT DISTINCT FROM um.product_id)
FROM sales_usagemonth um JOIN accounts_customer c ON c.id = um.customer_id
JOIN sales_usagemonth b ON b.customer_id = um.customer_id AND b.month = %(before)s AND b.{{of}} AND b.{{figure}} > 0
LEFT JOIN sales_usagemonth y ON y.customer_id = um.customer_id AND y.month = %(year)s AND y.{{of}}
CROSS JOIN LATERAL (SELECT {SHARE} AS share) x
WHERE um.month = %(month)s AND um.{{of}} AND um.{{figure}} IS NOT NULL AND {{scope}} AND {{which}} AND {{after}}
ORDER BY {{order}} LIMIT %(limit)s
"""
FALLS, RISES = (
    Keyset(("x.share", "um.id"), LIMIT, (Decimal, int)),
    Keyset(("-x.share", "-um.id"), LIMIT, (Decimal, int)),
)


def newest_month(today: date) -> date | None:
    """The newest month that has ended and that anybody told of: how fresh the feed is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(month) FROM sales_usagemonth WHERE month < %s", [today.replace(day=1)])
        found: tuple[date | None] = cursor.fetchone()
        return found[0]


def _named(clause: str, params: Sequence[Any], prefix: str) -> tuple[str, dict[str, Any]]:
    """Positional marks as named ones, so that they can stand beside others."""
    pieces = clause.split("%s")
    text = pieces[0] + "".join(f"%({prefix}{place})s{piece}" for place, piece in enumerate(pieces[1:]))
    return text, {f"{prefix}{place}": value for place, value in enumerate(params)}


def _months(month: date) -> dict[str, Any]:
    return {"month": month, "before": add_months(month, -1), "year": add_months(month, -12)}


def sums(scope: Scope, month: date, figure: str) -> list[Sum]:
    """CUS-19: product by product over everybody in sight, the whole of the customers first."""
    where, params = _named(*scope.sql("c"), "s")
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(figure=_figure(figure), scope=where), _months(month) | params)
        rows = [Sum(*row) for row in cursor.fetchall()]
    order = list(product_cards())
    return sorted(rows, key=lambda row: -1 if row.product_id is None else order.index(row.product_id))


def changes(
    scope: Scope, month: date, figure: str, *, filters: Mapping[str, Any], rising: bool = False, cursor: str = ""
) -> tuple[list[Change], str | None]:
    """Customers by how much their use changed, the greatest fall (or rise) first; (rows, cursor of the next page)."""
    keyset = RISES if rising else FALLS
    where, params = _named(*scope.sql("c"), "s")
    after, place = _named(*keyset.where(cursor), "a")
    values = _months(month) | params | place | {"limit": keyset.limit + 1, "least": filters.get("least", 0)}
    which = ["x.share >= %(least)s" if rising else "x.share <= -%(least)s"]
    if filters.get("manager"):
        which.append("c.manager_id = %(manager)s")
        values["manager"] = filters["manager"]
    product_id = filters.get("product_id")
    values["product"] = product_id
    sql = _CHANGES.format(
        figure=_figure(figure),
        of="product_id = %(product)s" if product_id else "product_id IS NULL",
        scope=where,
        which=" AND ".join(which),
        after=after,
        order=keyset.order_sql,
    )
    with connection.cursor() as db:
        db.execute(sql, values)
        found = [Change(*row) for row in db.fetchall()]
    rows, following = keyset.page(found, lambda row: [row.share, row.id])
    return list(rows), following


def _figure(figure: str) -> str:
    """A column of code; anything else never reaches a statement."""
    return COMPARED[COMPARED.index(figure)]


# --- Members


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a group and how often he used a product."""

    id: int
    number: str
    name: str
    uses: int | None


def member_uses(customer_id: int, product_id: int, month: date, *, after: int = 0) -> list[MemberRow]:
    """SAL-6: the members in service with their uses of the month; nobody told: None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.id, m.msisdn, m.name, mu.uses FROM accounts_groupmember m LEFT JOIN sales_memberuse mu"
            " ON mu.member_id = m.id AND mu.product_id = %s AND mu.month = %s"
            " WHERE m.customer_id = %s AND (m.state = 'active' OR mu.uses IS NOT NULL) AND m.id > %s"
            " ORDER BY m.id LIMIT %s",
            [product_id, month, customer_id, after, LIMIT + 1],
        )
        return [MemberRow(*row) for row in cursor.fetchall()]
