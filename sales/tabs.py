"""The pages of sales, as tabs over each of them: one line per page, for whoever may open it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.abilities import Access

PAGES: tuple[tuple[str, str | Promise, str], ...] = (
    ("home", _("Quotas"), "view_quotas"),
    ("order_list", _("Orders"), "view_quotas"),
    ("usage_list", _("Usage"), "view_sales"),
    ("need_list", _("Needs"), "view_sales"),
    ("agreement_list", _("Agreements"), "view_sales"),
    ("arrears_list", _("Arrears"), "view_sales"),
    ("credit_list", _("Credit"), "view_sales"),
    ("guarantee_list", _("Guarantees"), "view_sales"),
)
"""Name of the page, its words, who sees it."""


def sales_tabs(access: Access, current: str) -> list[dict[str, object]]:
    """Those that this person may open."""
    return [
        {"label": str(label), "url": reverse(f"sales:{name}"), "is_current": name == current}
        for name, label, ability in PAGES
        if access.can(ability)
    ]
