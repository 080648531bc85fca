"""Agreements and joining applications, as lists and one by one (SAL-14, SAL-15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core.errors import NotFound
from crm.core.pages import Keyset
from crm.core.scope import Scope
from sales.choices import AgreementKind, AgreementState, ApplicationState
from sales.models import Agreement, ApplicationCheck, JoiningApplication, QualificationRule

SEES, EDITS, CHECKS = "view_sales", "edit_sales", "check_applications"
LIMIT = 50
FAR = date(9999, 12, 31)
END = "coalesce(a.ends_on, DATE '9999-12-31')"
# Which agreements a chip shows; %(today)s is the day.
VIEWS: dict[str, str] = {
    "in_force": f"a.starts_on <= %s AND {END} >= %s",
    "30": "a.state = 'signed' AND a.ends_on BETWEEN %s AND %s + 30 AND n.id IS NULL",
    "60": "a.state = 'signed' AND a.ends_on BETWEEN %s AND %s + 60 AND n.id IS NULL",
    "90": "a.state = 'signed' AND a.ends_on BETWEEN %s AND %s + 90 AND n.id IS NULL",
    "lapsed": "a.ends_on < %s AND a.ends_on >= %s - 365 AND n.id IS NULL",
    "all": "TRUE",
}
SOONEST = Keyset((END, "a.id"), LIMIT, (date, int))
LATEST = Keyset((f"-{END}", "-a.id"), LIMIT, (date, int))
_LIST = """
SELECT a.id, a.number, a.kind, a.state, a.signed_on, a.starts_on, a.ends_on, a.scan_id IS NOT NULL, n.number,
    c.id, c.name, c.tier_id, c.manager_id, c.unit_id
FROM sales_agreement a JOIN accounts_customer c ON c.id = a.customer_id
LEFT JOIN sales_agreement n ON n.previous_id = a.id
WHERE {where} ORDER BY {order} LIMIT %s
"""
_COUNTS = """
SELECT {counts} FROM sales_agreement a JOIN accounts_customer c ON c.id = a.customer_id
LEFT JOIN sales_agreement n ON n.previous_id = a.id WHERE {where}
"""


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement on a list."""

    id: int
    number: str
    kind: str
    state: str
    signed_on: date
    starts_on: date
    ends_on: date | None
    has_scan: bool
    followed_by: str | None
    customer_id: int
    customer: str
    tier_id: int | None
    manager_id: int | None
    unit_id: int

    @property
    def kind_label(self) -> str:
        """What is agreed, in words."""
        return str(AgreementKind(self.kind).label)

    @property
    def tier(self) -> TierView | None:
        """The customer's tier."""
        return names.tier(self.tier_id)

    @property
    def manager(self) -> str:
        """Who looks after the customer."""
        return names.staff_name(self.manager_id)

    @property
    def is_terminated(self) -> bool:
        """Ended early."""
        return self.state == AgreementState.TERMINATED


def agreements(
    conditions: tuple[list[str], list[Any]], view: str, kind: str, today: date, cursor: str
) -> tuple[list[AgreementRow], str | None]:
    """The page of a list; what ends soonest first, of what has ended the latest."""
    parts, params = list(conditions[0]), list(conditions[1])
    parts.append(VIEWS[view])
    params += [today] * VIEWS[view].count("%s")
    if kind:
        parts.append("a.kind = %s")
        params.append(kind)
    keyset = LATEST if view == "lapsed" else SOONEST
    after, place = keyset.where(cursor)
    sql = _LIST.format(where=" AND ".join([*parts, after]), order=keyset.order_sql)
    with connection.cursor() as db:
        db.execute(sql, [*params, *place, LIMIT + 1])
        found = [AgreementRow(*row) for row in db.fetchall()]
    rows, following = keyset.page(found, lambda row: [row.ends_on or FAR, row.id])
    return list(rows), following


def agreement_counts(conditions: tuple[list[str], list[Any]], today: date) -> dict[str, int]:
    """How many each chip shows."""
    counted = [name for name in VIEWS if name != "all"]
    counts = ", ".join(f"count(*) FILTER (WHERE {VIEWS[name]})" for name in counted)
    sql = _COUNTS.format(counts=counts, where=" AND ".join(conditions[0]))
    with connection.cursor() as db:
        db.execute(sql, [*[today, today] * len(counted), *conditions[1]])
        return dict(zip(counted, db.fetchone(), strict=True))


def agreement_for(scope: Scope, agreement_id: int) -> Agreement:
    """One agreement with what its page names, or 404."""
    rows = Agreement.visible_to(scope).select_related(
        "customer", "previous", "application", "scan", "their_signer", "created_by"
    )
    row = rows.filter(pk=agreement_id).first()
    if row is None:
        raise NotFound
    return row


def follower_of(agreement_id: int) -> Agreement | None:
    """The agreement that renews it."""
    return Agreement.unscoped.filter(previous_id=agreement_id).first()


def reminders_of(agreement: Agreement) -> list[tuple[int, date]]:
    """When its end was announced: (days ahead, day)."""
    return list(agreement.reminders.order_by("-days").values_list("days", "reminded_on"))


def agreements_of(scope: Scope, customer_id: int) -> list[Agreement]:
    """Those of one customer, the one that lasts longest first."""
    rows = Agreement.visible_to(scope).filter(customer_id=customer_id).select_related("previous")
    return sorted(rows, key=lambda row: (row.ends_on or FAR, row.pk), reverse=True)


def in_force(rows: Sequence[Agreement], today: date) -> list[Agreement]:
    """Those that bind on a day."""
    return [row for row in rows if row.starts_on <= today <= (row.ends_on or FAR)]


def applications_of(scope: Scope, customer_id: int) -> list[JoiningApplication]:
    """The applications of one customer, the newest first."""
    rows = JoiningApplication.visible_to(scope).filter(customer_id=customer_id)
    return list(rows.select_related("applied_by", "checked_by").order_by("-pk"))


# --- Applications

NEWEST = Keyset(("-p.id",), LIMIT, (int,))
STATES: dict[str, tuple[str, ...]] = {
    "waiting": (ApplicationState.SUBMITTED, ApplicationState.CHECKING),
    "passed": (ApplicationState.PASSED,),
    "failed": (ApplicationState.FAILED,),
    "all": tuple(ApplicationState.values),
}
_APPLICATIONS = """
SELECT p.id, p.state, p.applied_at, p.applied_by_id, b.name, p.checked_on,
    coalesce(k.name, p.checker_name), p.result_note, c.id, c.name, c.tier_id, c.manager_id, c.unit_id
FROM sales_joiningapplication p JOIN accounts_customer c ON c.id = p.customer_id
LEFT JOIN core_user b ON b.id = p.applied_by_id LEFT JOIN core_user k ON k.id = p.checked_by_id
WHERE {where} ORDER BY {order} LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """A joining application on the list."""

    id: int
    state: str
    applied_at: Any
    applied_by_id: int | None
    applied_by: str | None
    checked_on: date | None
    checked_by: str
    result_note: str
    customer_id: int
    customer: str
    tier_id: int | None
    manager_id: int | None
    unit_id: int

    @property
    def tier(self) -> TierView | None:
        """The customer's tier."""
        return names.tier(self.tier_id)

    @property
    def manager(self) -> str:
        """Who looks after the customer."""
        return names.staff_name(self.manager_id)


def applications(
    conditions: tuple[list[str], list[Any]], state: str, cursor: str
) -> tuple[list[ApplicationRow], str | None]:
    """The page of the list, newest first."""
    after, place = NEWEST.where(cursor)
    sql = _APPLICATIONS.format(where=" AND ".join([*conditions[0], "p.state = ANY(%s)", after]), order=NEWEST.order_sql)
    with connection.cursor() as db:
        db.execute(sql, [*conditions[1], list(STATES[state]), *place, LIMIT + 1])
        found = [ApplicationRow(*row) for row in db.fetchall()]
    rows, following = NEWEST.page(found, lambda row: [row.id])
    return list(rows), following


def waiting_applications(scope: Scope, manager_id: int | None = None) -> list[ApplicationRow]:
    """What waits for a check in these units, newest first."""
    where, params = scope.sql("c")
    if manager_id is not None:
        where, params = f"{where} AND c.manager_id = %s", [*params, manager_id]
    return applications(([where], params), "waiting", "")[0]


def application_for(scope: Scope, application_id: int) -> JoiningApplication:
    """One application with its customer, or 404."""
    rows = JoiningApplication.visible_to(scope).select_related("customer", "applied_by", "checked_by")
    row = rows.filter(pk=application_id).first()
    if row is None:
        raise NotFound
    return row


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A line of the checklist, and how it was answered."""

    rule: QualificationRule
    is_met: bool | None
    note: str


def check_lines(application: JoiningApplication) -> list[CheckLine]:
    """The checklist in its order: the rules in use, and those that were answered then."""
    answers: dict[int, ApplicationCheck] = {row.rule_id: row for row in application.checks.all()}
    rules = QualificationRule.objects.order_by("position", "id")
    return [
        CheckLine(rule, answer.is_met if answer else None, answer.note if answer else "")
        for rule in rules
        if (answer := answers.get(rule.pk)) or rule.is_active
    ]
