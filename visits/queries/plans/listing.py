"""The rows behind every number about plans (PLAN-5, PLAN-18, F26, F27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import TaskKind
from accounts.queries import names
from crm.core.abilities import Access
from crm.core.pages import decode_cursor, encode_cursor
from crm.core.ui import mark
from visits.choices import ItemReason, ItemState, PlanPeriod, PlanState
from visits.queries import review_sql as review
from visits.queries.measures.work import DONE_ON_THE_DAY
from visits.queries.plans.cards import STATES as ITEM_STATES
from visits.queries.plans.cards import day_words, tier_mark
from visits.queries.plans.page import STATES, viewers_scope

PAGE = 50
LABELS: dict[str, str | Promise] = {
    "planned": gettext_lazy("Planned"),
    "on_day": gettext_lazy("Done on the day"),
    "shifted": gettext_lazy("Done on another day"),
    "missed": gettext_lazy("Not done"),
    "open": gettext_lazy("Still open"),
    "left_out": gettext_lazy("Left out"),
    "unplanned": gettext_lazy("Unplanned"),
    "owed": gettext_lazy("Items and tasks due"),
    "kept": gettext_lazy("Done in time"),
    "plans": gettext_lazy("Plans"),
    "plans_late": gettext_lazy("Accepted late"),
    "plans_asked": gettext_lazy("Plans to be read"),
    "plans_reviewed": gettext_lazy("Plans reviewed"),
}
# kind, day, id, customer's name if visible, customer, tier, words, state, done on, visit, owner
_ITEMS = """
SELECT 'item' AS kind, i.planned_on AS day, i.id AS row, CASE WHEN {sees} THEN c.name END AS name, c.id AS customer,
  CASE WHEN {sees} THEN c.tier_id END AS tier, i.reason AS word, i.state AS state,
  v.occurred_on AS done_on, CASE WHEN {sees} THEN i.visit_id END AS visit, p.staff_id AS owner
FROM visits_planitem i JOIN visits_plan p ON p.id = i.plan_id AND p.period = 'week'
JOIN accounts_staff t ON t.id = p.staff_id JOIN accounts_customer c ON c.id = i.customer_id
LEFT JOIN visits_visit v ON v.id = i.visit_id
WHERE {people} AND {who} AND i.planned_on BETWEEN %(first)s AND %(last)s AND {state}
"""
_VISITS = """
SELECT 'visit' AS kind, v.occurred_on AS day, v.id AS row, CASE WHEN {sees} THEN c.name END AS name, c.id AS customer,
  CASE WHEN {sees} THEN c.tier_id END AS tier, '' AS word, 'done' AS state, v.occurred_on AS done_on,
  CASE WHEN {sees} THEN v.id END AS visit, v.staff_id AS owner
FROM visits_visit v JOIN accounts_customer c ON c.id = v.customer_id JOIN accounts_staff t ON t.id = v.staff_id
JOIN visits_outcome o ON o.id = v.outcome_id AND o.is_effective
WHERE {people} AND {who} AND v.occurred_on BETWEEN %(first)s AND %(last)s AND v.undone_at IS NULL
  AND v.occurred_at >= %(first)s::date - interval '2 days'
  AND NOT EXISTS (SELECT 1 FROM visits_planitem i WHERE i.visit_id = v.id)
"""
_TASKS = """
SELECT 'task' AS kind, k.due_on AS day, k.id AS row,
  CASE WHEN k.customer_id IS NULL THEN k.title WHEN {sees} THEN c.name END AS name, c.id AS customer,
  CASE WHEN {sees} THEN c.tier_id END AS tier, k.kind AS word, k.state AS state,
  (k.closed_at AT TIME ZONE 'Asia/Shanghai')::date AS done_on, NULL::bigint AS visit, k.staff_id AS owner
FROM accounts_task k LEFT JOIN accounts_customer c ON c.id = k.customer_id
JOIN accounts_staff t ON t.id = k.staff_id
WHERE {people} AND {who} AND k.state <> 'cancelled'
  AND k.due_on BETWEEN %(first)s AND least(%(last)s, %(today)s::date - 1) AND {state}
"""
_PLANS = """
SELECT 'plan' AS kind, p.starts_on AS day, p.id AS row, p.period::text AS name, NULL::bigint AS customer,
  NULL::bigint AS tier, CASE WHEN {late} THEN 'late' ELSE '' END AS word, p.state AS state,
  (p.accepted_at AT TIME ZONE 'Asia/Shanghai')::date AS done_on, NULL::bigint AS visit,
  p.staff_id AS owner
FROM visits_plan p JOIN accounts_staff t ON t.id = p.staff_id
WHERE {people} AND {who} AND p.period = 'week' AND p.starts_on BETWEEN %(first)s AND least(%(last)s, %(today)s)
  AND {state}
"""
# F26: of every period, what is remarkable or drawn.
_ASKED = (
    _PLANS.replace("p.period = 'week' AND ", "p.state <> 'draft' AND ")
    .replace("least(%(last)s, %(today)s)", "%(last)s")
    .replace("WHERE", f"{review.PLAN_FACTS} WHERE")
    .replace("{state}", f"{review.PLAN_ASKED} AND {{state}}")
)
_KEPT_ITEM = "i.state = 'done' AND v.occurred_on <= i.planned_on AND i.planned_on < %(today)s"
_OWED_ITEM = "i.state <> 'cancelled' AND i.planned_on < %(today)s"
_KEPT_TASK = "k.state = 'done' AND (k.closed_at AT TIME ZONE 'Asia/Shanghai')::date <= k.due_on"
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "planned": ((_ITEMS, "i.state <> 'cancelled'"),),
    "on_day": ((_ITEMS, DONE_ON_THE_DAY),),
    "shifted": ((_ITEMS, "i.state = 'done' AND v.occurred_on <> i.planned_on"),),
    "missed": ((_ITEMS, "i.state = 'missed'"),),
    "open": ((_ITEMS, "i.state = 'planned'"),),
    "left_out": ((_ITEMS, "i.state = 'cancelled' AND i.leave_out_reason <> ''"),),
    "unplanned": ((_VISITS, "TRUE"),),
    "owed": ((_ITEMS, _OWED_ITEM), (_TASKS, "TRUE")),
    "kept": ((_ITEMS, _KEPT_ITEM), (_TASKS, _KEPT_TASK)),
    "plans": ((_PLANS, "TRUE"),),
    "plans_late": ((_PLANS, review.PLAN_LATE),),
    "plans_asked": ((_ASKED, "TRUE"),),
    "plans_reviewed": ((_ASKED, review.PLAN_REVIEWED),),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """What the address asks for."""

    state: str
    first: date
    last: date
    staff_id: int | None = None
    cursor: str = ""

    def url(self, **more: Any) -> str:
        """The same with something changed."""
        given: dict[str, Any] = {
            "state": self.state, "from": self.first.isoformat(), "to": self.last.isoformat(), "staff": self.staff_id,
            **more,
        }  # fmt: skip
        kept = {name: value for name, value in given.items() if value not in (None, "")}
        return f"{reverse('visits:plan_item_list')}?{urlencode(kept)}"


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row as the table shows it."""

    planned_on: date
    name: str
    url: str
    tier: names.TierView | None
    what: str
    state: tuple[str, str, str]
    done_on: date | None
    owner: str

    @property
    def day(self) -> str:
        """For when it was planned, in words."""
        return day_words(self.planned_on)

    @property
    def done(self) -> str:
        """When it was done, in words."""
        return day_words(self.done_on)

    @property
    def tier_badge(self) -> SafeString | str:
        """The badge of the tier."""
        return tier_mark(self.tier.id) if self.tier else ""

    @property
    def state_text(self) -> str:
        """What became of it, in words."""
        return self.state[0]

    @property
    def state_mark(self) -> SafeString:
        """The same as a mark."""
        return mark(*self.state)


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of rows."""

    title: str
    who: str
    time: str
    rows: list[ListRow]
    next_cursor: str
    states: list[tuple[str, str, bool]]


def plan_rows(access: Access, asked: Listed, *, today: date) -> ListPage:
    """The rows of one figure, in order of their day; one statement."""
    params: dict[str, Any] = {
        "first": asked.first, "last": asked.last, "today": today, "staff": asked.staff_id, "limit": PAGE + 1,
        **review.values(),
    }  # fmt: skip
    people = viewers_scope(access)
    after = "TRUE"
    if asked.cursor:
        params["on"], params["kind"], params["id"] = decode_cursor(asked.cursor, 3, (date, str, int))
        after = "(r.day, r.kind, r.row) > (%(on)s, %(kind)s, %(id)s)"
    parts = [
        sql.format(
            sees=_named("c", access.scope.unit_ids, access.scope.manager_ids, access.scope.everything, params, "sees"),
            people=_people(people.unit_ids, people.manager_ids, people.everything, params),
            who="t.id = %(staff)s" if asked.staff_id is not None else "TRUE",
            state=state,
            late=review.PLAN_LATE,
        )
        for sql, state in PARTS[asked.state]
    ]
    with connection.cursor() as cursor:
        rows_of = " UNION ALL ".join(parts)
        cursor.execute(
            f"SELECT * FROM ({rows_of}) r WHERE {after} ORDER BY r.day, r.kind, r.row LIMIT %(limit)s", params
        )
        rows = cursor.fetchall()
    shown = rows[:PAGE]
    following = encode_cursor((shown[-1][1], shown[-1][0], shown[-1][2])) if len(rows) > PAGE else ""
    return ListPage(
        str(LABELS[asked.state]), names.staff_name(asked.staff_id), f"{asked.first} – {asked.last}",
        [_row(row) for row in shown], following,
        [(str(label), asked.url(state=state), state == asked.state) for state, label in LABELS.items()],
    )  # fmt: skip


def _named(
    alias: str, units: tuple[int, ...], managers: tuple[int, ...], everything: bool, params: dict[str, Any], name: str
) -> str:
    if everything:
        return "TRUE"
    params[f"{name}_units"], params[f"{name}_managers"] = list(units), list(managers)
    return f"({alias}.unit_id = ANY(%({name}_units)s) OR {alias}.manager_id = ANY(%({name}_managers)s))"


def _people(units: tuple[int, ...], managers: tuple[int, ...], everything: bool, params: dict[str, Any]) -> str:
    if everything:
        return "TRUE"
    params["people_units"], params["people_managers"] = list(units), list(managers)
    return "(t.unit_id = ANY(%(people_units)s) OR t.id = ANY(%(people_managers)s))"


def _row(row: tuple[Any, ...]) -> ListRow:
    kind, day, row_id, name, customer_id, tier_id, word, state, done_on, visit_id, owner_id = row
    if kind == "plan":
        looks = STATES[PlanState(state)]
        is_late = word == "late"
        shown = (_("accepted late"), "late", "clock-exclamation") if is_late else (str(PlanState(state).label), *looks)
        return ListRow(
            day, names.staff_name(owner_id), f"{reverse('visits:plan')}?period={name}&on={day}&staff={owner_id}", None,
            str(PlanPeriod(name).label), shown, done_on, names.staff_name(owner_id),
        )  # fmt: skip
    url = f"/visits/{visit_id}/" if visit_id else f"/customers/{customer_id}/" if name else ""
    if kind == "task" and customer_id is None:
        url = reverse("accounts:task_detail", args=[row_id])
    return ListRow(
        day, name or _("handed over"), url, names.tier(tier_id), _what(kind, word), _state(kind, state), done_on,
        names.staff_name(owner_id),
    )  # fmt: skip


def _what(kind: str, word: str) -> str:
    if kind == "visit":
        return _("Unplanned")
    if kind == "task":
        return f"{_('Task')} · {TaskKind(word).label}"
    return str(ItemReason(word).label)


def _state(kind: str, state: str) -> tuple[str, str, str]:
    """Words, look and icon."""
    if kind == "task":
        return (_("Completed"), "met", "circle-check") if state == "done" else (_("To do"), "", "circle")  # ti-circle
    look, icon = ITEM_STATES.get(state, ("", "calendar-event"))
    return str(ItemState(state).label), look, icon


def month_span(today: date) -> tuple[date, date]:
    """The running month, when the address names no days."""
    first = today.replace(day=1)
    return first, today if today > first else first
