"""Arrears: unpaid past due → dunning by stages, with a task; paid → closed at once (SAL-23)."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Standing, Task
from crm.core.errors import Invalid
from crm.core.models import Notice
from sales.actions.collecting import log_dunning
from sales.actions.dunning import follow_bills
from sales.models import CreditAccount, DunningCase
from sales.money_rules import DunningDays, payment_score
from tests.sales.money_world import at, bill, night, pay

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def case_of(row):
    return DunningCase.unscoped.get(bill=row)


def open_task(customer):
    return Task.unscoped.filter(customer=customer, kind="dunning", state="open").first()


def arrears_of(customer):
    return Standing.unscoped.get(customer=customer).arrears


def everything():
    return (
        list(DunningCase.unscoped.order_by("pk").values()),
        list(Task.unscoped.order_by("pk").values()),
        list(CreditAccount.unscoped.order_by("pk").values()),
        list(Standing.unscoped.order_by("pk").values("pk", "arrears")),
        Notice.objects.count(),
    )


def test_an_unpaid_bill_past_its_day_makes_a_task_and_paying_it_closes_both(cast):
    """SAL-23: bill unpaid past due → dunning task; paid → closed."""
    gold = cast.customers["gold"]
    row = bill(gold, due=TODAY, amount=Decimal("188.50"))
    night(TODAY)
    assert not DunningCase.unscoped.exists() and CreditAccount.unscoped.get().used == row.amount  # not late on its day
    tomorrow = TODAY + timedelta(days=1)
    night(tomorrow)
    case, task = case_of(row), open_task(gold)
    assert (case.stage, case.state, case.next_on) == (1, "open", TODAY + timedelta(days=7))
    assert (task.staff, task.reason, task.due_on) == (
        cast.staff["manager"], f"¥188.50 · {row.month:%Y-%m}", tomorrow + timedelta(days=5),
    )  # fmt: skip
    assert arrears_of(gold) == Decimal("188.50")
    pay(row, tomorrow)
    follow_bills([gold.pk], at(tomorrow, 12))
    case = case_of(row)
    assert (case.state, case.closed_on, open_task(gold), arrears_of(gold)) == ("paid", tomorrow, None, 0)
    assert not Task.unscoped.exclude(state="done").filter(kind="dunning").exists()


def test_a_night_run_twice_changes_nothing(cast):
    """SAL-23: the scan is safe to repeat, in whole and in parts, and tells nobody twice."""
    for days, who in ((1, "gold"), (8, "silver"), (20, "diamond"), (40, "teammates"), (400, "strangers")):
        bill(cast.customers[who], due=TODAY - timedelta(days=days))
    steps = ("scan_arrears", "tell_of_stops", "guarantee_papers")
    night(TODAY, *steps)
    before = everything()
    assert night(TODAY, *steps) == [0, 0, 0]
    follow_bills([row.pk for row in cast.customers.values()], at(TODAY, 3))
    assert everything() == before
    assert Notice.objects.filter(kind="dunning_stops").count() == 2  # of A and of B, one each


def test_the_stages_follow_the_days_past_due_as_the_rule_says(cast):
    """SAL-23: reminder → call → visit → stop-service proposal: SQL and Python agree on every boundary and drawn day."""
    days = DunningDays.on(TODAY)
    draw = random.Random(23)
    past = sorted({1, 6, 7, 8, 14, 15, 16, 29, 30, 31, *(draw.randrange(1, 500) for _ in range(20))})
    rows = [bill(cast.customers["gold"], due=TODAY - timedelta(days=n), months_ago=index * 2)
            for index, n in enumerate(past)]  # fmt: skip
    follow_bills([cast.customers["gold"].pk], at(TODAY))
    for row, n in zip(rows, past, strict=True):
        case = case_of(row)
        assert case.stage == days.stage(n), n
        assert case.next_on == days.next_on(row.due_on, case.stage), n
    assert open_task(cast.customers["gold"]).reason.startswith(f"¥{100 * len(past):,}.00")


def test_each_night_takes_a_case_as_far_as_its_days_say(cast):
    """SAL-23: missed nights are made up for, a stage never goes back, and the day it began is kept."""
    row = bill(cast.customers["silver"], due=TODAY)
    seen = {}
    for n in range(1, 34):
        night(TODAY + timedelta(days=n))
        case = case_of(row)
        seen[case.stage] = seen.get(case.stage) or case.stage_on
    assert seen == {stage: TODAY + timedelta(days=n) for stage, n in ((1, 1), (2, 7), (3, 15), (4, 30))}
    assert case_of(row).next_on is None


def test_a_promise_holds_the_stage_until_it_is_broken(cast):
    """SAL-23: a promise date is waited for; broken, the stage catches up and the task is back."""
    gold = cast.customers["gold"]
    row = bill(gold, due=TODAY - timedelta(days=5))
    night(TODAY)
    promised = TODAY + timedelta(days=12)
    log_dunning(customer_id=gold.pk, channel="call", result="promised", promise_on=promised, by=cast.manager,
                now=at(TODAY, 9))  # fmt: skip
    case = case_of(row)
    assert (case.state, case.promised_on, case.next_on) == ("promised", promised, promised + timedelta(days=1))
    task = Task.unscoped.get(customer=gold, kind="dunning")
    assert (task.state, task.closed_by) == ("done", cast.manager)
    night(promised)
    assert (case_of(row).stage, case_of(row).state, open_task(gold)) == (1, "promised", None)
    night(promised + timedelta(days=1))
    case = case_of(row)
    assert (case.stage, case.state, case.promised_on) == (3, "open", None)
    assert open_task(gold).due_on == promised + timedelta(days=6)


def test_a_task_ticked_off_without_a_word_comes_back(cast):
    """SAL-23: only asking the customer settles the task, until the next stage begins."""
    gold = cast.customers["gold"]
    bill(gold, due=TODAY - timedelta(days=1))
    night(TODAY)
    Task.unscoped.filter(kind="dunning").update(state="done", closed_at=at(TODAY, 10))
    night(TODAY + timedelta(days=1))
    assert open_task(gold) is not None
    log_dunning(customer_id=gold.pk, channel="message", result="told", by=cast.manager,
                now=at(TODAY + timedelta(days=1), 10))  # fmt: skip
    night(TODAY + timedelta(days=2))
    assert open_task(gold) is None
    night(TODAY + timedelta(days=6))  # seven days past due: the second stage
    assert open_task(gold) is not None


def test_a_payment_taken_back_and_a_bill_put_right(cast):
    """SAL-23: a returned payment opens the same case again; a due day moved on withdraws it."""
    gold = cast.customers["gold"]
    row = bill(gold, due=TODAY - timedelta(days=3), paid=TODAY - timedelta(days=1))
    other = bill(gold, due=TODAY - timedelta(days=4), part=40, months_ago=3)
    night(TODAY)
    assert not DunningCase.unscoped.filter(bill=row).exists()
    assert arrears_of(gold) == 60
    row.paid_on, row.paid_amount = None, 0
    row.save()
    other.due_on = TODAY + timedelta(days=30)
    other.save()
    follow_bills([gold.pk], at(TODAY, 5))
    assert (case_of(row).state, case_of(other).state, arrears_of(gold)) == ("open", "withdrawn", 100)
    pay(row, TODAY)
    follow_bills([gold.pk], at(TODAY, 6))
    row.paid_on, row.paid_amount = None, 0
    row.save()
    follow_bills([gold.pk], at(TODAY, 7))
    assert (case_of(row).state, DunningCase.unscoped.filter(bill=row).count()) == ("open", 1)


def test_the_score_is_the_share_of_bills_paid_in_time(cast):
    """SAL-23: score of the credit account: bills of twelve months paid by their day; SQL and Python agree."""
    customers = [cast.customers[key] for key in ("gold", "silver", "diamond", "channel")]
    for late, (customer, count) in enumerate(zip(customers, (3, 7, 8, 12), strict=True)):
        for index in range(count):
            due = TODAY - timedelta(days=20 + 25 * index)
            bill(customer, due=due, paid=due + timedelta(days=1 if index < late else 0), months_ago=index)
        bill(customer, due=TODAY - timedelta(days=400), months_ago=30, paid=TODAY)  # too long ago to count
    night(TODAY)
    found = dict(CreditAccount.unscoped.values_list("customer__pk", "score"))
    expected = {row.pk: payment_score(count - late, count)
                for late, (row, count) in enumerate(zip(customers, (3, 7, 8, 12), strict=True))}  # fmt: skip
    assert found == expected
    assert payment_score(0, 0) is None


def test_supervisors_hear_of_the_last_stage_and_of_a_proposal(cast):
    """SAL-23: stopping the service is proposed in the last stage only, and the supervisor hears of both."""
    gold = cast.customers["gold"]
    bill(gold, due=TODAY - timedelta(days=29))
    night(TODAY, "scan_arrears", "tell_of_stops")
    with pytest.raises(Invalid, match="last stage"):
        log_dunning(customer_id=gold.pk, channel="stop", result="told", by=cast.manager, now=at(TODAY, 9))
    night(TODAY + timedelta(days=1), "scan_arrears", "tell_of_stops")
    told = Notice.objects.get(kind="dunning_stops")
    assert (told.user, told.params) == (cast.supervisor, {"count": 1})
    log_dunning(customer_id=gold.pk, channel="stop", result="told", by=cast.manager,
                now=at(TODAY + timedelta(days=1), 9))  # fmt: skip
    assert Notice.objects.get(kind="dunning_stop_proposed").user == cast.supervisor


def test_what_a_handover_leaves_is_the_new_managers(cast):
    """SAL-23: the task is that of the manager of the day; a customer nobody has waits without one."""
    silver = cast.customers["silver"]
    type(silver).unscoped.filter(pk=silver.pk).update(manager=None)
    bill(silver, due=TODAY - timedelta(days=3))
    night(TODAY)
    assert open_task(silver) is None and arrears_of(silver) == 100
    type(silver).unscoped.filter(pk=silver.pk).update(manager=cast.staff["teammate"])
    night(TODAY + timedelta(days=1))
    assert open_task(silver).staff == cast.staff["teammate"]
    assert timezone.localdate(open_task(silver).created_at) == TODAY + timedelta(days=1)
