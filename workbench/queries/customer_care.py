"""What a customer enjoys, what he is worth and what holds him, for his page (ENG-7, CUS-16, RET-17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.choices import CustomerKind
from accounts.models import Customer
from accounts.queries.customers import customer_for
from accounts.queries.value import Assessed, current_values, months_on
from accounts.rules.value import next_on
from crm.core.abilities import Access
from engagement.choices import PolicyKind
from engagement.queries.enrolments import expiring_days
from engagement.queries.policies import Enjoyed, policies_of
from retention.queries.stickiness import FACTORS, Factor, factors_of

VALUED = (CustomerKind.VIP, CustomerKind.GROUP)


@dataclass(frozen=True, slots=True)
class Care:
    """Everything the tab and the head of the page show; four statements."""

    customer: Customer
    policies: list[Enjoyed]
    value: Assessed | None
    value_on: date | None
    factors: list[tuple[Factor, bool]]
    soon: date
    today: date
    can_enrol: bool
    can_assess: bool

    @property
    def running(self) -> list[Enjoyed]:
        """What he enjoys today."""
        return [one for one in self.policies if one.standing == "running"]

    @property
    def others(self) -> list[Enjoyed]:
        """What is to come and what has ended."""
        return [one for one in self.policies if one.standing != "running"]

    @property
    def is_without(self) -> bool:
        """ENG-5: a VIP who enjoys no service policy."""
        services = [one for one in self.running if one.kind == PolicyKind.SERVICE]
        return self.customer.kind == CustomerKind.VIP and not services

    @property
    def held(self) -> int:
        """RET-17: by how many things he is held."""
        return sum(holds for _factor, holds in self.factors)

    @property
    def is_valued(self) -> bool:
        """Whether his value is judged at all."""
        return self.customer.kind in VALUED

    @property
    def is_value_due(self) -> bool:
        """CUS-16: whether he is to be judged anew."""
        return self.is_valued and (self.value_on is None or self.value_on <= self.today)


def care_of(access: Access, customer_id: int, *, today: date) -> Care:
    """All of it, of a customer in sight; 404 for any other."""
    customer = customer_for(access.scope, customer_id)
    held = factors_of([customer_id], today)[customer_id]
    value = current_values([customer_id]).get(customer_id)
    where = {"unit_id": customer.unit_id, "manager_id": customer.manager_id}
    return Care(
        customer=customer,
        policies=policies_of(customer, today),
        value=value,
        value_on=next_on(value.assessed_on if value else None, months_on(today)),
        factors=[(one, one.code in held) for one in FACTORS],
        soon=today + timedelta(days=expiring_days(today)),
        today=today,
        can_enrol=access.scope_for("enrol_policies").allows(**where),
        can_assess=access.scope_for("assess_value").allows(**where),
    )
