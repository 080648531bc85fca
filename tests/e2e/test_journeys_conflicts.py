"""Two people, or two tabs, at the same record: the second is told, sees both values, and loses nothing."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import actions as accounts
from accounts.models import Customer, PersonProfile, Task
from crm.core.models import Notice
from tests.e2e.phone import chip, row_of
from tests.workbench.world import owe_today
from visits.models import Duty, Plan, PlanItem, Visit


def test_a_customer_handed_over_between_load_and_save_keeps_the_text_and_sends_it_on(enter, cast, refusals):
    """Issue 2 "Bad input", bad input 45: the text is kept, "send it to the new manager" offered."""
    refusals.add(409)
    gold = cast.customers["gold"]
    owe_today(gold)
    page = enter("manager", "/")
    row_of(page).locator("a[data-log-visit]").tap()
    chip(page, "channel", "phone").tap()
    page.locator("#sheet [name=content]").fill("想办专线,周三回电")
    chip(page, "outcome", "effective").tap()
    chip(page, "occasion", "need").tap()

    accounts.hand_over(
        customer_ids=[gold.pk], to_staff_id=cast.staff["teammate"].pk, reason="调整片区", by=cast.supervisor,
        now=timezone.now(),
    )  # fmt: skip
    page.locator("#sheet .sheet-foot .btn-primary").tap()
    page.locator("#sheet .note.soon[role=alert]").wait_for()
    expect(page.locator("#sheet [name=content]")).to_have_value("想办专线,周三回电")
    assert not Visit.unscoped.exists()

    page.locator("#sheet button[formaction$='/log/pass-on/']").tap()
    expect(page.locator(".toast-item").last).to_contain_text("周宁")
    expect(page.locator("#sheet-dialog")).to_be_hidden()
    expect(row_of(page)).to_have_count(0)
    task = Task.unscoped.get(kind="assigned")
    assert (task.staff, task.customer, task.reason) == (cast.staff["teammate"], gold, "想办专线,周三回电")
    assert not Visit.unscoped.exists()
    assert Duty.unscoped.get(customer=gold).state == "open"
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('draft:')).length") == 0

    other = enter("teammate", "/")
    expect(row_of(other)).to_contain_text("林晓转来")
    row_of(other).locator("a.title").tap()
    expect(other.locator("#customer")).to_contain_text("想办专线,周三回电")
    assert Notice.objects.filter(user=cast.teammate).exists()


@pytest.mark.parametrize("width", [390, 1440])
def test_two_tabs_that_save_the_same_customer_see_both_values_and_lose_nothing(enter, cast, refusals, width):
    """Issue 2 "Bad input", bad input 33, safety 25: 409 with both values; what the other changed stays changed."""
    refusals.add(409)
    gold = cast.customers["gold"]
    address = f"/customers/{gold.pk}/edit/"
    first = enter("manager", address, width=width)
    second = first.context.new_page()
    second.goto(address)

    first.locator("[name=district]").fill("江北区")
    first.locator("[name=sports]").fill("羽毛球")
    first.locator("main .form-actions .btn-primary").click()
    first.wait_for_url(re.compile(rf"/customers/{gold.pk}/$"))

    second.locator("[name=district]").fill("江南区")
    second.locator("[name=email]").fill("jin@example.com")
    with second.expect_response(lambda answer: answer.request.method == "POST") as answered:
        second.locator("main .form-actions .btn-primary").click()
    assert answered.value.status == 409
    note = second.locator(".conflict")
    expect(note).to_contain_text("林晓")
    row = note.locator("tr", has_text="江北区")
    expect(row).to_contain_text("江南区")
    expect(note.locator("tr", has_text="羽毛球")).to_be_visible()
    expect(second.locator("[name=district]")).to_have_value("江南区")
    expect(second.locator("[name=email]")).to_have_value("jin@example.com")
    expect(second.locator("[name=sports]")).to_have_value("羽毛球")
    gold.refresh_from_db()
    assert (gold.district, gold.email) == ("江北区", "")

    second.locator("main .form-actions .btn-primary").click()
    second.wait_for_url(re.compile(rf"/customers/{gold.pk}/$"))
    gold = Customer.unscoped.get(pk=gold.pk)
    assert (gold.district, gold.email) == ("江南区", "jin@example.com")
    assert PersonProfile.unscoped.get(customer=gold).sports == "羽毛球"
    second.goto(f"/customers/{gold.pk}/?tab=history")
    for value in ("江北区", "江南区"):
        expect(second.locator("main")).to_contain_text(value)


def test_a_draft_that_comes_back_leaves_alone_what_others_have_changed_since(enter, cast):
    """Safety 25: no silent overwrite, not by a draft either."""
    gold = cast.customers["gold"]
    address = f"/customers/{gold.pk}/edit/"
    page = enter("manager", address)
    page.locator("[name=district]").fill("江南区")
    page.goto("/notices/")
    accounts.update_customer(
        customer_id=gold.pk, changes={"email": "neu@example.com"}, by=cast.manager, now=timezone.now()
    )
    page.goto(address)
    page.locator("[data-draft-note]").wait_for()
    expect(page.locator("[name=district]")).to_have_value("江南区")
    expect(page.locator("[name=email]")).to_have_value("neu@example.com")
    page.locator("main .form-actions .btn-primary").tap()
    page.wait_for_url(re.compile(rf"/customers/{gold.pk}/$"))
    gold.refresh_from_db()
    assert (gold.district, gold.email) == ("江南区", "neu@example.com")


def test_the_same_week_edited_on_two_devices_tells_the_second_and_loses_nothing(enter, cast, refusals):
    """Issue 3 "Checked by": two devices change one item of the week; the second sees both values, keeps its own."""
    refusals.add(409)
    today = timezone.localdate()
    plan = Plan.unscoped.create(
        staff=cast.staff["manager"], period="week", starts_on=today - timedelta(days=today.weekday()), state="accepted",
        drafted_at=timezone.now(), accepted_at=timezone.now(),
    )  # fmt: skip
    item = PlanItem.unscoped.create(plan=plan, customer=cast.customers["gold"], planned_on=today, purpose="谈续约")
    first, second = enter("manager", "/plan/"), enter("manager", "/plan/")
    for page in (first, second):
        page.locator(f"a[href='/plan/items/{item.pk}/']").tap()
        page.locator("#sheet form").wait_for()
    chip(first, "half", "pm").tap()
    first.locator("#sheet [name=purpose]").fill("谈续约,带样机")
    first.locator("#sheet .sheet-foot .btn-primary").tap()
    expect(first.locator("#sheet-dialog")).to_be_hidden()

    second.locator("#sheet [name=purpose]").fill("谈5G专线")
    second.locator("#sheet .sheet-foot .btn-primary").tap()
    note = second.locator("#sheet .conflict")
    expect(note.locator("tr", has_text="带样机")).to_contain_text("谈5G专线")
    expect(second.locator("#sheet [name=purpose]")).to_have_value("谈5G专线")
    item.refresh_from_db()
    assert (item.half, item.purpose) == ("pm", "谈续约,带样机")
    second.locator("#sheet .sheet-foot .btn-primary").tap()
    expect(second.locator("#sheet-dialog")).to_be_hidden()
    item.refresh_from_db()
    assert (item.half, item.purpose) == ("pm", "谈5G专线")
