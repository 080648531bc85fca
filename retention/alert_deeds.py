"""What a form of an alert's page does: one deed each, by the actions of alerts and save cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from crm.core.errors import Conflict, Invalid, NotFound
from engagement.queries.policies import offers_for
from retention.actions import alerts, saving
from retention.alert_page_context import FORMS, form_for
from retention.queries.alert_list import alert_row
from retention.queries.saving import SEES, CaseRow, case_of

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import QueryDict

    from crm.core.models import User

Values = Mapping[str, Any]
DEEDS = ("acknowledge", *FORMS)
DONE: dict[str, str | Promise] = {
    "acknowledge": _("Marked as seen."),
    "act": _("Written down."),
    "propose": _("Proposal saved."),
    "snooze": _("Put off."),
    "close": _("Alert closed."),
    "save": _("Save case opened: offer something now."),
    "wish": _("Saved."),
    "offer": _("Offer written down."),
    "end": _("Save case closed."),
}


def asked(by: User, pk: int, data: QueryDict, *, now: datetime) -> tuple[str, Form]:
    """Which deed, and its form as it was sent; 404 for an alert out of sight, 400 for a deed nobody knows."""
    row = alert_row(by.access.scope_for(SEES), pk)
    if row is None:
        raise NotFound
    deed = data.get("deed", "")
    if deed not in DEEDS:
        raise Invalid(_("There is no such deed."), code="unknown_deed", field="deed")
    allowed = []
    if deed == "offer":
        customer = Customer(pk=row.customer_id, tier_id=row.tier_id)
        allowed = [{"offer": one} for one in offers_for(customer, timezone.localdate(now))]
    return deed, form_for(deed, row, case_of(pk), allowed, data)


def do(deed: str, pk: int, values: Values, *, by: User, now: datetime) -> None:
    """One of the deeds, by its action."""
    of_alert: dict[str, Callable[[], Any]] = {
        "acknowledge": lambda: alerts.acknowledge(alert_id=pk, by=by, now=now),
        "act": lambda: alerts.act(alert_id=pk, note=values["note"], by=by, now=now),
        "propose": lambda: alerts.propose(alert_id=pk, text=values["proposal"], by=by, now=now),
        "snooze": lambda: alerts.snooze(alert_id=pk, reason=values["reason"], until=values["until"], by=by, now=now),
        "close": lambda: alerts.close_alert(
            alert_id=pk, outcome=values["outcome"], reason=values["reason"], by=by, now=now
        ),
        "save": lambda: saving.open_save_case(alert_id=pk, wish=_wish(values), by=by, now=now),
    }
    if deed in of_alert:
        of_alert[deed]()
        return
    case = _case(pk)
    of_case: dict[str, Callable[[], Any]] = {
        "wish": lambda: saving.change_wish(
            case_id=case.id, wish=_wish(values), version=values["version"], by=by, now=now
        ),
        "offer": lambda: saving.make_offer(
            case_id=case.id, policy_id=values["policy"], text=values["text"], cost=values["cost"], by=by, now=now
        ),
        "end": lambda: saving.close_save_case(
            case_id=case.id, retained=values["result"] == "retained", note=values["note"], version=values["version"],
            by=by, now=now,
        ),
    }  # fmt: skip
    of_case[deed]()


def _wish(values: Values) -> saving.Wish:
    return saving.Wish(values["cause"], values["words"], values["competitor"])


def _case(pk: int) -> CaseRow:
    case = case_of(pk)
    if case is None:
        raise Conflict(_("There is no save case yet."), code="no_case")
    return case
