"""What the pages of arrears, credit and guarantees are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Tier
from accounts.queries import names
from accounts.queries.names import units_in
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, with_values, without
from crm.core.errors import NotFound
from crm.core.text import clean_text
from sales.models import Guarantee, TierCredit
from sales.money_choices import CreditState, DunningStage, DunningState, GuaranteeState, RequestState
from sales.queries import arrears, credit, guarantees
from sales.tabs import sales_tabs
from visits.filters import read_id

SEES, EDITS = "view_sales", "edit_sales"
STAGE_LOOKS = {1: ("plain", "ti-bell"), 2: ("soon", "ti-phone"), 3: ("soon", "ti-walk"), 4: ("late", "ti-cash-off")}
CREDIT_LOOKS = {
    CreditState.GOOD: ("met", "ti-circle-check"),
    CreditState.OVER: ("soon", "ti-arrow-up-circle"),
    CreditState.ARREARS: ("late", "ti-alert-triangle"),
}
REQUEST_LOOKS = {
    RequestState.WAITING: ("soon", "ti-hourglass"),
    RequestState.APPROVED: ("met", "ti-circle-check"),
    RequestState.REFUSED: ("quiet", "ti-circle-x"),
    RequestState.WITHDRAWN: ("quiet", "ti-arrow-back-up"),
}
GUARANTEE_LOOKS = {
    GuaranteeState.REQUESTED: ("soon", "ti-hourglass"),
    GuaranteeState.APPROVED: ("info", "ti-circle-dashed-check"),
    GuaranteeState.REFUSED: ("quiet", "ti-circle-x"),
    GuaranteeState.ACTIVE: ("met", "ti-shield-check"),
    GuaranteeState.OVERDUE: ("late", "ti-file-alert"),
    GuaranteeState.RELEASED: ("quiet", "ti-lock-open"),
    GuaranteeState.WITHDRAWN: ("quiet", "ti-arrow-back-up"),
}
OWED = "owed"
"""Beside the states of guarantees: papers are still to come."""


def _common(request: HttpRequest, access: Access, given: Mapping[str, str]) -> tuple[dict[str, Any], list[Chip]]:
    """Filters that all three lists have: unit and a word, with their chips."""
    found: dict[str, Any] = {}
    chips = []
    if given.get("unit"):
        unit_id = read_id(given["unit"], "unit")
        if not access.scope_for(SEES).allows(unit_id=unit_id):
            raise NotFound
        found["unit_ids"] = list(names.subtree(unit_id))
        chips.append(Chip(names.unit_name(unit_id), without(request.GET, "unit")))
    if given.get("q"):
        found["q"] = clean_text(given["q"], field="q", max_length=50)
        chips.append(Chip(f"“{found['q']}”", without(request.GET, "q")))
    return found, chips


def _switch(request: HttpRequest, name: str, choices: Sequence[tuple[str, str, int | None]]) -> list[dict[str, Any]]:
    """The switch over a list: all, or one of these; each with its number."""
    chosen = request.GET.get(name, "")
    every = [{"label": _("All"), "url": without(request.GET, name), "is_on": not chosen, "count": None}]
    return every + [
        {"label": label, "url": with_values(request.GET, **{name: code}), "is_on": code == chosen, "count": count}
        for code, label, count in choices
    ]


def _page(request: HttpRequest, access: Access, current: str) -> dict[str, Any]:
    return {
        "tabs": sales_tabs(access, current),
        "units": units_in(access.scope_for(SEES)),
        "shows_manager": access.scope_for(SEES).everything or bool(access.scope_for(SEES).unit_ids),
    }


def arrears_context(request: HttpRequest, access: Access) -> dict[str, Any]:
    """SAL-23: who owes what, how far asking for it has come."""
    given = dict(given_of(request.GET, ("stage", "unit", "q", "cursor")))
    scope = access.scope_for(SEES)
    common, chips = _common(request, access, given)
    filters = common | _stage(given.get("stage", ""))
    rows, following = arrears.debtors(scope, filters, cursor=given.get("cursor", ""))
    total = arrears.arrears_sum(scope, common)
    choices = [(str(code), str(label), total.stages.get(int(code), 0)) for code, label in DunningStage.choices]
    choices.append((DunningState.PROMISED.value, str(DunningState.PROMISED.label), total.promised))
    return _page(request, access, "arrears_list") | {
        "rows": [(row, *STAGE_LOOKS[row.stage], _edits(access, row)) for row in rows],
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "total": total,
        "switch": _switch(request, "stage", choices),
        "chips": chips,
        "given": given,
    }


def _stage(raw: str) -> dict[str, Any]:
    if not raw:
        return {}
    if raw == DunningState.PROMISED:
        return {"is_promised": True}
    if raw not in {str(code) for code in DunningStage.values}:
        raise unknown_value("stage")
    return {"stage": int(raw)}


def _edits(access: Access, row: arrears.Debtor | credit.AccountRow) -> bool:
    return access.scope_for(EDITS).allows(unit_id=row.unit_id, manager_id=row.manager_id)


def credit_context(request: HttpRequest, access: Access, *, today: date) -> dict[str, Any]:
    """SAL-24: how customers stand, and which requests wait."""
    given = dict(given_of(request.GET, ("state", "unit", "q", "cursor")))
    scope = access.scope_for(SEES)
    filters, chips = _common(request, access, given)
    if given.get("state"):
        if given["state"] not in CreditState.values:
            raise unknown_value("state")
        filters["state"] = given["state"]
    rows, following = credit.accounts(scope, filters, today=today, cursor=given.get("cursor", ""))
    return _page(request, access, "credit_list") | {
        "rows": [(row, *CREDIT_LOOKS[CreditState(row.state)]) for row in rows],
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "waiting": credit.waiting_changes(scope),
        "switch": _switch(request, "state", [(code, str(label), None) for code, label in CreditState.choices]),
        "chips": chips,
        "given": given,
        "can_configure": access.can("configure"),
    }


def guarantee_context(request: HttpRequest, access: Access, *, today: date) -> dict[str, Any]:
    """SAL-25: who vouches for what, which papers are owed."""
    given = dict(given_of(request.GET, ("state", "unit", "q", "cursor")))
    scope = access.scope_for(SEES)
    filters, chips = _common(request, access, given)
    counts = guarantees.counts(scope, filters)
    if given.get("state") == OWED:
        filters["is_owed"] = True
    elif given.get("state"):
        if given["state"] not in GuaranteeState.values:
            raise unknown_value("state")
        filters["state"] = given["state"]
    rows, following = guarantees.page(scope, filters, cursor=given.get("cursor", ""))
    choices = [(code, str(label), counts.get(code, 0)) for code, label in GuaranteeState.choices if counts.get(code)]
    staff_id = access.staff_id if access.can(EDITS) else None
    return _page(request, access, "guarantee_list") | {
        "rows": [shown_guarantee(row) for row in rows],
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "switch": _switch(request, "state", [*choices, (OWED, _("Papers owed"), None)]),
        "chips": chips,
        "given": given,
        "own": guarantees.given_by(staff_id, today) if staff_id is not None else None,
    }


def shown_guarantee(row: Guarantee) -> dict[str, Any]:
    """A guarantee with the look of its state."""
    look, icon = GUARANTEE_LOOKS[GuaranteeState(row.state)]
    return {"row": row, "label": str(GuaranteeState(row.state).label), "look": look, "icon": icon,
            "manager": names.staff_name(row.staff_id), "tier": guarantees.tier_of(row)}  # fmt: skip


def money_context(access: Access, customer_id: int, *, today: date) -> dict[str, Any]:
    """Everything of one customer's money: bills, what was asked and promised, his credit, who vouches for him."""
    scope = access.scope_for(SEES)
    account = credit.account_of(scope, customer_id, today)
    bills = arrears.bills_of(customer_id)
    late = [row for row in bills if row.paid_on is None and row.due_on < today]
    look, icon = CREDIT_LOOKS[CreditState(account.state)]
    return {
        "customer": {"id": customer_id, "name": account.name},
        "account": account,
        "look": look,
        "icon": icon,
        "bills": [(row, *STAGE_LOOKS.get(row.stage or 0, ("", "")), row in late) for row in bills],
        "overdue": sum(row.left for row in late),
        "late_count": len(late),
        "actions": arrears.actions_of(customer_id),
        "changes": [shown_change(row) for row in credit.changes_of(scope, customer_id)],
        "guarantees": [shown_guarantee(row) for row in guarantees.rows(scope, {"customer_id": customer_id})[:20]],
        "can_edit": _edits(access, account),
        "today": today,
    }


def money_account(access: Access, customer_id: int, today: date) -> credit.AccountRow:
    """How a customer stands, beside the form that asks for more."""
    return credit.account_of(access.scope_for(SEES), customer_id, today)


def shown_change(row: credit.ChangeRow) -> dict[str, Any]:
    """A request with the look of its state."""
    look, icon = REQUEST_LOOKS[RequestState(row.state)]
    return {"row": row, "look": look, "icon": icon}


def change_context(access: Access, change_id: int, *, today: date) -> dict[str, Any]:
    """SAL-24: one request, what speaks for it, and what this person may do with it."""
    row = credit.change_for(access.scope_for(SEES), change_id)
    is_own = row.asker_id == access.user_id
    where = {"unit_id": row.unit_id, "manager_id": row.manager_id}
    account = credit.account_of(access.scope_for(SEES), row.customer_id, today)
    look, icon = CREDIT_LOOKS[CreditState(account.state)]
    return {
        "row": row,
        "state": shown_change(row),
        "account": account,
        "look": look,
        "icon": icon,
        "is_own": is_own,
        "can_decide": row.is_waiting and not is_own and access.scope_for("approve_credit").allows(**where),
        "can_withdraw": row.is_waiting and is_own,
    }


def guarantee_page(access: Access, pk: int) -> dict[str, Any]:
    """SAL-25: one guarantee and the next steps that are this person's."""
    row = guarantees.guarantee_for(access.scope_for(SEES), pk)
    where = {"unit_id": row.customer.unit_id, "manager_id": row.customer.manager_id}
    is_own = row.requested_by_id == access.user_id or row.staff_id == access.staff_id
    edits = access.scope_for(EDITS).allows(**where)
    decides = access.scope_for("approve_guarantees").allows(**where) and not is_own
    in_effect = row.state in (GuaranteeState.ACTIVE, GuaranteeState.OVERDUE)
    return shown_guarantee(row) | {
        "is_own": is_own,
        "can_decide": decides and row.state == GuaranteeState.REQUESTED,
        "can_start": edits and row.state == GuaranteeState.APPROVED,
        "can_hand_in": edits and in_effect and row.papers_on is None,
        "can_release": in_effect and (decides or (edits and row.papers_on is not None)),
        "needs_reason": row.papers_on is None,
        "can_withdraw": row.requested_by_id == access.user_id
        and row.state in (GuaranteeState.REQUESTED, GuaranteeState.APPROVED),
    }


def tier_fields() -> list[tuple[str, str, Any]]:
    """Each tier in use with its limit."""
    limits = dict(TierCredit.objects.values_list("tier_id", "limit"))
    rows = Tier.objects.filter(is_active=True).order_by("kind", "rank")
    return [(f"tier{row.pk}", str(names.tier(row.pk) or row.code), limits.get(row.pk)) for row in rows]
