"""The end of a day on the phone and its review, and a customer who signs on his own phone."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from crm.core.models import Signature
from tests.visits.ledger_world import customer_of, visit
from visits.models import CheckIn, DayLog, Review


def test_the_day_is_closed_on_the_phone_and_reviewed_by_the_supervisor(enter, cast):
    """PLAN-3, PLAN-4: one optional sentence, one tap; exceptions first, returned with a remark, answered, approved."""
    today = timezone.localdate()
    visit(cast.customers["gold"], today, cast=cast, hour=0, content="谈了续约", client_key=uuid4())
    page = enter("manager", "/")
    end = page.locator("#day-end")
    expect(end).to_contain_text("今日沟通")
    end.locator("[name=sentence]").fill("客户下周签约")
    end.locator("button").tap()
    expect(page.locator("#day-end form")).to_have_count(0)
    expect(page.locator("#day-end")).to_contain_text("客户下周签约")
    log = DayLog.unscoped.get()
    assert (log.entries, log.closed_by) == (1, cast.manager)

    DayLog.unscoped.create(
        staff=cast.staff["teammate"], on=today - timedelta(days=1), closed_at=timezone.now(), sentence="空的一天"
    )
    boss = enter("supervisor", "/review/")
    boss.locator(".page-actions .btn-primary").tap()
    boss.locator("[name=remark]").fill("请写清客户顾虑")
    first = boss.url
    boss.locator("button[value=returned]").tap()
    boss.wait_for_url(lambda url: url != first)
    boss.locator("button[value=approved]").tap()
    boss.wait_for_url("**/review/")
    expect(boss.locator(".empty")).to_be_visible()
    assert sorted(Review.unscoped.values_list("decision", flat=True)) == ["approved", "returned"]

    back = DayLog.unscoped.get(review_state="returned")
    writer = "manager" if back.staff == cast.staff["manager"] else "teammate"
    again = enter(writer, "/notices/")
    again.locator("text=请写清客户顾虑").first.tap()
    again.locator("#day-sentence").fill("客户担心施工影响营业")
    again.locator("form:has(#day-sentence) .btn-primary").tap()
    expect(again.locator(".visit-text").last).to_contain_text("客户担心施工影响营业")
    back.refresh_from_db()
    assert (back.review_state, back.sentence) == ("waiting", "客户担心施工影响营业")


def test_the_customer_signs_with_a_finger_or_on_his_own_phone(enter, open_page, cast, refusals):
    """CON-23, CON-24, PLT-8: the manager's tap, a drawn signature; for another visit a link that works once."""
    today = timezone.localdate()
    visits = []
    for days in (1, 2):
        shop = customer_of(cast, "level1", kind="channel")
        made = visit(shop, today - timedelta(days=days), cast=cast, channel="on_site", content="查看库存")
        CheckIn.unscoped.create(visit=made, arrived_at=made.occurred_at)
        visits.append(made)
    page = enter("manager", f"/visits/{visits[0].pk}/")
    page.locator("#check-in form:has([name=seen]) .btn-primary").first.tap()
    expect(page.locator("#check-in .text-met")).to_be_visible()
    page.locator(".sign-now summary").tap()
    page.locator("#signer-name").fill("王老板")
    box = page.locator(".sign-pad canvas")
    box.scroll_into_view_if_needed()
    where = box.bounding_box()
    page.mouse.move(where["x"] + 30, where["y"] + 40)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(where["x"] + 30 + step * 18, where["y"] + 40 + (step % 3) * 35)
    page.mouse.up()
    page.locator(".sign-now form .btn-primary").tap()
    expect(page.locator(".sign-image")).to_be_visible()
    entry = CheckIn.unscoped.get(visit=visits[0])
    assert entry.is_sealed
    assert Signature.objects.get(part="customer").method == "drawn"

    page.goto(f"/visits/{visits[1].pk}/")
    page.locator("#check-in form[action$='/link/'] button").tap()
    expect(page.locator(".qr svg")).to_be_visible()
    link = page.locator("#sign-url").input_value().removeprefix(settings.BASE_URL)
    phone = open_page(link, width=390)
    expect(phone.locator(".sign-facts")).to_contain_text("查看库存")
    phone.locator("[name=name]").fill("李店长")
    phone.locator(".btn-primary").tap()
    expect(phone.locator(".empty")).to_contain_text("李店长")
    assert CheckIn.unscoped.get(visit=visits[1]).customer_signed_at is not None
    refusals.add(410)
    phone.goto(link)
    expect(phone.locator("[name=name]")).to_have_count(0)
