"""The pages of alerts and save cases as people use them (RET-3…7, RET-12, RET-20; screens 8)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Standing
from retention.models import Alert, SaveCase, SaveOffer
from retention.trend import bars_of, line_of
from sales.models import Bill, UsageMonth
from tests.retention.alert_world import again, alert, score, signal
from tests.retention.churn_world import vip
from tests.retention.saving_world import case_of, offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


def page_of(row):
    return reverse("retention:alert_detail", args=[row.pk])


def told(client, row, deed, **values):
    return client.post(page_of(row), {"deed": deed, **values})


def test_the_inbox_is_grouped_by_level_and_every_number_is_a_filter(cast, as_user, today):
    """RET-3, RET-4: red first, then what is due; who, why, by when, what was done; each number opens its rows."""
    red, yellow = vip(cast), vip(cast)
    score(red, on=today)
    alert(red, today - timedelta(days=9), level="red")
    alert(yellow, today, level="yellow")
    hers = vip(cast, manager="stranger")
    alert(hers, today)
    client = as_user(cast.supervisor)
    page = client.get("/churn/alerts/").content.decode()
    assert page.index(red.name) < page.index(yellow.name) and hers.name not in page
    assert page.count('<li class="row-item alert-row') == 2
    for query, names in (("?level=red", {red.name}), ("?only=late", {red.name}), ("?state=closed", set()),
                         (f"?customer={yellow.pk}", {yellow.name}), ("?trigger=hard", set())):  # fmt: skip
        found = client.get(f"/churn/alerts/{query}").content.decode()
        assert {name for name in (red.name, yellow.name) if f">{name}</a>" in found} == names, query
    assert client.get("/churn/alerts/?level=green").status_code == 400


def test_an_alert_explains_itself_with_points_facts_and_the_data_pack(cast, as_user, today):
    """RET-12, T13: points per reason with the raw fact; usage, bills, complaints, contacts, agreement end."""
    customer = vip(cast)
    score(customer, on=today)
    month = today.replace(day=1)
    for back, revenue in ((2, 100), (1, 30)):
        day = (month - timedelta(days=30 * back)).replace(day=1)
        UsageMonth.unscoped.create(customer=customer, month=day, revenue=revenue, source="b", updated_at=timezone.now())
        Bill.unscoped.create(customer=customer, month=day, amount=revenue, due_on=today - timedelta(days=9),
                             source="b", updated_at=timezone.now())  # fmt: skip
    row = alert(customer, today)
    page = as_user(cast.manager).get(page_of(row)).content.decode()
    assert "+40" in page and 'class="usage-bars"' in page and "20 %" in page
    assert page.count("<rect") == 2 and "未缴" in page


def test_beside_a_hard_sign_stand_no_points_that_speak_for_him(cast, as_user, today):
    """RET-3: a group asks to leave whose score is below nothing: the sign is told, not -10 points."""
    customer = vip(cast)
    score(customer, -10, reasons=(("tenure", -10, None, "2016-01-01"),), probability=0.01, on=today)
    row = alert(customer, today, trigger="hard", level="red", signal=signal(customer, today, hour=0))
    client = as_user(cast.manager)
    page, inbox = client.get(page_of(row)).content.decode(), client.get("/churn/alerts/").content.decode()
    assert "硬信号" in page and "硬信号" in inbox and "-10" not in page and ">-10<" not in inbox


def test_the_deeds_of_an_alert_are_done_on_its_page(cast, as_user, today):
    """RET-6, RET-20: seen, acted on, put off, proposed, closed; falling usage is not closed without a proposal."""
    customer = vip(cast)
    score(customer, on=today)
    row = alert(customer, today)
    client = as_user(cast.manager)
    assert told(client, row, "acknowledge").status_code == 302 and again(row).state == "acknowledged"
    assert told(client, row, "snooze", until=str(today + timedelta(days=3)), reason="客户出差").status_code == 302
    assert told(client, row, "act", note="已电话沟通").status_code == 302 and again(row).state == "in_care"
    closing = {"outcome": "saved", "reason": "用量恢复"}
    refused = told(client, row, "close", **closing)
    assert refused.status_code == 400 and again(row).state == "in_care"
    assert told(client, row, "propose", proposal="每周联系").status_code == 302
    assert told(client, row, "close", **closing).status_code == 302
    assert (again(row).state, again(row).outcome) == ("cleared", "saved")
    assert told(client, row, "act", note="再来").status_code == 409
    assert told(client, row, "dance").status_code == 400


def test_a_save_case_is_opened_worked_on_and_closed_on_the_page_of_its_alert(cast, as_user, today):
    """RET-7: cause, offers with cost and limit, approval from the notice, the customer's answer, the result."""
    customer = vip(cast)
    row = alert(customer, today, trigger="hard", level="red", signal=signal(customer, today, kind="asked_to_leave"))
    client = as_user(cast.manager)
    assert told(client, row, "save", cause="price", words="太贵").status_code == 302
    assert told(client, row, "end", result="lost", note="走了").status_code == 400
    assert told(client, row, "offer", policy="", text="减免半年月租", cost="5000").status_code == 302
    waiting = SaveOffer.unscoped.get()
    assert waiting.state == "waiting"
    boss = as_user(cast.supervisor)
    assert "减免半年月租" in boss.get("/approvals/").content.decode()
    url = reverse("retention:offer_detail", args=[waiting.pk])
    assert "5,000" in boss.get(url).content.decode()
    assert boss.post(url, {"grant": "yes", "next": "/approvals/"}).headers["Location"] == "/approvals/"
    client = as_user(cast.manager)
    client.post(reverse("retention:offer_answer", args=[waiting.pk]), {"answer": "accepted"})
    assert SaveOffer.unscoped.get().state == "accepted"
    assert told(client, row, "end", result="retained", note="留下了").status_code == 302
    assert SaveCase.unscoped.get().state == "retained" and again(row).state == "retained"
    followed = client.get(reverse("retention:save_case", args=[SaveCase.unscoped.get().pk]))
    assert followed.headers["Location"] == page_of(row)


def test_the_customer_page_and_the_list_show_who_may_leave(cast, as_user, today):
    """RET-3, CUS-35: the level in the header and as the next best action; the list filters by it."""
    customer = vip(cast)
    client = as_user(cast.manager)
    own = reverse("workbench:customer", args=[customer.pk])
    assert "/alert/new/" in client.get(own).content.decode()
    raised = client.post(reverse("retention:alert_new", args=[customer.pk]), {"reason": "门口停着对手的车"})
    row = Alert.unscoped.get()
    assert raised.headers["Location"] == page_of(row) and (row.trigger, row.opened_by) == ("by_hand", cast.manager)
    Standing.unscoped.filter(customer=customer).update(risk=41)
    page = client.get(own).content.decode()
    assert "41 %" in page and f"/customers/{customer.pk}/alert/" in page and "挽留客户" in page
    to = client.get(f"/customers/{customer.pk}/alert/")
    assert to.headers["Location"] == page_of(row)
    assert customer.name in client.get("/customers/?alerts=1").content.decode()
    assert customer.name not in client.get("/customers/?alert=red").content.decode()


def test_the_api_tells_alerts_with_reasons_and_save_cases_with_offers(cast, as_user, today):
    """RET-3, RET-7: as another system reads them."""
    customer = vip(cast)
    score(customer, on=today)
    case = case_of(cast, customer, today)
    offer(case, cast.manager, today)
    client = as_user(cast.manager)
    found = client.get("/api/v1/alerts?is_open=true").json()["items"][0]
    assert found["reasons"][0] == {"code": "usage_drop", "points": 40, "value": 0.55, "on": "2026-05-31"}
    saved = client.get(f"/api/v1/save-cases/{case.pk}").json()
    assert (saved["is_attempted"], saved["offers"][0]["cost"], saved["manager"]) == (True, "100.00", "M1001")
    assert client.get("/api/v1/alerts?level=green").status_code == 400


def test_the_small_pictures_are_drawn_to_scale():
    """Screens 8: bars to the largest month, the mean of the three before the last; a line in steps."""
    months = [(timezone.localdate() - timedelta(days=30 * back), Decimal(value)) for back, value in
              ((3, 100), (2, 50), (1, 60), (0, 10))]  # fmt: skip
    bars = bars_of(months)
    assert bars.bars[0].height == 80 and bars.bars[-1].is_last and bars.mean_y == 24.0
    assert bars_of([(months[0][0], None)]).mean_y is None
    line = line_of(months)
    assert line.last_value == 10 and line.points.count(",") == 7
