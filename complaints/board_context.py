"""What the templates of the board are given: rows drawn once, quick filters, the bulk bar, a tag for what is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, gettext_noop
from django.utils.translation import gettext as _

from accounts.queries import names
from accounts.queries.names import units_in
from complaints.choices import CaseKind, CaseLevel, CaseState, ClockKind, Judgement
from complaints.filters import SEES, CaseQuery, is_english, read_query
from complaints.queries import board as queries
from complaints.queries.board_choices import assignees, categories_in_use
from complaints.queries.rights import rights_at
from complaints.rules.cases import OPEN, PAUSED, refuse_deed
from complaints.time_left import time_left
from crm.core.abilities import Access
from crm.core.addresses import with_values, without
from crm.core.marks import ListMarks
from crm.core.pages import render_rows
from crm.core.ui import mark

COLUMN_WORDS: Mapping[str, str | Promise] = {
    "received": gettext_lazy("To be accepted"),
    "handling": gettext_lazy("In hand"),
    "waiting": gettext_lazy("Waiting"),
    "replied": gettext_lazy("Result told"),
}
QUICK = (
    ("level", "major", gettext_noop("Major matter")),
    ("kind", "complaint", gettext_noop("Complaint")),
    ("kind", "need", gettext_noop("Service request")),
    ("kind", "handling", gettext_noop("Business handling")),
)
SETTLED = ((CaseState.CLOSED.value, gettext_noop("Closed cases")), ("all", gettext_noop("Closed ones too")))


class Shown(NamedTuple):
    """A case as the rows' template takes it apart."""

    id: int
    number: str
    kind: str
    customer: str
    tier: SafeString
    facts: str
    category: str
    state: str
    marks: tuple[SafeString, ...]
    clock: SafeString | str
    clock_kind: str
    owner: str
    received: str
    is_late: bool
    can_accept: bool
    place: int


def board_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The board or the list that an address asks for, with what their frame must know."""
    access: Access = request.access  # type: ignore[attr-defined]
    query = read_query(request.GET, access, now)
    view = view_of(query)
    drawn = rows_context(request, query, view, now=now)
    return drawn | {
        "views": [
            {"label": label, "url": with_values(request.GET, view=code), "is_on": code == view}
            for code, label in (("board", _("Board")), ("list", _("List")))
        ],
        "quick": _quick(request, query, view, drawn["waiting"]),
        "categories": [
            {"code": one.code, "label": one.label(english=is_english())} for one in categories_in_use()
        ],
        "units": units_in(access.scope_for(SEES)),
        "kinds": CaseKind.choices,
        "levels": CaseLevel.choices,
        "judgements": Judgement.choices,
        "can_take": access.can("take_requests"),
        "panel": ("kind", "category", "level", "judged", "month", "unit"),
        "fresh_url": f"{reverse('complaints:case_fresh')}{with_values(request.GET, view=view)}",
        "print_url": f"{reverse('complaints:case_book')}?{request.GET.urlencode()}",
    }  # fmt: skip


def view_of(query: CaseQuery) -> str:
    """What somebody asked for; without a wish a link's rows come as a list, everything open as the board."""
    if query.state != "open" or query.cursor:
        return "list"
    return query.view or ("list" if query.is_narrowed else "board")


def rows_context(request: HttpRequest, query: CaseQuery, view: str, *, now: datetime) -> dict[str, Any]:
    """The cases themselves, drawn at once; the part that is asked for again while it is looked at."""
    access: Access = request.access  # type: ignore[attr-defined]
    scope = access.scope_for(SEES)
    waiting = queries.waiting(scope, staff_id=access.staff_id, now=now)
    drawer = _Drawer(access, now)
    common = {
        "query": query, "view": view, "waiting": waiting, "now": now, "chips": query.chips,
        "can_act": access.can_any("handle_cases", "handle_orders", "assign_cases"),
        "here": f"{reverse('complaints:case_list')}?{request.GET.urlencode()}",
        "can_assign": access.can("assign_cases"), "colleagues": assignees(access),
    }  # fmt: skip
    if view == "board":
        columns = queries.board(scope, query.filters, now=now, search=query.search, english=is_english())
        shown = drawer.columns(columns, request)
        common["columns"] = shown
        common["is_empty"] = all(column["is_empty"] for column in shown)
        rows: list[Any] = [columns]
    else:
        page = queries.case_page(
            scope, query.filters, search=query.search, newest=query.newest, cursor=query.cursor, english=is_english()
        )
        drawn = drawer.rows(page.rows)
        common["table_rows"] = _rows_html(drawn, can_act=bool(common["can_act"]))
        common["is_empty"] = not drawn
        common["more_url"] = with_values(request.GET, view="list", cursor=page.next) if page.next else ""
        rows = [page.rows, page.next]
    return common | {"tag": _tag(rows, waiting, access, view, query)}


def _rows_html(rows: Sequence[Shown], *, can_act: bool) -> SafeString:
    return render_rows("complaints/case_rows.html", {"rows": rows, "can_act": can_act})


def _tag(rows: object, waiting: object, access: Access, view: str, query: CaseQuery) -> str:
    """An ETag of the values that are shown, not of the words for the time that passes."""
    asked = sorted((name, value) for name, value in query.given.items() if name != "view")
    said = repr((rows, waiting, access.user_id, get_language(), view, asked, query.cursor))
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


class _Drawer:
    """Draws the cases of one answer: each of the few different marks once."""

    def __init__(self, access: Access, now: datetime) -> None:
        self.access, self.now = access, now
        self.tiers = ListMarks(timezone.localdate(now))
        self.kinds = {kind.value: str(kind.label) for kind in CaseKind}
        self.states = {state.value: str(state.label) for state in CaseState}
        self.clocks = {kind.value: str(kind.label) for kind in ClockKind}
        self.place = 0

    def columns(self, columns: Iterable[queries.Column], request: HttpRequest) -> list[dict[str, Any]]:
        """The columns; each card knows its place by time over all of them, for the one list of a phone."""
        columns = list(columns)
        by_time = sorted((row for column in columns for row in column.rows), key=queries.by_time)
        places = {row.id: place for place, row in enumerate(by_time, 1)}
        return [
            {
                "code": column.code,
                "label": COLUMN_WORDS[column.code],
                "count": column.count,
                "late": column.late,
                "cards": self._cards(column.rows, places),
                "is_empty": not column.rows,
                "more": column.count.number - len(column.rows),
                "url": with_values(request.GET, view="list", state=column.code),
            }
            for column in columns
        ]

    def _cards(self, rows: Iterable[queries.CaseRow], places: Mapping[int, int]) -> SafeString:
        drawn = [self._row(row, places[row.id]) for row in rows]
        return render_rows("complaints/case_cards.html", {"rows": drawn})

    def rows(self, rows: Iterable[queries.CaseRow]) -> list[Shown]:
        """The rows of the list."""
        return [self._row(row, place) for place, row in enumerate(rows, 1)]

    def _row(self, row: queries.CaseRow, place: int) -> Shown:
        tier = names.tier(row.tier_id)
        clock, kind = self._clock(row)
        return Shown(
            row.id, row.number, self.kinds[row.kind], row.customer,
            self.tiers.tier((tier.code, tier.label())) if tier else SafeString(""), " ".join(row.facts.split()),
            row.category, self.states[row.state], tuple(self._marks(row)), clock, kind,
            names.staff_name(row.owner_id) or "–", f"{timezone.localtime(row.received_at):%Y-%m-%d %H:%M}",
            row.next_due_at is not None and row.next_due_at <= self.now, self._can_accept(row), place,
        )  # fmt: skip

    def _clock(self, row: queries.CaseRow) -> tuple[SafeString | str, str]:
        if row.next_due_at is not None:
            return time_left(row.next_due_at, row.warn_at, self.now), self.clocks.get(row.clock or "", "")
        if row.state in PAUSED:
            return mark(_("stands still"), "quiet", "ti-player-pause"), self.states[row.state]
        if row.closed_at is not None:
            return date_format(timezone.localtime(row.closed_at), "SHORT_DATE_FORMAT"), self.states[row.state]
        is_unwatched = row.state in OPEN and row.state != CaseState.REPLIED
        return mark(_("no clock runs"), "quiet", "ti-clock-off") if is_unwatched else "", self.states[row.state]

    def _marks(self, row: queries.CaseRow) -> Iterable[SafeString]:
        if row.level == CaseLevel.MAJOR:
            yield mark(str(CaseLevel.MAJOR.label), "late", "ti-alert-octagon")
        elif row.level == CaseLevel.SERIOUS:
            yield mark(str(CaseLevel.SERIOUS.label), "soon", "ti-alert-triangle")
        if row.round > 1:
            yield mark(_("Opened again"), "info", "ti-rotate")
        if row.is_breached and (row.next_due_at is None or row.next_due_at > self.now):
            yield mark(_("A deadline was missed"), "quiet", "ti-clock-x")
        if row.judgement == Judgement.JUSTIFIED:
            yield mark(str(Judgement.JUSTIFIED.label), "info", "ti-scale")

    def _can_accept(self, row: queries.CaseRow) -> bool:
        if row.state != CaseState.RECEIVED:
            return False
        rights = rights_at(
            self.access, kind=row.kind, owner_id=row.owner_id, unit_id=row.unit_id, manager_id=row.manager_id
        )
        return not refuse_deed("accept", kind=row.kind, state=row.state, rights=rights)


def _quick(request: HttpRequest, query: CaseQuery, view: str, waiting: queries.Waiting) -> list[dict[str, Any]]:
    """Chips to switch on and off with one tap, those with a clock first."""
    given = request.GET.copy()
    given["view"] = view
    access: Access = request.access  # type: ignore[attr-defined]
    found = [
        _chip(given, query, "late", "1", _("Late"), waiting.late, "late"),
        _chip(given, query, "soon", "1", _("Soon due"), waiting.soon, "soon"),
    ]
    if access.staff_id is not None:
        found.append(_chip(given, query, "mine", "1", _("Mine"), waiting.mine))
    found += [_chip(given, query, name, value, _(label)) for name, value, label in QUICK]
    given["view"] = "list"
    return found + [_chip(given, query, "state", value, _(label)) for value, label in SETTLED]


def _chip(
    given: Any, query: CaseQuery, name: str, value: str, label: str, number: int | None = None, look: str = ""
) -> dict[str, Any]:
    is_on = query.given.get(name) == value
    url = without(given, name) if is_on else with_values(given, **{name: value})
    return {"label": label, "name": name, "url": url, "is_on": is_on, "number": number, "look": look if number else ""}


# ti-player-pause ti-clock-off ti-alert-octagon ti-alert-triangle ti-rotate ti-clock-x ti-scale
