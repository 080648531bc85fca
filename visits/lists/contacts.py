"""The lists of visits: columns of their pages and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.addresses import with_values
from crm.core.asked import Asked
from crm.core.list_rows import from_page, in_steps
from crm.core.lists import ListColumn, ListKind, Page, register
from crm.core.pages import place_of
from visits import queries
from visits.filters import read_query
from visits.journal_context import special_list_context
from visits.queries import voices
from visits.queries.callbacks import callbacks
from visits.queries.missed_calls import missed_calls
from visits.truth_context import missed_list_context, read_callbacks, read_missed_calls
from visits.voice_filters import read_voice_query

STEP = 1_000
VISIT_CELLS: Mapping[str, Any] = {
    "customer": lambda row: row.customer_name,
    "when": lambda row: row.occurred_at,
    "how": lambda row: row.channel,
    "outcome": lambda row: row.outcome,
    "occasion": lambda row: row.occasion,
    "staff": lambda row: row.staff_name,
    "tier": lambda row: str(row.tier or ""),
    "manager": lambda row: row.manager_name,
    "unit": lambda row: row.unit_name,
    "minutes": lambda row: row.minutes,
    "persons": lambda row: "、".join(row.persons),
    "content": lambda row: row.content,
    "result": lambda row: row.result,
    "next_on": lambda row: row.next_on,
    "place": lambda row: row.place,
    "logged_at": lambda row: row.logged_at,
}


def _visits(request: Asked, now: datetime) -> Callable[[str], Page]:
    scope = request.access.scope
    asked = read_query(request.GET, scope, timezone.localdate(now))

    def read(cursor: str) -> Page:
        page = queries.visit_list(scope, asked.filters, cursor or None, limit=STEP)
        return page.rows, page.next_cursor

    return read


def _missed(request: Asked, now: datetime) -> dict[str, Any]:
    given, filters = read_missed_calls(request.GET)
    rows, following = missed_calls(request.access, filters, before=place_of(request))
    return missed_list_context(request, rows, following, given, now)


def _callbacks(request: Asked, now: datetime) -> dict[str, Any]:
    _given, filters = read_callbacks(request.GET, request.access, timezone.localdate(now))
    rows, following = callbacks(request.access, filters, before=place_of(request))
    return {"rows": rows, "more_url": with_values(request.GET, before=str(following)) if following else ""}


def _voices(request: Asked, now: datetime) -> dict[str, Any]:
    query = read_voice_query(request.GET)
    page = voices.voice_list(request.access.scope, query.filters, cursor=query.cursor or None)
    return {
        "rows": page.rows,
        "more_url": with_values(request.GET, cursor=page.next_cursor) if page.next_cursor else "",
    }


register(
    ListKind(
        "visits", _("Visits"), "visits:visit_list", "view_customers",
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("when", _("When")),
            ListColumn("how", _("How")),
            ListColumn("outcome", _("Outcome")),
            ListColumn("occasion", _("Occasion")),
            ListColumn("staff", _("By"), when="show_staff"),
            ListColumn("tier", _("Tier"), on_page=False),
            ListColumn("manager", _("Manager"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("minutes", _("Minutes"), on_page=False, is_number=True),
            ListColumn("persons", _("Whom met"), on_page=False),
            ListColumn("content", _("Content"), on_page=False),
            ListColumn("result", _("Result"), on_page=False),
            ListColumn("next_on", _("Next step on"), on_page=False),
            ListColumn("place", _("Place"), on_page=False),
            ListColumn("logged_at", _("Logged at"), on_page=False),
        ),
        rows=in_steps(_visits, VISIT_CELLS),
    )
)  # fmt: skip
register(
    ListKind(
        "missed_calls", _("Missed calls"), "visits:missed_call_list", ("view_customers", "take_missed_calls"),
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("called", _("Called at")),
            ListColumn("state", _("State")),
            ListColumn("holder", _("Calls back")),
            ListColumn("minutes", _("Minutes"), is_number=True),
            ListColumn("about", _("What it was about")),
        ),
        rows=from_page(
            _missed,
            "rows",
            {
                "customer": lambda row: row.customer_name,
                "called": lambda row: row.called_at,
                "state": lambda row: row.state_label,
                "holder": lambda row: row.tried_by or row.holder,
                "minutes": lambda row: row.minutes,
                "about": lambda row: row.note,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "callbacks", _("Callbacks"), "visits:callback_list", ("call_back_customers", "view_team", "log_visits"),
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("contact", _("Contact")),
            ListColumn("manager", _("Manager")),
            ListColumn("state", _("State")),
            ListColumn("satisfaction", _("Satisfaction"), is_number=True),
            ListColumn("remark", _("Other remarks")),
            ListColumn("how", _("How"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("reason", _("Why it was drawn"), on_page=False),
        ),
        rows=from_page(
            _callbacks,
            "rows",
            {
                "customer": lambda row: row.customer_name,
                "contact": lambda row: row.occurred_at,
                "how": lambda row: row.channel,
                "manager": lambda row: row.staff_name,
                "unit": lambda row: row.unit_name,
                "reason": lambda row: row.reason_label,
                "state": lambda row: row.state_label,
                "satisfaction": lambda row: row.satisfaction,
                "remark": lambda row: row.remark,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "voices", _("Customer voice"), "visits:voice_list", "view_customers",
        (
            ListColumn("text", _("What was said"), is_fixed=True),
            ListColumn("kind", _("Kind")),
            ListColumn("customer", _("Customer")),
            ListColumn("became", _("What became of it")),
            ListColumn("when", _("When")),
            ListColumn("by", _("Written down by")),
            ListColumn("topic", _("Topic"), on_page=False),
            ListColumn("source", _("Source"), on_page=False),
            ListColumn("suggestion", _("Proposal"), on_page=False),
        ),
        rows=from_page(
            _voices,
            "rows",
            {
                "text": lambda row: row.text,
                "kind": lambda row: row.kind_label,
                "customer": lambda row: row.customer_name,
                "became": lambda row: row.reply or "",
                "when": lambda row: row.said_at,
                "by": lambda row: row.by,
                "topic": lambda row: row.topic_label,
                "source": lambda row: row.source_label,
                "suggestion": lambda row: row.suggestion,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "special_visits", _("Special visits"), "visits:special_list", "view_customers",
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("what", _("What happened")),
            ListColumn("found", _("Found at")),
            ListColumn("visited", _("Visited at")),
            ListColumn("delay", _("Delay")),
            ListColumn("by", _("By")),
            ListColumn("facts", _("Facts"), on_page=False),
            ListColumn("actions", _("What was done"), on_page=False),
            ListColumn("follow_up", _("Follow-up"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: special_list_context(request, now),
            "rows",
            {
                "customer": lambda line: line["row"].customer_name,
                "what": lambda line: line["row"].trigger,
                "found": lambda line: line["row"].found_at,
                "visited": lambda line: line["row"].visited_at,
                "delay": lambda line: line["delay"],
                "by": lambda line: line["row"].staff_name,
                "facts": lambda line: line["row"].facts,
                "actions": lambda line: line["row"].actions,
                "follow_up": lambda line: line["row"].follow_up,
            },
        ),
    )
)  # fmt: skip
