"""The board in a browser: clocks that count down, a list that is asked for again seldom, keys."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from complaints.models import Case
from tests.complaints.desk import desk, fresh, take
from tests.complaints.test_board_lists import due

HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_clocks_count_down_and_the_list_is_asked_for_once_a_minute_at_most(enter, cast):
    """CMP-2: red at the minute due; conditional, less and less often, never while nobody looks."""
    desk(cast)
    case = due(take(cast), 2)
    page = enter("handler", "/cases/", width=1440)
    page.clock.install(time=timezone.now())
    asked = []
    page.on("response", lambda answer: asked.append(answer.status) if "/cases/fresh/" in answer.url else None)
    page.reload()
    clock = page.locator("[data-due]").first
    expect(clock).to_contain_text(re.compile("剩 [12] 分"))
    page.clock.run_for(50_000)
    assert "秒" in clock.inner_text() and asked == []
    with page.expect_response("**/cases/fresh/**") as first:
        page.clock.run_for(15_000)
    assert first.value.status == 304
    # Another minute is not enough any more: nothing has changed.
    page.clock.run_for(50_000)
    assert len(asked) == 1
    # A clock that runs out is a reason to look at once.
    with page.expect_response("**/cases/fresh/**"):
        page.clock.run_for(10_000)
    assert "超时" in clock.inner_text() and "late" in clock.get_attribute("class")
    assert "is-late" in page.locator("[data-record]").first.get_attribute("class")
    page.evaluate(HIDE, True)
    before = len(asked)
    page.clock.run_for(300_000)
    assert len(asked) == before
    other = take(cast)
    Case.unscoped.filter(pk=other.pk).update(next_due_at=timezone.now() + timedelta(hours=9))
    with page.expect_response("**/cases/fresh/**") as back:
        page.evaluate(HIDE, False)
        page.clock.run_for(1_000)
    assert back.value.status == 200
    page.locator("[data-record]").nth(1).wait_for()
    # J marks, A accepts.
    page.keyboard.press("j")
    assert page.locator("[data-record].is-current").count() == 1
    page.keyboard.press("a")
    page.locator(".toast-item").last.wait_for()
    assert fresh(case).state == "handling"


def test_on_a_phone_the_columns_are_one_list_by_the_time_left(enter, cast):
    """Screens: the phone's view is one list sorted by time left, nothing wider than the screen."""
    desk(cast)
    for kind, minutes in (("complaint", 90.5), ("need", 30.5), ("enquiry", 60.5)):
        due(take(cast, kind), minutes)
    page = enter("handler", "/cases/", width=390)
    cards = page.locator("[data-record]")
    places = sorted((card.bounding_box()["y"], card.locator("[data-due]").inner_text()) for card in cards.all())
    assert [text for _y, text in places] == ["剩 30 分", "剩 1 小时 0 分", "剩 1 小时 30 分"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto("/cases/analysis/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
