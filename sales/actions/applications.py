"""A group asks to join; somebody else examines it by the checklist (SAL-14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_customer
from accounts.choices import CustomerKind, Role
from accounts.models import Customer
from accounts.queries import names
from accounts.queries.staff import users_with_role
from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound, refuse_own
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text
from sales.agreement_notices import APPLICATION_FAILED, APPLICATION_PASSED, APPLICATION_WAITING
from sales.choices import ApplicationState
from sales.models import ApplicationCheck, JoiningApplication, QualificationRule

if TYPE_CHECKING:
    from crm.core.models import User

EDITS, CHECKS, SEES = "edit_sales", "check_applications", "view_sales"
TABLE = "sales_joiningapplication"
UNDER_WAY = (ApplicationState.SUBMITTED, ApplicationState.CHECKING)
Answer = tuple[bool, str]
"""Whether a line of the checklist is met, and why not."""


def apply_to_join(*, customer_id: int, text: str, by: User, now: datetime) -> JoiningApplication:
    """File the application of a group; who may check it in its unit hears of it."""
    text = clean_text(text, field="text", max_length=1000, multiline=True)
    with write(by=by):
        customer = the_customer(by, customer_id, EDITS)
        if customer.kind != CustomerKind.GROUP:
            raise Invalid(_("Only a group customer joins by application."), code="not_a_group", field="customer")
        if JoiningApplication.unscoped.filter(customer=customer, state__in=UNDER_WAY).exists():
            raise Invalid(_("An application of this customer is under way."), code="under_way", field="customer")
        row = JoiningApplication.unscoped.create(customer=customer, text=text, applied_by=by, applied_at=now)
        checkers = users_with_role(Role.SUPERVISOR, customer.unit_id, timezone.localdate(now))
        params = {"by": by.name, "customer": customer.name}
        notify(
            [
                NoticeRow(user, APPLICATION_WAITING.kind, TABLE, row.pk, "", params, _url(row))
                for user in checkers
                if user != by.pk
            ],
            now,
        )
        return row


def check_application(
    *,
    application_id: int,
    answers: Mapping[int, Answer],
    result_note: str,
    is_finished: bool,
    version: int | None,
    by: User,
    now: datetime,
) -> JoiningApplication:
    """Answer the checklist, a part of it or all; finished, it is passed when every line is met. Never one's own."""
    result_note = clean_text(result_note, field="result_note", max_length=500, multiline=True)
    with write(by=by):
        row = _reached(by, application_id, version)
        rules = list(QualificationRule.objects.filter(is_active=True).order_by("position", "id"))
        problems = _problems(rules, answers, is_finished)
        if problems:
            raise Invalid(errors=problems)
        for rule in rules:
            if rule.pk in answers:
                is_met, note = answers[rule.pk]
                ApplicationCheck.unscoped.update_or_create(
                    application=row, rule=rule, defaults={"is_met": is_met, "note": note}
                )
        row.checked_by, row.result_note = by, result_note
        row.state = ApplicationState.CHECKING
        if is_finished:
            is_passed = all(is_met for is_met, _note in answers.values())
            row.state = ApplicationState.PASSED if is_passed else ApplicationState.FAILED
            row.checked_on = timezone.localdate(now)
        row.version += 1
        row.save(update_fields=["state", "checked_by", "checked_on", "result_note", "version"])
        if is_finished:
            _tell(row, answers, now)
        return row


def _reached(by: User, application_id: int, version: int | None) -> JoiningApplication:
    """The application, locked: in sight, else 404; then allowed, else 403; somebody else's, and still under way."""
    rows = JoiningApplication.visible_to(by.access.scope_for(SEES)).select_related("customer")
    row = rows.select_for_update(of=("self",)).filter(pk=application_id).first()
    if row is None:
        raise NotFound(_("There is no such application."))
    customer = row.customer
    if not by.access.scope_for(CHECKS).allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
        raise NotAllowed
    refuse_own(by.pk, row.applied_by_id)
    if row.state not in UNDER_WAY or (version is not None and version != row.version):
        raise Conflict(current={"state": row.state, "version": row.version})
    return row


def _problems(rules: list[QualificationRule], answers: Mapping[int, Answer], is_finished: bool) -> list[FieldProblem]:
    problems = []
    for rule in rules:
        answer = answers.get(rule.pk)
        if answer is None and is_finished:
            problems.append(FieldProblem(f"rule_{rule.pk}", "required", _("Is it met or not?")))
        elif answer is not None and not answer[0] and not answer[1]:
            problems.append(FieldProblem(f"note_{rule.pk}", "required", _("Say what is not met.")))
    return problems


def _tell(row: JoiningApplication, answers: Mapping[int, Answer], now: datetime) -> None:
    """Whoever filed it, and the manager, hear the result."""
    customer: Customer = row.customer
    is_passed = row.state == ApplicationState.PASSED
    reasons = [note for is_met, note in answers.values() if not is_met]
    manager = names.staff_card(customer.manager_id)
    users = {row.applied_by_id, manager.user_id if manager else None} - {None, row.checked_by_id}
    params = {"customer": customer.name, "reason": "; ".join(reasons)}
    kind = APPLICATION_PASSED.kind if is_passed else APPLICATION_FAILED.kind
    notify([NoticeRow(int(user), kind, TABLE, row.pk, "", params, _url(row)) for user in users if user], now)


def _url(row: JoiningApplication) -> str:
    return reverse("sales:application_detail", args=[row.pk])
