"""What the inbox of alerts is given: filters as chips, numbers that are filters, rows by level."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import AlertLevel
from accounts.queries import names
from accounts.queries.names import units_in
from complaints.queries.board_choices import customer_name
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, with_values, without
from crm.core.marks import due_words
from crm.core.pages import decode_cursor, encode_cursor
from crm.core.text import clean_text
from crm.core.ui import mark
from retention.budget_context import losses_left
from retention.choices import ALERT_ENDS, AlertOutcome, AlertState, AlertTrigger
from retention.filters import read_manager, read_month, read_unit
from retention.queries import alert_list as queries
from retention.queries.reasons import Told, told
from retention.queries.saving import SEES
from retention.tabs import churn_tabs
from visits.filters import read_id

KNOWN = ("state", "level", "trigger", "outcome", "unit", "manager", "customer", "only", "month", "q", "cursor")
WHOSE = ("unit_ids", "manager_id", "customer_id")
ONLY: dict[str, str | Promise] = {
    "late": gettext_lazy("Not acted on in time"),
    "unseen": gettext_lazy("Not seen yet"),
    "saving": gettext_lazy("Save case open"),
    "waiting": gettext_lazy("Offer waits for approval"),
    "snoozed": gettext_lazy("Put off"),
}
LOOKS = {"red": "late", "orange": "soon", "yellow": "quiet"}
"""Level → look of its mark; the word goes with it."""
ICONS = {"red": "alert-octagon", "orange": "alert-triangle", "yellow": "eye"}
# ti-alert-octagon ti-alert-triangle ti-eye


def level_mark(level: str) -> Any:
    """Red, orange, yellow: a word, a look and an icon."""
    return mark(str(AlertLevel(level).label), LOOKS[level], ICONS[level]) if level else ""


def alert_list_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The inbox, open ones by level; closed ones when they are asked for."""
    access: Access = request.access  # type: ignore[attr-defined]
    scope = access.scope_for(SEES)
    given = dict(given_of(request.GET, KNOWN))
    filters, chips = _filters(request, access, given, now)
    search = clean_text(given.get("q", ""), field="q", max_length=50)
    is_open = "open" in filters
    after = _place(given["cursor"], is_open) if "cursor" in given else None
    rows = queries.alerts(access, filters, search=search, after=after)
    shown, is_more = rows[: queries.LIMIT], len(rows) > queries.LIMIT
    counts = queries.open_counts(scope, {name: filters[name] for name in WHOSE if name in filters}, now)
    return {
        "tabs": churn_tabs(access, "alert_list"),
        "groups": _groups(shown, is_open, now),
        "more_url": with_values(request.GET, cursor=_cursor(shown[-1], is_open)) if is_more else "",
        "given": {name: value for name, value in given.items() if name != "cursor"},
        "search": search,
        "chips": chips,
        "is_open": is_open,
        "is_narrowed": bool(chips or search),
        "levels": _levels(request, given, counts),
        "quick": _quick(request, given, counts),
        "state": given.get("state", "open"),
        "units": units_in(scope),
        "triggers": AlertTrigger.choices,
        "outcomes": AlertOutcome.choices,
        "losses": losses_left(access, timezone.localdate(now)) if access.can("view_churn") else [],
        "today": timezone.localdate(now),
    }


def _filters(
    request: HttpRequest, access: Access, given: Mapping[str, str], now: datetime
) -> tuple[dict[str, Any], list[Chip]]:
    """Conditions, and what they say."""
    found: dict[str, Any] = {}
    chips: list[Chip] = []

    def say(name: str, words: str) -> None:
        chips.append(Chip(words, without(request.GET, name)))

    _state(found, given.get("state", "open"), say)
    for name, choices in (("level", AlertLevel), ("trigger", AlertTrigger), ("outcome", AlertOutcome)):
        if name in given:
            if given[name] not in choices.values:
                raise unknown_value(name)
            found[name] = given[name]
            say(name, str(choices(given[name]).label))
    if "unit" in given:
        unit_id = read_unit(given["unit"])
        found["unit_ids"] = list(names.subtree(unit_id))
        say("unit", names.unit_name(unit_id))
    if "manager" in given:
        found["manager_id"] = read_manager(given["manager"])
        say("manager", names.staff_name(found["manager_id"]) or _("Without a manager"))
    if "customer" in given:
        found["customer_id"] = read_id(given["customer"], "customer")
        say("customer", customer_name(access.scope, found["customer_id"]) or _("Customer"))
    if "month" in given:
        _month(found, given["month"], say)
    if "only" in given:
        _only(found, given["only"], now)
        say("only", str(ONLY[given["only"]]))
    return found, chips


def _state(found: dict[str, Any], raw: str, say: Any) -> None:
    if raw in ("open", "closed"):
        found[raw] = True
    elif raw != "all":
        if raw not in AlertState.values:
            raise unknown_value("state")
        found["state"] = raw
        if raw not in ALERT_ENDS:
            found["open"] = True
        say("state", str(AlertState(raw).label))
    if raw in ("closed", "all"):
        say("state", _("Closed") if raw == "closed" else _("Open and closed"))


def _month(found: dict[str, Any], raw: str, say: Any) -> None:
    first = read_month(raw)
    zone = timezone.get_default_timezone()
    found["first"] = datetime(first.year, first.month, 1, tzinfo=zone)
    after = (first + timedelta(days=32)).replace(day=1)
    found["before"] = datetime(after.year, after.month, 1, tzinfo=zone)
    say("month", _("Opened in %(month)s") % {"month": date_format(first, "YEAR_MONTH_FORMAT")})


def _only(found: dict[str, Any], raw: str, now: datetime) -> None:
    if raw not in ONLY:
        raise unknown_value("only")
    if raw == "late":
        found["late_at"] = now
    elif raw == "snoozed":
        found["snoozed_on"] = timezone.localdate(now)
    else:
        found[raw] = True


def _levels(request: HttpRequest, given: Mapping[str, str], counts: queries.Counts) -> list[dict[str, Any]]:
    """The tiles above the list: so many of each level, each its filter."""
    return [
        {
            "label": str(AlertLevel(level).label), "count": counts.by_level.get(level, 0), "look": LOOKS[level],
            "icon": ICONS[level], "is_on": given.get("level") == level,
            "url": without(request.GET, "level", "state") if given.get("level") == level
            else with_values(request.GET, level=level, state="open"),
        }
        for level in queries.LEVELS
    ]  # fmt: skip


def _quick(request: HttpRequest, given: Mapping[str, str], counts: queries.Counts) -> list[dict[str, Any]]:
    """One tap for what is asked most, with its number."""
    numbers = {"late": counts.late, "unseen": counts.unseen, "saving": counts.saving, "waiting": counts.waiting}
    chips = [
        {"label": str(label), "count": numbers.get(name), "is_on": given.get("only") == name,
         "url": without(request.GET, "only") if given.get("only") == name else with_values(request.GET, only=name)}
        for name, label in ONLY.items()
    ]  # fmt: skip
    is_closed = given.get("state") == "closed"
    url = without(request.GET, "state") if is_closed else with_values(request.GET, state="closed")
    return [*chips, {"label": _("Closed"), "count": None, "is_on": is_closed, "url": url}]


def _place(cursor: str, is_open: bool) -> tuple[int, datetime, int]:
    if is_open:
        rank, moment, alert_id = decode_cursor(cursor, 3, (int, datetime, int))
        return rank, moment, alert_id
    moment, alert_id = decode_cursor(cursor, 2, (datetime, int))
    return 0, moment, alert_id


def _cursor(row: queries.AlertRow, is_open: bool) -> str:
    return encode_cursor([row.rank, row.due_at, row.id] if is_open else [row.opened_at, row.id])


def _whys(rows: list[queries.AlertRow], today: date) -> dict[int, list[Told]]:
    """The first reasons of each alert in words; imported columns are looked up once for all of them."""
    pairs = [(row.id, reason) for row in rows for reason in row.reasons[:3] if reason[1] > 0]
    found: dict[int, list[Told]] = {row.id: [] for row in rows}
    for (alert_id, _reason), line in zip(pairs, told([reason for _id, reason in pairs], today), strict=True):
        found[alert_id].append(line)
    return found


def _groups(rows: list[queries.AlertRow], is_open: bool, now: datetime) -> list[dict[str, Any]]:
    """Open ones under their level; closed ones in one list."""
    today = timezone.localdate(now)
    whys = _whys(rows, today)
    if not is_open:
        return [{"title": "", "look": "", "rows": [_line(row, whys[row.id], now) for row in rows]}] if rows else []
    return [
        {"title": str(AlertLevel(level).label), "look": LOOKS[level], "icon": ICONS[level],
         "rows": [_line(row, whys[row.id], now) for row in of_level]}
        for level, of_level in groupby(rows, key=lambda row: row.level)
    ]  # fmt: skip


def _line(row: queries.AlertRow, why: list[Told], now: datetime) -> dict[str, Any]:
    return {
        "row": row,
        "level": level_mark(row.level),
        "why": [line.fact or line.label for line in why],
        "due": _due(row, now, timezone.localdate(now)),
        "is_late": row.is_open and not row.is_acted_on and row.due_at < now,
    }


def _due(row: queries.AlertRow, now: datetime, today: date) -> Any:
    """By when somebody acts; nothing once somebody did."""
    if not row.is_open or row.is_acted_on:
        return ""
    if row.snoozed_until and row.snoozed_until > today:
        return mark(_("Put off until %(day)s") % {"day": date_format(row.snoozed_until, "MONTH_DAY_FORMAT")}, "plain")
    words, look = due_words(timezone.localdate(row.due_at), today)
    return mark(words, "late" if row.due_at < now else look or "soon", "clock")  # ti-clock
