"""Today: whom to contact, why, and one tap for each deed."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from accounts.models import Cover, Customer, Standing, Task
from tests.visits.desk import owe
from tests.workbench.world import FETCH, HTMX, month, owe_today, statements, today
from visits.models import DialTap, Duty

pytestmark = pytest.mark.django_db


def page(client, address="/"):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@time_machine.travel("2026-11-10T04:00:00Z", tick=False)  # the day it is due is far off
def test_a_manager_sees_whom_to_contact_today_and_why(cast, as_user):
    """ORG-1, CON-1: home is the list of one's own customers with the reason of each."""
    owe_today(cast.customers["gold"])
    text = page(as_user(cast.manager))
    assert "金满堂" in text and "ti-calendar-event" in text
    assert "钱多多" not in text  # nothing is owed to her


def test_one_row_per_customer_with_all_its_reasons(cast, as_user):
    """screens 1: overdue, promised and introduction stand as chips of one row."""
    customer = cast.customers["gold"]
    owe_today(customer, is_overdue=True)
    Task.unscoped.create(
        kind="follow_up", customer=customer, staff=cast.staff["manager"], title="送合同", due_on=today(),
        created_at="2026-01-01T00:00Z",
    )  # fmt: skip
    text = page(as_user(cast.manager))
    assert text.count('<li class="today-row') == 1
    assert "ti-alert-triangle" in text and "送合同" in text


def test_what_cannot_wait_stands_first(cast, as_user):
    """screens 1: clock, promised, overdue, suggested."""
    owe_today(cast.customers["silver"])
    owe_today(cast.customers["gold"], is_overdue=True)
    Task.unscoped.create(
        kind="call_back", customer=cast.customers["diamond"], staff=cast.staff["manager"], due_on=today(),
        created_at="2026-01-01T00:00Z",
    )  # fmt: skip
    text = page(as_user(cast.manager))
    assert text.index("钱多多") < text.index("金满堂") < text.index("银小满")


def test_the_ring_shows_met_and_owed_of_the_month(cast, as_user):
    """screens 1: duties met/owed this month, and whether the rest fits."""
    owe_today(cast.customers["gold"])
    owe(cast.customers["diamond"], starts_on=month()[0], due_on=month()[1], state="met", met_on=today())
    text = page(as_user(cast.manager))
    assert "<span>1/2" in text


def test_who_owes_nothing_is_told_so(cast, as_user):
    """screens 1: no full ring and no "all met" where there was nothing to do."""
    text = page(as_user(cast.manager))
    assert "<span>–<small>" in text and "本月没有应沟通客户" in text


def test_the_phone_number_is_not_in_the_page(cast, as_user):
    """Decisions 16: the number is not in the page source."""
    owe_today(cast.customers["gold"])
    assert cast.customers["gold"].phone not in page(as_user(cast.manager))


def test_service_notes_preferences_and_quiet_hours_stand_beside_the_row(cast, as_user):
    """CON-14, ENG-26, CUS-29: what to know before the call."""
    owe_today(cast.customers["gold"])
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(
        service_notes="只谈专线", preferred_time="下午三点后", dnd_from="00:00", dnd_to="23:59",
        business_address="江城市人民路1号",
    )  # fmt: skip
    text = page(as_user(cast.manager))
    assert "只谈专线" in text and "下午三点后" in text and 'data-quiet="00:00–23:59"' in text
    assert "geo:0,0?q=%E6%B1%9F" in text


def test_rows_can_be_grouped_by_district(cast, as_user):
    """screens 1: grouped by district on request."""
    owe_today(cast.customers["gold"])
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(district="城东")
    assert "<h3>城东</h3>" in page(as_user(cast.manager), "/?group=district")
    assert "<h3>城东</h3>" not in page(as_user(cast.manager))


def test_covered_customers_are_on_the_list_of_the_substitute(cast, as_user):
    """Design 4: the substitute sees and acts, credit stays."""
    owe_today(cast.customers["gold"])
    assert "金满堂" not in page(as_user(cast.teammate))
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on=today(), ends_on=today(),
        arranged_by=cast.supervisor, arranged_at="2026-01-01T00:00Z",
    )  # fmt: skip
    text = page(as_user(cast.teammate))
    assert "金满堂" in text and "林晓" in text


def test_a_provisional_miss_can_be_back_dated_from_today(cast, as_user):
    """Decisions 1: amber, with the sheet set on the missed day."""
    missed_on = today() - timedelta(days=1)
    owe(
        cast.customers["gold"], starts_on=missed_on.replace(day=1), due_on=missed_on, suggested_on=missed_on,
        state="provisional",
    )  # fmt: skip
    text = page(as_user(cast.manager))
    assert f"/log/?customer={cast.customers['gold'].pk}&amp;on={missed_on}" in text


def test_a_final_miss_is_small_and_grey(cast, as_user):
    """Decisions 1: "June missed, final"."""
    last_month = month()[0] - timedelta(days=1)
    owe(
        cast.customers["gold"], starts_on=last_month.replace(day=1), due_on=last_month, suggested_on=last_month,
        state="missed",
    )  # fmt: skip
    assert 'class="today-missed' in page(as_user(cast.manager))


def test_dialling_answers_the_number_and_the_sheet_and_is_logged(cast, as_user):
    """Decisions 16: a logged POST answers `tel:`; no reason, no limit."""
    customer = cast.customers["gold"]
    response = as_user(cast.manager).post(f"/customers/{customer.pk}/dial/", headers=FETCH)
    tap = DialTap.unscoped.get()
    assert response.json()["tel"] == f"tel:{customer.phone}"
    assert response.json()["log_url"] == f"/log/?customer={customer.pk}&tap={tap.pk}"


def test_dialling_works_without_javascript(cast, as_user):
    """Decisions 36: the answer of a plain form is a page with the number as a link."""
    customer = cast.customers["gold"]
    text = as_user(cast.manager).post(f"/customers/{customer.pk}/dial/").content.decode()
    assert f'href="tel:{customer.phone}"' in text


def test_nobody_dials_a_stranger(cast, as_user):
    """Safety: 404 for an invisible customer, 403 without the ability; no tap is written."""
    client = as_user(cast.manager)
    assert client.post(f"/customers/{cast.customers['strangers'].pk}/dial/", headers=FETCH).status_code == 404
    assert as_user(cast.supervisor).post(f"/customers/{cast.customers['gold'].pk}/dial/").status_code == 403
    assert not DialTap.unscoped.exists()


def test_what_was_dialled_and_not_logged_is_listed_and_can_be_dismissed(cast, as_user):
    """screens 1: dialled, not logged, with one-tap log and dismiss."""
    client = as_user(cast.manager)
    client.post(f"/customers/{cast.customers['gold'].pk}/dial/", headers=FETCH)
    tap = DialTap.unscoped.get()
    assert f"/dials/{tap.pk}/dismiss/" in page(client) and f"tap={tap.pk}" in page(client)
    assert client.post(f"/dials/{tap.pk}/dismiss/", headers=HTMX).status_code == 204
    assert f"/dials/{tap.pk}/dismiss/" not in page(client)


def test_postponing_moves_the_suggestion_to_the_next_working_day(cast, as_user):
    """screens 1: postpone moves the suggestion."""
    duty = owe_today(cast.customers["gold"])
    Duty.unscoped.filter(pk=duty.pk).update(due_on=today() + timedelta(days=40))
    response = as_user(cast.manager).post(f"/today/{duty.pk}/postpone/", headers=HTMX)
    duty.refresh_from_db()
    assert response.status_code == 204 and duty.suggested_on > today() and duty.postponed_at is not None
    assert "金满堂" not in page(as_user(cast.manager))


def test_a_suggestion_is_never_postponed_past_the_due_day(cast, as_user):
    """Design: never past `due_on`."""
    duty = owe_today(cast.customers["gold"])
    Duty.unscoped.filter(pk=duty.pk).update(due_on=today())
    late = {"to": str(today() + timedelta(days=3))}
    response = as_user(cast.manager).post(f"/today/{duty.pk}/postpone/", late, headers=HTMX)
    duty.refresh_from_db()
    assert response.status_code == 400 and duty.suggested_on == today()


def test_ready_texts_speak_in_the_manager_s_name_and_respect_no_marketing(cast, as_user):
    """screens 1, CUS-29: ready texts by occasion; no marketing for who wants none."""
    client = as_user(cast.manager)
    address = f"/customers/{cast.customers['gold'].pk}/message/"
    assert "林晓" in page(client, address) and 'id="text-promotion"' in page(client, address)
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(no_marketing=True)
    assert 'id="text-promotion"' not in page(client, address)


def test_the_number_for_a_message_is_logged_like_a_dial(cast, as_user):
    """Decisions 16: the phone's messages open through a logged POST."""
    customer = cast.customers["gold"]
    answer = as_user(cast.manager).post(f"/customers/{customer.pk}/message/", headers=FETCH).json()
    assert answer["number"] == customer.phone and "channel=sms" in answer["log_url"]
    assert DialTap.unscoped.count() == 1


def test_a_message_can_be_sent_without_javascript(cast, as_user):
    """Decisions 36: the answer of the plain form is a page with the link to the phone's messages."""
    customer = cast.customers["gold"]
    text = as_user(cast.manager).post(f"/customers/{customer.pk}/message/", {"text": "您好"}).content.decode()
    assert f'href="sms:{customer.phone}?body=%E6%82%A8%E5%A5%BD"' in text


@pytest.mark.parametrize(
    ("who", "where"),
    [("supervisor", "/team/"), ("director", "/team/"), ("handler", "/cases/"), ("service_centre", "/search/")],
)
def test_everybody_has_a_home_that_fits(cast, as_user, who, where):
    """screens: Today of a manager, Team of a supervisor, others where they work."""
    response = as_user(getattr(cast, who)).get("/")
    assert (response.status_code, response.headers["Location"]) == (302, where)


def test_somebody_without_a_post_gets_a_page_that_says_so(cast, as_user):
    """An empty state that says what to do next."""
    assert as_user(cast.nobody).get("/").status_code == 200


def test_today_asks_no_more_with_many_customers_than_with_few(cast, as_user):
    """Issue 2 §8: at most 12 statements, the same at 3 rows and 30."""
    from tests.visits.ledger_world import customer_of

    client = as_user(cast.manager)
    for _ in range(3):
        owe_today(customer_of(cast))
    page(client)
    with statements() as few:
        page(client)
    for _ in range(27):
        owe_today(customer_of(cast))
    with statements() as many:
        text = page(client)
    assert text.count('<li class="today-row') == 30
    assert len(few) == len(many) <= 12, many


def test_many_rows_are_cut_and_can_all_be_shown(cast, as_user):
    """A manager far behind still gets a short page first."""
    from tests.visits.ledger_world import customer_of

    for _ in range(43):
        owe_today(customer_of(cast))
    client = as_user(cast.manager)
    assert page(client).count('<li class="today-row') == 40
    assert page(client, "/?all=1").count('<li class="today-row') == 43


def test_every_number_leads_to_rows_that_can_be_opened(cast, as_user):
    """screens: every number that counts rows is a link to these rows."""
    owe_today(cast.customers["gold"], is_overdue=True)
    client = as_user(cast.manager)
    strip = page(client).split('class="today-figures"', 1)[1].split("</section>", 1)[0]
    links = re.findall(r'href="([^"]+)"', strip)
    assert len(links) >= 3
    for link in links:
        assert client.get(unescape(link)).status_code == 200, link


def test_another_day_can_be_chosen_up_to_the_due_day(cast, as_user):
    """screens 1: postpone offers the working days that are left, and no others."""
    duty = owe_today(cast.customers["gold"])
    Duty.unscoped.filter(pk=duty.pk).update(due_on=today() + timedelta(days=10))
    client, address = as_user(cast.manager), f"/today/{duty.pk}/postpone/"
    for headers in ({}, HTMX):
        text = client.get(address, headers=headers).content.decode()
        assert f'max="{today() + timedelta(days=10)}"' in text and 'name="to" value="' in text
    assert as_user(cast.stranger).get(address).status_code == 404
    client = as_user(cast.manager)
    client.post(address, {"to": str(today() + timedelta(days=9))}, headers=HTMX)
    duty.refresh_from_db()
    assert duty.suggested_on == today() + timedelta(days=9)


@pytest.mark.parametrize("day", ["2026-02-30", "gestern", "0001-01-01", "x" * 5000])
def test_an_odd_day_is_refused(cast, as_user, day):
    """Bad input 10 and 16."""
    duty = owe_today(cast.customers["gold"])
    response = as_user(cast.manager).post(f"/today/{duty.pk}/postpone/", {"to": day}, headers=HTMX)
    assert response.status_code == 400


def test_an_overdue_customer_postponed_by_hand_comes_back_on_that_day(cast, as_user):
    """screens 1: postpone takes the row off today's list; the customer still counts as overdue."""
    duty = owe_today(cast.customers["gold"], is_overdue=True)
    Duty.unscoped.filter(pk=duty.pk).update(due_on=today() + timedelta(days=40), suggested_on=today())
    client = as_user(cast.manager)
    client.post(f"/today/{duty.pk}/postpone/", headers=HTMX)
    overdue = Standing.unscoped.filter(customer=cast.customers["gold"])
    overdue.update(is_overdue=True)
    assert "金满堂" not in page(client)
    Duty.unscoped.filter(pk=duty.pk).update(suggested_on=today())
    assert "金满堂" in page(client)
