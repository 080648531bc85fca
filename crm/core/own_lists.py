"""The lists of the ground: jobs, exports, the access log, the steps of the nights."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core import jobs
from crm.core.exports.page import list_context as export_list_context
from crm.core.list_rows import from_page
from crm.core.lists import ListColumn, ListKind, register
from crm.core.log_pages import access_log_context, job_list_context, run_list_context

register(
    ListKind(
        "jobs", _("Background jobs"), "core:job_list", (),
        (
            ListColumn("work", _("Work"), is_fixed=True),
            ListColumn("state", _("State")),
            ListColumn("by", _("Started by")),
            ListColumn("started", _("Started")),
            ListColumn("ended", _("Completed"), on_page=False),
            ListColumn("done", _("Rows"), on_page=False, is_number=True),
            ListColumn("page", _("Page"), on_page=False, is_default=False),
        ),
        rows=from_page(
            lambda request, now: job_list_context(request),
            "jobs",
            {
                "work": lambda line: f"{line[1]} #{line[0].pk}",
                "state": lambda line: line[0].get_state_display(),
                "by": lambda line: line[0].by.name,
                "started": lambda line: line[0].created_at,
                "ended": lambda line: line[0].finished_at,
                "done": lambda line: line[0].progress_done,
                "page": lambda line: jobs.page_of(line[0]),
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "exports", _("Exports"), "core:export_list", (),
        (
            ListColumn("export", _("Export"), is_fixed=True),
            ListColumn("person", _("Person")),
            ListColumn("time", _("Time")),
            ListColumn("rows", _("Rows in the file"), is_number=True),
            ListColumn("fetched", _("Fetched"), is_number=True),
            ListColumn("state", _("State")),
            ListColumn("list", _("List"), on_page=False),
            ListColumn("reason", _("Reason"), on_page=False),
            ListColumn("purpose", _("Purpose"), on_page=False),
            ListColumn("in_full", _("in full"), on_page=False),
            ListColumn("canary", _("Made-up row"), on_page=False, is_default=False),
        ),
        rows=from_page(
            lambda request, now: export_list_context(request, now=now),
            "rows",
            {
                "export": lambda item: str(item["order"]),
                "person": lambda item: item["order"].by.name,
                "time": lambda item: item["order"].requested_at,
                "rows": lambda item: item["order"].rows,
                "fetched": lambda item: item["fetched"],
                "state": lambda item: str(item["state"].label),
                "list": lambda item: item["label"],
                "reason": lambda item: item["order"].reason,
                "purpose": lambda item: item["order"].purpose,
                "in_full": lambda item: "1" if item["order"].is_unmasked else "0",
                "canary": lambda item: item["order"].canary,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "access_log", _("Access log"), "core:access_log_list", "view_runs",
        (
            ListColumn("when", _("When"), is_fixed=True),
            ListColumn("what", _("What")),
            ListColumn("who", _("Who")),
            ListColumn("about", _("About")),
            ListColumn("reason", _("Reason")),
            ListColumn("address", _("IP address")),
            ListColumn("number", _("Staff number"), on_page=False),
            ListColumn("record", _("Record"), on_page=False),
            ListColumn("route", _("Page"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: access_log_context(request),
            "rows",
            {
                "when": lambda line: line[0].at,
                "what": lambda line: line[0].get_kind_display(),
                "who": lambda line: line[0].user.name if line[0].user else "",
                "about": lambda line: line[1].words,
                "reason": lambda line: line[0].reason,
                "address": lambda line: line[0].ip or "",
                "number": lambda line: line[0].user.username if line[0].user else "",
                "record": lambda line: line[0].subject_id,
                "route": lambda line: line[1].page or line[1].route,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "nights", _("Nightly runs"), "core:sweep_run_list", "view_runs",
        (
            ListColumn("step", _("Step"), is_fixed=True),
            ListColumn("day", _("Business date")),
            ListColumn("started", _("Started")),
            ListColumn("rows", _("Rows"), is_number=True),
            ListColumn("seconds", _("Seconds"), is_number=True),
            ListColumn("result", _("Result")),
            ListColumn("counts", _("Counts"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: run_list_context(request, now=now),
            "runs",
            {
                "step": lambda run: run.step,
                "day": lambda run: run.business_date,
                "started": lambda run: run.started_at,
                "rows": lambda run: run.rows,
                "seconds": lambda run: run.seconds,
                "result": lambda run: run.result,
                "counts": lambda run: " · ".join(f"{name} {value}" for name, value in run.detail),
            },
        ),
    )
)  # fmt: skip
