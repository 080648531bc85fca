"""Instructions with their speed (CMP-32), opinions with and without feedback (CMP-33)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.queries import names
from complaints.choices import ReplyMethod
from complaints.rules.instructions import FED_BACK_KINDS, NEEDS_EXPLANATION, is_late, minutes_taken
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.scope import Scope
from visits.choices import VoiceKind

TABLE = "complaints_instruction"
LIMIT = 50
FEEDS_BACK = ("handle_cases", "log_visits")


def may_feed_back(access: Access, *, unit_id: int, manager_id: int | None) -> bool:
    """Whoever handles cases or logs visits of the customer tells him."""
    return any(access.scope_for(name).allows(unit_id=unit_id, manager_id=manager_id) for name in FEEDS_BACK)


@dataclass(frozen=True, slots=True)
class InstructionRow:
    """An instruction on its list and page."""

    id: int
    customer_id: int
    customer_name: str
    tier_id: int | None
    unit_id: int
    manager_id: int | None
    case_id: int | None
    case_number: str | None
    voice_id: int | None
    about: str
    text: str
    orders_exchange: bool
    feedback_form: int | None
    given_at: datetime
    given_by: str
    due_on: date
    fed_back_at: datetime | None
    fed_back_by: str | None
    feedback: str

    @property
    def tier(self) -> names.TierView | None:
        """The customer's tier."""
        return names.tier(self.tier_id)

    @property
    def manager_name(self) -> str:
        """The customer's manager."""
        return names.staff_name(self.manager_id)

    @property
    def minutes(self) -> int | None:
        """How long it took until the customer was told."""
        return minutes_taken(self.given_at, self.fed_back_at)

    @property
    def speed(self) -> tuple[int, int] | None:
        """The same in hours and minutes."""
        return None if self.minutes is None else divmod(self.minutes, 60)

    def is_late(self, today: date) -> bool:
        """Not in time."""
        told = timezone.localdate(self.fed_back_at) if self.fed_back_at else None
        return is_late(self.due_on, told, today)


_INSTRUCTIONS = """
SELECT i.id, c.id, c.name, c.tier_id, c.unit_id, c.manager_id, i.case_id, k.number, i.voice_id,
    coalesce(k.facts, v.text, ''), i.text, i.orders_exchange, q.id, i.given_at, g.name, i.due_on, i.fed_back_at, f.name,
    i.feedback
FROM complaints_instruction i JOIN accounts_customer c ON c.id = i.customer_id JOIN core_user g ON g.id = i.given_by_id
LEFT JOIN complaints_case k ON k.id = i.case_id LEFT JOIN visits_customervoice v ON v.id = i.voice_id
LEFT JOIN complaints_qualityfeedback q ON q.case_id = i.case_id LEFT JOIN core_user f ON f.id = i.fed_back_by_id
WHERE {where}
"""
STATES = {"open": "i.fed_back_at IS NULL", "told": "i.fed_back_at IS NOT NULL"}


def _instructions(where: str, params: Sequence[Any]) -> list[InstructionRow]:
    with connection.cursor() as cursor:
        cursor.execute(_INSTRUCTIONS.format(where=where), list(params))
        return [InstructionRow(*row) for row in cursor.fetchall()]


def instruction_list(scope: Scope, *, state: str = "", before: int | None = None) -> list[InstructionRow]:
    """Newest first; at most one more than are shown."""
    where, params = scope.sql("c")
    parts = [where]
    if state:
        parts.append(STATES[state])
    if before is not None:
        parts.append("i.id < %s")
        params = [*params, before]
    return _instructions(" AND ".join(parts) + " ORDER BY i.id DESC LIMIT %s", [*params, LIMIT + 1])


def instruction_for(scope: Scope, instruction_id: int) -> InstructionRow:
    """One of them, or 404."""
    where, params = scope.sql("c")
    rows = _instructions(f"i.id = %s AND {where}", [instruction_id, *params])
    if not rows:
        raise NotFound
    return rows[0]


def instructions_on(*, case_id: int | None = None, voice_id: int | None = None) -> list[InstructionRow]:
    """Those on a case or an opinion the caller has reached."""
    return _instructions("i.case_id = %s OR i.voice_id = %s ORDER BY i.id", [case_id, voice_id])


@dataclass(frozen=True, slots=True)
class Speed:
    """CMP-32 over the last ninety days: how many, told in time, waiting, typical minutes."""

    given: int
    in_time: int
    waiting: int
    median_minutes: int | None

    @property
    def median(self) -> tuple[int, int] | None:
        """The same in hours and minutes."""
        return None if self.median_minutes is None else divmod(self.median_minutes, 60)


_SPEED = """
SELECT count(*), count(*) FILTER (WHERE (i.fed_back_at AT TIME ZONE 'Asia/Shanghai')::date <= i.due_on),
    count(*) FILTER (WHERE i.fed_back_at IS NULL),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM i.fed_back_at - i.given_at) / 60)
FROM complaints_instruction i JOIN accounts_customer c ON c.id = i.customer_id
WHERE i.given_at >= %s::date - 90 AND {where}
"""


def speed_of(scope: Scope, today: date) -> Speed:
    """How fast customers are told what was instructed."""
    where, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_SPEED.format(where=where), [today, *params])
        given, in_time, waiting, median = cursor.fetchone()
    return Speed(given, in_time, waiting, None if median is None else int(median))


# --- Opinions


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """What a customer said that wants a result told to him."""

    id: int
    kind: str
    text: str
    said_at: datetime
    by: str
    visit_id: int | None
    customer_id: int
    customer_name: str
    tier_id: int | None
    unit_id: int
    manager_id: int | None
    result: str | None
    explanation: str | None
    method: str | None
    fed_back_at: datetime | None
    fed_back_by: str | None

    @property
    def kind_label(self) -> str:
        """What it is, in words."""
        return str(VoiceKind(self.kind).label)

    @property
    def method_label(self) -> str:
        """How the customer was told, in words."""
        return str(ReplyMethod(self.method).label) if self.method else ""

    @property
    def needs_explanation(self) -> bool:
        """CMP-25: criticism is explained."""
        return self.kind in NEEDS_EXPLANATION

    @property
    def tier(self) -> names.TierView | None:
        """The customer's tier."""
        return names.tier(self.tier_id)

    @property
    def manager_name(self) -> str:
        """The customer's manager."""
        return names.staff_name(self.manager_id)

    def days(self, today: date) -> int:
        """How long it has waited, or did until he was told."""
        end = timezone.localdate(self.fed_back_at) if self.fed_back_at else today
        return max(0, (end - timezone.localdate(self.said_at)).days)


_OPINIONS = """
SELECT o.id, o.kind, o.text, o.said_at, u.name, o.visit_id, c.id, c.name, c.tier_id, c.unit_id, c.manager_id,
    f.result, f.explanation, f.method, f.fed_back_at, t.name
FROM visits_customervoice o JOIN accounts_customer c ON c.id = o.customer_id JOIN core_user u ON u.id = o.by_id
LEFT JOIN complaints_voicefeedback f ON f.voice_id = o.id LEFT JOIN core_user t ON t.id = f.fed_back_by_id
WHERE o.kind = ANY(%s) AND {where}
"""
OPINION_STATES = {"waiting": "f.id IS NULL", "told": "f.id IS NOT NULL"}
# What was heard in a visit that was undone was not heard.
_HEARD = "(o.visit_id IS NULL OR EXISTS (SELECT 1 FROM visits_visit x WHERE x.id = o.visit_id AND x.undone_at IS NULL))"


def _opinions(where: str, params: Sequence[Any]) -> list[OpinionRow]:
    with connection.cursor() as cursor:
        cursor.execute(_OPINIONS.format(where=where), [list(FED_BACK_KINDS), *params])
        return [OpinionRow(*row) for row in cursor.fetchall()]


def opinion_list(
    scope: Scope, *, state: str = "waiting", kind: str = "", before: int | None = None
) -> list[OpinionRow]:
    """CMP-33: without feedback first of all; newest first, at most one more than are shown."""
    where, params = scope.sql("c")
    parts = [where, OPINION_STATES[state], _HEARD]
    for sql, value in (("o.kind = %s", kind or None), ("o.id < %s", before)):
        if value is not None:
            parts.append(sql)
            params = [*params, value]
    return _opinions(" AND ".join(parts) + " ORDER BY o.id DESC LIMIT %s", [*params, LIMIT + 1])


def opinion_for(scope: Scope, voice_id: int) -> OpinionRow:
    """One of them, or 404."""
    where, params = scope.sql("c")
    rows = _opinions(f"o.id = %s AND {where}", [voice_id, *params])
    if not rows:
        raise NotFound
    return rows[0]


_BY_KIND = """
SELECT o.kind, count(*) FROM visits_customervoice o JOIN accounts_customer c ON c.id = o.customer_id
LEFT JOIN complaints_voicefeedback f ON f.voice_id = o.id
WHERE o.kind = ANY(%s) AND f.id IS NULL AND {where} AND {heard} GROUP BY 1
"""


def waiting_by_kind(scope: Scope) -> dict[str, int]:
    """How many opinions of each kind wait for their result."""
    where, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_BY_KIND.format(where=where, heard=_HEARD), [list(FED_BACK_KINDS), *params])
        found = dict(cursor.fetchall())
    return {kind: found.get(kind, 0) for kind in FED_BACK_KINDS}
