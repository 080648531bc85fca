"""The rules of a row of quotas or orders, for page, API and file alike (decisions 36), and those of the cascade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rules import fields as f
from accounts.rules.fields import Check, Checked, check_values, moment, needed
from crm.core.errors import FieldProblem, Invalid
from crm.core.text import narrow
from sales.choices import Metric, OrderState

MOST = 1_000_000
FIRST_MONTH = date(2000, 1, 1)


def month(value: Any, field: str, today: date) -> date:
    """The first day of a month: 2026-11, 2026/11, 202611, 2026年11月 or any day of it."""
    given = narrow(str(value)).strip().replace("年", "-").replace("月", "").rstrip("-") if value is not None else ""
    if isinstance(value, date) or len(given.replace("/", "-").split("-")) == 3 or (len(given) == 8 and given.isdigit()):
        found = f.day(blank=False)(value, field, today)
        return found.replace(day=1)  # type: ignore[no-any-return]
    year, mark, number = given.replace("/", "-").partition("-")
    if not mark and len(given) == 6:
        year, number = given[:4], given[4:]
    if not (year.isascii() and year.isdigit() and len(year) == 4 and number.isascii() and number.isdigit()):
        raise Invalid(_("This is not a month. Example: 2026-11."), code="invalid_month", field=field)
    if not (1 <= int(number) <= 12 and FIRST_MONTH.year <= int(year) <= today.year + f.YEARS_AHEAD):
        raise Invalid(_("There is no such month."), code="out_of_range", field=field)
    return date(int(year), int(number), 1)


METRIC = f.choice(Metric)
QUOTA_CHECKS: dict[str, Check] = {
    "month": month,
    "unit": f.text(20),
    "staff": f.text(20),
    "metric": METRIC,
    "product": f.text(30),
    "target": needed(f.whole(0, MOST)),
    "source_updated_at": moment,
}
ORDER_CHECKS: dict[str, Check] = {
    "external_id": needed(f.text(100)),
    "source": f.text(40),
    "staff": needed(f.text(20)),
    "customer": f.text(100),
    "metric": METRIC,
    "product": f.text(30),
    "quantity": f.whole(1, MOST),
    "state": f.choice(OrderState, blank=False),
    "ordered_on": f.day(),
    "effective_on": f.day(),
    "source_updated_at": moment,
}


def check_quota(values: Mapping[str, Any], *, today: date) -> Checked:
    """A quota of a unit or of a manager (SAL-3, SAL-5)."""
    checked = check_values(values, QUOTA_CHECKS, today=today, required=("month", "target"))
    clean, problems = checked.clean, checked.problems
    if not problems and bool(clean.get("unit")) == bool(clean.get("staff")):
        problems.append(FieldProblem("staff", "unit_or_staff", _("Give the unit or the staff number, not both.")))
    return _with_thing(clean, problems)


def check_order(values: Mapping[str, Any], *, today: date) -> Checked:
    """An order (SAL-7): in effect it has its day, which is not in the future."""
    checked = check_values(values, ORDER_CHECKS, today=today, required=("external_id", "staff", "state"))
    clean, problems = checked.clean, checked.problems
    clean["quantity"] = clean.get("quantity") or 1
    started = clean.get("effective_on")
    clean["ordered_on"] = clean.get("ordered_on") or started
    if clean.get("state") == OrderState.EFFECTIVE and not started and not problems:
        problems.append(FieldProblem("effective_on", "required", _("Since when is it in effect?")))
    if started and started > today:
        problems.append(FieldProblem("effective_on", "in_future", _("This day has not come yet.")))
    if not problems and clean["ordered_on"] is None:
        problems.append(FieldProblem("ordered_on", "required", _("This field is required.")))
    if not problems and started and started < clean["ordered_on"]:
        problems.append(FieldProblem("effective_on", "out_of_order", _("An order takes effect after it was placed.")))
    return _with_thing(clean, problems)


def _with_thing(clean: dict[str, Any], problems: list[FieldProblem]) -> Checked:
    """A product makes it product sales; without one it is number activations."""
    has_product = bool(clean.get("product"))
    metric = clean.get("metric") or (Metric.PRODUCT if has_product else Metric.ACTIVATION)
    if not problems and has_product != (metric == Metric.PRODUCT):
        problems.append(FieldProblem("product", "metric_and_product", _("Product sales name their product.")))
    clean["metric"] = Metric(metric).value
    return Checked(clean, problems)


# --- The cascade


@dataclass(frozen=True, slots=True)
class Gap:
    """SAL-5: what a unit was given and what it gave on. Short of it is a warning, more of it is allowed."""

    target: int
    given_on: int

    @property
    def short(self) -> int:
        """So much of the target is nobody's; the sums must not be less than the parent."""
        return max(0, self.target - self.given_on)

    @property
    def over(self) -> int:
        """So much more was given on than was given."""
        return max(0, self.given_on - self.target)


def given_on(path: str, quotas: Iterable[tuple[str, bool, int]]) -> int:
    """What the unit at `path` gave on: the quotas nearest below it; (path of the unit, whether a manager's, target).

    A unit between without a quota of its own is looked through.

    >>> given_on("/1/", [("/1/2/", False, 60), ("/1/2/", True, 30), ("/1/3/", True, 10)])
    70
    """
    below = [row for row in quotas if row[0].startswith(path) and (row[1] or row[0] != path)]
    units = {row[0] for row in below if not row[1]}

    def is_nearest(row: tuple[str, bool, int]) -> bool:
        above = units if row[1] else units - {row[0]}
        return not any(row[0].startswith(other) for other in above)

    return sum(row[2] for row in below if is_nearest(row))


def next_month(first: date) -> date:
    """The month after."""
    return (first + timedelta(days=32)).replace(day=1)
