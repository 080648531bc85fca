"""What the page of an offer is given: who asks, for whom, what it costs against the limit, why (RET-7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest

from crm.core.abilities import Access
from crm.core.ui import mark
from retention.alert_page_context import OFFER_LOOKS
from retention.choices import OfferState
from retention.queries.alert_list import alert_row
from retention.queries.reasons import told
from retention.queries.saving import SEES, offer_for, offers_of
from retention.rules.saving import STANDS
from retention.saving_forms import DecideForm


def offer_page(request: HttpRequest, pk: int, form: DecideForm, decides: str, *, today: date) -> dict[str, Any]:
    """Everything the decision needs on one screen of a phone."""
    access: Access = request.access  # type: ignore[attr-defined]
    scope = access.scope_for(SEES)
    row = offer_for(scope, pk)
    others = [one for one in offers_of(row.case_id) if one.id != row.id]
    alert = alert_row(scope, row.alert_id)
    may = access.scope_for(decides).allows(unit_id=row.unit_id, manager_id=row.manager_id)
    waits = row.state == OfferState.WAITING
    given = sum(one.cost for one in others if one.state in STANDS)
    return {
        "row": row,
        "alert": alert,
        "others": others,
        "reasons": told([one for one in alert.reasons[:3] if one[1] > 0], today) if alert else [],
        "mark": mark(row.state_label, *OFFER_LOOKS[OfferState(row.state)]),
        "given": given,
        "over": given + row.cost - row.limit,
        "can_decide": waits and may and row.offered_by_id != access.user_id,
        "is_own": waits and row.offered_by_id == access.user_id,
        "form": form,
    }
