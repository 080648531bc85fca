"""The handover wizard: look at what moves, move it, take it back."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Assignment, Customer, Handover
from tests.workbench.world import owe_today
from visits.models import Duty


@pytest.mark.parametrize("width", [390, 1440])
def test_preview_do_and_undo(enter, cast, width):
    """Issue 2 §2, ORG-29: preview of what moves, reason, one transaction, undo for 7 days."""
    mine = [cast.customers[key] for key in ("diamond", "gold", "silver")]
    duties = [owe_today(customer) for customer in mine]
    page = enter("supervisor", "/team/", width=width)
    page.goto(f"/handover/?from={cast.staff['manager'].pk}")
    expect(page.locator("[name=from_staff]")).to_have_value(str(cast.staff["manager"].pk))
    page.locator("[name=to_staff]").select_option(str(cast.staff["teammate"].pk))
    page.locator("[name=reason]").fill("区域调整")
    page.locator("[name=note]").fill("金满堂喜欢上午接电话")
    page.locator("button[name=step][value=preview]").click()
    expect(page.locator("main .stats")).to_contain_text("3")
    expect(page.locator("main .facts").first).to_contain_text("钻石卡")
    assert not Handover.unscoped.exists(), "the preview writes nothing"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.locator("button[name=step][value=do]").click()
    page.wait_for_url(re.compile(r"/handover/\d+/$"))
    handover = Handover.unscoped.get()
    assert (handover.reason, handover.done_by) == ("区域调整", cast.supervisor)
    assert {row.manager for row in Customer.unscoped.filter(pk__in=[one.pk for one in mine])} == {
        cast.staff["teammate"]
    }
    moved = Duty.unscoped.filter(pk__in=[duty.pk for duty in duties])
    assert {(row.manager, row.is_introduction) for row in moved} == {(cast.staff["teammate"], True)}
    assert Assignment.unscoped.filter(customer__in=mine, valid_to=None).count() == 3

    page.locator("form[action$='/undo/'] button").click()
    page.locator("#confirm [data-confirm-yes]").click()
    expect(page.locator("form[action$='/undo/']")).to_have_count(0)
    handover.refresh_from_db()
    assert handover.undone_by == cast.supervisor
    assert {row.manager for row in Customer.unscoped.filter(pk__in=[one.pk for one in mine])} == {cast.staff["manager"]}
    assert {row.manager for row in moved.all()} == {cast.staff["manager"]}
    assert Assignment.unscoped.filter(customer__in=mine, valid_to=None, staff=cast.staff["manager"]).count() == 3


def test_ticked_customers_of_the_list_go_into_the_wizard(enter, cast):
    """Issue 2 §2: bulk assign from the list."""
    page = enter("supervisor", "/customers/", width=1440)
    for name in ("金满堂", "银小满"):
        page.locator("tr[data-record]", has_text=name).locator("input[name=ids]").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("2")
    page.locator("[data-bulk-bar] .btn-primary").click()
    page.locator("[name=to_staff]").select_option(str(cast.staff["teammate"].pk))
    page.locator("[name=reason]").fill("忙不过来")
    page.locator("button[name=step][value=preview]").click()
    page.locator("button[name=step][value=do]").click()
    page.wait_for_url(re.compile(r"/handover/\d+/$"))
    for key, manager in (("gold", "teammate"), ("silver", "teammate"), ("diamond", "manager")):
        assert Customer.unscoped.get(pk=cast.customers[key].pk).manager == cast.staff[manager]
