"""One manager per customer, moved by few statements."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import actions
from accounts.choices import CustomerKind, Line, TaskKind, TaskState
from accounts.models import Assignment, Customer, Standing, Task
from accounts.queries import customer_for, managers_on
from crm.core.errors import Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def now():
    return timezone.make_aware(datetime(2026, 11, 18, 10))


def assign(cast, customers, to, by="supervisor", reason="调整", at=None):
    return actions.assign_customers(
        customer_ids=[cast.customers[key].pk for key in customers],
        staff_id=cast.staff[to].pk if to else None,
        reason=reason,
        by=cast.users[by],
        now=at or now(),
    )


def test_a_new_manager_ends_the_assignment_of_the_old_one(cast):
    """ORG-1: only one open row; the customer leaves the old manager's list."""
    done = assign(cast, ["gold"], "teammate")
    gold = cast.customers["gold"]
    assert done.customer_ids == [gold.pk]
    rows = list(Assignment.unscoped.filter(customer=gold).order_by("pk"))
    assert [(row.staff_id, row.valid_to) for row in rows] == [
        (cast.staff["manager"].pk, now().date()),
        (cast.staff["teammate"].pk, None),
    ]
    gold.refresh_from_db()
    assert gold.manager == cast.staff["teammate"]
    assert gold.version == 2
    assert Standing.unscoped.get(pk=gold.pk).manager_id == cast.staff["teammate"].pk
    with pytest.raises(NotFound):
        customer_for(cast.manager.access.scope, gold.pk)


def test_the_database_refuses_a_second_open_assignment(cast):
    """ORG-1: by constraint."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.unscoped.create(
            customer=cast.customers["gold"], staff=cast.staff["teammate"], valid_from=now().date()
        )


def test_the_manager_on_any_day_is_known(cast):
    """ORG-9: indicators count for the manager of record at the date of the event."""
    gold = cast.customers["gold"].pk
    assign(cast, ["gold"], "teammate")
    today = now().date()
    assert managers_on([gold], today - timedelta(days=1)) == {gold: cast.staff["manager"].pk}
    assert managers_on([gold], today) == {gold: cast.staff["teammate"].pk}


def test_an_ordinary_customer_gets_no_manager(cast):
    """ORG-3: refused; must be upgraded first."""
    with pytest.raises(Invalid) as refusal:
        assign(cast, ["gold", "ordinary"], "teammate")
    assert refusal.value.code == "ordinary_customer"
    assert not Assignment.unscoped.filter(customer=cast.customers["gold"], staff=cast.staff["teammate"]).exists()


def test_the_database_refuses_a_manager_on_an_ordinary_customer(cast):
    """ORG-3: whatever door it comes through."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.unscoped.filter(pk=cast.customers["ordinary"].pk).update(manager=cast.staff["manager"])


def test_an_upgraded_customer_may_have_a_manager(cast):
    """ORG-3: upgraded first, then assigned."""
    tier = cast.customers["silver"].tier_id
    actions.change_kind(
        customer_id=cast.customers["ordinary"].pk,
        kind=CustomerKind.VIP,
        tier_id=tier,
        reason="达到标准",
        by=cast.supervisor,
        now=now(),
    )
    assign(cast, ["ordinary"], "manager")
    ordinary = Customer.unscoped.get(pk=cast.customers["ordinary"].pk)
    assert (ordinary.kind, ordinary.tier_id, ordinary.manager) == ("vip", tier, cast.staff["manager"])


def test_a_vip_line_manager_with_a_group_customer_is_said_not_refused(cast):
    """ORG-5."""
    done = assign(cast, ["teammates"], "manager")
    assert done.customer_ids
    assert any("VIP" in str(warning) for warning in done.warnings)
    cast.staff["manager"].line = Line.GROUP
    cast.staff["manager"].save()
    assert not assign(cast, ["channel"], "manager").warnings


def test_equal_assignment_writes_nothing(cast):
    """ORG-1."""
    done = assign(cast, ["gold"], "manager")
    assert (done.customer_ids, done.unchanged) == ([], 1)
    assert Assignment.unscoped.filter(customer=cast.customers["gold"]).count() == 1
    assert Customer.unscoped.get(pk=cast.customers["gold"].pk).version == 1


def test_customers_can_be_left_to_nobody(cast):
    """ORG-9: they then stand on the list of unassigned VIPs."""
    assign(cast, ["gold"], None)
    assert not Assignment.unscoped.filter(customer=cast.customers["gold"], valid_to=None).exists()


def test_a_foreign_customer_in_bulk_stops_everything(cast):
    """Decisions 14, SEC-3: 404, nothing done."""
    with pytest.raises(NotFound):
        assign(cast, ["gold", "strangers"], "teammate")
    assert Customer.unscoped.get(pk=cast.customers["gold"].pk).manager == cast.staff["manager"]


@pytest.mark.parametrize("to", ["supervisor", "nobody"])
def test_only_managers_get_customers(cast, to):
    """ORG-7: a post as manager is what makes one; people of other units are not found."""
    with pytest.raises((Invalid, NotFound)):
        assign(cast, ["gold"], to)


def test_a_manager_does_not_assign(cast):
    """PLT-7."""
    with pytest.raises(NotAllowed):
        assign(cast, ["gold"], "teammate", by="manager")


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_a_reason_is_needed(cast, reason):
    """ORG-29."""
    with pytest.raises(Invalid):
        assign(cast, ["gold"], "teammate", reason=reason)


def test_the_introduction_is_due_in_five_working_days_for_diamond(cast):
    """CON-37: others within the period of their tier."""
    assign(cast, ["diamond", "gold", "silver"], "teammate")
    tasks = {task.customer_id: task for task in Task.unscoped.filter(kind=TaskKind.INTRODUCTION)}
    due = {key: str(tasks[cast.customers[key].pk].due_on) for key in ("diamond", "gold", "silver")}
    assert due == {"diamond": "2026-11-25", "gold": "2026-11-30", "silver": "2026-12-31"}
    assert {task.staff_id for task in tasks.values()} == {cast.staff["teammate"].pk}


def test_a_second_assignment_supersedes_the_first_introduction(cast):
    """CON-37: one introduction at a time."""
    assign(cast, ["gold"], "teammate")
    assign(cast, ["gold"], "manager", at=now() + timedelta(days=1))
    tasks = Task.unscoped.filter(kind=TaskKind.INTRODUCTION, customer=cast.customers["gold"])
    assert sorted(tasks.values_list("state", "staff_id")) == sorted(
        [(TaskState.CANCELLED, cast.staff["teammate"].pk), (TaskState.OPEN, cast.staff["manager"].pk)]
    )


def test_open_tasks_go_along_and_those_of_others_stay(cast):
    """ORG-29."""
    gold = cast.customers["gold"].pk
    for who in ("manager", "supervisor"):
        actions.create_task(
            kind=TaskKind.FOLLOW_UP, customer_id=gold, staff_id=cast.staff[who].pk, due_on=now().date(),
            title=who, by=cast.users[who], now=now(),
        )  # fmt: skip
    assign(cast, ["gold"], "teammate")
    found = dict(Task.unscoped.filter(kind=TaskKind.FOLLOW_UP).values_list("title", "staff_id"))
    assert found == {"manager": cast.staff["teammate"].pk, "supervisor": cast.staff["supervisor"].pk}
