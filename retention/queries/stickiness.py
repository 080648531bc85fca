"""在网粘性 (RET-17): how many things hold a customer: an agreement in force, two products, a policy he enjoys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.queries import customer_list, names
from accounts.queries.names import TierView
from crm.core import parameters
from crm.core.pages import Count
from crm.core.scope import Scope
from engagement.queries.policies import RUNNING
from sales.queries.agreements import VIEWS as AGREEMENTS

ENOUGH_PRODUCTS = 2


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that holds a customer; `sql` is a condition with {customer} and {day}, columns or marks."""

    code: str
    label: str | Promise
    missing: str | Promise
    """What to do about it."""
    icon: str
    tab: str
    """Where on the customer page it is told."""
    table: str
    """Its rows of customers, and the letter they go by."""
    holds: str
    """When such a row holds him, with {day}."""
    counted: str = ""
    """What must be there more than once, if one row is too little."""

    @property
    def _letter(self) -> str:
        return self.table.split()[-1]

    @property
    def sql(self) -> str:
        """Whether it holds a customer: a condition with {customer} and {day}, columns or marks."""
        rows = f"FROM {self.table} WHERE {self._letter}.customer_id = {{customer}} AND {self.holds}"
        if self.counted:
            return f"(SELECT count(DISTINCT {self.counted}) {rows}) >= {ENOUGH_PRODUCTS}"
        return f"EXISTS (SELECT {rows})"

    @property
    def everybody(self) -> str:
        """All whom it holds, once each, with {day}; `[[id]]` marks where only some customers are asked for."""
        column = f"{self._letter}.customer_id"
        enough = f" HAVING count(DISTINCT {self.counted}) >= {ENOUGH_PRODUCTS}" if self.counted else ""
        return f"SELECT {column} FROM {self.table} WHERE {self.holds} AND [[{column}]] GROUP BY 1{enough}"


FACTORS: tuple[Factor, ...] = (
    Factor(
        "agreement",
        _("Agreement in force"),
        _("Offer an agreement"),
        "file-certificate",
        "agreements",
        "sales_agreement a",
        AGREEMENTS["in_force"].replace("%s", "{day}"),
    ),
    Factor(
        "products",
        _("Two products or more"),
        _("Offer another product"),
        "package",
        "usage",
        "sales_subscription u",
        "u.started_on <= {day} AND (u.ended_on IS NULL OR u.ended_on >= {day})",
        "u.product_id",
    ),
    Factor(
        "policy",
        _("Enjoys a policy"),
        _("Enrol in a service policy"),
        "gift",
        "care",
        "engagement_policyenrolment e",
        RUNNING,
    ),
)
"""Those there are; the membership in a club will be one more."""  # ti-file-certificate ti-package ti-gift


def stickiness_sql(customer: str, day: str) -> str:
    """The number of factors of a customer on a day; both are columns or marks of the statement, never input."""
    return "(" + " + ".join(f"({one.sql.format(customer=customer, day=day)})::int" for one in FACTORS) + ")"


def held_sql(day: str) -> str:
    """(customer_id, n) of everybody held by anything on a day, for a night: each table is read once."""
    held = " UNION ALL ".join(one.everybody.format(day=day) for one in FACTORS)
    return f"SELECT k.customer_id, count(*) AS n FROM ({held}) k GROUP BY 1"


_POSITIONAL = stickiness_sql("c.id", "%s")
AT_MOST = "sticky_at_most"
customer_list.add_filter(
    AT_MOST,
    lambda value: (
        f"{customer_list.VALUED} AND {_POSITIONAL} <= %s", [value[0]] * _POSITIONAL.count("%s") + [value[1]]
    ),
)  # fmt: skip


def low_on(day: date) -> int:
    """So many factors or fewer are few."""
    return int(parameters.value("low_stickiness", day))


def factors_of(customer_ids: Sequence[int], day: date) -> dict[int, frozenset[str]]:
    """What holds customers already visible, by the codes of the factors; one statement."""
    conditions = ", ".join(one.sql.format(customer="k.id", day="%(day)s::date") for one in FACTORS)
    with connection.cursor() as db:
        db.execute(
            f"SELECT k.id, {conditions} FROM unnest(%(ids)s::bigint[]) AS k(id)",
            {"ids": list(customer_ids), "day": day},
        )
        return {
            row[0]: frozenset(one.code for one, holds in zip(FACTORS, row[1:], strict=True) if holds)
            for row in db.fetchall()
        }


@dataclass(frozen=True, slots=True)
class StickyRow:
    """A customer with few things that hold him."""

    id: int
    number: str
    name: str
    tier: TierView | None
    manager: str
    unit: str
    value: Decimal
    held: frozenset[str]

    @property
    def factors(self) -> list[tuple[Factor, bool]]:
        """Every factor, and whether it holds him."""
        return [(one, one.code in self.held) for one in FACTORS]


_COLUMNS = "c.id, c.number, c.name, c.tier_id, c.manager_id, c.unit_id, s.value"


def low_stickiness(
    scope: Scope,
    day: date,
    *,
    most: int,
    filters: Mapping[str, Any],
    search: str = "",
    cursor: str = "",
    limit: int = 50,
) -> tuple[list[StickyRow], str]:
    """RET-17: who is held by at most so many things, those who bring most first; two statements."""
    page = customer_list.customer_page(
        scope, filters={**filters, AT_MOST: (day, most)}, search=search, cursor=cursor, limit=limit, columns=_COLUMNS
    )
    held = factors_of([row[0] for row in page.rows], day)
    rows = [
        StickyRow(
            pk, number, name, names.tier(tier_id), names.staff_name(manager_id), names.unit_name(unit_id), value,
            held[pk],
        )
        for pk, number, name, tier_id, manager_id, unit_id, value in page.rows
    ]  # fmt: skip
    return rows, page.next


def count_low(scope: Scope, day: date, most: int) -> Count:
    """How many there are, counted no further than 10,000."""
    return customer_list.count_customers(scope, filters={AT_MOST: (day, most)})
