"""Results from outside are entered with their evidence, and count once another person has signed them (issue 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import Post, Staff, Unit
from crm.core import attachments
from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound, refuse_own
from crm.core.text import clean_text
from kpi.actions.entered import Signed, put_results
from kpi.choices import Display, EntryState
from kpi.models import EnteredResult, FrozenMonth, Indicator
from kpi.queries.entries import ENTERS, JUDGED, SEES, SIGNS, enterable
from kpi.rules.periods import period_of

if TYPE_CHECKING:
    from crm.core.models import User

MAX_BYTES = 10 * 1024 * 1024
YEARS_BACK = 2


@dataclass(frozen=True, slots=True)
class Given:
    """A result as somebody enters it; without a manager it is the whole unit's."""

    indicator: Indicator
    period_on: date
    unit_id: int
    manager_id: int | None
    numerator: Decimal
    denominator: Decimal
    evidence: str


def enter_result(given: Given, *, file: File[Any] | None = None, by: User, now: datetime) -> EnteredResult:
    """KPI-3: a result with the source of its evidence; it waits for the signature of somebody else."""
    evidence = clean_text(given.evidence, field="evidence", max_length=300, blank=False)
    with write(by=by):
        _check(given, by, timezone.localdate(now))
        key = {"indicator": given.indicator, "period_on": given.period_on, "unit_id": given.unit_id,
               "manager_id": given.manager_id}  # fmt: skip
        if EnteredResult.unscoped.filter(state=EntryState.ENTERED, **key).exists():
            raise Conflict(_("A result of this subject and period already waits for a signature."), code="waits")
        kept = attachments.store(file, by=by, now=now, max_bytes=MAX_BYTES) if file else None
        return EnteredResult.unscoped.create(
            **key, numerator=given.numerator, denominator=given.denominator, evidence=evidence, attachment=kept,
            entered_by=by, entered_at=now,
        )  # fmt: skip


def _check(given: Given, by: User, today: date) -> None:
    scope = by.access.scope_for(ENTERS)
    unit = Unit.visible_to(scope).filter(pk=given.unit_id, is_active=True).first()
    if unit is None:
        raise NotFound(_("There is no such unit."), field="unit_id")
    if given.manager_id is not None:
        _check_manager(given.manager_id, unit, by)
    if not enterable().filter(pk=given.indicator.pk).exists():
        raise Invalid(_("The system counts this indicator itself."), code="computed", field="indicator_id")
    problems = [*_number_problems(given), *_period_problems(given, today)]
    if problems:
        raise Invalid(errors=problems)


def _check_manager(manager_id: int, unit: Unit, by: User) -> None:
    staff = Staff.visible_to(by.access.scope_for(ENTERS)).filter(pk=manager_id).select_related("unit").first()
    if staff is None:
        raise NotFound(_("There is no such colleague."), field="manager_id")
    if not staff.unit.path.startswith(unit.path):
        raise Invalid(_("This manager does not belong to the unit."), code="other_unit", field="manager_id")
    if not Post.unscoped.filter(staff=staff, role=Role.MANAGER).exists():
        raise Invalid(_("Only account managers are assessed."), code="no_manager", field="manager_id")
    refuse_own(by.pk, staff.user_id)


def _number_problems(given: Given) -> list[FieldProblem]:
    problems = []
    if given.denominator <= 0:
        problems.append(FieldProblem("denominator", "out_of_range", _("The denominator is more than nothing.")))
    if given.numerator < 0:
        problems.append(FieldProblem("numerator", "out_of_range", _("The numerator is not negative.")))
    shares = {Display.PERCENT, Display.SCORE}
    if given.indicator.display in shares and given.numerator > given.denominator > 0:
        problems.append(FieldProblem("numerator", "out_of_range", _("The numerator is at most the denominator.")))
    return problems


def _period_problems(given: Given, today: date) -> list[FieldProblem]:
    bounds = period_of(given.indicator.period, given.period_on)
    if bounds.first != given.period_on or bounds.first > today or bounds.first.year < today.year - YEARS_BACK:
        return [FieldProblem("period", "out_of_range", _("This period has not begun or is too long ago."))]
    if FrozenMonth.objects.filter(month=bounds.last.replace(day=1)).exists():
        return [FieldProblem("period", "frozen", _("The period is frozen: only a signed correction changes it now."))]
    return []


def sign_entry(*, entry_id: int, by: User, now: datetime) -> EnteredResult:
    """The second person: from now on the result counts. Nobody signs what he entered (SEC-24)."""
    with write(by=by):
        row = _waiting(entry_id, by)
        problems = _period_problems(_given(row), timezone.localdate(now))
        if problems:
            raise Invalid(errors=problems)
        row.state, row.signed_by, row.signed_at = EntryState.SIGNED, by, now
        row.save(update_fields=["state", "signed_by", "signed_at"])
        if row.indicator.measure not in JUDGED:
            signed = Signed(
                row.indicator.code, row.period_on, row.unit_id, row.manager_id, row.numerator, row.denominator,
                row.evidence,
            )  # fmt: skip
            put_results([signed], by=by, now=now)
    return row


def refuse_entry(*, entry_id: int, remark: str, by: User, now: datetime) -> EnteredResult:
    """The second person sends it back with a reason; it can be entered anew."""
    remark = clean_text(remark, field="remark", max_length=300, blank=False)
    with write(by=by):
        row = _waiting(entry_id, by)
        row.state, row.signed_by, row.signed_at, row.remark = EntryState.REFUSED, by, now, remark
        row.save(update_fields=["state", "signed_by", "signed_at", "remark"])
    return row


def _waiting(entry_id: int, by: User) -> EnteredResult:
    found = EnteredResult.visible_to(by.access.scope_for(SEES)).filter(pk=entry_id).exists()
    if not found:
        raise NotFound
    row = EnteredResult.unscoped.select_related("indicator").select_for_update(of=("self",)).get(pk=entry_id)
    if not by.access.scope_for(SIGNS).allows(unit_id=row.unit_id):
        raise NotAllowed
    refuse_own(by.pk, row.entered_by_id)
    if row.state != EntryState.ENTERED:
        raise Conflict(_("This has been decided already."), code="decided")
    return row


def _given(row: EnteredResult) -> Given:
    return Given(
        row.indicator, row.period_on, row.unit_id, row.manager_id, row.numerator, row.denominator, row.evidence
    )
