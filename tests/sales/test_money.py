"""Credit and guarantees: asked for by one person, decided by another; the pages of arrears (SAL-23, SAL-24, SAL-25)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Task
from crm.core.errors import Conflict, Invalid, NotAllowed, OwnRequest
from crm.core.measures import by_manager, over
from crm.core.models import Notice
from crm.core.scope import Scope
from sales.actions.credit import decide_credit, request_credit
from sales.actions.dunning import follow_bills
from sales.actions.guarantees import decide_guarantee, request_guarantee, start_guarantee
from sales.models import CreditAccount, CreditChange, DunningAction, Guarantee
from sales.money_rules import credit_state
from sales.queries.credit import limit_of
from sales.queries.money_measures import ARREARS_COLLECTED
from tests.cast import CANARY
from tests.sales.money_world import at, bill, night, pay

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def ask(cast, amount, *, kind="limit", until=None, who="gold"):
    return request_credit(customer_id=cast.customers[who].pk, kind=kind, amount=Decimal(amount), until=until,
                          reason="新增专线", by=cast.manager, now=timezone.now())  # fmt: skip


def vouch(cast, amount=5000, *, by=None, days=10):
    return request_guarantee(customer_id=cast.customers["gold"].pk, business="新开五条线路", amount=Decimal(amount),
                             reason="营业执照在换证", papers="营业执照、介绍信",
                             papers_due_on=today() + timedelta(days=days), by=by or cast.manager,
                             now=timezone.now())  # fmt: skip


def test_a_limit_changes_only_when_another_person_approves(cast):
    """SAL-24, SEC-24: limit change needs supervisor approval; the tier's limit holds until then."""
    gold = cast.customers["gold"]
    assert limit_of(gold.pk, today()) == 3000 and limit_of(cast.customers["diamond"].pk, today()) == 5000
    change = ask(cast, 8000)
    assert Notice.objects.get(kind="credit_requested").user == cast.supervisor
    with pytest.raises(Conflict, match="waits"):
        ask(cast, 9000)
    for who in (cast.manager, cast.teammate, cast.stranger_supervisor, cast.handler, cast.director):
        with pytest.raises((OwnRequest, NotAllowed, Exception)) as refused:
            decide_credit(change_id=change.pk, approve=True, by=who, now=timezone.now())
        assert refused.value.status in (403, 404), who
    assert limit_of(gold.pk, today()) == 3000
    with pytest.raises(Invalid, match="why"):
        decide_credit(change_id=change.pk, approve=False, by=cast.supervisor, now=timezone.now())
    decide_credit(change_id=change.pk, approve=True, by=cast.supervisor, now=timezone.now())
    assert limit_of(gold.pk, today()) == 8000
    assert Notice.objects.get(kind="credit_approved").user == cast.manager
    with pytest.raises(Conflict):
        decide_credit(change_id=change.pk, approve=True, by=cast.supervisor, now=timezone.now())


def test_overuse_is_approved_for_a_time_and_ends_by_itself(cast):
    """SAL-24: overuse needs approval; the standing follows limit, overuse and arrears as the rule says."""
    gold = cast.customers["gold"]
    bill(gold, due=today() + timedelta(days=20), amount=3500)
    follow_bills([gold.pk], timezone.now())
    account = CreditAccount.unscoped.get(customer=gold)
    assert (account.state, account.used) == ("over", 3500)
    with pytest.raises(Invalid):
        ask(cast, 1000, kind="overuse", until=today() + timedelta(days=400))
    change = ask(cast, 1000, kind="overuse", until=today() + timedelta(days=5))
    decide_credit(change_id=change.pk, approve=True, by=cast.supervisor, now=timezone.now())
    assert CreditAccount.unscoped.get(customer=gold).state == "good"
    night(today() + timedelta(days=5))
    assert CreditAccount.unscoped.get(customer=gold).state == "good"
    night(today() + timedelta(days=6))
    account = CreditAccount.unscoped.get(customer=gold)
    assert (account.state, account.extra, account.extra_until) == ("over", 0, None)
    night(today() + timedelta(days=21))
    assert CreditAccount.unscoped.get(customer=gold).state == "arrears"
    for used, overdue, limit in ((0, 0, 0), (50, 0, 50), (51, 0, 50), (51, 1, 50), (1, 1, 50)):
        expected = "arrears" if overdue else "over" if used > limit else "good"
        assert credit_state(used=Decimal(used), overdue=Decimal(overdue), limit=Decimal(limit)) == expected


def test_a_guarantee_takes_no_effect_without_approval(cast):
    """SAL-25, SEC-24: requested → approved by another → in effect; neither the asker nor who vouches decides."""
    row = vouch(cast)
    with pytest.raises(Conflict):
        start_guarantee(guarantee_id=row.pk, by=cast.manager, now=timezone.now())
    with pytest.raises(OwnRequest):
        decide_guarantee(guarantee_id=row.pk, approve=True, by=cast.manager, now=timezone.now())
    decide_guarantee(guarantee_id=row.pk, approve=True, by=cast.supervisor, now=timezone.now())
    start_guarantee(guarantee_id=row.pk, by=cast.manager, now=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.active_on, row.decided_by) == ("active", today(), cast.supervisor)


def test_a_manager_vouches_up_to_his_limit(cast):
    """SAL-25: the limit per manager counts what is requested, approved and in effect; refused ones fall away."""
    first = vouch(cast, 15_000)
    with pytest.raises(Invalid, match=r"5,000\.00 are left"):
        vouch(cast, "5000.01")
    vouch(cast, 5000)
    decide_guarantee(guarantee_id=first.pk, approve=False, remark="先补材料", by=cast.supervisor, now=timezone.now())
    vouch(cast, 15_000)
    with pytest.raises(Invalid):
        vouch(cast, 1)


def test_papers_owed_past_their_day_are_flagged_once(cast, client):
    """SAL-25: owed papers overdue → alert: state, task and one notice; handed in, all is well again."""
    row = vouch(cast, days=3)
    decide_guarantee(guarantee_id=row.pk, approve=True, by=cast.supervisor, now=timezone.now())
    start_guarantee(guarantee_id=row.pk, by=cast.manager, now=timezone.now())
    late = today() + timedelta(days=4)
    assert night(late - timedelta(days=1), "guarantee_papers") == [0]
    assert night(late, "guarantee_papers") == [2]
    assert night(late, "guarantee_papers") == [0]
    task = Task.unscoped.get(kind="papers")
    assert (Guarantee.unscoped.get().state, task.staff, task.due_on) == ("overdue", cast.staff["manager"], late)
    assert {note.user for note in Notice.objects.filter(kind="guarantee_papers")} == {cast.manager, cast.supervisor}
    client.force_login(cast.manager)
    url = f"/sales/guarantees/{row.pk}/"
    assert client.post(url, {"deed": "papers"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.papers_on, Task.unscoped.get(kind="papers").state) == ("active", today(), "done")
    assert client.post(url, {"deed": "release"}).status_code == 302
    assert Guarantee.unscoped.get().state == "released"


def test_owed_papers_are_let_go_only_by_who_approves_and_with_a_reason(cast, client):
    """SAL-25: a guarantee whose papers never came is released by the supervisor, who says why."""
    row = vouch(cast)
    decide_guarantee(guarantee_id=row.pk, approve=True, by=cast.supervisor, now=timezone.now())
    start_guarantee(guarantee_id=row.pk, by=cast.manager, now=timezone.now())
    url = f"/sales/guarantees/{row.pk}/"
    client.force_login(cast.manager)
    assert client.post(url, {"deed": "release", "remark": "撤单"}).status_code == 403
    client.force_login(cast.supervisor)
    assert client.post(url, {"deed": "release"}).status_code == 400
    assert client.post(url, {"deed": "release", "remark": "业务撤销"}).status_code == 302
    assert Guarantee.unscoped.get().state == "released"


def test_the_pages_of_arrears_take_a_manager_from_list_to_promise(cast, as_user):
    """SAL-23: list with stage and sum, the customer's bills, the action with its promise; only his own customers."""
    gold = cast.customers["gold"]
    bill(gold, due=today() - timedelta(days=10), amount=300)
    bill(gold, due=today() - timedelta(days=1), amount=200, part=50, months_ago=2)
    bill(cast.customers["strangers"], due=today() - timedelta(days=40), amount=999)
    night(today())
    client = as_user(cast.manager)
    answer = client.get("/sales/arrears/")
    assert (answer.context["total"].owed, answer.context["total"].customers) == (450, 1)
    assert [(row.name, row.stage, row.bills) for row, *_rest in answer.context["rows"]] == [("金满堂", 2, 2)]
    assert CANARY not in answer.content.decode()
    assert not client.get("/sales/arrears/?stage=3").context["rows"]
    url = f"/sales/money/{gold.pk}/asked/"
    assert client.post(url, {"channel": "call", "result": "promised"}).status_code == 400
    day = (today() + timedelta(days=3)).isoformat()
    assert client.post(url, {"channel": "call", "result": "promised", "promise_on": day}).status_code == 302
    assert DunningAction.unscoped.get().amount == 450
    assert client.get("/sales/arrears/?stage=promised").context["total"].promised == 1
    part = client.get(f"/sales/money/{gold.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "450.00" in part
    assert client.get(f"/sales/money/{cast.customers['strangers'].pk}/").status_code == 404


def test_who_may_decides_on_the_page_of_the_request(cast, as_user):
    """SAL-24, SEC-24: the asker sees it wait and may take it back; the supervisor approves it there."""
    change = ask(cast, 8000)
    url = f"/sales/credit/changes/{change.pk}/"
    client = as_user(cast.manager)
    assert client.get(url).context["can_withdraw"] and not client.get(url).context["can_decide"]
    assert client.post(url, {"deed": "approve"}).status_code == 403
    assert client.post(url, {"deed": "withdraw"}).status_code == 302
    again = ask(cast, 7000)
    client = as_user(cast.supervisor)
    assert [row.id for row in client.get("/sales/credit/").context["waiting"]] == [again.pk]
    assert client.post(f"/sales/credit/changes/{again.pk}/", {"deed": "approve"}).status_code == 302
    assert dict(CreditChange.unscoped.values_list("pk", "state")) == {change.pk: "withdrawn", again.pk: "approved"}


def test_headquarters_sets_the_limits_of_tiers(cast, as_user):
    """SAL-24: credit limit by tier; customers without a limit of their own follow it."""
    gold = cast.customers["gold"]
    client = as_user(cast.director)
    assert client.post("/sales/credit/limits/", {f"tier{gold.tier_id}": "4500"}).status_code == 302
    assert limit_of(gold.pk, today()) == 4500
    assert as_user(cast.supervisor).get("/sales/credit/limits/").status_code == 403


def test_the_share_collected_counts_each_overdue_bill_once(cast):
    """F41: amount paid of overdue bills / overdue amount, by month, credited to the manager at its end."""
    gold, silver, other = (cast.customers[key] for key in ("gold", "silver", "teammates"))
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    bill(gold, due=date(2026, 9, 20), amount=100, paid=date(2026, 10, 5))  # from before, paid in the month
    bill(gold, due=date(2026, 9, 21), amount=100, paid=date(2026, 9, 30), months_ago=3)  # over before it began
    bill(gold, due=date(2026, 10, 10), amount=200, part=80, months_ago=5)  # in part
    bill(silver, due=date(2026, 10, 10), amount=300, paid=date(2026, 10, 10))  # in time: never overdue
    bill(silver, due=date(2026, 10, 31), amount=300, months_ago=4)  # not overdue before November
    late = bill(other, due=date(2026, 10, 12), amount=400)
    pay(late, date(2026, 11, 2))  # paid, but only in the next month
    found = by_manager(ARREARS_COLLECTED, Scope.ALL, over(first, last))
    mine, theirs = (found[cast.staff[who].pk] for who in ("manager", "teammate"))
    assert (mine.numerator, mine.denominator, mine.per_cent) == (180, 300, Decimal("60.0"))
    assert (theirs.numerator, theirs.denominator) == (0, 400)
    november = by_manager(ARREARS_COLLECTED, Scope.ALL, over(date(2026, 11, 1), date(2026, 11, 30)))
    assert november[cast.staff["teammate"].pk].per_cent == 100
    assert at(last).date() <= last
