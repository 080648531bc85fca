"""Groups: two ways to be lost, counted apart; members and lines that leave are a signal (RET-9, F3)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Customer, GroupMember, LifecycleEvent, Line, Signal
from accounts.rules.lines import is_leaving
from crm.core.measures import by_manager, over
from crm.core.scope import Scope
from crm.core.sweeps import run_step
from retention.actions import explain_loss
from retention.queries.measures import GROUPS_LEFT, GROUPS_PORTED
from tests.retention.churn_world import in_base, leaves, night, records, vip
from tests.visits.ledger_world import at

pytestmark = pytest.mark.django_db
MAY_4 = date(2026, 5, 4)


def happened(customer, kind, on, *, destination="", line=None, reverses=None):
    """An event as billing told it."""
    place = LifecycleEvent.unscoped.count()
    return LifecycleEvent.unscoped.create(
        customer=customer, kind=kind, happened_on=on, destination=destination, line=line, reverses=reverses,
        source="billing", external_id=f"E{place}", received_at=at(on),
    )  # fmt: skip


def group(cast):
    """A group of the teammate, there since before the year began."""
    return vip(cast, "level1", kind="group", manager="teammate")


def test_a_loss_says_to_whom_he_was_ported(cast):
    """RET-9: kind and competitor from the newest port-out that stands; an unknown code is "other"; none is "left"."""
    ported, unknown, undone, closed, by_line, firm = *(vip(cast) for _ in range(5)), group(cast)
    happened(ported, "ported_out", MAY_4 - timedelta(days=1), destination="telecom")
    happened(ported, "ported_out", MAY_4, destination="Unicom")
    happened(unknown, "ported_out", MAY_4, destination="xyz")
    wrong = happened(undone, "ported_out", MAY_4, destination="unicom")
    happened(undone, "ported_out", MAY_4, reverses=wrong)
    happened(closed, "closed", MAY_4)
    for owner in (by_line, firm):
        number = Line.unscoped.create(
            customer=owner, number=f"139{owner.pk:08d}", opened_on=MAY_4, updated_at=at(MAY_4)
        )
        happened(owner, "ported_out", MAY_4, destination="unicom", line=number)
    for customer in (ported, unknown, undone, closed, by_line, firm):
        leaves(customer, MAY_4)
    night(MAY_4)
    found = [(records(row)[0].kind, getattr(records(row)[0].competitor, "code", None))
             for row in (ported, unknown, undone, closed, by_line, firm)]  # fmt: skip
    assert found == [("ported", "unicom"), ("ported", "other"), ("left", None), ("left", None), ("ported", "unicom"),
                     ("left", None)]  # fmt: skip
    # The event comes after the night: told then, but never over what a person has written.
    explain_loss(record_id=records(closed)[0].pk, kind="left", competitor_id=None, cause="搬走", version=None,
                 by=cast.manager, now=at(MAY_4))  # fmt: skip
    for late in (closed, undone):
        happened(late, "ported_out", MAY_4, destination="telecom")
    assert night(MAY_4 + timedelta(days=1)).rows == 1
    assert (records(closed)[0].kind, records(undone)[0].kind) == ("left", "ported")
    assert night(MAY_4 + timedelta(days=2)).rows == 0


def test_the_two_losses_of_groups_are_two_figures(cast):
    """F3, RET-9: groups of 1 January lost to date, by type; VIPs and groups won since are in neither."""
    groups = [group(cast) for _ in range(4)]
    in_base(*groups, vip(cast))
    new = group(cast)
    for customer in (groups[0], groups[1], groups[2], new):
        leaves(customer, MAY_4)
    happened(groups[0], "ported_out", MAY_4, destination="unicom")
    happened(new, "ported_out", MAY_4, destination="unicom")
    night(MAY_4)
    time = over(date(2026, 5, 1), date(2026, 5, 31))
    teammate = cast.staff["teammate"].pk
    shares = [by_manager(measure, Scope.ALL, time)[teammate] for measure in (GROUPS_PORTED, GROUPS_LEFT)]
    assert [(int(share.numerator), int(share.denominator)) for share in shares] == [(1, 4), (2, 4)]


def lines(firm, number, *, closed=0, members=False, prefix="137", closed_on=None):
    """So many lines of a group since last year, the first of them closed."""
    rows = []
    for place in range(number):
        msisdn = f"{prefix}{firm.pk:05d}{place:03d}"
        member = GroupMember.unscoped.create(customer=firm, msisdn=msisdn) if members else None
        is_closed = place < closed
        rows.append(
            Line(customer=firm, member=member, number=msisdn, opened_on=date(2025, 1, 1), updated_at=timezone.now(),
                 state="closed" if is_closed else "active", closed_on=closed_on if is_closed else None)
        )  # fmt: skip
    return Line.unscoped.bulk_create(rows)


def notice(day):
    return run_step("notice_leaving_members", day, at(day))


def test_members_and_lines_that_leave_are_a_signal(cast):
    """RET-9: a fifth of the members (or of the group's own lines) within 30 days, at least three; told once."""
    many, few, small, stopped, gone, person = *(group(cast) for _ in range(5)), vip(cast)
    Customer.unscoped.filter(pk=gone.pk).update(state="churned", exited_on=MAY_4)
    recent, old = MAY_4 - timedelta(days=5), MAY_4 - timedelta(days=31)
    members = lines(many, 15, closed=3, members=True, closed_on=recent)
    lines(few, 16, closed=3, members=True, closed_on=recent)
    lines(few, 20, closed=10, prefix="136", closed_on=old)
    lines(small, 5, closed=2, closed_on=recent)
    for row in lines(stopped, 10)[:4]:
        Line.unscoped.filter(pk=row.pk).update(state="suspended")
        happened(stopped, "suspended", recent, line=row)
    lines(gone, 4, closed=4, closed_on=recent)
    lines(person, 4, closed=4, closed_on=recent)
    # One member has another number still: he has not left; a fourth has.
    Line.unscoped.create(customer=many, member=members[0].member, number="13699990000", opened_on=MAY_4,
                         updated_at=timezone.now())  # fmt: skip
    assert notice(MAY_4).rows == 1
    Line.unscoped.filter(pk=members[3].pk).update(state="closed", closed_on=recent)
    assert (notice(MAY_4).rows, notice(MAY_4 + timedelta(days=1)).rows) == (1, 0)
    told = set(Signal.unscoped.values_list("customer_id", "kind", "quantity", "text"))
    assert told == {(stopped.pk, "lines_stopped", 4, "4/10"), (many.pk, "members_leaving", 3, "3/15")}


def test_the_night_and_the_rule_agree(cast):
    """RET-9: the statement against the rule, for every number that left of every number there was."""
    expected = set()
    for before in (3, 10, 15, 16):
        for closed in range(2, 5):
            if closed > before:
                continue
            firm = group(cast)
            lines(firm, before, closed=closed, closed_on=MAY_4)
            if is_leaving(closed, before, share=20, least=3):
                expected.add(firm.pk)
    notice(MAY_4)
    assert set(Signal.unscoped.values_list("customer_id", flat=True)) == expected and expected
