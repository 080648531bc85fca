"""Corrections of frozen figures: asked for and signed by one, signed by another (SEC-24, decisions 3).

What is frozen never changes: a signed correction is a new revision of the figure and of every sum above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import Unit
from accounts.queries.staff import users_with_role
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest, refuse_own
from crm.core.measures import Nature
from crm.core.notices import NoticeKind, NoticeRow, languages_of, notify
from crm.core.text import clean_text
from kpi.actions.counting import Count, counts_of, plan_marks
from kpi.choices import CorrectionState, Direction, Display
from kpi.models import Correction, FrozenMonth, Result
from kpi.notices import KPI_CORRECTION_ASKED, KPI_CORRECTION_REFUSED, KPI_CORRECTION_SIGNED
from kpi.queries.indicators import indicator_of
from kpi.queries.results import ABILITY
from kpi.queries.rows import UNPACKED
from kpi.queries.valuing import PLAN, VALUED
from kpi.rules.periods import period_of

if TYPE_CHECKING:
    from crm.core.models import User

ASKS, SIGNS = "correct_results", "sign_results"
TABLE = "kpi_correction"
LENGTH = 300
_ROW = f"SELECT r.unit_id, r.manager_id, r.customer_id, r.path FROM ({UNPACKED}) r WHERE r.ref = %(ref)s"
_PATH = "SELECT e.path FROM kpi_evidence e WHERE e.indicator_id = %s AND e.period_on = %s AND e.unit_id = %s LIMIT 1"
_REVISE = f"""
WITH plan AS MATERIALIZED ({PLAN}), keys AS (
  SELECT %(unit)s::bigint AS unit_id, %(manager)s::bigint AS manager_id, false AS is_unit WHERE NOT %(own)s
  UNION ALL SELECT a.unit_id, NULL, true FROM unnest(%(above)s::bigint[]) AS a(unit_id)
), old AS (
  UPDATE kpi_result r SET is_current = false FROM keys k, plan p
  WHERE r.indicator_id = p.indicator_id AND r.period_on = p.period_on AND r.is_current AND r.unit_id = k.unit_id
    AND r.manager_id IS NOT DISTINCT FROM k.manager_id AND r.is_unit = k.is_unit
  RETURNING r.*
), s AS (
  SELECT k.unit_id, k.manager_id, k.is_unit, coalesce(o.numerator, 0) + %(n)s AS numerator,
    coalesce(o.denominator, 0) + %(d)s AS denominator, coalesce(o.excused, 0) AS excused, 0 AS mendable,
    coalesce(o.revision, 0) + 1 AS revision, o.id AS old_id, o.target AS old_target, o.is_strict AS old_strict,
    coalesce(o.source, 'computed') AS source, coalesce(o.evidence, '') AS evidence
  FROM keys k LEFT JOIN old o ON o.unit_id = k.unit_id AND o.manager_id IS NOT DISTINCT FROM k.manager_id
    AND o.is_unit = k.is_unit
)
INSERT INTO kpi_result (indicator_id, period_on, unit_id, manager_id, is_unit, numerator, denominator, excused,
  mendable, value, value_before_excuses, target, is_strict, is_met, projected, source, evidence, computed_at, frozen_at,
  revision, is_current)
SELECT p.indicator_id, p.period_on, s.unit_id, s.manager_id, s.is_unit, {VALUED}, s.source, s.evidence, %(now)s,
  %(now)s, s.revision, true
FROM s CROSS JOIN LATERAL (
  SELECT t.indicator_id, t.period_on, t.display, t.direction, t.nature, t.accrues, t.gone, t.of_days,
    CASE WHEN s.old_id IS NULL THEN t.target ELSE s.old_target END AS target,
    CASE WHEN s.old_id IS NULL THEN t.is_strict ELSE s.old_strict END AS is_strict
  FROM plan t) p
"""


@dataclass(frozen=True, slots=True)
class _Row:
    """The row of the evidence that a correction is about."""

    unit_id: int
    manager_id: int | None
    customer_id: int | None
    path: str


def request_correction(
    *,
    indicator: str,
    period_on: date,
    unit_id: int,
    manager_id: int | None,
    numerator: Decimal,
    denominator: Decimal,
    reason: str,
    by: User,
    now: datetime,
    ref: int | None = None,
) -> Correction:
    """Ask for a frozen figure to be corrected by so much, and sign for it; another person signs, too.

    `ref` is the counted row it is about; its unit and manager decide then. Nothing is written before the second name.
    """
    reason = clean_text(reason, field="reason", max_length=LENGTH, blank=False)
    count = _count(indicator, period_on, timezone.localdate(now))
    if not by.access.can(ASKS):
        raise NotAllowed
    row = _row_of(count, ref) if ref is not None else None
    unit_id, manager_id = (row.unit_id, row.manager_id) if row else (unit_id, manager_id)
    if not by.access.scope_for(ABILITY).allows(unit_id=unit_id):
        raise NotFound
    if not by.access.scope_for(ASKS).allows(unit_id=unit_id):
        raise NotAllowed
    with write(by=by):
        _hold_month(count)
        _check(count, unit_id, manager_id, numerator, denominator)
        if ref is not None and _is_corrected(count, ref):
            raise Conflict(_("There is a correction of this row already."), code="corrected_already")
        made = Correction.unscoped.create(
            indicator_id=count.indicator.id, period_on=count.bounds.first, unit_id=unit_id, manager_id=manager_id,
            numerator=numerator, denominator=denominator, ref=ref, customer_id=row.customer_id if row else None,
            reason=reason, requested_by=by, requested_at=now, path=row.path if row else _path_of(count, unit_id),
        )  # fmt: skip
        signers = users_with_role(Role.GROUP_DEPARTMENT, unit_id, timezone.localdate(now))
        _tell(made, KPI_CORRECTION_ASKED, [user for user in signers if user != by.pk], by=by, now=now)
    return made


def sign_correction(*, correction_id: int, by: User, now: datetime) -> Correction:
    """The second signature, by another person than who asked and than who gains: the figures get a new revision."""
    with write(by=by):
        row = _waiting(correction_id, by)
        count = _count(row.indicator.code, row.period_on, timezone.localdate(now))
        _hold_month(count)
        _check(count, row.unit_id, row.manager_id, row.numerator, row.denominator)
        row.state, row.decided_by, row.decided_at = CorrectionState.SIGNED, by, now
        row.save(update_fields=["state", "decided_by", "decided_at"])
        _revise(count, row, now)
        _tell(row, KPI_CORRECTION_SIGNED, [row.requested_by_id], by=by, now=now)
    return row


def refuse_correction(*, correction_id: int, remark: str, by: User, now: datetime) -> Correction:
    """Another person says no, and why; the figure stays as it is."""
    remark = clean_text(remark, field="remark", max_length=LENGTH, blank=False)
    with write(by=by):
        row = _waiting(correction_id, by)
        row.state, row.decided_by, row.decided_at, row.remark = CorrectionState.REFUSED, by, now, remark
        row.save(update_fields=["state", "decided_by", "decided_at", "remark"])
        _tell(row, KPI_CORRECTION_REFUSED, [row.requested_by_id], by=by, now=now)
    return row


def _tell(row: Correction, kind: NoticeKind, users: list[int], *, by: User, now: datetime) -> None:
    """Whoever can sign hears that a request waits, whoever asked what came of it."""
    indicator, url = indicator_of(row.indicator.code), reverse("kpi:correction_list")
    params = {"by": by.name, "month": f"{row.period_on:%Y-%m}", "remark": row.remark}
    notify(
        [
            NoticeRow(user, kind.kind, TABLE, row.pk, "", params | {"indicator": indicator.label(language)}, url)
            for user, language in languages_of(users).items()
        ],
        now,
    )


def _waiting(correction_id: int, by: User) -> Correction:
    """The request, if this person may decide it: in sight, his to sign, not his own, not about himself."""
    found = Correction.visible_to(by.access.scope_for(ABILITY)).filter(pk=correction_id).exists()
    if not found:
        raise NotFound
    row = Correction.unscoped.select_related("indicator").select_for_update(of=("self",)).get(pk=correction_id)
    if not by.access.scope_for(SIGNS).allows(unit_id=row.unit_id):
        raise NotAllowed
    refuse_own(by.pk, row.requested_by_id)
    if by.access.staff_id is not None and by.access.staff_id == row.manager_id:
        raise OwnRequest
    if row.state != CorrectionState.REQUESTED:
        raise Conflict(_("This correction has been decided already."), code="decided_already")
    return row


def _count(code: str, period_on: date, today: date) -> Count:
    indicator = indicator_of(code)
    return counts_of([indicator], lambda kind: [period_of(kind, period_on)], today)[0]


def _hold_month(count: Count) -> None:
    """The period is final; two corrections at a time would both follow the same revision."""
    months = FrozenMonth.objects.select_for_update().filter(month=count.bounds.last.replace(day=1))
    if months.first() is None:
        raise Invalid(
            _("This figure is not frozen yet: mend the row itself, and it is counted anew."), code="not_frozen"
        )


def _row_of(count: Count, ref: int) -> _Row:
    with connection.cursor() as cursor:
        marks: dict[str, Any] = {"_indicator": count.indicator.id, "_period_on": count.bounds.first, "ref": ref}
        cursor.execute(_ROW, marks)
        found = cursor.fetchone()
    if found is None:
        raise NotFound
    return _Row(*found)


def _path_of(count: Count, unit_id: int) -> str:
    """The unit's place in the tree when the figure was frozen; today's when nothing was counted there."""
    with connection.cursor() as cursor:
        cursor.execute(_PATH, [count.indicator.id, count.bounds.first, unit_id])
        found = cursor.fetchone()
    return str(found[0]) if found else Unit.unscoped.values_list("path", flat=True).get(pk=unit_id)


def _is_corrected(count: Count, ref: int) -> bool:
    same = Correction.unscoped.filter(indicator_id=count.indicator.id, period_on=count.bounds.first, ref=ref)
    return same.exclude(state=CorrectionState.REFUSED).exists()


def _check(count: Count, unit_id: int, manager_id: int | None, n: Decimal, d: Decimal) -> None:
    """The figure stays possible: it changes, nothing falls below nought, and a share is at most the whole."""
    if not n and not d:
        raise Invalid(_("The correction changes nothing."), code="no_change", field="numerator")
    own = count.nature == Nature.UNIT
    there = Result.unscoped.filter(
        indicator_id=count.indicator.id, period_on=count.bounds.first, unit_id=unit_id,
        manager_id=None if own else manager_id, is_unit=own, is_current=True,
    ).first()  # fmt: skip
    numerator = n + (there.numerator if there else 0)
    denominator = d + (there.denominator if there else 0)
    is_share = count.indicator.display == Display.PERCENT and not count.indicator.accrues
    is_count = count.indicator.display == Display.COUNT
    may_fall = is_count and count.indicator.direction == Direction.UP  # customers won less those lost
    if denominator < 0 or (numerator < 0 and not may_fall) or (is_share and numerator > denominator):
        raise Invalid(_("The figure would be impossible after this correction."), code="impossible", field="numerator")


def _revise(count: Count, row: Correction, now: datetime) -> None:
    """Insert the next revision of the figure and of every sum above it."""
    own = count.nature == Nature.UNIT
    above = [int(part) for part in row.path.strip("/").split("/")]
    marks = plan_marks([count]) | {
        "unit": row.unit_id, "manager": row.manager_id, "own": own, "above": [row.unit_id] if own else above,
        "n": row.numerator, "d": row.denominator, "now": now,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_REVISE, marks)
