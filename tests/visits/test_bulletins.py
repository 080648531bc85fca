"""Bulletins: published, ticked off in a visit, reach and speed (CON-17, CON-26, CON-27)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Segment
from crm.core.models import Notice
from tests.workbench.test_log_sheet import toast
from tests.workbench.world import HTMX, sheet_values, today
from visits.models import Bulletin, BulletinDelivery

pytestmark = pytest.mark.django_db


def publish(client, **changes):
    values = {"kind": "policy", "title": "新资费", "body": "讲清三点", "audience": "kind=vip",
              "deadline_on": str(today() + timedelta(days=9))}  # fmt: skip
    return client.post(reverse("visits:bulletin_new"), values | changes)


def page_of(client, row):
    return client.get(reverse("visits:bulletin_detail", args=[row.pk]))


def test_a_bulletin_reaches_the_managers_it_concerns(cast, as_user):
    """CON-26: policies out: who serves a customer of the segment is told."""
    assert publish(as_user(cast.director)).status_code == 302
    row = Bulletin.objects.get()
    assert set(Notice.objects.values_list("user", flat=True)) == {cast.manager.pk, cast.stranger.pk}
    reach = page_of(as_user(cast.manager), row).context["reach"]
    assert (reach.targets, reach.informed, reach.percent) == (3, 0, 0)


def test_the_list_of_those_not_informed_shrinks_as_visits_tick_the_bulletin(cast, as_user):
    """CON-27: tick on the log sheet; CON-17: reach per manager; undo gives it back."""
    publish(as_user(cast.director))
    row, client = Bulletin.objects.get(), as_user(cast.manager)
    customer = cast.customers["gold"]
    assert "新资费" in client.get(f"/log/?customer={customer.pk}").content.decode()
    answer = client.post("/log/", sheet_values(customer, **{"bulletin-passed_on": row.pk}), headers=HTMX)
    assert BulletinDelivery.unscoped.get().customer == customer
    context = page_of(client, row).context
    assert (context["reach"].informed, context["reach"].percent, context["speed"]) == (1, 33, 0)
    assert customer.name not in [name for _id, name, _manager in context["left"]]
    lines = {line.staff_id: line.reach.percent for line in page_of(as_user(cast.director), row).context["managers"]}
    assert lines == {cast.staff["manager"].pk: 33, cast.staff["stranger"].pk: 0}
    sheet = as_user(cast.manager).get(f"/log/?customer={customer.pk}").content.decode()
    assert "新资费" not in sheet
    as_user(cast.manager).post(toast(answer)["undo"])
    assert not BulletinDelivery.unscoped.exists()


def test_the_days_until_the_first_delivery_are_counted(cast, as_user):
    """CON-26: published on the 1st, first delivery on the 3rd: 2 days."""
    publish(as_user(cast.director))
    row = Bulletin.objects.get()
    Bulletin.objects.update(published_at=timezone.now() - timedelta(days=2, minutes=5))
    sheet = sheet_values(cast.customers["gold"], **{"bulletin-passed_on": row.pk})
    as_user(cast.manager).post("/log/", sheet, headers=HTMX)
    assert page_of(as_user(cast.manager), row).context["speed"] == 2


def test_a_saved_segment_can_be_the_audience(cast, as_user):
    """CON-27: target segment."""
    Segment.unscoped.create(name="金卡", owner=cast.director, query="kind=vip&tier=gold", created_at=timezone.now())
    publish(as_user(cast.director), audience="kind=vip&tier=gold")
    assert page_of(as_user(cast.manager), Bulletin.objects.get()).context["reach"].targets == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": " "}, "title"), ({"deadline_on": "2020-01-01"}, "deadline_on"), ({"audience": "kind=x"}, "audience")],
)
def test_a_bulletin_that_cannot_be_names_the_field(cast, as_user, changes, field):
    answer = publish(as_user(cast.director), **changes)
    assert answer.status_code == 400 and field in answer.context["form"].errors
    assert not Bulletin.objects.exists()


def test_everybody_can_be_the_audience(cast, as_user):
    """CON-27: the empty filter is all customers."""
    assert publish(as_user(cast.director), audience="").status_code == 302
    assert page_of(as_user(cast.manager), Bulletin.objects.get()).context["reach"].targets == 3
    assert page_of(as_user(cast.teammate), Bulletin.objects.get()).context["reach"].targets == 2


def test_a_withdrawn_bulletin_is_offered_no_more(cast, as_user):
    publish(as_user(cast.director))
    row = Bulletin.objects.get()
    address = reverse("visits:bulletin_withdraw", args=[row.pk])
    assert as_user(cast.manager).post(address).status_code == 403
    as_user(cast.director).post(address)
    assert as_user(cast.director).post(address).status_code == 409
    assert "新资费" not in as_user(cast.manager).get(f"/log/?customer={cast.customers['gold'].pk}").content.decode()
    sheet = sheet_values(cast.customers["gold"], **{"bulletin-passed_on": row.pk})
    assert as_user(cast.manager).post("/log/", sheet, headers=HTMX).status_code == 400


def test_bulletins_go_on_beyond_the_first_page_and_are_stepped_through(cast, as_user, monkeypatch):
    """CON-27, screens (J, K): nothing is cut off after a page; one steps from bulletin to bulletin."""
    monkeypatch.setattr("visits.bulletin_context.SHOWN", 2)
    rows = Bulletin.objects.bulk_create(
        Bulletin(kind="policy", title=f"要点{place}", query="kind=vip", published_at=timezone.now(),
                 published_by=cast.director, deadline_on=timezone.localdate())
        for place in range(3)
    )  # fmt: skip
    client, url = as_user(cast.manager), reverse("visits:bulletin_list")
    first = client.get(url)
    assert "要点2" in first.text and "要点1" in first.text and "要点0" not in first.text
    assert "要点0" in client.get(url + first.context["more_url"]).text
    assert client.get(url, {"state": "gone"}).status_code == 400
    step = client.get(reverse("core:step"), {"in": "bulletins", "q": "", "at": rows[1].pk, "to": "next"})
    assert f"/bulletins/{rows[0].pk}/?in=bulletins" in step["Location"]
    page = client.get(step["Location"])
    assert page.status_code == 200 and "data-steps" in page.text
