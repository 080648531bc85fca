"""Usage, bills and uses of members come in from billing; the same row again writes nothing (SAL-35, SAL-6, SAL-23)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Generic

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, GroupMember
from accounts.rules.fields import Checked
from crm.core.errors import FieldProblem, Invalid
from sales.actions.dunning import follow_bills
from sales.actions.lines import Lines, number_or_blank
from sales.actions.rows import CREATED, FAILED, STALE, UPDATED, Book, Done, Row, customer_ids
from sales.actions.settling import settle_bills, told_of_payment
from sales.models import Bill, MemberUse, UsageMonth
from sales.rules import month
from sales.usage_rules import FIGURES, check_bill, check_usage, check_use

_TELL_OF_PRODUCTS = """
INSERT INTO sales_usagemonth (customer_id, product_id, month, source, updated_at)
SELECT DISTINCT m.customer_id, k.product_id, k.month, %s, %s::timestamptz
FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS k(member_id, product_id, month)
JOIN accounts_groupmember m ON m.id = k.member_id
ON CONFLICT DO NOTHING
"""
"""A month somebody told uses of is a month of the customer with the product, even when its figures come later."""


def word(item: Mapping[str, Any], name: str) -> str:
    """What a row gives as a text; anything else is nobody's name, and the row's own check says so."""
    found = item.get(name)
    return found.strip() if isinstance(found, str) else ""


def month_or_none(raw: Any, today: date) -> date | None:
    """The month of a row, for finding what is stored; a bad one is named when the row is checked."""
    try:
        return month(raw, "month", today)
    except Invalid:
        return None


class MonthBook(Book[Row], Generic[Row]):
    """Rows of a customer, known by customer, month and something else."""

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.lock_name = f"sales:{self.model._meta.model_name}"
        self.customers: dict[str, int] = {}
        self.stored: dict[tuple[Any, ...], Row] = {}

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The customers named, and what is stored of these months."""
        self.customers = customer_ids(self.scope, self.source, [w for w in (word(i, "customer") for i in items) if w])
        months = {found for item in items if (found := month_or_none(item.get("month"), self.today))}
        rows = self.model.unscoped.filter(customer_id__in=set(self.customers.values()), month__in=months)
        self.stored = {self.key_of(row): row for row in rows.select_for_update().order_by("pk")}

    @abstractmethod
    def key_of(self, row: Row) -> tuple[Any, ...]:
        """What makes a row this one."""

    def customer(self, clean: Mapping[str, Any], problems: list[FieldProblem]) -> int | None:
        """The customer of a row; out of sight is not there."""
        found = self.customers.get(clean.get("customer", ""))
        if found is None and not any(problem.field == "customer" for problem in problems):
            problems.append(FieldProblem("customer", "not_found", _("There is no such customer.")))
        return found

    def settle(self, row: Row | None, key: Mapping[str, Any], values: dict[str, Any], told: Any) -> Done[Row]:
        """Put the values into the row that is there, or into a new one."""
        if row is None:
            row = self.model(**key, **values, source=self.source, source_updated_at=told, updated_at=self.now)
            self.stored[self.key_of(row)] = row
            self.made.append(row)
            return Done(CREATED, row)
        if self.is_outdated(row, told):
            return Done(STALE, row)
        status = self.note(row, values)
        if status == UPDATED:
            self.note(row, {"source": self.source, "updated_at": self.now})
        self.heard(row, status, told)
        return Done(status, row)


class Usages(MonthBook[UsageMonth]):
    """Months of customers, by product or as a whole. A figure that is not given stays."""

    model = UsageMonth

    def key_of(self, row: UsageMonth) -> tuple[Any, ...]:
        """SAL-35: customer, month, product."""
        return row.customer_id, row.product_id, row.month

    def take(self, given: Mapping[str, Any]) -> Done[UsageMonth]:
        """One month."""
        clean, problems = check_usage(given, today=self.today)
        customer_id = self.customer(clean, problems)
        product_id = self.product_id(clean.get("product", ""), problems)
        if problems or customer_id is None:
            return Done(FAILED, problems=tuple(problems))
        key = {"customer_id": customer_id, "product_id": product_id, "month": clean["month"]}
        values = {name: clean[name] for name in FIGURES if name in clean}
        row = self.stored.get((customer_id, product_id, clean["month"]))
        return self.settle(row, key, values, clean.get("source_updated_at"))


class Bills(MonthBook[Bill]):
    """Bills of customers and of their lines; what is unpaid and due is followed at once (SAL-23)."""

    model = Bill

    def __init__(self, **about: Any) -> None:
        super().__init__(**about)
        self.lines = Lines()

    def key_of(self, row: Bill) -> tuple[Any, ...]:
        """Customer, month, line."""
        return row.customer_id, row.line_id, row.month

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The lines named too."""
        super().load(items)
        self.lines.load(items, set(self.customers.values()))

    def take(self, given: Mapping[str, Any]) -> Done[Bill]:
        """One bill, checked as it would be stored."""
        found = month_or_none(given.get("month"), self.today)
        customer_id = self.customers.get(word(given, "customer"))
        line = self.lines.of_month(customer_id, number_or_blank(given.get("line")), found)
        row = self.stored.get((customer_id, line.pk if line else None, found))
        clean, problems = self._checked(row, given)
        self.customer(clean, problems)
        if clean.get("line") and line is None and not problems:
            problems.append(FieldProblem("line", "not_found", _("The customer has no such number in this month.")))
        if problems or customer_id is None:
            return Done(FAILED, problems=tuple(problems))
        key = {"customer_id": customer_id, "line_id": line.pk if line else None, "month": clean["month"]}
        values = {name: clean[name] for name in ("amount", "due_on", "paid_amount", "paid_on")}
        if row is not None and row.told_amount is not None:
            values |= told_of_payment(row, clean)
        return self.settle(row, key, values, clean.get("source_updated_at"))

    def _checked(self, row: Bill | None, given: Mapping[str, Any]) -> Checked:
        """With what is stored where the call is silent; what is told of the payment replaces both of its fields."""
        if row is None:
            return check_bill(given, today=self.today)
        kept: dict[str, Any] = {"amount": row.amount, "due_on": row.due_on}
        paid, on = (row.paid_amount, row.paid_on) if row.told_amount is None else (row.told_amount, row.told_on)
        if not {"paid_on", "paid_amount"} & set(given):
            kept["paid_amount"] = paid
        return check_bill({**kept, **given}, today=self.today, was_paid_on=on)

    def save(self) -> None:
        """Store, and follow what is owed or paid now."""
        touched = {row.customer_id for row in (*self.made, *self.changed.values())}
        super().save()
        settle_bills([row.pk for row in self.changed.values() if row.told_amount is not None], now=self.now)
        if touched:
            follow_bills(touched, now=self.now)


class MemberUses(Book[MemberUse]):
    """Uses of group members; the customer's month with the product comes into being with them (SAL-6)."""

    model = MemberUse
    lock_name = "sales:memberuse"

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.members: dict[str, int] = {}
        self.stored: dict[tuple[int, int, date], MemberUse] = {}

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The members named, and what is stored of these months."""
        named = {number for item in items if (number := number_or_blank(item.get("member")))}
        seen = Customer.visible_to(self.scope).values("pk")
        rows = GroupMember.unscoped.filter(msisdn__in=named, customer_id__in=seen)
        self.members = dict(rows.values_list("msisdn", "id"))
        months = {found for item in items if (found := month_or_none(item.get("month"), self.today))}
        stored = MemberUse.unscoped.filter(member_id__in=self.members.values(), month__in=months)
        self.stored = {
            (row.member_id, row.product_id, row.month): row for row in stored.select_for_update().order_by("pk")
        }

    def take(self, given: Mapping[str, Any]) -> Done[MemberUse]:
        """One member's month."""
        clean, problems = check_use(given, today=self.today)
        product_id = self.product_id(clean.get("product", ""), problems)
        member_id = self.members.get(clean.get("member", ""))
        if member_id is None and clean.get("member"):
            problems.append(FieldProblem("member", "not_found", _("There is no such member.")))
        if problems or member_id is None or product_id is None:
            return Done(FAILED, problems=tuple(problems))
        row, told = self.stored.get((member_id, product_id, clean["month"])), clean.get("source_updated_at")
        if self.is_outdated(row, told):
            return Done(STALE, row)
        if row is None:
            row = MemberUse(member_id=member_id, product_id=product_id, month=clean["month"], updated_at=self.now)
            self.stored[member_id, product_id, clean["month"]] = row
            self.made.append(row)
        status = self.note(row, {"uses": clean["uses"]})
        if status == UPDATED:
            self.note(row, {"updated_at": self.now})
        self.heard(row, status, told)
        return Done(status, row)

    def save(self) -> None:
        """Store, and let the months of the customers be there."""
        super().save()
        if self.made:
            keys = list(zip(*((row.member_id, row.product_id, row.month) for row in self.made), strict=True))
            with connection.cursor() as cursor:
                cursor.execute(_TELL_OF_PRODUCTS, [self.source, self.now, *map(list, keys)])
