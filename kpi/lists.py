"""The lists of indicators: columns of their pages and files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.list_rows import from_page
from crm.core.lists import ListColumn, ListKind, register
from kpi.correction_context import list_context
from kpi.entry_pages import READS, entry_list_context
from kpi.queries.results import ABILITY

register(
    ListKind(
        "entries", _("Entered results"), "kpi:entry_list", READS,
        (
            ListColumn("indicator", _("Indicator"), is_fixed=True),
            ListColumn("period", _("Period")),
            ListColumn("subject", _("Subject")),
            ListColumn("value", _("Value"), is_number=True),
            ListColumn("evidence", _("Evidence")),
            ListColumn("entered", _("Entered")),
            ListColumn("state", _("State")),
            ListColumn("code", _("Code"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("numerator", _("Counted in"), on_page=False, is_number=True),
            ListColumn("denominator", _("Of"), on_page=False, is_number=True),
            ListColumn("by", _("Entered by"), on_page=False),
            ListColumn("signed_by", _("Signed by"), on_page=False),
            ListColumn("signed_at", _("Signed on"), on_page=False),
            ListColumn("remark", _("Remark"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: entry_list_context(request),
            "rows",
            {
                "indicator": lambda one: one.label,
                "period": lambda one: one.period,
                "subject": lambda one: one.row.manager.name if one.row.manager else one.row.unit.name,
                "value": lambda one: one.value,
                "evidence": lambda one: one.row.evidence,
                "entered": lambda one: one.row.entered_at,
                "state": lambda one: one.row.get_state_display(),
                "code": lambda one: one.row.indicator.code,
                "unit": lambda one: one.row.unit.name,
                "numerator": lambda one: one.row.numerator,
                "denominator": lambda one: one.row.denominator,
                "by": lambda one: one.row.entered_by.name,
                "signed_by": lambda one: one.row.signed_by.name if one.row.signed_by else "",
                "signed_at": lambda one: one.row.signed_at,
                "remark": lambda one: one.row.remark,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "corrections", _("Corrections of frozen figures"), "kpi:correction_list", ABILITY,
        (
            ListColumn("indicator", _("Indicator"), is_fixed=True),
            ListColumn("manager", _("Account manager")),
            ListColumn("part", _("Counted in"), is_number=True),
            ListColumn("whole", _("Of"), is_number=True),
            ListColumn("reason", _("Reason and evidence")),
            ListColumn("by", _("Asked by")),
            ListColumn("state", _("State")),
            ListColumn("code", _("Code"), on_page=False),
            ListColumn("period", _("Period"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("customer", _("Customer"), on_page=False),
            ListColumn("asked", _("Asked on"), on_page=False),
            ListColumn("decided_by", _("Decided by"), on_page=False),
            ListColumn("decided", _("Decided on"), on_page=False),
            ListColumn("remark", _("Remark"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: list_context(request),
            "lines",
            {
                "indicator": lambda line: line["row"].label,
                "manager": lambda line: line["who"],
                "part": lambda line: line["row"].numerator,
                "whole": lambda line: line["row"].denominator,
                "reason": lambda line: line["row"].reason,
                "by": lambda line: line["row"].asked_by,
                "state": lambda line: str(line["state"]),
                "code": lambda line: line["row"].code,
                "period": lambda line: line["period"],
                "unit": lambda line: line["row"].unit,
                "customer": lambda line: line["row"].customer,
                "asked": lambda line: line["row"].asked_at,
                "decided_by": lambda line: line["row"].decided_by,
                "decided": lambda line: line["row"].decided_at,
                "remark": lambda line: line["row"].remark,
            },
        ),
    )
)  # fmt: skip
