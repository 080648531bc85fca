"""The desk, on a phone and on a desk: a complaint solved in one call; one that goes all the way and comes back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.actions.dispatches import reply_dispatch
from accounts.models import Dispatch, Escalation
from complaints.models import Case, CaseStep
from crm.core.sweeps import run_step
from tests.complaints.desk import desk, fresh, take

WIDTHS = (390, 1440)


def press(place, width):
    """A finger on the phone, the mouse on the desk."""
    place.tap() if width < 600 else place.click()


def chip(page, name, value):
    return page.locator(f"label:has(> input[name={name}][value='{value}'])")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_complaint_is_solved_in_one_call_on_one_screen(enter, cast, width):
    """Issue 4: 受理, three ticks and one sentence, the matter, one save; told and closed."""
    desk(cast)
    page = enter("manager", "/cases/new/", width=width)
    press(chip(page, "kind", "complaint"), width)
    expect(page.locator("[name=facts]")).to_have_value(re.compile("时间.*地点.*人物.*经过", re.DOTALL))
    page.locator("[name=q]").fill("jmt")
    press(page.locator("#customer-found label", has_text="金满堂"), width)
    expect(page.locator("#customer-known")).to_contain_text("金满堂")
    page.locator("[name=facts]").fill("时间:今早\n地点:家里\n人物:本人\n经过:宽带断了")
    page.locator("[name=expectation]").fill("马上恢复")
    press(chip(page, "category_code", "network"), width)
    page.locator("[name=one_call]").check()
    for name in ("listened", "apologised", "understood"):
        page.locator(f"[name={name}]").check()
    page.locator("[name=sentence]").fill("光猫掉线,重启无效")
    page.locator("[name=information]").fill("端口已远程重置")
    page.locator("[name=options]").fill("远程重置端口\n下午上门换光猫")
    page.locator("[name=agreed]").fill("远程重置")
    press(chip(page, "satisfaction", "5"), width)
    page.locator("[name=result]").fill("已恢复,客户确认")
    press(page.locator("#intake-save"), width)
    page.wait_for_url("**/cases/*/")
    expect(page.locator(".step.is-done")).to_have_count(6)
    case = Case.unscoped.get()
    assert (case.state, case.solved_in_one_call, case.satisfaction) == ("closed", True, 5)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def step(page, number, width, ticks=(), **texts):
    """Fill in the open step and record it."""
    form = page.locator(f"#step-{number} form")
    for name in ticks:
        form.locator(f"[name={name}]").check()
    for name, text in texts.items():
        form.locator(f"[name={name}]").fill(text)
    if number == 5:
        press(form.locator("label:has(> input[name=satisfaction][value='4'])"), width)
    press(form.locator(".btn-primary"), width)
    page.locator(f"#step-{number}.is-done").wait_for()


def in_sheet(page, path, width, **texts):
    """A deed in the sheet, from the bar or the menu."""
    link = page.locator(f"a[data-sheet][href$='/{path}/']")
    if not link.is_visible():
        press(page.locator(".case-acts details.menu summary"), width)
    press(link, width)
    for name, text in texts.items():
        field = page.locator(f"#sheet [name={name}]")
        field.select_option(text) if name.endswith("_id") else field.fill(text)
    with page.expect_navigation():  # the deed is done, the page is drawn anew
        press(page.locator("#sheet .sheet-foot .btn-primary"), width)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_complaint_goes_across_and_up_is_answered_closed_and_opened_again(enter, cast, width):
    """Issue 4: dispatched, late, urged, reported up, answered, agreed, replied, closed, reopened."""
    desk(cast)
    now = timezone.now()
    case = take(cast, now=now - timedelta(hours=26))
    page = enter("handler", f"/cases/{case.pk}/", width=width)
    press(page.locator("form[action$='/accept/'] button"), width)
    page.locator("#step-1 form").wait_for()
    step(page, 1, width, ticks=("listened", "sympathy"))
    step(page, 2, width, ticks=("apologised",))
    step(page, 3, width, facts="昨晚断网两小时,没人回电")
    in_sheet(page, "dispatch", width, to_unit_id=str(cast.units["BSC"].pk), text="请查端口")
    run_step("case_clocks", timezone.localdate(now), now)  # late, and up by itself
    page.reload()
    expect(page.locator(".case-clock .due.late").first).to_be_visible()
    assert Escalation.unscoped.filter(origin_table="complaints_case", origin_id=case.pk).exists()
    press(page.locator("form[action$='/urge/'] button"), width)
    page.locator(".toast-item").wait_for()
    row = Dispatch.unscoped.get()
    assert row.urge_count == 1
    reply_dispatch(dispatch_id=row.pk, text="端口已修复", solved=True, by=cast.business_support, now=timezone.now())
    page.reload()
    expect(page.locator(".talk")).to_contain_text("端口已修复")
    step(page, 4, width, information="端口故障,已修复", options="减免三天\n换新光猫")
    step(page, 5, width, agreed="减免三天")
    in_sheet(page, "reply", width, text="已修复,减免三天月费")
    step(page, 6, width, ticks=("apologised",))
    press(page.locator("form[action$='/close/'] button"), width)
    press(page.locator("#confirm [data-confirm-yes]"), width)
    page.locator("a[href$='/reopen/']").first.wait_for(state="attached")
    assert fresh(case).state == "closed"
    in_sheet(page, "reopen", width, reason="今天又断了")
    expect(page.locator("#step-1 form")).to_be_visible()
    again = fresh(case)
    assert (again.state, again.round) == ("handling", 2)
    assert CaseStep.unscoped.filter(case=case, round=1).count() == 6
    assert page.evaluate("document.documentElement.scrollWidth") <= width
