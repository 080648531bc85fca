"""A call on the phone: Today → dial → back → outcome → occasion, saved; nothing typed, nothing lost, nothing twice."""

import pytest
from playwright.sync_api import expect

from accounts.models import Standing
from tests.e2e.phone import Thumb, chip, row_of
from tests.workbench.world import owe_today, today
from visits.models import DialTap, Visit

# A telephone: it opens tel: addresses, so the page is left for the call; nobody drives it.
PHONE = """
Object.defineProperty(Navigator.prototype, "webdriver", { get: () => false });
navigation.addEventListener("navigate", (event) => {
  if (!event.destination.url.startsWith("tel:")) return;
  event.preventDefault();
  document.documentElement.dataset.tel = event.destination.url;
});
window.leave = (state) => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
  document.dispatchEvent(new Event("visibilitychange"));
};
"""


@pytest.fixture
def duty(cast):
    return owe_today(cast.customers["gold"])


@pytest.fixture
def phone(enter, duty):
    """Today on a phone of 390 px, at rest."""
    page = enter("manager", "/")
    page.context.add_init_script(PHONE)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    return page


def dial_and_come_back(page, thumb, seconds=65):
    """The call itself: the page is away for a while."""
    thumb.tap(row_of(page).locator("[data-dial-url]"))
    page.locator("html[data-tel]").wait_for()
    page.evaluate("leave('hidden')")
    back_dated = """(seconds) => {
        const call = JSON.parse(sessionStorage.getItem("dialled"));
        sessionStorage.setItem("dialled", JSON.stringify({ ...call, at: call.at - seconds * 1000 }));
    }"""
    page.evaluate(back_dated, seconds)
    page.evaluate("leave('visible')")
    page.locator("#sheet form[data-log-form]").wait_for()


def test_a_call_is_logged_in_three_taps_and_the_ring_turns(phone, cast, duty):
    """Issue 2 "Call", screens 2: customer, start and length filled in, nothing typed, at most four taps."""
    page, thumb = phone, Thumb()
    typed = []
    page.expose_function("noteKey", lambda key: typed.append(key))
    page.evaluate("document.addEventListener('keydown', (event) => noteKey(event.key))")
    assert "13900000002" not in page.content()
    expect(page.locator(".today-ring .ring-lg")).to_contain_text("0/1")

    dial_and_come_back(page, thumb)
    expect(page.locator("html")).to_have_attribute("data-tel", "tel:13900000002")
    sheet = page.locator("#sheet")
    expect(sheet.locator("h2")).to_contain_text("金满堂")
    expect(sheet.locator("input[name=channel]:checked")).to_have_value("phone")
    thumb.tap(chip(page, "outcome", "effective"))
    thumb.tap(chip(page, "occasion", "care"))

    page.locator(".toast-item .undo").wait_for()
    expect(page.locator(".today-ring .ring-lg")).to_contain_text("1/1")
    expect(row_of(page)).to_have_count(0)
    assert thumb.taps <= 4
    assert typed == []

    visit = Visit.unscoped.get()
    assert (visit.customer, visit.staff) == (cast.customers["gold"], cast.staff["manager"])
    assert (visit.channel.code, visit.outcome.code, visit.occasion.code) == ("phone", "effective", "care")
    assert 60 <= (visit.ended_at - visit.occurred_at).total_seconds() <= 120
    tap = DialTap.unscoped.get()
    assert tap.visit_id == visit.pk
    assert visit.occurred_at.replace(microsecond=0) <= tap.tapped_at
    duty.refresh_from_db()
    assert (duty.state, duty.met_by_id, duty.met_on) == ("met", visit.pk, today())
    assert Standing.unscoped.get(customer=cast.customers["gold"]).last_visit_on == today()


def test_the_toast_takes_a_saved_call_back(phone, cast, duty):
    """Screens 2: a toast with undo; decisions 2: undo takes a met duty back."""
    page, thumb = phone, Thumb()
    dial_and_come_back(page, thumb)
    thumb.tap(chip(page, "outcome", "effective"))
    thumb.tap(chip(page, "occasion", "care"))
    expect(page.locator(".today-ring .ring-lg")).to_contain_text("1/1")

    thumb.tap(page.locator(".toast-item .undo"))
    expect(page.locator(".today-ring .ring-lg")).to_contain_text("0/1")
    row_of(page).wait_for()
    assert thumb.taps == 4

    duty.refresh_from_db()
    assert (duty.state, duty.met_by_id) == ("open", None)
    visit = Visit.unscoped.get()
    assert visit.undone_at is not None
    assert visit.counts is False
    assert Standing.unscoped.get(customer=cast.customers["gold"]).last_visit_on is None


def test_a_page_discarded_during_the_call_opens_the_sheet_when_it_is_back(phone, duty):
    """Issue 2 "Call": page discarded by the phone."""
    page, thumb = phone, Thumb()
    thumb.tap(row_of(page).locator("[data-dial-url]"))
    page.locator("html[data-tel]").wait_for()
    page.reload()
    expect(page.locator("#sheet h2")).to_contain_text("金满堂")
    thumb.tap(chip(page, "outcome", "effective"))
    thumb.tap(chip(page, "occasion", "care"))
    page.locator(".toast-item .undo").wait_for()
    assert Visit.unscoped.count() == DialTap.unscoped.filter(visit__isnull=False).count() == 1


def test_a_half_filled_sheet_comes_back_after_the_page_was_discarded(phone, cast, duty):
    """Issue 2 "Call": page discarded by the phone → the draft returns, on the same page or in a new one."""
    page, thumb = phone, Thumb()
    dial_and_come_back(page, thumb)
    thumb.tap(chip(page, "outcome", "effective"))
    page.locator("#sheet [name=content]").fill("想换套餐")

    page.reload()
    expect(page.locator("#sheet [name=content]")).to_have_value("想换套餐")
    expect(page.locator("#sheet [name=outcome]:checked")).to_have_value("effective")

    fresh = page.context.new_page()
    page.close()
    fresh.goto("/")
    fresh.locator("#dialled a[data-sheet]").tap()
    fresh.locator("#sheet [data-draft-note]").wait_for()
    expect(fresh.locator("#sheet [name=content]")).to_have_value("想换套餐")
    chip(fresh, "occasion", "care").tap()
    assert not Visit.unscoped.exists(), "with a sentence on it the sheet waits for its button"
    fresh.locator("#sheet .sheet-foot .btn-primary").tap()
    fresh.locator(".toast-item .undo").wait_for()
    assert fresh.evaluate("Object.keys(localStorage).filter(name => name.startsWith('draft:')).length") == 0

    visit = Visit.unscoped.get()
    assert (visit.content, visit.outcome.code, visit.occasion.code) == ("想换套餐", "effective", "care")
    duty.refresh_from_db()
    assert duty.state == "met"


def test_a_double_tap_is_one_row(phone, duty):
    """Issue 2 "Call": double tap → one row; the page sends once, and the server knows the sheet again."""
    page, thumb = phone, Thumb()
    dial_and_come_back(page, thumb)
    page.locator("#sheet [name=content]").fill("两次点")
    thumb.tap(chip(page, "outcome", "effective"))
    thumb.tap(chip(page, "occasion", "care"))
    twins = page.evaluate(
        """async () => {
            const form = document.querySelector("#sheet form[data-log-form]");
            const send = () => fetch(form.action, {
                method: "POST", body: new FormData(form), headers: { "HX-Request": "true", "X-CSRFToken": crm.token() },
            });
            const button = form.querySelector(".sheet-foot .btn-primary");
            button.click();
            button.click();
            return (await Promise.all([send(), send()])).map((answer) => answer.status);
        }"""
    )
    assert twins == [204, 204]
    page.locator(".toast-item .undo").wait_for()
    visit = Visit.unscoped.get()
    duty.refresh_from_db()
    assert (duty.state, duty.met_by_id) == ("met", visit.pk)


def test_without_javascript_the_same_call_is_logged_by_plain_pages(enter, cast, duty):
    """Design 6: every deed has a plain form that works without JavaScript."""
    client = enter("manager", "/").context
    page = client.browser.new_context(
        base_url=client.pages[0].url, java_script_enabled=False, storage_state=client.storage_state(), locale="zh-CN",
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True,
    ).new_page()  # fmt: skip
    page.goto("/")
    page.locator(".today-row", has_text="金满堂").locator("[data-dial-url]").tap()
    expect(page.get_by_text("139 0000 0002").or_(page.get_by_text("13900000002")).first).to_be_visible()
    page.locator("main a[href*='/log/']").tap()
    page.locator("label.chip:has(input[name=outcome][value=effective])").tap()
    page.locator("label.chip:has(input[name=occasion][value=care])").tap()
    page.locator("form[data-log-form] .form-actions .btn-primary").tap()
    page.wait_for_url(lambda url: "/log/" not in url)
    assert Visit.unscoped.get().customer == cast.customers["gold"]
    duty.refresh_from_db()
    assert duty.state == "met"
    page.context.close()
