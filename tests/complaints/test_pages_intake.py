"""受理 in one form: the kind decides what is asked, one save, sent once, whoever's customer it is."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Task
from complaints.models import Case, CaseStep
from crm.core.models import AccessLog, Article
from tests.complaints.desk import bring, desk, take
from tests.visits.ledger_world import visit

NEW = reverse("complaints:case_new")
FACTS = "时间:今天上午\n地点:营业厅\n人物:本人\n经过:排队一小时"


@pytest.fixture
def desk_of_a(cast):
    return desk(cast)


def body(cast, kind, customer="gold", **more):
    common = {
        "kind": kind, "customer": cast.customers[customer].pk, "channel": "phone", "facts": FACTS,
        "client_key": str(uuid4()), "level": "ordinary",
    }  # fmt: skip
    return common | more


def test_one_form_for_every_kind_with_the_template_and_what_he_hopes_for_apart(client, desk_of_a):
    """CMP-5, CMP-15: kinds as chips, channels, five things; what is known from the address is not asked again."""
    client.force_login(desk_of_a.manager)
    html = client.get(NEW, {"kind": "complaint", "customer": desk_of_a.customers["gold"].pk}).content.decode()
    for words in (
        "咨询",
        "业务办理",
        "服务需求",
        "投诉",
        "商品质量",
        "上门",
        "电话",
        "客户诉求",
        "时间",
        "地点",
        "人物",
        "经过",
    ):
        assert words in html
    assert "金满堂" in html and html.count('name="order_code"') == 7 and "核对证件 → 录入业务系统" in html


def test_a_complaint_needs_what_the_customer_hopes_for_and_more_than_the_template(client, desk_of_a):
    """CMP-15: expectation mandatory; the headings alone are no text; what was typed stays."""
    client.force_login(desk_of_a.manager)
    answer = client.post(NEW, body(desk_of_a, "complaint"))
    assert answer.status_code == 400 and "排队一小时" in answer.content.decode() and not Case.unscoped.exists()
    empty = client.post(NEW, body(desk_of_a, "complaint", facts="时间:\n地点:\n人物:\n经过:", expectation="道歉"))
    assert empty.status_code == 400 and not Case.unscoped.exists()


def test_a_complaint_is_taken_down_once_and_leads_to_its_page(client, desk_of_a):
    """CMP-1, CMP-2, CMP-38: one save, the handler answers for it; the same form sent twice is one case."""
    client.force_login(desk_of_a.manager)
    sent = body(desk_of_a, "complaint", expectation="道歉", category_code="service_attitude", level="major")
    first, second = client.post(NEW, sent), client.post(NEW, sent)
    case = Case.unscoped.get()
    assert first.url == second.url == f"/cases/{case.pk}/"
    assert (case.owner, case.level, case.channel) == (desk_of_a.staff["handler"], "major", "phone")
    assert case.number in client.get(first.url).content.decode()


def test_an_enquiry_is_answered_in_the_same_save_or_becomes_a_task(client, desk_of_a):
    """CON-29: question, answer, settled or not; unsettled is a follow-up task; the guide is searched beside."""
    client.force_login(desk_of_a.manager)
    settled = body(desk_of_a, "enquiry", facts="漫游多少钱", answer_text="每天 25 元", answer_resolved="yes")
    assert client.post(NEW, settled).status_code == 302
    open_one = body(desk_of_a, "enquiry", facts="专线能否提速", answer_text="我问一下", answer_resolved="no")
    assert client.post(NEW, open_one).status_code == 302
    states = dict(Case.unscoped.values_list("facts", "state"))
    assert states == {"漫游多少钱": "closed", "专线能否提速": "handling"}
    assert Task.unscoped.filter(origin_table="complaints_case").count() == 1
    title = Article.objects.get(code="listening").title_zh
    assert title in client.get(reverse("complaints:case_guide"), {"guide": "倾听"}).content.decode()


def test_a_business_handling_asks_for_its_type_and_reads_nothing_else(client, desk_of_a):
    """SAL-18: the type with its steps; fields of other kinds that came along are left out."""
    client.force_login(desk_of_a.manager)
    assert client.post(NEW, body(desk_of_a, "handling")).status_code == 400
    sent = body(
        desk_of_a, "handling", order_code="replace_card", numbers="13900000002", category_code="network",
        one_call="on", expectation="快一点",
    )  # fmt: skip
    assert client.post(NEW, sent).status_code == 302
    case = Case.unscoped.get()
    assert (case.order_type.code, case.category, case.expectation, case.kind) == ("replace_card", None, "", "handling")


ONE_CALL = {
    "one_call": "on", "listened": "on", "apologised": "on", "understood": "on", "mood": "angry",
    "sentence": "排队一小时没人理", "information": "已加开窗口", "options": "送十元\n下次预约", "agreed": "送十元",
    "satisfaction": "5", "result": "已送话费,致歉", "expectation": "道歉",
}  # fmt: skip


def test_a_complaint_solved_in_one_call_is_one_screen_and_one_save(client, desk_of_a):
    """Issue, six steps: three ticks and one sentence, then the matter; six steps on record, told and closed."""
    client.force_login(desk_of_a.manager)
    lacking = client.post(NEW, body(desk_of_a, "complaint", **ONE_CALL | {"understood": "", "result": ""}))
    assert lacking.status_code == 400 and "已加开窗口" in lacking.content.decode() and not Case.unscoped.exists()
    assert client.post(NEW, body(desk_of_a, "complaint", **ONE_CALL)).status_code == 302
    case = Case.unscoped.get()
    assert (case.state, case.solved_in_one_call, case.satisfaction) == ("closed", True, 5)
    assert CaseStep.unscoped.filter(case=case).count() == 6
    unticked = client.post(NEW, body(desk_of_a, "complaint", **ONE_CALL | {"understood": ""}))
    assert unticked.status_code == 400 and Case.unscoped.count() == 1


def test_somebody_elses_customer_is_a_masked_card_the_look_is_logged_the_case_goes_to_his_unit(client, desk_of_a):
    """Issue, intake: found by exact number only; the taker sees a receipt, no page."""
    client.force_login(desk_of_a.manager)
    other = desk_of_a.customers["strangers"]
    url = reverse("complaints:case_customers")
    assert other.number not in client.get(url, {"q": other.number}).content.decode()
    assert not AccessLog.objects.filter(kind="look").exists()
    html = client.post(url, {"q": other.number}).content.decode()
    assert "金***" in html and other.name not in html and other.phone not in html
    assert AccessLog.objects.filter(kind="look", subject_id=other.pk).count() == 1
    assert client.post(NEW, body(desk_of_a, "need", "strangers", expectation="提速")).status_code == 404
    answer = client.post(NEW, body(desk_of_a, "need", "strangers", expectation="提速", known_by=other.number))
    case = Case.unscoped.get()
    assert answer.url == f"/cases/{case.pk}/receipt/" and case.unit == desk_of_a.units["B"]
    assert case.number in client.get(answer.url).content.decode()
    client.force_login(desk_of_a.teammate)
    assert client.get(answer.url).status_code == 404


def test_without_a_script_the_find_button_keeps_everything_that_was_typed(client, desk_of_a):
    """Decisions 36: the same form; finding saves nothing."""
    client.force_login(desk_of_a.manager)
    sent = body(desk_of_a, "complaint", expectation="道歉", q="金满堂", find="1")
    del sent["customer"]
    html = client.post(NEW, sent).content.decode()
    assert "金满堂" in html and "排队一小时" in html and not Case.unscoped.exists()
    missing = body(desk_of_a, "complaint", expectation="道歉")
    del missing["customer"]
    assert client.post(NEW, missing).status_code == 400


def test_likely_duplicates_and_earlier_cases_are_shown_when_the_customer_is_known(client, desk_of_a):
    """Issue, intake: the same matter is offered, the text goes in the body and never into an address."""
    first = take(desk_of_a)
    bring(desk_of_a, "closed", "enquiry")
    client.force_login(desk_of_a.manager)
    url = reverse("complaints:case_known")
    sent = body(desk_of_a, "complaint", category_code="network", facts=first.facts)
    html = client.post(url, sent).content.decode()
    assert "疑似重复受理" in html and first.number in html and html.count("/cases/") == 2
    assert client.get(url).status_code == 405


def test_a_complaint_names_the_visit_that_caused_it(client, desk_of_a):
    """CON-10: chosen among the customer's last visits, or given by the visit's own page; shown on both."""
    row = visit(desk_of_a.customers["gold"], timezone.localdate() - timedelta(days=2), cast=desk_of_a)
    client.force_login(desk_of_a.manager)
    html = client.get(NEW, {"customer": desk_of_a.customers["gold"].pk, "caused_by": row.pk}).content.decode()
    assert f'value="{row.pk}" selected' in html
    client.post(NEW, body(desk_of_a, "complaint", expectation="道歉", caused_by_id=row.pk, told_in_id=row.pk))
    case = Case.unscoped.get()
    assert (case.caused_by, case.told_in) == (row, row)
    assert f"/visits/{row.pk}/" in client.get(f"/cases/{case.pk}/").content.decode()


def test_only_those_who_take_requests_find_the_form(client, desk_of_a):
    """PLT-7: the service centre takes requests; the auditor does not."""
    client.force_login(desk_of_a.auditor)
    assert client.get(NEW).status_code == 403
    client.force_login(desk_of_a.service_centre)
    assert client.get(NEW).status_code == 200
