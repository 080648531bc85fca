"""What the pages of churn analyses are given (RET-8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import AlertLevel
from accounts.queries import names
from accounts.queries.names import units_in
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, with_values, without
from crm.core.marks import due_words
from crm.core.pages import decode_cursor, encode_cursor
from crm.core.ui import mark
from retention.actions.analyses import SHARES
from retention.choices import CauseCategory
from retention.filters import read_manager, read_unit
from retention.loss_context import competitor_choices, competitor_labels
from retention.queries import analyses as queries
from retention.queries.losses import SEES
from retention.saving_forms import AnalysisForm, ShareForm
from retention.tabs import churn_tabs

STATES: dict[str, str | Promise] = {
    "due": gettext_lazy("To be written"),
    "late": gettext_lazy("Overdue"),
    "done": gettext_lazy("Written"),
}


def analysis_list_context(request: HttpRequest, *, today: date) -> dict[str, Any]:
    """Those in sight, what is due latest first; the overdue ones are one tap away."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("state", "unit", "manager", "cause", "cursor")))
    filters, chips = _filters(request, given)
    after = decode_cursor(given["cursor"], 2, (date, int)) if "cursor" in given else None
    rows = queries.analyses(access, today=today, after=after, **filters)
    shown = rows[: queries.LIMIT]
    due, late = queries.counts(access.scope_for(SEES), today)
    numbers = {"due": due, "late": late, "done": None}
    labels = competitor_labels()
    return {
        "tabs": churn_tabs(access, "analysis_list"),
        "lines": [
            {"row": row, "due": _due(row, today), "competitor": labels.get(row.competitor_id, ""),
             "may_write": queries.may_write(access, row)}
            for row in shown
        ],
        "more_url": with_values(request.GET, cursor=encode_cursor([shown[-1].due_on, shown[-1].id]))
        if len(rows) > queries.LIMIT
        else "",
        "given": given,
        "chips": chips,
        "quick": [
            {"label": str(label), "count": numbers[name], "is_on": given.get("state") == name,
             "url": without(request.GET, "state") if given.get("state") == name
             else with_values(request.GET, state=name)}
            for name, label in STATES.items()
        ],
        "causes": CauseCategory.choices,
        "units": units_in(access.scope_for(SEES)),
    }  # fmt: skip


def _filters(request: HttpRequest, given: Mapping[str, str]) -> tuple[dict[str, Any], list[Chip]]:
    found: dict[str, Any] = {}
    chips = []
    if "state" in given:
        if given["state"] not in STATES:
            raise unknown_value("state")
        found["state"] = given["state"]
        chips.append(Chip(str(STATES[given["state"]]), without(request.GET, "state")))
    if "cause" in given:
        if given["cause"] not in CauseCategory.values:
            raise unknown_value("cause")
        found["cause"] = given["cause"]
        chips.append(Chip(str(CauseCategory(given["cause"]).label), without(request.GET, "cause")))
    if "unit" in given:
        unit_id = read_unit(given["unit"])
        found["unit_ids"] = names.subtree(unit_id)
        chips.append(Chip(names.unit_name(unit_id), without(request.GET, "unit")))
    if "manager" in given:
        found["manager_id"] = read_manager(given["manager"])
        chips.append(Chip(names.staff_name(found["manager_id"]), without(request.GET, "manager")))
    return found, chips


def _due(row: queries.AnalysisRow, today: date) -> Any:
    if row.is_done:
        return mark(_("Written"), "met", "circle-check")  # ti-circle-check
    words, look = due_words(row.due_on, today)
    return mark(words, look or "plain", "clock")


def analysis_context(
    request: HttpRequest, row: queries.AnalysisRow, *, today: date, form: AnalysisForm | None = None,
    share: ShareForm | None = None,
) -> dict[str, Any]:  # fmt: skip
    """One analysis: what the system knew, the form of who may write it, the lesson passed on."""
    access: Access = request.access  # type: ignore[attr-defined]
    may_write = queries.may_write(access, row)
    may_share = access.can_any(*SHARES) and row.is_done and row.article is None
    first = row.lesson.split("。")[0].split("\n")[0][:60]
    return {
        "row": row,
        "due": _due(row, today),
        "facts": _facts(row.facts),
        "alert_id": row.facts.get("alert", {}).get("id") if row.customer_id else None,
        "words": row.facts.get("case", {}).get("words", ""),
        "competitor": competitor_labels().get(row.competitor_id, ""),
        "form": (form or analysis_form(row)) if may_write else None,
        "share": (share or ShareForm(initial={"title": first, "text": row.lesson})) if may_share else None,
    }


def analysis_form(row: queries.AnalysisRow, data: QueryDict | None = None) -> AnalysisForm:
    """The form, begun with what is known."""
    initial = {
        "cause": row.cause, "competitor": row.competitor_id, "depth": row.depth, "countermeasure": row.countermeasure,
        "lesson": row.lesson, "version": row.version,
    }  # fmt: skip
    return AnalysisForm(data, initial=initial, competitors=competitor_choices(row.competitor_id))


def _facts(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the system knew on the day of the loss; never asked."""
    alert, case = facts.get("alert") or {}, facts.get("case") or {}
    level = str(AlertLevel(alert["level"]).label) if alert.get("level") else ""
    lines = [
        (_("Alert"), f"{level} · {alert.get('opened_on', '')}" if alert else _("None: nobody was warned")),
        (_("First action"), alert.get("acted_on") or (_("None") if alert else "")),
        (_("Risk"), f"{facts['risk']} %" if facts.get("risk") is not None else ""),
        (_("Offers made"), str(case["offers"]) if case else _("No save case")),
        (_("Last contact"), facts.get("last_visit_on") or _("Never talked yet.")),
        (_("Complaints in 90 days"), str(facts.get("complaints", 0))),
        (_("Agreement ended"), facts.get("agreement_ends_on") or "–"),
        (_("Customer since"), facts.get("joined_on") or "–"),
    ]
    return [(label, value) for label, value in lines if value]
