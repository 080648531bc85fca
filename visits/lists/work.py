"""The lists of a manager's own work: bulletins, prices found, work logs, what was planned, reports."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as words
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from crm.core.list_rows import from_page
from crm.core.lists import ListColumn, ListKind, register
from crm.core.stepping import ids_on_pages, register_steps
from visits.actions import bulletins as bulletin_deeds
from visits.bulletin_context import bulletin_list_context
from visits.journal_context import log_list_context
from visits.plan_context import plan_item_context
from visits.report_context import SEES as SEES_REPORTS
from visits.report_context import report_list_context
from visits.shop_context import violation_list_context


def _day(now: datetime) -> date:
    return timezone.localdate(now)


register(
    ListKind(
        "day_logs", _("Work logs"), "visits:day_log_list", ("serve_customers", "view_team"),
        (
            ListColumn("day", _("Day"), is_fixed=True),
            ListColumn("staff", _("Account manager"), when="show_staff"),
            ListColumn("sentence", _("Sentence")),
            ListColumn("visits", _("Visits"), is_number=True),
            ListColumn("closed", _("Closed")),
            ListColumn("review", _("Review")),
            ListColumn("by_itself", _("by itself, at 24:00"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: log_list_context(request, _day(now)),
            "rows",
            {
                "day": lambda item: item["row"].on,
                "staff": lambda item: item["row"].staff_name,
                "sentence": lambda item: item["row"].sentence,
                "visits": lambda item: item["row"].entries,
                "closed": lambda item: item["row"].closed_at,
                "review": lambda item: item["row"].state_label,
                "by_itself": lambda item: "1" if item["row"].closed_itself else "0",
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "plan_items", _("Plans"), "visits:plan_item_list", ("plan_week", "view_team"),
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("planned", _("Planned for")),
            ListColumn("reason", _("Reason")),
            ListColumn("state", _("State")),
            ListColumn("done", _("Done on")),
            ListColumn("manager", _("Account manager")),
            ListColumn("tier", _("Tier"), on_page=False),
        ),
        rows=from_page(
            plan_item_context,
            "rows",
            {
                "customer": lambda row: row.name,
                "planned": lambda row: row.planned_on,
                "reason": lambda row: row.what,
                "state": lambda row: row.state_text,
                "done": lambda row: row.done_on,
                "manager": lambda row: row.owner,
                "tier": lambda row: str(row.tier or ""),
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "reports", _("Reports"), "visits:report_list", SEES_REPORTS,
        (
            ListColumn("report", _("Report"), is_fixed=True),
            ListColumn("by", _("Written by")),
            ListColumn("due", _("Submit by")),
            ListColumn("state", _("State")),
            ListColumn("starts", _("First day"), on_page=False),
            ListColumn("ends", _("Last day"), on_page=False),
            ListColumn("submitted", _("Submitted"), on_page=False),
            ListColumn("returned", _("Times returned"), on_page=False, is_number=True),
            ListColumn("read_by", _("Read by"), on_page=False),
            ListColumn("comment", _("Remark"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: report_list_context(request, _day(now)),
            "rows",
            {
                "report": lambda row: row.kind_label,
                "by": lambda row: row.staff,
                "due": lambda row: row.due_on,
                "state": lambda row: row.state_label,
                "starts": lambda row: row.starts_on,
                "ends": lambda row: row.ends_on,
                "submitted": lambda row: row.submitted_at,
                "returned": lambda row: row.returned_count,
                "read_by": lambda row: row.read_by or "",
                "comment": lambda row: row.comment,
                "unit": lambda row: names.unit_name(row.unit_id),
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "bulletins", _("Bulletins"), "visits:bulletin_list", ("view_customers", bulletin_deeds.MAY),
        (
            ListColumn("title", _("Title"), is_fixed=True),
            ListColumn("audience", _("Whom it concerns")),
            ListColumn("deadline", _("To be passed on by")),
            ListColumn("informed", _("Informed"), is_number=True),
            ListColumn("targets", _("Customers concerned"), on_page=False, is_number=True),
            ListColumn("kind", _("Kind"), on_page=False),
            ListColumn("published", _("Published"), on_page=False),
            ListColumn("by", _("Published by"), on_page=False),
            ListColumn("state", _("State"), on_page=False),
            ListColumn("text", _("Text"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: bulletin_list_context(request, _day(now)),
            "rows",
            {
                "title": lambda line: line["row"].title,
                "audience": lambda line: line["audience"],
                "deadline": lambda line: line["row"].deadline_on,
                "informed": lambda line: line["reach"].informed,
                "targets": lambda line: line["reach"].targets,
                "kind": lambda line: line["row"].kind_label,
                "published": lambda line: line["row"].published_at,
                "by": lambda line: line["row"].published_by,
                "state": lambda line: words("Withdrawn") if line["row"].withdrawn_at else words("Current"),
                "text": lambda line: line["row"].body,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "violations", _("Prices under the minimum"), "visits:violation_list", "view_customers",
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("found", _("Found on")),
            ListColumn("products", _("Products"), is_number=True),
            ListColumn("by", _("Reported by")),
            ListColumn("state", _("State")),
            ListColumn("tier", _("Tier"), on_page=False),
            ListColumn("manager", _("Account manager"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("note", _("Note"), on_page=False),
            ListColumn("decided_by", _("Decided by"), on_page=False),
            ListColumn("remark", _("Remark"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: violation_list_context(request),
            "rows",
            {
                "customer": lambda row: row.customer_name,
                "found": lambda row: row.occurred_on,
                "products": lambda row: row.below,
                "by": lambda row: row.reported_by,
                "state": lambda row: row.state_label,
                "tier": lambda row: str(row.tier or ""),
                "manager": lambda row: names.staff_name(row.manager_id),
                "unit": lambda row: names.unit_name(row.unit_id),
                "note": lambda row: row.note,
                "decided_by": lambda row: row.decided_by or "",
                "remark": lambda row: row.remark,
            },
        ),
    )
)  # fmt: skip
register_steps(
    "reports", "visits:report_detail",
    ids_on_pages(
        from_page(
            lambda request, now: report_list_context(request, _day(now)), "rows", {"id": lambda row: row.id}
        )
    ),
)  # fmt: skip
register_steps(
    "bulletins", "visits:bulletin_detail",
    ids_on_pages(
        from_page(
            lambda request, now: bulletin_list_context(request, _day(now)), "rows", {"id": lambda line: line["row"].id}
        )
    ),
)  # fmt: skip
register_steps(
    "violations", "visits:violation_detail",
    ids_on_pages(
        from_page(lambda request, now: violation_list_context(request), "rows", {"id": lambda row: row.id})
    ),
)  # fmt: skip
