"""Settings of the ground: parameters with their origin, working days, nightly runs, the access log."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.core import access_log, parameters, working_days
from crm.core.models import AccessLog, Change, Parameter, SweepRun, WorkDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(cast, client):
    client.force_login(cast.director)
    return client


def test_the_list_says_where_each_number_comes_from(director):
    """PLT-10; design: a value the source documents don't give is marked as our default."""
    page = director.get(reverse("core:parameter_list"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert page.count("our default") > 5
    assert "PLAN-11" in page


def test_a_new_value_is_saved_with_its_day_and_shown_with_its_history(director, cast):
    """PLT-10."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    url = reverse("core:parameter_edit", args=["idle_minutes"])
    saved = director.post(url, {"value": "20", "effective_from": tomorrow.isoformat()})
    assert saved["Location"] == reverse("core:parameter_list")
    assert parameters.value("idle_minutes") == 30
    assert parameters.value("idle_minutes", on=tomorrow) == 20
    assert cast.director.name in director.get(url).content.decode()
    assert Change.objects.get(tbl="core_parameter").actor == cast.director.pk


@pytest.mark.parametrize(
    ("value", "day"),
    [("abc", "2026-01-01"), ("0", "2026-01-01"), ("9999", "2026-01-01"), ("20", "2026-02-30"), ("", "")],
)
def test_a_wrong_value_is_refused_beside_its_field_and_nothing_is_written(director, value, day):
    url = reverse("core:parameter_edit", args=["idle_minutes"])
    answer = director.post(url, {"value": value, "effective_from": day})
    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert not Parameter.objects.exists()


def test_every_parameter_can_be_opened_and_an_unknown_one_is_not_found(director):
    for key in parameters.REGISTRY:
        assert director.get(reverse("core:parameter_edit", args=[key])).status_code == 200, key
    assert director.get("/settings/parameters/nonsense/").status_code == 404


def test_the_roles_with_a_second_factor_are_chosen_from_the_roles(director):
    url = reverse("core:parameter_edit", args=["mfa_roles"])
    assert director.post(url, {"value": ["emperor"], "effective_from": "2026-01-01"}).status_code == 400
    assert director.post(url, {"value": ["auditor"], "effective_from": "2026-01-01"}).status_code == 302
    assert parameters.value("mfa_roles") == ["auditor"]


def test_a_closing_day_is_entered_and_taken_away_again(director):
    """PLT-5: admin edits."""
    url = reverse("core:working_day_list")
    answer = director.post(url, {"date": "2026-12-31", "kind": "holiday", "name": "盘点"})
    assert answer["Location"] == f"{url}?year=2026"
    assert not working_days.calendar().is_working(date(2026, 12, 31))
    director.post(reverse("core:working_day_remove", args=["2026-12-31"]))
    assert working_days.calendar().is_working(date(2026, 12, 31))


def test_a_year_without_holidays_is_marked(director):
    """PLT-5: warn."""
    known = director.get(reverse("core:working_day_list"), {"year": "2026"})
    assert "note soon" not in known.content.decode()
    assert "note soon" in director.get(reverse("core:working_day_list"), {"year": "2027"}).content.decode()


@pytest.mark.parametrize("year", ["abc", "0", "9999", "٢٠٢٦", "2026\x00"])
def test_a_strange_year_is_refused(director, year):
    assert director.get(reverse("core:working_day_list"), {"year": year}).status_code == 400


@pytest.mark.parametrize(
    "given",
    [{"date": "0001-01-01"}, {"date": "9999-12-31"}, {"date": "2026-02-30"}, {"kind": "party"}, {"name": "a\x00b"}],
)
def test_a_strange_day_is_refused_beside_its_field(director, given):
    before = WorkDay.objects.count()
    data = {"date": "2026-12-31", "kind": "holiday", "name": "x"} | given
    assert director.post(reverse("core:working_day_list"), data).status_code == 400
    assert WorkDay.objects.count() == before


def test_the_runs_show_counts_and_errors(director):
    """PLT-3."""
    now = timezone.now()
    SweepRun.objects.create(
        step="open_duties", business_date="2026-03-01", started_at=now, finished_at=now, rows=12345, seconds="1.5"
    )
    SweepRun.objects.create(
        step="close_periods", business_date="2026-03-01", started_at=now, finished_at=now, error="DataError: no"
    )
    SweepRun.objects.create(step="x", business_date="2026-03-02", started_at=now - timedelta(hours=2))
    page = director.get(reverse("core:sweep_run_list")).content.decode()
    assert "12345" in page
    assert "DataError: no" in page
    assert len(director.get(reverse("core:sweep_run_list"), {"date": "2026-03-01"}).context["runs"]) == 2
    for bad in ({"date": "2026-02-30"}, {"before": "x"}, {"date": "\x00"}):
        assert director.get(reverse("core:sweep_run_list"), bad).status_code == 400


def test_the_access_log_is_searched_by_person_and_kind(director, cast):
    """SEC-4: audit log of logins."""
    now = timezone.now()
    access_log.record("reveal", cast.manager, at=now, subject_table="accounts_customer", subject_id=7, reason="asked")
    access_log.record("sign_in", cast.supervisor, at=now)
    url = reverse("core:access_log_list")
    assert {row.kind for row, _about in director.get(url, {"person": cast.manager.username}).context["rows"]} == {
        "reveal"
    }
    assert {row.kind for row, _about in director.get(url, {"kind": "sign_in"}).context["rows"]} == {"sign_in"}
    assert director.get(url, {"person": "a\x00"}).status_code == 400


@pytest.mark.parametrize(
    "name", ["parameter_list", "working_day_list", "sweep_run_list", "access_log_list", "settings_index"]
)
def test_a_manager_may_not_open_the_settings_and_the_refusal_is_logged(client, cast, name):
    """PLT-7, decisions 13."""
    client.force_login(cast.manager)
    assert client.get(reverse(f"core:{name}")).status_code == 403
    assert AccessLog.objects.get(kind="denied", user=cast.manager).detail["route"] == f"core:{name}"
