"""Measures with their rows: calls within ten minutes (F46), test calls reached (F12, CON-12)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.core.errors import Invalid, OwnRequest
from tests.visits.ledger_world import visit
from visits import actions
from visits.models import CallTest
from visits.queries.call_tests import service_reached

pytestmark = pytest.mark.django_db


def test_calls_of_at_most_ten_minutes(cast, as_user):
    """F46: 10:00 is within, 10:01 is not; other channels don't count; each figure of the page leads to its rows."""
    today = timezone.localdate()
    for seconds in (60, 600, 601, None):
        made = visit(cast.customers["gold"], today, cast=cast)
        made.ended_at = made.occurred_at + timedelta(seconds=seconds) if seconds else None
        made.save()
    visit(cast.customers["gold"], today, cast=cast, channel="wechat")
    client = as_user(cast.supervisor)
    page = client.get(reverse("visits:visit_figures"))
    (person,) = page.context["people"]
    assert (person["row"].within, person["row"].calls, person["row"].within_per_cent) == (3, 4, 75.0)
    assert page.context["figures"].within_per_cent == 75.0 and "75.0 %" in page.content.decode()
    for url, number in ((person["within"], 3), (person["calls"], 4), (page.context["within_url"], 3)):
        assert url in page.content.decode().replace("&amp;", "&")
        assert client.get(url).context["table_rows"].split("</thead>")[-1].count("<tr") == number, url
    assert not as_user(cast.stranger_supervisor).get(reverse("visits:visit_figures")).context["people"]


def test_the_service_centre_writes_test_calls_down(cast, as_user):
    """CON-12: 24 h test-call audit form exists; answered, or called back within 30 minutes (F12)."""
    now = timezone.localtime()
    client = as_user(cast.service_centre)
    address = reverse("visits:call_test_list")
    for number, body in enumerate(({"was_answered": "on"}, {"minutes": "30"}, {"minutes": "31"}, {})):
        when = f"{now - timedelta(minutes=number + 1):%Y-%m-%dT%H:%M}"
        assert client.post(address, {"staff_number": "M1001", "called_at": when} | body).status_code == 302
    assert CallTest.unscoped.count() == 4
    day = timezone.localdate()
    scope = cast.supervisor.access.scope_for("view_team")
    (share,) = service_reached(scope, first=day.replace(day=1), last=day)
    assert (share.part, share.whole, share.per_cent) == (2, 4, 50.0)
    boss = as_user(cast.supervisor)
    assert address in boss.get(reverse("visits:callback_list")).content.decode()
    for tail, number in (("", 4), ("&reached=1", 2)):
        assert len(boss.get(share.url + tail).context["rows"]) == number
    assert boss.get(f"{address}?reached=x").status_code == 400
    assert service_reached(cast.stranger_supervisor.access.scope_for("view_team"), first=day, last=day) == []


def test_what_is_no_test(cast):
    """Nobody tests his own line; a number nobody has; a test of tomorrow; answered and called back."""
    now = timezone.now()
    common = {"by": cast.service_centre, "now": now}
    for wrong in (
        {"staff_number": "X1", "called_at": now, "was_answered": True},
        {"staff_number": "M1001", "called_at": now + timedelta(hours=1), "was_answered": True},
        {"staff_number": "M1001", "called_at": now, "was_answered": True, "minutes": 3},
    ):
        with pytest.raises(Invalid):
            actions.record_call_test(**wrong, **common)
    with pytest.raises(OwnRequest):
        actions.record_call_test(staff_number="C1001", called_at=now, was_answered=True, **common)
