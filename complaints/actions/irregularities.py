"""Report irregular business and take it through its hops, each with its moment (CMP-34, CMP-35, ORG-15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from accounts.choices import Role, UnitType
from accounts.models import Customer, Unit
from accounts.queries import names
from accounts.queries.dispatches import answerers_of
from accounts.queries.staff import users_with_role
from complaints.actions.quality import MAX_BYTES, MOST_PHOTOS, PICTURES, OutOfTurn
from complaints.actions.reach import one_of
from complaints.choices import IrregularityKind
from complaints.form_notices import IRREGULARITY_FORWARDED, IRREGULARITY_REPORTED, IRREGULARITY_RESULT
from complaints.models import Irregularity, IrregularityFile
from complaints.queries.irregularities import FORWARDS, TABLE, irregularity_for
from complaints.rules.irregularities import HOPS, refuse
from crm.core import attachments
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

REPORTS = "report_irregularities"
REFUSALS: dict[str, str | Promise] = {
    "passed": _("The report is beyond this step."),
    "not_forwarded": _("The report has not been passed on to the enforcement department yet."),
    "no_result": _("The result is missing."),
    "not_copied": _("The result has not been passed on to the operations department yet."),
}


def report_irregularity(
    *,
    kind: str,
    subject: str,
    place: str,
    facts: str,
    found_at: datetime,
    customer_id: int | None = None,
    photos: Sequence[File[Any]] = (),
    client_key: UUID | None = None,
    by: User,
    now: datetime,
) -> Irregularity:
    """CMP-34, 35: told to the supervisor and the regional market manager at once. It need not be about a customer."""
    one_of(kind, IrregularityKind.values, "kind")
    values = {
        "kind": kind,
        "subject": clean_text(subject, field="subject", max_length=100, blank=False),
        "place": clean_text(place, field="place", max_length=200, blank=False),
        "facts": clean_text(facts, field="facts", max_length=2000, blank=False, multiline=True),
        "found_at": _past(found_at, now),
    }
    with write(by=by):
        must(by, REPORTS)
        card = names.staff_of(by.pk)
        if card is None:
            raise NotAllowed
        twin = _twin(client_key, by)
        if twin is not None:
            return twin
        row = Irregularity(
            customer=_customer(by, customer_id), staff_id=card.id, unit_id=card.unit_id, reported_at=now,
            reported_by=by, client_key=client_key, **values,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            twin = _twin(client_key, by)
            if twin is None:
                raise
            return twin
        _keep_photos(row, photos, by=by, now=now)
        _tell_above(row, card.supervisor_id, by=by, now=now)
    return row


def _twin(client_key: UUID | None, by: User) -> Irregularity | None:
    """The same form sent twice is one report."""
    found = Irregularity.unscoped.filter(client_key=client_key).first() if client_key else None
    if found is not None and found.reported_by_id != by.pk:
        raise Conflict(_("This form was used for another report."), code="key_reused")
    return found


def _past(moment: datetime, now: datetime) -> datetime:
    if moment > now:
        raise Invalid(_("This moment is in the future."), code="in_the_future", field="found_at")
    return moment


def _customer(by: User, customer_id: int | None) -> Customer | None:
    if customer_id is None:
        return None
    row = Customer.visible_to(by.access.scope).filter(pk=customer_id).first()
    if row is None:
        raise NotFound(_("There is no such customer."), field="customer")
    return row


def _keep_photos(row: Irregularity, photos: Sequence[File[Any]], *, by: User, now: datetime) -> None:
    if len(photos) > MOST_PHOTOS:
        raise Invalid(_("At most %(max)d photos."), code="too_many", field="photos", params={"max": MOST_PHOTOS})
    for upload in photos:
        kept = attachments.store(upload, by=by, now=now, kinds=PICTURES, max_bytes=MAX_BYTES, field="photos")
        IrregularityFile.unscoped.create(irregularity=row, attachment=kept, by=by, added_at=now)


def forward_irregularity(
    *, irregularity_id: int, to_unit_id: int, version: int | None = None, by: User, now: datetime
) -> Irregularity:
    """The regional market manager passes it on to the enforcement department (ORG-15)."""
    with write(by=by):
        row = _reached(by, irregularity_id, "forward", version)
        row.to_unit = _unit(to_unit_id, UnitType.ENFORCEMENT, "to_unit")
        row.forwarded_at, row.forwarded_by = now, by
        _move(row, "forward")
        _tell_unit(row, row.to_unit, IRREGULARITY_FORWARDED.kind, now)
    return row


def write_result(
    *, irregularity_id: int, result: str, version: int | None = None, by: User, now: datetime
) -> Irregularity:
    """What the enforcement department did about it."""
    result = clean_text(result, field="result", max_length=2000, blank=False, multiline=True)
    with write(by=by):
        row = _reached(by, irregularity_id, "result", version)
        row.result, row.result_at, row.result_by = result, now, by
        _move(row, "result")
        params = {"subject": row.subject, "result": result[:100]}
        if row.reported_by_id != by.pk:
            notify([_notice(row.reported_by_id, IRREGULARITY_RESULT.kind, row, params)], now)
    return row


def copy_result(
    *, irregularity_id: int, copy_unit_id: int, version: int | None = None, by: User, now: datetime
) -> Irregularity:
    """The result goes to the business operations department (将处理结果报卷烟经营部)."""
    with write(by=by):
        row = _reached(by, irregularity_id, "copy", version)
        row.copy_unit = _unit(copy_unit_id, UnitType.OPERATIONS, "copy_unit")
        row.copied_at, row.copied_by = now, by
        _move(row, "copy")
        _tell_unit(row, row.copy_unit, IRREGULARITY_RESULT.kind, now)
    return row


def close_irregularity(*, irregularity_id: int, version: int | None = None, by: User, now: datetime) -> Irregularity:
    """CMP-35: not without a result and the moment it was passed on."""
    with write(by=by):
        row = _reached(by, irregularity_id, "close", version)
        row.closed_at, row.closed_by = now, by
        _move(row, "close")
    return row


def _reached(by: User, irregularity_id: int, deed: str, version: int | None) -> Irregularity:
    irregularity_for(by.access, irregularity_id)
    row = Irregularity.unscoped.select_for_update(of=("self",)).get(pk=irregularity_id)
    if not by.access.scope_for(FORWARDS).allows(unit_id=row.unit_id, manager_id=row.staff_id):
        raise NotAllowed
    why = refuse(deed, row.state)
    if why:
        raise OutOfTurn(REFUSALS[why], code=why)
    if version is not None and version != row.version:
        raise Conflict(current={"version": row.version, "state": row.state})
    return row


def _move(row: Irregularity, deed: str) -> None:
    row.state = HOPS[deed][1]
    row.version += 1
    row.save()


def _unit(unit_id: int, kind: UnitType, field: str) -> Unit:
    unit = Unit.unscoped.filter(pk=unit_id, type=kind, is_active=True).first()
    if unit is None:
        raise Invalid(_("There is no such unit."), code="not_found", field=field)
    return unit


def _notice(user_id: int, kind: str, row: Irregularity, params: dict[str, str]) -> NoticeRow:
    return NoticeRow(user_id, kind, TABLE, row.pk, row.state, params, f"/irregularities/{row.pk}/", urgent=True)


def _tell_above(row: Irregularity, supervisor_id: int | None, *, by: User, now: datetime) -> None:
    """CMP-35: 应立即向区域市场经理汇报; the supervisor hears of it too."""
    boss = names.staff_card(supervisor_id)
    users = users_with_role(Role.REGIONAL_MARKET_MANAGER, row.unit_id, timezone.localdate(now))
    told = dict.fromkeys([*users, *([boss.user_id] if boss else [])])
    params = {"by": by.name, "subject": row.subject, "place": row.place}
    notify([_notice(user, IRREGULARITY_REPORTED.kind, row, params) for user in told if user != by.pk], now)


def _tell_unit(row: Irregularity, unit: Unit, kind: str, now: datetime) -> None:
    users = answerers_of(unit.pk, timezone.localdate(now))
    params = {
        "subject": row.subject,
        "place": row.place,
        "result": row.result[:100],
        "by": names.unit_name(row.unit_id),
    }
    notify([_notice(user, kind, row, params) for user in users], now)
