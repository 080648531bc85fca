"""The log sheet: two taps, once, nothing lost (screens 2)."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Assignment, ContactPerson, Customer, PersonProfile, RequiredField, Task
from tests.engagement.world import enjoy
from tests.visits.desk import owe
from tests.workbench.world import FETCH, HTMX, month, owe_today, sheet_values, today
from visits.models import CustomerVoice, DialTap, Visit

pytestmark = pytest.mark.django_db


def toast(response):
    return json.loads(response.headers["HX-Trigger"])["toast"]


def test_a_call_is_saved_with_outcome_and_occasion_alone(cast, as_user):
    """CON-7: saves in one submit; the duty is met and the toast offers undo."""
    duty = owe_today(cast.customers["gold"])
    response = as_user(cast.manager).post("/log/", sheet_values(cast.customers["gold"]), headers=HTMX)
    visit = Visit.unscoped.get()
    duty.refresh_from_db()
    assert response.status_code == 204 and duty.state == "met"
    assert toast(response)["undo"] == f"/log/undo/{visit.pk}/"
    assert (visit.customer, visit.channel.code, visit.outcome.code) == (cast.customers["gold"], "phone", "effective")


def test_the_sheet_works_without_javascript(cast, as_user):
    """Decisions 36: a plain form; after saving back to where it came from, with a message."""
    client = as_user(cast.manager)
    assert client.get(f"/log/?customer={cast.customers['gold'].pk}").status_code == 200
    response = client.post("/log/", sheet_values(cast.customers["gold"], next="/customers/"), follow=False)
    assert (response.status_code, response.headers["Location"]) == (302, "/customers/")
    assert Visit.unscoped.count() == 1


def test_a_double_tap_gives_one_row(cast, as_user):
    """Issue 2 §3: double submit gives one row."""
    client, values = as_user(cast.manager), sheet_values(cast.customers["gold"])
    first, second = (client.post("/log/", values, headers=HTMX) for _ in range(2))
    assert first.status_code == second.status_code == 204
    assert Visit.unscoped.count() == 1


def test_undo_takes_the_visit_and_the_met_duty_back(cast, as_user):
    """screens 2: toast with undo."""
    duty = owe_today(cast.customers["gold"])
    client = as_user(cast.manager)
    undo = toast(client.post("/log/", sheet_values(cast.customers["gold"]), headers=HTMX))["undo"]
    assert client.post(undo).status_code == 302
    duty.refresh_from_db()
    assert Visit.unscoped.get().undone_at is not None and duty.state == "open"


def test_undo_takes_every_customer_of_the_sheet_back(cast, as_user):
    """One sheet for several customers is undone as one."""
    client = as_user(cast.manager)
    both = sheet_values(cast.customers["gold"], cast.customers["silver"], channel="on_site", content="一起见面")
    undo = toast(client.post("/log/", both, headers=HTMX))["undo"]
    client.post(undo)
    assert Visit.unscoped.filter(undone_at=None).count() == 0 and Visit.unscoped.count() == 2


def test_nobody_else_undoes_it(cast, as_user):
    """Safety: the author alone."""
    as_user(cast.manager).post("/log/", sheet_values(cast.customers["gold"]), headers=HTMX)
    visit = Visit.unscoped.get()
    assert as_user(cast.supervisor).post(f"/log/undo/{visit.pk}/").status_code == 403
    assert as_user(cast.stranger).post(f"/log/undo/{visit.pk}/").status_code == 404
    visit.refresh_from_db()
    assert visit.undone_at is None


def test_after_a_dial_customer_and_start_are_filled_in(cast, as_user):
    """screens 2: the return to the page opens a sheet with customer, start and length filled in."""
    client = as_user(cast.manager)
    url = client.post(f"/customers/{cast.customers['gold'].pk}/dial/", headers=FETCH).json()["log_url"]
    tap = DialTap.unscoped.get()
    text = client.get(f"{url}&seconds=185", headers=HTMX).content.decode()
    start = timezone.localtime(tap.tapped_at)
    assert f'value="{start:%Y-%m-%dT%H:%M:%S}"' in text
    assert f'value="{start + timedelta(seconds=185):%Y-%m-%dT%H:%M:%S}"' in text
    assert f'name="tap" value="{tap.pk}"' in text and "金满堂" in text


def test_logging_after_a_dial_takes_it_off_the_list(cast, as_user):
    """Dialled, not logged: the tap knows its visit."""
    client = as_user(cast.manager)
    client.post(f"/customers/{cast.customers['gold'].pk}/dial/", headers=FETCH)
    tap = DialTap.unscoped.get()
    client.post("/log/", sheet_values(cast.customers["gold"], tap=tap.pk), headers=HTMX)
    tap.refresh_from_db()
    assert tap.visit_id == Visit.unscoped.get().pk


def test_somebody_else_s_tap_tells_nothing(cast, as_user):
    """Safety: a tap is its owner's."""
    as_user(cast.manager).post(f"/customers/{cast.customers['gold'].pk}/dial/", headers=FETCH)
    tap = DialTap.unscoped.get()
    text = as_user(cast.teammate).get(f"/log/?tap={tap.pk}", headers=HTMX).content.decode()
    assert 'name="tap" value' not in text and "金满堂" not in text


def test_a_call_of_twelve_minutes_is_saved_with_a_hint(cast, as_user):
    """CON-28: soft, no reason asked."""
    start = timezone.localtime(timezone.now() - timedelta(minutes=13))
    values = sheet_values(cast.customers["gold"], started_at=start.strftime("%Y-%m-%dT%H:%M:%S"), minutes="12")
    response = as_user(cast.manager).post("/log/", values, headers=HTMX)
    visit = Visit.unscoped.get()
    assert response.status_code == 204 and toast(response)["look"] == "soon"
    assert visit.ended_at - visit.occurred_at == timedelta(minutes=12)


def test_an_on_site_visit_keeps_whom_he_met_a_new_person_and_the_sentence(cast, as_user):
    """screens 2: whom met (chips), new one in one line, one sentence, companions."""
    customer = cast.customers["teammates"]
    person = ContactPerson.unscoped.get(customer=customer)
    values = sheet_values(
        customer, channel="on_site", content="谈了专线", met=[person.pk], new_person="王经理",
        companion=[cast.staff["supervisor"].pk],
    )  # fmt: skip
    assert as_user(cast.teammate).post("/log/", values, headers=HTMX).status_code == 204
    visit = Visit.unscoped.get()
    assert set(visit.met.values_list("person__name", flat=True)) == {"海总", "王经理"}
    assert list(visit.companions.values_list("staff_id", flat=True)) == [cast.staff["supervisor"].pk]
    assert visit.content == "谈了专线"


def test_the_next_step_becomes_a_task_and_what_the_customer_said_a_voice(cast, as_user):
    """CON-15, CON-16: follow-up with its date; opinions and problems become customer-voice rows."""
    day = today() + timedelta(days=3)
    values = sheet_values(
        cast.customers["gold"], next_step="送报价单", next_on=str(day), mood="good",
        **{"heard-kind": "problem", "heard-text": "账单看不懂"},
    )  # fmt: skip
    as_user(cast.manager).post("/log/", values, headers=HTMX)
    task = Task.unscoped.get(kind="follow_up")
    assert (task.title, task.due_on) == ("送报价单", day)
    assert CustomerVoice.unscoped.get().kind == "problem"


def test_a_missing_required_fact_is_asked_and_learned(cast, as_user):
    """CUS-9: the contact form lets him add learned facts on the spot."""
    RequiredField.objects.all().delete()
    RequiredField.objects.create(kind="vip", field="sports", group="preferences", effective_from="2020-01-01")
    customer, client = cast.customers["gold"], as_user(cast.manager)
    assert "learn_sports" in client.get(f"/log/?customer={customer.pk}").content.decode()
    client.post("/log/", sheet_values(customer, learn_sports="羽毛球"), headers=HTMX)
    assert PersonProfile.unscoped.get(customer=customer).sports == "羽毛球"
    assert "learn_sports" not in client.get(f"/log/?customer={customer.pk}").content.decode()


def test_a_wrong_fact_is_refused_beside_its_field_and_nothing_is_written(cast, as_user):
    """Every form: errors beside the field, nothing typed is lost."""
    customer = cast.customers["gold"]
    values = sheet_values(customer, learn_birthday="2030-01-01", content="聊了很久")
    response = as_user(cast.manager).post("/log/", values, headers=HTMX)
    assert response.status_code == 400 and "聊了很久" in response.content.decode()
    assert not Visit.unscoped.exists()


@pytest.mark.parametrize(
    ("changes", "beside"),
    [
        ({"outcome": ""}, "outcomes"),
        ({"channel": "pigeon"}, "channels"),
        ({"started_at": "2020-01-01T10:00:00"}, "field-started_at"),
        ({"started_at": "gestern"}, "field-started_at"),
        ({"next_on": "2026-02-30"}, "field-next_on"),
        ({"content": "x\x00y"}, "field-content"),
        ({"content": "长" * 2001}, "field-content"),
        ({"minutes": "-5"}, "field-minutes"),
        ({"customer": []}, "log-who"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(cast, as_user, changes, beside):
    """Bad inputs: 400 with the sentence beside the field; no row."""
    values = sheet_values(cast.customers["gold"], **changes)
    response = as_user(cast.manager).post("/log/", values, headers=HTMX)
    text = response.content.decode()
    assert response.status_code == 400 and "field-error" in text and beside in text
    assert text.index("field-error") > text.index(beside)
    assert not Visit.unscoped.exists()


@pytest.mark.parametrize("odd", ["abc", "9" * 5000, "-1", "%00", "1.5"])
def test_an_odd_id_is_not_known(cast, as_user, odd):
    """Bad input 12: no stack, no row."""
    client = as_user(cast.manager)
    assert client.get("/log/", {"customer": odd, "tap": odd, "on": odd}).status_code == 200
    assert client.post("/log/", sheet_values(customer=[odd]), headers=HTMX).status_code == 400


def test_a_stranger_s_customer_is_not_found(cast, as_user):
    """Decisions 13: invisible, nothing written, no name shown."""
    client, foreign = as_user(cast.manager), cast.customers["strangers"]
    assert foreign.name not in client.get(f"/log/?customer={foreign.pk}").content.decode()
    response = client.post("/log/", sheet_values(foreign), headers=HTMX)
    assert response.status_code == 400 and foreign.name not in response.content.decode()
    assert not Visit.unscoped.exists()


def test_who_logs_no_visits_has_no_sheet(cast, as_user):
    """Abilities: 403."""
    assert as_user(cast.director).get("/log/").status_code == 403
    assert as_user(cast.director).post("/log/", sheet_values(cast.customers["gold"])).status_code == 403


def test_finding_a_customer_keeps_what_was_typed(cast, as_user):
    """Without JavaScript the sheet finds a second customer and loses nothing."""
    values = sheet_values(cast.customers["gold"], content="两位都在", find="1", q="银小")
    response = as_user(cast.manager).post("/log/", values)
    text = response.content.decode()
    assert response.status_code == 200 and "银小满" in text and "两位都在" in text
    assert not Visit.unscoped.exists()


def test_customers_are_found_while_typing_in_one_s_own_only(cast, as_user):
    """CUS search: name part, initials, phone tail; through the scope."""
    client = as_user(cast.manager)
    for query in ("银小", "yxm", "0003"):
        assert "银小满" in client.get("/log/customers/", {"q": query}, headers=HTMX).content.decode()
    assert "金丝雀" not in client.get("/log/customers/", {"q": "金丝雀"}, headers=HTMX).content.decode()


def test_a_customer_handed_over_meanwhile_keeps_the_text_and_offers_to_send_it(cast, as_user):
    """Issue 2, bad input: the text is kept, "send it to the new manager" offered."""
    customer, client = cast.customers["gold"], as_user(cast.manager)
    Assignment.unscoped.filter(customer=customer).update(valid_to=today())
    Assignment.unscoped.create(customer=customer, staff=cast.staff["teammate"], valid_from=today())
    Customer.unscoped.filter(pk=customer.pk).update(manager=cast.staff["teammate"])
    values = sheet_values(customer, content="客户想换套餐")
    response = client.post("/log/", values, headers=HTMX)
    text = response.content.decode()
    assert response.status_code == 409 and "客户想换套餐" in text and "/log/pass-on/" in text
    assert not Visit.unscoped.exists()
    for _ in range(2):
        assert client.post("/log/pass-on/", values, headers=HTMX).status_code == 204
    task = Task.unscoped.get(kind="assigned")
    assert (task.staff, task.reason) == (cast.staff["teammate"], "客户想换套餐")


def test_nothing_is_passed_on_about_somebody_else_s_customer(cast, as_user):
    """Safety: no door to write into foreign lists."""
    values = sheet_values(cast.customers["strangers"], content="你好")
    assert as_user(cast.manager).post("/log/pass-on/", values, headers=HTMX).status_code == 404
    assert not Task.unscoped.exists()


def test_after_three_failed_attempts_one_tap_asks_for_an_excuse(cast, as_user):
    """screens 2: unreachable, three attempts on three days by two channels."""
    customer, client = cast.customers["gold"], as_user(cast.manager)
    first = today() - timedelta(days=2)
    duty = owe(customer, starts_on=first.replace(day=1), due_on=month()[1], suggested_on=today())
    answers = []
    for back, channel in ((2, "phone"), (1, "wechat"), (0, "phone")):
        start = timezone.localtime(timezone.now() - timedelta(days=back, minutes=1))
        values = sheet_values(
            customer, channel=channel, outcome="no_answer", occasion="",
            started_at=start.strftime("%Y-%m-%dT%H:%M:%S"),
        )  # fmt: skip
        answers.append(json.loads(client.post("/log/", values, headers=HTMX).headers["HX-Trigger"]))
    ask = f"/customers/{customer.pk}/excuse/{duty.pk}/"
    assert [answer.get("sheet-open") for answer in answers] == [None, None, ask]
    assert 'value="unreachable" ' in client.get(ask, headers=HTMX).content.decode()
    assert client.post(ask, {"kind": "unreachable"}, headers=HTMX).status_code == 204
    assert duty.excuses.get().state == "requested"


def test_an_excuse_without_enough_attempts_is_refused_on_the_form(cast, as_user):
    """Design: unreachable needs its evidence; the text stays."""
    duty = owe_today(cast.customers["gold"])
    address = f"/customers/{cast.customers['gold'].pk}/excuse/{duty.pk}/"
    response = as_user(cast.manager).post(address, {"kind": "unreachable", "text": "总不接"}, headers=HTMX)
    assert response.status_code == 400 and "总不接" in response.content.decode()
    assert not duty.excuses.exists()


def test_a_visit_of_last_evening_takes_the_provisional_miss_back(cast, as_user):
    """Issue 2: made on the last evening, entered next morning, it counts (补录)."""
    yesterday = today() - timedelta(days=1)
    duty = owe(
        cast.customers["gold"], starts_on=yesterday.replace(day=1), due_on=yesterday, suggested_on=yesterday,
        state="provisional",
    )  # fmt: skip
    client = as_user(cast.manager)
    text = client.get(f"/log/?customer={cast.customers['gold'].pk}&on={yesterday}").content.decode()
    assert f'value="{yesterday}T18:00:00"' in text
    client.post("/log/", sheet_values(cast.customers["gold"], started_at=f"{yesterday}T18:00"), headers=HTMX)
    duty.refresh_from_db()
    assert duty.state == "met" and Visit.unscoped.get().is_backdated


def test_an_urgent_request_is_logged_at_any_hour_and_place(cast, as_user):
    """CON-36: no office hours, the place is free."""
    night = timezone.localtime().replace(hour=0, minute=1, second=0)
    values = sheet_values(
        cast.customers["gold"], channel="on_site", place="邻市高铁站", is_inbound="on", content="漫游故障",
        started_at=night.strftime("%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    assert as_user(cast.manager).post("/log/", values, headers=HTMX).status_code == 204
    assert (Visit.unscoped.get().place, Visit.unscoped.get().direction) == ("邻市高铁站", "inbound")


def test_markup_in_a_sentence_is_text(cast, as_user):
    """Bad input 26: stored, shown as text."""
    values = sheet_values(cast.customers["gold"], content="<img src=x onerror=alert(1)>", outcome="")
    text = as_user(cast.manager).post("/log/", values, headers=HTMX).content.decode()
    assert "<img src=x" not in text and "&lt;img src=x" in text


def test_next_never_leads_away(cast, as_user):
    """Bad input 28: only paths of this site."""
    for evil in ("//evil.example", "https:evil.example", "/\\evil.example"):
        values = sheet_values(cast.customers["gold"], next=evil, client_key=str(uuid4()))
        response = as_user(cast.manager).post("/log/", values)
        assert response.headers["Location"] == "/"


def test_who_is_in_an_open_campaign_is_offered_its_occasion_first(cast, as_user):
    """CON-9: a due customer who may enjoy a campaign until some day and has not is met on that occasion."""
    gold = cast.customers["gold"]

    def offered():
        first = as_user(cast.manager).get(f"/log/?customer={gold.pk}").context["sheet"].occasions[0]
        return first.code, first.why

    assert offered()[0] != "reward"
    enjoy(gold)  # for good: no campaign
    assert offered()[0] != "reward"
    enrolment = enjoy(gold, "upper_care", until=10)
    code, why = offered()
    assert code == "reward" and enrolment.policy.label_zh in why
    enrolment.used_on = today()
    enrolment.save(update_fields=["used_on"])
    assert offered()[0] != "reward"
    enjoy(gold, "renewal_gift", until=10)
    assert offered()[0] == "marketing"
    Customer.unscoped.filter(pk=gold.pk).update(no_marketing=True)
    assert offered()[0] != "marketing"
