"""Payments of bills, whole or in part; a bill that has any is paid by them alone (SAL-23)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from accounts.actions.books import MANUAL
from accounts.actions.doors import must
from accounts.models import Customer
from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, NotFound
from crm.core.wording import worded
from sales.actions.billing import month_or_none, word
from sales.actions.dunning import follow_bills
from sales.actions.lines import Lines, number_or_blank
from sales.actions.rows import FAILED, STALE, UPDATED, Book, Done, customer_ids, upsert
from sales.actions.settling import settle_bills
from sales.models import Bill, Payment
from sales.usage_rules import check_payment, left_of

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "import_sales"
_BILL = ("bill", "customer", "line", "month")
"""What a row names its bill by: our id, or whose it is, of which number and month."""


class Payments(Book[Payment]):
    """Payments of one source, by their id there. One lock with bills: each settles what the other brought."""

    model = Payment
    lock_name = "sales:bill"

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.stored: dict[str, Payment] = {}
        self.customers: dict[str, int] = {}
        self.bills: dict[int, Bill] = {}
        self.by_month: dict[tuple[int, int | None, date], Bill] = {}
        self.lines = Lines()
        self.seen: set[int] = set()
        self.touched: set[int] = set()

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The payments named, and the bills they may be of."""
        named = [name for item in items if (name := word(item, "external_id"))]
        rows = Payment.unscoped.filter(source=self.source, external_id__in=named)
        self.stored = {row.external_id: row for row in rows.select_for_update().order_by("pk")}
        self.customers = customer_ids(self.scope, self.source, [w for i in items if (w := word(i, "customer"))])
        mine = set(self.customers.values())
        self.lines.load(items, mine)
        months = {found for item in items if (found := month_or_none(item.get("month"), self.today))}
        asked = {pk for item in items if isinstance(pk := item.get("bill"), int)}
        asked |= {int(pk) for item in items if isinstance(pk := item.get("bill"), str) and pk.isdecimal()}
        asked = {pk for pk in asked if pk < 2**63} | {row.bill_id for row in self.stored.values()}
        wanted = Bill.unscoped.filter(customer_id__in=mine, month__in=months) | Bill.unscoped.filter(pk__in=asked)
        for bill in wanted.select_for_update().order_by("pk"):
            self.bills[bill.pk] = bill
            self.by_month[bill.customer_id, bill.line_id, bill.month] = bill
        whose = {bill.customer_id for bill in self.bills.values()} | {row.customer_id for row in self.stored.values()}
        self.seen = set(Customer.visible_to(self.scope).filter(pk__in=whose).values_list("pk", flat=True))

    def take(self, given: Mapping[str, Any]) -> Done[Payment]:
        """One payment, checked as it would be stored."""
        row = self.stored.get(word(given, "external_id"))
        if row is not None and row.customer_id not in self.seen:
            return Done(FAILED, problems=(FieldProblem("external_id", "not_found", _("There is no such record.")),))
        kept: dict[str, Any] = {}
        if row is not None:
            kept = {"amount": row.amount, "paid_on": row.paid_on}
            if not set(_BILL) & set(given):
                kept["bill"] = row.bill_id
        clean, problems = check_payment({**kept, **given}, today=self.today)
        bill = self._bill(clean, problems) if not problems else None
        if bill is None:
            return Done(FAILED, problems=tuple(problems))
        told = clean.get("source_updated_at")
        if self.is_outdated(row, told):
            return Done(STALE, row)
        if row is None:
            row = Payment(source=self.source, external_id=clean["external_id"], updated_at=self.now)
            self.stored[row.external_id] = row
            self.made.append(row)
        elif row.bill_id != bill.pk:
            self.touched.add(row.bill_id)
        values = {"amount": clean["amount"], "paid_on": clean["paid_on"]}
        status = self.note(row, {"customer_id": bill.customer_id, "bill_id": bill.pk} | values)
        if status == UPDATED:
            self.note(row, {"updated_at": self.now})
        self.heard(row, status, told)
        return Done(status, row)

    def _bill(self, clean: Mapping[str, Any], problems: list[FieldProblem]) -> Bill | None:
        """The bill of a row; out of sight is not there."""
        if clean.get("bill"):
            found = self.bills.get(clean["bill"])
            if found is None or found.customer_id not in self.seen:
                problems.append(FieldProblem("bill", "not_found", _("There is no such bill.")))
                return None
            return found
        customer_id = self.customers.get(clean["customer"])
        if customer_id is None:
            problems.append(FieldProblem("customer", "not_found", _("There is no such customer.")))
            return None
        line = self.lines.of_month(customer_id, number_or_blank(clean.get("line")), clean["month"])
        if clean.get("line") and line is None:
            problems.append(FieldProblem("line", "not_found", _("The customer has no such number in this month.")))
            return None
        found = self.by_month.get((customer_id, line.pk if line else None, clean["month"]))
        if found is None:
            problems.append(FieldProblem("month", "not_found", _("There is no bill of this month.")))
        return found

    def save(self) -> None:
        """Store, settle the bills they are of, and follow what is owed or paid now."""
        super().save()
        rows = (*self.made, *self.changed.values())
        if rows:
            self.touched |= {row.bill_id for row in rows}
            settle_and_follow(self.touched, now=self.now)


class NotedPayments(Payments):
    """Payments that people write down: not more than is open, so that twice the same is not paid twice."""

    def take(self, given: Mapping[str, Any]) -> Done[Payment]:
        """One payment, by the rules of a row of billing."""
        bill = self.bills.get(given["bill"])
        amount: Decimal = given["amount"]
        left = left_of(bill.amount, bill.paid_amount) if bill is not None else amount
        if not 0 < amount <= left:
            told = worded(_("Of this bill %(left)s is open."), left=left)
            return Done(FAILED, problems=(FieldProblem("amount", "out_of_range", told),))
        return super().take(given)


def settle_and_follow(bill_ids: Iterable[int], *, now: datetime) -> None:
    """Payments of these bills have changed: so has what is paid of them, and what is owed."""
    ids = sorted(set(bill_ids))
    settle_bills(ids, now=now)
    follow_bills(Bill.unscoped.filter(pk__in=ids).values_list("customer_id", flat=True), now=now)


def note_payment(*, bill_id: int, amount: Decimal, paid_on: date, by: User, now: datetime) -> Payment:
    """Write down by hand that something was paid of a bill, where no system tells (SAL-23)."""
    with write(by=by):
        must(by, MAY)
        book = NotedPayments(source=MANUAL, scope=by.access.scope_for(MAY), by=by, now=now)
        given = {"external_id": uuid4().hex, "bill": bill_id, "amount": amount, "paid_on": paid_on}
        (done,), _kept = upsert(book, [given])
    if done.status == FAILED or done.row is None:
        raise Invalid(errors=list(done.problems))
    return done.row


def take_back_payment(*, bill_id: int, payment_id: int, by: User, now: datetime) -> None:
    """Remove a payment that was written down by hand; what a system told only that system corrects."""
    with write(by=by):
        must(by, MAY)
        row = Payment.visible_to(by.access.scope_for(MAY)).filter(pk=payment_id, bill_id=bill_id).first()
        if row is None:
            raise NotFound
        if row.source != MANUAL:
            raise Conflict(_("A system told this payment; only it corrects it."), code="not_owned")
        row.delete()
        settle_and_follow([bill_id], now=now)
