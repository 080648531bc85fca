"""One timeline of a customer (CUS-33, CUS-35): visits, duties closed, tiers, managers, files and changed facts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.choices import FileCategory, Purpose
from accounts.field_labels import field_label
from accounts.queries import names
from complaints.choices import Judgement
from complaints.rules.cases import OPEN
from crm.core.pages import decode_cursor, encode_cursor, render_rows
from crm.core.prepared import run
from crm.core.ui import mark
from visits.queries.rows import COLUMNS, SOURCE, VisitRow, visit_rows
from workbench.queries import case_things
from workbench.queries.brief import ago_words
from workbench.queries.log_sheet import CHANNEL_ICONS

PAGE = 20
TOLD = ["manager_id", "tier_id", "owed_from"]
"""Changed facts that have an entry of their own."""
FILTERS = ("all", "visits", "cases", "duties", "changes")

# Each branch: (source, id, moment, facts). `duty` of "all" leaves met ones out: their visit says so.
_BRANCHES = {
    "visit": "SELECT 'visit', v.id, v.occurred_at AS at, NULL::jsonb FROM visits_visit v"
    " WHERE v.customer_id = %(customer)s AND v.undone_at IS NULL",
    "duty": "SELECT 'duty', d.id, COALESCE(d.closed_at, d.due_on::timestamptz) AS at,"
    " jsonb_build_object('purpose', d.purpose, 'state', d.state, 'due', d.due_on, 'starts', d.starts_on,"
    " 'revision', d.revision) FROM visits_duty d"
    " WHERE d.customer_id = %(customer)s AND d.state IN ('missed', 'provisional', 'excused'{met})",
    "case": "SELECT 'case', k.id, k.received_at AS at, jsonb_build_object('number', k.number, 'kind', k.kind,"
    " 'state', k.state, 'facts', left(k.facts, 200), 'owner', k.owner_id, 'judgement', k.judgement,"
    " 'is_late', k.is_breached) FROM complaints_case k WHERE k.customer_id = %(customer)s",
    "tier": "SELECT 'tier', h.id, h.valid_from::timestamptz AS at, jsonb_build_object('tier', h.tier_id,"
    " 'reason', h.reason, 'by', h.decided_by_id) FROM accounts_tierhistory h WHERE h.customer_id = %(customer)s",
    "manager": "SELECT 'manager', a.id, a.valid_from::timestamptz AS at, jsonb_build_object('staff', a.staff_id,"
    " 'reason', a.reason) FROM accounts_assignment a WHERE a.customer_id = %(customer)s",
    "file": "SELECT 'file', f.id, f.uploaded_at AS at, jsonb_build_object('title', f.title, 'category', f.category,"
    " 'version', f.file_version, 'by', f.uploaded_by_id) FROM accounts_customerfile f"
    " WHERE f.customer_id = %(customer)s",
    "change": "SELECT 'change', x.seq, x.at, jsonb_build_object('op', x.op, 'by', x.actor, 'label', x.actor_label,"
    " 'fields', ARRAY(SELECT jsonb_object_keys(x.after - %(told)s))) FROM core_change x"
    " WHERE x.tbl = 'accounts_customer' AND x.row_id = %(customer)s AND x.op = 'U' AND x.after - %(told)s <> '{{}}'",
}
_OF_FILTER = {
    "all": ("visit", "case", "duty", "tier", "manager", "file", "change"),
    "visits": ("visit",),
    "cases": ("case",),
    "duties": ("duty",),
    "changes": ("tier", "manager", "file", "change"),
}
_AFTER = " AND (at, source, id) < (%(at)s, %(source)s, %(id)s)"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, ready to show; a visit brings its row."""

    source: str
    icon: str
    look: str
    title: str
    time: str
    time_full: str
    by: str = ""
    body: str = ""
    url: str = ""
    marks: tuple[SafeString, ...] = ()
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the timeline, newest first, and where the next one begins."""

    entries: list[Entry]
    next_cursor: str | None
    last_visit: VisitRow | None = None


_TYPES = {
    "customer": "bigint",
    "limit": "bigint",
    "told": "text[]",
    "at": "timestamptz",
    "source": "text",
    "id": "bigint",
}
_STRETCH = f"""
SELECT rows.*, visit.* FROM (
    SELECT * FROM ({{branches}}) found ORDER BY at DESC, source DESC, id DESC LIMIT %(limit)s
) rows LEFT JOIN LATERAL (SELECT {COLUMNS} {SOURCE} WHERE v.id = rows.id AND rows.source = 'visit') visit ON true
ORDER BY at DESC, rows.source DESC, rows.id DESC
"""
_FACTS = 4
"""So many columns every entry has; those of its visit follow."""


def timeline(
    customer_id: int, *, today: date, only: str = "all", before: str | None = None, with_cases: bool = False
) -> Stretch:
    """The timeline of a customer who is already visible; one statement whatever is on it."""
    wanted = [name for name in _OF_FILTER[only] if name != "case" or with_cases]
    if not wanted:
        return Stretch([], None)
    branches = " UNION ALL ".join(
        f"(SELECT * FROM ({_BRANCHES[name].format(met=_met(only))}) {name}_rows (source, id, at, facts)"
        f" WHERE true{_AFTER if before else ''} ORDER BY at DESC, source DESC, id DESC LIMIT %(limit)s)"
        for name in wanted
    )
    params: dict[str, Any] = {"customer": customer_id, "limit": PAGE + 1, "told": TOLD}
    if before:
        params["at"], params["source"], params["id"] = decode_cursor(before, 3, (datetime, str, int))
    with connection.cursor() as cursor:
        statement = _STRETCH.format(branches=branches)
        used = {name: kind for name, kind in _TYPES.items() if f"%({name})s" in statement}
        run(cursor, statement, {name: params[name] for name in used}, used)
        found = cursor.fetchall()
    visits = {row.id: row for row in visit_rows([row[_FACTS:] for row in found if row[_FACTS] is not None])}
    shown = found[:PAGE]
    entries = [_entry(row, visits, today) for row in shown if row[0] != "visit" or row[1] in visits]
    more = encode_cursor((shown[-1][2], shown[-1][0], shown[-1][1])) if len(found) > PAGE else None
    return Stretch(entries, more, next(iter(visits.values()), None))


def _met(only: str) -> str:
    return ", 'met'" if only == "duties" else ""


def _entry(row: Sequence[Any], visits: dict[int, VisitRow], today: date) -> Entry:
    source, row_id, at, facts = row[:_FACTS]
    if source == "visit":
        return _visit_entry(visits[row_id], today)
    facts = json.loads(facts) if isinstance(facts, str) else facts
    make = {
        "case": _case_entry,
        "duty": _duty_entry,
        "tier": _tier_entry,
        "manager": _manager_entry,
        "file": _file_entry,
        "change": _change_entry,
    }[source]
    if source == "case":
        facts["id"] = row_id
    return make(facts, *_times(at, today, with_clock=source in ("file", "change", "case")))


def _times(at: datetime, today: date, *, with_clock: bool) -> tuple[str, str]:
    local, language = timezone.localtime(at), get_language() or ""
    full = _day(local.date(), "DATE_FORMAT", language) + (f" {local:%H:%M}" if with_clock else "")
    near = (today - local.date()).days < 7
    return (ago_words(local.date(), today) if near else _day(local.date(), "SHORT_DATE_FORMAT", language)), full


@lru_cache(maxsize=4096)
def _day(day: date, shape: str, language: str) -> str:
    """A day in words of the language that is spoken: the same few days stand on every timeline."""
    return date_format(day, shape)


def _visit_entry(row: VisitRow, today: date) -> Entry:
    time, full = _times(row.occurred_at, today, with_clock=True)
    marks = []
    if not row.is_effective:
        marks.append(mark(row.outcome, "", "phone-off"))
    if row.settles:
        marks.append(mark(_("met the duty"), "met", "circle-check"))
    if row.is_backdated:
        marks.append(mark(_("back-dated"), "quiet", "history"))  # ti-history
    if row.remarks:
        marks.append(
            mark(ngettext("%(n)d remark", "%(n)d remarks", row.remarks) % {"n": row.remarks}, "info", "message-dots")
        )
    incoming = _("incoming") if row.is_inbound else ""
    title = " · ".join(part for part in (row.channel, row.occasion, incoming) if part)  # ti-message-dots
    minutes = ngettext("%(n)d minute", "%(n)d minutes", row.minutes) % {"n": row.minutes} if row.minutes else ""
    return Entry(
        "visit",
        CHANNEL_ICONS.get(row.channel_code, "message"),
        "met" if row.settles else "info" if row.is_effective else "",
        title,
        time,
        full,
        by=row.staff_name,
        body=row.content,
        url=f"/visits/{row.id}/",
        marks=tuple(marks),
        extra=_visit_extra(row, minutes),
    )


def _visit_extra(row: VisitRow, minutes: str) -> tuple[str, ...]:
    """The smaller facts of a visit, each in its own words."""
    met = _("met: %(names)s") % {"names": ", ".join(row.persons)} if row.persons else ""
    with_whom = _("with %(names)s") % {"names": ", ".join(row.companions)} if row.companion_ids else ""
    result = _("result: %(text)s") % {"text": row.result} if row.result else ""
    on = date_format(row.next_on, "MONTH_DAY_FORMAT") if row.next_on else ""
    step = _("next: %(text)s") % {"text": f"{row.next_step} {on}".strip()} if row.next_step else ""
    mood = row.mood_label if row.mood and row.mood != "neutral" else ""
    return tuple(part for part in (met, with_whom, result, step, mood, minutes, row.place) if part)


def _case_entry(facts: dict[str, Any], time: str, full: str) -> Entry:
    """A request or complaint; an open one says so, a late one is red."""
    is_open = facts["state"] in OPEN
    look = "late" if is_open and facts["is_late"] else "soon" if is_open else ""
    marks = [mark(case_things.state_words(facts["state"]), "" if not is_open else "info")]
    if facts["judgement"] == Judgement.JUSTIFIED:
        marks.append(mark(Judgement.JUSTIFIED.label, "soon", "scale"))  # ti-scale
    return Entry(
        "case",
        case_things.ICONS[facts["kind"]],
        look,
        case_things.case_title(facts["kind"], facts["number"]),
        time,
        full,
        by=names.staff_name(facts["owner"]),
        body=facts["facts"],
        url=case_things.case_url(facts["id"]),
        marks=tuple(marks),
    )


def _duty_entry(facts: dict[str, Any], time: str, full: str) -> Entry:
    period = period_words(date.fromisoformat(facts["starts"]), date.fromisoformat(facts["due"]))
    words = {
        "missed": _("%(period)s missed, final"),
        "provisional": _("%(period)s missed, provisional"),
        "excused": _("%(period)s excused"),
        "met": _("%(period)s met"),
    }[facts["state"]]
    look, icon = {
        "missed": ("", "circle-x"),
        "provisional": ("soon", "clock-question"),
        "excused": ("", "circle-minus"),
        "met": ("met", "circle-check"),
    }[facts["state"]]
    body = "" if facts["purpose"] == Purpose.CONTACT else str(Purpose(facts["purpose"]).label)
    if facts["revision"] > 1:
        body = " · ".join(part for part in (body, _("corrected")) if part)
    return Entry("duty", icon, look, words % {"period": period}, time, full, body=body)


def period_words(starts: date, due: date) -> str:
    """A duty's period: a month, a quarter, half a year or a year; anything else from–to."""
    months = (due.year - starts.year) * 12 + due.month - starts.month + 1
    if months == 1:
        return date_format(starts, "YEAR_MONTH_FORMAT")
    if months == 3 and starts.month % 3 == 1:
        return _("Q%(quarter)d %(year)d") % {"quarter": starts.month // 3 + 1, "year": starts.year}
    if months == 6 and starts.month in (1, 7):
        half = _("first half of %(year)d") if starts.month == 1 else _("second half of %(year)d")
        return half % {"year": starts.year}
    if months == 12 and starts.month == 1:
        return _("year %(year)d") % {"year": starts.year}
    return f"{date_format(starts, 'YEAR_MONTH_FORMAT')} – {date_format(due, 'YEAR_MONTH_FORMAT')}"


def _tier_entry(facts: dict[str, Any], time: str, full: str) -> Entry:
    tier = names.tier(facts["tier"])
    title = _("Tier: %(tier)s") % {"tier": tier.label()} if tier else _("No tier any more")
    return Entry("tier", "award", "", title, time, full, by=_user(facts["by"]), body=facts["reason"])  # ti-award


def _manager_entry(facts: dict[str, Any], time: str, full: str) -> Entry:
    title = _("Account manager: %(name)s") % {"name": names.staff_name(facts["staff"])}
    return Entry("manager", "user-check", "", title, time, full, body=facts["reason"])


def _file_entry(facts: dict[str, Any], time: str, full: str) -> Entry:
    version = f" v{facts['version']}" if facts["version"] > 1 else ""
    title = f"{FileCategory(facts['category']).label}: {facts['title']}{version}"
    return Entry("file", "paperclip", "", title, time, full, by=_user(facts["by"]))  # ti-paperclip


def _change_entry(facts: dict[str, Any], time: str, full: str) -> Entry:
    fields = ", ".join(field_label(name) for name in facts["fields"] or ())
    by = _user(facts["by"]) or facts["label"] or ""
    return Entry("change", "edit", "", _("Changed: %(fields)s") % {"fields": fields}, time, full, by=by)  # ti-edit


def _user(user_id: int | None) -> str:
    card = names.staff_of(user_id)
    return card.name if card else ""


def timeline_html(stretch: Stretch, more_url: str) -> SafeString:
    """The entries and the link to the next stretch, as the page and the fragment show them."""
    return render_rows(
        "workbench/timeline.html",
        {"entries": stretch.entries, "more_url": more_url if stretch.next_cursor else "", "more": _("Load more")},
    )
