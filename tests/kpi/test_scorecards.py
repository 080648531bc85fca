"""Versions of scorecards: drafted, put into force when weights sum to 100, then locked (KPI-1, KPI-9…11)."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from kpi.models import Indicator, Score, ScorecardLine, ScorecardVersion
from kpi.sweeps.scores import count_month
from tests.kpi.card_world import month_now, result, version

pytestmark = pytest.mark.django_db
YEAR = str(timezone.localdate().year)


def new(client, unit, **more):
    """Draft a version of a unit's managers, as the page does."""
    given = {"unit_id": unit.pk if unit else "", "audience": "manager", "year": YEAR, "title": "分公司细则"}
    return client.post(reverse("kpi:scorecard_new"), given | more)


def lines(row, **changed):
    """The body of the editor as it stands, with other inputs."""
    body = {"title": row.title, "note": "", "version": row.version}
    for line in row.lines.select_related("indicator"):
        key = line.indicator_id
        rule = ""
        if line.scoring == "deduct":
            rule = f"{line.each}={line.takes}"
        elif line.scoring == "step":
            rule = ";".join(f"{limit}={share}" for limit, share in line.steps)
        elif line.floor is not None:
            rule = str(line.floor)
        body |= {
            f"w{key}": line.weight,
            f"s{key}": line.scoring,
            f"t{key}": "" if line.target is None else line.target,
            f"r{key}": rule,
        }
    for row in Indicator.objects.filter(category__lte=6):
        body.setdefault(f"s{row.pk}", "linear")
    return body | {f"{name[0]}{Indicator.objects.get(code=name[1:]).pk}": value for name, value in changed.items()}


def test_a_unit_drafts_previews_and_puts_its_own_rules_into_force(cast, as_user):
    """KPI-10: a version per unit, from headquarters' lines; KPI-9: it holds from this month on and scores follow."""
    result("F14", month_now(), 8, 10, unit=cast.units["A"], manager=cast.staff["manager"])
    client = as_user(cast.supervisor)
    answer = new(client, cast.units["A"])
    row = ScorecardVersion.unscoped.get(unit=cast.units["A"])
    assert answer.headers["Location"] == reverse("kpi:scorecard_edit", args=[row.pk])
    assert row.lines.count() == 44
    body = lines(row, wF14=13, rF14="", wF9=2)
    assert client.post(reverse("kpi:scorecard_edit", args=[row.pk]), body).status_code == 302
    page = client.get(reverse("kpi:scorecard_preview", args=[row.pk]))
    assert next((one.now, one.then) for one in page.context["rows"]) == (Decimal("50.00"), Decimal("80.00"))
    client.post(reverse("kpi:scorecard_publish", args=[row.pk]))
    row.refresh_from_db()
    assert (row.state, row.holds_from, row.published_by) == ("in_force", month_now(), cast.supervisor)
    count_month(month_now(), now=timezone.now())
    score = Score.unscoped.get(staff=cast.staff["manager"])
    assert (score.version_id, score.total) == (row.pk, Decimal("80.00"))


def test_weights_that_do_not_sum_to_a_hundred_come_not_into_force(cast, as_user):
    """KPI-9: weights sum to 100 enforced."""
    client = as_user(cast.supervisor)
    row = version(
        {"F14": "60", "F19": "39.99"}, unit=cast.units["A"], state="draft", holds_from=None, published_at=None
    )
    client.post(reverse("kpi:scorecard_publish", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == "draft"
    ScorecardLine.unscoped.filter(version=row, indicator__code="F19").update(weight=40)
    client.post(reverse("kpi:scorecard_publish", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == "in_force"


def test_a_line_without_any_target_comes_not_into_force(cast, as_user):
    """KPI-9: a scoring needs something to be measured against."""
    row = version({"F13": 100}, unit=cast.units["A"], state="draft", holds_from=None, published_at=None)
    page = as_user(cast.supervisor).post(reverse("kpi:scorecard_publish", args=[row.pk]), follow=True)
    assert "F13" in page.content.decode()
    row.refresh_from_db()
    assert row.state == "draft"


def test_what_is_in_force_is_locked_and_another_version_follows_it(cast, as_user):
    """KPI-9: versions locked after use; one in force per year, unit and audience."""
    client = as_user(cast.supervisor)
    first = version({"F14": 100}, unit=cast.units["A"])
    assert client.get(reverse("kpi:scorecard_edit", args=[first.pk])).status_code == 404
    assert client.post(reverse("kpi:scorecard_publish", args=[first.pk])).status_code == 409
    assert client.post(reverse("kpi:scorecard_discard", args=[first.pk])).status_code == 409
    new(client, cast.units["A"], base_id=first.pk)
    second = ScorecardVersion.unscoped.get(unit=cast.units["A"], state="draft")
    assert [line.indicator.code for line in second.lines.all()] == ["F14"]
    client.post(reverse("kpi:scorecard_publish", args=[second.pk]))
    first.refresh_from_db()
    assert first.state == "retired"


def test_the_editor_keeps_what_was_typed_and_says_what_is_wrong(cast, as_user):
    """Screens: errors beside the field, nothing typed is lost."""
    client = as_user(cast.supervisor)
    row = version({"F14": 100}, unit=cast.units["A"], state="draft", holds_from=None, published_at=None)
    body = lines(row, sF14="step", rF14="neunzig")
    answer = client.post(reverse("kpi:scorecard_edit", args=[row.pk]), body)
    assert answer.status_code == 400
    assert "neunzig" in answer.content.decode()
    answer = client.post(reverse("kpi:scorecard_edit", args=[row.pk]), lines(row, wF14=101))
    assert answer.status_code == 400
    answer = client.post(reverse("kpi:scorecard_edit", args=[row.pk]), lines(row) | {"version": row.version + 1})
    assert answer.status_code == 409
    row.lines.get().refresh_from_db()
    assert row.lines.get().weight == 100


def test_a_unit_reads_headquarters_rules_only_and_no_other_units(cast, as_user):
    """KPI-1: GCD publishes a unit scorecard, unit reads it only."""
    standard = ScorecardVersion.unscoped.get(unit=None, audience="unit")
    strange = version({"F14": 100}, unit=cast.units["B"], title="城西细则")
    draft = version({"F14": 50}, audience="unit", state="draft", title="下一版", holds_from=None, published_at=None)
    client = as_user(cast.supervisor)
    page = client.get(reverse("kpi:scorecard_list")).content.decode()
    assert standard.title in page
    assert "城西细则" not in page
    assert "下一版" not in page
    assert client.get(reverse("kpi:scorecard_detail", args=[standard.pk])).context["can_set"] is False
    for row in (strange, draft):
        assert client.get(reverse("kpi:scorecard_detail", args=[row.pk])).status_code == 404
        assert client.post(reverse("kpi:scorecard_publish", args=[row.pk])).status_code == 404
    assert new(client, None).status_code in (400, 403)
    assert new(client, cast.units["B"]).status_code in (400, 403)
    assert client.post(reverse("kpi:scorecard_discard", args=[standard.pk])).status_code == 403
    page = as_user(cast.manager).get(reverse("kpi:scorecard_list")).content.decode()
    assert standard.title in page
    assert "城西细则" not in page
    assert as_user(cast.manager).get(reverse("kpi:scorecard_new")).status_code == 403


def test_headquarters_writes_next_years_rules_for_units(cast, as_user):
    """KPI-9: scorecard version by year; it holds from January and changes nothing before."""
    client = as_user(cast.director)
    given = {"unit_id": "", "audience": "unit", "year": str(int(YEAR) + 1), "title": "明年考核表"}
    client.post(reverse("kpi:scorecard_new"), given)
    row = ScorecardVersion.unscoped.get(year=int(YEAR) + 1)
    client.post(reverse("kpi:scorecard_publish", args=[row.pk]))
    row.refresh_from_db()
    assert (row.state, row.holds_from.month, row.holds_from.year) == ("in_force", 1, int(YEAR) + 1)
    assert ScorecardVersion.unscoped.filter(unit=None, audience="unit", state="in_force").count() == 2


def test_a_draft_that_is_not_wanted_goes(cast, as_user):
    row = version({"F14": 50}, unit=cast.units["A"], state="draft", holds_from=None, published_at=None)
    as_user(cast.supervisor).post(reverse("kpi:scorecard_discard", args=[row.pk]))
    assert not ScorecardVersion.unscoped.filter(pk=row.pk).exists()
