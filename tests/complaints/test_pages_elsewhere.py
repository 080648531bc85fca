"""Where people meet the desk: customer page, visit, Today, palette, log sheet, navigation."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints import actions
from tests.complaints.desk import bring, desk, take
from tests.visits.ledger_world import visit
from tests.workbench.world import owe_today, statements


@pytest.fixture
def desk_of_a(cast):
    return desk(cast)


def look(client, cast, who, url):
    client.force_login(getattr(cast, who))
    return client.get(url).content.decode()


def test_the_customer_page_shows_open_cases_with_their_clock_and_every_case_on_its_timeline(client, desk_of_a):
    """Screens 3: open things on the right, the timeline has all; only for who sees cases."""
    cast = desk_of_a
    closed, open_one = bring(cast, "closed", "enquiry"), take(cast)
    url = reverse("workbench:customer", args=[cast.customers["gold"].pk])
    html = look(client, cast, "manager", url)
    right = html[html.index("is-open") :]
    assert open_one.number in right and "data-due" in right and closed.number not in right
    assert closed.number in html and f"/cases/new/?customer={cast.customers['gold'].pk}" in html
    only = look(client, cast, "manager", f"{url}?only=cases")
    assert closed.number in only and open_one.number in only
    for who in ("auditor", "business_support"):  # they see the customer, not what he brought
        assert open_one.number not in look(client, cast, who, url)
        assert open_one.number not in look(client, cast, who, f"{url}?only=cases")
        more = reverse("workbench:customer_timeline", args=[cast.customers["gold"].pk])
        assert open_one.number not in look(client, cast, who, more)


def test_a_visit_shows_what_it_caused_and_leads_to_the_intake(client, desk_of_a):
    """CON-10, SAL-42: a linked complaint stands on the visit's page; from there a new one carries the link."""
    cast = desk_of_a
    row = visit(cast.customers["gold"], timezone.localdate(), cast=cast)
    case = take(cast, caused_by_id=row.pk)
    url = reverse("visits:visit_detail", args=[row.pk])
    html = look(client, cast, "manager", url)
    assert case.number in html and f"visit={row.pk}" in html and f"caused_by={row.pk}" in html
    assert case.number not in look(client, cast, "auditor", url)


def test_today_has_the_cases_one_answers_for_first_by_their_clock(client, desk_of_a):
    """Screens 1: clock in hours first; others' cases stand beside, and the strip counts all open ones."""
    cast = desk_of_a
    owe_today(cast.customers["silver"])
    mine = take(cast, "enquiry", customer="diamond")
    beside = take(cast, "complaint", customer="silver")
    elsewhere = take(cast, "complaint", customer="gold")
    html = look(client, cast, "manager", "/")
    rows = html[html.index("today-rows") :]
    assert rows.index("钱多多") < rows.index("银小满") and "金满堂" not in rows
    assert f"/cases/{mine.pk}/" in rows and f"/cases/{beside.pk}/" in rows and f"/cases/{elsewhere.pk}/" not in rows
    assert "<b>3</b>" in html
    later = timezone.now()
    actions.accept_case(case_id=mine.pk, by=cast.manager, now=later)
    actions.pause_case(case_id=mine.pk, state="waiting_customer", reason="等回电", by=cast.manager, now=later)
    assert "钱多多" not in look(client, cast, "manager", "/")


def test_today_takes_as_many_statements_with_thirty_cases_as_with_three(client, desk_of_a):
    """At most 12 statements, whatever the number of cases."""
    cast = desk_of_a
    client.force_login(cast.manager)
    counts = []
    for number in (3, 9):
        for place in range(number):
            take(cast, "enquiry", customer=("diamond", "gold", "silver")[place % 3], facts=f"问 {place}")
        client.get("/")
        with statements() as found:
            client.get("/")
        counts.append(len(found))
    assert counts[0] == counts[1] <= 14  # session and user are two of them


def test_a_late_case_is_red_on_today(client, desk_of_a):
    """Red only what is late."""
    cast = desk_of_a
    # Longer ago than any row of holidays.
    take(cast, "enquiry", customer="diamond", now=timezone.now() - timedelta(days=14))
    html = look(client, cast, "manager", "/")
    rows = html[html.index("today-rows") :]
    assert 'class="mark late"' in rows


def test_the_palette_finds_a_case_by_its_number_for_those_who_see_it(client, desk_of_a):
    """Ctrl-K: TS- and the beginning of a number."""
    case = take(desk_of_a)
    url = f"{reverse('workbench:palette')}?q={case.number[:12].lower()}"
    assert f"/cases/{case.pk}/" in look(client, desk_of_a, "manager", url)
    for who in ("stranger", "auditor", "service_centre"):
        assert f"/cases/{case.pk}/" not in look(client, desk_of_a, who, url)


def test_log_sheet_and_service_centre_lead_to_the_intake(client, desk_of_a):
    """受理 from anywhere."""
    url = f"{reverse('workbench:log_visit')}?customer={desk_of_a.customers['gold'].pk}"
    assert "/cases/new/?customer=" in look(client, desk_of_a, "manager", url)
    assert "/cases/new/" in look(client, desk_of_a, "service_centre", reverse("workbench:palette"))
    assert "/cases/new/" in look(client, desk_of_a, "handler", reverse("complaints:case_list"))


def test_the_handlers_home_is_the_board(client, desk_of_a):
    """Screens 1b: a complaint handler's home is the board."""
    client.force_login(desk_of_a.handler)
    assert client.get("/").url == reverse("complaints:case_list")
