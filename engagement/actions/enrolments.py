"""Let customers enjoy a policy, and end it (ENG-5, ENG-6, ENG-7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import scope_of, the_customer, the_customers
from accounts.choices import CustomerState
from accounts.models import Customer
from crm.core.db import write
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_text
from engagement.choices import PolicyKind
from engagement.models import PolicyEnrolment, ServicePolicy
from engagement.queries.policies import OPEN_TO

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "enrol_policies"
NOTE = 300
FURTHEST = timedelta(days=3660)
LONGEST_AGO = timedelta(days=366)
IN_SERVICE = (CustomerState.ACTIVE, CustomerState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of a bulk enrolment: who has it now, who had it already, whom it is not for."""

    done: tuple[int, ...]
    already: tuple[int, ...]
    not_for: tuple[int, ...]


def enrol(
    *,
    customer_ids: Iterable[int],
    policy_id: int,
    starts_on: date,
    ends_on: date | None = None,
    note: str = "",
    by: User,
    now: datetime,
) -> Enrolled:
    """ENG-6: let customers enjoy a VIP service policy. Marketing and special care cost money: they are offered and
    approved in a save case (RET-7), never given by hand. One that is not visible stops all (decisions 14)."""
    note = clean_text(note, field="note", max_length=NOTE)
    _check_days(starts_on, ends_on, timezone.localdate(now))
    with write(by=by):
        customers = the_customers(by, customer_ids, MAY)
        if not customers:
            raise Invalid(_("Choose at least one customer."), code="required", field="customers")
        policy = _policy(policy_id)
        if policy.kind != PolicyKind.SERVICE:
            raise Invalid(
                _("Marketing and special care are offered in a save case."), code="not_a_service", field="policy"
            )
        return _enrol(customers, policy, starts_on, ends_on, note, by, now)


def grant(
    *,
    customer_id: int,
    policy_id: int,
    starts_on: date,
    ends_on: date | None,
    note: str,
    by: User | None,
    now: datetime,
) -> Enrolled:
    """RET-7: an accepted offer becomes what the customer enjoys; who may offer is asked where the offer is made."""
    with write(by=by, label="" if by else "system:grant"):
        customer = the_customer(by, customer_id)
        return _enrol([customer], _policy(policy_id), starts_on, ends_on, note[:NOTE], by, now)


def _enrol(
    customers: list[Customer],
    policy: ServicePolicy,
    starts_on: date,
    ends_on: date | None,
    note: str,
    by: User | None,
    now: datetime,
) -> Enrolled:
    ids = [row.pk for row in customers if row.state in IN_SERVICE]
    fitting = _fitting(policy, {row.tier_id for row in customers}, starts_on)
    eligible = {row.pk for row in customers if row.pk in set(ids) and row.tier_id in fitting}
    have = _overlapping(policy.pk, ids, starts_on, ends_on)
    done = [row.pk for row in customers if row.pk in eligible and row.pk not in have]
    PolicyEnrolment.unscoped.bulk_create(
        PolicyEnrolment(
            customer_id=pk, policy=policy, starts_on=starts_on, ends_on=ends_on, note=note, enrolled_by=by,
            enrolled_at=now,
        )
        for pk in done
    )  # fmt: skip
    already = tuple(row.pk for row in customers if row.pk in have)
    not_for = tuple(row.pk for row in customers if row.pk not in eligible and row.pk not in have)
    return Enrolled(tuple(done), already, not_for)


def _fitting(policy: ServicePolicy, tier_ids: set[int | None], day: date) -> set[int | None]:
    """Those of the tiers to whose customers the policy is given on the day; the statement of the offers asks it."""
    open_to = OPEN_TO.format(day="%(day)s", tier="t.id")
    with connection.cursor() as db:
        db.execute(
            f"SELECT t.id FROM engagement_servicepolicy p CROSS JOIN unnest(%(tiers)s::bigint[]) AS t(id)"
            f" WHERE p.id = %(policy)s AND {open_to}",
            {"day": day, "policy": policy.pk, "tiers": list(tier_ids)},
        )
        return {row[0] for row in db.fetchall()}


def _overlapping(policy_id: int, customer_ids: list[int], starts_on: date, ends_on: date | None) -> set[int]:
    """Who has the policy for a day of the span already: the constraint in words."""
    with connection.cursor() as db:
        db.execute(
            "SELECT customer_id FROM engagement_policyenrolment WHERE policy_id = %s AND customer_id = ANY(%s)"
            " AND daterange(starts_on, ends_on, '[]') && daterange(%s::date, %s::date, '[]')",
            [policy_id, customer_ids, starts_on, ends_on],
        )
        return {row[0] for row in db.fetchall()}


def _policy(policy_id: int) -> ServicePolicy:
    row = ServicePolicy.objects.filter(pk=policy_id).first()
    if row is None:
        raise Invalid(_("There is no such policy."), code="not_found", field="policy")
    return row


def _check_days(starts_on: date, ends_on: date | None, today: date) -> None:
    if not today - LONGEST_AGO <= starts_on <= today + FURTHEST:
        raise Invalid(_("This date is too far away."), code="out_of_range", field="starts_on")
    _check_end(starts_on, ends_on, today)


def _check_end(starts_on: date, ends_on: date | None, today: date) -> None:
    if ends_on is None:
        return
    if ends_on < starts_on:
        raise Invalid(_("The end lies before the beginning."), code="out_of_range", field="ends_on")
    if ends_on > today + FURTHEST:
        raise Invalid(_("This date is too far away."), code="out_of_range", field="ends_on")


def keep_enrolment(
    *, enrolment_id: int, ends_on: date | None, used_on: date | None, note: str, by: User, now: datetime
) -> PolicyEnrolment:
    """ENG-7: renew or end an enrolment, say when the customer made use of it."""
    today = timezone.localdate(now)
    note = clean_text(note, field="note", max_length=NOTE)
    with write(by=by):
        row = _mine(enrolment_id, by)
        _check_end(row.starts_on, ends_on, today)
        if used_on is not None and not row.starts_on <= used_on <= today:
            raise Invalid(_("Used between the beginning and today."), code="out_of_range", field="used_on")
        if ends_on != row.ends_on:
            _refuse_overlap(row, ends_on)
            is_over = ends_on is not None and ends_on <= today
            row.ended_by, row.ended_at = (by, now) if is_over else (None, None)
        row.ends_on, row.used_on, row.note = ends_on, used_on, note
        row.save(update_fields=["ends_on", "used_on", "note", "ended_by", "ended_at"])
    return row


def _refuse_overlap(row: PolicyEnrolment, ends_on: date | None) -> None:
    later = PolicyEnrolment.unscoped.filter(
        customer_id=row.customer_id, policy_id=row.policy_id, starts_on__gt=row.starts_on
    )
    if ends_on is not None:
        later = later.filter(starts_on__lte=ends_on)
    if later.exists():
        raise Invalid(_("The policy begins anew before that day."), code="overlap", field="ends_on")


def end_enrolment(*, enrolment_id: int, by: User, now: datetime) -> None:
    """The customer enjoys the policy until yesterday; one that has not begun, or began today, is taken back."""
    today = timezone.localdate(now)
    with write(by=by):
        row = _mine(enrolment_id, by)
        if row.ends_on is not None and row.ends_on < today:
            raise Invalid(_("This has ended already."), code="ended")
        if row.starts_on >= today:
            row.delete()
            return
        row.ends_on, row.ended_by, row.ended_at = today - timedelta(days=1), by, now
        row.save(update_fields=["ends_on", "ended_by", "ended_at"])


def mark_used(*, enrolment_id: int, by: User, now: datetime) -> None:
    """ENG-7: the customer has made use of it today."""
    today = timezone.localdate(now)
    with write(by=by):
        row = _mine(enrolment_id, by)
        if row.starts_on > today or (row.ends_on is not None and row.ends_on < today):
            raise Invalid(_("It does not run today."), code="not_running")
        row.used_on = today
        row.save(update_fields=["used_on"])


def _mine(enrolment_id: int, by: User) -> PolicyEnrolment:
    """An enrolment of a customer in sight, locked; who may not enrol him is refused."""
    rows = PolicyEnrolment.visible_to(scope_of(by, "view_customers")).select_for_update(of=("self",))
    row = rows.filter(pk=enrolment_id).first()
    if row is None:
        raise NotFound
    the_customer(by, row.customer_id, MAY)
    return row
