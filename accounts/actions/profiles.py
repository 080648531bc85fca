"""Profile groups of a customer: basic, preferences, contact persons, members, files, strength (CUS-6…12, 24, 28)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.files import File
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.customers import Written, conflict_of, update_customer
from accounts.actions.doors import the_customer
from accounts.actions.versions import profiles_changed
from accounts.choices import CustomerKind, FileCategory
from accounts.models import (
    ChannelProfile,
    ContactPerson,
    Customer,
    CustomerFile,
    GroupMember,
    RelationshipStrength,
)
from accounts.rules import (
    CONTACT_CHECKS,
    check_channel,
    check_contact_person,
    check_member,
)
from crm.core import attachments
from crm.core.changelog import history_of
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.scope import ScopedModel
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

MAX_PERSONS = 200
Row = TypeVar("Row", bound=ScopedModel)


def save_person_profile(
    *, customer_id: int, values: Mapping[str, Any], by: User | None, now: datetime, version: int | None = None
) -> Written:
    """Basic and preference facts of a person (CUS-6, CUS-7); facts learned in a talk come the same way (CUS-9)."""
    return update_customer(customer_id=customer_id, changes={"person": values}, by=by, now=now, version=version)


def save_channel_profile(
    *, customer_id: int, values: Mapping[str, Any], by: User, now: datetime, version: int | None = None
) -> ChannelProfile:
    """The licence of a channel customer."""
    today = timezone.localdate(now)
    with write(by=by):
        customer = the_customer(by, customer_id, "edit_customers")
        if customer.kind != CustomerKind.CHANNEL:
            raise Invalid(_("Only channel customers have a licence here."), code="not_for_kind")
        if version is not None and version != customer.version:
            raise conflict_of(customer, values)
        clean = check_channel(values, today=today).or_refuse()
        row = ChannelProfile.unscoped.filter(customer=customer).first() or ChannelProfile(customer=customer)
        if _differs(row, clean):
            row.save()
            profiles_changed([customer.pk], now=now)
        return row


def save_contact_person(
    *,
    values: Mapping[str, Any],
    by: User | None,
    now: datetime,
    customer_id: int | None = None,
    person_id: int | None = None,
    version: int | None = None,
    source: str = "",
    external_id: str = "",
) -> ContactPerson:
    """Add a contact person (with `customer_id`) or change one (with `person_id`) (CUS-24)."""
    today = timezone.localdate(now)
    with write(by=by):
        person = None if person_id is None else _row_of(ContactPerson, person_id)
        owner_id = person.customer_id if person is not None else customer_id
        if owner_id is None or customer_id not in (None, owner_id):
            raise NotFound
        customer = the_customer(by, owner_id, "edit_customers")
        if customer.kind not in (CustomerKind.GROUP, CustomerKind.CHANNEL):
            raise Invalid(_("Only groups and channel customers have contact persons."), code="not_for_kind")
        if person is not None and version is not None and person.version != version:
            raise _person_conflict(person)
        clean = check_contact_person(values, today=today, partial=person is not None).or_refuse()
        is_new = person is None
        person = person or _new_person(customer, source, external_id)
        if _differs(person, clean) or is_new:
            person.version += 0 if is_new else 1
            person.save()
            profiles_changed([customer.pk], now=now)
        return person


def _new_person(customer: Customer, source: str, external_id: str) -> ContactPerson:
    if ContactPerson.unscoped.filter(customer=customer).count() >= MAX_PERSONS:
        raise Invalid(
            _("A customer has at most %(max)d contact persons."), code="too_many", params={"max": MAX_PERSONS}
        )
    if external_id and ContactPerson.unscoped.filter(external_source=source, external_id=external_id).exists():
        raise Conflict(_("This external id belongs to another person."), code="taken", field="external_id")
    return ContactPerson(customer=customer, external_source=source, external_id=external_id)


def _person_conflict(person: ContactPerson) -> Conflict:
    last = history_of("accounts_contactperson", person.pk, 1)
    current = {name: getattr(person, name) for name in CONTACT_CHECKS}
    return Conflict(
        current={
            **current,
            "version": person.version,
            "changed_by": last[0].actor_name if last else "",
            "changed_at": last[0].at if last else None,
        }
    )


def save_member(
    *, customer_id: int, values: Mapping[str, Any], by: User | None, now: datetime, member_id: int | None = None
) -> GroupMember:
    """A subscriber line under a group, countable for quotas (CUS-28)."""
    today = timezone.localdate(now)
    with write(by=by):
        customer = the_customer(by, customer_id, "edit_customers")
        if customer.kind != CustomerKind.GROUP:
            raise Invalid(_("Only groups have members."), code="not_for_kind")
        clean = check_member(values, today=today).or_refuse()
        twins = GroupMember.unscoped.filter(msisdn=clean["msisdn"])
        taken = (twins if member_id is None else twins.exclude(pk=member_id)).exists()
        if not clean["msisdn"] or taken:
            raise Invalid(_("This number is missing or belongs to a group already."), code="taken", field="msisdn")
        row = GroupMember(customer=customer) if member_id is None else _row_of(GroupMember, member_id)
        if row.customer_id != customer.pk:
            raise NotFound
        if _differs(row, clean) or member_id is None:
            row.save()
            profiles_changed([customer.pk], now=now)
        return row


def remove_member(*, member_id: int, by: User, now: datetime) -> None:
    """Take a line out of its group."""
    with write(by=by):
        row = _row_of(GroupMember, member_id)
        customer = the_customer(by, row.customer_id, "edit_customers")
        row.delete()
        profiles_changed([customer.pk], now=now)


def add_file(
    *, customer_id: int, upload: File[Any], category: str, title: str, by: User, now: datetime
) -> CustomerFile:
    """Put a file into the archive; the same title again is the next version (CUS-12)."""
    title = clean_text(title, field="title", max_length=100, blank=False)
    if category not in FileCategory.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="category")
    with write(by=by):
        customer = the_customer(by, customer_id, "edit_customers")
        stored = attachments.store(upload, by=by, now=now)
        last = CustomerFile.unscoped.filter(customer=customer, title=title).aggregate(n=Max("file_version"))["n"]
        row = CustomerFile.unscoped.create(
            customer=customer,
            attachment=stored,
            category=category,
            title=title,
            file_version=(last or 0) + 1,
            uploaded_by=by,
            uploaded_at=now,
        )
        profiles_changed([customer.pk], now=now)
        return row


def judge_strength(*, customer_id: int, strength: int, by: User, now: datetime) -> RelationshipStrength:
    """The manager's judgement of the relation, 1 to 5, one a day (CON-33)."""
    if not 1 <= strength <= 5:
        raise Invalid(_("The strength is a number from 1 to 5."), code="out_of_range", field="strength")
    with write(by=by):
        customer = the_customer(by, customer_id, "edit_customers")
        judged_on = timezone.localdate(now)
        row = RelationshipStrength.unscoped.filter(customer=customer, judged_on=judged_on).first()
        row = row or RelationshipStrength(customer=customer, judged_on=judged_on)
        if _differs(row, {"strength": strength, "by_id": by.pk}):
            row.save()
            profiles_changed([customer.pk], now=now)
        return row


def _differs(row: ScopedModel, clean: Mapping[str, Any]) -> bool:
    """Put the values on the row; whether any of them is new."""
    changed = False
    for name, value in clean.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _row_of(model: type[Row], row_id: int) -> Row:
    """A row by id, locked; whether its customer is visible is asked next."""
    row: Row | None = model.unscoped.filter(pk=row_id).select_for_update().first()
    if row is None:
        raise NotFound
    return row
