"""Who may have come along on a visit, and who of them makes it count (decisions 7)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.queries import names
from crm.core.scope import Scope
from workbench.queries.sheet import Person


@dataclass(frozen=True, slots=True)
class Company:
    """The colleagues a sheet offers; `is_guest`: the customers are looked after by somebody else."""

    colleagues: list[Person]
    is_guest: bool


def company(scope: Scope, staff_id: int, customer_ids: Collection[int]) -> Company:
    """For a manager the people of his unit, his supervisor first.

    For a supervisor everybody of his units, the managers of these customers first: a visit of his settles a duty only
    in their presence (decisions 7), and he edits no customer.
    """
    me = names.staff_card(staff_id)
    if me is None:
        return Company([], is_guest=False)
    if not scope.unit_ids:
        team = [card for card in names.staff_of_unit(me.unit_id) if card.id != staff_id]
        team.sort(key=lambda card: (card.id != me.supervisor_id, card.name))
        return Company([Person(card.id, card.name) for card in team], is_guest=False)
    record = _managers_of(scope, customer_ids)
    is_guest = not record <= set(scope.manager_ids) if customer_ids else not scope.manager_ids
    team = [card for card in names.active_staff() if card.id != staff_id and scope.allows(unit_id=card.unit_id)]
    team.sort(key=lambda card: (card.id not in record, card.supervisor_id != staff_id, card.name))
    word = _("Account manager")
    return Company([Person(card.id, card.name, word if card.id in record else "") for card in team], is_guest)


def _managers_of(scope: Scope, customer_ids: Collection[int]) -> set[int | None]:
    rows = Customer.visible_to(scope).filter(pk__in=list(customer_ids))
    return set(rows.values_list("manager_id", flat=True)) if customer_ids else set()
