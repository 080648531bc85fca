"""Write down what a competitor does (RET-10); about a customer, it raises his risk from the next night on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_customer
from accounts.queries import names
from crm.core import attachments
from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, NotAllowed
from crm.core.text import clean_text
from retention.choices import IntelligenceKind, Reliability
from retention.models import Competitor, CompetitorIntel
from retention.queries.intelligence import WRITES, said_by_id

if TYPE_CHECKING:
    from crm.core.models import User


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen or heard. `customer_id` None: about the area."""

    competitor_id: int | None
    kind: str
    text: str
    reliability: str
    seen_on: date | None = None
    customer_id: int | None = None
    voice_id: int | None = None


def record_intelligence(*, seen: Seen, file: File[Any] | None = None, by: User, now: datetime) -> CompetitorIntel:
    """竞争对手情报: of one's own area, or about a customer one may write about; a voice is taken over once."""
    values = _checked(seen, timezone.localdate(now))
    with write(by=by):
        if seen.voice_id is not None:
            said = said_by_id(by.access.scope, seen.voice_id)
            values["customer_id"] = said.customer_id
        customer = the_customer(by, values["customer_id"], lock=False) if values["customer_id"] else None
        own = names.staff_card(by.access.staff_id)
        if customer is None and own is None:
            raise NotAllowed
        unit_id = customer.unit_id if customer else own.unit_id  # type: ignore[union-attr]
        manager_id = customer.manager_id if customer else by.access.staff_id
        if not by.access.scope_for(WRITES).allows(unit_id=unit_id, manager_id=manager_id):
            raise NotAllowed
        kept = attachments.store(file, by=by, now=now) if file is not None else None
        try:
            with transaction.atomic():
                return CompetitorIntel.unscoped.create(
                    **values, unit_id=unit_id, staff_id=by.access.staff_id, voice_id=seen.voice_id, file=kept, by=by,
                    at=now,
                )  # fmt: skip
        except IntegrityError as twin:
            raise Conflict(_("This has been taken over already."), code="taken_over") from twin


def _checked(seen: Seen, today: date) -> dict[str, Any]:
    problems: list[FieldProblem] = []
    text = clean_text(seen.text, field="text", max_length=1000, blank=False, multiline=True)
    for name, value, choices in (("kind", seen.kind, IntelligenceKind), ("reliability", seen.reliability, Reliability)):
        if value not in choices.values:
            problems.append(FieldProblem(name, "invalid_choice", _("This is not one of the choices.")))
    if not Competitor.objects.filter(pk=seen.competitor_id or 0, is_active=True).exists():
        problems.append(FieldProblem("competitor", "required", _("Say which competitor.")))
    seen_on = seen.seen_on or today
    if seen_on > today:
        problems.append(FieldProblem("seen_on", "future", _("This day has not come yet.")))
    if problems:
        raise Invalid(errors=problems)
    return {
        "competitor_id": seen.competitor_id, "kind": seen.kind, "text": text, "reliability": seen.reliability,
        "seen_on": seen_on, "customer_id": seen.customer_id,
    }  # fmt: skip
