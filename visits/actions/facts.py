"""What logging must know of the customers on a sheet: one statement for the ordinary case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import parameters
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.prepared import run
from crm.core.scope import Scope
from visits.queries.detail import LONG_ENOUGH

FORMER_DAYS = 7
"""So long a former manager is told who has the customer now; afterwards the customer is simply not found."""


class HandedOver(NotAllowed):
    """The customer was handed over between load and save; `params["manager"]` names the new manager."""

    code = "handed_over"
    message = _("%(customer)s has been handed over to %(manager)s.")


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """A customer on the day of the visit."""

    id: int
    name: str
    unit_id: int
    manager_id: int | None
    group_id: int | None
    dnd_from: time | None
    dnd_to: time | None
    no_marketing: bool
    is_visible: bool
    # A visit with the same client key: this sheet was sent before.
    twin_id: int | None
    # A contact was owed on the day and not met yet (CON-15).
    is_owed: bool
    kind: str = ""
    # What waits for a visit here, so that nobody asks again one by one: mostly nothing does.
    waits: frozenset[str] = frozenset()

    @property
    def is_awaited(self) -> bool:
        """A special situation was found by then, and nobody has gone there yet (PLAN-8)."""
        return SPECIAL in self.waits


_MANAGER_ON_DAY = (
    "(SELECT a.staff_id FROM accounts_assignment a WHERE a.customer_id = c.id AND a.valid_from <= %s"
    " AND (a.valid_to IS NULL OR a.valid_to > %s) ORDER BY a.valid_from DESC LIMIT 1)"
)


_FACTS = """
SELECT c.id, c.name, c.unit_id, {manager}, c.group_id, c.dnd_from, c.dnd_to, c.no_marketing,
    (%s OR c.unit_id = ANY(%s) OR c.manager_id = ANY(%s)),
    (SELECT v.id FROM visits_visit v WHERE v.client_key = %s AND v.customer_id = c.id AND v.logged_by_id = %s),
    COALESCE((SELECT true FROM visits_duty d WHERE d.customer_id = c.id AND d.purpose = 'contact'
        AND d.state IN ('open', 'provisional') AND d.starts_on <= %s AND d.due_on >= %s LIMIT 1), false), c.kind,
    EXISTS (SELECT 1 FROM visits_specialvisit x
        WHERE x.customer_id = c.id AND x.visited_at IS NULL AND x.found_at <= %s),
    EXISTS (SELECT 1 FROM visits_dialtap x WHERE x.staff_id = %s AND x.tapped_at >= %s AND x.customer_id = c.id
        AND x.visit_id IS NULL AND x.dismissed_at IS NULL),
    EXISTS (SELECT 1 FROM accounts_task x WHERE x.customer_id = c.id AND x.state = 'open'),
    EXISTS (SELECT 1 FROM visits_planitem x WHERE x.customer_id = c.id AND x.state IN ('planned', 'missed')
        AND x.planned_on BETWEEN %s - 6 AND %s + 6),
    EXISTS (SELECT 1 FROM visits_missedcall x WHERE x.customer_id = c.id AND x.state IN ('waiting', 'tried'))
FROM accounts_customer c WHERE c.id = ANY(%s)
"""
_TYPES = (
    "boolean", "bigint[]", "bigint[]", "uuid", "bigint", "date", "date", "timestamptz", "bigint", "timestamptz",
    "date", "date", "bigint[]",
)  # fmt: skip
TAP_HOURS = timedelta(hours=24)
"""A tap on dial belongs to the visit that is logged within a day of it."""
SPECIAL, TAP, TASK, ITEM, MISSED_CALL = WAITS = ("special", "tap", "task", "item", "missed_call")
"""What may wait, in the order of the statement; each a little wider than what its own statement takes."""


def customer_facts(
    customer_ids: Sequence[int],
    scope: Scope,
    *,
    on: date,
    at: datetime,
    today: date,
    client_key: UUID | None,
    by_id: int | None = None,
    staff_id: int | None = None,
) -> dict[int, CustomerFacts]:
    """The customers by id, visible or not; the manager is the one of the day (decisions 6)."""
    day = () if on >= today else (on, on)
    sql = _FACTS.format(manager=_MANAGER_ON_DAY if day else "c.manager_id")
    visible = (scope.everything, list(scope.unit_ids), list(scope.manager_ids))
    known = (client_key, by_id, on, on)
    waiting = (at, staff_id, at - TAP_HOURS, on, on)
    params = [*day, *visible, *known, *waiting, list(customer_ids)]
    with connection.cursor() as cursor:
        run(cursor, sql, params, [*(("date",) * len(day)), *_TYPES])
        return {row[0]: CustomerFacts(*(*row[:-5], _named(row[-5:]))) for row in cursor.fetchall()}


def _named(found: Sequence[bool]) -> frozenset[str]:
    return frozenset(name for name, is_there in zip(WAITS, found, strict=True) if is_there)


def refuse_invisible(
    facts: dict[int, CustomerFacts], ids: Sequence[int], *, staff_id: int | None, now: datetime
) -> None:
    """404 for the whole sheet (decisions 14), unless the customer has just left this manager's hands."""
    missing = [customer_id for customer_id in ids if customer_id not in facts or not facts[customer_id].is_visible]
    if not missing:
        return
    handed = former_manager_facts(missing, staff_id, now.date()) if staff_id is not None else None
    if handed is None:
        raise NotFound(_("There is no such customer."), field="customer_ids")
    raise HandedOver(field="customer_ids", params=handed)


def former_manager_facts(ids: Sequence[int], staff_id: int, today: date) -> dict[str, object] | None:
    """Name of customer and new manager, when this member of staff held the customer a few days ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.name, s.name FROM accounts_customer c JOIN accounts_staff s ON s.id = c.manager_id"
            " WHERE c.id = ANY(%s) AND c.manager_id <> %s AND EXISTS (SELECT 1 FROM accounts_assignment a"
            " WHERE a.customer_id = c.id AND a.staff_id = %s AND a.valid_to >= %s) ORDER BY c.id LIMIT 1",
            [list(ids), staff_id, staff_id, today - timedelta(days=FORMER_DAYS)],
        )
        row = cursor.fetchone()
    return None if row is None else {"customer_id": row[0], "customer": row[1], "manager": row[2]}


def covers_on(manager_ids: Sequence[int], *, substitute_ids: Sequence[int], on: date) -> set[tuple[int, int]]:
    """Which of these managers are covered on a day by one of these colleagues (代管): (absent, substitute)."""
    if not manager_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT absent_id, substitute_id FROM accounts_cover WHERE absent_id = ANY(%s) AND substitute_id = ANY(%s)"
            " AND starts_on <= %s AND ends_on >= %s AND cancelled_at IS NULL",
            [list(manager_ids), list(substitute_ids), on, on],
        )
        return set(cursor.fetchall())


def refuse_overlap(
    facts: Sequence[CustomerFacts],
    *,
    staff_id: int,
    place: str,
    start: datetime,
    end: datetime | None,
    but_visits: Sequence[int] = (),
    client_key: UUID | None = None,
) -> None:
    """CON-34: nobody is on site in two places at once. Several customers of one event are one place (decisions 10)."""
    last = end or start
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.customer_id, c.group_id, c.name, v.place FROM visits_visit v"
            " JOIN visits_channel h ON h.id = v.channel_id JOIN accounts_customer c ON c.id = v.customer_id"
            " WHERE v.staff_id = %s AND h.is_on_site AND v.undone_at IS NULL"
            " AND v.occurred_at > %s AND v.occurred_at <= %s AND COALESCE(v.ended_at, v.occurred_at) >= %s"
            " AND (v.occurred_at, COALESCE(v.ended_at, v.occurred_at)) OVERLAPS (%s, %s)"
            " AND v.id <> ALL(%s) AND v.client_key IS DISTINCT FROM %s",
            [staff_id, start - timedelta(hours=24), last, start, start, last, list(but_visits), client_key],
        )
        others = cursor.fetchall()
    for customer_id, group_id, name, other_place in others:
        if not _same_place(facts, place, customer_id, group_id, other_place):
            raise Invalid(
                _("At this time you were on site at %(customer)s."),
                code="overlap",
                field="occurred_at",
                params={"customer": name},
            )


def _same_place(
    facts: Sequence[CustomerFacts], place: str, customer_id: int, group_id: int | None, other_place: str
) -> bool:
    if place and other_place:
        return place.casefold() == other_place.casefold()
    groups = {fact.id for fact in facts} | {fact.group_id for fact in facts if fact.group_id}
    return customer_id in groups or (group_id is not None and group_id in groups)


def same_text_count(text: str, *, staff_id: int, now: datetime, but_visits: Sequence[int]) -> int:
    """CON-34: how often this person has written the very same sentence lately; a hint, never a refusal."""
    if len(text) < LONG_ENOUGH:
        return 0
    same_text_days = parameters.value("same_text_days", timezone.localdate(now))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM visits_visit WHERE staff_id = %s AND occurred_at >= %s AND content = %s"
            " AND undone_at IS NULL AND id <> ALL(%s)",
            [staff_id, now - timedelta(days=same_text_days), text, list(but_visits)],
        )
        return int(cursor.fetchone()[0])
