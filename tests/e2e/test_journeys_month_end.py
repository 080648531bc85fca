"""The last evening of a month, entered next morning: last month's duty is met, its provisional miss taken back."""

from datetime import date, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from accounts.models import Standing
from crm import nightly
from tests.e2e.phone import Thumb, chip
from tests.visits.desk import SHANGHAI
from tests.visits.ledger_world import at
from visits.models import Duty, Visit

NOVEMBER_1, NOVEMBER_30, DECEMBER_1 = date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)
MORNING = datetime(2026, 12, 1, 8, 30, tzinfo=SHANGHAI)


@pytest.fixture
def morning():
    """Tuesday, the 1st of December, half past eight: for the server; the phone's clock has no part in it."""
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture
def after_the_night(morning, cast):
    """Two nights that matter: November was opened, and closed half an hour after midnight."""
    for unit in cast.units.values():
        unit.live_from = date(2024, 1, 1)
        unit.save(update_fields=["live_from"])
    for day in (NOVEMBER_1, DECEMBER_1):
        nightly.run_night(day, now=at(day, 0, 30))
    return cast


def duty_of(customer, first):
    return Duty.unscoped.get(customer=customer, starts_on=first, purpose="contact")


def log_last_evening(page, thumb):
    """From the amber note on Today: the sheet knows the customer; day and time are set, the rest are chips."""
    thumb.tap(page.locator(".today-mend a.chip", has_text="金满堂"))
    page.locator("#sheet form[data-log-form]").wait_for()
    if not page.locator("#sheet [name=started_at]").is_visible():
        thumb.tap(page.locator("#sheet .log-time summary"))
    page.locator("#sheet [name=started_at]").fill("2026-11-30T19:40")
    thumb.tap(chip(page, "channel", "phone"))
    thumb.tap(chip(page, "outcome", "effective"))
    thumb.tap(chip(page, "occasion", "care"))
    page.locator(".toast-item .undo").wait_for()


def test_a_visit_of_the_last_evening_takes_the_provisional_miss_back(after_the_night, enter, cast):
    """Issue 2 "last evening of a month", CON-34, decisions 1 and 2: 补录."""
    gold = cast.customers["gold"]
    assert duty_of(gold, NOVEMBER_1).state == "provisional"
    assert duty_of(gold, DECEMBER_1).state == "open"
    assert Standing.unscoped.get(customer=gold).is_overdue is True

    page, thumb = enter("manager", "/"), Thumb()
    expect(page.locator(".today-mend")).to_contain_text("金满堂")
    log_last_evening(page, thumb)
    expect(page.locator(".today-mend")).not_to_contain_text("金满堂")

    visit = Visit.unscoped.get()
    assert visit.occurred_at == datetime(2026, 11, 30, 19, 40, tzinfo=SHANGHAI)
    assert (visit.occurred_on, visit.is_backdated, visit.counts) == (NOVEMBER_30, True, True)
    assert visit.logged_at.astimezone(SHANGHAI).date() == DECEMBER_1
    november, december = duty_of(gold, NOVEMBER_1), duty_of(gold, DECEMBER_1)
    assert (november.state, november.met_by_id, november.met_on) == ("met", visit.pk, NOVEMBER_30)
    assert (december.state, december.met_by_id) == ("open", None)
    standing = Standing.unscoped.get(customer=gold)
    assert (standing.last_visit_on, standing.is_overdue, standing.next_due_on) == (
        NOVEMBER_30,
        False,
        date(2026, 12, 31),
    )

    page.goto(f"/customers/{gold.pk}/")
    expect(page.locator("#customer-middle")).to_contain_text("补录")
    page.goto(f"/visits/{visit.pk}/")
    expect(page.locator("main")).to_contain_text("补录")
    page.goto(f"/customers/{gold.pk}/?tab=duties")
    expect(page.locator("main")).to_contain_text("已达标")


def test_undo_brings_the_provisional_miss_back(after_the_night, enter, cast):
    """Decisions 2: before the freeze a row is recomputed either way."""
    page, thumb = enter("manager", "/"), Thumb()
    log_last_evening(page, thumb)
    thumb.tap(page.locator(".toast-item .undo"))
    expect(page.locator(".today-mend")).to_contain_text("金满堂")
    assert duty_of(cast.customers["gold"], NOVEMBER_1).state == "provisional"
    assert Standing.unscoped.get(customer=cast.customers["gold"]).is_overdue is True


def test_four_days_later_is_too_late_and_says_so_beside_the_time(after_the_night, enter, cast, refusals):
    """CON-34: at most three days back; what was typed stays."""
    refusals.add(400)
    page = enter("manager", f"/log/?customer={cast.customers['gold'].pk}")
    if not page.locator("[name=started_at]").is_visible():
        page.locator(".log-time summary").tap()
    page.locator("[name=started_at]").evaluate("(field) => { field.min = ''; field.value = '2026-11-27T19:40'; }")
    page.locator("label.chip:has([name=channel][value=phone])").tap()
    page.locator("[name=content]").fill("晚上谈过续约")
    page.locator("label.chip:has([name=outcome][value=effective])").tap()
    page.locator("label.chip:has([name=occasion][value=care])").tap()
    page.locator("main .form-actions .btn-primary").tap()
    expect(page.locator("main .field-error")).to_contain_text("3")
    expect(page.locator("[name=content]")).to_have_value("晚上谈过续约")
    assert not Visit.unscoped.exists()
    assert duty_of(cast.customers["gold"], NOVEMBER_1).state == "provisional"
