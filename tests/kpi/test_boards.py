"""Dashboards over results: tiles, warnings, heat map, ranks, the way back to the rows; paper, wall, file, API."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from crm.core.models import AccessLog, Session
from kpi.models import FrozenMonth
from tests.kpi.card_world import result
from tests.visits.desk import SHANGHAI

pytestmark = pytest.mark.django_db

JUNE, MAY = date(2026, 6, 1), date(2026, 5, 1)
NOON = datetime(2026, 6, 17, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture
def june(cast):
    """Two managers of the branch and one of another; their units; May for the way here."""
    with time_machine.travel(NOON):
        a, b = cast.units["A"], cast.units["B"]
        for who, unit, met in (("manager", a, 8), ("teammate", a, 5), ("stranger", b, 9)):
            result("F14", JUNE, met, 10, unit=unit, manager=cast.staff[who], mendable=10 - met, value_before_excuses=70)
        result("F14", JUNE, 13, 20, unit=a, mendable=7, projected=Decimal(88))
        result("F14", JUNE, 9, 10, unit=b, mendable=1)
        result("F14", JUNE, 22, 30, unit=cast.units["CITY"], mendable=8)
        result("F14", MAY, 18, 20, unit=a)
        result("F39", JUNE, 60, 50, unit=a, manager=cast.staff["manager"])
        result("F24a", JUNE, 2, 0, unit=a, manager=cast.staff["teammate"])
        yield cast


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_a_supervisor_sees_tiles_warnings_and_the_heat_map_of_his_managers(june, as_user):
    """KPI-49: value, target, light, sentence, drill-down; the cell and the tile open their rows."""
    client = as_user(june.supervisor)
    answer = client.get("/kpi/", headers={"accept-language": "en"})
    page = text(answer)
    assert "65.0 %" in page and "≥ 100 %" in page and "On the way" in page
    assert "7 customers of 2 managers missing, all can still be mended" in page
    assert "88.0 % at the present pace, target ≥ 100 %" in page
    html = answer.content.decode()
    unit, manager = june.units["A"].pk, june.staff["teammate"].pk
    assert f"/kpi/F14/rows/?month=2026-06&amp;unit={unit}&amp;only=missing" in html
    assert f"/kpi/F14/rows/?month=2026-06&amp;unit={unit}&amp;manager={manager}" in html
    assert "林晓" in page and "周宁" in page and "吴桐" not in page
    matrix = answer.context["matrix"]
    assert [line.name for line in matrix.lines] == ["周宁", "林晓"], "the worst first: two complaints miss their target"


def test_a_director_sees_units_and_goes_down_to_managers(june, as_user):
    """Screens 10: unit → team → manager."""
    client = as_user(june.director)
    answer = client.get("/kpi/", headers={"accept-language": "en"})
    assert answer.context["is_by_unit"]
    assert {line.name for line in answer.context["matrix"].lines} == {"城东分公司", "城西分公司"}
    assert "8 customers of 2 units missing" in text(answer)
    below = client.get(f"/kpi/?unit={june.units['B'].pk}")
    assert [line.name for line in below.context["matrix"].lines] == ["吴桐"]
    by_manager = client.get("/kpi/?by=managers")
    assert len(by_manager.context["matrix"].lines) == 3


def test_a_manager_sees_both_goals_his_place_and_nobody_elses_figures(june, as_user):
    """KPI-12, KPI-52, ORG-32: six categories and sales, own rank, no peer."""
    client = as_user(june.manager)
    answer = client.get("/kpi/", headers={"accept-language": "en"})
    page = text(answer)
    assert "Business expansion" in page and "Customer relations" in page
    assert "80.0 %" in page and "1 of 2" in page
    assert "120.0 %" in page and "10 pieces beyond what was asked" in page
    assert "周宁" not in page and "50.0 %" not in page
    assert client.get(f"/kpi/manager/{june.staff['teammate'].pk}/").status_code == 404
    assert client.get(f"/kpi/?unit={june.units['A'].pk}").status_code == 404
    assert client.get(f"/kpi/F14/rows/?unit={june.units['A'].pk}").status_code == 404
    assert client.get("/kpi/wall/").status_code == 404
    assert "周宁" not in text(client.get("/kpi/F14/"))


def test_equal_values_share_a_place(june, as_user):
    """KPI-12: rank correct on ties, 1, 2, 2, 4."""
    from accounts.models import Staff
    from crm.core.models import User

    for place, met in ((1, 8), (2, 3)):
        user = User.objects.create(username=f"M190{place}", name=f"同事{place}")
        member = Staff.unscoped.create(user=user, number=user.username, name=user.name, unit=june.units["A"])
        result("F14", JUNE, met, 10, unit=june.units["A"], manager=member)
    lines = as_user(june.supervisor).get("/kpi/F14/").context["ranking"]
    assert [(line.rank, line.face.cell.numerator) for line in lines] == [(1, 8), (1, 8), (3, 5), (4, 3)]
    own = as_user(june.teammate).get("/kpi/F14/", headers={"accept-language": "en"})
    assert own.context["own_rank"] == "3 of 4"


def test_the_lights_filter_the_tiles_and_strange_words_are_refused(june, as_user):
    """Screens: filters live in the address and are read strictly."""
    client = as_user(june.supervisor)
    assert [g.title for g in client.get("/kpi/?light=green").context["groups"]] == []
    assert len(client.get("/kpi/?light=amber").context["groups"]) == 1
    for query in ("light=blue", "by=tier", "colour=1", "unit=x", "manager=1e5"):
        assert client.get(f"/kpi/?{query}").status_code == 400, query


def test_the_trend_draws_each_period_and_its_target(june, as_user):
    """Screens 10, Charts: targets as a line, a table behind, every point opens its rows."""
    answer = as_user(june.supervisor).get("/kpi/F14/")
    assert [line.face.number for line in answer.context["trend_lines"]] == ["90.0 %", "65.0 %"]
    html = answer.content.decode()
    assert html.count('<polyline class="target"') == 2 and "month=2026-05" in html


def test_a_frozen_month_is_marked_and_compared_with_the_one_before(june, as_user):
    """Screens 10: month frozen or running; ORG-30: change against the last month end."""
    FrozenMonth.objects.create(month=MAY, frozen_at=NOON)
    client = as_user(june.supervisor)
    assert client.get("/kpi/?month=2026-05").context["is_frozen"]
    page = text(client.get("/kpi/", headers={"accept-language": "en"}))
    assert "-25.0" not in page, "half a month is not compared with a whole one"


def test_the_month_on_paper_the_wall_and_their_words(june, as_user):
    """Screens 10: print-ready page; the wall shows figures, no person."""
    client = as_user(june.supervisor)
    paper = text(client.get("/kpi/month/2026-06/", headers={"accept-language": "en"}))
    assert "7 customers of 2 managers missing, all can still be mended." in paper and "林晓" in paper
    wall = client.get("/kpi/wall/", headers={"accept-language": "en"})
    assert "65.0 %" in text(wall) and "林晓" not in text(wall) and 'hx-trigger="every 60s"' in wall.content.decode()
    part = client.get("/kpi/wall/", headers={"hx-request": "true"}).content.decode()
    assert part.lstrip().startswith('<div class="wall-figures"')


def test_the_heat_map_is_taken_along_with_a_reason_and_registered(june, as_user):
    """KPI-49 CSV, SEC-1."""
    client = as_user(june.supervisor)
    assert client.post("/kpi/export/", {"reason": ""}).status_code == 400
    answer = client.post("/kpi/export/", {"reason": "月度例会"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0][3].startswith("F14 ") and rows[0][-1]
    assert {row[1]: row[3] for row in rows[1:]} == {"周宁": "50.00", "林晓": "80.00", "合计": "65.00"}
    assert all("S1001" in row[-1] for row in rows[1:])
    entry = AccessLog.objects.get(kind="export")
    assert (entry.reason, entry.detail["rows"]) == ("月度例会", 3)


def test_today_shows_both_groups_of_lights(june, as_user):
    """ORG-32: home has both groups."""
    page = text(as_user(june.manager).get("/", headers={"accept-language": "en"}))
    assert "Business expansion" in page and "Customer relations" in page and "80.0 %" in page


def test_clients_read_results_by_page_and_filter(june, as_user):
    """KPI-50, sync-api: keyset pages, strict parameters, n/a is null."""
    result("F15", JUNE, 0, 0, unit=june.units["A"])
    client = as_user(june.supervisor)
    address = reverse("api:kpi_results")
    body = client.get(address, {"indicator": "F14", "manager": "M1001"}).json()
    assert len(body["items"]) == 1 and body["next"] is None
    found = body["items"][0]
    assert (found["value"], found["numerator"], found["denominator"], found["is_met"]) == ("80", "8", "10", False)
    assert (found["unit"], found["manager"], found["period_on"]) == ("A", "M1001", "2026-06-01")
    first = client.get(address, {"limit": 2}).json()
    second = client.get(address, {"limit": 1000, "cursor": first["next"]}).json()
    ids = [row["id"] for row in first["items"] + second["items"]]
    assert ids == sorted(set(ids)) and len(ids) == 7
    assert client.get(address, {"indicator": "F15"}).json()["items"][0]["value"] is None
    for query in ({"indicator": "F99"}, {"unit": "B"}, {"manager": "M2001"}, {"sort": "value"}, {"is_unit": "maybe"}):
        assert client.get(address, query).status_code == 400, query
    known = {row["code"]: row for row in client.get(reverse("api:kpi_indicators")).json()["items"]}
    assert known["F14"]["target"] == "100" and "F31" not in known, "without a source of data it is absent"


def test_the_wall_goes_on_behind_a_locked_screen_and_nothing_else_does(june, as_user):
    """Screens 10 "refreshes itself", SEC-4: looking at it is no sign of life; after half an hour all else is locked."""
    client = as_user(june.supervisor)
    client.get("/kpi/")
    Session.objects.update(seen_at=NOON - timedelta(minutes=31))
    assert client.get("/kpi/wall/", headers={"hx-request": "true"}).status_code == 200
    assert client.get("/kpi/").status_code == 302
    assert client.get("/kpi/wall/").status_code == 200
