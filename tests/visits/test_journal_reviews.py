"""The supervisor's review: exceptions first, a drawn sample, the rest together; never one's own (PLAN-4, F26)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Leave, Post
from crm.core import parameters
from crm.core.models import Notice
from tests.visits.ledger_world import at, visit
from visits.models import DayLog, Plan, PlanItem, Review, TextTwin
from visits.queries.journal.reviews import queue, review_rates
from visits.rules.review import LogFacts, PlanFacts, is_drawn, log_exceptions, plan_exceptions

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
NOW = at(MONDAY + timedelta(days=4), 9)


def log(cast, who="manager", on=MONDAY, **more):
    """A day closed at six, with a proper call on it unless told otherwise."""
    values = {"sentence": "", "closed_at": at(on, 18), "closed_by": cast.users[who], "entries": 1} | more
    return DayLog.unscoped.create(staff=cast.staff[who], on=on, **values)


def worked(cast, on=MONDAY, **more):
    """A visit of the day."""
    return visit(cast.customers["gold"], on, **{"cast": cast, "client_key": uuid4()} | more)


def sample(percent):
    parameters.set_value("review_sample_percent", percent, effective_from=date(2026, 1, 1), by=None, now=timezone.now())


def waiting(cast, who="supervisor"):
    return queue(cast.users[who].access)


def address(item_kind, row):
    return reverse("visits:review_item", args=[item_kind, row.pk])


# --- What is remarkable


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (LogFacts(3, 0, 0, 0, 0, True), ()),
        (LogFacts(0, 0, 0, 0, 0, True), ("no_visits",)),
        (LogFacts(0, 0, 0, 0, 0, False), ()),  # a free day may be empty
        (LogFacts(2, 1, 0, 0, 0, True), ("missing",)),
        (LogFacts(2, 0, 1, 0, 0, True), ("backdated",)),
        (LogFacts(2, 0, 0, 1, 0, True), ("similar",)),
        (LogFacts(2, 0, 0, 0, 1, True), ("overlong",)),
        (LogFacts(2, 1, 2, 0, 1, True), ("missing", "backdated", "overlong")),
    ],
)
def test_what_makes_a_day_remarkable(facts, codes):
    """PLAN-4: missing content, back-dated, similar text, no visits on a working day, overlong."""
    assert log_exceptions(facts) == codes


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (PlanFacts(9, 0, False, False), ()),
        (PlanFacts(0, 0, False, False), ("empty",)),
        (PlanFacts(9, 0, True, False), ("untouched",)),
        (PlanFacts(9, 0, False, True), ("late",)),
        (PlanFacts(9, 2, False, False), ("left_out",)),
    ],
)
def test_what_makes_a_plan_remarkable(facts, codes):
    """PLAN-4."""
    assert plan_exceptions(facts) == codes


def test_the_sample_is_drawn_always_the_same_and_near_its_share():
    """PLAN-4: a drawn, deterministic sample."""
    drawn = [number for number in range(5000) if is_drawn("log", number, 20)]
    assert drawn == [number for number in range(5000) if is_drawn("log", number, 20)]
    assert 850 < len(drawn) < 1150
    assert set(drawn) <= {number for number in range(5000) if is_drawn("log", number, 30)}
    assert drawn != [number for number in range(5000) if is_drawn("plan", number, 20)]


def test_the_queue_finds_each_exception_in_the_rows(cast):
    """PLAN-4: the SQL counts what the rule asks about."""
    sample(0)
    days = [MONDAY - timedelta(days=7 * place) for place in range(6)]
    logs = [log(cast, on=day) for day in days]
    worked(cast, days[0])  # in order
    worked(cast, days[1], channel="on_site", content=" ")
    worked(cast, days[2], is_backdated=True)
    twin = worked(cast, days[3])
    TextTwin.unscoped.create(visit=twin, twin=twin, similarity="0.95", found_on=days[3])
    worked(cast, days[4], ended_at=at(days[4], 11))
    # nothing on days[5]
    found = waiting(cast)
    assert {item.id: item.reasons for item in found.exceptions} == {
        logs[1].pk: ("missing",), logs[2].pk: ("backdated",), logs[3].pk: ("similar",), logs[4].pk: ("overlong",),
        logs[5].pk: ("no_visits",),
    }  # fmt: skip
    assert [item.id for item in found.rest] == [logs[0].pk]


def test_exceptions_come_first_then_the_sample_then_the_rest(cast, as_user):
    """PLAN-4."""
    sample(50)
    logs = [log(cast, on=MONDAY - timedelta(days=place)) for place in range(20)]
    for row in logs[1:]:
        worked(cast, row.on)
    found = waiting(cast)
    assert [item.id for item in found.exceptions] == [logs[0].pk]
    assert {item.id for item in found.sample} == {row.pk for row in logs[1:] if is_drawn("log", row.pk, 50)}
    assert all(not item.reasons for item in found.sample)
    page = as_user(cast.supervisor).get(reverse("visits:review_list")).content.decode()
    order = [page.index(item.url) for item in found.items]
    assert order == sorted(order)


def test_only_the_people_under_him_and_never_himself(cast):
    """PLAN-4, SEC-24."""
    Post.unscoped.create(staff=cast.staff["supervisor"], role="manager", unit=cast.units["A"])
    for who in ("manager", "supervisor", "stranger"):
        log(cast, who)
    assert [item.staff_id for item in waiting(cast).items] == [cast.staff["manager"].pk]
    assert [item.staff_id for item in waiting(cast, "stranger_supervisor").items] == [cast.staff["stranger"].pk]
    assert waiting(cast, "manager").items == []


# --- Deciding


def test_approving_leads_to_the_next_one(cast, as_user):
    """PLAN-4: next and previous by keyboard; reviewer and time are kept."""
    first, second = log(cast, on=MONDAY - timedelta(days=7)), log(cast)
    client = as_user(cast.supervisor)
    page = client.get(address("log", first)).content.decode()
    assert f'rel="next" href="{address("log", second)}"' in page
    answer = client.post(address("log", first), {"decision": "approved", "remark": "", "next": address("log", second)})
    assert answer["Location"] == address("log", second)
    review = Review.unscoped.get()
    assert (review.day_log, review.by, review.decision, review.staff) == (
        first, cast.supervisor, "approved", cast.staff["manager"],
    )  # fmt: skip
    first.refresh_from_db()
    assert first.review_state == "approved"


def test_a_returned_log_goes_back_with_a_notice_and_comes_again(cast, as_user):
    """PLAN-4: returned plan or log goes back to the manager with the comment."""
    today = timezone.localdate()
    made = log(cast, on=today - timedelta(days=1))
    client = as_user(cast.supervisor)
    assert client.post(address("log", made), {"decision": "returned", "remark": ""}).status_code == 400
    assert client.post(address("log", made), {"decision": "returned", "remark": "请写清结果"}).status_code == 302
    notice = Notice.objects.get(user=cast.manager, kind="log_returned")
    assert notice.params["remark"] == "请写清结果"
    client = as_user(cast.manager)
    assert "请写清结果" in client.get(notice.url).content.decode()
    client.post(reverse("visits:close_day"), {"on": made.on.isoformat(), "sentence": "客户同意续约"})
    made.refresh_from_db()
    assert (made.review_state, made.sentence) == ("waiting", "客户同意续约")
    assert [item.id for item in waiting(cast).items] == [made.pk]


def test_nobody_reviews_his_own_work(cast, as_user):
    """PLAN-4, SEC-24: 403, whatever hats he wears."""
    Post.unscoped.create(staff=cast.staff["manager"], role="supervisor", unit=cast.units["A"])
    made = log(cast)
    answer = as_user(cast.manager).post(address("log", made), {"decision": "approved"})
    assert answer.status_code == 403
    assert as_user(cast.manager).post(
        reverse("visits:review_rest"), {"ids": [f"log-{made.pk}"]}
    ).status_code == 403  # fmt: skip
    assert not Review.unscoped.exists()


def test_another_units_work_is_not_found(cast, as_user):
    """SEC-3."""
    made = log(cast, "stranger")
    client = as_user(cast.supervisor)
    assert client.get(address("log", made)).status_code == 404
    assert client.post(address("log", made), {"decision": "approved"}).status_code == 404
    assert client.post(reverse("visits:review_rest"), {"ids": [f"log-{made.pk}"]}).status_code == 404
    assert client.get("/review/odd/1/").status_code == 404


def test_a_second_decision_is_told_that_it_was_taken(cast, as_user):
    made, client = log(cast), as_user(cast.supervisor)
    answers = [client.post(address("log", made), {"decision": "approved"}).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert Review.unscoped.count() == 1


# --- The rest together


def test_the_rest_is_reviewed_together_but_nothing_remarkable(cast, as_user):
    """PLAN-4: "the rest reviewed together"; an exception among them is left for reading."""
    sample(0)
    logs = [log(cast, on=MONDAY - timedelta(days=7 * place)) for place in range(4)]
    for made in logs[:3]:
        worked(cast, made.on)
    answer = as_user(cast.supervisor).post(reverse("visits:review_rest"), {"ids": [f"log-{made.pk}" for made in logs]})
    assert answer.status_code == 302
    assert Review.unscoped.filter(is_together=True, decision="approved").count() == 3
    assert [item.id for item in waiting(cast).items] == [logs[3].pk]


@pytest.mark.parametrize("ids", [[], ["odd"], ["log-"], ["log-x"], ["case-1"], ["log-" + "9" * 30]])
def test_odd_choices_are_told_so(cast, as_user, ids):
    """Bad inputs."""
    assert as_user(cast.supervisor).post(reverse("visits:review_rest"), {"ids": ids}).status_code == 400


# --- Plans


def plan(cast, who="manager", **more):
    values = {"period": "week", "starts_on": MONDAY, "state": "accepted", "drafted_at": at(MONDAY - timedelta(days=3)),
              "accepted_at": at(MONDAY - timedelta(days=2))} | more  # fmt: skip
    made = Plan.unscoped.create(staff=cast.staff[who], **values)
    PlanItem.unscoped.create(plan=made, customer=cast.customers["gold"], planned_on=made.starts_on, purpose="季度面谈")
    return made


def test_a_plan_is_read_and_returned_and_comes_again_when_handed_in_anew(cast, as_user):
    """PLAN-4: plans and logs alike."""
    sample(0)
    made, client = plan(cast), as_user(cast.supervisor)
    assert [(item.kind, item.reasons) for item in waiting(cast).items] == [("plan", ())]
    assert "季度面谈" in client.get(address("plan", made)).content.decode()
    client.post(address("plan", made), {"decision": "returned", "remark": "太少"})
    assert Notice.objects.get(kind="plan_returned").user == cast.manager
    assert waiting(cast).items == []
    Plan.unscoped.filter(pk=made.pk).update(touched_at=timezone.now() + timedelta(minutes=1))
    assert [item.id for item in waiting(cast).items] == [made.pk]
    client.post(address("plan", made), {"decision": "approved"})
    assert waiting(cast).items == []


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"state": "draft", "accepted_at": None}, None),  # not handed in yet
        ({"state": "system", "accepted_at": None}, ("untouched",)),
        ({"accepted_at": at(MONDAY, 8)}, ("late",)),
    ],
)
def test_plans_adopted_by_the_system_or_handed_in_late_are_remarkable(cast, changes, reasons):
    """PLAN-4, PLAN-6."""
    sample(0)
    plan(cast, **changes)
    assert [item.reasons for item in waiting(cast).items] == ([] if reasons is None else [reasons])


# --- F26


def test_the_review_rate_and_the_days_with_a_log(cast):
    """F26: days with log of working days not on leave; reviewed of the plans and logs that are drawn or remarkable."""
    sample(100)
    first, last = MONDAY, MONDAY + timedelta(days=6)
    Leave.unscoped.create(staff=cast.staff["manager"], starts_on=last - timedelta(days=2), ends_on=last)  # Fri–Sun
    log(cast, on=MONDAY, review_state="approved")
    log(cast, on=MONDAY + timedelta(days=1), closed_by=None, entries=2)
    log(cast, on=MONDAY + timedelta(days=2), closed_by=None, entries=0)  # closed itself over an empty day
    log(cast, on=last, review_state="returned")  # on a Sunday on leave
    made = plan(cast)
    Review.unscoped.create(staff=made.staff, plan=made, decision="approved", by=cast.supervisor, at=timezone.now())
    (rate,) = [row for row in review_rates(cast.supervisor.access, first=first, last=last, today=last)
               if row.staff_id == cast.staff["manager"].pk]  # fmt: skip
    assert (rate.kept, rate.days) == (2, 4)
    assert (rate.reviewed, rate.all) == (3, 5)
    sample(0)  # only the three working days without a visit are remarkable; what is not was passed with one click
    (rate,) = [row for row in review_rates(cast.supervisor.access, first=first, last=last, today=last)
               if row.staff_id == cast.staff["manager"].pk]  # fmt: skip
    assert (rate.logs_reviewed, rate.logs, rate.plans) == (1, 3, 0)
    assert len(review_rates(cast.manager.access, first=first, last=last, today=last)) == 1


@time_machine.travel(at(MONDAY + timedelta(days=13), 12), tick=False)
def test_every_figure_of_the_journal_leads_to_its_rows(cast, as_user):
    """F26: the number on the page is the number of rows behind its link."""
    sample(100)
    log(cast, on=MONDAY, review_state="approved")
    log(cast, on=MONDAY + timedelta(days=1), closed_by=None, entries=0)
    log(cast, on=MONDAY + timedelta(days=5), review_state="returned")  # a Saturday
    made = plan(cast)
    plan(cast, starts_on=MONDAY + timedelta(days=7))
    Review.unscoped.create(staff=made.staff, plan=made, decision="approved", by=cast.supervisor, at=timezone.now())
    client = as_user(cast.supervisor)
    page = client.get(reverse("visits:journal_figures") + f"?month={MONDAY:%Y-%m}")
    (row,) = [row for row in page.context["rows"] if row["name"] == cast.staff["manager"].name]
    rate = row["review"]
    assert (rate.kept, rate.logs_reviewed, rate.logs, rate.plans_reviewed, rate.plans) == (1, 2, 3, 1, 2)
    for name, number in (("kept_url", 1), ("reviewed_url", 2), ("logs_url", 3)):
        assert len(client.get(row[name]).context["rows"]) == number, name
    for name, number in (("plans_reviewed_url", 1), ("plans_url", 2)):
        answer = client.get(row[name])
        assert len(answer.context["page"].rows) == number, name
