"""Staff, their posts and qualifications (ORG-4…7, 12, 16, 17, 20, 21, 27, 29, 31)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must, scope_of, the_staff
from accounts.choices import EmploymentForm, Grade, Line, QualificationKind, Role, UnitType
from accounts.models import Cover, Customer, Post, Qualification, Staff, Unit
from accounts.queries import names
from accounts.rules import add_months, pinyin_of
from accounts.rules import fields as f
from crm.core import parameters
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotFound, OwnRequest
from crm.core.models import Session
from crm.core.models import User as UserModel

if TYPE_CHECKING:
    from crm.core.models import User

# ORG-25: no height, no appearance, no sex, no age.
STAFF_CHECKS: dict[str, f.Check] = {
    "number": f.text(20, blank=False),
    "name": f.text(50, blank=False),
    "unit_id": f.whole(1, 2**62),
    "line": f.choice(Line),
    "grade": f.choice(Grade),
    "post_level": f.whole(1, 20),
    "employment_form": f.choice(EmploymentForm, blank=False),
    "phone": f.phone,
    "supervisor_id": f.whole(1, 2**62),
    "backup_id": f.whole(1, 2**62),
    "hired_on": f.day(),
    "probation_ends_on": f.day(),
}
QUALIFICATION_CHECKS: dict[str, f.Check] = {
    "kind": f.choice(QualificationKind, blank=False),
    "level": f.text(50, blank=False),
    "issued_on": f.day(past=True),
    "expires_on": f.day(),
}
LONGEST_CHAIN = 50


def save_staff(
    *,
    values: Mapping[str, Any],
    by: User | None,
    now: datetime,
    staff_id: int | None = None,
    version: int | None = None,
    password: str | None = None,
) -> Staff:
    """Create a colleague with his user (the staff number is the username), or change one."""
    today = timezone.localdate(now)
    required = ("number", "name", "unit_id") if staff_id is None else ()
    with write(by=by):
        must(by, "manage_staff")
        staff = Staff() if staff_id is None else the_staff(by, staff_id, "manage_staff")
        if version is not None and staff_id is not None and version != staff.version:
            raise Conflict(current={name: getattr(staff, name) for name in STAFF_CHECKS} | {"version": staff.version})
        clean = f.check_values(values, STAFF_CHECKS, today=today, required=required).or_refuse()
        changed = {name for name, value in clean.items() if getattr(staff, name) != value}
        if staff_id is not None and not changed:
            return staff
        for name, value in clean.items():
            setattr(staff, name, value)
        _check_staff(by, staff, changed)
        _complete(staff, clean, changed, today)
        _save_with_user(staff, password, is_new=staff_id is None)
        names.forget()
        return staff


def _check_staff(by: User | None, staff: Staff, changed: set[str]) -> None:
    if "number" in changed:
        twin = UserModel.objects.filter(username__iexact=staff.number).exclude(pk=staff.user_id or 0)
        if twin.exists() or Staff.unscoped.filter(number=staff.number).exclude(pk=staff.pk or 0).exists():
            raise Invalid(_("This staff number is taken."), code="taken", field="number")
    if "unit_id" in changed:
        unit = Unit.visible_to(scope_of(by, "manage_staff")).filter(pk=staff.unit_id, is_active=True)
        if not unit.exists():
            raise Invalid(_("There is no such unit."), code="not_found", field="unit_id")
    for name in ("supervisor_id", "backup_id"):
        other = getattr(staff, name)
        if name in changed and other is not None:
            if other == staff.pk:
                raise Invalid(_("Nobody is his own supervisor or backup."), code="cycle", field=name)
            if not Staff.unscoped.filter(pk=other, is_active=True).exists():
                raise Invalid(_("There is no such colleague."), code="not_found", field=name)
    if "supervisor_id" in changed and staff.pk is not None and staff.supervisor_id is not None:
        _refuse_cycle(staff.pk, staff.supervisor_id)


def _refuse_cycle(staff_id: int, supervisor_id: int) -> None:
    """ORG-17: nobody is supervised by one of his own subordinates."""
    above = dict(Staff.unscoped.exclude(supervisor=None).values_list("pk", "supervisor_id"))
    current: int | None = supervisor_id
    for _step in range(LONGEST_CHAIN):
        if current is None:
            return
        if current == staff_id:
            break
        current = above.get(current)
    raise Invalid(
        _("%(name)s reports to this person already: a supervisor cannot be one's own subordinate."),
        code="cycle",
        field="supervisor_id",
        params={"name": names.staff_name(supervisor_id)},
    )


def _complete(staff: Staff, clean: Mapping[str, Any], changed: set[str], today: date) -> None:
    """Derived values: pinyin, and the end of probation three months after hiring (ORG-20)."""
    if "name" in changed:
        pinyin, initials = pinyin_of(staff.name)
        staff.pinyin, staff.initials = pinyin[:120], initials[:20]
    if "hired_on" in changed and staff.hired_on is not None and clean.get("probation_ends_on") is None:
        months = int(parameters.value("probation_months", today))
        staff.probation_ends_on = add_months(staff.hired_on, months) if months else None


def _save_with_user(staff: Staff, password: str | None, *, is_new: bool) -> None:
    if is_new:
        staff.user = UserModel.objects.create_user(staff.number, password, name=staff.name)
    else:
        staff.version += 1
        UserModel.objects.filter(pk=staff.user_id).exclude(username=staff.number, name=staff.name).update(
            username=staff.number, name=staff.name
        )
    staff.save()


def deactivate_staff(*, staff_id: int, by: User, now: datetime) -> Staff:
    """ORG-29: refused while the person still has customers; then posts, cover, sessions and sign-in end."""
    today = timezone.localdate(now)
    with write(by=by):
        staff = the_staff(by, staff_id, "manage_staff")
        if staff.user_id == by.pk:
            raise OwnRequest
        customers = Customer.unscoped.filter(manager=staff).count()
        if customers:
            raise Invalid(
                _("%(name)s still has %(count)d customers: hand them over first."),
                code="has_customers",
                field="staff",
                params={"name": staff.name, "count": customers},
            )
        if not staff.is_active:
            return staff
        Post.unscoped.filter(staff=staff).filter(Q(ends_on=None) | Q(ends_on__gt=today)).update(ends_on=today)
        Cover.unscoped.filter(Q(absent=staff) | Q(substitute=staff), ends_on__gte=today, cancelled_at=None).update(
            cancelled_at=now
        )
        Unit.unscoped.filter(head=staff).update(head=None)
        Unit.unscoped.filter(complaint_handler=staff).update(complaint_handler=None)
        staff.is_active = False
        staff.version += 1
        staff.save(update_fields=["is_active", "version"])
        UserModel.objects.filter(pk=staff.user_id).update(is_active=False)
        Session.objects.filter(user_id=staff.user_id).delete()
        names.forget()
        return staff


def reactivate_staff(*, staff_id: int, by: User, now: datetime) -> Staff:
    """Somebody came back: he may sign in again; posts are given anew."""
    with write(by=by):
        staff = the_staff(by, staff_id, "manage_staff")
        if not staff.is_active:
            staff.is_active = True
            staff.version += 1
            staff.save(update_fields=["is_active", "version"])
            UserModel.objects.filter(pk=staff.user_id).update(is_active=True)
            names.forget()
        return staff


def save_post(
    *,
    staff_id: int,
    role: str,
    unit_id: int,
    by: User | None,
    now: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Post:
    """Give a role in one unit with its subtree; a person may hold several. Nobody gives himself one (SEC-24)."""
    with write(by=by):
        staff = the_staff(by, staff_id, "manage_staff")
        if by is not None and staff.user_id == by.pk:
            raise OwnRequest
        if role not in Role.values:
            raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="role")
        if not Unit.visible_to(scope_of(by, "manage_staff")).filter(pk=unit_id, is_active=True).exists():
            raise Invalid(_("There is no such unit."), code="not_found", field="unit")
        if starts_on and ends_on and ends_on < starts_on:
            raise Invalid(_("The end lies before the beginning."), code="out_of_order", field="ends_on")
        if not staff.is_active:
            raise Invalid(_("This colleague is no longer active."), code="inactive", field="staff")
        post = Post.unscoped.filter(staff=staff, role=role, unit_id=unit_id, ends_on=None).first()
        if post is not None and (post.starts_on, post.ends_on) == (starts_on, ends_on):
            return post
        post = post or Post(staff=staff, role=role, unit_id=unit_id)
        post.starts_on, post.ends_on = starts_on, ends_on
        post.save()
        return post


def end_post(*, post_id: int, ends_on: date, by: User, now: datetime) -> Post:
    """End a post; the last one as manager stays while there are customers (ORG-29)."""
    with write(by=by):
        post = Post.visible_to(scope_of(by, "manage_staff")).filter(pk=post_id).select_for_update(of=("self",)).first()
        if post is None:
            raise NotFound(_("There is no such post."))
        if post.staff.user_id == by.pk:
            raise OwnRequest
        others = Post.unscoped.filter(staff=post.staff, role=Role.MANAGER, ends_on=None).exclude(pk=post.pk)
        if post.role == Role.MANAGER and not others.exists():
            customers = Customer.unscoped.filter(manager_id=post.staff_id).count()
            if customers:
                raise Invalid(
                    _("%(name)s still has %(count)d customers: hand them over first."),
                    code="has_customers",
                    field="post",
                    params={"name": post.staff.name, "count": customers},
                )
        post.ends_on = ends_on
        post.save(update_fields=["ends_on"])
        return post


def save_qualification(*, staff_id: int, values: Mapping[str, Any], by: User, now: datetime) -> Qualification:
    """Record a qualification (ORG-27)."""
    clean = f.check_values(
        values, QUALIFICATION_CHECKS, today=timezone.localdate(now), required=("kind", "level")
    ).or_refuse()
    with write(by=by):
        staff = the_staff(by, staff_id, "manage_staff")
        return Qualification.unscoped.create(staff=staff, **clean)


def remove_qualification(*, qualification_id: int, by: User, now: datetime) -> None:
    """Take a wrong record out."""
    with write(by=by):
        rows = Qualification.visible_to(scope_of(by, "manage_staff")).filter(pk=qualification_id)
        if not rows.delete()[0]:
            raise NotFound


def create_director(*, username: str, name: str, password: str | None, now: datetime) -> Staff:
    """The first person of an empty installation: a city company and its director (decisions 21)."""
    with write(label="system:create_director"):
        city = Unit.unscoped.filter(parent=None).order_by("pk").first()
        if city is None:
            city = Unit.unscoped.create(code="CITY", name=str(_("City company")), type=UnitType.CITY)
            Unit.unscoped.filter(pk=city.pk).update(path=f"/{city.pk}/")
        staff = save_staff(
            values={"number": username, "name": name, "unit_id": city.pk}, by=None, now=now, password=password
        )
        save_post(staff_id=staff.pk, role=Role.DIRECTOR, unit_id=city.pk, by=None, now=now)
        names.forget()
        return staff
