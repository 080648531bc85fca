"""What customers have: told by billing by the hundred, or noted by their manager (SAL-2, CUS-18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actions.books import MANUAL
from accounts.actions.doors import the_customer
from accounts.models import Customer, Line, Product
from accounts.rules.products import Attribute, attributes_of
from crm.core.db import write
from crm.core.errors import FieldProblem, Invalid
from sales.actions.billing import word
from sales.actions.lines import number_or_blank
from sales.actions.rows import FAILED, STALE, UPDATED, Book, Done, customer_ids, upsert
from sales.models import Subscription
from sales.usage_rules import check_subscription

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "edit_sales"
WRITTEN = ("quantity", "attributes", "consent_note", "started_on", "ended_on")


class Subscriptions(Book[Subscription]):
    """Subscriptions of one source, by their id there."""

    model = Subscription

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.lock_name = f"sales:subscriptions:{source}"
        self.stored: dict[str, Subscription] = {}
        self.customers: dict[str, int] = {}
        self.numbers: dict[int, str] = {}
        self.lines: dict[tuple[int, str], list[Line]] = {}
        self.line_numbers: dict[int, str] = {}
        known = Product.objects.values_list("id", "code", "attributes", "needs_consent")
        self.codes: dict[int, str] = {pk: code for pk, code, _asked, _needs in known}
        self.asked: dict[str, tuple[Attribute, ...]] = {code: attributes_of(asked) for _pk, code, asked, _n in known}
        self.consent = frozenset(code for _pk, code, _asked, needs in known if needs)

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The subscriptions named, their customers and lines."""
        named = [name for item in items if (name := word(item, "external_id"))]
        rows = Subscription.unscoped.filter(source=self.source, external_id__in=named)
        self.stored = {row.external_id: row for row in rows.select_for_update().order_by("pk")}
        words = [name for item in items if (name := word(item, "customer"))]
        self.customers = customer_ids(self.scope, self.source, words)
        theirs = {row.customer_id for row in self.stored.values()}
        self.numbers = dict(Customer.visible_to(self.scope).filter(pk__in=theirs).values_list("pk", "number"))
        self.customers |= {number: pk for pk, number in self.numbers.items()}
        told = {number for item in items if (number := number_or_blank(item.get("line")))}
        kept = {row.line_id for row in self.stored.values() if row.line_id}
        if told or kept:
            mine = set(self.customers.values())
            for line in Line.unscoped.filter(Q(number__in=told) | Q(pk__in=kept), customer_id__in=mine):
                self.lines.setdefault((line.customer_id, line.number), []).append(line)
                self.line_numbers[line.pk] = line.number

    def take(self, given: Mapping[str, Any]) -> Done[Subscription]:
        """One subscription, checked as it would be stored."""
        row = self.stored.get(word(given, "external_id"))
        if row is not None and row.customer_id not in self.numbers:
            return Done(FAILED, problems=(FieldProblem("external_id", "not_found", _("There is no such record.")),))
        kept = self._as_given(row) if row is not None else {}
        clean, problems = check_subscription(
            {**kept, **given}, asked=self.asked, consent=self.consent, today=self.today
        )
        values = self._values(clean, problems)
        if problems:
            return Done(FAILED, problems=tuple(problems))
        told = clean.get("source_updated_at")
        if self.is_outdated(row, told):
            return Done(STALE, row)
        if row is None:
            row = Subscription(source=self.source, external_id=clean["external_id"], updated_at=self.now)
            self.stored[row.external_id] = row
            self.made.append(row)
        status = self.note(row, values)
        if status == UPDATED:
            self.note(row, {"version": row.version + 1, "updated_at": self.now})
        self.heard(row, status, told)
        return Done(status, row)

    def _as_given(self, row: Subscription) -> dict[str, Any]:
        """What is stored, in the words of a call: so that the rules always see the whole."""
        return {
            "external_id": row.external_id,
            "customer": self.numbers[row.customer_id],
            "product": self.codes[row.product_id],
            "line": self.line_numbers.get(row.line_id or 0, ""),
            **{name: getattr(row, name) for name in WRITTEN},
        }

    def _values(self, clean: dict[str, Any], problems: list[FieldProblem]) -> dict[str, Any]:
        customer_id = self.customers.get(clean.get("customer", ""))
        if customer_id is None and clean.get("customer"):
            problems.append(FieldProblem("customer", "not_found", _("There is no such customer.")))
        product_id = self.product_id(clean.get("product", ""), problems)
        line_id = self._line_id(customer_id, clean.get("line", ""), clean.get("started_on"))
        if clean.get("line") and customer_id and line_id is None:
            problems.append(FieldProblem("line", "not_found", _("The customer has no such number.")))
        written = {name: clean.get(name) for name in WRITTEN}
        written["attributes"] = clean.get("attributes") or {}
        written["consent_note"] = clean.get("consent_note") or ""
        return {"customer_id": customer_id, "product_id": product_id, "line_id": line_id} | written

    def _line_id(self, customer_id: int | None, number: str, day: date | None) -> int | None:
        """The customer's line of this number: that of the day, else the newest."""
        if customer_id is None or not number:
            return None
        held = sorted(self.lines.get((customer_id, number), []), key=lambda line: line.opened_on)
        then = [line for line in held if day and line.opened_on <= day and (not line.closed_on or line.closed_on > day)]
        return (then or held)[-1].pk if held else None


def keep_subscription(
    *, customer_id: int, external_id: str | None = None, values: Mapping[str, Any], by: User, now: datetime
) -> Subscription:
    """Note a subscription, or change one that was noted here; the rules are those of a row of billing (SAL-2)."""
    with write(by=by):
        customer = the_customer(by, customer_id, MAY)
        book = Subscriptions(source=MANUAL, scope=by.access.scope_for(MAY), by=by, now=now)
        given = {**values, "customer": customer.number, "external_id": external_id or uuid4().hex}
        (done,), _kept = upsert(book, [given])
    if done.status == FAILED or done.row is None:
        raise Invalid(errors=list(done.problems))
    return done.row
