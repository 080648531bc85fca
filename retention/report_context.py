"""What the pages of churn reports are given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import CustomerKind
from accounts.queries import names
from accounts.queries.names import units_in
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, with_values, without
from crm.core.measures import Share, Time, by_unit
from crm.core.pages import decode_cursor, encode_cursor
from retention.choices import ChurnReportState, LossKind
from retention.filters import is_english, read_month, read_unit
from retention.forms import CheckForm, SubmitForm
from retention.loss_context import competitor_labels
from retention.queries import reports as queries
from retention.queries.losses import EDITS, competitors, losses_by_id
from retention.queries.measures import CHURN_REPORT_ACCURATE, CHURN_REPORT_ON_TIME
from retention.tabs import churn_tabs
from visits.rules.freeze import last_day

WAS_WORDS: dict[str, str | Promise] = {
    "late": gettext_lazy("Late or overdue"),
    "on_time": gettext_lazy("In time"),
    "submitted": gettext_lazy("Submitted"),
    "accurate": gettext_lazy("Right the first time"),
    "returned": gettext_lazy("Was returned"),
}


def report_list_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The reports in sight, and how punctual and accurate the units were in the month."""
    access: Access = request.access  # type: ignore[attr-defined]
    scope, today = access.scope_for(queries.SEES), timezone.localdate(now)
    given = dict(given_of(request.GET, ("state", "unit", "due", "was", "cursor")))
    filters, chips = _filters(request, given)
    after = decode_cursor(given["cursor"], 2, (date, int)) if "cursor" in given else None
    rows = queries.reports(scope, today=today, after=after, **filters)
    shown = rows[: queries.LIMIT]
    month = read_month(given["due"]) if "due" in given else today.replace(day=1)
    return {
        "tabs": churn_tabs(access, "report_list"),
        "rows": [{"row": row, "is_late": row.is_late(today)} for row in shown],
        "more_url": with_values(request.GET, cursor=encode_cursor([shown[-1].month, shown[-1].unit_id]))
        if len(rows) > queries.LIMIT
        else "",
        "given": given,
        "chips": chips,
        "states": ChurnReportState.choices,
        "units": units_in(scope),
        "figures": _punctual(access, month, now),
        "month": date_format(month, "YEAR_MONTH_FORMAT"),
        "today": today,
    }


def _filters(request: HttpRequest, given: Mapping[str, str]) -> tuple[dict[str, Any], list[Chip]]:
    found: dict[str, Any] = {}
    chips = []
    if "state" in given:
        if given["state"] not in ChurnReportState.values:
            raise unknown_value("state")
        found["state"] = given["state"]
    if "unit" in given:
        unit_id = read_unit(given["unit"])
        found["unit_ids"] = names.subtree(unit_id)
        chips.append(Chip(names.unit_name(unit_id), without(request.GET, "unit")))
    if "due" in given:
        month = read_month(given["due"])
        found["due"] = (month, last_day(month))
        label = _("Reports due in %(month)s") % {"month": date_format(month, "YEAR_MONTH_FORMAT")}
        chips.append(Chip(label, without(request.GET, "due")))
    if "was" in given:
        if given["was"] not in WAS_WORDS:
            raise unknown_value("was")
        found["was"] = given["was"]
        chips.append(Chip(str(WAS_WORDS[given["was"]]), without(request.GET, "was")))
    return found, chips


def _punctual(access: Access, month: date, now: datetime) -> list[dict[str, Any]]:
    """F4 of the month in which the reports were due; each number opens its reports."""
    scope = access.scope_for(queries.SEES)
    time = Time(month, last_day(month), timezone.localdate(now), now)
    base = reverse("retention:report_list")

    def figure(label: str, shares: Mapping[int | None, Share], part: str, whole: str) -> dict[str, Any]:
        n, d = (int(sum(getattr(row, key) for row in shares.values())) for key in ("numerator", "denominator"))

        def url(was: str) -> str:
            return f"{base}?{urlencode({'due': f'{month:%Y-%m}'} | ({'was': was} if was else {}))}"

        share = f"{100 * n / d:.1f} %" if d else "–"
        return {"label": label, "share": share, "n": n, "d": d, "n_url": url(part), "d_url": url(whole),
                "look": "" if not d else "met" if n == d else "late"}  # fmt: skip

    return [
        figure(_("In time"), by_unit(CHURN_REPORT_ON_TIME, scope, time), "on_time", ""),
        figure(_("Right the first time"), by_unit(CHURN_REPORT_ACCURATE, scope, time), "accurate", "submitted"),
    ]


def month_time(row: queries.ReportRow, now: datetime) -> Time:
    """The month that a report is about."""
    return Time(row.month, last_day(row.month), timezone.localdate(now), now)


def report_context(request: HttpRequest, row: queries.ReportRow, *, now: datetime) -> dict[str, Any]:
    """One report: its figures, as of now while the unit has it in hand, and the losses they are made of."""
    access: Access = request.access  # type: ignore[attr-defined]
    figures = queries.figures_now(row, month_time(row, now)) if row.is_open else row.figures
    labels = competitor_labels()
    rows = losses_by_id(access, figures["records"])
    can_edit = access.scope_for(EDITS)
    return {
        "row": row,
        "month": date_format(row.month, "YEAR_MONTH_FORMAT"),
        "is_late": row.is_late(timezone.localdate(now)),
        "groups": _figure_groups(figures, row),
        "competitors": _competitor_lines(figures, row),
        "lines": [
            {"row": one, "competitor": labels.get(one.competitor_id, ""),
             "edits": row.is_open and can_edit.allows(unit_id=one.unit_id, manager_id=one.manager_id)}
            for one in rows
        ],
        "unexplained": sum(not one.cause for one in rows),
        "can_submit": row.is_open and access.scope_for(queries.SUBMITS).allows(unit_id=row.unit_id),
        "can_check": row.state == ChurnReportState.SUBMITTED
        and access.scope_for(queries.CHECKS).allows(unit_id=row.unit_id)
        and row.submitted_by_id != access.user_id,
    }  # fmt: skip


def forms_context(
    context: dict[str, Any], submit: SubmitForm | None = None, check: CheckForm | None = None
) -> dict[str, Any]:
    """The form of who may do something now; a wrong one as it was sent."""
    row: queries.ReportRow = context["row"]
    initial = {"version": row.version, "comment": row.comment}
    return context | {
        "submit_form": (submit or SubmitForm(initial=initial)) if context["can_submit"] else None,
        "check_form": (check or CheckForm(initial=initial)) if context["can_check"] else None,
    }


def _figure_groups(figures: Mapping[str, Any], row: queries.ReportRow) -> list[dict[str, Any]]:
    """Every figure with the address of its rows."""
    month = {"month": f"{row.month:%Y-%m}", "unit": row.unit_id}
    year = {"year": row.month.year, "unit": row.unit_id}

    def losses(label: str, key: str, **more: Any) -> dict[str, Any]:
        url = f"{reverse('retention:loss_list')}?{urlencode(month | more)}"
        return {"label": label, "number": figures[key], "url": url}

    def base(label: str, of: str) -> list[dict[str, Any]]:
        lost_url = f"{reverse('retention:loss_list')}?{urlencode(year | {'base': of})}"
        base_url = f"{reverse('retention:base_list')}?{urlencode(year | {'of': of})}"
        base, lost = figures[f"base_{of}"], figures[f"year_{of}"]
        return [
            {"label": _("%(what)s of 1 January") % {"what": label}, "number": base, "url": base_url},
            {"label": _("of them lost up to the end of the month"), "number": lost, "url": lost_url,
             "share": f"{100 * lost / base:.2f} %" if base else ""},
        ]  # fmt: skip

    tiers = [losses(_tier_label(code), code, customers="vip", tier=code) for code in queries.TIERS]
    return [
        {"title": _("Lost in the month"), "figures": [
            losses(str(CustomerKind.VIP.label), "vips", customers="vip"), *tiers,
            {"label": _("of them won in this year"), "number": figures["new"], "url": ""},
            losses(str(CustomerKind.GROUP.label), "groups", customers="group"),
            losses(str(CustomerKind.CHANNEL.label), "channels", customers="channel"),
            losses(str(LossKind.LEFT.label), "left", kind="left"),
            losses(str(LossKind.PORTED.label), "ported", kind="ported"),
        ]},
        {"title": _("Year to date"), "figures": [*base(_("All VIPs"), "vips"),
                                                  *base(_("Diamond and gold"), "diamond_gold")]},
    ]  # fmt: skip


def _tier_label(code: str) -> str:
    tier = names.tier_by_code("vip", code)
    return tier.label() if tier else code


def _competitor_lines(figures: Mapping[str, Any], row: queries.ReportRow) -> list[dict[str, Any]]:
    counts = figures["competitors"]
    month = {"month": f"{row.month:%Y-%m}", "unit": row.unit_id}
    return [
        {"label": one.label(english=is_english()), "number": counts[one.code],
         "url": f"{reverse('retention:loss_list')}?{urlencode(month | {'competitor': one.code})}"}
        for one in competitors()
        if counts.get(one.code)
    ]  # fmt: skip


def print_context(request: HttpRequest, row: queries.ReportRow, *, now: datetime) -> dict[str, Any]:
    """The report on paper, under its official name."""
    access: Access = request.access  # type: ignore[attr-defined]
    own = names.staff_card(access.staff_id)
    return report_context(request, row, now=now) | {
        "form": {"title": "离网报表", "label": _("Churn report"), "is_wide": False},
        "unit": row.unit,
        "period": f"{row.month:%Y-%m}",
        "back": reverse("retention:report_detail", args=[row.id]),
        "printed_by": f"{own.name} {own.number}" if own else "",
        "printed_at": now,
    }
