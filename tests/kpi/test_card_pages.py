"""Pages of cards: one's own with its place and no peer's details, those of whom one leads, the payroll file."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.core.models import AccessLog
from kpi.models import Score
from kpi.sweeps.scores import count_month
from tests.kpi.card_world import month_now, result

pytestmark = pytest.mark.django_db


@pytest.fixture
def scored(cast):
    """Three managers with 75, 50 and 100 points of the contact indicator."""
    for who, met in (("manager", 9), ("teammate", 8), ("stranger", 10)):
        result("F14", month_now(), met, 10, unit=cast.staff[who].unit, manager=cast.staff[who])
    for code in ("A", "B"):
        result("F14", month_now(), 9, 10, unit=cast.units[code])
    count_month(month_now(), now=timezone.now())
    return cast


def test_a_manager_reads_his_own_card_and_place_and_no_peers_details(scored, as_user):
    """KPI-2, KPI-12: AM sees own rank, not others' details."""
    client = as_user(scored.manager)
    answer = client.get(reverse("kpi:card_mine"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "75.00" in page
    assert answer.context["score"].rank == 1
    for other in ("周宁", "M1002", "吴桐", "50.00"):
        assert other not in page
    assert client.get(reverse("kpi:card_manager", args=[scored.staff["teammate"].pk])).status_code == 404
    assert client.get(reverse("kpi:card_unit", args=[scored.units["A"].pk])).status_code == 404
    assert client.get(reverse("kpi:card_list")).headers["Location"] == reverse("kpi:card_mine")


def test_covering_a_colleague_opens_no_card(scored, as_user):
    """KPI-12: a cover sees customers, not the absent colleague's assessment."""
    from accounts.models import Cover

    today = timezone.localdate()
    Cover.unscoped.create(
        absent=scored.staff["teammate"], substitute=scored.staff["manager"], starts_on=today, ends_on=today,
        arranged_by=scored.supervisor, arranged_at=timezone.now(),
    )  # fmt: skip
    client = as_user(scored.manager)
    assert client.get(reverse("kpi:card_manager", args=[scored.staff["teammate"].pk])).status_code == 404


def test_a_supervisor_sees_the_cards_of_his_unit_only(scored, as_user):
    """KPI-2: AM scorecard roll-up visible to unit; KPI-1: unit reads its own card."""
    client = as_user(scored.supervisor)
    page = client.get(reverse("kpi:card_list")).content.decode()
    assert "林晓" in page
    assert "周宁" in page
    assert "吴桐" not in page
    assert client.get(reverse("kpi:card_unit", args=[scored.units["A"].pk])).status_code == 200
    assert client.get(reverse("kpi:card_unit", args=[scored.units["B"].pk])).status_code == 404
    assert client.get(reverse("kpi:card_manager", args=[scored.staff["stranger"].pk])).status_code == 404


def test_the_director_sees_every_unit_and_may_narrow_to_one(scored, as_user):
    """KPI-1: headquarters assesses units."""
    client = as_user(scored.director)
    page = client.get(reverse("kpi:card_list")).content.decode()
    assert "城西分公司" in page
    assert "吴桐" in page
    page = client.get(reverse("kpi:card_list"), {"unit": scored.units["B"].pk}).content.decode()
    assert "吴桐" in page
    assert "林晓" not in page


def test_the_card_says_what_is_not_applicable_and_where_its_weight_goes(scored, as_user):
    """Issue 5: a category without data is 不适用 and its weight spread by a stated rule."""
    answer = as_user(scored.manager).get(reverse("kpi:card_mine"), headers={"accept-language": "en"})
    page = answer.content.decode()
    assert "Their weight goes to the other categories in proportion." in page
    assert [category.is_assessed for category in answer.context["categories"]] == [False, False, True, *[False] * 3]


def test_the_payroll_file_has_number_unit_region_month_and_score_and_is_registered(scored, as_user):
    """ORG-22: export has AM id, unit, month, score; SEC-1: each file with its reason."""
    client = as_user(scored.director)
    url = reverse("kpi:payroll_export")
    assert client.post(url, {"month": month_now().isoformat()}).status_code == 400
    answer = client.post(
        url, {"month": month_now().isoformat(), "reason": "十一月工资"}, headers={"accept-language": "en"}
    )
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0][:7] == ["Staff number", "Name", "Unit", "Region", "Month", "Score", "State"]
    assert rows[1][:7] == ["M1001", "林晓", "城东分公司", "", f"{month_now():%Y-%m}", "75.00", "preliminary"]
    assert len(rows) == 4
    entry = AccessLog.objects.get(kind="export")
    assert (entry.reason, entry.detail["rows"]) == ("十一月工资", 3)
    assert f"E{entry.subject_id} " in rows[1][7]
    assert as_user(scored.supervisor).get(url).status_code == 403


def test_a_month_without_scores_says_so(cast, as_user):
    client = as_user(cast.manager)
    page = client.get(reverse("kpi:card_mine"), {"month": "2020-01"}, headers={"accept-language": "en"})
    assert "No score for this month" in page.content.decode()
    assert not Score.unscoped.exists()
