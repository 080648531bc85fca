"""A case as its page and the API show it: frozen rows, and the deeds that whoever looks may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.queries import names
from accounts.queries.dispatches import DispatchRow, StepRow
from accounts.queries.names import TierView
from complaints.choices import (
    CaseKind,
    Judgement,
)
from complaints.models import Case, CaseClock, CaseFile
from complaints.queries.allowed import allowed_on
from complaints.queries.case_parts import (
    ClockView,
    EntryView,
    FileView,
    OrderStepView,
    PauseView,
    StepView,
    clocks_of,
    entries_of,
    files_of,
    order_steps_of,
    pause_of,
    steps_of,
)
from complaints.queries.dispatched import dispatches_of, escalations_of
from complaints.queries.rights import rights_on
from complaints.rules.cases import OPEN, refuse_deed
from complaints.rules.steps import missing_for_close, missing_for_reply, next_step
from crm.core.abilities import Access
from crm.core.errors import NotAllowed, NotFound
from crm.core.models import Attachment
from crm.core.text import mask_phone


@dataclass(frozen=True, slots=True)
class CaseBrief:
    """A case in one line, as another page names it."""

    id: int
    number: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    facts: str
    received_at: datetime
    closed_at: datetime | None
    owner: str
    next_due_at: datetime | None
    is_breached: bool
    result: str
    caused_by_id: int | None
    told_in_id: int | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What a case is about and where it stands."""

    id: int
    number: str
    version: int
    kind: str
    kind_label: str
    state: str
    state_label: str
    level: str
    level_label: str
    round: int
    customer_id: int
    customer: str
    customer_number: str
    # Where the customer is today: it decides who may be given the case.
    customer_unit_id: int
    customer_manager_id: int | None
    tier: TierView | None
    unit: str
    # Whose customer it was when it came in, and who answers for it now.
    manager_id: int | None
    manager: str
    owner_id: int | None
    owner: str
    channel: str
    channel_label: str
    category: str
    category_label: str
    product: str
    product_id: int | None
    order_type: str
    order_type_label: str
    facts: str
    expectation: str
    happened_at: datetime | None
    numbers: str
    speaker: str
    speaker_phone: str
    received_at: datetime
    received_by: str
    accepted_at: datetime | None
    first_reply_at: datetime | None
    first_action_at: datetime | None
    result: str
    reply_method: str
    reply_method_label: str
    replied_at: datetime | None
    is_resolved: bool | None
    satisfaction: int | None
    solved_in_one_call: bool
    proposed_judgement: str
    proposed_judgement_label: str
    judgement: str
    judgement_label: str
    judged_by: str
    judged_at: datetime | None
    judgement_note: str
    cause: str
    closed_at: datetime | None
    closed_by: str
    next_due_at: datetime | None
    is_breached: bool
    caused_by_id: int | None
    told_in_id: int | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.state in OPEN

    @property
    def reply_minutes(self) -> int | None:
        """CMP-36: from the receipt to our first word."""
        return _minutes(self.received_at, self.first_reply_at)

    @property
    def action_minutes(self) -> int | None:
        """CMP-36: from the receipt to the first deed."""
        return _minutes(self.received_at, self.first_action_at)

    @property
    def solution_minutes(self) -> int | None:
        """From the receipt to the told result."""
        return _minutes(self.received_at, self.replied_at)


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """Everything of a case, and what whoever looks may do with it."""

    head: CaseHead
    steps: tuple[StepView, ...]
    done_steps: frozenset[int]
    next_step: int | None
    missing_for_reply: tuple[int, ...]
    missing_for_close: tuple[int, ...]
    order_steps: tuple[OrderStepView, ...]
    clocks: tuple[ClockView, ...]
    pause: PauseView | None
    entries: tuple[EntryView, ...]
    files: tuple[FileView, ...]
    dispatches: tuple[DispatchRow, ...]
    escalations: tuple[StepRow, ...]
    from_case: CaseBrief | None
    grown: tuple[CaseBrief, ...]
    merged_into: CaseBrief | None
    merged: tuple[CaseBrief, ...]
    allowed: frozenset[str]
    # The customer himself can be opened (view_customers).
    is_customer_visible: bool


def _minutes(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else int((end - start).total_seconds() // 60)


_WITH = (
    "customer", "category", "product", "order_type", "contact_person", "received_by", "judged_by", "closed_by",
    "merged_into__category", "from_case__category",
)  # fmt: skip


def case_for(access: Access, case_id: int) -> Case:
    """One case in sight; any other is not there (404)."""
    # Without an order: to sort the one row Django would look at each of some two hundred columns.
    found = list(Case.visible_to(access.scope_for("view_cases")).select_related(*_WITH).filter(pk=case_id)[:1])
    if not found:
        raise NotFound
    return found[0]


def clock_case(access: Access, clock_id: int) -> int:
    """The case of a clock in sight; any other is not there (404)."""
    clocks = CaseClock.visible_to(access.scope_for("view_cases")).filter(pk=clock_id)
    found = list(clocks.values_list("case_id", flat=True)[:1])
    if not found:
        raise NotFound
    return int(found[0])


def case_detail(access: Access, case_id: int, *, now: datetime) -> CaseDetail:
    """A case with its steps, clocks, conversation, dispatches and escalations, and the buttons that are allowed."""
    case = case_for(access, case_id)
    steps = steps_of(case.pk)
    done = frozenset(step.step for step in steps if step.round == case.round)
    orders = order_steps_of(case)
    related = _related(case)
    dispatches, escalations = dispatches_of(access, case.pk), escalations_of(case.pk)
    return CaseDetail(
        head=head_of(case),
        steps=steps,
        done_steps=done,
        next_step=next_step(done) if case.kind == CaseKind.COMPLAINT else None,
        missing_for_reply=tuple(sorted(missing_for_reply(case.kind, done))),
        missing_for_close=tuple(sorted(missing_for_close(case.kind, done))),
        order_steps=orders,
        clocks=clocks_of(case.pk),
        pause=pause_of(case.pk),
        entries=entries_of(case.pk),
        files=files_of(case.pk),
        dispatches=dispatches,
        escalations=escalations,
        from_case=brief_of(case.from_case) if case.from_case else None,
        grown=tuple(brief for brief, place in related if place == "grown"),
        merged_into=brief_of(case.merged_into) if case.merged_into else None,
        merged=tuple(brief for brief, place in related if place == "merged"),
        allowed=allowed_on(access, case, done, orders, now=now),
        is_customer_visible=access.scope.allows(unit_id=case.customer.unit_id, manager_id=case.customer.manager_id),
    )


def refuse_right(access: Access, case_id: int, deed: str) -> None:
    """The form of a deed is for those who have the right to it, whatever the state: 403 else."""
    case = case_for(access, case_id)
    if (
        refuse_deed(deed, kind=case.kind, state=case.state, rights=rights_on(access, case, case.customer))
        == "not_allowed"
    ):
        raise NotAllowed


def case_file(access: Access, case_id: int, file_id: int) -> Attachment:
    """A file of a case in sight; any other is not there."""
    case_for(access, case_id)
    found = CaseFile.unscoped.filter(case_id=case_id, pk=file_id).select_related("attachment").first()
    if found is None:
        raise NotFound
    return found.attachment


@dataclass(frozen=True, slots=True)
class CaseProgress:
    """How far a case has come and what may be done next, without its conversation."""

    state: str
    done_steps: frozenset[int]
    next_step: int | None
    order_steps: tuple[OrderStepView, ...]
    clocks: tuple[ClockView, ...]
    allowed: frozenset[str]


def case_progress(access: Access, case_id: int, *, now: datetime) -> CaseProgress:
    """What a machine asks before it does something; 404 out of sight."""
    case = case_for(access, case_id)
    done = frozenset(step.step for step in steps_of(case.pk) if step.round == case.round)
    orders = order_steps_of(case)
    return CaseProgress(
        state=case.state,
        done_steps=done,
        next_step=next_step(done) if case.kind == CaseKind.COMPLAINT else None,
        order_steps=orders,
        clocks=clocks_of(case.pk),
        allowed=allowed_on(access, case, done, orders, now=now),
    )


def _related(case: Case) -> list[tuple[CaseBrief, str]]:
    rows = Case.unscoped.filter(from_case=case) | Case.unscoped.filter(merged_into=case)
    return [(brief_of(row), "merged" if row.merged_into_id == case.pk else "grown") for row in rows.order_by("pk")[:50]]


def brief_of(case: Case) -> CaseBrief:
    """A case in one line."""
    return CaseBrief(
        id=case.pk, number=case.number, kind=case.kind, kind_label=str(case.get_kind_display()), state=case.state,
        state_label=str(case.get_state_display()), facts=case.facts[:120], received_at=case.received_at,
        closed_at=case.closed_at, owner=names.staff_name(case.owner_id), next_due_at=case.next_due_at,
        is_breached=case.is_breached, result=case.result[:120], caused_by_id=case.caused_by_id,
        told_in_id=case.told_in_id,
    )  # fmt: skip


def head_of(case: Case) -> CaseHead:
    """The flat part; phones are masked."""
    customer, category, order = case.customer, case.category, case.order_type
    label = label_field()
    person = case.contact_person
    return CaseHead(
        id=case.pk, number=case.number, version=case.version, kind=case.kind,
        kind_label=str(case.get_kind_display()), state=case.state, state_label=str(case.get_state_display()),
        level=case.level, level_label=str(case.get_level_display()), round=case.round,
        customer_id=customer.pk, customer=customer.name, customer_number=customer.number,
        customer_unit_id=customer.unit_id, customer_manager_id=customer.manager_id,
        tier=names.tier(customer.tier_id), unit=names.unit_name(case.unit_id), manager_id=case.manager_id,
        manager=names.staff_name(case.manager_id), owner_id=case.owner_id, owner=names.staff_name(case.owner_id),
        channel=case.channel, channel_label=str(case.get_channel_display()),
        category=category.code if category else "", category_label=getattr(category, label) if category else "",
        product=case.product.name if case.product else "", product_id=case.product_id,
        order_type=order.code if order else "", order_type_label=getattr(order, label) if order else "",
        facts=case.facts, expectation=case.expectation,
        happened_at=case.happened_at, numbers=case.numbers, speaker=person.name if person else case.speaker_name,
        speaker_phone=mask_phone(person.phone if person and not case.speaker_phone else case.speaker_phone),
        received_at=case.received_at, received_by=case.received_by.name, accepted_at=case.accepted_at,
        first_reply_at=case.first_reply_at, first_action_at=case.first_action_at, next_due_at=case.next_due_at,
        is_breached=case.is_breached, caused_by_id=case.caused_by_id, told_in_id=case.told_in_id,
        **_outcome(case),
    )  # fmt: skip


def _outcome(case: Case) -> dict[str, Any]:
    return {
        "result": case.result, "reply_method": case.reply_method,
        "reply_method_label": str(case.get_reply_method_display()) if case.reply_method else "",
        "replied_at": case.replied_at, "is_resolved": case.is_resolved, "satisfaction": case.satisfaction,
        "solved_in_one_call": case.solved_in_one_call, "proposed_judgement": case.proposed_judgement,
        "proposed_judgement_label": str(Judgement(case.proposed_judgement).label), "judgement": case.judgement,
        "judgement_label": str(Judgement(case.judgement).label),
        "judged_by": case.judged_by.name if case.judged_by else "", "judged_at": case.judged_at,
        "judgement_note": case.judgement_note, "cause": case.cause, "closed_at": case.closed_at,
        "closed_by": case.closed_by.name if case.closed_by else "",
    }  # fmt: skip


def label_field() -> str:
    """The label of reference rows in the language of the moment."""
    from complaints.queries.case_parts import is_english

    return "label_en" if is_english() else "label_zh"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody who takes requests sees of a case that is not his: that it is in good hands."""

    id: int
    number: str
    kind_label: str
    state_label: str
    unit: str
    owner: str
    received_at: datetime
    facts: str
    expectation: str
    next_due_at: datetime | None


def receipt_of(access: Access, case_id: int) -> Receipt:
    """The receipt of a case for whoever took it down; anybody else: 404."""
    case = Case.unscoped.filter(pk=case_id, received_by_id=access.user_id).first()
    if case is None or not access.can_any("take_requests", "view_cases"):
        raise NotFound
    return Receipt(
        id=case.pk, number=case.number, kind_label=str(case.get_kind_display()),
        state_label=str(case.get_state_display()), unit=names.unit_name(case.unit_id),
        owner=names.staff_name(case.owner_id), received_at=case.received_at, facts=case.facts,
        expectation=case.expectation, next_due_at=case.next_due_at,
    )  # fmt: skip
