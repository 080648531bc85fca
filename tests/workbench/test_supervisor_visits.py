"""A supervisor logs his own visits to customers of his team (screens: Navigation; decisions 7)."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ContactPerson, Cover, Customer
from tests.workbench.world import HTMX, owe_today, sheet_values, today
from visits.models import Visit

pytestmark = pytest.mark.django_db


def on_site(customer, **changes):
    """A visit on the spot, as the form sends it."""
    return sheet_values(customer, channel="on_site", content="一起拜访", **changes)


def toast(response):
    return json.loads(response.headers["HX-Trigger"])["toast"]


def test_his_visit_alone_is_shown_and_does_not_count(cast, as_user):
    """Decisions 7: others than the manager of record, his cover and who is in his presence are shown, not counted."""
    duty = owe_today(cast.customers["gold"])
    client = as_user(cast.supervisor)
    answer = client.post("/log/", on_site(cast.customers["gold"]), headers=HTMX)
    visit = Visit.unscoped.get()
    duty.refresh_from_db()
    assert answer.status_code == 204 and toast(answer)["look"] == "soon"
    assert (visit.party, visit.counts, visit.staff, duty.state) == ("other", False, cast.staff["supervisor"], "open")
    assert "一起拜访" in client.get(f"/visits/{visit.pk}/").content.decode()
    assert "一起拜访" in as_user(cast.manager).get(f"/customers/{cast.customers['gold'].pk}/").content.decode()


def test_together_with_the_manager_of_record_it_settles_the_duty(cast, as_user):
    """Decisions 7: somebody in his presence; the credit is the manager's (decisions 6)."""
    duty = owe_today(cast.customers["gold"])
    values = on_site(cast.customers["gold"], companion=[cast.staff["manager"].pk])
    answer = as_user(cast.supervisor).post("/log/", values, headers=HTMX)
    visit = Visit.unscoped.get()
    duty.refresh_from_db()
    assert toast(answer)["look"] == ""
    assert (visit.party, visit.counts, duty.state, duty.manager) == ("presence", True, "met", cast.staff["manager"])


def test_together_with_whoever_covers_the_manager_it_settles_the_duty(cast, as_user):
    """Decisions 7: his cover stands in for him on a visit with others, too."""
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on=today() - timedelta(days=1),
        ends_on=today(), reason="休假", arranged_by=cast.supervisor, arranged_at=timezone.now(),
    )  # fmt: skip
    duty = owe_today(cast.customers["gold"])
    values = on_site(cast.customers["gold"], companion=[cast.staff["teammate"].pk])
    as_user(cast.supervisor).post("/log/", values, headers=HTMX)
    duty.refresh_from_db()
    assert (Visit.unscoped.get().party, duty.state) == ("presence", "met")


def test_his_sheet_names_the_manager_of_record_first_and_edits_nothing(cast, as_user):
    """Matrix 3.3: a supervisor edits no customer; the sheet says what makes his visit count."""
    customer = cast.customers["teammates"]
    page = as_user(cast.supervisor).get(f"/log/?customer={customer.pk}").content.decode()
    colleagues = page[page.index('name="companion"') :]
    assert colleagues.startswith(f'name="companion" value="{cast.staff["teammate"].pk}"')
    assert 'name="new_person"' not in page and "learn_" not in page
    own = as_user(cast.teammate).get(f"/log/?customer={customer.pk}").content.decode()
    assert 'name="new_person"' in own
    values = on_site(customer, new_person="新联系人", learn_industry="家电")
    assert as_user(cast.supervisor).post("/log/", values, headers=HTMX).status_code == 400
    assert Visit.unscoped.count() == 0
    assert not ContactPerson.unscoped.filter(name="新联系人").exists()
    assert Customer.unscoped.get(pk=customer.pk).industry == ""


def test_he_logs_for_his_own_team_only(cast, as_user):
    """PLT-7: the customer of another unit is not there."""
    strangers = cast.customers["strangers"]
    client = as_user(cast.supervisor)
    assert strangers.name not in client.get(f"/log/?customer={strangers.pk}").content.decode()
    assert client.post("/log/", on_site(strangers), headers=HTMX).status_code == 400
    assert strangers.name not in client.get("/log/customers/?q=" + strangers.name[:2]).content.decode()
    assert Visit.unscoped.count() == 0


def test_he_takes_his_own_visit_back_and_mends_it(cast, as_user):
    """screens 2: undo and mend belong to the author, whoever he is."""
    client = as_user(cast.supervisor)
    undo = toast(client.post("/log/", on_site(cast.customers["gold"]), headers=HTMX))["undo"]
    visit = Visit.unscoped.get()
    assert client.get(f"/visits/{visit.pk}/mend/").status_code == 200
    assert client.post(undo).status_code == 302
    visit.refresh_from_db()
    assert visit.undone_at is not None


def test_what_belongs_to_who_holds_customers_stays_closed_to_him(cast, as_user):
    """Screens: Navigation, PLT-7: his home is Team; he neither dials, postpones nor asks for excuses."""
    duty = owe_today(cast.customers["gold"])
    customer = cast.customers["gold"].pk
    client = as_user(cast.supervisor)
    assert client.get("/").headers["Location"] == "/team/"
    assert client.post(f"/customers/{customer}/dial/").status_code == 403
    assert client.get(f"/today/{duty.pk}/postpone/").status_code == 403
    assert client.post(f"/customers/{customer}/excuse/{duty.pk}/", {"kind": "unwanted"}).status_code == 403
    page = client.get(f"/customers/{customer}/").content.decode()
    assert f"/log/?customer={customer}" in page and f"/customers/{customer}/dial/" not in page
