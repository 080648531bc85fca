"""What the desk brings to the other pages: open cases on the customer's page and timeline, on Today, in the palette."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.queries import names
from complaints.choices import CaseKind, CaseState
from complaints.models import Case
from complaints.time_left import left_words, look_of, time_left
from crm.core.abilities import Access
from crm.core.text import narrow
from crm.core.ui import icon, mark
from visits.queries.today import Reason

SEES = "view_cases"
ICONS = {
    "enquiry": "help",
    "handling": "clipboard-check",
    "need": "bulb",
    "complaint": "mood-angry",
    "quality": "package-off",
}  # ti-help ti-clipboard-check ti-bulb ti-mood-angry ti-package-off
NUMBER = "TS-"
FOUND = 6


def sees_cases(access: Access, *, unit_id: int, manager_id: int | None) -> bool:
    """Whether somebody who sees a customer also sees his cases."""
    return access.scope_for(SEES).allows(unit_id=unit_id, manager_id=manager_id)


def case_title(kind: str, number: str) -> str:
    """投诉 TS-20261122-0007."""
    return f"{CaseKind(kind).label} {number}"


def state_words(state: str) -> str:
    """The state of a case."""
    return str(CaseState(state).label)


def case_url(case_id: int) -> str:
    """Its page."""
    return reverse("complaints:case_detail", args=[case_id])


def case_line(facts: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """An open case of a customer's record as a line of his open matters, with its clock (screens 3)."""
    said = facts["facts"].replace("\n", " ")
    parts = (state_words(facts["state"]), names.staff_name(facts["owner"]), said)
    return {
        "icon": ICONS[facts["kind"]],
        "title": case_title(facts["kind"], facts["number"]),
        "due": time_left(datetime.fromisoformat(facts["due"]), None, now) if facts["due"] else "",
        "text": " · ".join(part for part in parts if part),
        "url": case_url(facts["id"]),
    }


def case_chip(reason: Reason, now: datetime) -> SafeString:
    """A case on Today: its kind, its clock, a link; red only when it is late, amber when it warns."""
    words, look = str(CaseKind(reason.topic).label), ""
    if reason.at is not None:
        look = look_of(reason.at, reason.warn_at, now)
        words = f"{words} · {left_words(reason.at, now)}"
    return format_html(
        '<a class="mark {}" href="{}" title="{}">{}{}</a>', look, case_url(reason.case_id or 0), reason.text,
        icon(ICONS[reason.topic]), words,
    )  # fmt: skip


@dataclass(slots=True)
class OpenCases:
    """Open cases of a manager's customers: those he answers for are reasons to act, others stand beside."""

    own: dict[int, list[Reason]] = field(default_factory=dict)
    beside: dict[int, list[Reason]] = field(default_factory=dict)
    count: int = 0
    late: int = 0


OPEN_CASES = """
SELECT k.id, k.number, k.customer_id, k.next_due_at, k.kind || ' ' || k.state,
    CASE WHEN k.owner_id = ANY(%(managers)s) THEN 0 ELSE 1 END,
    (SELECT min(w.warn_at) FROM complaints_caseclock w WHERE w.case_id = k.id AND w.state = 'running')
FROM complaints_case k JOIN accounts_customer c ON c.id = k.customer_id
WHERE c.manager_id = ANY(%(managers)s) AND k.state = ANY(%(open)s)
ORDER BY k.next_due_at NULLS LAST, k.id LIMIT 300
"""
"""A part of the statement of Today's strips: open cases of these managers' customers, the own ones with rank 0."""


def open_cases(rows: Sequence[Sequence[Any]], now: datetime) -> OpenCases:
    """Chips with their clocks, and the figure of the strip, from the rows of OPEN_CASES."""
    found = OpenCases()
    for case_id, number, customer_id, due_at, kind_and_state, rank, warn_at in rows:
        kind, state = kind_and_state.split()
        is_own = rank == 0
        found.count += 1
        found.late += due_at is not None and due_at < now
        waits = state in (CaseState.WAITING_CUSTOMER, CaseState.APPOINTED)
        acts = is_own and not waits
        reason = Reason(
            "case" if acts else "case_beside", timezone.localdate(due_at) if due_at else None, number, at=due_at,
            topic=kind, case_id=case_id, warn_at=warn_at,
        )  # fmt: skip
        (found.own if acts else found.beside).setdefault(customer_id, []).append(reason)
    return found


def cases_by_number(access: Access, typed: str) -> list[tuple[int, str, str, str, Any]]:
    """(id, title, customer, icon, state) of cases in sight whose number begins like this (TS-2026…)."""
    wanted = narrow(typed).strip().upper()
    if not wanted.startswith(NUMBER) or len(wanted) > 20 or not access.can(SEES):
        return []
    rows = Case.visible_to(access.scope_for(SEES)).filter(number__startswith=wanted).select_related("customer")
    return [
        (row.pk, case_title(row.kind, row.number), row.customer.name, ICONS[row.kind], mark(state_words(row.state), ""))
        for row in rows.order_by("-number")[:FOUND]
    ]
