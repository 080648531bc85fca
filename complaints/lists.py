"""The lists of the desk: columns of their pages and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from complaints.choices import CaseKind, CaseLevel, CaseState, Judgement
from complaints.filters import SEES, is_english, read_query
from complaints.queries import board
from crm.core.asked import Asked
from crm.core.list_rows import in_steps
from crm.core.lists import ListColumn, ListKind, Page, register
from crm.core.stepping import ids_of, register_steps

STEP = 1_000
CASE_CELLS: Mapping[str, Any] = {
    "customer": lambda row: row.customer,
    "time_left": lambda row: row.next_due_at,
    "kind": lambda row: str(CaseKind(row.kind).label),
    "state": lambda row: str(CaseState(row.state).label),
    "owner": lambda row: names.staff_name(row.owner_id),
    "received": lambda row: row.received_at,
    "number": lambda row: row.number,
    "tier": lambda row: str(names.tier(row.tier_id) or ""),
    "level": lambda row: str(CaseLevel(row.level).label) if row.level else "",
    "category": lambda row: row.category,
    "facts": lambda row: row.facts,
    "judgement": lambda row: str(Judgement(row.judgement).label) if row.judgement else "",
    "is_breached": lambda row: "1" if row.is_breached else "0",
    "closed": lambda row: row.closed_at,
    "manager": lambda row: names.staff_name(row.manager_id),
    "unit": lambda row: names.unit_name(row.unit_id),
}


def _cases(request: Asked, now: datetime) -> Callable[[str], Page]:
    query, english = read_query(request.GET, request.access, now), is_english()
    scope = request.access.scope_for(SEES)

    def read(cursor: str) -> Page:
        page = board.case_page(
            scope,
            query.filters,
            search=query.search,
            newest=query.newest,
            cursor=cursor,
            limit=STEP,
            english=english,
        )
        return page.rows, page.next or None

    return read


register(
    ListKind(
        "cases", _("Requests and complaints"), "complaints:case_list", SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("time_left", _("Time left")),
            ListColumn("kind", _("Kind")),
            ListColumn("state", _("State")),
            ListColumn("owner", _("Answers for it")),
            ListColumn("received", _("Time of receipt")),
            ListColumn("number", _("Number"), on_page=False),
            ListColumn("tier", _("Tier"), on_page=False),
            ListColumn("level", _("Level"), on_page=False),
            ListColumn("category", _("Category"), on_page=False),
            ListColumn("facts", _("Facts"), on_page=False),
            ListColumn("judgement", _("Judgement"), on_page=False),
            ListColumn("is_breached", _("A deadline was missed"), on_page=False),
            ListColumn("closed", _("Closed"), on_page=False),
            ListColumn("manager", _("Manager"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
        ),
        rows=in_steps(_cases, CASE_CELLS),
        leads="can_act",
    )
)  # fmt: skip
register_steps("cases", "complaints:case_detail", ids_of(_cases, lambda row: int(row.id)))
