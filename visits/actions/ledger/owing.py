"""Who is owed what from when: becoming owed, no longer owed, another tier or rule (D6; decisions 4 and 5).

For the customers of one deed; the night does the same for everybody in SQL (visits.sweeps.opening).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import connection

from accounts.actions.standing import write_standings
from accounts.choices import Purpose
from visits.actions.ledger.facts import write_facts
from visits.actions.ledger.placing import NO_DAY, place
from visits.actions.ledger.settling import restate
from visits.choices import DutyState
from visits.rules import (
    NEVER_OPENED,
    Window,
    due_on_after_tier_change,
    opened_through_after_tier_change,
    window_on,
)

CHUNK = 5_000

FIRST_TIER = """
(SELECT min(h.valid_from) FROM accounts_tierhistory h WHERE h.customer_id = c.id AND h.tier_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM visits_duty y WHERE y.customer_id = c.id AND y.purpose = 'contact'))
"""
"""Since when a customer `c` is owed who never had a duty and about whom nobody said: since his first tier."""
_PROMISES = f"""
SELECT c.id, c.manager_id, c.unit_id, c.tier_id, CASE WHEN c.owed_from IS NOT NULL THEN c.owed_from
    WHEN s.opened_through = '1900-01-01' THEN {FIRST_TIER} END, u.live_from, s.opened_through,
  (c.important_at AT TIME ZONE 'Asia/Shanghai')::date, r.id, coalesce(r.period, ''), f.id, coalesce(f.period, '')
FROM accounts_customer c
JOIN accounts_unit u ON u.id = c.unit_id JOIN accounts_standing s ON s.customer_id = c.id
LEFT JOIN LATERAL (SELECT p.id, p.period FROM accounts_tierrule p WHERE p.tier_id = c.tier_id
  AND p.purpose = 'contact' AND p.effective_from <= %(today)s AND c.state = 'active' AND u.live_from <= %(today)s
  ORDER BY p.effective_from DESC LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT p.id, p.period FROM accounts_tierrule p WHERE p.tier_id IS NULL
  AND p.purpose = 'face_to_face' AND p.effective_from <= %(today)s AND c.state = 'active' AND u.live_from <= %(today)s
  AND c.is_important AND c.kind = 'vip' ORDER BY p.effective_from DESC LIMIT 1) f ON true
WHERE c.id = ANY(%(ids)s) ORDER BY c.id
"""
_ROWS = """
SELECT customer_id, id, rule_id, purpose, starts_on, due_on, state, suggested_on FROM visits_duty
WHERE customer_id = ANY(%(ids)s) AND state <> 'void' AND (state = 'open' OR starts_on > %(since)s)
"""
_VOID = "UPDATE visits_duty SET state = 'void', closed_at = %s WHERE id = ANY(%s)"
_DUE = (
    "UPDATE visits_duty d SET due_on = u.due_on, suggested_on = least(d.suggested_on, u.due_on)"
    " FROM unnest(%s::bigint[], %s::date[]) AS u(id, due_on) WHERE d.id = u.id"
)
# A row that was void comes back to life: the customer is owed the same period again.
_OPEN = """
INSERT INTO visits_duty (customer_id, rule_id, purpose, starts_on, owed_from, due_on, suggested_on, manager_id, unit_id,
  tier_id, state, is_introduction, revision, correction_reason)
SELECT u.*, 'open', false, 1, '' FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::date[], %s::date[],
  %s::date[], %s::bigint[], %s::bigint[], %s::bigint[]) AS u
ON CONFLICT (customer_id, rule_id, starts_on, revision) DO UPDATE SET state = 'open', owed_from = EXCLUDED.owed_from,
  due_on = EXCLUDED.due_on, suggested_on = EXCLUDED.suggested_on, manager_id = EXCLUDED.manager_id,
  unit_id = EXCLUDED.unit_id, tier_id = EXCLUDED.tier_id, closed_at = NULL, postponed_at = NULL
WHERE visits_duty.state = 'void' AND visits_duty.frozen_at IS NULL
"""
# "Owed contact from this day; set by the ledger's rules": the one column of a customer that the ledger writes.
_OWED_FROM = (
    "UPDATE accounts_customer c SET owed_from = u.owed_from FROM unnest(%s::bigint[], %s::date[]) AS u(id, owed_from)"
    " WHERE c.id = u.id AND c.owed_from IS DISTINCT FROM u.owed_from"
)


@dataclass(frozen=True, slots=True)
class Owed:
    """A customer and what is promised to him today; period "": nothing."""

    id: int
    manager_id: int | None
    unit_id: int
    tier_id: int | None
    owed_from: date | None
    live_from: date | None
    opened_through: date
    important_on: date | None
    rule_id: int | None
    period: str
    face_rule_id: int | None
    face_period: str

    @property
    def is_fresh(self) -> bool:
        """Nothing was owed to him so far: D6 applies."""
        return self.opened_through == NEVER_OPENED

    def since(self, today: date) -> date:
        """From when contact is owed: he became owed, but never before the unit's go-live date."""
        return max(self.owed_from or today, self.live_from or today)


@dataclass(frozen=True, slots=True)
class Row:
    """A duty of today or later."""

    id: int
    rule_id: int
    purpose: str
    starts_on: date
    due_on: date
    state: str
    suggested_on: date


@dataclass
class Changes:
    """What is to be written, gathered for all customers."""

    void: list[int] = field(default_factory=list)
    due: dict[int, date] = field(default_factory=dict)
    opened: list[tuple[Owed, int, str, Window]] = field(default_factory=list)
    opened_through: dict[int, date] = field(default_factory=dict)
    owed_from: dict[int, date | None] = field(default_factory=dict)


def align(customer_ids: Iterable[int], *, today: date, now: datetime, from_today: bool = False) -> None:
    """Make the ledger of these customers what tier, rule, state, unit and importance say today.

    Becoming owed: D6's ten days. No longer owed (CUS-31): open rows are void. Another tier: decisions 5.
    `from_today`: whoever is owed now and was not before is owed from today (he became active).
    """
    ids = sorted(set(customer_ids))
    for start in range(0, len(ids), CHUNK):
        _align(ids[start : start + CHUNK], today=today, now=now, from_today=from_today)


def _align(ids: Sequence[int], *, today: date, now: datetime, from_today: bool) -> None:
    customers, rows = _read(ids, today)
    changes = Changes()
    for customer in customers:
        if from_today and customer.is_fresh:
            customer = replace(customer, owed_from=today)
        _contact(customer, rows[customer.id], changes, today)
        _face_to_face(customer, rows[customer.id], changes, today)
    _write(changes, now)
    if changes.opened:
        place(today=today, manager_ids={customer.manager_id for customer, *_rest in changes.opened})
        restate([customer.id for customer, *_rest in changes.opened], today=today, now=now)
    write_facts(ids, today=today)


def _read(ids: Sequence[int], today: date) -> tuple[list[Owed], dict[int, list[Row]]]:
    rows: dict[int, list[Row]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_PROMISES, {"ids": list(ids), "today": today})
        customers = [Owed(*row) for row in cursor.fetchall()]
        # The longest period is a year: what began before cannot reach today.
        cursor.execute(_ROWS, {"ids": list(ids), "since": date(today.year - 1, 12, 31)})
        for customer_id, *row in cursor.fetchall():
            rows[customer_id].append(Row(*row))
    return customers, rows


def _contact(customer: Owed, rows: Sequence[Row], changes: Changes, today: date) -> None:
    open_rows = [row for row in rows if row.purpose == Purpose.CONTACT and row.state == DutyState.OPEN]
    if customer.rule_id is None or not customer.period:
        changes.void += [row.id for row in open_rows]
        if not customer.is_fresh or customer.owed_from is not None:
            # Becoming owed again starts with that day, not with the first tier.
            changes.opened_through[customer.id] = NEVER_OPENED
            changes.owed_from[customer.id] = None
    elif customer.opened_through < today:
        _open_contact(customer, changes, today)
    else:
        _other_rule(customer, rows, changes, today)


def _open_contact(customer: Owed, changes: Changes, today: date) -> None:
    since = customer.since(today) if customer.is_fresh else date.min
    window = window_on(customer.period, today, since)
    if window is None or customer.rule_id is None:
        return
    changes.opened.append((customer, customer.rule_id, Purpose.CONTACT, window))
    changes.opened_through[customer.id] = window.due_on
    if customer.is_fresh:
        changes.owed_from[customer.id] = since


def _other_rule(customer: Owed, rows: Sequence[Row], changes: Changes, today: date) -> None:
    """Decisions 5: the open row keeps rule and period with the stricter due day; the new rule starts with its next."""
    contact = [row for row in rows if row.purpose == Purpose.CONTACT]
    for row in contact:
        if row.state == DutyState.OPEN and row.rule_id != customer.rule_id and row.due_on >= today:
            due_on = due_on_after_tier_change(row.due_on, customer.period, today)
            if due_on != row.due_on:
                changes.due[row.id] = due_on
    starts = tuple(row.starts_on for row in contact if row.rule_id == customer.rule_id)
    through = opened_through_after_tier_change(customer.period, today, starts)
    if through != customer.opened_through:
        changes.opened_through[customer.id] = through


def _face_to_face(customer: Owed, rows: Sequence[Row], changes: Changes, today: date) -> None:
    """CON-4: an important VIP is owed a face-to-face contact a period, from the day he was marked."""
    mine = [row for row in rows if row.purpose == Purpose.FACE_TO_FACE]
    if customer.face_rule_id is None or not customer.face_period:
        changes.void += [row.id for row in mine if row.state == DutyState.OPEN]
        return
    if any(row.due_on >= today for row in mine):
        return
    marked = max(customer.important_on or today, customer.live_from or today)
    since = max(marked, customer.since(today) if customer.is_fresh else customer.owed_from or date.min)
    window = window_on(customer.face_period, today, since)
    if window is not None:
        changes.opened.append((customer, customer.face_rule_id, Purpose.FACE_TO_FACE, window))


def _write(changes: Changes, now: datetime) -> None:
    with connection.cursor() as cursor:
        if changes.void:
            cursor.execute(_VOID, [now, changes.void])
        if changes.due:
            cursor.execute(_DUE, [list(changes.due), list(changes.due.values())])
        if changes.opened:
            columns = zip(*(_columns(*opened) for opened in changes.opened), strict=True)
            cursor.execute(_OPEN, [list(column) for column in columns])
        if changes.owed_from:
            cursor.execute(_OWED_FROM, [list(changes.owed_from), list(changes.owed_from.values())])
    if changes.opened_through:
        write_standings(
            "SELECT * FROM unnest(%s::bigint[], %s::date[]) AS u(customer_id, opened_through)",
            [list(changes.opened_through), list(changes.opened_through.values())],
            columns=["opened_through"],
        )


def _columns(customer: Owed, rule_id: int, purpose: str, window: Window) -> tuple[object, ...]:
    return (
        customer.id, rule_id, str(purpose), window.starts_on, window.owed_from, window.due_on, NO_DAY,
        customer.manager_id, customer.unit_id, customer.tier_id,
    )  # fmt: skip
