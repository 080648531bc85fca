"""A visit on site: whom met, one sentence, and one sheet for several customers met together."""

from playwright.sync_api import expect

from accounts.models import ContactPerson
from tests.e2e.phone import chip, row_of, save_sheet
from tests.workbench.world import owe_today
from visits.models import Visit, VisitPerson


def test_an_on_site_visit_names_whom_one_met_and_says_one_sentence(enter, cast):
    """Screens 2: chips of contact persons, a new one in one line, one sentence; nothing that can be computed."""
    firm = cast.customers["teammates"]
    leader = ContactPerson.unscoped.create(customer=firm, name="马总", role="leader", position="总经理")
    duty = owe_today(firm)
    page = enter("teammate", "/")
    row_of(page, "海尔").locator("a[data-log-visit]").tap()
    expect(page.locator("#sheet .when-on-site")).to_be_hidden()
    chip(page, "channel", "on_site").tap()
    chip(page, "met", leader.pk).tap()
    page.locator("#sheet [name=new_person]").fill("小赵")
    page.locator("#sheet [name=content]").fill("谈了专线扩容")
    chip(page, "outcome", "effective").tap()
    chip(page, "occasion", "need").tap()
    assert not Visit.unscoped.exists(), "an on-site sheet waits for its button"
    for computed in ("direction", "work_class", "category", "kind", "party", "manager"):
        assert page.locator(f"#sheet [name={computed}]").count() == 0
    save_sheet(page)

    visit = Visit.unscoped.get()
    assert (visit.channel.code, visit.content, visit.work_class) == ("on_site", "谈了专线扩容", "development")
    met = set(VisitPerson.unscoped.filter(visit=visit).values_list("person__name", flat=True))
    assert met == {"马总", "小赵"}
    assert ContactPerson.unscoped.get(name="小赵").customer == firm
    duty.refresh_from_db()
    assert (duty.state, duty.met_by) == ("met", visit)


def test_customers_met_together_share_one_sheet(enter, cast):
    """Issue 2 §3, decisions 10: one sheet, one row each, one event; each duty is settled."""
    duties = [owe_today(cast.customers[key]) for key in ("gold", "silver")]
    page = enter("manager", "/")
    row_of(page).locator("a[data-log-visit]").tap()
    page.locator("#sheet .log-add summary").tap()
    page.locator("#sheet [data-find]").fill("yxm")
    page.locator("#sheet [data-found] label", has_text="银小满").tap()
    chip(page, "channel", "on_site").tap()
    page.locator("#sheet [name=content]").fill("一起喝茶")
    chip(page, "outcome", "effective").tap()
    chip(page, "occasion", "care").tap()
    save_sheet(page)

    rows = list(Visit.unscoped.order_by("customer_id"))
    assert {row.customer for row in rows} == {cast.customers["gold"], cast.customers["silver"]}
    assert len({row.event for row in rows}) == 1
    assert rows[0].event is not None
    for duty in duties:
        duty.refresh_from_db()
        assert duty.state == "met"
    page.locator(".toast-item .undo").tap()
    expect(page.locator(".today-row")).to_have_count(2)
    assert not Visit.unscoped.filter(undone_at=None).exists()
