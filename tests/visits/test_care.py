"""Care occasions as tasks: birthdays, holidays, weather, journeys; the greeting closes them (ENG-1, ENG-4)."""

from datetime import date, timedelta
from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ContactPerson, Customer, PersonProfile, Task
from crm.core.models import WorkDay
from crm.core.sweeps import run_step
from tests.visits.desk import sheet
from tests.visits.ledger_world import at, customer_of, days
from visits import actions
from visits.models import Interruption, Trip, Visit
from visits.queries import today_rows
from visits.rules import next_birthday
from visits.rules.care import is_near, is_past

pytestmark = pytest.mark.django_db
NOVEMBER_7 = date(2026, 11, 7)


def night(day):
    return run_step("care_tasks", day, at(day, 1))


def birthday(cast, born, customer="gold", **more):
    return PersonProfile.unscoped.create(customer=cast.customers[customer], birthday=born, **more)


def test_a_birthday_on_the_10th_is_a_task_on_the_7th(cast, as_user):
    """ENG-1: birthdays in the next 3 days → care tasks, seen on Today, once."""
    birthday(cast, date(1980, 11, 10))
    night(date(2026, 11, 6))
    assert not Task.unscoped.exists()
    night(NOVEMBER_7)
    night(NOVEMBER_7)
    night(date(2026, 11, 8))
    task = Task.unscoped.get()
    assert (task.kind, task.topic, task.due_on, task.staff) == (
        "care", "birthday", date(2026, 11, 10), cast.staff["manager"],
    )  # fmt: skip
    (row,) = today_rows([cast.staff["manager"].pk], NOVEMBER_7)
    assert [(reason.kind, reason.topic) for reason in row.reasons] == [("care", "birthday")]
    assert row.occasions[0] == "care"


def test_29_february_is_kept_on_the_28th(cast):
    """ENG-1: 29 Feb handled in non-leap years (28 Feb, ours)."""
    birthday(cast, date(1984, 2, 29))
    night(date(2027, 2, 25))
    assert Task.unscoped.get().due_on == date(2027, 2, 28)


def test_a_lunar_birthday_is_kept_by_its_calendar(cast):
    """ENG-1, issue 3: 八月十五 of 2026 is 25 September."""
    birthday(cast, date(1968, 8, 15), is_lunar_birthday=True)
    night(date(2026, 8, 13))
    assert not Task.unscoped.exists()
    night(date(2026, 9, 22))
    assert Task.unscoped.get(topic="birthday").due_on == date(2026, 9, 25)


def test_a_key_contacts_birthday_makes_a_task_too(cast):
    """ENG-4: group key contacts included; those who left are not."""
    firm = cast.customers["teammates"]
    ContactPerson.unscoped.create(customer=firm, name="王总", birthday=date(1975, 11, 8))
    ContactPerson.unscoped.create(customer=firm, name="李总", birthday=date(1975, 11, 8), is_active=False)
    night(NOVEMBER_7)
    task = Task.unscoped.get()
    assert (task.reason, task.customer, task.staff) == ("王总", firm, cast.staff["teammate"])


def test_birthdays_in_sql_are_those_of_the_rules(cast):
    """Parity: 40 people, every day of two months over a year's end, and of a leap February."""
    random = Random(4)
    people = {}
    for number in range(40):
        customer = customer_of(cast, since=date(2024, 1, 1))
        lunar = number % 4 == 0
        born = date(1970, 1, 1) + timedelta(days=random.randrange(9000))
        born = date(1984, 2, 29) if number == 1 else born
        people[PersonProfile.unscoped.create(customer=customer, birthday=born, is_lunar_birthday=lunar).pk] = (
            born,
            lunar,
        )
    known = set()
    for day in days(date(2026, 12, 15), date(2027, 1, 31)) + days(date(2028, 2, 20), date(2028, 3, 3)):
        night(day)
        for pk, (born, lunar) in people.items():
            comes = next_birthday(born, day, is_lunar=lunar)
            if is_near(comes, day):
                known.add((pk, comes))
        found = set(Task.unscoped.filter(topic="birthday").values_list("origin_id", "due_on"))
        assert found == known, day
        still = {row for row in known if not is_past(row[1], day)}
        assert set(Task.unscoped.filter(state="open").values_list("origin_id", "due_on")) == still, day


def test_a_holiday_is_for_the_best_customers(cast):
    """ENG-1: + holiday; the first of its days only, diamond and important customers (ours)."""
    WorkDay.objects.filter(date__gte=date(2026, 9, 20), date__lte=date(2026, 10, 12)).delete()
    for day in (25, 26, 27):
        WorkDay.objects.create(date=date(2026, 9, day), kind="holiday", name="中秋")
    for day in (24, 25, 26):
        night(date(2026, 9, day))
    rows = Task.unscoped.filter(topic="holiday")
    assert [(row.customer.name, row.reason, row.due_on) for row in rows if row.customer.kind == "vip"] == [
        ("钱多多", "中秋", date(2026, 9, 25))
    ]


def test_headquarters_tells_of_the_weather_by_district(cast, as_user):
    """ENG-1: weather: manual/API trigger by area; told twice is told once; another district hears nothing."""
    Customer.unscoped.filter(pk__in=[cast.customers[key].pk for key in ("gold", "diamond", "silver")]).update(
        district="城东"
    )
    today = timezone.localdate()
    body = {"district": "城东", "text": "明天降温十度", "starts_on": today.isoformat(), "ends_on": today.isoformat()}
    client = as_user(cast.group_department)
    for _twice in range(2):
        assert client.post(reverse("visits:weather_list"), body).status_code == 302
    assert set(Task.unscoped.filter(topic="weather").values_list("customer__name", flat=True)) == {"金满堂", "钱多多"}
    assert client.post(reverse("visits:weather_list"), body | {"ends_on": "2020-01-01"}).status_code == 400
    assert as_user(cast.manager).post(reverse("visits:weather_list"), body).status_code == 403


def test_a_trip_note_makes_a_task_before_he_leaves(cast, as_user):
    """ENG-1: travel from the customer's trip note; by its page or on the log sheet; the same day is kept once."""
    today = timezone.localdate()
    client = as_user(cast.manager)
    address = reverse("visits:trip_new", args=[cast.customers["gold"].pk])
    body = {"leaves_on": (today + timedelta(days=2)).isoformat(), "destination": "北京"}
    for _twice in range(2):
        assert client.post(address, body).status_code == 302
    assert Trip.unscoped.count() == 1
    night(today)
    task = Task.unscoped.get()
    assert (task.topic, task.reason, task.due_on) == ("travel", "北京", today + timedelta(days=2))
    assert client.post(address, {"leaves_on": "2020-01-01"}).status_code == 400
    assert as_user(cast.stranger).get(address).status_code == 404


def test_a_greeting_with_a_personal_note_is_the_care_record(cast):
    """ENG-4: care record with personal note; the task is done, and open again when it is undone."""
    today, now = timezone.localdate(), timezone.now()
    born = date(1980, today.month, min(today.day, 28))
    birthday(cast, born)
    night(born.replace(year=today.year))
    Task.unscoped.update(shown_from=today, due_on=today)
    call = actions.log_visit(
        sheet=sheet(cast.customers["gold"], occurred_at=now, occasion="promotion"), by=cast.manager, now=now
    )
    assert Task.unscoped.get().state == "open"
    done = actions.log_visit(
        sheet=sheet(cast.customers["gold"], occurred_at=now, channel="wechat", content="祝生日快乐,并问候其母亲"),
        by=cast.manager, now=now,
    )  # fmt: skip
    assert Task.unscoped.get().state == "done"
    assert Visit.unscoped.get(pk=done.visit_ids[0]).content == "祝生日快乐,并问候其母亲"
    actions.undo_visit(visit_id=done.visit_ids[0], by=cast.manager, now=now)
    assert Task.unscoped.get().state == "open" and call.visit_ids


def test_the_ready_text_of_the_occasion_stands_first(cast, as_user):
    """ENG-1, screens 1: message with ready texts by occasion."""
    today = timezone.localdate()
    actions.note_trip(
        customer_id=cast.customers["gold"].pk, leaves_on=today, destination="北京", by=cast.manager, now=timezone.now()
    )
    page = as_user(cast.manager).get(f"/customers/{cast.customers['gold'].pk}/message/").context["page"]
    assert page.texts[0].occasion == "travel"
    assert "北京" in as_user(cast.manager).get("/").content.decode()


def test_interrupted_is_an_optional_tick_on_the_sheet(cast, as_user):
    """SKL-9: "interrupted" tick and reason, optional; taken back with the visit."""
    from tests.workbench.test_log_sheet import HTMX, sheet_values

    client = as_user(cast.manager)
    assert client.post("/log/", sheet_values(cast.customers["gold"]), headers=HTMX).status_code == 204
    assert not Interruption.unscoped.exists()
    more = {"interrupted-was_interrupted": "on", "interrupted-reason": "局方抢修来电"}
    assert client.post("/log/", sheet_values(cast.customers["silver"], **more), headers=HTMX).status_code == 204
    row = Interruption.unscoped.get()
    assert (row.reason, row.visit.customer) == ("局方抢修来电", cast.customers["silver"])
    actions.undo_visit(visit_id=row.visit_id, by=cast.manager, now=timezone.now())
    assert not Interruption.unscoped.exists()
