"""What a manager sees before he asks for an excuse."""

from __future__ import annotations

from dataclasses import dataclass

from crm.core.scope import Scope
from visits.choices import ExcuseKind
from visits.models import Duty
from visits.queries.excuses import Evidence, evidence_of
from workbench.queries.timeline import period_words


@dataclass(frozen=True, slots=True)
class Asking:
    """A duty that may be excused, and the attempts that speak for it."""

    duty_id: int
    customer_id: int
    customer: str
    period: str
    evidence: Evidence
    kind: str


def asking(scope: Scope, customer_id: int, duty_id: int) -> Asking | None:
    """The duty inside the scope, or None."""
    duty = Duty.visible_to(scope).select_related("customer").filter(pk=duty_id, customer_id=customer_id).first()
    if duty is None:
        return None
    evidence = evidence_of(duty)
    return Asking(
        duty_id=duty.pk,
        customer_id=customer_id,
        customer=duty.customer.name,
        period=period_words(duty.starts_on, duty.due_on),
        evidence=evidence,
        kind=ExcuseKind.UNREACHABLE if evidence.is_enough else "",
    )


def unreachable_duty(scope: Scope, customer_id: int) -> int | None:
    """The open duty for which enough attempts have failed: one tap may now ask for an excuse (screens 2)."""
    duties = Duty.visible_to(scope).filter(customer_id=customer_id, purpose="contact", state="open")
    duty = duties.exclude(excuses__state="requested").order_by("due_on").first()
    return duty.pk if duty is not None and evidence_of(duty).is_enough else None
