"""The frame in a browser: keyboard, theme, lock, drafts, forms sent once, nothing for axe to say."""

import re

import pytest
from django.urls import reverse

from tests.cast import PASSWORD
from tests.e2e.axe import violations


@pytest.fixture
def signed_in(open_page, cast):
    """A page of somebody who has signed in: `signed_in("director", "/settings/")`."""

    def sign_in(person, address="/", **options):
        user = getattr(cast, person)
        page = open_page("/sign-in/", **options)
        page.fill("[name=login]", user.username)
        page.fill("[name=password]", PASSWORD)
        page.click("form[data-sign-in] button")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        page.goto(address)
        page.wait_for_selector("html[data-ready]")
        return page

    return sign_in


def test_the_palette_opens_by_keyboard_finds_and_leads_on(signed_in, cast):
    """Screens: Ctrl/⌘-K palette; pinyin initials, only what one may see."""
    page = signed_in("manager", "/notices/")
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill("jmt")
    option = page.locator("#palette [role=option][aria-selected=true]", has_text="金满堂")
    option.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('workbench:customer', args=[cast.customers['gold'].pk])}")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()


def test_the_theme_changes_at_once_and_stays(signed_in):
    page = signed_in("manager", "/notices/")
    page.locator("header details.menu").last.locator("summary").click()
    with page.expect_response("**/theme/"):
        page.click("[data-theme-form] [value=dark]")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    page.reload()
    assert page.get_attribute("html", "data-bs-theme") == "dark"


def test_a_locked_screen_opens_with_the_password_and_keeps_what_was_typed(signed_in):
    """SEC-4: idle locks the screen, the draft is kept."""
    page = signed_in("director", reverse("core:parameter_edit", args=["day_slots"]))
    page.fill("[name=value]", "9")
    page.evaluate("crm.lock()")
    assert page.locator("#lock").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#lock").is_visible()
    page.fill("#lock-password", PASSWORD)
    page.click("#lock .btn-primary")
    page.locator("#lock").wait_for(state="hidden")
    assert page.input_value("[name=value]") == "9"


def test_what_was_typed_returns_after_the_phone_discarded_the_page_until_it_is_saved(signed_in):
    """Screens: nothing typed is ever lost."""
    address = reverse("core:parameter_edit", args=["day_slots"])
    page = signed_in("director", address, width=390)
    page.fill("[name=value]", "11")
    page.goto("/notices/")
    page.goto(address)
    page.locator("[data-draft-note]").wait_for()
    assert page.input_value("[name=value]") == "11"
    page.click("main form .btn-primary")
    page.wait_for_url(lambda url: "day_slots" not in url)
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    assert not page.locator("[data-draft-note]").count()


def test_signing_out_leaves_nothing_typed_in_the_browser(signed_in):
    """Decisions 18: what a browser keeps is the signed-in person's alone."""
    page = signed_in("director", reverse("core:parameter_edit", args=["day_slots"]))
    page.fill("[name=value]", "11")
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('draft:')).length") == 1
    page.locator("header details.menu").last.locator("summary").click()
    page.click("form[data-sign-out] button")
    page.wait_for_url("**/sign-in/**")
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('draft:')).length") == 0


def test_a_form_is_sent_once_however_often_it_is_tapped(signed_in):
    """Screens: submit once; bad input 34."""
    page = signed_in("director", reverse("core:parameter_edit", args=["day_slots"]))
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.fill("[name=value]", "9")
    page.evaluate(
        "() => { const b = document.querySelector('main form .btn-primary'); b.click(); b.click(); b.click(); }"
    )
    page.wait_for_url(lambda url: "day_slots" not in url)
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        ("light", 1440),
        ("dark", 390),
        pytest.param("dark", 1440, marks=pytest.mark.slow),
        pytest.param("light", 390, marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_to_say_about_the_frame(signed_in, open_page, width, scheme):
    """WCAG 2.2 AA."""
    page = open_page("/sign-in/", width=width, color_scheme=scheme)
    found = {"/sign-in/": violations(page)}
    page = signed_in("director", "/settings/", width=width, color_scheme=scheme)
    for address in ("/settings/", "/notices/", "/password/", "/second-factor/"):
        page.goto(address)
        found[address] = violations(page)
    page.keyboard.press("Control+k")
    page.locator("#palette").wait_for()
    found["palette"] = violations(page)
    assert not [(place, rule["id"], rule["nodes"][0]["html"]) for place, rules in found.items() for rule in rules]


def test_axe_names_every_place_of_a_fault(open_page):
    """The check bites: what is not written out is only what is in order."""
    page = open_page("/sign-in/")
    page.evaluate("document.querySelector('main').append(...[1, 2].map(() => document.createElement('input')))")
    (rule,) = violations(page)
    assert (rule["id"], len(rule["nodes"])) == ("label", 2)


def test_the_bottom_bar_and_its_more_are_within_reach_of_a_thumb(signed_in):
    """PLT-1: targets of at least 44 px on a phone."""
    page = signed_in("director", "/notices/", width=390)
    page.locator(".bottom-bar summary").click()
    assert page.locator(".bottom-more").is_visible()
    sizes = page.eval_on_selector_all(
        ".bottom-bar a, .bottom-bar summary, .topbar a, .topbar summary",
        "all => all.filter(one => one.offsetParent).map(one => [one.className, one.offsetWidth, one.offsetHeight])",
    )
    small = [size for size in sizes if min(size[1:]) < 44 and not re.search("topbar-brand", size[0])]
    assert not small
