"""What the pages of jobs, of the access log and of the nights are given."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.core import access_log, jobs, settings_pages
from crm.core.addresses import unknown_value, with_values
from crm.core.asked import Asked
from crm.core.errors import Invalid
from crm.core.models import AccessKind
from crm.core.pages import place_of
from crm.core.text import clean_text

JOBS = 50


def job_list_context(request: Asked) -> dict[str, Any]:
    """One's jobs and those one looks after, newest first."""
    found = jobs.visible_jobs(request.user).order_by("-id")
    before = place_of(request)
    rows = list((found if before is None else found.filter(pk__lt=before))[: JOBS + 1])
    return {
        "jobs": [(row, jobs.label_of(row)) for row in rows[:JOBS]],
        "more_url": with_values(request.GET, before=str(rows[JOBS - 1].pk)) if len(rows) > JOBS else "",
    }


def access_log_context(request: Asked) -> dict[str, Any]:
    """SEC-4: rows of the access log by kinds (one or several, also with commas between them) and person."""
    kinds = [kind for given in request.GET.getlist("kind") for kind in given.split(",") if kind]
    if not set(kinds) <= set(AccessKind.values):
        raise unknown_value("kind")
    person = clean_text(request.GET.get("person", ""), field="person", max_length=64)
    rows, following = access_log.rows_of(kinds=kinds, person=person, before=place_of(request))
    return {
        "rows": [(row, access_log.subject_of(row)) for row in rows],
        "more_url": with_values(request.GET, before=str(following), kind=",".join(kinds)) if following else "",
        "kinds": AccessKind.choices,
        "chosen": kinds,
        "person": person,
    }


def run_list_context(request: Asked, *, now: datetime) -> dict[str, Any]:
    """PLT-3: steps of the nights, of one or of all."""
    day = day_of(request.GET.get("date", ""))
    rows, following = settings_pages.runs(now=now, day=day, before=place_of(request))
    more = with_values(request.GET, before=str(following)) if following else ""
    return {"runs": rows, "more_url": more, "day": day}


def day_of(text: str) -> date | None:
    """A date of the address; anything else is refused (bad input 10)."""
    try:
        day = date.fromisoformat(text[:20]) if text else None
    except ValueError as problem:
        raise Invalid(_("This date does not exist."), code="invalid_date", field="date") from problem
    if day is not None:
        year_of(str(day.year), day, "date")
    return day


def year_of(text: str, today: date, field: str = "year") -> int:
    """A year of the address, this year without one."""
    first, last = settings_pages.FIRST_YEAR, settings_pages.LAST_YEAR
    if not text:
        return today.year
    if not (text.isascii() and text.isdigit() and len(text) < 5 and first <= int(text) <= last):
        raise Invalid(_("This year is out of range."), code="out_of_range", field=field)
    return int(text)
