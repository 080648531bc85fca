"""One customer, and customers found by a few typed characters (SEC-3, mechanisms F)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from accounts.models import ContactPerson, Customer, CustomerFile, GroupMember, RelationshipStrength, Task
from accounts.queries.customer_list import search_condition
from accounts.queries.merges import not_there
from accounts.rules import months_between
from crm.core.errors import NotFound
from crm.core.scope import Scope
from crm.core.text import mask_phone


@dataclass(frozen=True, slots=True)
class Found:
    """A customer as a search shows him: enough to tell two of the same name apart."""

    id: int
    number: str
    name: str
    kind: str
    tier_id: int | None
    manager_id: int | None
    unit_id: int
    phone: str  # masked


@dataclass(frozen=True, slots=True)
class MemberCount:
    """Subscriber lines of a group (CUS-28)."""

    total: int
    active: int


def customer_for(scope: Scope, customer_id: int) -> Customer:
    """A visible customer with what its page names, or 404 (SEC-3)."""
    rows = Customer.visible_to(scope).select_related("unit", "manager", "tier", "group", "person", "channel_profile")
    customer = rows.filter(pk=customer_id).first()
    if customer is None:
        raise not_there(scope, customer_id)
    return customer


def customers_by_search(scope: Scope, text: str, limit: int = 20) -> list[Found]:
    """Found by part of a name, initials, number, external id or phone tail; the phone is masked."""
    condition, params = search_condition(text, scope)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.number, c.name, c.kind, c.tier_id, c.manager_id, c.unit_id, c.phone"
            f" FROM accounts_customer c WHERE {condition} ORDER BY length(c.name), c.id LIMIT %s",
            [*params, limit],
        )
        rows = cursor.fetchall()
    return [
        Found(pk, number, name, kind, tier_id, manager_id, unit_id, mask_phone(phone))
        for pk, number, name, kind, tier_id, manager_id, unit_id, phone in rows
    ]


def contact_persons(scope: Scope, customer_id: int) -> list[ContactPerson]:
    """People at a group or channel customer, leaders first (CUS-24)."""
    rows = ContactPerson.visible_to(scope).filter(customer_id=customer_id)
    order = {"leader": 0, "decision_maker": 1, "telecom_admin": 2, "finance": 3}
    return sorted(rows, key=lambda person: (not person.is_active, order.get(person.role, 9), person.pk))


def files_of(scope: Scope, customer_id: int) -> list[CustomerFile]:
    """The archive, newest version of each title first (CUS-12)."""
    rows = CustomerFile.visible_to(scope).filter(customer_id=customer_id)
    return list(rows.select_related("attachment", "uploaded_by").order_by("title", "-file_version"))


def file_for(scope: Scope, file_id: int) -> CustomerFile:
    """One file of a visible customer, or 404: asked at each download (SEC-4)."""
    row = CustomerFile.visible_to(scope).filter(pk=file_id).select_related("attachment").first()
    if row is None:
        raise NotFound
    return row


def members_of(scope: Scope, customer_id: int, limit: int = 200) -> list[GroupMember]:
    """Lines of a group."""
    return list(GroupMember.visible_to(scope).filter(customer_id=customer_id).order_by("msisdn")[:limit])


def member_count(customer_id: int) -> MemberCount:
    """CUS-28: lines in all, and active ones, since quotas are per member."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE state = 'active') FROM accounts_groupmember"
            " WHERE customer_id = %s",
            [customer_id],
        )
        return MemberCount(*cursor.fetchone())


def strengths_of(scope: Scope, customer_id: int, limit: int = 12) -> list[RelationshipStrength]:
    """The last judgements of the relation, newest first (CON-33)."""
    rows = RelationshipStrength.visible_to(scope).filter(customer_id=customer_id)
    return list(rows.select_related("by").order_by("-judged_on")[:limit])


def open_tasks(scope: Scope, customer_id: int) -> list[Task]:
    """To-do rows of a customer, the next first."""
    rows = Task.visible_to(scope).filter(customer_id=customer_id, state="open")
    return list(rows.select_related("staff").order_by("due_on", "pk"))


def tenure_months(customer: Customer, today: date) -> int | None:
    """CUS-25: whole months since the customer joined, up to the day he left."""
    if customer.joined_on is None:
        return None
    return months_between(customer.joined_on, customer.exited_on or today)
