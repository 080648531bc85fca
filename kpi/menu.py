"""What else can be done with a dashboard: paper, file, wall, corrections and what parts beside it offer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.abilities import Access

# Address, words, icon, abilities (any of them; none: everybody who sees figures).
BESIDE: tuple[tuple[str, str | Promise, str, tuple[str, ...]], ...] = (
    ("kpi:card_list", gettext_lazy("Scorecards and places"), "award", ()),
    ("kpi:target_list", gettext_lazy("Targets"), "target", ()),
    ("retention:budget", gettext_lazy("Churn budget"), "flame-off", ("view_churn",)),
    ("accounts:structure", gettext_lazy("Customer structure"), "chart-pie", ("view_team",)),
    ("kpi:correction_list", gettext_lazy("Corrections"), "signature", ()),
    ("kpi:entry_list", gettext_lazy("Entered results"), "edit", ("correct_results", "sign_results")),
    ("kpi:competence_list", gettext_lazy("Competency reviews"), "stars", ("review_competence",)),
    ("kpi:payroll_export", gettext_lazy("Payroll file"), "file-dollar", ("export_payroll",)),
)


def menu_of(
    access: Access, *, month: str, unit_id: int | None, manager_id: int | None, waiting: int
) -> list[dict[str, Any]]:
    """The items of the menu, each only for who may use it."""
    asked: dict[str, Any] = {"month": month}
    if unit_id is not None:
        asked["unit"] = unit_id
    if manager_id is not None:
        asked["manager"] = manager_id
    of_month = {name: value for name, value in asked.items() if name != "month"}
    items = [_item(f"{reverse('kpi:month', args=[month])}?{urlencode(of_month)}", _("Month to print"), "printer")]
    if manager_id is None and unit_id is not None:
        items.append(_item(f"{reverse('kpi:export')}?{urlencode(asked)}", _("Export the table"), "download"))
        items.append(_item(f"{reverse('kpi:wall')}?unit={unit_id}", _("Wall mode"), "device-tv"))
    items += [
        _item(reverse(name), label, icon, waiting if name == "kpi:correction_list" else 0)
        for name, label, icon, abilities in BESIDE
        if not abilities or access.can_any(*abilities)
    ]
    return items


def _item(url: str, label: str | Promise, icon: str, count: int = 0) -> dict[str, Any]:
    return {"url": url.rstrip("?"), "label": str(label), "icon": icon, "count": count}
