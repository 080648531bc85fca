"""What was logged without signal meets a server that has moved on: both sides side by side, and no word is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import actions as accounts
from accounts.models import Task
from tests.e2e.axe import violations
from tests.e2e.offline import CLOCK, away, back, call, queue, ready, set_clock, until, wait_sent, waits
from tests.e2e.phone import chip, row_of
from tests.workbench.world import owe_today, sheet_values
from visits.models import Visit, VisitPhoto

PICTURE = """async (side) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side / 2 });
    canvas.getContext("2d").fillRect(0, 0, side, side / 2);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
    return [...new Uint8Array(await blob.arrayBuffer())];
}"""


@pytest.fixture(autouse=True)
def no_network_is_no_fault(refusals):
    """The browser notes every request that found no network, and every refusal, as an error of the page."""
    refusals.update({"ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "htmx:sendError", "htmx:afterRequest", 400, 409})


@pytest.fixture
def phone(enter, cast):
    """Today with a signal; what is needed without is on the phone. A plain tab: no worker."""
    owe_today(cast.customers["gold"])
    owe_today(cast.customers["silver"])
    page = enter("manager", "/", service_workers="block")
    ready(page, worker=False)
    return page


def log(page, text="", name="金满堂"):
    """The signal is lost while Today is open: its row's own button, the sheet from the phone."""
    row_of(page, name).locator("a.log").tap()
    page.locator("#sheet form[data-offline]").wait_for()
    if text:
        page.locator("#sheet [name=content]").fill(text)
    if not text:
        return call(page)
    chip(page, "outcome", "effective").tap()
    chip(page, "occasion", "care").tap()
    page.locator("#sheet .sheet-foot .btn-primary").tap()
    return expect(page.locator("#sheet-dialog")).to_be_hidden()


def open_waiting(page):
    """The frame's own button."""
    page.locator("[data-waiting]").tap()
    return page.locator("#sheet [data-waiting-list]")


def settled(page):
    """The queue has been tried: what is still there was refused."""
    until(page, "async () => !(await crm.store.queue()).some((item) => item.state === 'waiting')")


def test_a_plain_tab_without_worker_keeps_and_sends_what_is_logged(phone, cast):
    page = phone
    away(page)
    log(page)
    log(page, "说到新套餐", "银小满")
    waits(page, 2)
    assert not Visit.unscoped.exists()
    back(page)
    wait_sent(page)
    expect(page.locator(".toast-item").last).to_contain_text("已发送")
    expect(page.locator(".today-row")).to_have_count(0)
    assert set(Visit.unscoped.values_list("customer__name", "content")) == {("金满堂", ""), ("银小满", "说到新套餐")}


def test_the_signal_that_comes_back_in_the_midst_of_a_try_is_not_missed(phone):
    """The try had begun without signal and fails when it is back: nothing was sent for a minute then."""
    page = phone
    held = []
    page.route("**/offline/state/", lambda route: route.continue_() if held else held.append(route))
    away(page)
    with page.expect_request("**/offline/state/"):
        log(page)
    waits(page, 1)
    back(page)
    page.wait_for_function("() => navigator.onLine")
    held[0].abort()
    wait_sent(page)
    assert Visit.unscoped.count() == 1


def test_a_signal_that_carries_nothing_at_first_is_tried_again_soon(phone):
    page = phone
    tried = []

    def weak(route):
        tried.append(route)
        if len(tried) < 3:
            route.abort()
        else:
            route.continue_()

    page.route("**/offline/state/", weak)
    away(page)
    log(page)
    waits(page, 1)
    back(page)
    wait_sent(page)
    assert len(tried) >= 3
    assert Visit.unscoped.count() == 1


def test_a_sheet_whose_sending_finds_no_network_goes_into_the_queue(phone):
    """The sheet came from the server, the signal went while it was filled in."""
    page = phone
    row_of(page).locator("a.log").tap()
    chip(page, "channel", "phone").tap()
    away(page)
    chip(page, "outcome", "effective").tap()
    chip(page, "occasion", "care").tap()
    expect(page.locator(".toast-item")).to_contain_text("已存在本机")
    expect(page.locator("#page-alert")).to_be_hidden()
    waits(page, 1)
    back(page)
    wait_sent(page)
    assert Visit.unscoped.count() == 1


def test_a_customer_handed_over_meanwhile_shows_both_sides_and_the_text_goes_to_the_new_manager(phone, cast):
    page, gold = phone, cast.customers["gold"]
    away(page)
    log(page, "想办专线,周三回电")
    accounts.hand_over(
        customer_ids=[gold.pk], to_staff_id=cast.staff["teammate"].pk, reason="调整", by=cast.supervisor,
        now=timezone.now(),
    )  # fmt: skip
    back(page)
    settled(page)
    shown = open_waiting(page)
    expect(shown.locator(".sides section").first).to_contain_text("想办专线,周三回电")
    expect(shown.locator(".sides section").last).to_contain_text("周宁")
    shown.get_by_role("button", name="转给新的客户经理").tap()
    wait_sent(page)
    assert Task.unscoped.get(kind="assigned").reason == "想办专线,周三回电"
    assert not Visit.unscoped.exists()


def test_a_visit_beyond_the_limit_is_kept_until_its_time_is_mended(phone):
    page = phone
    away(page)
    log(page, "补记")
    long_ago = (timezone.localtime() - timedelta(days=6)).strftime("%Y-%m-%dT%H:%M:%S")
    page.evaluate(
        """async (at) => {
            const [{ key }] = await crm.store.queue();
            const moved = ([name, value]) => [name, name === "started_at" ? at : value];
            await crm.store.change(key, (now) => ({ ...now, fields: now.fields.map(moved) }));
        }""",
        long_ago,
    )
    back(page)
    settled(page)
    shown = open_waiting(page)
    expect(shown.locator(".sides")).to_contain_text("补记")
    expect(shown.locator(".sides section").last).to_contain_text("天")
    shown.get_by_role("button", name="修改").tap()
    expect(page.locator("#sheet [name=content]")).to_have_value("补记")
    yesterday = timezone.localtime() - timedelta(days=1)
    page.locator("#sheet [name=started_at]").fill(yesterday.strftime("%Y-%m-%dT%H:%M"))
    page.locator("#sheet .sheet-foot .btn-primary").tap()
    wait_sent(page)
    visit = Visit.unscoped.get()
    assert (visit.content, visit.occurred_on) == ("补记", yesterday.date())


def test_a_visit_logged_on_the_desk_meanwhile_stands_beside_the_one_of_the_phone(phone, cast, as_user):
    page, gold = phone, cast.customers["gold"]
    away(page)
    log(page, "手机上记的")
    as_user(cast.manager).post("/log/", sheet_values(gold, content="电脑上记的"))
    back(page)
    settled(page)
    shown = open_waiting(page)
    expect(shown.locator(".sides section").first).to_contain_text("手机上记的")
    expect(shown.locator(".sides section").last).to_contain_text("电脑上记的")
    assert not violations(page)
    shown.get_by_role("button", name="仍要发送").tap()
    wait_sent(page)
    assert set(Visit.unscoped.values_list("content", flat=True)) == {"手机上记的", "电脑上记的"}


def test_a_record_is_changed_while_it_waits_and_thrown_away_only_when_asked(phone):
    page = phone
    away(page)
    log(page, "第一稿")
    log(page, "不要的", "银小满")
    shown = open_waiting(page)
    shown.locator("li", has_text="金满堂").get_by_role("button", name="修改").tap()
    page.locator("#sheet [name=content]").fill("第二稿")
    page.locator("#sheet .sheet-foot .btn-primary").tap()
    expect(page.locator("#sheet-dialog")).to_be_hidden()
    shown = open_waiting(page)
    throw = shown.locator("li", has_text="银小满").get_by_role("button", name="丢弃")
    throw.tap()
    page.locator("#confirm .btn", has_text="取消").tap()
    waits(page, 2)
    throw.tap()
    page.locator("#confirm [data-confirm-yes]").tap()
    waits(page, 1)
    back(page)
    wait_sent(page)
    assert Visit.unscoped.get().content == "第二稿"


def test_a_change_after_a_lost_answer_is_not_lost_though_the_server_has_the_first_version(phone):
    page = phone
    away(page)
    log(page, "第一稿")
    page.route("**/offline/send/", saved_but_not_heard)
    back(page)
    page.evaluate("crm.queue.flush()")
    assert Visit.unscoped.get().content == "第一稿"
    away(page)
    page.unroute_all()
    open_waiting(page).get_by_role("button", name="修改").tap()
    page.locator("#sheet [name=content]").fill("第二稿")
    page.locator("#sheet .sheet-foot .btn-primary").tap()
    back(page)
    settled(page)
    shown = open_waiting(page)
    expect(shown.locator(".sides section").first).to_contain_text("第二稿")
    expect(shown.locator(".sides section").last).to_contain_text("最初的内容")
    assert Visit.unscoped.count() == 1


def saved_but_not_heard(route):
    """The server has written it; the answer is lost on the way."""
    route.fetch()
    route.abort()


def test_photos_are_made_small_and_follow_their_visit_each_once(phone):
    page = phone
    away(page)
    row_of(page).locator("a.log").tap()
    page.locator("#sheet .log-more > summary").tap()
    content = bytes(page.evaluate(PICTURE, 3200))
    files = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": content} for n in range(2)]
    page.locator("#sheet input[data-photos]").set_input_files(files)
    expect(page.locator("#sheet .photo-chosen")).to_have_count(2)
    chip(page, "outcome", "effective").tap()
    chip(page, "occasion", "care").tap()
    page.locator("#sheet .sheet-foot .btn-primary").tap()
    page.route("**/visits/photos/add/", saved_but_not_heard)
    back(page)
    until(page, "async () => (await crm.store.queue())[0]?.saved")
    until(page, "async () => !((await crm.store.queue())[0]?.lease)")
    expect(open_waiting(page)).to_contain_text("2 张照片待发送")
    page.unroute_all(behavior="ignoreErrors")
    page.evaluate("crm.queue.flush()")
    wait_sent(page)
    photos = VisitPhoto.unscoped.filter(visit=Visit.unscoped.get()).select_related("attachment")
    assert [(photo.attachment.width, photo.attachment.height) for photo in photos] == [(1600, 800)] * 2
    page.goto(f"/visits/{Visit.unscoped.get().pk}/")
    expect(page.locator("#photos img")).to_have_count(2)


def test_a_clock_that_is_wrong_by_more_than_five_minutes_is_told(phone):
    page = phone
    page.context.add_init_script(CLOCK)
    set_clock(page, timezone.now() + timedelta(minutes=12))
    page.reload()
    ready(page, worker=False)
    away(page)
    log(page, "快了的钟")
    back(page)
    settled(page)
    expect(page.locator("#page-alert")).to_contain_text("本机时间快了 12 分钟")
    shown = open_waiting(page)
    expect(shown).to_contain_text("本机时间快了 12 分钟")
    expect(shown.locator(".sides section").last).to_contain_text("之前")
    assert len(queue(page)) == 1
    assert not Visit.unscoped.exists()


FADED_IN = "Promise.all(document.querySelector('dialog.sheet').getAnimations().map(one => one.finished))"
"""Half-faded letters have too little contrast for a moment."""


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "dark")])
def test_axe_finds_nothing_to_say_about_the_pages_without_signal(enter, cast, width, scheme):
    """WCAG 2.2 AA."""
    owe_today(cast.customers["gold"])
    page = enter("manager", "/", width=width, color_scheme=scheme)
    ready(page)
    away(page)
    found = {}
    for address in ("/", "/customers/", f"/customers/{cast.customers['gold'].pk}/", "/visits/"):
        page.goto(address)
        page.wait_for_selector("html[data-offline-ready]")
        found[address] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate("crm.openSheet('/log/')")
    page.locator("#sheet form[data-offline]").wait_for()
    page.evaluate(FADED_IN)
    found["sheet"] = violations(page)
    assert [(place, rule["id"], rule["nodes"][0]["html"]) for place in found for rule in found[place]] == []
