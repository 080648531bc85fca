"""The plan's pages over HTTP (PLAN-4, 5, 6, 18, 22; CON-14; PLT-9)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from accounts.models import Task
from crm.core.scope import Scope
from tests.visits.ledger_world import customer_of, visit
from tests.visits.plan_world import item_of, plan_of
from visits.models import Outcome, PlanFeed, PlanHelper, PlanItem
from visits.queries.plans.team import plan_figures
from visits.rules.plans import period_start

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def monday(today):
    return period_start("week", today)


@pytest.fixture
def plan(cast, monday):
    return plan_of(cast, monday=monday, drafted_at=timezone.now())


def test_the_planner_s_row_shows_preferred_time_place_and_channel(cast, as_user, plan, today):
    """CON-14."""
    customer = cast.customers["gold"]
    customer.preferred_time, customer.preferred_channel = "工作日下午3点后", "wechat"
    customer.district, customer.business_address = "东湖", "解放路8号"
    customer.save()
    item_of(plan, customer, today)
    page = as_user(cast.manager).get(f"/plan/?on={today}").content.decode()
    for words in ("金满堂", "工作日下午3点后", "微信", "东湖", "解放路8号"):
        assert words in page


def test_one_tap_accepts_and_a_refusal_names_who_is_left_out(cast, as_user, plan, today):
    """PLAN-2, PLAN-6."""
    client = as_user(cast.manager)
    refused = client.post(f"/plan/{plan.pk}/accept/")
    assert refused.status_code == 400
    item_of(plan, cast.customers["gold"], today)
    assert client.post(f"/plan/{plan.pk}/accept/").status_code == 302
    plan.refresh_from_db()
    assert plan.state == "accepted"


def test_the_board_asks_at_most_fifteen_times_whatever_its_size(cast, as_user, plan, today):
    """Issue 3, speed."""
    client = as_user(cast.manager)
    counts = []
    for number in (2, 60):
        for _row in range(number):
            customer = customer_of(cast)
            item_of(plan, customer, today)
            visit(customer_of(cast), today, cast=cast)
        client.get("/plan/?on=" + today.isoformat())
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/plan/?on=" + today.isoformat()).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] and counts[1] <= 15


def test_plan_and_actual_add_up_and_open_their_rows(cast, as_user, plan, today, monday):
    """PLAN-5, F27: planned, done on the day, shifted, missed, unplanned."""
    days = [monday + timedelta(days=offset) for offset in range(7)]
    done, shifted, missed = (customer_of(cast) for _n in range(3))
    item_of(plan, done, today, state="done", visit=visit(done, today, cast=cast))
    other_day = next(day for day in days if day != today)
    item_of(plan, shifted, other_day, state="done", visit=visit(shifted, today, cast=cast))
    item_of(plan, missed, monday, state="missed")
    visit(customer_of(cast), today, cast=cast)
    failed = customer_of(cast)
    visit(failed, today, cast=cast, outcome=Outcome.objects.get(code="no_answer"))
    people = Scope(manager_ids=(cast.staff["manager"].pk,))
    (row,) = plan_figures(people, monday, monday + timedelta(days=6), today=today)
    assert (row.planned, row.on_day, row.shifted, row.missed, row.unplanned) == (3, 1, 1, 1, 1)
    assert row.per_cent == 33
    client = as_user(cast.supervisor)
    page = client.get("/plan/team/").content.decode()
    assert "林晓" in page
    for state, count in (("planned", 3), ("on_day", 1), ("shifted", 1), ("missed", 1), ("unplanned", 1)):
        listed = client.get(row.urls[state]).content.decode()
        assert listed.count("<tr data-record") == count, state


def test_eight_of_ten_on_time_are_eighty_per_cent(cast, as_user, plan, today, monday):
    """PLAN-18: plan items and tasks."""
    last_week = plan_of(cast, monday=monday - timedelta(days=7))
    day = monday - timedelta(days=4)
    for number in range(6):
        customer = customer_of(cast)
        done = number < 5
        item_of(
            last_week, customer, day, state="done" if done else "missed",
            visit=visit(customer, day, cast=cast) if done else None,
        )  # fmt: skip
    for number in range(4):
        Task.unscoped.create(
            kind="assigned", customer=cast.customers["gold"], staff=cast.staff["manager"], title=f"任务{number}",
            due_on=day, created_at=timezone.now() - timedelta(days=30), state="done" if number < 3 else "open",
            closed_at=timezone.now() - timedelta(days=20) if number < 3 else None,
        )  # fmt: skip
    people = Scope(manager_ids=(cast.staff["manager"].pk,))
    (row,) = plan_figures(people, monday - timedelta(days=7), monday - timedelta(days=1), today=today)
    assert (row.kept, row.owed, row.kept_per_cent) == (8, 10, 80)
    assert as_user(cast.manager).get(row.urls["kept"]).content.decode().count("<tr data-record") == 8
    assert as_user(cast.manager).get(row.urls["owed"]).content.decode().count("<tr data-record") == 10


def test_late_plans_are_counted_and_untouched_drafts_are_not(cast, today, monday):
    """F26: on time, drafted by the system, late."""
    first = monday - timedelta(days=21)
    for weeks, state, days in ((0, "accepted", -1), (1, "system", None), (2, "accepted", 0)):
        start = first + timedelta(days=7 * weeks)
        at = None
        if days is not None:
            at = timezone.make_aware(
                timezone.datetime.combine(start + timedelta(days=days), timezone.datetime.min.time())
            )
        plan_of(
            cast, monday=start, state=state, accepted_at=at,
            drafted_at=timezone.now() - timedelta(days=60),
        )  # fmt: skip
    people = Scope(manager_ids=(cast.staff["manager"].pk,))
    (row,) = plan_figures(people, first, first + timedelta(days=20), today=today)
    assert (row.due, row.on_time, row.system, row.late, row.timely_per_cent) == (3, 1, 1, 1, 66)


def test_a_supervisor_reads_the_plans_of_his_team_only(cast, as_user, plan, today):
    """PLAN-4, SEC-3: read only."""
    item_of(plan, cast.customers["gold"], today)
    client = as_user(cast.supervisor)
    page = client.get(f"/plan/?staff={cast.staff['manager'].pk}").content.decode()
    assert "金满堂" in page and "data-item" not in page and f"/plan/{plan.pk}/accept/" not in page
    assert client.get(f"/plan/?staff={cast.staff['stranger'].pk}").status_code == 404
    assert client.get("/plan/").headers["Location"] == "/plan/team/"


def test_a_customer_handed_over_has_no_name_in_the_old_plan(cast, as_user, plan, today):
    """Decisions 6: counts, without name and link."""
    customer = cast.customers["gold"]
    item_of(plan, customer, today, state="missed")
    customer.manager, customer.unit = cast.staff["stranger"], cast.units["B"]
    customer.save()
    page = as_user(cast.manager).get("/plan/?on=" + today.isoformat()).content.decode()
    assert "金满堂" not in page and page.count("data-record") == 1


def test_the_plain_form_changes_day_method_and_helpers(cast, as_user, plan, today):
    """PLAN-22: every deed has a plain form."""
    item = item_of(plan, cast.customers["gold"], today)
    client = as_user(cast.manager)
    assert client.get(f"/plan/items/{item.pk}/").status_code == 200
    helper = cast.staff["supervisor"]
    answer = client.post(
        f"/plan/items/{item.pk}/",
        {"on": today.isoformat(), "half": "pm", "channel": "on_site", "purpose": "签约", "helpers": [helper.pk]},
    )
    assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.half, item.channel.code, item.purpose) == ("pm", "on_site", "签约")
    assert PlanHelper.unscoped.get().staff == helper


def test_dragging_answers_a_toast_and_a_stale_drag_a_conflict(cast, as_user, plan, today):
    """Issue 3: conflicts are seen."""
    item = item_of(plan, cast.customers["gold"], today)
    client = as_user(cast.manager)
    given = {"on": today.isoformat(), "half": "pm", "seen_on": today.isoformat(), "seen_half": "am"}
    moved = client.post(f"/plan/items/{item.pk}/move/", given, headers=HTMX)
    assert moved.status_code == 204 and "visit-logged" in moved.headers["HX-Trigger"]
    assert client.post(f"/plan/items/{item.pk}/move/", given, headers=HTMX).status_code == 409


def test_the_form_on_a_second_device_shows_what_the_first_changed_and_loses_nothing(cast, as_user, plan, today):
    """Issue 3: the same week edited on two devices → 409 with both values; sent again, both changes stand."""
    item, helper = item_of(plan, cast.customers["gold"], today, purpose="谈续约"), cast.staff["teammate"]
    client, address = as_user(cast.manager), f"/plan/items/{item.pk}/"
    drawn = client.get(address).context["form"].initial["seen"]
    body = {"on": today.isoformat(), "half": "am", "channel": "", "purpose": "谈续约", "seen": drawn}
    assert client.post(address, body | {"half": "pm", "purpose": "谈续约,带样机"}).status_code == 302
    mine = body | {"purpose": "谈续约和5G专线", "helpers": [helper.pk]}
    for headers in ({}, HTMX):
        answer = client.post(address, mine, headers=headers)
        assert answer.status_code == 409
        found = {
            str(row["label"]): (row["mine"], row["theirs"], row["is_taken"]) for row in answer.context["conflicts"]
        }
        assert found == {"时段": ("上午", "下午", True), "事由": ("谈续约和5G专线", "谈续约,带样机", False)}
    item.refresh_from_db()
    assert (item.half, item.purpose) == ("pm", "谈续约,带样机")
    form = answer.context["form"]
    assert (form["half"].value(), form["purpose"].value(), form["helpers"].value()) == (
        "pm", "谈续约和5G专线", [str(helper.pk)])  # fmt: skip
    again = mine | {"half": form["half"].value(), "seen": form["seen"].value()}
    assert client.post(address, again).status_code == 302
    item.refresh_from_db()
    assert (item.half, item.purpose) == ("pm", "谈续约和5G专线")


def test_what_was_done_meanwhile_is_told_and_the_words_are_kept(cast, as_user, plan, today):
    """Issue 3: an item that another device closed answers 409 on its own form."""
    item = item_of(plan, cast.customers["gold"], today, state="cancelled")
    body = {"on": today.isoformat(), "half": "pm", "channel": "", "purpose": "补一句"}
    answer = as_user(cast.manager).post(f"/plan/items/{item.pk}/", body)
    assert answer.status_code == 409 and "补一句" in answer.content.decode()
    assert "seen" in answer.context["form"].fields


@pytest.mark.parametrize("seen", ["", "{", "[1]", '"x"', '{"on": {}}'])
def test_a_damaged_note_of_what_was_seen_breaks_nothing(cast, as_user, plan, today, seen):
    """Bad inputs."""
    item = item_of(plan, cast.customers["gold"], today)
    body = {"on": today.isoformat(), "half": "pm", "channel": "", "purpose": "x", "seen": seen}
    assert as_user(cast.manager).post(f"/plan/items/{item.pk}/", body).status_code in (302, 409)


def test_the_form_of_a_due_customer_comes_back_without_a_reason(cast, as_user, plan, today):
    """PLAN-2."""
    from tests.visits.desk import owe

    duty = owe(cast.customers["diamond"], starts_on=today.replace(day=1), due_on=today, suggested_on=today)
    item = item_of(plan, cast.customers["diamond"], today, duty=duty)
    client = as_user(cast.manager)
    assert client.post(f"/plan/items/{item.pk}/remove/", {"reason": ""}).status_code == 400
    assert client.post(f"/plan/items/{item.pk}/remove/", {"reason": "客户出差"}).status_code == 302
    assert "客户出差" in client.get("/plan/?on=" + today.isoformat()).content.decode()


def test_the_schedule_is_printed_under_its_official_name(cast, as_user, plan, today):
    """PLT-9: 客户访问日程表, looking like a form."""
    item_of(plan, cast.customers["gold"], today, purpose="续约")
    page = as_user(cast.manager).get(f"/plan/{plan.pk}/print/").content.decode()
    assert '<h1 lang="zh-Hans">客户访问日程表</h1>' in page and "金满堂" in page and "续约" in page and "林晓" in page


def test_the_calendar_link_is_secret_revocable_and_tells_no_private_data(cast, as_user, plan, today):
    """Issue 3: ICS link."""
    firm = customer_of(cast, "level1", kind="group")
    item_of(plan, cast.customers["gold"], today, purpose="家里有事")
    item_of(plan, firm, today, half="pm")
    client = as_user(cast.manager)
    page = client.post("/plan/calendar/", {"deed": "make"}).content.decode()
    address = page.split("<code data-no-draft>")[1].split("</code>")[0]
    path = "/calendar/" + address.rsplit("/calendar/")[1]
    assert PlanFeed.unscoped.get().token_digest not in page
    assert path not in client.get("/plan/calendar/").content.decode()
    client.logout()
    answer = client.get(path)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    events = [str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert len(events) == 2 and any(firm.name in event for event in events)
    text = answer.content.decode()
    assert "金满堂" not in text and "13900000002" not in text and "家里有事" not in text
    as_user(cast.manager).post("/plan/calendar/", {"deed": "end"})
    assert client.get(path).status_code == 404


def test_an_item_with_a_helper_shows_in_the_helper_s_calendar(cast, as_user, plan, today):
    """PLAN-22."""
    item = item_of(plan, cast.customers["gold"], today)
    PlanHelper.unscoped.create(item=item, staff=cast.staff["teammate"])
    client = as_user(cast.teammate)
    page = client.post("/plan/calendar/", {"deed": "make"}).content.decode()
    path = "/calendar/" + page.split("<code data-no-draft>")[1].split("</code>")[0].rsplit("/calendar/")[1]
    events = Calendar.from_ical(client.get(path).content).walk("VEVENT")
    assert len(events) == 1
    plan_of(cast, "teammate", monday=plan.starts_on)
    board = client.get("/plan/?on=" + today.isoformat()).content.decode()
    assert "林晓" in board and "金满堂" not in board


def test_month_and_year_show_what_is_owed_and_done(cast, as_user, today):
    """PLAN-1."""
    month = plan_of(cast, monday=today.replace(day=1), period="month", focus="专线续约")
    PlanItem.unscoped.create(
        plan=month, tier=cast.customers["gold"].tier, planned_on=month.starts_on, target=9, reason="target"
    )
    client = as_user(cast.manager)
    page = client.get("/plan/?period=month").content.decode()
    assert "专线续约" in page and "0/9" in page
    assert client.get("/plan/?period=year").status_code == 200
    assert client.get("/plan/?period=decade").status_code == 400
