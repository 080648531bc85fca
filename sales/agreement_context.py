"""What the pages of agreements and joining applications are given."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.queries import names
from accounts.queries.customers import contact_persons, customer_for
from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value, with_values, without
from crm.core.marks import due_words
from sales.agreement_forms import AgreementForm, ApplicationForm, CheckForm, EndForm, ScanForm
from sales.agreement_rules import LAST_REMINDER, REMINDERS, needs_check
from sales.choices import AgreementKind, AgreementState, ApplicationState
from sales.customer_filters import KNOWN, chips_of, of_customers
from sales.models import Agreement, JoiningApplication
from sales.need_context import need_lines
from sales.queries import agreements as queries
from sales.queries.needs import needs_of, type_labels
from sales.tabs import sales_tabs

SEES, EDITS, CHECKS = queries.SEES, queries.EDITS, queries.CHECKS
DEFAULT_VIEW = "in_force"
STATE_LOOKS = {
    ApplicationState.SUBMITTED: ("soon", "ti-clipboard-text"),
    ApplicationState.CHECKING: ("info", "ti-clipboard-list"),
    ApplicationState.PASSED: ("met", "ti-circle-check"),
    ApplicationState.FAILED: ("late", "ti-circle-x"),
}


def view_words() -> dict[str, str]:
    """The chips of the list of agreements."""
    return {
        "in_force": pgettext("agreement", "In force"),
        "30": _("Ends within 30 days"),
        "60": _("Ends within 60 days"),
        "90": _("Ends within 90 days"),
        "lapsed": _("Ended, not renewed"),
        "all": _("All"),
    }


def application_words() -> dict[str, str]:
    """The chips of the list of applications."""
    return {
        "waiting": _("To be checked"),
        "passed": str(ApplicationState.PASSED.label),
        "failed": str(ApplicationState.FAILED.label),
        "all": _("All"),
    }


def end_mark(ends_on: date | None, today: date, *, is_followed: bool, is_terminated: bool) -> tuple[str, str, str]:
    """How an agreement stands, in words, with look and icon."""
    if is_terminated:
        return _("Ended early"), "quiet", "ti-circle-x"
    if is_followed:
        return _("Renewed"), "met", "ti-arrow-forward-up"
    if ends_on is None:
        return _("Without an end"), "plain", "ti-infinity"
    if ends_on < today:
        return _("Ended"), "quiet", "ti-circle-minus"
    days = (ends_on - today).days
    look = "late" if days <= LAST_REMINDER else "soon" if days <= REMINDERS[0] else "met"
    icon = "ti-circle-check" if look == "met" else "ti-clock-exclamation"
    return (pgettext("agreement", "In force") if look == "met" else due_words(ends_on, today)[0]), look, icon


def is_terminated(row: Agreement) -> bool:
    """Ended before the day that was agreed."""
    return row.state == AgreementState.TERMINATED


def agreement_list_context(request: HttpRequest, *, today: date) -> dict[str, Any]:
    """The list with its chips, each with its count."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("view", "kind", *KNOWN)))
    view, kind = given.get("view", DEFAULT_VIEW), given.get("kind", "")
    if view not in queries.VIEWS:
        raise unknown_value("view")
    if kind and kind not in AgreementKind.values:
        raise unknown_value("kind")
    conditions = of_customers(access, given, SEES)
    rows, following = queries.agreements(conditions, view, kind, today, given.get("cursor", ""))
    counts = queries.agreement_counts(conditions, today)
    return {
        "tabs": sales_tabs(access, "agreement_list"),
        "lines": [
            (row, *end_mark(row.ends_on, today, is_followed=bool(row.followed_by), is_terminated=row.is_terminated))
            for row in rows
        ],
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "views": [
            (label, with_values(request.GET, view=name), name == view, counts.get(name))
            for name, label in view_words().items()
        ],
        "kinds": [
            (label, with_values(request.GET, kind=value), value == kind) for value, label in AgreementKind.choices
        ],
        "every_kind": without(request.GET, "kind") if kind else "",
        "chips": chips_of(request.GET, given),
        "given": given,
        "shows_manager": _shows_manager(access),
    }


def _shows_manager(access: Access) -> bool:
    scope = access.scope_for(SEES)
    return scope.everything or bool(scope.unit_ids)


def agreement_context(access: Access, row: Agreement, *, today: date) -> dict[str, Any]:
    """One agreement: facts, what it follows and what follows it, and what may be done."""
    customer, follower = row.customer, queries.follower_of(row.pk)
    may_edit = access.scope_for(EDITS).allows(unit_id=customer.unit_id, manager_id=customer.manager_id)
    is_over = bool(row.ends_on and row.ends_on < today)
    has_ended_early = is_terminated(row)
    card = names.staff_card(row.our_signer_id)
    words, look, icon = end_mark(
        row.ends_on, today, is_followed=follower is not None, is_terminated=has_ended_early
    )  # fmt: skip
    return {
        "row": row,
        "customer": customer,
        "follower": follower,
        "state": (words, look, icon),
        "our_signer": card.name if card else "",
        "manager": names.staff_name(customer.manager_id),
        "reminders": queries.reminders_of(row),
        "application": row.application,
        "can_renew": may_edit and follower is None and not has_ended_early,
        "end_form": EndForm(initial={"version": row.version, "ends_on": today})
        if may_edit and not is_over and not has_ended_early
        else None,
        "scan_form": ScanForm() if may_edit else None,
        "sees_application": row.application_id is not None,
    }


def agreement_form(request: HttpRequest, customer: Any, previous: Agreement | None, *, today: date) -> AgreementForm:
    """The form of a new agreement; a renewal begins where the one before ends."""
    access: Access = request.access  # type: ignore[attr-defined]
    people = [person.name for person in contact_persons(access.scope, customer.pk) if person.is_active]
    card = names.staff_card(customer.manager_id)
    own = names.staff_card(access.staff_id)
    ours = {found.number: found.name for found in (card, own) if found is not None}
    initial: dict[str, Any] = {"signed_on": today, "our_signer": own.number if own else ""}
    if previous is not None:
        initial |= {"kind": previous.kind, "starts_on": _day_after(previous.ends_on, today)}
    posted = request.POST if request.method == "POST" else None
    files = request.FILES if request.method == "POST" else None
    return AgreementForm(
        posted, files, initial=initial, ours=ours.items(), theirs=[(name, name) for name in dict.fromkeys(people)]
    )


def _day_after(ends_on: date | None, today: date) -> date:
    return date.fromordinal(ends_on.toordinal() + 1) if ends_on and ends_on >= today else today


def customer_part_context(access: Access, customer_id: int, *, today: date) -> dict[str, Any]:
    """The tab of the customer page: agreements, applications, needs with their changes (CUS-14)."""
    customer = customer_for(access.scope_for(SEES), customer_id)
    scope = access.scope_for(SEES)
    rows = queries.agreements_of(scope, customer_id)
    followed = {row.previous_id for row in rows if row.previous_id}
    applications = queries.applications_of(scope, customer_id)
    may_edit = access.scope_for(EDITS).allows(unit_id=customer.unit_id, manager_id=customer.manager_id)
    newest = applications[0].state if applications else None
    is_waiting = newest in (ApplicationState.SUBMITTED, ApplicationState.CHECKING)
    must_apply = needs_check(customer.kind, AgreementKind.PRODUCT) and newest != ApplicationState.PASSED
    return {
        "customer": customer,
        "agreements": [
            (row, *end_mark(row.ends_on, today, is_followed=row.pk in followed, is_terminated=is_terminated(row)))
            for row in rows
        ],
        "applications": [(row, str(ApplicationState(row.state).label), *STATE_LOOKS[ApplicationState(row.state)])
                         for row in applications],
        "needs": need_lines(needs_of(scope, customer_id), today, type_labels()),
        "can_note": may_edit,
        "can_sign": may_edit and not must_apply,
        "can_apply": may_edit and must_apply and not is_waiting,
        "waits_for_check": must_apply and is_waiting,
    }  # fmt: skip


# --- Applications


def application_list_context(request: HttpRequest) -> dict[str, Any]:
    """The list; what waits for a check first."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("state", *KNOWN)))
    state = given.get("state", "waiting")
    if state not in queries.STATES:
        raise unknown_value("state")
    conditions = of_customers(access, given, SEES)
    rows, following = queries.applications(conditions, state, given.get("cursor", ""))
    return {
        "tabs": sales_tabs(access, "agreement_list"),
        "lines": [
            (row, str(ApplicationState(row.state).label), *STATE_LOOKS[ApplicationState(row.state)]) for row in rows
        ],
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "states": [
            (label, with_values(request.GET, state=name), name == state) for name, label in application_words().items()
        ],
        "chips": chips_of(request.GET, given),
        "given": given,
        "state": state,
        "shows_manager": _shows_manager(access),
    }


def application_context(access: Access, row: JoiningApplication, form: CheckForm | None) -> dict[str, Any]:
    """One application with the checklist: to be answered, or as it was answered."""
    customer = row.customer
    english = (get_language() or "").startswith("en")
    lines = queries.check_lines(row)
    is_waiting = row.state in (ApplicationState.SUBMITTED, ApplicationState.CHECKING)
    may_check = access.scope_for(CHECKS).allows(unit_id=customer.unit_id, manager_id=customer.manager_id)
    is_own = row.applied_by_id == access.user_id
    if form is None and is_waiting and may_check and not is_own:
        form = check_form(row)
    words, (look, icon) = str(ApplicationState(row.state).label), STATE_LOOKS[ApplicationState(row.state)]
    may_edit = access.scope_for(EDITS).allows(unit_id=customer.unit_id, manager_id=customer.manager_id)
    return {
        "row": row,
        "customer": customer,
        "state": (words, look, icon),
        "lines": [(line.rule.label_en if english else line.rule.label_zh, line) for line in lines],
        "form": form,
        "is_own": is_own and is_waiting,
        "checker": row.checked_by.name if row.checked_by else row.checker_name,
        "manager": names.staff_name(customer.manager_id),
        "sign_url": reverse("sales:agreement_new", args=[customer.pk])
        if may_edit and row.state == ApplicationState.PASSED
        else "",
    }


def check_form(row: JoiningApplication, data: Any = None) -> CheckForm:
    """The checklist to be answered, begun with what was answered so far."""
    english = (get_language() or "").startswith("en")
    initial = {"version": row.version, "result_note": row.result_note}
    return CheckForm(data, lines=queries.check_lines(row), english=english, initial=initial)


def application_form(data: Any = None) -> ApplicationForm:
    """A new application."""
    return ApplicationForm(data)
