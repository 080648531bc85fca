"""Without signal: a visit is logged, kept and sent once; the queue outlives everything; nothing private is left."""

import re
from datetime import date, datetime

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import ContactPerson
from crm import nightly
from crm.core.models import Session
from tests.cast import PASSWORD
from tests.e2e.offline import (
    CLOCK,
    RAW,
    away,
    back,
    call,
    hold_back,
    kept,
    queue,
    queue_of,
    ready,
    set_clock,
    sign_in,
    until,
    wait_sent,
    waits,
)
from tests.e2e.phone import chip
from tests.visits.desk import SHANGHAI
from tests.visits.ledger_world import at
from tests.workbench.world import owe_today
from visits.models import CustomerVoice, DayLog, Duty, Visit, VisitPerson

NOVEMBER_1, NOVEMBER_30 = date(2026, 11, 1), date(2026, 11, 30)
EVENING = datetime(2026, 11, 30, 19, 40, tzinfo=SHANGHAI)
MORNING = datetime(2026, 12, 1, 8, 30, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def no_network_is_no_fault(refusals):
    """The browser notes every request that found no network as an error of the page."""
    refusals.update({"ERR_INTERNET_DISCONNECTED", "ERR_FAILED"})


@pytest.fixture
def last_evening(cast):
    """The 30th of November, twenty to eight; the duties of the month are open."""
    with time_machine.travel(EVENING, tick=True) as clock:
        for unit in cast.units.values():
            unit.live_from = date(2024, 1, 1)
            unit.save(update_fields=["live_from"])
        nightly.run_night(NOVEMBER_1, now=at(NOVEMBER_1, 0, 30))
        yield clock


def test_a_company_visit_on_the_last_evening_without_signal_is_sent_once_next_morning(last_evening, enter, cast):
    """Issue 3 "Checked by": met two people and one new, what was said captured, sent next morning, duties settled."""
    firm = cast.customers["teammates"]
    clerk = ContactPerson.unscoped.create(customer=firm, name="小马", role="other")
    boss = ContactPerson.unscoped.get(name="海总")
    page = enter("teammate", "/")
    page.context.add_init_script(CLOCK)
    set_clock(page, EVENING)
    page.reload()
    ready(page)
    away(page)

    page.goto(f"/customers/{firm.pk}/")
    expect(page.locator(".offline-bar")).to_contain_text("数据截至")
    expect(page.locator("#content")).to_contain_text("海总")
    page.locator("#content a.log").tap()
    chip(page, "channel", "on_site").tap()
    chip(page, "met", boss.pk).tap()
    chip(page, "met", clerk.pk).tap()
    page.locator("#sheet [name=new_person]").fill("小赵")
    page.locator("#sheet [name=content]").fill("看了机房,谈专线扩容")
    page.locator("#sheet .log-more > summary").tap()
    chip(page, "heard-kind", "competitor").tap()
    page.locator("#sheet [name=heard-text]").fill("电信报价便宜两成")
    chip(page, "outcome", "effective").tap()
    chip(page, "occasion", "need").tap()
    page.locator("#sheet .sheet-foot .btn-primary").tap()
    expect(page.locator(".toast-item")).to_contain_text("已存在本机")
    waits(page, 1)
    assert not Visit.unscoped.exists()

    last_evening.move_to(MORNING)
    set_clock(page, MORNING)
    nightly.run_night(date(2026, 12, 1), now=at(date(2026, 12, 1), 0, 30))
    assert Duty.unscoped.get(customer=firm, starts_on=NOVEMBER_1, purpose="contact").state == "provisional"
    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto("/")
    sign_in(page, cast.teammate)  # the evening's session has ended
    page.wait_for_selector("html[data-offline-ready]")
    wait_sent(page)
    expect(page.locator("[data-waiting]")).to_be_hidden()

    visit = Visit.unscoped.get()
    assert (visit.occurred_on, visit.is_backdated, visit.content) == (NOVEMBER_30, True, "看了机房,谈专线扩容")
    assert visit.logged_at.astimezone(SHANGHAI).date() == date(2026, 12, 1)
    met = set(VisitPerson.unscoped.filter(visit=visit).values_list("person__name", flat=True))
    assert met == {"海总", "小马", "小赵"}
    voice = CustomerVoice.unscoped.get()
    assert (voice.kind, voice.text, voice.visit) == ("competitor", "电信报价便宜两成", visit)
    duty = Duty.unscoped.get(customer=firm, starts_on=NOVEMBER_1, purpose="contact")
    assert (duty.state, duty.met_by_id) == ("met", visit.pk)


# --- What the queue outlives


def log_a_call(page, name="金满堂"):
    """From Today as the phone shows it without signal: the row's own button, two taps."""
    page.locator(".today-row", has_text=name).locator("a.log").tap()
    call(page)


@pytest.fixture
def cellar(enter, cast):
    """Today, opened once with a signal, then without: what stands there comes from the phone."""
    owe_today(cast.customers["gold"])
    owe_today(cast.customers["silver"])
    page = enter("manager", "/")
    ready(page)
    away(page)
    page.reload()
    page.locator("body.is-offline .today-row").first.wait_for()
    return page


def test_today_customers_and_the_sheet_open_without_signal_and_say_how_old_they_are(cellar, cast):
    page = cellar
    expect(page.locator(".offline-bar")).to_contain_text("数据截至")
    expect(page.locator(".today-row")).to_have_count(2)
    page.locator(".bottom-bar a[href='/customers/']").tap()
    page.locator(".offline-search input").fill("qdd")
    expect(page.locator(".today-row")).to_have_count(1)
    page.locator(".today-row a.title").tap()
    expect(page.locator("h1")).to_contain_text("钱多多")
    page.goto("/visits/")
    expect(page.locator("#content .note")).to_contain_text("此页面需要信号")
    page.goto("/log/")
    expect(page.locator("#sheet form[data-log-form]")).to_be_visible()
    page.locator("#sheet [data-find-here]").fill("yxm")
    page.locator("#sheet [data-found] label", has_text="银小满").tap()
    call(page)
    assert [item["title"] for item in queue(page)] == ["银小满"]


def test_the_queue_outlives_reload_lock_sign_out_and_a_closed_tab_and_is_sent_for_the_same_person_only(cellar, cast):
    """Decisions 18: the queue survives and is sent after the same user signs in again; sign-out asks first."""
    page = cellar
    log_a_call(page)
    waits(page, 1)
    page.reload()
    waits(page, 1)
    context = page.context
    page.close()
    page = context.new_page()
    page.goto("/")
    waits(page, 1)

    # A signal again, but the screen is locked meanwhile: nothing is sent, nothing is lost.
    Session.objects.update(locked_at=timezone.now())
    context.set_offline(False)
    page.wait_for_url(re.compile("/locked/"))
    assert len(queue_of(page)) == 1
    assert not Visit.unscoped.exists()
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button.btn-primary").tap()
    page.wait_for_selector("html[data-offline-ready]")
    wait_sent(page)
    assert Visit.unscoped.count() == 1


def test_signing_out_asks_first_and_somebody_else_neither_sees_nor_sends_it(cellar, cast, open_page):
    page = cellar
    log_a_call(page)
    hold_back(page)
    back(page)
    page.wait_for_selector("html[data-ready]")
    page.goto("/notices/")
    page.wait_for_selector("html[data-offline-ready]")
    waits(page, 1)
    page.locator("header details.menu").last.locator("summary").tap()
    page.locator("form[data-sign-out] button").tap()
    expect(page.locator("#confirm")).to_contain_text("1 条记录待发送")
    page.locator("#confirm [data-confirm-yes]").tap()
    page.wait_for_url("**/sign-in/**")
    assert kept(page) == {"bundle": False, "waiting": 1}
    page.unroute_all()

    sign_in(page, cast.teammate)
    ready(page)
    expect(page.locator("[data-waiting]")).to_be_hidden()
    page.evaluate("crm.openWaiting()")
    expect(page.locator("#sheet")).to_contain_text("本机还有同事的 1 条记录待发送")
    expect(page.locator("#sheet")).not_to_contain_text("金满堂")
    assert page.evaluate("async () => (await crm.store.bundle()).user") == cast.teammate.pk
    assert not Visit.unscoped.exists()
    page.locator("#sheet [data-close-dialog]").tap()
    page.locator("header details.menu").last.locator("summary").tap()
    page.locator("form[data-sign-out] button").tap()
    page.wait_for_url("**/sign-in/**")

    sign_in(page, cast.manager)
    page.wait_for_selector("html[data-offline-ready]")
    wait_sent(page)
    assert Visit.unscoped.get().staff == cast.staff["manager"]


def test_the_cards_go_when_somebody_signs_in_who_keeps_none(cellar, cast):
    """Decisions 18: cleared for another user, whoever it is."""
    page = cellar
    log_a_call(page)
    hold_back(page)
    page.context.clear_cookies()
    back(page)
    page.goto("/sign-in/")
    assert kept(page) == {"bundle": True, "waiting": 1}
    sign_in(page, cast.director)
    until(page, f"async () => !(await ({RAW})()).bundle")
    assert kept(page) == {"bundle": False, "waiting": 1}


def test_what_is_kept_ends_after_twelve_hours_and_the_queue_does_not(cellar):
    page = cellar
    log_a_call(page)
    page.evaluate(
        """async () => {
            const kept = await crm.store.bundle();
            await crm.store.note("bundle", { ...kept, at: Date.now() - 12 * 3600000 - 1000 });
        }"""
    )
    page.reload()
    expect(page.locator("#offline-nothing")).to_contain_text("已超过 12 小时")
    expect(page.locator("#offline-nothing")).to_contain_text("1 条记录待发送")
    expect(page.locator("body")).not_to_contain_text("金满堂")
    assert kept(page) == {"bundle": False, "waiting": 1}


def test_a_sheet_half_typed_without_signal_comes_back(cellar):
    """Screens: nothing typed is ever lost; the draft is saved per keystroke."""
    page = cellar
    page.locator(".today-row", has_text="金满堂").locator("a.log").tap()
    page.locator("#sheet [name=content]").press_sequentially("他想换")
    page.reload()
    page.locator(".today-row", has_text="金满堂").locator("a.log").tap()
    expect(page.locator("#sheet [name=content]")).to_have_value("他想换")


def test_the_browser_would_install_it(enter):
    """PLT-1: manifest, icons and worker are what a browser asks for."""
    page = enter("manager", "/")
    ready(page)
    found = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {error["errorId"] for error in found} <= {"in-incognito"}
    manifest = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert "客户经理工作台" in manifest["data"]


# --- The end of the day


def test_the_day_is_closed_without_signal_and_sent_once(cellar, cast):
    """PLAN-3: told where there is no signal, changed once more, sent with the visits; a second tap is harmless."""
    page = cellar
    end = page.locator("#day-end")
    end.locator("[name=sentence]").fill("谈了续约")
    end.locator("button").tap()
    expect(page.locator(".toast-item")).to_contain_text("已存在本机")
    waits(page, 1)
    page.reload()
    expect(end).to_contain_text("谈了续约")
    end.locator("button").tap()
    page.locator("#sheet [name=sentence]").fill("谈了续约,明天送合同")
    page.locator("#sheet .btn-primary").tap()
    expect(end).to_contain_text("明天送合同")
    assert len(queue(page)) == 1 and not DayLog.unscoped.exists()

    back(page)
    page.wait_for_selector("body:not(.is-offline)")
    wait_sent(page)
    expect(page.locator("#day-end")).to_contain_text("谈了续约,明天送合同")
    log = DayLog.unscoped.get()
    assert (log.sentence, log.closed_by, log.version) == ("谈了续约,明天送合同", cast.manager, 1)


def test_a_signal_that_goes_while_today_is_open_keeps_the_end_of_the_day(enter, cast):
    """PLAN-3: the page of the site itself keeps what it cannot send."""
    page = enter("manager", "/")
    ready(page)
    away(page)
    end = page.locator("#day-end")
    end.locator("[name=sentence]").fill("今天顺利")
    end.locator("button").tap()
    waits(page, 1)
    back(page)
    wait_sent(page)
    assert DayLog.unscoped.get().sentence == "今天顺利"
