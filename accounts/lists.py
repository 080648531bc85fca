"""The lists of accounts: columns of their pages and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions.products import MAY as SEES_PRODUCTS
from accounts.choices import AlertLevel, CustomerKind, CustomerState, DutyState
from accounts.filters import read_query
from accounts.queries import dispatches, names
from accounts.queries import staff as people
from accounts.queries.assigned import assigned_tasks
from accounts.queries.customer_list import NO_DUE, PAGE_COLUMNS, customer_page
from accounts.queries.products import products_on
from accounts.segment_context import segment_list_context
from accounts.task_context import list_context, read_tasks
from accounts.value_context import value_list_context
from crm.core.addresses import with_values
from crm.core.asked import Asked
from crm.core.list_rows import from_page, in_steps
from crm.core.lists import ListColumn, ListKind, Page, register
from crm.core.stepping import ids_of, register_steps
from crm.core.text import mask_phone

STEP = 1_000
_FILE_COLUMNS = f"{PAGE_COLUMNS}, s.alert_level, c.joined_on"


def _duty(row: Sequence[Any]) -> str:
    state = DutyState.OVERDUE if row[14] else row[13]
    return str(DutyState(state).label) if state else ""


CUSTOMER_CELLS: Mapping[str, Any] = {
    "name": lambda row: row[2],
    "tier": lambda row: str(names.tier(row[5]) or ""),
    "contact": _duty,
    "last_visit": lambda row: row[11],
    "complaints": lambda row: row[17],
    "manager": lambda row: names.staff_name(row[8]),
    "value": lambda row: row[16],
    "kind": lambda row: str(CustomerKind(row[3]).label),
    "state": lambda row: str(CustomerState(row[4]).label),
    "district": lambda row: row[9],
    "completeness": lambda row: row[15],
    "alert": lambda row: str(AlertLevel(row[18]).label) if row[18] else "",
    "joined": lambda row: row[19],
    "number": lambda row: row[1],
    "phone": lambda row: mask_phone(row[6]),
    "unit": lambda row: names.unit_name(row[7]),
    "next_due": lambda row: None if row[12] == NO_DUE else row[12],
    "staff_number": lambda row: card.number if (card := names.staff_card(row[8])) else "",
}


def _customers(request: Asked, now: datetime) -> Callable[[str], Page]:
    asked = read_query(request.GET, _day(now))

    def read(cursor: str) -> Page:
        page = customer_page(
            request.access.scope, filters=asked.filters, search=asked.search, sort=asked.sort, cursor=cursor,
            limit=STEP, columns=_FILE_COLUMNS,
        )  # fmt: skip
        return page.rows, page.next or None

    return read


def _day(now: datetime) -> date:
    return timezone.localdate(now)


def _tasks(request: Asked, now: datetime) -> dict[str, Any]:
    given, filters = read_tasks(request, _day(now))
    rows, more = assigned_tasks(request.access, filters, today=_day(now), cursor=given.get("cursor"))
    return list_context(request, given, filters, rows, more, _day(now))


def _dispatches(request: Asked, now: datetime) -> dict[str, Any]:
    answers = request.access.can(dispatches.ANSWERS)
    tab = request.GET.get("tab") or ("received" if answers else "sent")
    ask = dispatches.received_dispatches if tab == "received" else dispatches.sent_dispatches
    is_open, cursor = request.GET.get("state") != "closed", request.GET.get("cursor")
    page = ask(request.access, is_open=is_open, cursor=cursor or None)
    more = with_values(request.GET, cursor=page.next_cursor) if page.next_cursor else ""
    return {"rows": page.rows, "more_url": more}


def _units(request: Asked, now: datetime) -> dict[str, Any]:
    scope = request.access.scope_for("manage_units").union(request.access.scope_for("view_team"))
    return {"units": people.unit_rows(scope)}


def _staff(request: Asked, now: datetime) -> dict[str, Any]:
    scope = request.access.scope_for("manage_staff").union(request.access.scope_for("view_team"))
    rows = list(people.staff_rows(scope))
    roles = people.roles_of([row.pk for row in rows], _day(now))
    return {"rows": [(row, roles.get(row.pk, "")) for row in rows]}


register(
    ListKind(
        "customers", _("Customers"), "accounts:customer_list", "view_customers",
        (
            ListColumn("name", _("Customer"), is_fixed=True),
            ListColumn("tier", _("Tier")),
            ListColumn("contact", _("Keeping in touch")),
            ListColumn("last_visit", _("Last visit")),
            ListColumn("complaints", _("Open complaints"), is_number=True),
            ListColumn("manager", _("Manager"), when="show_manager"),
            ListColumn("value", _("Monthly value"), is_number=True),
            ListColumn("kind", _("Kind"), is_default=False),
            ListColumn("state", _("State"), is_default=False),
            ListColumn("district", _("District"), is_default=False),
            ListColumn("completeness", _("Completeness"), is_default=False, is_number=True),
            ListColumn("alert", _("Open alert"), is_default=False),
            ListColumn("joined", _("Joined on"), is_default=False),
            ListColumn("number", _("Customer number"), on_page=False),
            ListColumn("phone", _("Phone"), on_page=False, personal="P2"),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("next_due", _("Next due"), on_page=False),
            ListColumn("staff_number", _("Staff number"), on_page=False),
        ),
        rows=in_steps(_customers, CUSTOMER_CELLS, {"phone": lambda row: row[6]}),
        leads="can_assign",
        own=("cursor", "part"),
    )
)  # fmt: skip
register_steps("customers", "workbench:customer", ids_of(_customers, lambda row: int(row[0])))
register(
    ListKind(
        "values", _("Customer value"), "accounts:customer_value_list", "view_customers",
        (
            ListColumn("name", _("Customer"), is_fixed=True),
            ListColumn("class", _("Value class")),
            ListColumn("score", _("Score"), is_number=True),
            ListColumn("parts", _("Volume · growth · potential")),
            ListColumn("judged_on", _("Judged on")),
            ListColumn("next", _("Next judgement")),
            ListColumn("manager", _("Manager")),
            ListColumn("value", _("Monthly value"), is_number=True),
            ListColumn("number", _("Customer number"), on_page=False),
            ListColumn("tier", _("Tier"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: value_list_context(request, today=_day(now)),
            "lines",
            {
                "name": lambda line: line[0].name,
                "class": lambda line: line[0].last.value_class if line[0].last else "",
                "score": lambda line: line[0].last.score if line[0].last else None,
                "parts": lambda line: f"{last.volume} · {last.growth} · {last.potential}"
                if (last := line[0].last) else "",
                "judged_on": lambda line: line[0].last.assessed_on if line[0].last else None,
                "next": lambda line: line[0].next_on,
                "manager": lambda line: line[0].manager,
                "value": lambda line: line[0].value,
                "number": lambda line: line[0].number,
                "tier": lambda line: str(line[0].tier or ""),
                "unit": lambda line: line[0].unit,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "tasks", _("Assigned tasks"), "accounts:task_list", ("view_customers", "answer_dispatches"),
        (
            ListColumn("task", _("Task"), is_fixed=True),
            ListColumn("staff", _("Who does it"), when="show_staff"),
            ListColumn("by", _("Assigned by")),
            ListColumn("due", _("To be done by")),
            ListColumn("state", _("State")),
            ListColumn("source", _("Source"), on_page=False),
            ListColumn("customer", _("Customer"), on_page=False),
            ListColumn("result", _("Result"), on_page=False),
            ListColumn("closed", _("Completed"), on_page=False),
        ),
        rows=from_page(
            _tasks,
            "rows",
            {
                "task": lambda line: line[0].title or line[0].reason,
                "staff": lambda line: line[0].staff,
                "by": lambda line: line[0].created_by or "",
                "due": lambda line: line[0].due_on,
                "state": lambda line: line[0].state_label,
                "source": lambda line: line[0].source_label,
                "customer": lambda line: line[0].customer_name or "",
                "result": lambda line: line[0].result,
                "closed": lambda line: line[0].closed_at,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "dispatches", _("Dispatch and reporting up"), "accounts:dispatch_list", ("view_customers", dispatches.ANSWERS),
        (
            ListColumn("matter", _("Matter"), is_fixed=True),
            ListColumn("customer", _("Customer")),
            ListColumn("unit", _("Unit")),
            ListColumn("reply_by", _("Reply by")),
            ListColumn("sent", _("Sent")),
            ListColumn("from", _("From"), on_page=False),
            ListColumn("to", _("To"), on_page=False),
            ListColumn("state", _("State"), on_page=False),
            ListColumn("replied", _("Replied"), on_page=False),
            ListColumn("reply", _("Reply"), on_page=False),
        ),
        rows=from_page(
            _dispatches,
            "rows",
            {
                "matter": lambda row: row.text,
                "customer": lambda row: row.customer_name if row.is_customer_visible else "",
                "unit": lambda row: f"{row.from_unit} → {row.to_unit}",
                "from": lambda row: row.from_unit,
                "to": lambda row: row.to_unit,
                "reply_by": lambda row: row.reply_due_at,
                "state": lambda row: row.state_label,
                "sent": lambda row: row.sent_at,
                "replied": lambda row: row.replied_at,
                "reply": lambda row: row.reply,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "staff", _("Staff"), "accounts:staff_list", ("manage_staff", "view_team"),
        (
            ListColumn("person", _("Person"), is_fixed=True),
            ListColumn("role", _("Role")),
            ListColumn("unit", _("Unit")),
            ListColumn("line", _("Line")),
            ListColumn("grade", _("Grade")),
            ListColumn("supervisor", _("Direct supervisor")),
            ListColumn("backup", _("Backup")),
            ListColumn("customers", _("Customers"), is_number=True),
            ListColumn("number", _("Staff number"), on_page=False),
            ListColumn("is_active", _("Active"), on_page=False),
        ),
        rows=from_page(
            _staff,
            "rows",
            {
                "person": lambda line: line[0].name,
                "role": lambda line: line[1],
                "unit": lambda line: line[0].unit.name,
                "line": lambda line: line[0].get_line_display(),
                "grade": lambda line: line[0].get_grade_display(),
                "supervisor": lambda line: line[0].supervisor.name if line[0].supervisor else "",
                "backup": lambda line: line[0].backup.name if line[0].backup else "",
                "customers": lambda line: line[0].customer_count,
                "number": lambda line: line[0].number,
                "is_active": lambda line: "1" if line[0].is_active else "0",
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "units", _("Units"), "accounts:unit_list", ("manage_units", "view_team"),
        (
            ListColumn("unit", _("Unit"), is_fixed=True),
            ListColumn("type", _("Type")),
            ListColumn("head", _("Head")),
            ListColumn("handler", _("VIP complaint handler")),
            ListColumn("starts", _("Ledger starts on")),
            ListColumn("staff", _("Staff"), is_number=True),
            ListColumn("code", _("Code"), on_page=False),
            ListColumn("parent", _("Unit above"), on_page=False),
        ),
        rows=from_page(
            _units,
            "units",
            {
                "unit": lambda unit: unit.name,
                "type": lambda unit: unit.get_type_display(),
                "head": lambda unit: unit.head.name if unit.head else "",
                "handler": lambda unit: unit.complaint_handler.name if unit.complaint_handler else "",
                "starts": lambda unit: unit.live_from,
                "staff": lambda unit: unit.staff_count,
                "code": lambda unit: unit.code,
                "parent": lambda unit: unit.parent.name if unit.parent else "",
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "products", _("Products"), "accounts:product_list", SEES_PRODUCTS,
        (
            ListColumn("product", _("Product"), is_fixed=True),
            ListColumn("category", _("Category")),
            ListColumn("uses", _("Active from (uses a month)"), is_number=True),
            ListColumn("minimum", _("Minimum retail price (CNY)"), is_number=True),
            ListColumn("next", _("Next change")),
            ListColumn("code", _("Code"), on_page=False),
            ListColumn("is_active", _("Active"), on_page=False),
            ListColumn("next_minimum", _("Price from then on (CNY)"), on_page=False, is_number=True),
        ),
        rows=from_page(
            lambda request, now: {"lines": products_on(_day(now), with_inactive=True, with_business=True)},
            "lines",
            {
                "product": lambda line: line.name,
                "category": lambda line: line.category_label,
                "uses": lambda line: line.min_uses_per_member,
                "minimum": lambda line: line.minimum,
                "next": lambda line: line.next_from,
                "code": lambda line: line.code,
                "is_active": lambda line: "1" if line.is_active else "0",
                "next_minimum": lambda line: line.next_minimum,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "segments", _("Segments"), "accounts:segment_list", "view_customers",
        (
            ListColumn("segment", _("Segment"), is_fixed=True),
            ListColumn("filter", _("Filter")),
            ListColumn("shown_to", _("Who sees it")),
            ListColumn("customers", _("Customers"), is_number=True),
            ListColumn("owner", _("Owner"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: segment_list_context(request, _day(now)),
            "lines",
            {
                "segment": lambda line: line.name,
                "filter": lambda line: line.words,
                "shown_to": lambda line: line.unit or gettext("Only me"),
                "customers": lambda line: str(line.count) if line.count is not None else "",
                "owner": lambda line: line.owner,
            },
        ),
    )
)  # fmt: skip
