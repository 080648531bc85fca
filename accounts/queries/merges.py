"""Customers that stand twice: the pairs to look at, two of them side by side, and what was merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import CustomerKind, PairState
from accounts.models import Customer, CustomerMerge, DuplicatePair, PersonProfile
from accounts.queries.customer_list import matching_ids
from accounts.rules import CUSTOMER_FIELDS, PERSON_FIELDS
from crm.core import parameters
from crm.core.errors import DomainError, Gone, NotFound
from crm.core.scope import Scope

MAY = "merge_customers"
PAGE = 50
MOST_FOUND = 500
NOT_CHOSEN = frozenset({"no_marketing", "is_lunar_birthday", "group", "dnd_from", "dnd_to"})
"""A wish not to be advertised to stays when one of them has it; times come in pairs."""
_NAMES = tuple(name for name in (*CUSTOMER_FIELDS, *PERSON_FIELDS) if name not in NOT_CHOSEN)


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of two customers, as stored."""

    name: str
    kept: Any
    other: Any

    @property
    def is_empty(self) -> bool:
        """Only the other one says anything: it is taken over unless somebody chooses otherwise."""
        return self.kept in (None, "")


def pairs(scope: Scope, before: tuple[int, int] | None = None, limit: int = PAGE) -> list[DuplicatePair]:
    """Open pairs both of whose customers are in reach, the likeliest first; one more than a page holds."""
    rows = DuplicatePair.visible_to(scope).filter(state=PairState.OPEN)
    if not scope.everything:
        rows = rows.filter(scope.q(unit="second__unit_id", manager="second__manager_id") or Q(pk=None))
    if before is not None:
        score, last = before
        rows = rows.filter(Q(score__lt=score) | Q(score=score, pk__lt=last))
    return list(rows.select_related(*_SHOWN).order_by("-score", "-pk")[: limit + 1])


_SHOWN = tuple(f"{side}__{name}" for side in ("first", "second") for name in ("unit", "manager"))


def two_customers(scope: Scope, survivor_id: int, merged_id: int) -> tuple[Customer, Customer]:
    """Both, or 404: whoever may merge must reach both."""
    found = Customer.visible_to(scope).select_related("unit", "manager", "person").in_bulk([survivor_id, merged_id])
    if len(found) < 2:
        raise NotFound
    return found[survivor_id], found[merged_id]


def chosen(scope: Scope, ids: Sequence[int]) -> list[Customer]:
    """The customers somebody has picked to be merged, in that order; those out of reach are not there (404)."""
    found = Customer.visible_to(scope).select_related("unit", "manager", "person").in_bulk(list(ids))
    if len(found) < len(set(ids)):
        raise NotFound
    return [found[pk] for pk in ids]


def candidates(scope: Scope, customer: Customer | None, search: str, limit: int = 20) -> list[Customer]:
    """Who may be meant: found by name, number or phone; without words those who look like this customer."""
    if search:
        ids = matching_ids(scope, search=search, most=MOST_FOUND)
    elif customer is not None:
        pairs_of = DuplicatePair.visible_to(scope).filter(Q(first=customer) | Q(second=customer), state=PairState.OPEN)
        ids = [pk for pair in pairs_of.values_list("first_id", "second_id") for pk in pair]
        ids += [row.pk for row in twins_of(scope, {name: value_of(customer, name) for name in _ALIKE}, limit)]
    else:
        return []
    rows = Customer.visible_to(scope).filter(pk__in=[pk for pk in ids if customer is None or pk != customer.pk])
    if customer is not None:
        people = {CustomerKind.VIP, CustomerKind.ORDINARY}  # an ordinary customer may turn out to be a VIP
        rows = rows.filter(kind__in=people if customer.kind in people else {customer.kind})
    return list(rows.select_related("unit", "manager").order_by("name", "pk")[:limit])


_ALIKE = ("phone", "credit_code", "name", "kind")


def differing(survivor: Customer, merged: Customer) -> list[FieldPair]:
    """The fields the two say different things about, in the order of the profile; what only the survivor says stays."""
    return [
        pair for pair in _side_by_side(survivor, merged) if pair.kept != pair.other and pair.other not in (None, "")
    ]


def _side_by_side(survivor: Customer, merged: Customer) -> list[FieldPair]:
    return [FieldPair(name, value_of(survivor, name), value_of(merged, name)) for name in _NAMES]


def value_of(customer: Customer, name: str) -> Any:
    """A field of the customer or of his person."""
    if name in PERSON_FIELDS:
        return getattr(getattr(customer, "person", None) or PersonProfile(), name)
    return getattr(customer, name)


def merges(scope: Scope, limit: int = 20) -> list[CustomerMerge]:
    """What was merged lately, newest first."""
    rows = CustomerMerge.visible_to(scope).select_related("survivor", "merged_by", "undone_by")
    return list(rows.defer("memory").order_by("-merged_at", "-pk")[:limit])


def can_undo(merge: CustomerMerge, now: datetime) -> bool:
    """Once, within 7 days, and the later merge first."""
    days = timedelta(days=int(parameters.value("merge_undo_days", now.date())))
    return merge.undone_at is None and merge.survivor_id == merge.into_id and now <= merge.merged_at + days


def survivor_of(scope: Scope, customer_id: int) -> Customer | None:
    """Where somebody went who is no longer there, if one may see it."""
    found = CustomerMerge.visible_to(scope).filter(merged_id=customer_id, undone_at=None).select_related("survivor")
    merge = found.only("survivor__id", "survivor__number", "survivor__name").first()
    return merge.survivor if merge is not None else None


def not_there(scope: Scope, customer_id: int) -> DomainError:
    """What to say of a customer who is not visible: gone into another one whom one sees, else nothing (SEC-3)."""
    survivor = survivor_of(scope, customer_id)
    if survivor is None:
        return NotFound(_("There is no such customer."), field="customer")
    url, page = f"/api/v1/customers/{survivor.pk}", f"/customers/{survivor.pk}/"
    told = {"id": survivor.pk, "number": survivor.number, "name": survivor.name, "url": url, "page": page}
    return Gone(survivor=told)


def twins_of(scope: Scope, values: Mapping[str, Any], limit: int = 5) -> Sequence[Customer]:
    """Visible customers whom a new one with these values may be: the same number, code, or name of a house."""
    same = Q()
    for name in ("phone", "credit_code"):
        if values.get(name):
            same |= Q(**{name: values[name]})
    if values.get("name") and values.get("kind") in (CustomerKind.GROUP, CustomerKind.CHANNEL):
        same |= Q(name=values["name"], kind=values["kind"])
    if not same:
        return []
    rows: QuerySet[Customer] = Customer.visible_to(scope).filter(same).select_related("manager")
    return list(rows.order_by("pk")[:limit])
