"""The facts of one customer for his page, in one statement, and what they say about the next step (CUS-35)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.choices import TaskKind
from accounts.models import Customer
from complaints.rules.cases import OPEN
from crm.core.prepared import run
from crm.core.scope import Scope

NEVER = date(9999, 12, 31)

_SQL = """
SELECT c.id, c.number, c.kind, c.name, c.state, c.unit_id, c.manager_id, c.tier_id, c.group_id, g.name,
    c.phone, c.other_phone, c.email, c.district, c.business_address, c.credit_code, c.industry, c.market_band,
    c.monthly_spend, c.joined_on, c.exited_on, c.is_important, c.important_reason, c.preferred_channel,
    c.preferred_time, c.dnd_from, c.dnd_to, c.no_marketing, c.sim_kind, c.sim_issued_on, c.sim_replaced_on,
    c.service_notes, c.version, c.profile_updated_at,
    s.last_visit_on, s.next_due_on, s.suggested_on, s.duty_state, s.is_overdue, s.face_to_face_due_on, s.value,
    s.risk, s.alert_level,
    p.sex, p.birthday, p.is_lunar_birthday, p.personality, p.sports, p.reward_preference,
    h.licence_no, h.licence_until,
    (SELECT r.strength FROM accounts_relationshipstrength r WHERE r.customer_id = c.id
        ORDER BY r.judged_on DESC LIMIT 1),
    (SELECT k.substitute_id FROM accounts_cover k WHERE k.absent_id = c.manager_id AND k.cancelled_at IS NULL
        AND %(today)s BETWEEN k.starts_on AND k.ends_on ORDER BY k.id LIMIT 1),
    (SELECT jsonb_build_object('id', o.id, 'to', o.to_tier_id, 'reason', o.reason, 'source', o.source)
        FROM accounts_tierproposal o WHERE o.customer_id = c.id AND o.state = 'open'),
    (SELECT jsonb_agg(jsonb_build_object('id', t.id, 'kind', t.kind, 'title', t.title, 'reason', t.reason,
        'due_on', t.due_on, 'staff', t.staff_id, 'source', t.source) ORDER BY t.due_on, t.id)
        FROM accounts_task t WHERE t.customer_id = c.id AND t.state = 'open'),
    (SELECT jsonb_agg(jsonb_build_object('source', e.source, 'id', e.external_id) ORDER BY e.source)
        FROM accounts_externalid e WHERE e.customer_id = c.id AND e.alias = 0),
    (SELECT jsonb_agg(jsonb_build_object('field', l.field, 'at', l.learned_at, 'told', l.source_value,
        'owner', (SELECT o.source FROM accounts_ownedfield o WHERE o.field = l.field))
        ORDER BY l.learned_at, l.field) FROM accounts_learnedfact l WHERE l.customer_id = c.id),
    (SELECT jsonb_agg(jsonb_build_object('id', q.id, 'kind', q.kind, 'number', q.number, 'state', q.state,
        'facts', left(q.facts, 80), 'due', q.next_due_at, 'owner', q.owner_id) ORDER BY q.next_due_at, q.id)
        FROM complaints_case q WHERE q.customer_id = c.id AND q.state = ANY(%(open)s)),
    (SELECT count(*) FROM accounts_customerfile f WHERE f.customer_id = c.id),
    (SELECT count(*) FROM accounts_groupmember m WHERE m.customer_id = c.id),
    EXISTS (SELECT 1 FROM accounts_privateprofile v WHERE v.customer_id = c.id)
FROM accounts_customer c
LEFT JOIN accounts_standing s ON s.customer_id = c.id
LEFT JOIN accounts_customer g ON g.id = c.group_id
LEFT JOIN accounts_personprofile p ON p.customer_id = c.id
LEFT JOIN accounts_channelprofile h ON h.customer_id = c.id
WHERE c.id = %(id)s AND {scope}
"""


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer as his page needs him."""

    id: int
    number: str
    kind: str
    name: str
    state: str
    unit_id: int
    manager_id: int | None
    tier_id: int | None
    group_id: int | None
    group_name: str | None
    phone: str
    other_phone: str
    email: str
    district: str
    business_address: str
    credit_code: str
    industry: str
    market_band: str
    monthly_spend: Decimal | None
    joined_on: date | None
    exited_on: date | None
    is_important: bool
    important_reason: str
    preferred_channel: str
    preferred_time: str
    dnd_from: time | None
    dnd_to: time | None
    no_marketing: bool
    sim_kind: str
    sim_issued_on: date | None
    sim_replaced_on: date | None
    service_notes: str
    version: int
    profile_updated_at: datetime | None
    last_visit_on: date | None
    next_due_on: date | None
    suggested_on: date | None
    duty_state: str | None
    is_overdue: bool | None
    face_to_face_due_on: date | None
    value: Decimal | None
    risk: int | None
    alert_level: str | None
    sex: str | None
    birthday: date | None
    is_lunar_birthday: bool | None
    personality: str | None
    sports: str | None
    reward_preference: str | None
    licence_no: str | None
    licence_until: date | None
    strength: int | None
    substitute_id: int | None
    proposal: dict[str, Any] | None
    tasks: list[dict[str, Any]]
    external_ids: list[dict[str, Any]]
    learned: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    files: int
    members: int
    has_private: bool

    @property
    def due_on(self) -> date | None:
        """The next due day, if any: of the promise, or of the extra attention while an alert is open (RET-5)."""
        promised = [] if self.next_due_on in (None, NEVER) else [self.next_due_on]
        extra = [date.fromisoformat(task["due_on"]) for task in self.tasks if task["kind"] == TaskKind.ATTENTION]
        return min([day for day in (*promised, *extra) if day is not None], default=None)

    @property
    def in_person_on(self) -> date | None:
        """The day a face-to-face contact is due, if any."""
        return None if self.face_to_face_due_on in (None, NEVER) else self.face_to_face_due_on

    @property
    def state_of_duty(self) -> str:
        """What the badge says: overdue before anything else (decisions 1)."""
        return "overdue" if self.is_overdue else self.duty_state or "none"


_JSON_FROM = 53


def customer_record(scope: Scope, customer_id: int, *, today: date) -> CustomerRecord | None:
    """The facts, or None when the customer is not visible."""
    condition, params = _named(scope)
    with connection.cursor() as cursor:
        types = {"id": "bigint", "today": "date", "open": "varchar[]"} | dict.fromkeys(params, "bigint[]")
        given = {"id": customer_id, "today": today, "open": list(OPEN), **params}
        run(cursor, _SQL.format(scope=condition), given, types)
        row = cursor.fetchone()
    return None if row is None else CustomerRecord(*_plain(row))


def _plain(row: Sequence[Any]) -> list[Any]:
    """psycopg2 hands jsonb on as it is decoded by Django's settings: text or objects."""
    values = list(row)
    for position in range(_JSON_FROM, _JSON_FROM + 5):
        if isinstance(values[position], str):
            values[position] = json.loads(values[position])
    for position in range(_JSON_FROM + 1, _JSON_FROM + 5):
        values[position] = values[position] or []
    return values


def _named(scope: Scope) -> tuple[str, dict[str, Any]]:
    """The scope's condition with named parameters."""
    if scope.everything:
        return "TRUE", {}
    units, managers = list(scope.unit_ids), list(scope.manager_ids)
    return "(c.unit_id = ANY(%(units)s) OR c.manager_id = ANY(%(managers)s))", {"units": units, "managers": managers}


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact person with when he was last met (CUS-24: frequency of the leader's contacts)."""

    id: int
    name: str
    position: str
    role: str
    phone: str
    birthday: date | None
    strength: int | None
    is_active: bool
    last_met_on: date | None
    met_times: int


_CONTACTS = """
SELECT p.id, p.name, p.position, p.role, p.phone, p.birthday, p.relation_strength, p.is_active,
    max(v.occurred_on), count(v.id)
FROM accounts_contactperson p
LEFT JOIN visits_visitperson m ON m.person_id = p.id
LEFT JOIN visits_visit v ON v.id = m.visit_id AND v.undone_at IS NULL
WHERE p.customer_id = %s
GROUP BY p.id ORDER BY p.is_active DESC, (p.role <> 'leader'), (p.role <> 'decision_maker'), p.id LIMIT 200
"""


def contacts_of(customer_id: int) -> list[ContactRow]:
    """The contact persons of a customer who is already visible."""
    with connection.cursor() as cursor:
        run(cursor, _CONTACTS, [customer_id], ("bigint",))
        return [ContactRow(*row) for row in cursor.fetchall()]


def is_visible(scope: Scope, customer_id: int) -> bool:
    """Whether the customer is inside the scope."""
    return Customer.visible_to(scope).filter(pk=customer_id).exists()
