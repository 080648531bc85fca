"""The lists of retention: columns of their pages and files, each file taken from what its page is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from crm.core.asked import Asked
from crm.core.list_rows import asked_as, from_page
from crm.core.lists import ListColumn, ListKind, register
from crm.core.stepping import register_steps
from retention.alert_context import alert_list_context
from retention.analysis_context import analysis_list_context
from retention.intel_context import intel_list_context
from retention.loss_context import loss_list_context
from retention.queries import intelligence, losses, saving
from retention.queries.stickiness import FACTORS
from retention.report_context import report_list_context
from retention.stickiness_context import stickiness_context
from retention.tabs import REPORT_PAGES


def _day(now: datetime) -> date:
    return timezone.localdate(now)


def _held(place: int) -> Callable[[Any], str]:
    """Whether the factor at this place holds a customer."""
    return lambda row: "1" if row.factors[place][1] else "0"


def _alert_lines(context: Mapping[str, Any]) -> Iterable[Any]:
    return (line for group in context["groups"] for line in group["rows"])


def _alert_ids(request: Asked, now: datetime) -> Iterator[int]:
    """The alerts in the order of the inbox, page after page."""
    following: str | None = f"?{request.GET.urlencode()}"
    while following:
        context = alert_list_context(asked_as(request.user, QueryDict(urlsplit(following).query)), now=now)
        yield from (line["row"].id for line in _alert_lines(context))
        following = context["more_url"]


register_steps("alerts", "retention:alert_detail", _alert_ids)
register(
    ListKind(
        "alerts", _("Churn alerts"), "retention:alert_list", saving.SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True, on_page=False),
            ListColumn("tier", _("Tier"), on_page=False),
            ListColumn("level", _("Level"), on_page=False),
            ListColumn("trigger", _("Opened by"), on_page=False),
            ListColumn("why", _("Reasons"), on_page=False),
            ListColumn("state", _("State"), on_page=False),
            ListColumn("opened", _("Opened at"), on_page=False),
            ListColumn("due", _("To be acted on by"), on_page=False),
            ListColumn("first_action", _("First action"), on_page=False),
            ListColumn("outcome", _("Outcome"), on_page=False),
            ListColumn("closed", _("Closed"), on_page=False),
            ListColumn("manager", _("Manager"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("value", _("Monthly value"), on_page=False, is_number=True),
        ),
        rows=from_page(
            lambda request, now: alert_list_context(request, now=now),
            _alert_lines,
            {
                "customer": lambda line: line["row"].customer,
                "tier": lambda line: str(line["row"].tier or ""),
                "level": lambda line: line["row"].level_label,
                "trigger": lambda line: line["row"].trigger_label,
                "why": lambda line: "；".join(str(why) for why in line["why"]),
                "state": lambda line: line["row"].state_label,
                "opened": lambda line: line["row"].opened_at,
                "due": lambda line: line["row"].due_at,
                "first_action": lambda line: line["row"].first_action_at,
                "outcome": lambda line: line["row"].outcome_label,
                "closed": lambda line: line["row"].closed_at,
                "manager": lambda line: line["row"].manager,
                "unit": lambda line: names.unit_name(line["row"].unit_id),
                "value": lambda line: line["row"].value,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "losses", _("Losses"), "retention:loss_list", losses.SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("lost_on", _("Lost on")),
            ListColumn("way", _("Way of leaving")),
            ListColumn("cause", _("Cause")),
            ListColumn("manager", _("Manager then")),
            ListColumn("tier", _("Tier"), on_page=False),
            ListColumn("kind", _("Kind"), on_page=False),
            ListColumn("rival", _("Rival"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("returned", _("Came back on"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: loss_list_context(request, today=_day(now)),
            "lines",
            {
                "customer": lambda line: line["row"].customer_name or "",
                "lost_on": lambda line: line["row"].lost_on,
                "way": lambda line: line["row"].kind_label,
                "cause": lambda line: line["row"].cause,
                "manager": lambda line: line["row"].manager,
                "tier": lambda line: str(line["row"].tier or ""),
                "kind": lambda line: line["row"].customer_kind_label,
                "rival": lambda line: line["competitor"],
                "unit": lambda line: line["row"].unit,
                "returned": lambda line: line["row"].returned_on,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "analyses", _("Churn analyses"), "retention:analysis_list", losses.SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("lost_on", _("Lost on")),
            ListColumn("cause", _("Main cause")),
            ListColumn("lesson", _("Lesson for the next time")),
            ListColumn("manager", _("Manager then")),
            ListColumn("due", _("Due")),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("rival", _("Rival"), on_page=False),
            ListColumn("depth", _("Deeper cause"), on_page=False),
            ListColumn("countermeasure", _("Countermeasure"), on_page=False),
            ListColumn("written", _("Written"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: analysis_list_context(request, today=_day(now)),
            "lines",
            {
                "customer": lambda line: line["row"].customer or "",
                "lost_on": lambda line: line["row"].lost_on,
                "cause": lambda line: line["row"].cause_label,
                "lesson": lambda line: line["row"].lesson,
                "manager": lambda line: line["row"].manager,
                "due": lambda line: line["row"].due_on,
                "unit": lambda line: line["row"].unit,
                "rival": lambda line: line["competitor"],
                "depth": lambda line: line["row"].depth,
                "countermeasure": lambda line: line["row"].countermeasure,
                "written": lambda line: line["row"].analysed_at,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "intelligence", _("Competitor intelligence"), "retention:intel_list", intelligence.WRITES,
        (
            ListColumn("text", _("What was seen"), is_fixed=True, on_page=False),
            ListColumn("rival", _("Rival"), on_page=False),
            ListColumn("kind", _("Kind"), on_page=False),
            ListColumn("seen_on", _("Seen on"), on_page=False),
            ListColumn("sure", _("How sure"), on_page=False),
            ListColumn("customer", _("Customer"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("by", _("Written down by"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: intel_list_context(request, now=now),
            "lines",
            {
                "text": lambda line: line["row"].text,
                "rival": lambda line: line["competitor"],
                "kind": lambda line: line["row"].kind_label,
                "seen_on": lambda line: line["row"].seen_on,
                "sure": lambda line: line["row"].reliability_label,
                "customer": lambda line: line["row"].customer or "",
                "unit": lambda line: line["row"].unit,
                "by": lambda line: line["row"].by,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "stickiness", _("Low stickiness"), "retention:stickiness_list", losses.SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            *(ListColumn(factor.code, factor.label) for factor in FACTORS),
            ListColumn("manager", _("Manager")),
            ListColumn("value", _("Monthly value"), is_number=True),
            ListColumn("number", _("Customer number"), on_page=False),
            ListColumn("tier", _("Tier"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: stickiness_context(request, today=_day(now)),
            "rows",
            {
                "customer": lambda row: row.name,
                "number": lambda row: row.number,
                "tier": lambda row: str(row.tier or ""),
                **{factor.code: _held(place) for place, factor in enumerate(FACTORS)},
                "manager": lambda row: row.manager,
                "unit": lambda row: row.unit,
                "value": lambda row: row.value,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "churn_reports", _("Churn reports"), "retention:report_list", REPORT_PAGES,
        (
            ListColumn("report", _("Report"), is_fixed=True),
            ListColumn("losses", _("Losses"), is_number=True),
            ListColumn("due", _("Submit by")),
            ListColumn("submitted", _("Submitted")),
            ListColumn("state", _("State")),
            ListColumn("month", _("Month"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: report_list_context(request, now=now),
            "rows",
            {
                "report": lambda line: line["row"].unit,
                "month": lambda line: f"{line['row'].month:%Y-%m}",
                "losses": lambda line: line["row"].lost,
                "due": lambda line: line["row"].due_on,
                "submitted": lambda line: line["row"].submitted_at,
                "state": lambda line: line["row"].state_label,
            },
        ),
    )
)  # fmt: skip
