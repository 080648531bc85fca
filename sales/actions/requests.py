"""How an action reaches a row that somebody else has to decide (SEC-24), and who hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from accounts.queries import names
from crm.core.errors import NotAllowed, NotFound, refuse_own
from crm.core.notices import NoticeRow, notify
from sales.models import CreditChange, Guarantee

if TYPE_CHECKING:
    from crm.core.models import User

SEES = "view_sales"
Request = TypeVar("Request", CreditChange, Guarantee)


def locked(model: type[Request], pk: int, *, by: User) -> Request:
    """A request in sight, locked; out of sight it is not there."""
    row = model.visible_to(by.access.scope_for(SEES)).select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def to_decide(model: type[Request], pk: int, ability: str, *, by: User) -> Request:
    """A request that this person may decide: in sight (404), not his own, and his to decide (403)."""
    row = locked(model, pk, by=by)
    refuse_own(by.pk, row.requested_by_id)
    customer = row.customer
    if not by.access.scope_for(ability).allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
        raise NotAllowed
    return row


def tell_boss(row: Request, staff_id: int | None, kind: str, *, url: str, now: datetime, **params: Any) -> None:
    """The supervisor of a manager hears of a request; whoever else may decide finds it in the list."""
    card = names.staff_card(staff_id)
    boss = names.staff_card(card.supervisor_id) if card else None
    if boss is not None and boss.user_id != row.requested_by_id:
        notify([NoticeRow(boss.user_id, kind, row._meta.db_table, row.pk, "", params, url)], now)


def tell_asker(row: Request, kind: str, *, url: str, now: datetime, params: Mapping[str, Any]) -> None:
    """Whoever asked hears what was decided."""
    notify([NoticeRow(row.requested_by_id, kind, row._meta.db_table, row.pk, "", params, url)], now)
