"""The rules of a row of usage, bills, subscriptions and uses, for page, API and file alike (decisions 36)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rules import fields as f
from accounts.rules.fields import Check, Checked, check_values, moment, needed
from accounts.rules.products import Attribute, check_attributes
from crm.core.errors import FieldProblem, Invalid
from crm.core.text import narrow
from sales.rules import month

MOST = 2_000_000_000
FIGURES = (
    "revenue",
    "voice_minutes",
    "data_mb",
    "messages",
    "volume",
    "active_members",
    "active_lines",
    "balance",
)


def signed_money(value: Any, field: str, today: date) -> Decimal | None:
    """An amount that may be under zero, as a balance."""
    given = narrow(value).strip() if isinstance(value, str) else value
    text = str(given).replace("−", "-") if isinstance(given, str | int | float | Decimal) else given
    if isinstance(text, str) and text.startswith("-"):
        found = f.money(text[1:], field, today)
        return -found if found is not None else None
    return f.money(given, field, today)


def past_month(value: Any, field: str, today: date) -> date:
    """A month that has begun: nobody can tell of the use of one to come."""
    found = month(value, field, today)
    if found > today:
        raise Invalid(_("This month has not come yet."), code="in_future", field=field)
    return found


_COUNT = f.whole(0, MOST)
USAGE_CHECKS: dict[str, Check] = {
    "customer": needed(f.text(100)),
    "product": f.text(30),
    "month": past_month,
    "revenue": f.money,
    "voice_minutes": _COUNT,
    "data_mb": f.whole(0, 10**15),
    "messages": _COUNT,
    "volume": f.money,
    "active_members": _COUNT,
    "active_lines": _COUNT,
    "balance": signed_money,
    "source_updated_at": moment,
}
USE_CHECKS: dict[str, Check] = {
    "member": needed(f.phone),
    "product": needed(f.text(30)),
    "month": past_month,
    "uses": needed(f.whole(0, MOST)),
    "source_updated_at": moment,
}
BILL_CHECKS: dict[str, Check] = {
    "customer": needed(f.text(100)),
    "line": f.phone,
    "month": month,
    "amount": needed(f.money),
    "due_on": f.day(blank=False),
    "paid_amount": f.money,
    "paid_on": f.day(),
    "source_updated_at": moment,
}
PAYMENT_CHECKS: dict[str, Check] = {
    "external_id": needed(f.text(100)),
    "bill": f.whole(1, 2**63 - 1),
    "customer": f.text(100),
    "line": f.phone,
    "month": month,
    "amount": needed(f.money),
    "paid_on": f.day(blank=False),
    "source_updated_at": moment,
}
SUBSCRIPTION_CHECKS: dict[str, Check] = {
    "external_id": needed(f.text(100)),
    "customer": needed(f.text(100)),
    "product": needed(f.text(30)),
    "line": f.phone,
    "quantity": f.whole(1, 1_000_000),
    "attributes": lambda value, _field, _today: value,
    "consent_note": f.text(300),
    "started_on": f.day(blank=False),
    "ended_on": f.day(),
    "source_updated_at": moment,
}


def check_usage(values: Mapping[str, Any], *, today: date) -> Checked:
    """A month of a customer with a product, or without one as a whole (SAL-35, CUS-17)."""
    return check_values(values, USAGE_CHECKS, today=today, required=("customer", "month"))


def check_use(values: Mapping[str, Any], *, today: date) -> Checked:
    """How often a member used a product in a month (SAL-6)."""
    return check_values(values, USE_CHECKS, today=today, required=("member", "product", "month", "uses"))


def check_bill(values: Mapping[str, Any], *, today: date, was_paid_on: date | None = None) -> Checked:
    """A bill (SAL-23): what is paid in full has its day, what is not has none."""
    checked = check_values(values, BILL_CHECKS, today=today, required=("customer", "month", "amount", "due_on"))
    clean, problems = checked.clean, checked.problems
    if problems:
        return checked
    paid_on, amount = clean.get("paid_on"), clean["amount"]
    paid = clean.get("paid_amount")
    if paid is None:
        paid = amount if paid_on else Decimal(0)
    if paid_on and paid_on > today:
        problems.append(FieldProblem("paid_on", "in_future", _("This day has not come yet.")))
    if paid_on and paid < amount:
        problems.append(FieldProblem("paid_on", "not_paid", _("It is not paid in full: leave the day empty.")))
    clean["paid_amount"] = paid
    clean["paid_on"] = (paid_on or was_paid_on or today) if paid >= amount else None
    return Checked(clean, problems)


def left_of(amount: Decimal, paid: Decimal) -> Decimal:
    """What of a bill is still to be paid; who has paid more owes nothing (SAL-23)."""
    return max(amount - paid, Decimal(0))


def check_payment(values: Mapping[str, Any], *, today: date) -> Checked:
    """A payment (SAL-23): of a bill by our id, or of the bill of a customer, number and month."""
    checked = check_values(values, PAYMENT_CHECKS, today=today, required=("external_id", "amount", "paid_on"))
    clean, problems = checked.clean, checked.problems
    if not problems and not clean.get("bill"):
        missing = [name for name in ("customer", "month") if not clean.get(name)]
        problems.extend(FieldProblem(name, "required", _("This field is required.")) for name in missing)
    if clean.get("paid_on") and clean["paid_on"] > today:
        problems.append(FieldProblem("paid_on", "in_future", _("This day has not come yet.")))
    return checked


def check_subscription(
    values: Mapping[str, Any], *, asked: Mapping[str, tuple[Attribute, ...]], consent: frozenset[str], today: date
) -> Checked:
    """SAL-2: a subscription answers what its product asks; `asked` by product, `consent`: products that need one."""
    required = ("external_id", "customer", "product", "started_on")
    checked = check_values(values, SUBSCRIPTION_CHECKS, today=today, required=required)
    clean, problems = checked.clean, checked.problems
    clean["quantity"] = clean.get("quantity") or 1
    given = clean.get("attributes") or {}
    if not isinstance(given, Mapping):
        problems.append(FieldProblem("attributes", "invalid_type", _("Attributes are named values.")))
        return checked
    code = clean.get("product", "")
    if code in asked:
        clean["attributes"], found = check_attributes(asked[code], given)
        problems.extend(found)
    if code in consent and not clean.get("consent_note"):
        problems.append(
            FieldProblem("consent_note", "consent_needed", _("This product needs a note of the guardian's consent."))
        )
    began, ended = clean.get("started_on"), clean.get("ended_on")
    if began and ended and ended < began:
        problems.append(FieldProblem("ended_on", "out_of_order", _("It ends after it began.")))
    return checked


# --- Change and activity


def change(before: Decimal | int | None, after: Decimal | int | None) -> Fraction | None:
    """CUS-19: the change as an exact share of what was; None when there was nothing or nobody told.

    >>> change(80, 48)
    Fraction(-2, 5)
    """
    if before is None or after is None or before <= 0:
        return None
    return (Fraction(after) - Fraction(before)) / Fraction(before)


def per_cent(share: Fraction | None) -> Decimal | None:
    """In percent with one decimal, half away from zero as everybody rounds.

    >>> per_cent(Fraction(-1, 3)), per_cent(Fraction(1, 16))
    (Decimal('-33.3'), Decimal('6.3'))
    """
    if share is None:
        return None
    tenths = abs(share) * 1000
    whole = int(tenths + Fraction(1, 2))
    return (Decimal(whole if share >= 0 else -whole) / 10).quantize(Decimal("0.1"))


def is_active(uses: int | None, least: int | None) -> bool:
    """SAL-6: a member counts as active only when he reached the least number of uses; without a rule from the first.

    >>> is_active(2, 3), is_active(3, 3), is_active(0, None), is_active(1, None)
    (False, True, False, True)
    """
    return uses is not None and uses >= (1 if least is None else least)


def active_sql(use: str, product: str) -> str:
    """The same over an alias of sales_memberuse and one of accounts_product; names come from code."""
    return f"{use}.uses >= coalesce({product}.min_uses_per_member, 1)"
