"""Cover (代管) and leave: the substitute sees and acts from–to, credit stays, it ends by itself (issue 2, design 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import REASON_LENGTH, scope_of
from accounts.choices import LeaveKind, TaskState
from accounts.followers import follow, gather
from accounts.models import Cover, Customer, Leave, Post, Staff, Task
from accounts.notices import CUSTOMERS_URL, TODAY_URL
from accounts.queries.portfolio import TierCount, tier_mix
from crm.core import parameters
from crm.core.db import write
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

TABLE = "accounts_cover"


@dataclass(frozen=True)
class CoverPreview:
    """What a substitute would take on."""

    customers: int
    own_customers: int
    by_tier: list[TierCount]
    open_tasks: int
    counts: dict[str, int] = field(default_factory=dict)
    warnings: list[str | Promise] = field(default_factory=list)


@dataclass(frozen=True)
class Absence:
    """A leave as recorded, with what it touches."""

    leave: Leave
    warnings: list[str | Promise] = field(default_factory=list)


def preview_cover(
    *, absent_id: int, substitute_id: int, starts_on: date, ends_on: date, by: User, now: datetime
) -> CoverPreview:
    """Check a cover and count what it would bring, without writing anything."""
    today = timezone.localdate(now)
    with write(by=by):
        absent, substitute = _both(by, absent_id, substitute_id)
        _check_cover(absent, substitute, starts_on, ends_on, today)
        ids = list(Customer.unscoped.filter(manager=absent).values_list("pk", flat=True))
        return CoverPreview(
            customers=len(ids),
            own_customers=Customer.unscoped.filter(manager=substitute).count(),
            by_tier=tier_mix(ids),
            open_tasks=Task.unscoped.filter(staff=absent, state=TaskState.OPEN, due_on__lte=ends_on).count(),
            counts=gather("COVER_PREVIEWS", staff_id=absent.pk, starts_on=starts_on, ends_on=ends_on, today=today),
            warnings=_chain_warning(absent, starts_on, ends_on),
        )


def arrange_cover(
    *,
    absent_id: int,
    substitute_id: int,
    starts_on: date,
    ends_on: date,
    by: User,
    now: datetime,
    reason: str = "",
) -> Cover:
    """Let somebody see and act for an absent colleague; refused when he is himself away."""
    today = timezone.localdate(now)
    reason = clean_text(reason, field="reason", max_length=REASON_LENGTH)
    with write(by=by):
        absent, substitute = _both(by, absent_id, substitute_id)
        _check_cover(absent, substitute, starts_on, ends_on, today)
        cover = Cover.unscoped.create(
            absent=absent,
            substitute=substitute,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
            arranged_by=by,
            arranged_at=now,
        )
        dates = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
        notify(
            [
                NoticeRow(
                    substitute.user_id, "cover_arranged", TABLE, cover.pk,
                    params={"name": absent.name, **dates}, url=TODAY_URL,
                ),
                NoticeRow(
                    absent.user_id, "covered_by", TABLE, cover.pk,
                    params={"name": substitute.name, **dates}, url=CUSTOMERS_URL,
                ),
            ],
            now,
        )  # fmt: skip
        follow("ABSENCE_FOLLOWERS", staff_ids=[absent.pk, substitute.pk], today=today, now=now)
        return cover


def cancel_cover(*, cover_id: int, by: User, now: datetime) -> Cover:
    """End a cover before its time; one that is over stays as it was. Twice changes nothing."""
    today = timezone.localdate(now)
    with write(by=by):
        rows = Cover.visible_to(scope_of(by, "arrange_cover")).filter(pk=cover_id)
        cover = rows.select_related("absent", "substitute").select_for_update(of=("self",)).first()
        if cover is None:
            raise NotFound(_("There is no such cover."))
        if cover.ends_on < today:
            raise Invalid(_("This cover is over already."), code="over")
        if cover.cancelled_at is None:
            cover.cancelled_at = now
            cover.save(update_fields=["cancelled_at"])
            notify(
                [
                    NoticeRow(
                        user_id, "cover_cancelled", TABLE, cover.pk,
                        params={"absent": cover.absent.name, "substitute": cover.substitute.name},
                    )
                    for user_id in (cover.absent.user_id, cover.substitute.user_id)
                ],
                now,
            )  # fmt: skip
            follow("ABSENCE_FOLLOWERS", staff_ids=[cover.absent_id, cover.substitute_id], today=today, now=now)
        return cover


def _both(by: User, absent_id: int, substitute_id: int) -> tuple[Staff, Staff]:
    """Both people inside the arranger's reach, locked in order, so that two arrangements don't cross."""
    rows = Staff.visible_to(scope_of(by, "arrange_cover")).filter(pk__in={absent_id, substitute_id})
    found = {row.pk: row for row in rows.order_by("pk").select_for_update(of=("self",))}
    for staff_id, name in ((absent_id, "absent"), (substitute_id, "substitute")):
        if staff_id not in found:
            raise NotFound(_("There is no such colleague."), field=name)
    return found[absent_id], found[substitute_id]


def _check_cover(absent: Staff, substitute: Staff, starts_on: date, ends_on: date, today: date) -> None:
    _check_days(starts_on, ends_on, today)
    if absent.pk == substitute.pk:
        raise Invalid(_("Nobody covers himself."), code="same_person", field="substitute")
    for staff, name in ((absent, "absent"), (substitute, "substitute")):
        if not staff.is_active:
            raise Invalid(_("This colleague is no longer active."), code="inactive", field=name)
    if not Post.unscoped.filter(staff=substitute).filter(Q(ends_on=None) | Q(ends_on__gte=ends_on)).exists():
        raise Invalid(_("The substitute holds no post for this time."), code="no_post", field="substitute")
    if _covers_of(absent, starts_on, ends_on).exists():
        other = _covers_of(absent, starts_on, ends_on).select_related("substitute").first()
        raise Invalid(
            _("%(name)s is covered by %(substitute)s from %(starts_on)s to %(ends_on)s already."),
            code="cover_overlaps",
            field="starts_on",
            params={
                "name": absent.name,
                "substitute": other.substitute.name if other else "",
                "starts_on": other.starts_on if other else "",
                "ends_on": other.ends_on if other else "",
            },
        )
    _refuse_away(substitute, starts_on, ends_on)


def _check_days(starts_on: date, ends_on: date, today: date) -> None:
    longest = int(parameters.value("longest_cover_days", today))
    if ends_on < starts_on:
        raise Invalid(_("The end lies before the beginning."), code="out_of_order", field="ends_on")
    if starts_on < today:
        raise Invalid(_("A cover starts today or later."), code="out_of_range", field="starts_on")
    if (ends_on - starts_on).days + 1 > longest:
        raise Invalid(
            _("A cover lasts at most %(days)d days; for longer hand the customers over."),
            code="out_of_range",
            field="ends_on",
            params={"days": longest},
        )
    if starts_on > today + timedelta(days=366):
        raise Invalid(_("This date is too far away."), code="out_of_range", field="starts_on")


def _covers_of(absent: Staff, starts_on: date, ends_on: date) -> QuerySet[Cover]:
    return Cover.unscoped.filter(absent=absent, starts_on__lte=ends_on, ends_on__gte=starts_on, cancelled_at=None)


def _refuse_away(substitute: Staff, starts_on: date, ends_on: date) -> None:
    """Cover by somebody who is himself away helps nobody (issue 2, bad input)."""
    leave = Leave.unscoped.filter(staff=substitute, starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    cover = _covers_of(substitute, starts_on, ends_on).first()
    away = leave or cover
    if away is not None:
        raise Invalid(
            _("%(name)s is away from %(starts_on)s to %(ends_on)s."),
            code="substitute_away",
            field="substitute",
            params={"name": substitute.name, "starts_on": away.starts_on, "ends_on": away.ends_on},
        )


def _chain_warning(absent: Staff, starts_on: date, ends_on: date) -> list[str | Promise]:
    """Who covers somebody himself: that cover is not passed on."""
    rows = Cover.unscoped.filter(
        substitute=absent, starts_on__lte=ends_on, ends_on__gte=starts_on, cancelled_at=None
    ).select_related("absent")
    return [
        _("%(name)s covers %(other)s in this time; that is not passed on.")
        % {"name": absent.name, "other": cover.absent.name}
        for cover in rows
    ]


def record_leave(
    *, staff_id: int, kind: str, starts_on: date, ends_on: date, by: User, now: datetime, note: str = ""
) -> Absence:
    """Days away, one's own or of people one arranges cover for: capacity sinks, suggestions move."""
    today = timezone.localdate(now)
    note = clean_text(note, field="note", max_length=REASON_LENGTH)
    if kind not in LeaveKind.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="kind")
    if ends_on < starts_on:
        raise Invalid(_("The end lies before the beginning."), code="out_of_order", field="ends_on")
    if (ends_on - starts_on).days > 366 or abs((starts_on - today).days) > 366:
        raise Invalid(_("This date is too far away."), code="out_of_range", field="starts_on")
    with write(by=by):
        staff = _absentee(by, staff_id)
        if Leave.unscoped.filter(staff=staff, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
            raise Invalid(_("There is a leave on these days already."), code="leave_overlaps", field="starts_on")
        leave = Leave.unscoped.create(staff=staff, kind=kind, starts_on=starts_on, ends_on=ends_on, note=note)
        covering = Cover.unscoped.filter(
            substitute=staff, starts_on__lte=ends_on, ends_on__gte=max(starts_on, today), cancelled_at=None
        ).select_related("absent")
        warnings: list[str | Promise] = [
            _("%(name)s covers %(other)s in this time: arrange somebody else.")
            % {"name": staff.name, "other": cover.absent.name}
            for cover in covering
        ]
        follow("ABSENCE_FOLLOWERS", staff_ids=[staff.pk], today=today, now=now)
        return Absence(leave, warnings)


def cancel_leave(*, leave_id: int, by: User, now: datetime) -> None:
    """Take a leave back that is not over yet."""
    today = timezone.localdate(now)
    with write(by=by):
        leave = Leave.unscoped.filter(pk=leave_id).select_for_update().first()
        if leave is None:
            raise NotFound(_("There is no such leave."))
        _absentee(by, leave.staff_id)
        if leave.ends_on < today:
            raise Invalid(_("This leave is over already."), code="over")
        leave.delete()
        follow("ABSENCE_FOLLOWERS", staff_ids=[leave.staff_id], today=today, now=now)


def _absentee(by: User, staff_id: int) -> Staff:
    """Oneself, or somebody whose cover one may arrange."""
    staff = Staff.unscoped.filter(pk=staff_id).select_for_update().first()
    if staff is None:
        raise NotFound(_("There is no such colleague."), field="staff")
    if staff.user_id == by.pk:
        return staff
    if scope_of(by, "arrange_cover").allows(unit_id=staff.unit_id, manager_id=staff.pk):
        return staff
    if by.access.scope.allows(unit_id=staff.unit_id, manager_id=staff.pk):
        raise NotAllowed
    raise NotFound(_("There is no such colleague."), field="staff")
