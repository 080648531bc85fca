"""What the pages of reports are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.queries import names
from crm.core.addresses import Chip, given_of, unknown_value, without
from crm.core.asked import Asked
from crm.core.list_rows import cut
from crm.core.pages import place_of
from visits.actions import reports as deeds
from visits.choices import ReportKind, ReportState
from visits.filters import read_day, read_id
from visits.queries import reports as queries
from visits.queries.reports import WAS, ReportRow, Timeliness
from visits.rules.freeze import last_day

SEES = (deeds.WRITES, queries.READS)
SHOWN = 50


def read_reports(params: QueryDict) -> tuple[dict[str, str], dict[str, Any]]:
    """The address of the list, as given and as the query takes it; raises `Invalid` naming the first wrong value."""
    given = dict(given_of(params, ("state", "kind", "staff", "due", "was", "before")))
    known = (("state", ReportState.values), ("kind", ReportKind.values), ("was", WAS))
    for name, values in known:
        if given.get(name) and given[name] not in values:
            raise unknown_value(name)
    first = read_day(f"{given['due']}-01", "due") if "due" in given else None
    narrowed: dict[str, Any] = {name: given.get(name, "") for name, __ in known}
    narrowed["staff_id"] = read_id(given["staff"], "staff") if "staff" in given else None
    narrowed["due"] = (first, last_day(first)) if first else None
    return given, narrowed


def report_list_context(request: Asked, today: date) -> dict[str, Any]:
    """The list with its filters as they stand in the address."""
    given, narrowed = read_reports(request.GET)
    scope = queries.reader_scope(request.access)
    rows = queries.report_list(scope, **narrowed, before=place_of(request), limit=SHOWN)
    return cut(request, rows, SHOWN) | {
        "given": given,
        "chips": report_chips(request, given),
        "states": ReportState.choices,
        "today": today,
        "reads": request.access.can(queries.READS),
    }


def report_chips(request: HttpRequest, given: Mapping[str, str]) -> list[Chip]:
    """What the list is narrowed to beside its state."""
    words = {"on_time": _("In time"), "submitted": _("Submitted"), "accurate": _("Right the first time")}
    found = []
    if "staff" in given:
        found.append(("staff", names.staff_name(int(given["staff"])) or given["staff"]))
    if "kind" in given:
        found.append(("kind", str(ReportKind(given["kind"]).label)))
    if "due" in given:
        month = date_format(read_day(f"{given['due']}-01", "due"), "YEAR_MONTH_FORMAT")
        found.append(("due", _("due in %(month)s") % {"month": month}))
    if "was" in given:
        found.append(("was", words[given["was"]]))
    return [Chip(label, without(request.GET, name, "before")) for name, label in found]


def timeliness_lines(rows: Sequence[Timeliness], kind: str, first: date) -> dict[str, Any]:
    """F30, PLAN-23: every figure of a manager and of all together, with its share and the reports behind it."""
    base = {"kind": kind, "due": f"{first:%Y-%m}"}

    def cells(numbers: tuple[int, ...], more: Mapping[str, Any]) -> list[dict[str, Any]]:
        address = f"{reverse('visits:report_list')}?{urlencode({**base, **more})}"
        due, on_time, submitted, accurate = numbers
        return [
            {"label": label, "number": number, "share": 100 * number // whole if whole else None, "url": address + was}
            for label, number, whole, was in (
                (_("Reports due"), due, 0, ""), (_("In time"), on_time, due, "&was=on_time"),
                (_("Submitted"), submitted, 0, "&was=submitted"),
                (_("Right the first time"), accurate, submitted, "&was=accurate"),
            )
        ]  # fmt: skip

    def numbers(row: Timeliness) -> tuple[int, ...]:
        return row.due, row.on_time, row.submitted, row.accurate

    totals = tuple(sum(column) for column in zip(*map(numbers, rows), strict=True)) or (0, 0, 0, 0)
    return {
        "rows": [{"name": row.name, "cells": cells(numbers(row), {"staff": row.staff_id})} for row in rows],
        "totals": cells(totals, {}),
        "month": date_format(first, "YEAR_MONTH_FORMAT"),
    }


def figure_lines(row: ReportRow) -> list[tuple[str, Any, str]]:
    """The figures of the report with the rows behind each: label, number, address."""
    days: dict[str, str | int] = {"staff": row.staff_id, "from": str(row.starts_on), "to": str(row.ends_on)}
    visits = f"{reverse('visits:visit_list')}?{urlencode(days)}"
    specials = f"{reverse('visits:special_list')}?{urlencode(days)}"
    voices = f"{reverse('visits:voice_list')}?{urlencode({'first': str(row.starts_on), 'last': str(row.ends_on)})}"
    duties = f"{reverse('workbench:duty_list')}?{urlencode({'manager': row.staff_id})}"
    customers = f"{reverse('accounts:customer_list')}?{urlencode({'manager': row.staff_id})}"
    found = row.figures
    owed = f"{found.get('met', 0)} / {found.get('owed', 0)}"
    return [
        (_("Customers in service"), found.get("customers"), customers),
        (_("Their monthly spend (CNY)"), found.get("spend"), customers),
        (_("Visits"), found.get("visits"), visits),
        (_("of these on site"), found.get("on_site"), f"{visits}&onsite=1"),
        (_("Customers reached"), found.get("reached"), f"{visits}&reached=1"),
        (_("Duties met"), owed, duties),
        (_("Special visits"), found.get("special"), specials),
        (_("What customers said"), found.get("voices"), voices),
        (_("of these problems"), found.get("problems"), f"{voices}&kind=problem"),
    ]
