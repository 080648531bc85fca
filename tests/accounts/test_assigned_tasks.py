"""Assigned tasks (交办任务, PLAN-17): given with a day, answered with a result, late ones told, counted (F36)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions.assigned import assign_task, finish_task
from accounts.models import Task
from accounts.queries.assigned import task_shares
from accounts.sweeps import flag_overdue_tasks
from crm.core.errors import Conflict, Invalid
from crm.core.measures import Time
from crm.core.models import Notice
from crm.core.sweeps import run_step
from visits.queries.plans.listing import Listed, plan_rows
from visits.queries.plans.team import team_plans

pytestmark = pytest.mark.django_db


def given(cast, *, by="supervisor", to="manager", now=None, **more):
    now = now or timezone.now()
    values = {
        "title": "收集春节走访名单",
        "due_on": timezone.localdate(now) + timedelta(days=3),
        "source": "city",
    } | more
    return assign_task(staff_number=cast.staff[to].number, **values, by=cast.users[by], now=now)


def ago(days):
    return timezone.now() - timedelta(days=days)


def test_a_supervisor_gives_a_task_and_the_manager_answers_it(cast, as_user):
    """PLAN-17: assigner, due, result, state; both are told."""
    boss = as_user(cast.supervisor)
    body = {
        "staff_number": "m1001",
        "title": "收集春节走访名单",
        "due_on": str(timezone.localdate()),
        "source": "province",
    }
    for _twice in range(2):
        answer = boss.post(reverse("accounts:task_new"), body)
        assert answer.status_code == 302
    task = Task.unscoped.get()
    assert (task.kind, task.staff, task.created_by, task.customer) == (
        "assigned", cast.staff["manager"], cast.supervisor, None)  # fmt: skip
    assert Notice.objects.filter(user=cast.manager, kind="task_assigned").count() == 1
    client = as_user(cast.manager)
    assert "收集春节走访名单" in client.get("/").content.decode()  # above the list of Today
    page = reverse("accounts:task_detail", args=[task.pk])
    assert client.post(page, {"result": " "}).status_code == 400
    assert client.post(page, {"result": "已交 32 户名单"}).status_code == 302
    assert client.post(page, {"result": "又"}).status_code == 409
    task.refresh_from_db()
    assert (task.state, task.result, task.closed_by) == ("done", "已交 32 户名单", cast.manager)
    assert Notice.objects.filter(user=cast.supervisor, kind="task_done").count() == 1
    assert "已交 32 户名单" in as_user(cast.supervisor).get(page).content.decode()


def test_a_finished_task_is_sent_back_with_a_remark(cast, as_user):
    """PLAN-17: the assigner is not content; only he sends back or withdraws."""
    task = given(cast)
    page = reverse("accounts:task_return", args=[task.pk])
    boss = as_user(cast.supervisor)
    assert boss.post(page, {"remark": "还缺城西"}).status_code == 409
    finish_task(task_id=task.pk, result="交了", by=cast.manager, now=timezone.now())
    assert boss.post(page, {"remark": ""}).status_code == 400
    assert boss.post(page, {"remark": "还缺城西"}).status_code == 302
    task.refresh_from_db()
    assert task.state == "open" and "还缺城西" in task.reason
    assert Notice.objects.filter(user=cast.manager, kind="task_returned").exists()
    assert as_user(cast.manager).post(reverse("accounts:task_withdraw", args=[task.pk])).status_code == 403
    assert as_user(cast.supervisor).post(reverse("accounts:task_withdraw", args=[task.pk])).status_code == 302
    task.refresh_from_db()
    assert task.state == "cancelled"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "\u200b"}, "title"), ({"source": "moon"}, "source"), ({"to": "stranger"}, "staff_number"),
        ({"to": "supervisor"}, "staff_number"), ({"due_on": timezone.localdate() - timedelta(days=1)}, "due_on"),
        ({"title": "长" * 101}, "title"), ({"reason": "长" * 1001}, "reason"),
    ],
)  # fmt: skip
def test_a_task_that_cannot_be_names_the_field(cast, changes, field):
    """Bad inputs; a task goes to whom one leads, never to oneself."""
    with pytest.raises(Invalid) as refusal:
        given(cast, **changes)
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert not Task.unscoped.exists()


def test_only_whom_it_concerns_finds_a_task(cast, as_user):
    """SEC-3: assignee, assigner, who leads; who does not do it does not finish it."""
    task = given(cast)
    page = reverse("accounts:task_detail", args=[task.pk])
    for who, status in (("manager", 200), ("supervisor", 200), ("teammate", 404), ("stranger_supervisor", 404)):
        assert as_user(cast.users[who]).get(page).status_code == status, who
    assert as_user(cast.supervisor).post(page, {"result": "我做了"}).status_code == 403
    assert as_user(cast.manager).get(reverse("accounts:task_new")).status_code == 403


def test_an_order_about_a_customer_is_answered_on_its_page_not_ticked_off(cast, as_user):
    """PLAN-17: the result is part of it."""
    task = given(cast, customer_id=cast.customers["gold"].pk)
    client = as_user(cast.manager)
    assert client.post(reverse("workbench:close_task", args=[task.pk])).status_code == 400
    page = client.get(reverse("workbench:customer", args=[cast.customers["gold"].pk])).content.decode()
    assert reverse("accounts:task_detail", args=[task.pk]) in page
    task.refresh_from_db()
    assert task.state == "open"


def test_an_overdue_task_is_flagged_next_morning_once(cast, as_user):
    """PLAN-17: the night tells assignee and assigner; twice is once; the list shows it as overdue."""
    task = given(cast, now=ago(5), due_on=timezone.localdate(ago(1)))
    given(cast, title="今天的", due_on=timezone.localdate())
    today = timezone.localdate()
    assert flag_overdue_tasks(today=task.due_on, now=timezone.now()) == 0
    assert run_step("flag_overdue_tasks", today, timezone.now()).rows == 2
    assert run_step("flag_overdue_tasks", today, timezone.now()).rows == 0
    told = Notice.objects.filter(kind="task_overdue").values_list("user__username", flat=True)
    assert sorted(told) == ["M1001", "S1001"]
    rows = as_user(cast.manager).get(reverse("accounts:task_list") + "?state=overdue").context["rows"]
    assert [(row.id, late) for row, late in rows] == [(task.pk, True)]


def test_the_list_is_mine_given_by_me_or_the_teams(cast, as_user):
    """PLAN-17: filters in the address; a value nobody knows is a 400."""
    mine, other = given(cast), given(cast, to="teammate", source="unit")
    address = reverse("accounts:task_list")

    def ids(who, query):
        return [row.id for row, _late in as_user(cast.users[who]).get(address + query).context["rows"]]

    assert ids("manager", "") == [mine.pk] and ids("teammate", "?tab=mine") == [other.pk]
    assert ids("supervisor", "?tab=given") == ids("supervisor", "") == [mine.pk, other.pk]
    assert ids("supervisor", "?source=above") == [mine.pk]
    assert ids("stranger_supervisor", "?tab=team") == ids("stranger", "") == []
    for query in ("?tab=x", "?state=x", "?source=x", "?staff=x", "?staff=999999", "?due=2026-13", "?nope=1"):
        assert as_user(cast.supervisor).get(address + query).status_code == 400, query


def test_tasks_of_province_and_city_in_time_with_their_rows(cast, as_user):
    """F36, KPI-46: done on time of due, by person; every number on the page opens its rows."""
    first = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    began = timezone.make_aware(timezone.datetime(first.year, first.month, 1, 9))
    for source, done_after in (("city", 1), ("province", 4), ("city", None), ("unit", 1)):
        task = given(cast, now=began, due_on=first + timedelta(days=2), source=source, title=f"{source}{done_after}")
        if done_after is not None:
            finish_task(task_id=task.pk, result="好", by=cast.manager, now=began + timedelta(days=done_after))
    time = Time(first, first + timedelta(days=27), timezone.localdate(), timezone.now())
    (share,) = task_shares(cast.supervisor.access, time)
    assert (share.due, share.in_time, share.above_due, share.above_in_time, share.above_per_cent) == (4, 2, 3, 1, 33.3)
    for who in ("supervisor", "manager"):
        client = as_user(cast.users[who])
        (line,) = client.get(reverse("accounts:task_figures") + f"?month={first:%Y-%m}").context["lines"]
        for name, number in (("due", 4), ("in_time", 2), ("above", 3), ("above_in_time", 1)):
            assert len(client.get(line[name]).context["rows"]) == number, (who, name)
    assert task_shares(cast.stranger_supervisor.access, time) == []


def test_assigned_tasks_count_among_what_was_done_in_time(cast):
    """PLAN-18: items and tasks in time of a manager, the rows behind the number; also those without a customer."""
    began = ago(6)
    for done_after in (1, 4):
        task = given(cast, now=began, due_on=timezone.localdate(began) + timedelta(days=2), title=f"{done_after}")
        finish_task(task_id=task.pk, result="好", by=cast.manager, now=began + timedelta(days=done_after))
    first, today = timezone.localdate(began), timezone.localdate()
    found = {}
    for state in ("owed", "kept"):
        asked = Listed(state, first, today, cast.staff["manager"].pk)
        found[state] = [row.name for row in plan_rows(cast.supervisor.access, asked, today=today).rows]
    assert found == {"owed": ["1", "4"], "kept": ["1"]}
    assert team_plans(cast.supervisor.access, period="month", on=today, now=timezone.now()).rows


def test_two_tabs_that_answer_keep_the_first(cast):
    task = given(cast)
    finish_task(task_id=task.pk, result="一", by=cast.manager, now=timezone.now())
    with pytest.raises(Conflict) as refusal:
        finish_task(task_id=task.pk, result="二", by=cast.manager, now=timezone.now())
    assert refusal.value.current["result"] == "一"
