"""Quotas are set: by file and API for the whole house, on the page level by level (SAL-3, SAL-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from crm.core.errors import FieldProblem, Invalid, NotFound
from sales.actions.rows import FAILED, STALE, UNCHANGED, Book, Done, upsert
from sales.models import Quota
from sales.rules import check_quota

if TYPE_CHECKING:
    from accounts.rules.fields import Checked
    from crm.core.models import User

Key = tuple[date, str, int | None, int | None, int | None]
"""Month, metric, product, and the manager, or else the unit."""
SETS = "set_quotas"


class Quotas(Book[Quota]):
    """Quotas of units and managers."""

    model = Quota
    lock_name = "sales:quotas"

    def __init__(self, **about: Any) -> None:
        super().__init__(**about)
        self.stored: dict[Key, Quota] = {}

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The quotas of the months that are named."""
        months = {self._check(item).clean.get("month") for item in items}
        rows = Quota.unscoped.filter(month__in=[month for month in months if month])
        for row in rows.select_for_update().order_by("pk"):
            self.stored[self._key(row)] = row

    def take(self, given: Mapping[str, Any]) -> Done[Quota]:
        """One quota."""
        clean, problems = self._check(given)
        row = self._row(clean, problems) if not problems else None
        if row is None or problems:
            return Done(FAILED, problems=tuple(problems))
        stored, told = self.stored.get(self._key(row)), clean.get("source_updated_at")
        if self.is_outdated(stored, told):
            return Done(STALE, stored)
        if stored is None:
            stored = self.stored[self._key(row)] = row
            self.made.append(row)
        status = self.note(stored, {"target": clean["target"]})
        if status != UNCHANGED:
            self.note(stored, {"set_by_id": self.by.pk if self.by else None, "set_at": self.now})
        self.heard(stored, status, told)
        return Done(status, stored)

    def _check(self, given: Mapping[str, Any]) -> Checked:
        return check_quota(given, today=self.today)

    def _key(self, row: Quota) -> Key:
        return row.month, row.metric, row.product_id, row.staff_id, None if row.staff_id else row.unit_id

    def _row(self, clean: Mapping[str, Any], problems: list[FieldProblem]) -> Quota | None:
        product_id = self.product_id(clean.get("product", ""), problems)
        staff_id = self.staff_id(clean.get("staff", ""), problems, is_active=True)
        unit_id = names.unit_id_by_code(clean["unit"]) if clean.get("unit") else None
        if clean.get("unit") and not self.scope.allows(unit_id=unit_id):
            problems.append(FieldProblem("unit", "not_found", _("There is no such unit code.")))
        card = names.staff_card(staff_id)
        owner_id = card.unit_id if card else unit_id
        if problems or owner_id is None:
            return None
        return Quota(
            metric=clean["metric"], product_id=product_id, month=clean["month"], staff_id=staff_id,
            unit_id=owner_id, target=clean["target"], set_at=self.now,
            set_by_id=self.by.pk if self.by else None,
        )  # fmt: skip


def give_on(
    *,
    unit_id: int,
    month: date,
    metric: str,
    product: str,
    targets: Mapping[str, int | None],
    by: User,
    now: datetime,
) -> int:
    """SAL-5: set the quotas one level below a unit; how many changed. A level that was left empty stays as it is.

    `targets`: "u12" for a unit directly below, "s34" for somebody of the unit. Who may set quotas of a unit may do so
    for all below it; what the unit itself owes is set from above.
    """
    scope = by.access.scope_for(SETS)
    if not scope.allows(unit_id=unit_id):
        raise NotFound(_("There is no such unit."))
    if month < timezone.localdate(now).replace(day=1):
        raise Invalid(_("A month that is over keeps its quotas."), code="month_is_over", field="month")
    about = {"month": month, "metric": metric, "product": product}
    items = [
        about | _subject(name, unit_id) | {"target": value} for name, value in targets.items() if value is not None
    ]
    done, _kept = upsert(Quotas(scope=scope, by=by, now=now), items, atomic=True)
    problems = [problem for row in done for problem in row.problems]
    if problems:
        raise Invalid(errors=problems)
    return sum(row.status != UNCHANGED for row in done)


def _subject(name: str, unit_id: int) -> dict[str, str]:
    """Whose quota a field of the form is; only those directly below the unit."""
    if name.startswith("u"):
        below = int(name[1:])
        if names.units_above(below)[-2:-1] != (unit_id,):
            raise NotFound(_("There is no such unit."))
        return {"unit": names.unit_code(below)}
    card = names.staff_card(int(name[1:]))
    if card is None or card.unit_id != unit_id:
        raise NotFound(_("There is no such colleague."))
    return {"staff": card.number}
