"""Nobody answers: three attempts on three days by two channels; one tap asks, a supervisor decides on evidence."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.choices import Role
from accounts.models import Post
from crm.core.models import AccessLog, Notice
from tests.e2e.phone import Thumb, chip, row_of
from tests.visits.ledger_world import visit
from tests.workbench.world import owe_today, today
from visits.models import Excuse, Outcome, Visit


@pytest.fixture
def duty(cast):
    """Owed in a window of which six days are gone, with two failed attempts so far."""
    duty = owe_today(cast.customers["gold"], owed_from=today() - timedelta(days=6))
    type(duty).unscoped.filter(pk=duty.pk).update(starts_on=today() - timedelta(days=6))
    attempt(cast, days=2, channel="wechat", content="没有回复")
    attempt(cast, days=1, channel="phone", content="响铃无人接")
    return duty


def attempt(cast, *, days, channel, content=""):
    no_answer = Outcome.objects.get(code="no_answer")
    day = today() - timedelta(days=days)
    return visit(
        cast.customers["gold"], day, cast=cast, channel=channel, counts=False, outcome=no_answer, content=content
    )


def test_the_third_attempt_leads_to_the_excuse_and_the_supervisor_decides_with_the_attempts_in_view(enter, cast, duty):
    """Issue 2 "No answer"; design 4: excused only by a supervisor's decision."""
    page, thumb = enter("manager", "/"), Thumb()
    expect(page.locator(".today-ring")).to_contain_text("0/1")
    thumb.tap(row_of(page).locator("a[data-log-visit]"))
    thumb.tap(chip(page, "channel", "phone"))
    thumb.tap(chip(page, "outcome", "no_answer"))
    thumb.tap(page.locator("#sheet .sheet-foot .btn-primary"))
    evidence = page.locator("#sheet .evidence")
    evidence.wait_for()
    expect(evidence.locator(".attempts li")).to_have_count(3)
    expect(page.locator("#sheet input[name=kind]:checked")).to_have_value("unreachable")
    thumb.tap(page.locator("#sheet .sheet-foot .btn-primary"))
    expect(page.locator("#sheet-dialog")).to_be_hidden()
    assert thumb.taps == 5
    excuse = Excuse.unscoped.get()
    assert (excuse.duty, excuse.kind, excuse.state) == (duty, "unreachable", "requested")

    boss = enter("supervisor", "/approvals/")
    card = boss.locator("article.approval", has_text="金满堂")
    expect(card.locator(".attempts li")).to_have_count(3)
    expect(card).to_contain_text("响铃无人接")
    card.locator("[name=remark]").fill("属实,下月再联系")
    card.locator("[name=grant][value=yes]").tap()
    boss.locator(".toast-item").wait_for()
    expect(boss.locator("article.approval")).to_have_count(0)

    excuse.refresh_from_db()
    duty.refresh_from_db()
    assert (excuse.state, excuse.remark, excuse.decided_by) == ("granted", "属实,下月再联系", cast.supervisor)
    assert duty.state == "excused"
    assert Notice.objects.filter(user=cast.manager).count() == 1
    page.reload()
    expect(page.locator(".today-ring")).not_to_contain_text("0/1")
    expect(row_of(page)).to_have_count(0)


def test_asked_from_the_customer_page_and_refused_the_duty_stays_owed(enter, cast, duty):
    """Issue 2 "No answer": the customer page asks as well; a refusal says why."""
    attempt(cast, days=0, channel="phone", content="关机")
    address = f"/customers/{cast.customers['gold'].pk}/"
    page = enter("manager", address)
    page.locator("a[href*='/excuse/']").first.tap()
    page.locator("#sheet .evidence, main .evidence").first.wait_for()
    page.locator("#sheet .sheet-foot .btn-primary, main .form-actions .btn-primary").first.tap()
    page.locator(".toast-item").first.wait_for()

    boss = enter("supervisor", "/approvals/")
    boss.locator("[name=remark]").fill("再试一次上门")
    boss.locator("[name=grant][value=no]").tap()
    boss.locator(".toast-item").wait_for()
    excuse = Excuse.unscoped.get()
    duty.refresh_from_db()
    assert (excuse.state, excuse.remark, duty.state) == ("refused", "再试一次上门", "open")
    page.goto("/notices/")
    expect(page.locator("main")).to_contain_text("再试一次上门")
    page.goto("/")
    row_of(page).wait_for()


def test_with_fewer_attempts_it_is_refused_with_what_is_missing(enter, cast, duty, refusals):
    """Issue 2, 3: three attempts on three days by two channels."""
    refusals.add(400)
    page = enter("manager", f"/customers/{cast.customers['gold'].pk}/excuse/{duty.pk}/")
    expect(page.locator(".evidence")).to_contain_text("3")
    page.locator("label:has([name=kind][value=unreachable])").tap()
    page.locator("main .form-actions .btn-primary").tap()
    page.locator(".field-error").first.wait_for()
    assert not Excuse.unscoped.exists()


def test_a_supervisor_who_is_also_the_manager_does_not_decide_on_himself(enter, cast, duty, refusals):
    """SEC-24: the doer never approves his own request."""
    Post.unscoped.create(staff=cast.staff["manager"], role=Role.SUPERVISOR, unit=cast.units["A"])
    attempt(cast, days=0, channel="phone")
    page = enter("manager", f"/customers/{cast.customers['gold'].pk}/excuse/{duty.pk}/")
    page.locator("main .form-actions .btn-primary").tap()
    page.wait_for_url(lambda url: "/excuse/" not in url)
    excuse = Excuse.unscoped.get()

    page.goto("/approvals/")
    card = page.locator("article.approval", has_text="金满堂")
    expect(card.locator("button[name=grant]")).to_have_count(0)
    refusals.add(403)
    answer = page.evaluate(
        "(id) => crm.post(`/approvals/excuses/${id}/`, { grant: 'yes' }).then((answer) => answer.status)", excuse.pk
    )
    assert answer == 403
    excuse.refresh_from_db()
    duty.refresh_from_db()
    assert (excuse.state, duty.state) == ("requested", "open")
    assert AccessLog.objects.filter(kind="denied", user=cast.manager).count() == 1
    assert Visit.unscoped.count() == 3
