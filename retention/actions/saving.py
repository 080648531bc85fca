"""Try to keep a customer who has asked to leave: the case, its offers, approval, result (RET-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from crm.core import parameters
from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound, refuse_own
from crm.core.text import clean_text
from engagement.queries.policies import offers_for
from retention.actions.alerts import end_alert, move_alert, the_alert
from retention.actions.saving_notices import tell_decided, tell_waiting
from retention.choices import AlertOutcome, AlertState, CauseCategory, OfferState, SaveState
from retention.models import Alert, Competitor, SaveCase, SaveOffer
from retention.queries.saving import DECIDES, SEES, WORKS, limit_of
from retention.rules.saving import STANDS, months_after, needs_approval, was_attempted

if TYPE_CHECKING:
    from crm.core.models import User

MOST_COST = Decimal(10_000_000)


@dataclass(frozen=True, slots=True)
class Wish:
    """Why the customer wants to leave, in a category and in his own words."""

    cause: str = ""
    words: str = ""
    competitor_id: int | None = None


def open_save_case(*, alert_id: int, wish: Wish, by: User, now: datetime) -> SaveCase:
    """The customer has asked to leave: from now on we try to keep him. One case per alert."""
    with write(by=by):
        alert = the_alert(by, alert_id)
        if SaveCase.unscoped.filter(alert=alert).exists():
            raise Conflict(_("There is a save case already."), code="has_case")
        row = SaveCase(
            alert=alert, customer_id=alert.customer_id, manager_id=alert.customer.manager_id, requested_at=now,
            opened_by=by, **_checked(wish),
        )  # fmt: skip
        row.save(force_insert=True)
        move_alert(alert, AlertState.SAVING, row.words, by=by, now=now)
    return row


def change_wish(*, case_id: int, wish: Wish, version: int | None, by: User, now: datetime) -> SaveCase:
    """What was learned later about why he wants to leave."""
    with write(by=by):
        row = _case(by, case_id, version)
        for name, value in _checked(wish).items():
            setattr(row, name, value)
        _save(row)
    return row


def make_offer(
    *, case_id: int, policy_id: int | None = None, text: str = "", cost: Decimal | None = None, by: User, now: datetime
) -> SaveOffer:
    """Offer a policy that his tier may be given, or something of one's own words; over the limit it waits (RET-7)."""
    today = timezone.localdate(now)
    with write(by=by):
        case = _case(by, case_id, None)
        customer = Customer.unscoped.get(pk=case.customer_id)
        text, cost = _offered(customer, policy_id, text, cost, today)
        limit = limit_of(customer.tier_id, today)
        stands = SaveOffer.unscoped.filter(case=case, state__in=STANDS)
        waits = needs_approval(stands.aggregate(sum=Sum("cost"))["sum"] or Decimal(0), cost, limit)
        row = SaveOffer.unscoped.create(
            case=case, policy_id=policy_id, text=text, cost=cost, limit=limit, offered_by=by, offered_at=now,
            state=OfferState.WAITING if waits else OfferState.OFFERED,
        )  # fmt: skip
        if case.state == SaveState.OPEN:
            case.state = SaveState.OFFERING
            _save(case)
        if waits:
            tell_waiting(row, customer, by=by, now=now)
    return row


def decide_offer(*, offer_id: int, grant: bool, remark: str, by: User, now: datetime) -> SaveOffer:
    """Approve an offer over the limit, or not; never one's own (SEC-24). Whoever made it is told at once."""
    remark = clean_text(remark, field="remark", max_length=300)
    with write(by=by):
        row = _offer(by, offer_id, DECIDES)
        refuse_own(by.pk, row.offered_by_id)
        if row.state != OfferState.WAITING:
            raise Conflict(_("This offer has been decided already."), code="decided", current={"state": row.state})
        row.state = OfferState.OFFERED if grant else OfferState.REFUSED
        row.decided_by, row.decided_at, row.decision_note = by, now, remark
        _save(row)
        tell_decided(row, by=by, now=now)
    return row


def answer_offer(*, offer_id: int, accepted: bool, by: User, now: datetime) -> SaveOffer:
    """What the customer said to an offer."""
    with write(by=by):
        row = _offer(by, offer_id, WORKS)
        if row.case.closed_at is not None:
            raise Conflict(_("This save case is closed."), code="closed")
        if row.state not in (OfferState.OFFERED, OfferState.ACCEPTED, OfferState.DECLINED):
            raise Conflict(_("This offer may not be made to the customer."), code="not_offered")
        row.state = OfferState.ACCEPTED if accepted else OfferState.DECLINED
        row.answered_at = now
        _save(row)
    return row


def close_save_case(
    *, case_id: int, retained: bool, note: str, version: int | None, by: User, now: datetime
) -> SaveCase:
    """Retained, to be confirmed by billing later; or lost, which needs an attempt (RET-7). The alert ends with it."""
    note = clean_text(note, field="note", max_length=500, blank=False)
    with write(by=by):
        row = _case(by, case_id, version)
        if not retained and not was_attempted(SaveOffer.unscoped.filter(case=row).values_list("state", flat=True)):
            raise Invalid(
                _("Write down first what was offered: no case is closed as lost without an attempt."),
                code="no_attempt",
                field="note",
            )
        alert = Alert.unscoped.select_for_update(of=("self",)).select_related("customer").get(pk=row.alert_id)
        finish(row, alert, retained=retained, note=note, by=by, now=now)
    return row


def finish(row: SaveCase, alert: Alert, *, retained: bool, note: str, by: User | None, now: datetime) -> None:
    """Close a case and its alert; by the clock (`by` None) when the customer turned out to have gone."""
    today = timezone.localdate(now)
    row.state = SaveState.RETAINED if retained else SaveState.LOST
    row.closed_at, row.closed_by, row.result_note = now, by, note
    if retained:
        row.confirm_on = months_after(today, int(parameters.value("save_confirm_months", today)))
    _save(row)
    offered = SaveOffer.unscoped.filter(case=row, state=OfferState.WAITING)
    offered.update(state=OfferState.REFUSED, decided_at=now, decision_note=str(_("The case was closed.")))
    outcome = AlertOutcome.SAVED if retained else AlertOutcome.LOST
    state = AlertState.RETAINED if retained else AlertState.CHURNED
    end_alert(alert, state, outcome, note, by=by, now=now)


def _case(by: User, case_id: int, version: int | None) -> SaveCase:
    rows = SaveCase.visible_to(by.access.scope_for(SEES)).select_related("customer")
    row = rows.select_for_update(of=("self",)).filter(pk=case_id).first()
    if row is None:
        raise NotFound(_("There is no such save case."))
    _must(by, WORKS, row.customer)
    if row.closed_at is not None:
        raise Conflict(_("This save case is closed."), code="closed", current={"state": row.state})
    if version is not None and version != row.version:
        raise Conflict(current={"version": row.version, "state": row.state})
    return row


def _offer(by: User, offer_id: int, ability: str) -> SaveOffer:
    rows = SaveOffer.visible_to(by.access.scope_for(SEES)).select_related("case__customer")
    row = rows.select_for_update(of=("self",)).filter(pk=offer_id).first()
    if row is None:
        raise NotFound(_("There is no such offer."))
    _must(by, ability, row.case.customer)
    return row


def _must(by: User, ability: str, customer: Customer) -> None:
    if not by.access.scope_for(ability).allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
        raise NotAllowed


def _save(row: SaveCase | SaveOffer) -> None:
    row.version += 1
    row.save()


def _checked(wish: Wish) -> dict[str, object]:
    problems = []
    words = clean_text(wish.words, field="words", max_length=1000, multiline=True)
    if wish.cause not in CauseCategory.values:
        problems.append(FieldProblem("cause", "required", _("Say why the customer wants to leave.")))
    if wish.competitor_id is not None and not Competitor.objects.filter(pk=wish.competitor_id).exists():
        problems.append(FieldProblem("competitor", "invalid_choice", _("This is not one of the choices.")))
    if problems:
        raise Invalid(errors=problems)
    return {"cause": wish.cause, "words": words, "competitor_id": wish.competitor_id}


def _offered(
    customer: Customer, policy_id: int | None, text: str, cost: Decimal | None, today: date
) -> tuple[str, Decimal]:
    """Words and cost: a policy brings its own, but only one that this customer may be given."""
    if policy_id is not None:
        found = next((one for one in offers_for(customer, today) if one.policy_id == policy_id), None)
        if found is None:
            raise Invalid(_("This policy is not for this customer."), code="not_eligible", field="policy")
        text = clean_text(text, field="text", max_length=300)
        return text or found.label_zh, found.cost
    text = clean_text(text, field="text", max_length=300, blank=False)
    if cost is None or not 0 <= cost <= MOST_COST:
        raise Invalid(_("Say what it costs us in a year, 0 when nothing."), code="required", field="cost")
    return text, cost
