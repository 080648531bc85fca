"""The smallest phone of the requirements, 375 px: a visit by touch and a visit by keyboard, within two minutes."""

import time

import pytest

from tests.e2e.phone import chip, row_of
from tests.workbench.world import owe_today
from visits.models import Visit

TWO_MINUTES = 120


@pytest.fixture
def phone(enter, cast):
    owe_today(cast.customers["gold"])
    return enter("manager", "/", width=375)


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_visit_is_logged_by_touch(phone, cast):
    """PLT-1, CON-7: 375 px width, two minutes at most; the second chip saves it, nothing is left to tap."""
    page, begun = phone, time.monotonic()
    assert fits(page)
    row_of(page).locator("a[data-log-visit]").tap()
    page.locator("#sheet form[data-log-form]").wait_for()
    assert fits(page)
    chip(page, "outcome", "effective").tap()
    chip(page, "occasion", "care").tap()
    page.locator("#sheet form[data-log-form]").wait_for(state="detached")
    assert time.monotonic() - begun < TWO_MINUTES
    assert Visit.unscoped.get().customer == cast.customers["gold"]


def test_a_visit_is_logged_by_keyboard(phone, cast):
    """PLT-1: keyboard alone; V opens the sheet of the row, the sentence is typed, space chooses, Enter saves."""
    page, begun = phone, time.monotonic()
    row_of(page).locator("a").first.focus()
    page.keyboard.press("v")
    page.locator("#sheet form[data-log-form]").wait_for()
    page.locator("#sheet [name=content]").focus()
    page.keyboard.type("keyboard only")
    for name, value in (("outcome", "effective"), ("occasion", "care")):
        page.locator(f"#sheet input[name={name}][value={value}]").focus()
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.locator(".toast-item").first.wait_for()
    assert time.monotonic() - begun < TWO_MINUTES
    assert Visit.unscoped.get().content == "keyboard only"
