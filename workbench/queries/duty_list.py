"""The duties behind a number of Today or Team: every number opens its rows (screens, decisions 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries import names
from crm.core import parameters
from crm.core.abilities import Access
from crm.core.errors import Invalid
from crm.core.measures import Time, within
from crm.core.pages import decode_cursor, encode_cursor
from crm.core.scope import Scope
from crm.core.ui import duty_badge, tier_badge
from visits.queries.measures import CONTACT
from visits.queries.ring import month_of
from workbench.queries.timeline import period_words
from workbench.queries.today import due_mark, log_url

PAGE = 50
RECENT = timedelta(days=93)
STATES: dict[str, str | Promise] = {
    "owed": gettext_lazy("Owed this month"),
    "left": gettext_lazy("Still owed"),
    "met": gettext_lazy("Met"),
    "at_risk": gettext_lazy("At risk"),
    "provisional": gettext_lazy("Missed, provisional"),
    "missed": gettext_lazy("Missed"),
    "face_to_face": gettext_lazy("To meet in person"),
}
_MONTH = "d.due_on BETWEEN %(first)s AND %(last)s AND d.purpose = 'contact'"
_CONDITIONS = {
    "owed": f"{_MONTH} AND d.state IN ('open', 'met', 'provisional', 'missed')",
    "left": f"{_MONTH} AND d.state IN ('open', 'provisional', 'missed')",
    "met": f"{_MONTH} AND d.state = 'met'",
    "at_risk": "d.purpose = 'contact' AND d.state = 'open' AND d.due_on BETWEEN %(today)s AND %(soon)s",
    "provisional": "d.purpose = 'contact' AND d.state = 'provisional' AND d.due_on BETWEEN %(recent)s AND %(today)s",
    "missed": "d.purpose = 'contact' AND d.state = 'missed' AND d.due_on >= %(recent)s",
    "face_to_face": "d.purpose = 'face_to_face' AND d.state = 'open' AND d.due_on <= %(last)s",
}
_SQL = """
SELECT d.id, d.customer_id, CASE WHEN {sees} THEN c.name END, d.purpose, d.starts_on, d.due_on, d.state, d.met_on,
    d.met_by_id, d.manager_id, d.tier_id, c.manager_id
FROM visits_duty d JOIN accounts_customer c ON c.id = d.customer_id LEFT JOIN accounts_staff s ON s.id = d.manager_id
WHERE {credited} AND {state} AND {narrowed} AND {after}
    AND NOT EXISTS (SELECT 1 FROM visits_duty n WHERE n.customer_id = d.customer_id AND n.rule_id = d.rule_id
        AND n.starts_on = d.starts_on AND n.revision > d.revision)
ORDER BY d.due_on, d.id LIMIT %(limit)s
"""


def duties_url(**asked: Any) -> str:
    """The address of the rows behind a number."""
    return f"{reverse('workbench:duty_list')}?{urlencode(asked)}"


@dataclass(frozen=True, slots=True)
class DutyItem:
    """One duty; without name and link when the customer is no longer visible."""

    name: str
    url: str
    tier: SafeString
    period: str
    due: SafeString | str
    due_on: date
    state: SafeString
    met_on: date | None
    met_url: str
    manager: str
    log_url: str

    @property
    def state_text(self) -> str:
        """The state in words."""
        return strip_tags(self.state)

    @property
    def tier_text(self) -> str:
        """The tier in words."""
        return strip_tags(self.tier)


@dataclass(frozen=True, slots=True)
class DutyPage:
    """One page of them."""

    title: str
    who: str
    items: list[DutyItem]
    next_cursor: str
    states: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for."""

    state: str = "owed"
    manager_id: int | None = None
    unit_id: int | None = None
    tier_id: int | None = None
    grade: str = ""
    line: str = ""
    counted: str = ""
    """Only what contact compliance counts (CON-3), with its units: the row's own, not the manager's."""
    month: date | None = None
    cursor: str = ""

    def url(self, **more: Any) -> str:
        """The same with something changed."""
        given: dict[str, Any] = {"state": self.state, "manager": self.manager_id, "unit": self.unit_id}
        given |= {"tier": self.tier_id, "grade": self.grade, "line": self.line, "counted": self.counted, **more}
        given["month"] = f"{self.month:%Y-%m}" if self.month else None
        return duties_url(**{name: value for name, value in given.items() if value not in (None, "")})


def duty_page(access: Access, asked: Wanted, *, today: date, now: datetime) -> DutyPage:
    """Duties credited to oneself, or to the people one leads; one statement and the names from the cache."""
    if asked.state not in STATES:
        raise Invalid(
            _("The filter %(name)s has no such value."), code="unknown_value", field="state", params={"name": "state"}
        )
    own = access.scope_for("serve_customers").manager_ids
    team = access.scope_for("view_team")
    first, last = month_of(asked.month or today)
    params: dict[str, Any] = {
        "today": today,
        "first": first,
        "last": last,
        "soon": today + timedelta(days=int(parameters.value("due_soon_days", today))),
        "recent": first - RECENT,
        "limit": PAGE + 1,
        "manager": asked.manager_id,
        "units": list(names.subtree(asked.unit_id)) if asked.unit_id is not None else [],
        "tier": asked.tier_id,
        "grade": asked.grade,
        "line": asked.line,
    }
    after = "TRUE"
    if asked.cursor:
        params["after_on"], params["after_id"] = decode_cursor(asked.cursor, 2, (date, int))
        after = "(d.due_on, d.id) > (%(after_on)s, %(after_id)s)"
    if asked.counted:
        credited = _counted(team, Time(first, last, today, now), params)
    else:
        people = team.union(Scope(manager_ids=own))
        credited = _named("COALESCE(s.unit_id, c.unit_id)", "s.id", people, params, "people")
    sql = _SQL.format(
        sees=_named("c.unit_id", "c.manager_id", access.scope, params, "sees"),
        credited=credited,
        state=_CONDITIONS[asked.state],
        narrowed=_narrowed(asked),
        after=after,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    items = [_item(row, own, today) for row in rows[:PAGE]]
    following = encode_cursor((rows[PAGE - 1][5], rows[PAGE - 1][0])) if len(rows) > PAGE else ""
    return DutyPage(
        title=str(STATES[asked.state]),
        who=_who(asked, first),
        items=items,
        next_cursor=following,
        states=[(str(label), asked.url(state=name), name == asked.state) for name, label in STATES.items()],
    )


def _who(asked: Wanted, first: date) -> str:
    """Whose duties, and of which month when another one was asked for."""
    words = [names.staff_name(asked.manager_id) or names.unit_name(asked.unit_id)]
    if asked.month:
        words.append(date_format(first, "YEAR_MONTH_FORMAT"))
    return " · ".join(word for word in words if word)


def _counted(team: Scope, time: Time, params: dict[str, Any]) -> str:
    """The rows of the measure itself: the list behind a figure of compliance adds up to it."""
    where, mine = within(team)
    params.update(CONTACT.bound(time) | mine)
    return f"d.id IN (SELECT r.ref FROM ({CONTACT.sql}) r WHERE {where})"


def _narrowed(asked: Wanted) -> str:
    parts = []
    if asked.manager_id is not None:
        parts.append("d.manager_id = %(manager)s" if asked.manager_id else "d.manager_id IS NULL")
    if asked.unit_id is not None:
        unit = "d.unit_id" if asked.counted else "COALESCE(s.unit_id, c.unit_id)"
        parts.append(f"{unit} = ANY(%(units)s)")
    if asked.tier_id is not None:
        parts.append("d.tier_id = %(tier)s" if asked.tier_id else "d.tier_id IS NULL")
    for name in ("grade", "line"):
        if getattr(asked, name):
            parts.append(f"s.{name} = %({name})s")
    return " AND ".join(parts) or "TRUE"


def _named(unit: str, manager: str, scope: Scope, params: dict[str, Any], name: str) -> str:
    """A scope's condition with named parameters."""
    if scope.everything:
        return "TRUE"
    params[f"{name}_units"], params[f"{name}_managers"] = list(scope.unit_ids), list(scope.manager_ids)
    return f"({unit} = ANY(%({name}_units)s) OR {manager} = ANY(%({name}_managers)s))"


def _item(row: tuple[Any, ...], own: tuple[int, ...], today: date) -> DutyItem:
    _id, customer_id, name, purpose, starts_on, due_on, state, met_on, met_by_id, manager_id, tier_id, now_with = row
    tier = names.tier(tier_id)
    is_mine = name is not None and now_with in own
    return DutyItem(
        name=name or _("handed over"),
        url=reverse("workbench:customer", args=[customer_id]) if name is not None else "",
        tier=tier_badge(tier.code, tier.label()) if tier else SafeString(""),
        period=period_words(starts_on, due_on) + ("" if purpose == "contact" else " · " + _("Meet in person")),
        due=due_mark(due_on, today) if state == "open" else "",
        due_on=due_on,
        state=duty_badge(state),
        met_on=met_on,
        met_url=f"/visits/{met_by_id}/" if met_by_id and name is not None else "",
        manager=names.staff_name(manager_id),
        log_url=log_url(customer_id) if is_mine and state == "open" else "",
    )
