"""The pages about churn, as tabs over each of them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.abilities import Access
from retention.queries.reports import CHECKS, SUBMITS

REPORT_PAGES = (SUBMITS, CHECKS, "view_team")
"""Who sees the reports of units: a manager has none."""


def churn_tabs(access: Access, current: str) -> list[dict[str, object]]:
    """Those that this person may open."""
    pages = [("alert_list", _("Alerts"))] if access.can("view_alerts") else []
    if access.can("write_intelligence"):
        pages.append(("intel_list", _("Competitors")))
    if not access.can("view_churn"):
        return _links(pages, current)
    pages += [
        ("stickiness_list", _("Low stickiness")),
        ("analysis_list", _("Analyses")),
        ("loss_list", _("Losses")),
        ("budget", _("Churn budget")),
        ("movement", _("Customers won and lost")),
        ("by_competitor", _("By competitor")),
    ]
    if access.can_any(*REPORT_PAGES):
        pages.append(("report_list", _("Churn reports")))
    if access.can("view_model"):
        pages.append(("model", _("Model")))
    return _links(pages, current)


def _links(pages: list[tuple[str, str]], current: str) -> list[dict[str, object]]:
    return [
        {"label": label, "url": reverse(f"retention:{name}"), "is_current": name == current} for name, label in pages
    ]
