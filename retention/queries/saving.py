"""Save cases with their offers, limits of offers, offers that wait for approval (RET-7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core.errors import NotFound
from crm.core.scope import Scope
from retention.choices import CauseCategory, OfferState, SaveState
from retention.models import OfferLimit
from retention.queries.losses import CompetitorView, competitors
from retention.rules.saving import was_attempted

SEES, WORKS, DECIDES = "view_alerts", "work_alerts", "decide_offers"

_LIMIT = """
SELECT l.amount FROM retention_offerlimit l
WHERE (l.tier_id = %(tier)s OR l.tier_id IS NULL) AND l.effective_from <= %(today)s
ORDER BY l.tier_id IS NULL, l.effective_from DESC LIMIT 1
"""


def limit_of(tier_id: int | None, today: date) -> Decimal:
    """RET-7: what may be offered a customer of this tier without asking, CNY a year."""
    with connection.cursor() as cursor:
        cursor.execute(_LIMIT, {"tier": tier_id, "today": today})
        row = cursor.fetchone()
    return row[0] if row else Decimal(0)


@dataclass(frozen=True, slots=True)
class LimitRow:
    """The limit of a tier, the one in force and the next one."""

    tier: TierView | None
    amount: Decimal
    effective_from: date
    following: tuple[Decimal, date] | None


def limits(today: date) -> list[LimitRow]:
    """Every tier with its limit; those without a tier last."""
    found: dict[int | None, list[OfferLimit]] = {}
    for row in OfferLimit.objects.order_by("effective_from"):
        found.setdefault(row.tier_id, []).append(row)
    lines = []
    for tier in [*names.tiers(), None]:
        rows = found.get(tier.id if tier else None, [])
        past = [row for row in rows if row.effective_from <= today]
        ahead = [row for row in rows if row.effective_from > today]
        if past:
            following = (ahead[0].amount, ahead[0].effective_from) if ahead else None
            lines.append(LimitRow(tier, past[-1].amount, past[-1].effective_from, following))
    return lines


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer with the case and the customer it is made to."""

    id: int
    case_id: int
    alert_id: int
    customer_id: int
    customer: str
    tier_id: int | None
    unit_id: int
    manager_id: int | None
    policy_id: int | None
    text: str
    cost: Decimal
    limit: Decimal
    state: str
    offered_by_id: int
    offered_by: str
    offered_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str
    answered_at: datetime | None
    version: int
    requested_at: datetime
    cause: str
    words: str

    @property
    def state_label(self) -> str:
        """How far it has come, in words."""
        return str(OfferState(self.state).label)

    @property
    def cause_label(self) -> str:
        """Why the customer wants to leave."""
        return str(CauseCategory(self.cause).label) if self.cause else ""

    @property
    def tier(self) -> TierView | None:
        """The customer's tier."""
        return names.tier(self.tier_id)

    @property
    def manager(self) -> str:
        """Whose customer he is."""
        return names.staff_name(self.manager_id)


_OFFERS = """
SELECT o.id, k.id, k.alert_id, c.id, c.name, c.tier_id, c.unit_id, c.manager_id, o.policy_id, o.text, o.cost, o."limit",
  o.state, o.offered_by_id, u.name, o.offered_at, d.name, o.decided_at, o.decision_note, o.answered_at, o.version,
  k.requested_at, k.cause, k.words
FROM retention_saveoffer o JOIN retention_savecase k ON k.id = o.case_id
JOIN accounts_customer c ON c.id = k.customer_id JOIN core_user u ON u.id = o.offered_by_id
LEFT JOIN core_user d ON d.id = o.decided_by_id
WHERE {where} ORDER BY o.id LIMIT 200
"""


def _offers(where: str, params: Sequence[Any]) -> list[OfferRow]:
    with connection.cursor() as cursor:
        cursor.execute(_OFFERS.format(where=where), list(params))
        return [OfferRow(*row) for row in cursor.fetchall()]


def offers_of(case_id: int) -> list[OfferRow]:
    """The offers of a case already in sight, the first first."""
    return _offers("k.id = %s", [case_id])


def offer_for(scope: Scope, offer_id: int) -> OfferRow:
    """One offer in sight, or 404."""
    where, params = scope.sql("c")
    rows = _offers(f"o.id = %s AND {where}", [offer_id, *params])
    if not rows:
        raise NotFound
    return rows[0]


def waiting_offers(scope: Scope) -> list[OfferRow]:
    """RET-7: what waits for somebody who may decide, the oldest first."""
    where, params = scope.sql("c")
    return _offers(f"o.state = 'waiting' AND {where}", params)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A save case as the page of its alert shows it."""

    id: int
    alert_id: int
    customer_id: int
    manager_id: int | None
    state: str
    requested_at: datetime
    cause: str
    words: str
    competitor_id: int | None
    closed_at: datetime | None
    closed_by: str | None
    result_note: str
    confirm_on: date | None
    is_confirmed: bool | None
    confirmed_on: date | None
    version: int
    offers: list[OfferRow]

    @property
    def is_open(self) -> bool:
        """Whether we are still trying."""
        return self.closed_at is None

    @property
    def state_label(self) -> str:
        """How far it has come, in words."""
        return str(SaveState(self.state).label)

    @property
    def cause_label(self) -> str:
        """Why the customer wants to leave."""
        return str(CauseCategory(self.cause).label) if self.cause else ""

    @property
    def can_be_lost(self) -> bool:
        """RET-7: something was tried."""
        return was_attempted(offer.state for offer in self.offers)


_CASES = """
SELECT k.id, k.alert_id, k.customer_id, k.manager_id, k.state, k.requested_at, k.cause, k.words, k.competitor_id,
  k.closed_at, u.name, k.result_note, k.confirm_on, k.is_confirmed, k.confirmed_on, k.version
FROM retention_savecase k LEFT JOIN core_user u ON u.id = k.closed_by_id WHERE k.alert_id = %s
"""


def case_of(alert_id: int) -> CaseRow | None:
    """The save case of an alert already in sight, with its offers."""
    with connection.cursor() as cursor:
        cursor.execute(_CASES, [alert_id])
        row = cursor.fetchone()
    return CaseRow(*[*row, offers_of(row[0])]) if row else None


def alert_of_case(scope: Scope, case_id: int) -> int:
    """The alert whose page shows a case in sight, or 404."""
    where, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.alert_id FROM retention_savecase k JOIN accounts_customer c ON c.id = k.customer_id"
            f" WHERE k.id = %s AND {where}",
            [case_id, *params],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return int(row[0])


def competitor_by_id() -> Mapping[int, CompetitorView]:
    """Competitors by id."""
    return {one.id: one for one in competitors()}
