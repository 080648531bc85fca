"""What a case and the list of cases are given on paper: numbers masked, also where somebody typed one."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries import names
from complaints.choices import CaseKind, CaseState, CustomerMood, StepNumber
from complaints.filters import SEES, is_english, read_query
from complaints.queries.board import CaseRow, case_page
from complaints.queries.case_parts import StepView
from complaints.queries.cases import CaseDetail, case_detail
from complaints.rules.steps import STEP_FIELDS
from complaints.time_left import left_words
from crm.core.abilities import Access
from crm.core.text import mask_phone
from visits import print_context
from visits.print_forms import PrintForm

MOST_LINES = 500
_NUMBER = re.compile(r"(?<!\d)(?:\d{3,4}-\d{7,8}|\d{7,})(?!\d)")
FROM = "complaints:case_list"
COMPLAINT = PrintForm(
    "complaint", "客户投诉处理单", gettext_lazy("Handling of a complaint"), "", "", FROM, is_official=False
)
CASE = PrintForm("case", "客户受理单", gettext_lazy("Request of a customer"), "", "", FROM, is_official=False)
BOOK = PrintForm(
    "case_book", "客户受理登记簿", gettext_lazy("Book of requests and complaints"), "", "", FROM,
    is_wide=True, is_official=False,
)  # fmt: skip


def masked(text: str) -> str:
    """A text with every number masked that could be somebody's.

    >>> masked("回电13800138000,单号TS-20261122-0001")
    '回电138****8000,单号TS-20261122-0001'
    """
    return _NUMBER.sub(lambda found: found[0] if _is_of_case(text, found) else mask_phone(found[0]), text)


def _is_of_case(text: str, found: re.Match[str]) -> bool:
    return text[: found.start()].endswith("TS-")


def case_print_context(request: HttpRequest, case_id: int, *, now: datetime) -> dict[str, Any]:
    """One case with its steps, clocks, dispatches, result and judgement."""
    access: Access = request.access  # type: ignore[attr-defined]
    detail = case_detail(access, case_id, now=now)
    head = detail.head
    form = COMPLAINT if head.kind == CaseKind.COMPLAINT else CASE
    return print_context.frame(request, form, head.manager_id, now) | {
        "head": head,
        "unit": head.unit,
        "back": reverse("complaints:case_detail", args=[head.id]),
        "texts": {name: masked(getattr(head, name)) for name in ("facts", "expectation", "numbers", "result")},
        "clocks": [(clock, _clock_words(clock.stopped_at, clock.due_at, now)) for clock in detail.clocks],
        "steps": _steps(detail),
        "talk": [(entry, masked(entry.text)) for entry in detail.entries[:40] if entry.text][::-1],
        "dispatches": [(row, masked(row.text), masked(row.reply)) for row in detail.dispatches],
    }


def _clock_words(stopped_at: datetime | None, due_at: datetime | None, now: datetime) -> str:
    if stopped_at is not None:
        return f"{timezone.localtime(stopped_at):%Y-%m-%d %H:%M}"
    return left_words(due_at, now) if due_at is not None else _("stands still")


def _steps(detail: CaseDetail) -> list[dict[str, Any]]:
    """The six steps of this round, empty lines for those to come; nothing for other kinds."""
    if detail.head.kind != CaseKind.COMPLAINT:
        return []
    done = {step.step: step for step in detail.steps if step.round == detail.head.round}
    return [
        {"number": step.value, "label": step.label, "row": done.get(step.value), "text": _said(done.get(step.value))}
        for step in StepNumber
    ]


def _said(step: StepView | None) -> str:
    """What a step holds in words, in the order of its fields; ticks are what a step is done with."""
    if step is None:
        return ""
    texts: list[str] = []
    for rule in STEP_FIELDS[step.step]:
        value = step.data.get(rule.name)
        if rule.holds == "mood" and value in CustomerMood.values:
            texts.append(str(CustomerMood(value).label))
        elif rule.holds == "options":
            texts += [str(option) for option in value or ()]
        elif rule.holds in ("text", "day") and value:
            texts.append(str(value))
    return masked("; ".join(texts))


def book_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The list as it is asked for in the address, on paper."""
    access: Access = request.access  # type: ignore[attr-defined]
    query = read_query(request.GET, access, now)
    page = case_page(
        access.scope_for(SEES), query.filters, search=query.search, newest=query.newest, limit=MOST_LINES,
        english=is_english(),
    )  # fmt: skip
    words = [chip.label for chip in query.chips]
    return print_context.frame(request, BOOK, access.staff_id, now) | {
        "lines": [_line(number, row, now) for number, row in enumerate(page.rows, 1)],
        "is_cut": bool(page.next),
        "period": " · ".join(words) or _("All"),
        "back": f"{reverse('complaints:case_list')}?{request.GET.urlencode()}",
    }


def _line(number: int, row: CaseRow, now: datetime) -> dict[str, Any]:
    return {
        "number": number,
        "row": row,
        "kind": CaseKind(row.kind).label,
        "state": CaseState(row.state).label,
        "facts": masked(row.facts),
        "owner": names.staff_name(row.owner_id),
        "left": left_words(row.next_due_at, now) if row.next_due_at else "",
    }
