"""So many rows of everything that a list or a detail page of side "a" shows: three, or thirty."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import (
    Assignment,
    ContactPerson,
    Cover,
    Customer,
    CustomerFile,
    ExternalId,
    FamilyMember,
    GroupMember,
    Handover,
    HandoverItem,
    JobChange,
    Leave,
    Post,
    Qualification,
    RelationshipStrength,
    Segment,
    Staff,
    Standing,
    Task,
    TierHistory,
    TierProposal,
    Unit,
)
from crm.core.models import AccessLog, Job, JobRowError, Notice, Parameter, SweepRun, User, WorkDay
from sync.models import Client, Token
from tests.guards.rooms import rooms
from tests.guards.world import World
from visits.models import CustomerVoice, DialTap, Duty, Excuse, Remark, Visit, VisitCompanion, VisitNote, VisitPerson


def gather(world: World, number: int) -> None:
    """`number` more of everything."""
    rows = world.rows["a"]
    _people(world, rows, number)
    customers = _customers(rows, number)
    _profile(rows, number)
    visits = _visits(rows, customers)
    _waiting(rows, customers)
    _about_one_visit(rows, number)
    _portfolio(rows, customers)
    _own_work(world, rows, visits, number)
    _house(world, rows, number)
    for room in rooms():
        if hasattr(room, "gather"):
            room.gather(world, rows, number)


def copy(row: Any, **changes: Any) -> Any:
    """A row like this one, not saved yet."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    return type(row)(**values | changes)


def _people(world: World, rows: dict[str, Any], number: int) -> None:
    Unit.unscoped.bulk_create(
        copy(rows["unit"], code=f"A-{index}", name=f"营业部{index}", parent_id=rows["unit"].pk,
             path=f"{rows['unit'].path}{900_000 + index}/")
        for index in range(number)
    )  # fmt: skip
    unusable = make_password(None)
    users = User.objects.bulk_create(
        User(username=f"C{index:04d}", name=f"同事{index}", password=unusable) for index in range(number)
    )
    staff = Staff.unscoped.bulk_create(
        copy(rows["manager"], user_id=user.pk, number=user.username, name=user.name, backup_id=rows["manager"].pk)
        for user in users
    )
    Post.unscoped.bulk_create(Post(staff=member, role="manager", unit=rows["unit"]) for member in staff)
    today = timezone.localdate()
    for offset in range(number):
        first = today + timedelta(days=60 + 3 * offset)
        Leave.unscoped.create(staff=rows["manager"], starts_on=first, ends_on=first)
        Cover.unscoped.create(
            absent=rows["manager"], substitute=staff[offset], starts_on=first, ends_on=first,
            arranged_by=rows["boss_user"], arranged_at=timezone.now(),
        )  # fmt: skip
        # Today his mate is covered by nobody; somebody else's work comes to the manager.
        Cover.unscoped.create(
            absent=staff[offset], substitute=rows["manager"], starts_on=today, ends_on=today + timedelta(days=2),
            arranged_by=rows["boss_user"], arranged_at=timezone.now(),
        )  # fmt: skip
    Qualification.unscoped.bulk_create(copy(rows["qualification"]) for _ in range(number))
    Segment.unscoped.bulk_create(copy(rows["segment"], name=f"分组{index}") for index in range(number))


def _customers(rows: dict[str, Any], number: int) -> list[Customer]:
    first = rows["customer"]
    customers = Customer.unscoped.bulk_create(
        copy(first, number=f"C{index:08d}", name=f"客户{index}", phone=f"1370000{index:04d}", name_tokens=None)
        for index in range(number)
    )
    standing = Standing.unscoped.get(customer=first)
    Standing.unscoped.bulk_create(copy(standing, customer_id=customer.pk) for customer in customers)
    Assignment.unscoped.bulk_create(
        Assignment(customer=customer, staff=rows["manager"], valid_from="2024-01-01") for customer in customers
    )
    TierHistory.unscoped.bulk_create(
        TierHistory(customer=customer, tier_id=customer.tier_id, valid_from="2024-01-01") for customer in customers
    )
    ExternalId.unscoped.bulk_create(
        ExternalId(customer=customer, source="erp", external_id=f"C{customer.pk}") for customer in customers
    )
    return customers


def _profile(rows: dict[str, Any], number: int) -> None:
    """On one customer, so that his page has them all; persons and lines on the firm."""
    for row in (rows["family"], rows["job_change"]):
        type(row).unscoped.bulk_create(copy(row) for _ in range(number))
    assert {FamilyMember, JobChange} == {type(rows["family"]), type(rows["job_change"])}
    for customer in (rows["firm"], rows["customer"]):
        ContactPerson.unscoped.bulk_create(
            copy(rows["person"], customer_id=customer.pk, name=f"联系人{index}", external_id="", external_source="")
            for index in range(number)
        )
    GroupMember.unscoped.bulk_create(copy(rows["member"], msisdn=f"1360000{index:04d}") for index in range(number))
    long_ago = timezone.now() - timedelta(days=90)  # the newest stretch of the timeline still begins with visits
    CustomerFile.unscoped.bulk_create(
        copy(rows["file"], title=f"文件{index}", uploaded_at=long_ago) for index in range(number)
    )
    RelationshipStrength.unscoped.bulk_create(
        RelationshipStrength(
            customer=rows["customer"], strength=3, by=rows["manager_user"],
            judged_on=timezone.localdate() - timedelta(days=100 + index),
        )
        for index in range(number)
    )  # fmt: skip


def _visits(rows: dict[str, Any], customers: list[Customer]) -> list[Visit]:
    """One with each customer, and as many with the one; all at one event."""
    event = uuid4()
    Visit.unscoped.filter(pk=rows["visit"].pk).update(event=event)
    visits = []
    for index, customer in enumerate(customers):
        moment = timezone.now() - timedelta(minutes=10 + index)
        when = {"occurred_at": moment, "logged_at": moment, "occurred_on": timezone.localdate(moment)}
        visits.append(copy(rows["visit"], customer_id=customer.pk, client_key=uuid4(), event=event, **when))
        visits.append(copy(rows["visit"], client_key=uuid4(), event=None, **when))
    return Visit.unscoped.bulk_create(visits)


def _waiting(rows: dict[str, Any], customers: list[Customer]) -> None:
    """A duty owed, one missed with an excuse asked for, and a proposed tier, for each customer."""
    Duty.unscoped.bulk_create(copy(rows["duty"], customer_id=customer.pk) for customer in customers)
    missed = Duty.unscoped.bulk_create(copy(rows["missed"], customer_id=customer.pk) for customer in customers)
    Excuse.unscoped.bulk_create(
        copy(rows["excuse"], duty_id=duty.pk, kind="unreachable" if index % 2 else "no_contact")
        for index, duty in enumerate(missed)
    )
    TierProposal.unscoped.bulk_create(copy(rows["proposal"], customer_id=customer.pk) for customer in customers)
    Task.unscoped.bulk_create(
        copy(rows["task"], customer_id=customer.pk, origin_id=customer.pk) for customer in customers
    )
    Task.unscoped.bulk_create(copy(rows["task"], origin_id=-customer.pk) for customer in customers)
    DialTap.unscoped.bulk_create(copy(rows["tap"], customer_id=customer.pk, person_id=None) for customer in customers)


def _about_one_visit(rows: dict[str, Any], number: int) -> None:
    visit, user, now = rows["visit"], rows["boss_user"], timezone.now()
    Remark.unscoped.bulk_create(Remark(visit=visit, text="好", by=user, at=now) for _ in range(number))
    VisitNote.unscoped.bulk_create(VisitNote(visit=visit, text="注", by=user, at=now) for _ in range(number))
    CustomerVoice.unscoped.bulk_create(
        CustomerVoice(customer=visit.customer, visit=visit, kind="opinion", text="说", by=user, said_at=now)
        for _ in range(number)
    )
    persons = ContactPerson.unscoped.filter(customer=rows["customer"])
    VisitPerson.unscoped.bulk_create(VisitPerson(visit=visit, person=person) for person in persons)
    staff = Staff.unscoped.filter(number__startswith="C0")
    VisitCompanion.unscoped.bulk_create(VisitCompanion(visit=visit, staff=member) for member in staff)


def _portfolio(rows: dict[str, Any], customers: list[Customer]) -> None:
    HandoverItem.unscoped.bulk_create(
        HandoverItem(handover=rows["handover"], customer=customer, previous_staff=rows["mate"])
        for customer in customers
    )
    Handover.unscoped.bulk_create(copy(rows["handover"]) for _ in customers)


def _own_work(world: World, rows: dict[str, Any], visits: list[Visit], number: int) -> None:
    notices, jobs, errors = [], [], []
    for user in (rows["manager_user"], rows["boss_user"], world.cast.director):
        notices += [copy(rows["notice"], user_id=user.pk, occasion=f"n{index}") for index in range(number)]
        jobs += [copy(rows["job"], by_id=user.pk) for _ in range(number)]
    Notice.objects.bulk_create(notices)
    Job.objects.bulk_create(jobs)
    for job in (rows["job"], rows["import"]):
        errors += [JobRowError(job=job, row=index, code="x", message="m") for index in range(number)]
    JobRowError.objects.bulk_create(errors)
    assert visits


def _house(world: World, rows: dict[str, Any], number: int) -> None:
    today, now = timezone.localdate(), timezone.now()
    users = User.objects.bulk_create(
        User(username=f"api:c{index}", name="c", is_service=True) for index in range(number)
    )
    clients = Client.unscoped.bulk_create(
        copy(rows["client"], name=f"c{index}", user_id=user.pk) for index, user in enumerate(users)
    )
    tokens = [copy(rows["token"], client_id=client.pk, digest=uuid4().hex) for client in clients]
    Token.unscoped.bulk_create(tokens + [copy(rows["token"], digest=uuid4().hex) for _ in clients])
    for index in range(number):
        SweepRun.objects.create(step=f"step{index}", business_date=today, started_at=now, finished_at=now, rows=1)
        Parameter.objects.create(
            key="day_slots",
            value=9,
            effective_from=today - timedelta(days=index),
            set_by=world.cast.director,
            set_at=now,
        )
        WorkDay.objects.create(date=f"2027-06-{index % 30 + 1:02d}", kind="holiday", name="节")
        AccessLog.objects.create(at=now, kind="dial", user=rows["manager_user"], subject_table="accounts_customer")
