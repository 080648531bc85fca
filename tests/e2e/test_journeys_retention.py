"""Keeping a customer, from the hotline's signal to billing's answer; and the same when he is lost (issue 6)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Customer
from complaints.models import Case
from crm.core.sweeps import run_often, run_step
from retention.models import Alert, ChurnAnalysis, ChurnRecord, SaveCase
from retention.rules.saving import months_after
from sales.models import Agreement, UsageMonth
from tests.api.conftest import make_client, session  # noqa: F401 - fixtures
from tests.complaints.desk import desk, take

SCOPES = ["signals:read", "signals:write", "lines:write", "lines:read"]


@pytest.fixture
def hotline(make_client, cast):  # noqa: F811
    """The hotline's system."""
    return make_client("hotline", "CITY", SCOPES)


@pytest.fixture
def gold(cast):
    """金满堂, a gold VIP with something at stake: value, an agreement, a complaint of last week."""
    customer = cast.customers["gold"]
    today = timezone.localdate()
    Customer.unscoped.filter(pk=customer.pk).update(monthly_spend=Decimal(880))
    Agreement.unscoped.create(
        customer=customer, number="XY-2026-0088", kind="contract", signed_on=today - timedelta(days=300),
        starts_on=today - timedelta(days=300), ends_on=today + timedelta(days=65), updated_at=timezone.now(),
    )  # fmt: skip
    desk(cast)
    Case.unscoped.filter(pk=take(cast).pk).update(facts="资费多扣三十元")
    return customer


def warn(hotline, customer):
    """14:02 the hotline posts an authorisation code; 14:03 the minute's sweep has opened the alert."""
    now = timezone.now()
    answer = hotline.post(
        "/api/v1/signals",
        {"customer": customer.number, "kind": "authorisation_code", "happened_at": now.isoformat(),
         "external_id": "H-1", "text": "来电索取携号转网授权码"},
        format="json",
    )  # fmt: skip
    assert answer.status_code in (200, 201), answer.content
    run_often("open_signal_alerts", now + timedelta(minutes=1))
    return Alert.unscoped.get(customer=customer)


def from_the_notice(page, words):
    """Tap a notice."""
    page.goto("/notices/")
    page.locator(".notice button", has_text=words).first.click()


def do(page, label, button, fill):
    """Open a deed of the alert's page, fill it in, send it."""
    deed = page.locator(".deeds details", has_text=label).first
    if deed.get_attribute("open") is None:
        deed.locator("summary").click()
    fill(deed)
    deed.get_by_role("button", name=button).click()
    page.locator(".toast-item").first.wait_for()


def ask_for_more(page):
    """The customer asks to leave: a save case, and an offer over the limit."""

    def wish(deed):
        deed.locator("[name=cause]").select_option("price")
        deed.locator("[name=words]").fill("联通每月便宜五十")

    def dear(deed):
        deed.locator("[name=policy][value='']").check(force=True)
        deed.locator("[name=text]").fill("减免半年月租")
        deed.locator("[name=cost]").fill("5000")

    do(page, "建立挽留单", "打开挽留单", wish)
    do(page, "提出挽留方案", "提出", dear)


def end(page, result, note):
    """Close the save case."""

    def said(deed):
        deed.locator(f"[name=result][value={result}]").check(force=True)
        deed.locator("[name=note]").fill(note)

    do(page, "关闭挽留单", "关闭", said)


def test_a_gold_customer_with_an_authorisation_code_is_kept(enter, hotline, gold):
    """RET-3, RET-7, RET-12: alert on the phone with why and what is at stake; an offer over the limit approved from
    the notice; retained, and confirmed by billing three months later."""
    alert = warn(hotline, gold)
    page = enter("manager", "/notices/", width=390)
    from_the_notice(page, gold.name)
    page.wait_for_url(f"**/churn/alerts/{alert.pk}/")
    body = page.locator("main")
    for told in ("来电索取携号转网授权码", "880", "65 天后", "资费多扣三十元", "VIP客户特殊关怀"):
        expect(body).to_contain_text(told)
    page.get_by_role("button", name="我已知悉").click()
    page.locator(".toast-item").first.wait_for()
    ask_for_more(page)
    expect(body).to_contain_text("待审批")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boss = enter("supervisor", "/notices/", width=390)
    from_the_notice(boss, "减免半年月租")
    boss.get_by_role("button", name="批准", exact=True).click()
    boss.locator(".toast-item").first.wait_for()
    assert boss.evaluate("document.documentElement.scrollWidth") <= 390
    page.reload()
    page.get_by_role("button", name="客户接受").click()
    page.locator(".toast-item").first.wait_for()
    end(page, "retained", "客户同意留下")
    case = SaveCase.unscoped.get()
    today = timezone.localdate()
    assert (case.state, case.confirm_on) == ("retained", months_after(today, 3))
    assert Alert.unscoped.get(pk=alert.pk).state == "retained"
    UsageMonth.unscoped.create(
        customer=gold, month=case.confirm_on.replace(day=1), revenue=860, source="billing", updated_at=timezone.now()
    )
    run_step("follow_saves", case.confirm_on, timezone.now() + timedelta(days=95))
    assert SaveCase.unscoped.get().is_confirmed is True
    page.reload()
    expect(body).to_contain_text("已留住")


def test_a_gold_customer_who_leaves_all_the_same_is_written_down_and_analysed(enter, hotline, gold):
    """RET-7, RET-8: not closed as lost without an attempt; the port-out makes the loss, and its analysis is due."""
    alert = warn(hotline, gold)
    page = enter("manager", f"/churn/alerts/{alert.pk}/", width=390)
    ask_for_more(page)
    do(page, "提出挽留方案", "提出", lambda deed: (
        deed.locator("[name=policy][value='']").check(force=True), deed.locator("[name=text]").fill("送话费"),
        deed.locator("[name=cost]").fill("200")))  # fmt: skip
    end(page, "lost", "已签约联通")
    assert SaveCase.unscoped.get().state == "lost" and Alert.unscoped.get(pk=alert.pk).state == "churned"
    today, now = timezone.localdate(), timezone.now()
    answer = hotline.post(
        "/api/v1/lifecycle-events",
        {"customer": gold.number, "kind": "ported_out", "happened_on": str(today), "destination": "unicom",
         "external_id": "P-1"},
        format="json",
    )  # fmt: skip
    assert answer.status_code in (200, 201), answer.content
    for step in ("record_losses", "follow_saves", "open_analyses"):
        run_step(step, today, now)
    assert ChurnRecord.unscoped.get(customer=gold).lost_on == today
    analysis = ChurnAnalysis.unscoped.get(record__customer=gold)
    page.goto("/churn/analyses/")
    page.get_by_role("link", name="填写").first.click()
    page.wait_for_url(f"**/churn/analyses/{analysis.pk}/")
    expect(page.locator("main")).to_contain_text("联通每月便宜五十")
    for name, text in (("depth", "对方先上门"), ("countermeasure", "提前续约"), ("lesson", "早谈续约")):
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="保存").click()
    page.locator(".toast-item").first.wait_for()
    assert ChurnAnalysis.unscoped.get(pk=analysis.pk).state == "done"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
