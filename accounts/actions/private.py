"""The private group: own ability, shown by POST with a reason, each look logged and counted (CUS-8, ORG-23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.customers import conflict_of
from accounts.actions.doors import a_reason, scope_of, the_customer
from accounts.actions.versions import profiles_changed
from accounts.choices import CustomerKind, EmploymentForm, Role
from accounts.models import (
    ContactPerson,
    Customer,
    FamilyMember,
    JobChange,
    Post,
    PrivateGrant,
    PrivateProfile,
    Staff,
)
from accounts.rules import PRIVATE_FIELDS, check_family_member, check_job_change, check_private
from crm.core import access_log, parameters
from crm.core.db import write
from crm.core.errors import Invalid, LimitReached, NotFound, OwnRequest
from crm.core.models import AccessLog
from crm.core.models import User as UserModel

if TYPE_CHECKING:
    from crm.core.models import User

TABLE = "accounts_customer"
LOOK, REVEAL = "look", "reveal"
NEEDS_CONSENT = frozenset({"family_background"})


@dataclass(frozen=True)
class Family:
    """A family member as shown after a look."""

    id: int
    relation: str
    name: str
    birthday: date | None


@dataclass(frozen=True)
class Job:
    """A change of job as shown after a look."""

    id: int
    changed_on: date
    employer_before: str
    employer_after: str


@dataclass(frozen=True)
class PrivateView:
    """The private group in clear, for one look."""

    values: dict[str, Any]
    family: list[Family]
    jobs: list[Job]
    looks_left: int


@dataclass(frozen=True)
class PhoneView:
    """Full numbers, for one look."""

    phone: str
    other_phone: str
    looks_left: int


def reveal_private(*, customer_id: int, reason: str, by: User, now: datetime) -> PrivateView:
    """Show the private group of a customer: with a reason, logged, 30 a day (CUS-8; bad input 44)."""
    with write(by=by):
        customer = the_customer(by, customer_id, "view_private_profile", lock=False)
        left = _count_look(LOOK, customer.pk, a_reason(reason), {"group": "private"}, by=by, now=now)
        return _in_clear(customer, left)


def hand_out_private(*, customer_id: int, by: User, now: datetime) -> PrivateView:
    """The private group for a machine whose token has the scope; each look is logged (sync-api, CUS-8)."""
    with write(by=by):
        customer = the_customer(by, customer_id, "view_private_profile", lock=False)
        access_log.record(
            LOOK, by, at=now, subject_table=TABLE, subject_id=customer.pk, detail={"group": "private", "door": "api"}
        )
        return _in_clear(customer, 0)


def _in_clear(customer: Customer, left: int) -> PrivateView:
    row = PrivateProfile.unscoped.filter(customer=customer).first()
    family = FamilyMember.unscoped.filter(customer=customer).order_by("pk")
    jobs = JobChange.unscoped.filter(customer=customer).order_by("-changed_on", "-pk")
    return PrivateView(
        {name: getattr(row, name, "") for name in PRIVATE_FIELDS},
        [Family(*values) for values in family.values_list("pk", "relation", "name", "birthday")],
        [Job(*values) for values in jobs.values_list("pk", "changed_on", "employer_before", "employer_after")],
        left,
    )


def reveal_phone(*, customer_id: int, reason: str, by: User, now: datetime, person_id: int | None = None) -> PhoneView:
    """Show the full number of a customer or of one of his contact persons: with a reason, logged, counted."""
    with write(by=by):
        customer = the_customer(by, customer_id, "reveal_phone", lock=False)
        detail: dict[str, Any] = {"field": "phone"}
        phone, other = customer.phone, customer.other_phone
        if person_id is not None:
            person = ContactPerson.unscoped.filter(pk=person_id, customer=customer).first()
            if person is None:
                raise NotFound
            detail["person"] = person.pk
            phone, other = person.phone, ""
        left = _count_look(REVEAL, customer.pk, a_reason(reason), detail, by=by, now=now)
        return PhoneView(phone, other, left)


def _count_look(kind: str, customer_id: int, reason: str, detail: Mapping[str, Any], *, by: User, now: datetime) -> int:
    """One look more, exactly: the person's own row is what parallel looks queue for. Returns how many are left."""
    UserModel.objects.select_for_update().get(pk=by.pk)
    today = timezone.localdate(now)
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    limit = int(parameters.value("reveal_limit", today))
    done = AccessLog.objects.filter(user_id=by.pk, kind__in=(LOOK, REVEAL), at__gte=midnight).count()
    if done >= limit:
        raise LimitReached(
            _("You have looked at full data %(limit)d times today; that is the limit."),
            code="reveal_limit",
            params={"limit": limit},
        )
    access_log.record(kind, by, at=now, subject_table=TABLE, subject_id=customer_id, reason=reason, detail=detail)
    return limit - done - 1


def save_private(
    *,
    customer_id: int,
    values: Mapping[str, Any],
    by: User,
    now: datetime,
    version: int | None = None,
) -> list[str]:
    """Write fields of the private group; answers which changed. Family background needs recorded consent (PIPL)."""
    today = timezone.localdate(now)
    with write(by=by):
        customer = _private_customer(by, customer_id)
        if version is not None and version != customer.version:
            raise conflict_of(customer, {})
        clean = check_private(values, today=today).or_refuse()
        row = PrivateProfile.unscoped.filter(customer=customer).first() or PrivateProfile(customer=customer)
        changed = [name for name, value in clean.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, clean[name])
        if row.consent_on is None and any(getattr(row, name) for name in NEEDS_CONSENT):
            raise _no_consent("consent_on")
        if row.consent_on is None and FamilyMember.unscoped.filter(customer=customer).exists():
            raise _no_consent("consent_on")
        if changed:
            row.save()
            profiles_changed([customer.pk], now=now)
        return changed


def _private_customer(by: User, customer_id: int) -> Customer:
    customer = the_customer(by, customer_id, "edit_customers", "view_private_profile")
    if customer.kind not in (CustomerKind.VIP, CustomerKind.ORDINARY):
        raise Invalid(_("Only persons have a private profile."), code="not_for_kind")
    return customer


def _no_consent(name: str) -> Invalid:
    return Invalid(
        _("Record the customer's consent first: family data is kept only with it."),
        code="consent_missing",
        field=name,
    )


def add_family_member(*, customer_id: int, values: Mapping[str, Any], by: User, now: datetime) -> FamilyMember:
    """Add a family member; off by default, needs recorded consent (safety 1.5)."""
    clean = check_family_member(values, today=timezone.localdate(now)).or_refuse()
    with write(by=by):
        customer = _private_customer(by, customer_id)
        consented = PrivateProfile.unscoped.filter(customer=customer).exclude(consent_on=None).exists()
        if not consented:
            raise _no_consent("")
        row = FamilyMember.unscoped.create(customer=customer, **clean)
        profiles_changed([customer.pk], now=now)
        return row


def remove_family_member(*, member_id: int, by: User, now: datetime) -> None:
    """Take a family member out; data whose purpose ended goes."""
    with write(by=by):
        row = FamilyMember.unscoped.filter(pk=member_id).first()
        if row is None:
            raise NotFound
        customer = _private_customer(by, row.customer_id)
        row.delete()
        profiles_changed([customer.pk], now=now)


def add_job_change(*, customer_id: int, values: Mapping[str, Any], by: User, now: datetime) -> JobChange:
    """Add a dated change of job (CUS-8)."""
    clean = check_job_change(values, today=timezone.localdate(now)).or_refuse()
    with write(by=by):
        customer = _private_customer(by, customer_id)
        row = JobChange.unscoped.create(customer=customer, **clean)
        profiles_changed([customer.pk], now=now)
        return row


def remove_job_change(*, change_id: int, by: User, now: datetime) -> None:
    """Take a wrong change of job out."""
    with write(by=by):
        row = JobChange.unscoped.filter(pk=change_id).first()
        if row is None:
            raise NotFound
        customer = _private_customer(by, row.customer_id)
        row.delete()
        profiles_changed([customer.pk], now=now)


def grant_private(*, staff_id: int, reason: str, by: User, now: datetime) -> PrivateGrant:
    """Let a manager see the private profiles of his own customers (3.3); never oneself, never outsourced staff."""
    with write(by=by):
        staff = _grantee(by, staff_id)
        if staff.employment_form == EmploymentForm.OUTSOURCED:
            raise Invalid(_("Outsourced staff see no private profiles."), code="outsourced", field="staff")
        if not Post.unscoped.filter(staff=staff, role=Role.MANAGER, ends_on=None).exists():
            raise Invalid(
                _("%(name)s is not an account manager today."),
                code="not_a_manager",
                field="staff",
                params={"name": staff.name},
            )
        row, _created = PrivateGrant.unscoped.get_or_create(
            staff=staff, defaults={"granted_by": by, "granted_at": now, "reason": a_reason(reason)}
        )
        return row


def revoke_private(*, staff_id: int, by: User, now: datetime) -> None:
    """Take the grant back; it ends at once."""
    with write(by=by):
        PrivateGrant.unscoped.filter(staff=_grantee(by, staff_id)).delete()


def _grantee(by: User, staff_id: int) -> Staff:
    """Supervisors grant in their units, directors everywhere; nobody to himself (SEC-24)."""
    scope = scope_of(by, "view_private_profile").union(scope_of(by, "manage_staff"))
    staff = Staff.visible_to(scope).filter(pk=staff_id).select_for_update(of=("self",)).first()
    if staff is None:
        raise NotFound(_("There is no such colleague."), field="staff")
    if staff.user_id == by.pk:
        raise OwnRequest
    return staff
