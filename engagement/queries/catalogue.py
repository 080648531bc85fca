"""The catalogue of policies (ENG-6): what there is, for whom, at what cost, and how many enjoy it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core.errors import NotFound
from crm.core.measures import within
from crm.core.pages import COUNT_CAP, Count
from crm.core.scope import Scope
from engagement.choices import PolicyKind
from engagement.models import ServicePolicy
from engagement.queries.policies import GIVEN, RUNNING, in_words

MOST = 200


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """A policy of the catalogue; `tiers` empty: for everybody."""

    id: int
    code: str
    kind: str
    label_zh: str
    label_en: str
    benefits_zh: str
    benefits_en: str
    cost: Decimal
    starts_on: date | None
    ends_on: date | None
    is_active: bool
    tiers: tuple[TierView, ...] = ()
    running: Count = field(default_factory=lambda: Count(0))
    is_given: bool = True

    @property
    def label(self) -> str:
        """The label in the language of the moment."""
        return in_words(self.label_zh, self.label_en)

    @property
    def benefits(self) -> str:
        """What it gives, in the language of the moment."""
        return in_words(self.benefits_zh, self.benefits_en)

    @property
    def kind_label(self) -> str:
        """Where it comes from, in words."""
        return str(PolicyKind(self.kind).label)


_LINES = """
SELECT p.id, p.code, p.kind, p.label_zh, p.label_en, p.benefits, p.benefits_en, p.cost, p.starts_on, p.ends_on,
  p.is_active, ARRAY(SELECT x.tier_id FROM engagement_servicepolicy_tiers x JOIN accounts_tier t ON t.id = x.tier_id
    WHERE x.servicepolicy_id = p.id ORDER BY t.kind DESC, t.rank), {count},
  {given}
FROM engagement_servicepolicy p WHERE {where}
ORDER BY array_position(ARRAY['service', 'marketing', 'care'], p.kind::text), p.position, p.id LIMIT {most}
"""
_RUNNING = f"""(SELECT count(*) FROM (SELECT 1 FROM engagement_policyenrolment e
    JOIN accounts_customer c ON c.id = e.customer_id
    WHERE e.policy_id = p.id AND {RUNNING.format(day="%(today)s")} AND {{scope}} LIMIT {COUNT_CAP + 1}) k)"""


def catalogue(scope: Scope, today: date) -> list[PolicyLine]:
    """Every policy with how many of the customers in sight enjoy it; one statement."""
    where, params = within(scope, unit="c.unit_id", manager="c.manager_id")
    return _read(_RUNNING.format(scope=where), "TRUE", {"today": today, **params})


def policies(today: date, *, kind: str = "") -> list[PolicyLine]:
    """The policies for a choice or for machines, those of one kind when given."""
    return _read("0", "(%(kind)s = '' OR p.kind = %(kind)s)", {"today": today, "kind": kind})


def policy_for(policy_id: int) -> ServicePolicy:
    """One policy, or 404."""
    row = ServicePolicy.objects.filter(pk=policy_id).first()
    if row is None:
        raise NotFound
    return row


def _read(count: str, where: str, params: dict[str, Any]) -> list[PolicyLine]:
    with connection.cursor() as db:
        db.execute(_LINES.format(count=count, given=GIVEN.format(day="%(today)s"), where=where, most=MOST), params)
        return [_line(row) for row in db.fetchall()]


def _line(row: tuple[Any, ...]) -> PolicyLine:
    tier_ids, running, is_given = row[-3:]
    tiers = tuple(view for view in (names.tier(pk) for pk in tier_ids) if view is not None)
    count = Count(min(running, COUNT_CAP), running > COUNT_CAP)
    return replace(PolicyLine(*row[:-3]), tiers=tiers, running=count, is_given=is_given)
