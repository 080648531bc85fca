"""The page of contact compliance, ready to show (CON-3; ORG-4: by grade): every number opens its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Grade, Line
from accounts.queries import names
from crm.core.abilities import Access
from crm.core.errors import Invalid
from crm.core.ui import tier_badge
from visits.queries.compliance import CUTS, Compliance, compliance
from workbench.queries.duty_list import Wanted

LABELS: dict[str, str | Promise] = {
    "manager": gettext_lazy("Account manager"),
    "unit": gettext_lazy("Unit"),
    "tier": gettext_lazy("Tier"),
    "grade": gettext_lazy("Grade"),
    "line": gettext_lazy("Line"),
}


@dataclass(frozen=True, slots=True)
class ComplianceLine:
    """One line with the addresses of the rows behind its numbers."""

    figures: Compliance
    label: str | SafeString
    urls: dict[str, str]

    @property
    def share(self) -> int:
        """Length of the bar."""
        return round(self.figures.per_cent or 0)


@dataclass(frozen=True, slots=True)
class CompliancePage:
    """Everything the page shows."""

    by: str
    head: str
    lines: list[ComplianceLine]
    total: ComplianceLine
    cuts: list[tuple[str, str, bool]]
    unit_name: str


def compliance_page(
    access: Access, *, first: date, last: date, now: datetime, by: str, unit_id: int | None = None
) -> CompliancePage:
    """The month cut one way, in the scope of those one leads; one statement."""
    if by not in CUTS:
        raise Invalid(
            _("The filter %(name)s has no such value."), code="unknown_value", field="by", params={"name": "by"}
        )
    within = tuple(names.subtree(unit_id)) if unit_id is not None else ()
    found = compliance(access.scope_for("view_team"), first=first, last=last, now=now, by=by, unit_ids=within)
    total = Compliance(None, sum(line.owed for line in found), sum(line.met for line in found))
    return CompliancePage(
        by=by,
        head=str(LABELS[by]),
        lines=[_line(line, by, first, unit_id) for line in found],
        total=_line(total, "", first, unit_id),
        cuts=[(str(label), _address(name, first, unit_id), name == by) for name, label in LABELS.items()],
        unit_name=names.unit_name(unit_id) if unit_id is not None else "",
    )


def _address(by: str, first: date, unit_id: int | None) -> str:
    asked: dict[str, Any] = {"by": by, "month": f"{first:%Y-%m}"}
    if unit_id is not None:
        asked["unit"] = unit_id
    return f"{reverse('workbench:compliance')}?{urlencode(asked)}"


def _line(figures: Compliance, by: str, first: date, unit_id: int | None) -> ComplianceLine:
    narrowed = _narrowed(figures.key, by, unit_id)
    wanted = Wanted(month=first, counted="1", **narrowed) if narrowed is not None else None
    states = ("owed", "met", "left")
    return ComplianceLine(
        figures=figures,
        label=_label(figures.key, by),
        urls={state: wanted.url(state=state) if wanted else "" for state in states},
    )


def _narrowed(key: Any, by: str, unit_id: int | None) -> dict[str, Any] | None:
    """The filter of the rows behind a line; None where there is none (people without grade or line)."""
    within = {} if unit_id is None else {"unit_id": unit_id}
    if by == "unit":
        return {"unit_id": key}
    if by in ("manager", "tier"):
        return {**within, f"{by}_id": key or 0}
    if by in ("grade", "line"):
        return {**within, by: key} if key else None
    return within


def _label(key: Any, by: str) -> str | SafeString:
    if by == "manager":
        return names.staff_name(key) or _("nobody responsible")
    if by == "unit":
        return names.unit_name(key)
    if by == "tier":
        tier = names.tier(key)
        return tier_badge(tier.code, tier.label()) if tier else _("no tier")
    if by == "grade":
        return str(Grade(key).label) if key else _("without grade")
    if by == "line":
        return str(Line(key).label) if key else _("without line")
    return _("Total")
