"""Friday: the system has drafted the next week; it is accepted with the thumb, and changed at the desk."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from crm.core.sweeps import run_step
from tests.e2e.phone import Thumb
from tests.visits.desk import owe
from tests.visits.ledger_world import customer_of
from visits.models import Plan, PlanItem

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def friday(cast, monkeypatch):
    """Friday afternoon, the draft of next week lies there since noon."""
    now = datetime.now(SHANGHAI)
    day = now.date() + timedelta(days=(4 - now.weekday()) % 7)
    noon = datetime(day.year, day.month, day.day, 12, 0, tzinfo=SHANGHAI)
    # An hour at least from the browser's clock, so that the page always says that the clock is wrong.
    shown = noon + timedelta(minutes=30 if abs(noon - now) > timedelta(hours=2) else 240)
    monkeypatch.setattr("django.utils.timezone.now", lambda: shown)
    monday = day + timedelta(days=3)
    for number in range(8):
        customer = customer_of(cast, preferred_time="下午3点后" if number % 2 else "", district=f"区{number % 2}")
        owe(customer, starts_on=day.replace(day=1), due_on=monday + timedelta(days=20), suggested_on=monday)
    run_step("draft_week_plans", day, noon)
    return monday


def at_rest(page):
    """The banner of the wrong clock comes when the server has answered, and moves the page below it."""
    page.locator("#page-alert [data-close-banner]").click()


def test_friday_s_plan_is_accepted_in_at_most_three_taps(enter, friday, cast):
    """Issue 3: Friday plan in 3 taps at 390 px; PLAN-6: not late."""
    page, thumb = enter("manager", "/"), Thumb()
    at_rest(page)
    thumb.tap(page.locator(".bottom-place[href='/plan/']"))
    expect(page.locator(".page-head h1")).to_contain_text(f"{friday.month}月{friday.day}日")
    expect(page.locator(".plan-card")).to_have_count(8)
    thumb.tap(page.locator(".plan-accept"))
    expect(page.locator(".toast-item").first).to_contain_text("计划已确认")
    assert thumb.taps <= 3
    plan = Plan.unscoped.get(staff=cast.staff["manager"], period="week", starts_on=friday)
    assert plan.state == "accepted"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_card_is_changed_on_the_phone_by_the_plain_form(enter, friday, cast):
    """Screens 5: a day-by-day list; every deed has a form."""
    page, thumb = enter("manager", "/plan/"), Thumb()
    at_rest(page)
    item = (
        PlanItem.unscoped.filter(plan__staff=cast.staff["manager"]).order_by("planned_on", "half", "position").first()
    )
    thumb.tap(page.locator(f"a[href='/plan/items/{item.pk}/']"))
    page.locator("#sheet form").wait_for()
    wednesday = friday + timedelta(days=2)
    thumb.tap(page.locator(f"#sheet label.chip:has(input[name=on][value='{wednesday}'])"))
    thumb.tap(page.locator("#sheet .sheet-foot .btn-primary"))
    page.locator(".toast-item").first.wait_for()
    item.refresh_from_db()
    assert item.planned_on == wednesday
    expect(page.locator(f"#day-{wednesday} [data-item='{item.pk}']")).to_be_visible()


def test_cards_are_dragged_and_moved_by_keys_at_the_desk(enter, friday, cast):
    """Screens 5: drag or keyboard."""
    page = enter("manager", "/plan/", width=1440)
    at_rest(page)
    first, second = PlanItem.unscoped.filter(plan__staff=cast.staff["manager"]).order_by(
        "planned_on", "half", "position"
    )[:2]
    thursday = friday + timedelta(days=3)
    page.locator(f"[data-item='{first.pk}']").drag_to(
        page.locator(f".plan-half[data-on='{thursday}'][data-half='pm']"), source_position={"x": 8, "y": 40}
    )
    expect(page.locator(f"#day-{thursday} [data-item='{first.pk}']")).to_be_visible()
    first.refresh_from_db()
    assert (first.planned_on, first.half) == (thursday, "pm")
    second.refresh_from_db()
    before = second.planned_on
    page.locator(f"[data-item='{second.pk}']").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(f"#day-{before + timedelta(days=1)} [data-item='{second.pk}']")).to_be_visible()
    second.refresh_from_db()
    assert second.planned_on == before + timedelta(days=1)
