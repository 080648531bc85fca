"""Judge what a customer is worth (CUS-16): a new assessment beside the old ones."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_customer
from accounts.choices import CustomerKind
from accounts.models import ValueAssessment
from accounts.queries.value import scale_on
from accounts.rules.value import FACTORS, HIGHEST, LOWEST, class_of, score
from crm.core.db import write
from crm.core.errors import FieldProblem, Invalid
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "assess_value"
KINDS = (CustomerKind.VIP, CustomerKind.GROUP)


def assess_value(
    *, customer_id: int, volume: int, growth: int, potential: int, note: str = "", by: User, now: datetime
) -> ValueAssessment:
    """CUS-16: three factors from 1 to 5 become score and class by today's weights; older assessments stay."""
    factors = (volume, growth, potential)
    problems = [
        FieldProblem(name, "out_of_range", _("A number from 1 to 5."))
        for name, value in zip(FACTORS, factors, strict=True)
        if not LOWEST <= value <= HIGHEST
    ]
    if problems:
        raise Invalid(errors=problems)
    note = clean_text(note, field="note", max_length=300)
    today = timezone.localdate(now)
    scale = scale_on(today)
    result = score(factors, scale.weights)
    with write(by=by):
        customer = the_customer(by, customer_id, MAY)
        if customer.kind not in KINDS:
            raise Invalid(_("Only the value of VIPs and groups is judged."), code="wrong_kind", field="customer")
        ValueAssessment.unscoped.filter(customer=customer, is_current=True).update(is_current=False)
        return ValueAssessment.unscoped.create(
            customer=customer, assessed_on=today, volume=volume, growth=growth, potential=potential,
            weights=list(scale.weights), score=result, value_class=class_of(result, scale), note=note, by=by, at=now,
        )  # fmt: skip
