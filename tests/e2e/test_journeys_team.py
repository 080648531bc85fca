"""Monday on Team: who is behind, urge, three days' cover, one excuse, one remark; on a desk and on a phone."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from accounts.choices import Role
from accounts.models import Cover, Leave, Post, Staff
from crm.core.models import Notice, User
from tests.e2e.phone import chip, row_of
from tests.visits.ledger_world import visit
from tests.workbench.world import owe_today, today
from visits.models import Duty, Excuse, Remark, Visit


@pytest.fixture
def monday(cast):
    """Ten managers in the branch; one of them is behind, has asked for an excuse and has logged two visits."""
    for index in range(8):
        user = User.objects.create(username=f"M11{index:02}", name=f"经理{index}")
        member = Staff.unscoped.create(
            user=user, number=user.username, name=user.name, unit=cast.units["A"], supervisor=cast.staff["supervisor"]
        )
        Post.unscoped.create(staff=member, role=Role.MANAGER, unit=cast.units["A"])
    owe_today(cast.customers["gold"], is_overdue=True)
    asked = owe_today(cast.customers["silver"])
    Excuse.unscoped.create(
        duty=asked, kind="no_contact", requested_by=cast.manager, requested_at=timezone.now(), text="客户明确不要联系"
    )
    visit(cast.customers["diamond"], today() - timedelta(days=1), cast=cast, content="谈了新套餐")
    visit(cast.customers["diamond"], today(), cast=cast, content="回访满意")
    return cast


def line_of(page, name="林晓"):
    return page.locator("#team .team-list tbody tr", has=page.get_by_role("link", name=name, exact=True))


def toast(page):
    """What the last deed says; closed, so that the next one is another."""
    place = page.locator(".toast-item").last
    place.wait_for()
    text = place.inner_text()
    place.locator("[data-close-toast]").click()
    place.wait_for(state="detached")
    return text


def fill_cover(page, cast, *, substitute="teammate", days=3):
    sheet = page.locator("#sheet")
    sheet.locator("[name=substitute_id]").select_option(str(cast.staff[substitute].pk))
    sheet.locator("[name=starts_on]").fill(today().isoformat())
    sheet.locator("[name=ends_on]").fill((today() + timedelta(days=days - 1)).isoformat())
    sheet.locator("[name=ends_on]").press("Tab")
    return sheet


@pytest.mark.parametrize("width", [390, 1440])
def test_monday_on_team(monday, enter, cast, refusals, width):
    """Issue 2 "Monday on Team", screens 1b."""
    page = enter("supervisor", "/", width=width)
    page.wait_for_url("**/team/")
    expect(page.locator("#team .team-list tbody tr")).to_have_count(10)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    line_of(page).locator("[data-quick]").click()
    toast(page)
    refusals.add(409)
    line_of(page).locator("[data-quick]").click()
    page.locator("#page-alert").wait_for()
    notice = Notice.objects.get(user=cast.manager, kind="urged")
    assert notice.params["overdue"] == 1

    line_of(page).locator("a[href$='/cover/']").click()
    sheet = fill_cover(page, cast)
    expect(sheet.locator(".cover-preview")).to_contain_text("3")
    assert not Cover.unscoped.exists(), "the preview writes nothing"
    sheet.locator(".sheet-foot .btn-primary").click()
    assert "林晓" in toast(page)
    cover = Cover.unscoped.get()
    assert (cover.absent, cover.substitute) == (cast.staff["manager"], cast.staff["teammate"])
    assert (cover.starts_on, cover.ends_on) == (today(), today() + timedelta(days=2))

    line_of(page).locator("a[href*='/approvals/']").click()
    card = page.locator("article.approval", has_text="银小满")
    expect(card).to_contain_text("客户明确不要联系")
    card.locator("[name=grant][value=yes]").click()
    toast(page)
    assert Excuse.unscoped.get().state == "granted"
    assert Duty.unscoped.get(customer=cast.customers["silver"]).state == "excused"

    page.goto("/team/")
    line_of(page).locator("details.menu summary").click()
    line_of(page).locator(".menu-panel a[href*='unremarked']").click()
    page.locator("main a[href^='/visits/']", has_text="钱多多").first.click()
    page.locator("a[rel=next], a[rel=prev]").first.wait_for()
    page.locator("#remark-text").fill("谈得好,请跟进合同")
    page.locator("button[name=next]").first.click()
    expect(page.locator("main")).to_contain_text("谈得好,请跟进合同")
    remark = Remark.unscoped.get()
    assert (remark.text, remark.visit.customer, remark.by) == (
        "谈得好,请跟进合同", cast.customers["diamond"], cast.supervisor
    )  # fmt: skip
    assert Notice.objects.filter(user=cast.manager, kind="visit_remarked").count() == 1


def test_under_cover_the_substitute_acts_the_credit_stays_and_it_ends_by_itself(monday, enter, cast):
    """Design 4 "Cover", decisions 6 and 7."""
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on=today(),
        ends_on=today() + timedelta(days=2), arranged_by=cast.supervisor, arranged_at=timezone.now(),
    )  # fmt: skip
    page = enter("teammate", "/")
    row_of(page).locator("a[data-log-visit]").tap()
    chip(page, "channel", "phone").tap()
    chip(page, "outcome", "effective").tap()
    chip(page, "occasion", "care").tap()
    page.locator(".toast-item .undo").wait_for()

    row = Visit.unscoped.get(customer=cast.customers["gold"])
    assert (row.staff, row.manager, row.party, row.counts) == (
        cast.staff["teammate"], cast.staff["manager"], "cover", True
    )  # fmt: skip
    duty = Duty.unscoped.get(customer=cast.customers["gold"])
    assert (duty.state, duty.manager) == ("met", cast.staff["manager"])

    address = f"/customers/{cast.customers['gold'].pk}/"
    assert page.goto(address, wait_until="networkidle").status == 200  # parts that come later are there, too
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=True):
        later = Client()
        later.force_login(cast.teammate)
        assert later.get(address).status_code == 404
        assert "金满堂" not in later.get("/").content.decode()


@pytest.mark.parametrize("width", [390, 1440])
def test_cover_by_somebody_who_is_himself_away_is_refused_with_a_sentence(monday, enter, cast, refusals, width):
    """Issue 2 "Bad input": cover to somebody who is himself away."""
    Leave.unscoped.create(
        staff=cast.staff["teammate"], starts_on=today() + timedelta(days=1), ends_on=today() + timedelta(days=9)
    )
    refusals.add(400)
    page = enter("supervisor", "/team/", width=width)
    line_of(page).locator("a[href$='/cover/']").click()
    sheet = fill_cover(page, cast)
    expect(sheet.locator("#cover-preview .note.soon")).to_contain_text("周宁")
    sheet.locator("[name=reason]").fill("参加培训")
    sheet.locator(".sheet-foot .btn-primary").click()
    expect(sheet.locator(".field-error").first).to_contain_text("周宁")
    expect(sheet.locator("[name=reason]")).to_have_value("参加培训")
    assert not Cover.unscoped.exists()
