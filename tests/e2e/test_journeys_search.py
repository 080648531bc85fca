"""Finding a customer: two Chinese characters, pinyin initials, the last four digits; in the list and in the palette."""

import pytest
from playwright.sync_api import expect

from tests.cast import CANARY

WAYS = ["满堂", "jmt", "JMT", "0002", "K80000002"]


def test_the_list_finds_while_one_types(enter, cast):
    """Issue 2 §2, screens "every list": search as you type, the address can be shared."""
    page = enter("manager", "/customers/")
    search = page.locator(".filterbar [name=q]")
    for text in WAYS:
        search.fill(text)
        expect(page.locator("#customer-list tr[data-record]")).to_have_count(1)
        expect(page.locator("#customer-list tr[data-record]")).to_contain_text("金满堂")
        search.fill("")
        expect(page.locator("#customer-list tr[data-record]")).to_have_count(3)
    search.fill("满堂")
    expect(page.locator("#customer-list tr[data-record]")).to_have_count(1)
    page.wait_for_url("**q=%E6%BB%A1%E5%A0%82**")
    page.reload()
    expect(page.locator("#customer-list tr[data-record]")).to_have_count(1)
    search.fill("没有这个人")
    expect(page.locator("#customer-list .empty")).to_be_visible()


@pytest.mark.parametrize(("width", "text"), [(390, "0002"), (390, "jmt"), (1440, "满堂"), (1440, "jmt")])
def test_the_palette_finds_the_same_and_leads_there(enter, cast, width, text):
    """Screens "Navigation": a ringing number by 4 digits or pinyin; on a phone behind the magnifier."""
    page = enter("manager", "/", width=width)
    page.locator(".topbar-search").click()
    box = page.locator("#palette input")
    box.fill(text)
    option = page.locator("#palette [role=option]", has_text="金满堂")
    option.wait_for()
    assert CANARY not in page.locator("#palette").inner_text()
    option.click()
    page.wait_for_url(f"**/customers/{cast.customers['gold'].pk}/")


@pytest.mark.parametrize("text", ["金丝雀", "jsq", "2222", "13911112222"])
def test_nobody_finds_a_customer_of_another_unit(enter, cast, text):
    """SEC-3: search and palette come through the same door."""
    page = enter("supervisor", "/customers/", width=1440)
    page.locator(".filterbar [name=q]").fill(text)
    expect(page.locator("#customer-list .empty")).to_be_visible()
    page.locator(".topbar-search").click()
    page.locator("#palette input").fill(text)
    page.locator("#palette .palette-none", has_text=text).wait_for()
    expect(page.locator("#palette .palette-item")).to_have_count(0)
