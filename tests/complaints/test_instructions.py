"""批示 and opinions: told to the customer, in time, measured (CMP-25, CMP-32, CMP-33, CMP-37)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Task
from complaints.models import CaseEntry, Instruction, PhraseHit, QualityFeedback, VoiceFeedback
from complaints.queries.instructions import opinion_list, speed_of, waiting_by_kind
from complaints.rules.instructions import is_late, minutes_taken
from crm.core import working_days
from crm.core.models import Notice
from tests.complaints.feedback_world import case_of
from tests.visits.ledger_world import visit
from visits.models import CustomerVoice

pytestmark = pytest.mark.django_db


def said(cast, kind="opinion", customer="gold", text="账单看不懂", days=2):
    """Something a customer said."""
    at = timezone.now() - timedelta(days=days)
    return CustomerVoice.unscoped.create(
        customer=cast.customers[customer], kind=kind, text=text, by=cast.manager, said_at=at, reported_at=at
    )


def test_what_waits_goes_on_beyond_the_first_page(cast, as_user, monkeypatch):
    """CMP-32, CMP-33: "load more" leads on and keeps the filter, for opinions and for instructions."""
    monkeypatch.setattr("complaints.queries.instructions.LIMIT", 1)
    older, newer = said(cast, text="第一条意见"), said(cast, text="第二条意见")
    for row in (older, newer):
        url = reverse("complaints:instruct_voice", args=[row.pk])
        assert as_user(cast.market_manager).post(url, {"text": f"答复{row.text}"}).status_code == 302
    client = as_user(cast.manager)
    for url in (
        f"{reverse('complaints:opinion_list')}?kind=opinion",
        f"{reverse('complaints:instruction_list')}?state=open",
    ):
        first = client.get(url)
        assert "第二条意见" in first.text and "第一条意见" not in first.text
        more = first.context["more_url"]
        assert more.startswith("?") and url.split("?")[1] in more
        rest = client.get(url.split("?")[0] + more)
        assert rest.status_code == 200 and "第一条意见" in rest.text and "第二条意见" not in rest.text
        assert rest.context["more_url"] == ""


def test_an_instruction_on_a_case_makes_a_task_for_the_manager(cast, as_user):
    """CMP-32: 批示 saved → task with its working day and a notice; only the regional market manager gives one."""
    case = case_of(cast, "gold", kind="complaint")
    url = reverse("complaints:instruct_case", args=[case.pk])
    assert as_user(cast.supervisor).post(url, {"text": "尽快答复"}).status_code == 403
    assert as_user(cast.market_manager).post(url, {"text": ""}).status_code == 400
    assert as_user(cast.market_manager).post(url, {"text": "两天内上门致歉"}).status_code == 302
    row = Instruction.unscoped.get()
    task = Task.unscoped.get(origin_table="complaints_instruction", origin_id=row.pk)
    today = timezone.localdate()
    assert (task.staff, task.state, task.due_on) == (cast.staff["manager"], "open", row.due_on)
    assert row.due_on == working_days.calendar().add(today, 1)
    assert Notice.objects.get(kind="instruction_given").user == cast.manager
    assert not QualityFeedback.unscoped.exists()


def test_telling_the_customer_ends_the_task_and_is_measured(cast, as_user):
    """CMP-32: fed back once; the case has its interim word; the speed is counted."""
    case = case_of(cast, "gold", kind="complaint")
    as_user(cast.market_manager).post(reverse("complaints:instruct_case", args=[case.pk]), {"text": "致歉"})
    row = Instruction.unscoped.get()
    Instruction.unscoped.update(given_at=row.given_at - timedelta(minutes=90))
    url = reverse("complaints:instruction_detail", args=[row.pk])
    told = {"feedback": "已向客户致歉", "method": "phone"}
    assert as_user(cast.market_manager).post(url, told).status_code == 403
    assert as_user(cast.stranger).post(url, told).status_code == 404
    assert as_user(cast.manager).post(url, told).status_code == 302
    assert as_user(cast.manager).post(url, told).status_code == 409
    assert Task.unscoped.get(origin_table="complaints_instruction").state == "done"
    assert CaseEntry.unscoped.get(case=case, kind="update").text == "已向客户致歉"
    speed = speed_of(cast.market_manager.access.scope, timezone.localdate())
    assert (speed.given, speed.in_time, speed.waiting, speed.median) == (1, 1, 0, (1, 30))
    assert Notice.objects.get(kind="instruction_fed_back").user == cast.market_manager
    assert "1 小时 30 分" in as_user(cast.supervisor).get(reverse("complaints:instruction_list")).content.decode()


def test_an_instruction_that_orders_an_exchange_opens_the_feedback_form(cast, as_user):
    """CMP-37: the same flow as CMP-30, CMP-31."""
    case = case_of(cast, "channel")
    url = reverse("complaints:instruct_case", args=[case.pk])
    as_user(cast.market_manager).post(url, {"text": "给客户换新", "orders_exchange": "on"})
    assert QualityFeedback.unscoped.get().case == case
    page = as_user(cast.teammate).get(reverse("complaints:instruction_detail", args=[Instruction.unscoped.get().pk]))
    assert reverse("complaints:quality_detail", args=[QualityFeedback.unscoped.get().pk]) in page.content.decode()


def test_opinions_without_feedback_are_listed_until_the_customer_was_told(cast, as_user):
    """CMP-33: opinions too, not only complaints; praise is not among them."""
    opinion = said(cast)
    said(cast, "praise", text="服务很好")
    said(cast, customer="strangers", text="别人的意见")
    client, url = as_user(cast.manager), reverse("complaints:opinion_list")
    page = client.get(url).content.decode()
    assert "账单看不懂" in page
    assert "服务很好" not in page
    assert "别人的意见" not in page
    detail = reverse("complaints:opinion_detail", args=[opinion.pk])
    assert client.post(detail, {"result": "已改为大字账单", "method": "phone"}).status_code == 302
    assert "账单看不懂" not in client.get(url).content.decode()
    assert "已改为大字账单" in client.get(url + "?state=told").content.decode()
    assert client.post(detail, {"result": "再说一次", "method": "phone"}).status_code == 409
    assert as_user(cast.handler).get(url + "?state=nope").status_code == 400


def test_what_was_heard_in_an_undone_visit_waits_for_nothing(cast):
    """CMP-33: the visit never happened, nor did what was said in it."""
    row = said(cast)
    row.visit = visit(cast.customers["gold"], timezone.localdate(), cast=cast)
    row.save()
    scope = cast.manager.access.scope
    assert (len(opinion_list(scope)), waiting_by_kind(scope)["opinion"]) == (1, 1)
    row.visit.undone_at = timezone.now()
    row.visit.save()
    assert (opinion_list(scope), waiting_by_kind(scope)["opinion"]) == ([], 0)


def test_criticism_is_an_opinion_and_wants_its_explanation(cast, as_user):
    """CMP-25: the type 批评 exists; told with what was explained; our words are looked through for phrases."""
    client = as_user(cast.manager)
    form = client.get(reverse("visits:voice_new", args=[cast.customers["gold"].pk])).content.decode()
    assert "批评" in form
    row = said(cast, "criticism", text="客户经理态度生硬")
    detail = reverse("complaints:opinion_detail", args=[row.pk])
    values = {"result": "已提醒本人", "method": "face"}
    assert client.post(detail, values).status_code == 400
    assert client.post(detail, values | {"explanation": "不可能!但已解释"}).status_code == 302
    assert VoiceFeedback.unscoped.get().explanation == "不可能!但已解释"
    assert PhraseHit.unscoped.get().phrase.number == 5


def test_an_instruction_on_an_opinion_is_its_feedback(cast, as_user):
    """CMP-32, CMP-33: told once, it is no longer without feedback."""
    row = said(cast)
    as_user(cast.market_manager).post(reverse("complaints:instruct_voice", args=[row.pk]), {"text": "请解释账单"})
    url = reverse("complaints:instruction_detail", args=[Instruction.unscoped.get().pk])
    as_user(cast.manager).post(url, {"feedback": "已逐项解释", "method": "wechat"})
    assert VoiceFeedback.unscoped.get().result == "已逐项解释"
    assert opinion_list(cast.manager.access.scope) == []


def test_late_is_after_the_day_whether_told_or_not():
    """CMP-32: ours one working day; the speed in minutes."""
    day = timezone.localdate()
    assert not is_late(day, None, day)
    assert is_late(day - timedelta(days=1), None, day)
    assert not is_late(day, day, day + timedelta(days=9))
    now = timezone.now()
    assert minutes_taken(now - timedelta(minutes=61), now) == 61
    assert minutes_taken(now, None) is None


def test_the_case_page_shows_its_instructions_and_offers_one_to_who_may(cast, as_user):
    """CMP-32: the regional market manager instructs from the case; its manager reads it there."""
    case = case_of(cast, "gold", kind="complaint")
    page, url = reverse("complaints:case_detail", args=[case.pk]), reverse("complaints:instruct_case", args=[case.pk])
    assert url in as_user(cast.market_manager).get(page).content.decode()
    as_user(cast.market_manager).post(url, {"text": "两日内上门致歉"})
    shown = as_user(cast.manager).get(page).content.decode()
    assert "两日内上门致歉" in shown
    assert url not in shown
