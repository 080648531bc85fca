"""The policies of one customer: what he enjoys, what he could be offered (ENG-6, ENG-7, RET-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from django.db import connection
from django.utils.translation import get_language

if TYPE_CHECKING:
    from accounts.models import Customer

Standing = Literal["planned", "running", "ended"]

RUNNING = "e.starts_on <= {day} AND (e.ends_on IS NULL OR e.ends_on >= {day})"
"""Whether an enrolment `e` holds on a day; both of its days are inside."""
GIVEN = "p.is_active AND (p.starts_on IS NULL OR p.starts_on <= {day}) AND (p.ends_on IS NULL OR p.ends_on >= {day})"
"""Whether a policy `p` is given on a day at all."""
OPEN_TO = f"""{GIVEN}
  AND (NOT EXISTS (SELECT FROM engagement_servicepolicy_tiers x WHERE x.servicepolicy_id = p.id)
    OR EXISTS (SELECT FROM engagement_servicepolicy_tiers x
      WHERE x.servicepolicy_id = p.id AND x.tier_id = {{tier}}))"""
"""Whether a policy `p` is given on a day to customers of a tier (ENG-6); nobody named means everybody."""


def in_words(label_zh: str, label_en: str) -> str:
    """The label in the language of the moment; Chinese where nobody wrote an English one."""
    return label_en if label_en and (get_language() or "").startswith("en") else label_zh


@dataclass(frozen=True, slots=True)
class Offer:
    """A policy a customer may be offered today, with what it costs us (RET-7)."""

    policy_id: int
    code: str
    kind: str  # PolicyKind
    label_zh: str
    label_en: str
    benefits_zh: str
    benefits_en: str
    cost: Decimal

    @property
    def label(self) -> str:
        """The label in the language of the moment."""
        return in_words(self.label_zh, self.label_en)

    @property
    def benefits(self) -> str:
        """What it gives, in the language of the moment."""
        return in_words(self.benefits_zh, self.benefits_en)


@dataclass(frozen=True, slots=True)
class Enjoyed:
    """One enrolment of a customer, as his page shows it (ENG-7)."""

    id: int
    policy_id: int
    code: str
    kind: str
    label_zh: str
    label_en: str
    benefits_zh: str
    benefits_en: str
    starts_on: date
    ends_on: date | None
    used_on: date | None
    note: str
    standing: Standing

    @property
    def label(self) -> str:
        """The label in the language of the moment."""
        return in_words(self.label_zh, self.label_en)

    @property
    def benefits(self) -> str:
        """What it gives, in the language of the moment."""
        return in_words(self.benefits_zh, self.benefits_en)

    @property
    def is_unused(self) -> bool:
        """ENG-7: it runs and the customer has never made use of it."""
        return self.standing == "running" and self.used_on is None


_OFFERS = f"""
SELECT p.id, p.code, p.kind, p.label_zh, p.label_en, p.benefits, p.benefits_en, p.cost FROM engagement_servicepolicy p
WHERE {OPEN_TO.format(day="%(today)s", tier="%(tier)s")}
  AND NOT EXISTS (SELECT FROM engagement_policyenrolment e WHERE e.policy_id = p.id AND e.customer_id = %(customer)s
    AND {RUNNING.format(day="%(today)s")})
ORDER BY array_position(ARRAY['care', 'marketing', 'service'], p.kind::text), p.position, p.id
"""


def offers_for(customer: Customer, today: date) -> list[Offer]:
    """RET-7: what his tier may be given today and he does not enjoy yet, special care first; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_OFFERS, {"today": today, "tier": customer.tier_id, "customer": customer.pk})
        return [Offer(*row) for row in cursor.fetchall()]


_CAMPAIGNS = f"""
SELECT p.kind, p.label_zh, p.label_en
FROM engagement_policyenrolment e JOIN engagement_servicepolicy p ON p.id = e.policy_id
JOIN accounts_customer c ON c.id = e.customer_id
WHERE e.customer_id = %(customer)s AND {RUNNING.format(day="%(today)s")} AND e.used_on IS NULL AND e.ends_on IS NOT NULL
  AND NOT (c.no_marketing AND p.kind = 'marketing')
ORDER BY e.ends_on, p.position, e.id
"""


def open_campaigns(customer_id: int, today: date) -> dict[str, str]:
    """CON-9: what a customer already visible may enjoy until some day and has not yet, kind → the first to end;
    marketing never for who wants none."""
    with connection.cursor() as cursor:
        cursor.execute(_CAMPAIGNS, {"today": today, "customer": customer_id})
        found: dict[str, str] = {}
        for kind, zh, en in cursor.fetchall():
            found.setdefault(kind, in_words(zh, en))
    return found


_ENJOYED = f"""
SELECT e.id, p.id, p.code, p.kind, p.label_zh, p.label_en, p.benefits, p.benefits_en,
  e.starts_on, e.ends_on, e.used_on, e.note,
  CASE WHEN {RUNNING.format(day="%(today)s")} THEN 'running' WHEN e.starts_on > %(today)s THEN 'planned'
    ELSE 'ended' END AS standing
FROM engagement_policyenrolment e JOIN engagement_servicepolicy p ON p.id = e.policy_id
WHERE e.customer_id = %(customer)s
ORDER BY standing DESC, p.position, e.starts_on DESC, e.id LIMIT %(most)s
"""


def policies_of(customer: Customer, today: date, most: int = 50) -> list[Enjoyed]:
    """ENG-7: what a customer already visible enjoys, what is to come and what has ended; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ENJOYED, {"today": today, "customer": customer.pk, "most": most})
        return [Enjoyed(*row) for row in cursor.fetchall()]
