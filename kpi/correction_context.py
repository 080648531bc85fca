"""What the pages of corrections are given, and what their forms ask the actions for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value, with_values
from crm.core.pages import place_of
from kpi.actions.corrections import SIGNS
from kpi.choices import CorrectionState
from kpi.faces import Subject
from kpi.indicator_context import period_words
from kpi.queries.boards import seen_unit
from kpi.queries.corrections import CorrectionLine, correction_page
from kpi.queries.indicators import indicator_of
from kpi.queries.results import ABILITY
from kpi.value_words import short_number
from visits.filters import read_day, read_id

LOOKS = {
    CorrectionState.REQUESTED.value: "soon",
    CorrectionState.SIGNED.value: "met",
    CorrectionState.REFUSED.value: "",
}
TABS = ("waiting", "decided")


def list_context(request: HttpRequest) -> dict[str, Any]:
    """Those that wait, or those that were decided."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("tab", "before")))
    tab = given.get("tab", "waiting")
    if tab not in TABS:
        raise unknown_value("tab")
    page = correction_page(access, waiting=tab == "waiting", before=place_of(request))
    base = reverse("kpi:correction_list")
    return {
        "tabs": [
            {"label": _("Waiting"), "url": base, "is_current": tab == "waiting"},
            {"label": _("Decided"), "url": f"{base}?tab=decided", "is_current": tab == "decided"},
        ],
        "is_waiting": tab == "waiting",
        "lines": [_line(line, access) for line in page.lines],
        "more_url": with_values(request.GET, before=str(page.next_before)) if page.next_before else "",
    }


def _line(line: CorrectionLine, access: Access) -> dict[str, Any]:
    subject = Subject(line.period_on, line.unit_id, line.manager_id or 0)
    state = CorrectionState(line.state)
    may_sign = (
        state == CorrectionState.REQUESTED
        and access.scope_for(SIGNS).allows(unit_id=line.unit_id)
        and line.asked_by_id != access.user_id
        and (line.manager_id is None or line.manager_id != access.staff_id)
    )
    return {
        "row": line,
        "period": period_words(line.period, line.period_on),
        "rows_url": subject.rows(line.code),
        "who": line.who or _("nobody responsible"),
        "part": signed(short_number(line.numerator)),
        "whole": signed(short_number(line.denominator)),
        "state": state.label,
        "look": LOOKS[line.state],
        "may_sign": may_sign,
    }


def signed(text: str) -> str:
    """A change with its sign."""
    return text if text.startswith("-") or text == "0" else f"+{text}"


def request_context(request: HttpRequest, code: str, raw: str, unit_id: int) -> dict[str, Any]:
    """Which figure, and which row of it: read from the address, and shown beside the form."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("manager", "ref")))
    indicator = indicator_of(code)
    first = indicator.bounds(read_day(f"{raw}-01", "month")).first
    unit_id = seen_unit(access.scope_for(ABILITY), unit_id)
    manager_id = read_id(given["manager"], "manager") if "manager" in given else None
    ref = read_id(given["ref"], "ref") if "ref" in given else None
    subject = Subject(first, unit_id, manager_id or 0)
    return {
        "asked": {
            "indicator": indicator.code, "period_on": first, "unit_id": unit_id, "manager_id": manager_id, "ref": ref,
        },
        "label": indicator.label(),
        "period_text": period_words(indicator.period, first),
        "who": " · ".join(part for part in (names.staff_name(manager_id), names.unit_name(unit_id)) if part),
        "ref": ref,
        "rows_url": subject.rows(indicator.code),
    }  # fmt: skip


def first_values(context: dict[str, Any]) -> dict[str, Any]:
    """What the form begins with: a row that was missing and is met after all."""
    return {"numerator": 1, "denominator": 0} if context["ref"] is not None else {"denominator": 0}
