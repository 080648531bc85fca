"""Forms on paper (PLT-9): seven official titles, boxes, A4; the books are the one visits list as forms."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.core.signatures import sign_by_login, sign_drawn
from tests.visits.ledger_world import customer_of, visit
from tests.visits.pictures import picture
from visits.models import CheckIn, SpecialVisit
from visits.print_forms import OFFICIAL

pytestmark = pytest.mark.django_db
TITLES = (
    "客户访问日程表", "特殊访问记录", "营销人员市场走访签到记录簿", "宣传促销品签收单", "客户月度销售情况分析报告",
    "商品及服务质量信息反馈单", "活动反馈表",
)  # fmt: skip


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_seven_official_titles_are_on_the_page_of_forms(cast, as_user):
    """PLT-9: exactly these titles, in Chinese whatever the language."""
    assert tuple(form.title for form in OFFICIAL) == TITLES
    client = as_user(cast.manager)
    for language in ("zh-CN", "en"):
        page = client.get(reverse("visits:form_list"), HTTP_ACCEPT_LANGUAGE=language).content.decode()
        assert [title for title in TITLES if title not in page] == []


@pytest.mark.parametrize("who", ["manager", "supervisor", "director", "auditor"])
def test_every_form_of_the_page_opens(cast, as_user, who):
    """PLT-9: every link leads to a page."""
    client = as_user(cast.users[who])
    links = re.findall(r'class="link-card" href="([^"]+)"', text(client, reverse("visits:form_list")))
    assert len(links) >= 7
    for link in links:
        status = client.get(link).status_code
        assert status in (200, 302, 403), link  # plans and reports have readers and lists of their own


@pytest.mark.parametrize(("code", "title"), [("promotion", TITLES[3]), ("quality", TITLES[5]), ("activity", TITLES[6])])
def test_blank_forms_carry_their_title_and_a_customers_name_when_asked(cast, as_user, code, title):
    """PLT-9: blank-capable."""
    client, address = as_user(cast.manager), reverse("visits:print_blank", args=[code])
    page = text(client, address)
    assert f">{title}</h1>" in page
    assert "金满堂" not in page
    filled = text(client, f"{address}?customer={cast.customers['gold'].pk}")
    assert "金满堂" in filled
    assert "13900000002" not in filled
    assert client.get(f"{address}?customer={cast.customers['strangers'].pk}").status_code == 404


@pytest.mark.parametrize("layout", ["odd", "special", "base", "../x"])
def test_an_unknown_form_is_not_found(cast, as_user, layout):
    client = as_user(cast.manager)
    assert client.get(f"/forms/{layout}/").status_code == 404
    assert client.get(f"/visits/print/{layout}/").status_code == 404


def on_site(cast, customer, day, **more):
    made = visit(customer, day, cast=cast, channel="on_site", content="查看库存", **more)
    CheckIn.unscoped.create(visit=made, arrived_at=made.occurred_at)
    return made


def test_the_check_in_book_prints_by_manager_and_date_with_both_signatures(cast, as_user):
    """CON-23: the book prints by manager and date."""
    today, shop = timezone.localdate(), customer_of(cast, "level1", kind="channel")
    made = on_site(cast, shop, today - timedelta(days=1))
    on_site(cast, shop, today - timedelta(days=40))
    visit(cast.customers["gold"], today - timedelta(days=1), cast=cast, content="电话的")
    now = timezone.now()
    sign_by_login("visits_visit", made.pk, "manager", by=cast.manager, now=now)
    sign_drawn("visits_visit", made.pk, "customer", drawing=picture(), name="王老板", by=cast.manager, now=now)
    address = reverse("visits:print_visits", args=["book"])
    page = text(as_user(cast.supervisor), f"{address}?staff={cast.staff['manager'].pk}")
    assert f">{TITLES[2]}</h1>" in page
    assert page.count(shop.name) == 1
    assert "电话的" not in page
    for word in ("林晓", "城东分公司", "王老板", reverse("visits:signature_image", args=[made.pk])):
        assert word in page, word
    earlier = text(as_user(cast.supervisor), f"{address}?from={today - timedelta(days=50)}&to={today}")
    assert earlier.count("查看库存") == 2
    assert shop.name not in text(as_user(cast.teammate), address)


def test_the_reception_log_and_the_journal_are_books_of_the_same_list(cast, as_user):
    """PLAN-15, PLAN-3: saved views and print layouts of one list."""
    today = timezone.localdate()
    visit(cast.customers["gold"], today, cast=cast, direction="inbound", content="来电咨询", hour=0)
    visit(cast.customers["silver"], today, cast=cast, content="回访", hour=0)
    client = as_user(cast.manager)
    reception = text(client, reverse("visits:print_visits", args=["reception"]))
    journal = text(client, reverse("visits:print_visits", args=["journal"]))
    assert ("来电咨询" in reception, "回访" in reception) == (True, False)
    assert ("来电咨询" in journal, "回访" in journal) == (True, True)


def test_the_record_of_a_special_visit_is_a_form(cast, as_user):
    """PLAN-8, PLT-9."""
    made = SpecialVisit.unscoped.create(
        customer=cast.customers["gold"], staff=cast.staff["manager"], trigger="机房失火", created_by=cast.manager,
        found_at=timezone.now() - timedelta(hours=3), created_at=timezone.now(),
    )  # fmt: skip
    address = reverse("visits:print_special", args=[made.pk])
    page = text(as_user(cast.manager), address)
    assert f">{TITLES[1]}</h1>" in page
    assert "机房失火" in page
    assert as_user(cast.stranger).get(address).status_code == 404


def test_paper_has_its_size_and_its_page_numbers():
    """PLT-9: A4, page numbers."""
    css = (Path(__file__).parents[2] / "static/css/print.css").read_text()
    assert "size: A4" in css
    assert "counter(page)" in css
