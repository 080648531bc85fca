"""Handover: preview, reason, one transaction, undo for 7 days."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions
from accounts.actions.doors import MAX_BULK
from accounts.choices import CustomerKind, CustomerState, TaskKind, TaskState
from accounts.models import Assignment, Customer, Handover, HandoverItem, Standing, Task
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.models import Notice

pytestmark = pytest.mark.django_db
KEYS = ("diamond", "gold", "silver")


def now(days=0):
    return timezone.make_aware(datetime(2026, 11, 18, 10)) + timedelta(days=days)


def ids(cast, *keys):
    return [cast.customers[key].pk for key in keys or KEYS]


def hand_over(cast, *keys, to="teammate", by="supervisor", at=None, reason="林晓转岗", note="客户喜欢微信"):
    return actions.hand_over(
        customer_ids=ids(cast, *keys),
        to_staff_id=cast.staff[to].pk,
        reason=reason,
        note=note,
        by=cast.users[by],
        now=at or now(),
    )


def test_the_preview_counts_what_moves_and_writes_nothing(cast):
    """ORG-29: customers by tier, open tasks, load before and after."""
    actions.create_task(
        kind=TaskKind.FOLLOW_UP, customer_id=ids(cast, "gold")[0], staff_id=cast.staff["manager"].pk,
        due_on=now().date(), by=cast.manager, now=now(),
    )  # fmt: skip
    preview = actions.preview_handover(
        customer_ids=ids(cast), to_staff_id=cast.staff["teammate"].pk, by=cast.supervisor, now=now()
    )
    assert preview.customers == 3
    assert [(count.tier.code, count.count) for count in preview.by_tier] == [("diamond", 1), ("gold", 1), ("silver", 1)]
    assert preview.open_tasks == 1
    assert (preview.load_before, preview.load_after) == (2, 5)
    assert not Handover.unscoped.exists()


def test_a_handover_moves_everything_and_tells_both(cast):
    """ORG-29: history stays, the note is kept, both managers get one notice."""
    done = hand_over(cast)
    assert sorted(done.customer_ids) == sorted(ids(cast))
    assert set(Customer.unscoped.filter(pk__in=ids(cast)).values_list("manager", flat=True)) == {
        cast.staff["teammate"].pk
    }
    assert set(Standing.unscoped.filter(pk__in=ids(cast)).values_list("manager_id", flat=True)) == {
        cast.staff["teammate"].pk
    }
    assert HandoverItem.unscoped.filter(previous_staff=cast.staff["manager"]).count() == 3
    assert Assignment.unscoped.filter(handover=done.handover, valid_to=None).count() == 3
    assert Assignment.unscoped.filter(customer_id__in=ids(cast)).count() == 6
    told = dict(Notice.objects.values_list("user_id", "kind"))
    assert told == {cast.teammate.pk: "handover_taken", cast.manager.pk: "handover_given"}


def test_a_handover_can_be_undone(cast):
    """ORG-29: within 7 days customers, tasks and standing go back and no introduction is left."""
    done = hand_over(cast)
    undone = actions.undo_handover(handover_id=done.handover.pk, by=cast.supervisor, now=now(7))
    assert sorted(undone.customer_ids) == sorted(ids(cast))
    assert not undone.kept
    assert set(Customer.unscoped.filter(pk__in=ids(cast)).values_list("manager", flat=True)) == {
        cast.staff["manager"].pk
    }
    assert not Task.unscoped.filter(kind=TaskKind.INTRODUCTION, state=TaskState.OPEN).exists()
    assert Assignment.unscoped.filter(customer_id__in=ids(cast), valid_to=None).count() == 3
    with pytest.raises(Invalid):
        actions.undo_handover(handover_id=done.handover.pk, by=cast.supervisor, now=now(7))


def test_on_the_eighth_day_it_is_too_late(cast):
    """ORG-29."""
    done = hand_over(cast)
    with pytest.raises(Invalid) as refusal:
        actions.undo_handover(handover_id=done.handover.pk, by=cast.supervisor, now=now(8))
    assert refusal.value.code == "too_late"


def test_a_customer_who_changed_hands_since_stays_and_is_named(cast):
    """ORG-29: undo is refused per customer, and says so."""
    done = hand_over(cast)
    actions.assign_customers(
        customer_ids=ids(cast, "gold"), staff_id=None, reason="再调整", by=cast.supervisor, now=now(1)
    )
    undone = actions.undo_handover(handover_id=done.handover.pk, by=cast.supervisor, now=now(2))
    assert [(kept.name, kept.code) for kept in undone.kept] == [("金满堂", "changed_hands")]
    assert sorted(undone.customer_ids) == sorted(ids(cast, "diamond", "silver"))


def test_a_giver_who_left_gets_nothing_back(cast):
    """ORG-29."""
    done = hand_over(cast)
    actions.deactivate_staff(staff_id=cast.staff["manager"].pk, by=cast.director, now=now(1))
    undone = actions.undo_handover(handover_id=done.handover.pk, by=cast.supervisor, now=now(2))
    assert {kept.code for kept in undone.kept} == {"giver_left"}
    assert not undone.customer_ids


def test_nothing_to_move_is_refused(cast):
    """ORG-29."""
    with pytest.raises(Invalid) as refusal:
        hand_over(cast, to="manager")
    assert refusal.value.code == "nothing_to_do"


@pytest.mark.parametrize(
    ("by", "error"), [("manager", NotAllowed), ("handler", NotAllowed), ("stranger_supervisor", NotFound)]
)
def test_only_the_own_supervisor_hands_over(cast, by, error):
    """PLT-7, SEC-3: visible but not allowed is 403, invisible is 404; nothing is written."""
    with pytest.raises(error):
        hand_over(cast, "gold", by=by)
    with pytest.raises((NotAllowed, NotFound)):
        actions.undo_handover(handover_id=1, by=cast.users[by], now=now())
    assert not Handover.unscoped.exists()


def test_more_than_ten_thousand_at_once_are_refused(cast):
    """Bad input 35."""
    with pytest.raises(Invalid) as refusal:
        actions.hand_over(
            customer_ids=range(1, MAX_BULK + 2), to_staff_id=cast.staff["teammate"].pk, reason="x",
            by=cast.supervisor, now=now(),
        )  # fmt: skip
    assert refusal.value.code == "too_many"


def crowd(cast, count):
    """So many gold customers of the manager, by plain rows."""
    gold = cast.customers["gold"]
    made = Customer.unscoped.bulk_create(
        Customer(
            number=f"X{index:08d}", kind=CustomerKind.VIP, name=f"客户{index}", state=CustomerState.ACTIVE,
            unit_id=gold.unit_id, manager_id=gold.manager_id, tier_id=gold.tier_id, created_at=now(), updated_at=now(),
        )
        for index in range(count)
    )  # fmt: skip
    Assignment.unscoped.bulk_create(
        Assignment(customer=row, staff_id=row.manager_id, valid_from=now(-100).date()) for row in made
    )
    actions.ensure_standings([row.pk for row in made])
    return [row.pk for row in made]


def test_many_customers_cost_no_more_statements_than_few(cast):
    """Set-based: a handover of 300 takes the statements of a handover of 3."""
    hand_over(cast, "gold")
    counts = []
    for start, end in ((0, 3), (3, 303)):
        if start == 0:
            everybody = crowd(cast, 303)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            actions.hand_over(
                customer_ids=everybody[start:end], to_staff_id=cast.staff["teammate"].pk, reason="x",
                by=cast.supervisor, now=now(),
            )  # fmt: skip
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 60


def test_the_preview_counts_duties_and_excuses_of_the_ledger(cast):
    """ORG-29: what higher apps would carry along is counted too (settings HANDOVER_PREVIEWS)."""
    from visits.actions.ledger.owing import align

    align(ids(cast), today=now().date(), now=now())
    preview = actions.preview_handover(
        customer_ids=ids(cast), to_staff_id=cast.staff["teammate"].pk, by=cast.supervisor, now=now()
    )
    assert preview.counts == {"open_duties": 3, "open_excuses": 0}


def test_duties_move_and_the_first_becomes_the_introduction(cast):
    """CON-37, ORG-29: due days stay; an undo takes both back."""
    from visits.actions.ledger.owing import align
    from visits.models import Duty

    align(ids(cast), today=now().date(), now=now())
    before = dict(Duty.unscoped.values_list("pk", "due_on"))
    done = hand_over(cast)
    rows = Duty.unscoped.filter(customer_id__in=ids(cast), state="open")
    assert {(row.manager_id, row.is_introduction) for row in rows} == {(cast.staff["teammate"].pk, True)}
    assert dict(Duty.unscoped.values_list("pk", "due_on")) == before
    actions.undo_handover(handover_id=done.handover.pk, by=cast.supervisor, now=now(1))
    assert {(row.manager_id, row.is_introduction) for row in rows.all()} == {(cast.staff["manager"].pk, False)}
