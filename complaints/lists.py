"""The lists of the desk: columns of their pages and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from complaints.choices import CaseKind, CaseLevel, CaseState, Judgement
from complaints.filters import SEES, is_english, read_query
from complaints.opinion_context import opinion_list_context
from complaints.queries import board, instructions, irregularities, quality
from crm.core.asked import Asked
from crm.core.list_rows import cut, from_page, in_steps
from crm.core.lists import ListColumn, ListKind, Page, register
from crm.core.pages import place_of
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
            ListColumn("number", _("Case number"), on_page=False),
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


def _irregularities(request: Asked, now: datetime) -> dict[str, Any]:
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    rows = irregularities.irregularity_list(request.access, state=state, kind=kind, before=place_of(request))
    return cut(request, rows, irregularities.LIMIT)


def _quality(request: Asked, now: datetime) -> dict[str, Any]:
    scope, state = request.access.scope_for(SEES), request.GET.get("state", "")
    return cut(request, quality.quality_list(scope, state=state, before=place_of(request)), quality.LIMIT)


def _instructions(request: Asked, now: datetime) -> dict[str, Any]:
    state = request.GET.get("state", "")
    rows = instructions.instruction_list(request.access.scope, state=state, before=place_of(request))
    return cut(request, rows, instructions.LIMIT)


register(
    ListKind(
        "irregularities", _("Irregular business"), "complaints:irregularity_list",
        ("report_irregularities", "forward_irregularities", "view_cases", "answer_dispatches"),
        (
            ListColumn("subject", _("Whom it is about"), is_fixed=True),
            ListColumn("kind", _("Kind")),
            ListColumn("place", _("Place")),
            ListColumn("by", _("Reported by")),
            ListColumn("state", _("State")),
            ListColumn("customer", _("Customer"), on_page=False),
            ListColumn("facts", _("Facts"), on_page=False),
            ListColumn("reported", _("Reported at"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("result", _("Result"), on_page=False),
        ),
        rows=from_page(
            _irregularities,
            "rows",
            {
                "subject": lambda row: row.subject,
                "kind": lambda row: row.kind_label,
                "place": lambda row: row.place,
                "by": lambda row: row.reported_by,
                "state": lambda row: row.state_label,
                "customer": lambda row: row.customer_name or "",
                "facts": lambda row: row.facts,
                "reported": lambda row: row.reported_at,
                "unit": lambda row: row.unit_name,
                "result": lambda row: row.result,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "quality", _("Quality feedback"), "complaints:quality_list", SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("product", _("Goods or service")),
            ListColumn("quantity", _("Quantity"), is_number=True),
            ListColumn("received", _("Taken down on")),
            ListColumn("manager", _("Account manager")),
            ListColumn("state", _("State")),
            ListColumn("number", _("Case number"), on_page=False),
            ListColumn("defect", _("Defect"), on_page=False),
            ListColumn("cause", _("Cause"), on_page=False),
            ListColumn("exchanged", _("Exchanged on"), on_page=False),
        ),
        rows=from_page(
            _quality,
            "rows",
            {
                "customer": lambda row: row.customer_name,
                "product": lambda row: row.product_name,
                "quantity": lambda row: row.quantity,
                "received": lambda row: row.received_at,
                "manager": lambda row: row.manager_name,
                "state": lambda row: row.state_label,
                "number": lambda row: row.case_number,
                "defect": lambda row: row.defect,
                "cause": lambda row: row.cause,
                "exchanged": lambda row: row.exchanged_on,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "opinions", _("Opinions to feed back"), "complaints:opinion_list", "view_customers",
        (
            ListColumn("text", _("Opinion"), is_fixed=True),
            ListColumn("customer", _("Customer")),
            ListColumn("kind", _("Kind")),
            ListColumn("manager", _("Account manager")),
            ListColumn("said", _("Said on")),
            ListColumn("days", _("Waited"), is_number=True),
            ListColumn("tier", _("Tier"), on_page=False),
            ListColumn("by", _("Written down by"), on_page=False),
            ListColumn("result", _("Result"), on_page=False),
            ListColumn("explanation", _("Explanation"), on_page=False),
            ListColumn("told", _("Told on"), on_page=False),
            ListColumn("told_by", _("Told by"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: opinion_list_context(request, timezone.localdate(now)),
            "rows",
            {
                "text": lambda line: line[0].text,
                "customer": lambda line: line[0].customer_name,
                "kind": lambda line: line[0].kind_label,
                "manager": lambda line: line[0].manager_name,
                "said": lambda line: line[0].said_at,
                "days": lambda line: line[1],
                "tier": lambda line: str(line[0].tier or ""),
                "by": lambda line: line[0].by,
                "result": lambda line: line[0].result or "",
                "explanation": lambda line: line[0].explanation or "",
                "told": lambda line: line[0].fed_back_at,
                "told_by": lambda line: line[0].fed_back_by or "",
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "instructions", _("Instructions on cases"), "complaints:instruction_list", "view_customers",
        (
            ListColumn("text", _("Instruction"), is_fixed=True),
            ListColumn("customer", _("Customer")),
            ListColumn("by", _("Instructed by")),
            ListColumn("due", _("Tell by")),
            ListColumn("state", _("State")),
            ListColumn("about", _("About"), on_page=False),
            ListColumn("given", _("Instructed at"), on_page=False),
            ListColumn("feedback", _("What the customer was told"), on_page=False),
            ListColumn("manager", _("Account manager"), on_page=False),
        ),
        rows=from_page(
            _instructions,
            "rows",
            {
                "text": lambda row: row.text,
                "customer": lambda row: row.customer_name,
                "by": lambda row: row.given_by,
                "due": lambda row: row.due_on,
                "state": lambda row: gettext("Told") if row.fed_back_at else gettext("To be told"),
                "about": lambda row: row.about,
                "given": lambda row: row.given_at,
                "feedback": lambda row: row.feedback,
                "manager": lambda row: row.manager_name,
            },
        ),
    )
)  # fmt: skip
