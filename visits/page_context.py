"""What the templates of the visit pages are given."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.addresses import with_values, without
from crm.core.pages import render_rows
from visits.choices import Direction, Party
from visits.filters import VisitQuery, read_day
from visits.queries.catalogue import catalogue
from visits.queries.counting import COLUMNS, PREVIEW_DAYS, CountingPage
from visits.queries.detail import Neighbours, VisitDetail, is_mendable
from visits.queries.figures import Figures
from visits.queries.journal.check_ins import book_entry
from visits.queries.photos import takes_photos
from visits.queries.rows import VisitRow

# ti-phone ti-walk ti-armchair ti-brand-wechat ti-message ti-photo-message ti-mail ti-at ti-users ti-confetti
# ti-message-2
MOST_PEOPLE = 200
PANEL_NAMES = ("from", "to", "channel", "outcome", "occasion", "staff")
CHANNEL_ICONS = {
    "phone": "phone",
    "on_site": "walk",
    "reception": "armchair",
    "wechat": "brand-wechat",
    "sms": "message",
    "mms": "photo-message",
    "letter": "mail",
    "email": "at",
    "symposium": "users",
    "activity": "confetti",
}


def channel_icon(code: str) -> str:
    """The icon of a channel."""
    return CHANNEL_ICONS.get(code, "message-2")


# --- The list


def rows_context(request: HttpRequest, rows: Sequence[VisitRow], query: VisitQuery) -> dict[str, Any]:
    """The rows, drawn at once, and whether there are any."""
    access: Access = request.access  # type: ignore[attr-defined]
    shown = {
        "rows": rows,
        "icons": CHANNEL_ICONS,
        "local": timezone.localtime,
        "day_words": _day_words(timezone.localdate()),
        "query_string": f"?{urlencode(query.given)}" if query.given else "",
        "show_staff": access.can_any("view_team", "remark") or not access.scope.manager_ids,
    }
    return {
        "is_empty": not rows,
        "show_staff": shown["show_staff"],
        "table_rows": render_rows("visits/visit_rows.html", shown),
    }


def _day_words(today: date) -> Any:
    """A function that says a day shortly, each day of the page once."""
    known: dict[date, str] = {today: _("today"), today - timedelta(days=1): _("yesterday")}

    def words(day: date) -> str:
        if day not in known:
            known[day] = date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "SHORT_DATE_FORMAT")
        return known[day]

    return words


def frame_context(request: HttpRequest, query: VisitQuery) -> dict[str, Any]:
    """Saved views, quick filters, the form with all filters."""
    known = catalogue()
    quick = _quick(request, query)
    shown = {chip["url"] for chip in quick if chip["is_on"]}
    return {
        "query": query,
        "views": _views(request, query),
        "books": _books(request.access),  # type: ignore[attr-defined]
        "quick": quick,
        # What a quick filter shows already is not said twice.
        "chips": [chip for chip in query.chips if chip.remove_url not in shown],
        "channels": known.offered_channels(),
        "outcomes": known.offered_outcomes(),
        "occasions": known.offered_occasions(),
        "people": _people(request),
        "panel_names": PANEL_NAMES,
    }


def _people(request: HttpRequest) -> list[dict[str, Any]]:
    """Colleagues whose visits may be picked: those of the team's units, unless they are too many for a list."""
    team = request.access.scope_for("view_team")  # type: ignore[attr-defined]
    found = [card for card in names.active_staff() if team.allows(unit_id=card.unit_id)]
    if len(found) > MOST_PEOPLE:
        return []
    return [{"id": card.id, "key": str(card.id), "name": card.name} for card in found]


def _views(request: HttpRequest, query: VisitQuery) -> list[dict[str, Any]]:
    """Saved views, as links that can be shared (screens 6)."""
    access: Access = request.access  # type: ignore[attr-defined]
    today = timezone.localdate()
    named: list[tuple[str, dict[str, str]]] = [(_("All visits"), {})]
    if access.can("log_visits") and access.staff_id:
        named.append((_("My visits"), {"staff": str(access.staff_id)}))
    if access.can("remark"):
        named.append((_("To remark on"), {"unremarked": "1"}))
    named += [
        (_("Visits of today"), {"on": today.isoformat()}),
        (_("Back-dated"), {"backdated": "1"}),
        (_("Check-in book"), {"book": "all"}),
    ]
    current = {name: value for name, value in query.given.items() if name != "q"}
    return [
        {"label": label, "url": f"?{urlencode(params)}" if params else "?", "is_current": params == current}
        for label, params in named
    ]


# ti-armchair ti-urgent ti-tag ti-notebook ti-chart-bar ti-printer ti-quote
BOOKS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("visits:reception_log", _noop("Reception log"), "armchair", ()),
    ("visits:voice_list", _noop("Customer voice"), "quote", ()),
    ("visits:special_list", _noop("Special visits"), "urgent", ()),
    ("visits:violation_list", _noop("Prices under the minimum"), "tag", ()),
    ("visits:day_log_list", _noop("Work logs"), "notebook", ("serve_customers", "view_team")),
    ("visits:visit_figures", _noop("Visit figures"), "chart-bar", ()),
    ("visits:form_list", _noop("Forms to print"), "printer", ()),
)
"""What is kept beside the visits: route, words, icon, and the abilities it takes beyond seeing customers."""


def _books(access: Access) -> list[dict[str, str]]:
    """The logs and forms this person may open."""
    return [
        {"url": reverse(name), "label": _(label), "icon": icon}
        for name, label, icon, abilities in BOOKS
        if not abilities or access.can_any(*abilities)
    ]


def _quick(request: HttpRequest, query: VisitQuery) -> list[dict[str, Any]]:
    """Chips to switch on and off with one tap."""
    chips = [("channel", entry.code, entry.label) for entry in catalogue().offered_channels()[:4]]
    chips += [("direction", "inbound", _("Inbound")), ("mood", "bad", _("Upset"))]
    return [_chip(request, query, name, value, label) for name, value, label in chips]


def _chip(request: HttpRequest, query: VisitQuery, name: str, value: str, label: str) -> dict[str, Any]:
    is_on = query.given.get(name) == value
    url = without(request.GET, name) if is_on else with_values(request.GET, **{name: value})
    return {"label": label, "url": url, "is_on": is_on}


# --- One visit


def detail_context(
    detail: VisitDetail, near: Neighbours, params: QueryDict, *, access: Access, user_id: int, now: datetime
) -> dict[str, Any]:
    """The record, and what this reader may do with it."""
    row = detail.row
    is_author = row.logged_by_id == user_id
    entry = book_entry(row)
    can_mend = is_mendable(row, user_id=user_id, now=now) and not (entry and entry.is_closed)
    tail = f"?{params.urlencode()}" if params else ""
    return {
        "detail": detail,
        "row": row,
        "icon_name": channel_icon(row.channel_code),
        "is_mendable": can_mend,
        "check_in": entry,
        "can_sign": entry is not None and access.can("sign_visits") and row.staff_id == access.staff_id,
        "can_note": not can_mend and access.can("log_visits") and (is_author or access.can("serve_customers")),
        "can_add_photo": access.can("log_visits") and takes_photos(row, user_id=user_id, today=timezone.localdate(now)),
        "can_remark": access.can("remark") and not is_author and row.staff_id != access.staff_id,
        "newer_url": reverse("visits:visit_detail", args=[near.newer_id]) + tail if near.newer_id else "",
        "older_url": reverse("visits:visit_detail", args=[near.older_id]) + tail if near.older_id else "",
        "list_url": reverse("visits:visit_list") + tail,
        "tail": tail,
    }


def conflict_rows(
    mine: Mapping[str, Any], theirs: Mapping[str, Any], labels: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Both values side by side, for the fields that differ (bad input 33)."""
    pairs = (
        (label, _plain(mine.get(name)), _plain(theirs.get(name))) for name, label in labels.items() if name in theirs
    )
    return [{"label": label, "mine": own, "theirs": other} for label, own, other in pairs if own != other]


def _plain(value: Any) -> Any:
    """A value as the form shows it: a moment to the minute, a code in words."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, str):
        known = catalogue()
        entry = known.channels.get(value) or known.outcomes.get(value) or known.occasions.get(value)
        return entry.label if entry is not None else value
    return value


# --- Figures


@dataclass(frozen=True)
class Month:
    """A month of the figures, with its neighbours."""

    first: date
    last: date
    label: str
    before: str
    after: str


def month_of(raw: str, today: date) -> Month:
    """The month of an address ("2026-11"), today's without one; never beyond the present one."""
    first = read_day(f"{raw}-01", "month") if raw else today.replace(day=1)
    if not date(2000, 1, 1) <= first <= today.replace(day=1):
        first = today.replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    after = last + timedelta(days=1)
    return Month(
        first,
        last,
        date_format(first, "YEAR_MONTH_FORMAT"),
        f"{first - timedelta(days=1):%Y-%m}",
        f"{after:%Y-%m}" if after <= today else "",
    )


def figures_context(figures: Figures, month: Month, given: Mapping[str, str]) -> dict[str, Any]:
    """Every number with the address of its rows."""
    base = reverse("visits:visit_list")
    period = {"from": month.first.isoformat(), "to": month.last.isoformat()} | dict(given)

    def rows(**more: Any) -> str:
        return f"{base}?{urlencode(period | more)}"

    return {
        "figures": figures,
        "month": month,
        "given": given,
        "all_url": rows(),
        "outbound_url": rows(direction="outbound"),
        "inbound_url": rows(direction="inbound"),
        "overlong_url": rows(overlong="1"),
        "within_url": rows(within="1"),
        "breakdowns": [
            (_("By class of work"), [(part, rows(work_class=part.value)) for part in figures.by_class]),
            (_("By category"), [(part, rows(category=part.value)) for part in figures.by_category]),
            (_("By kind of service"), [(part, rows(service=part.value)) for part in figures.by_service]),
        ],
        "people": [
            {
                "row": person,
                "all": rows(staff=person.staff_id),
                "outbound": rows(staff=person.staff_id, direction="outbound"),
                "development": rows(staff=person.staff_id, work_class="development"),
                "maintenance": rows(staff=person.staff_id, work_class="maintenance"),
                "sales": rows(staff=person.staff_id, work_class="sales"),
                "overlong": rows(staff=person.staff_id, overlong="1"),
                "within": rows(staff=person.staff_id, within="1"),
                "calls": rows(staff=person.staff_id, channel="phone"),
            }
            for person in figures.staff
        ],
    }


# --- What counts


def counting_context(page: CountingPage) -> dict[str, Any]:
    """The matrix with its heads, and the effect of a change once asked for."""
    return {
        "page": page,
        "preview_days": PREVIEW_DAYS,
        "directions": [(label, len(Party.choices)) for __, label in Direction.choices],
        "parties": [Party(party).label for __, party in COLUMNS],
    }


def first_of_next_month(today: date) -> date:
    """The day from which a change of what counts usually holds."""
    return (today.replace(day=28) + timedelta(days=4)).replace(day=1)
