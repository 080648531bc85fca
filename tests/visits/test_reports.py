"""Reports: prepared on the 1st, mandatory sections, due on the moved 5th, read or returned (PLAN-9…14, PLAN-23)."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Staff, Unit
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest
from crm.core.models import Notice
from crm.core.scope import Scope
from crm.core.working_days import calendar, seed
from tests.visits.desk import owe
from tests.visits.ledger_world import visit
from visits.actions.reports import decide_report, save_report
from visits.models import LineSwitch, SpecialVisit, WorkReport
from visits.queries import switches
from visits.queries.reports import figures_of, timeliness
from visits.rules.reports import KINDS, due_on, last_period
from visits.sweeps import prepare_reports, remind_reports

pytestmark = pytest.mark.django_db
FIRST = timezone.make_aware(datetime(2026, 11, 1, 0, 30))
SECTIONS = {"sales": "稳中有升", "problems": "缺货,已补", "opinions": "要新品", "forecast": "持平"}


@pytest.fixture
def world(cast):
    """The teammate serves the channel line: his monthly reports are switched on."""
    seed()
    Unit.unscoped.update(live_from=date(2025, 1, 1))
    Staff.unscoped.filter(pk=cast.staff["teammate"].pk).update(line="channel")
    LineSwitch.objects.get_or_create(
        feature="monthly_report", line="channel", unit=None, effective_from=date(2020, 1, 1), defaults={"is_on": True}
    )
    switches.forget()
    return cast


@pytest.fixture
def report(world):
    prepare_reports(today=FIRST.date(), now=FIRST)
    return WorkReport.unscoped.get(kind="monthly_sales")


def write_all(report, by, *, submit=True, now=FIRST, **changes):
    version = WorkReport.unscoped.get(pk=report.pk).version
    return save_report(report_id=report.pk, sections=SECTIONS | changes, version=version, submit=submit, by=by, now=now)


@pytest.mark.parametrize(
    ("month_end", "due"),
    [
        (date(2025, 9, 30), date(2025, 10, 9)),
        (date(2026, 3, 31), date(2026, 4, 7)),
        (date(2026, 4, 30), date(2026, 5, 6)),
    ],
)
def test_the_due_day_is_the_fifth_moved_by_holidays_and_make_up_days(world, month_end, due):
    """PLAN-11: Sept 2025 → 9 Oct; Mar 2026 → 7 Apr; Apr 2026 → 6 May."""
    assert due_on("monthly_sales", month_end, calendar(), report_day=5) == due


def test_the_period_reported_on_is_the_one_before():
    assert last_period("monthly_sales", date(2026, 1, 1)) == (date(2025, 12, 1), date(2025, 12, 31))
    assert last_period("service_analysis", date(2026, 11, 20)) == (date(2026, 7, 1), date(2026, 9, 30))


def test_on_the_first_a_draft_with_last_months_figures_is_there(world, report):
    """PLAN-9: Draft for October exists on 1 November; only where the line has it; twice is once."""
    assert (report.staff, report.starts_on, report.ends_on) == (
        world.staff["teammate"], date(2026, 10, 1), date(2026, 10, 31))  # fmt: skip
    assert (report.state, report.due_on) == ("draft", date(2026, 11, 5))
    assert prepare_reports(today=FIRST.date(), now=FIRST) == 0
    assert prepare_reports(today=FIRST.date() + timedelta(days=3), now=FIRST + timedelta(days=3)) == 0
    assert Notice.objects.filter(user=world.teammate, kind="report_prepared").count() == 2  # and the quarter's


def test_the_figures_are_those_of_the_period(world):
    """PLAN-9: sales, visits, special visits, opinions; PLAN-10: each special visit is linked."""
    customer = world.customers["teammates"]
    visit(customer, date(2026, 10, 5), cast=world, by="teammate", channel="on_site")
    visit(customer, date(2026, 9, 30), cast=world, by="teammate")
    owe(customer, starts_on=date(2026, 10, 1), due_on=date(2026, 10, 31), state="met")
    owe(customer, starts_on=date(2026, 11, 1), due_on=date(2026, 11, 30))
    SpecialVisit.unscoped.create(
        customer=customer, staff=world.staff["teammate"], trigger="投诉", created_by=world.teammate, created_at=FIRST,
        found_at=timezone.make_aware(datetime(2026, 10, 7, 9)),
    )  # fmt: skip
    found = figures_of([world.staff["teammate"].pk], date(2026, 10, 1), date(2026, 10, 31))
    figures = found[world.staff["teammate"].pk]
    assert {name: figures[name] for name in ("customers", "visits", "on_site", "owed", "met", "special")} == {
        "customers": 2, "visits": 1, "on_site": 1, "owed": 1, "met": 1, "special": 1}  # fmt: skip


def test_a_special_visit_is_linked_on_the_page(world, report, as_user):
    """PLAN-10: the draft links each special visit of the month."""
    special = SpecialVisit.unscoped.create(
        customer=world.customers["teammates"], staff=world.staff["teammate"], trigger="设备故障", found_at=FIRST
        - timedelta(days=5), created_by=world.teammate, created_at=FIRST,
    )  # fmt: skip
    client = as_user(world.teammate)
    page = client.get(reverse("visits:report_detail", args=[report.pk])).content.decode()
    assert "设备故障" in page and reverse("visits:special_detail", args=[special.pk]) in page
    for _label, _number, url in client.get(reverse("visits:report_detail", args=[report.pk])).context["figures"]:
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("empty", sorted(SECTIONS))
def test_an_empty_section_is_named_when_it_is_submitted(world, report, empty):
    """PLAN-12: submit with one section empty → error naming it; saving keeps it."""
    with pytest.raises(Invalid) as refusal:
        write_all(report, world.teammate, **{empty: " "})
    assert [problem.field for problem in refusal.value.problems] == [empty]
    write_all(report, world.teammate, submit=False, **{empty: ""})
    assert WorkReport.unscoped.get(pk=report.pk).state == "draft"


def test_it_goes_to_the_market_manager_who_reads_it(world, report, as_user):
    """PLAN-13: the RMM sees it in his inbox; the manager sees when it was read."""
    write_all(report, world.teammate)
    assert Notice.objects.filter(user=world.market_manager, kind="report_submitted").count() == 1
    client = as_user(world.market_manager)
    assert report.staff.name in client.get(reverse("visits:report_list") + "?state=submitted").content.decode()
    client.post(reverse("visits:report_decide", args=[report.pk]), {"decision": "read", "comment": "很好"})
    report.refresh_from_db()
    assert (report.state, report.read_by) == ("read", world.market_manager)
    page = as_user(world.teammate).get(reverse("visits:report_detail", args=[report.pk])).content.decode()
    assert world.market_manager.name in page and "很好" in page


def test_a_returned_report_is_not_right_the_first_time(world, report):
    """PLAN-23: returned once → not "accurate first time"; F30: the first submission decides about in time."""
    write_all(report, world.teammate, now=FIRST + timedelta(days=3))
    with pytest.raises(Invalid):
        decide_report(report_id=report.pk, returned=True, comment="", by=world.market_manager, now=FIRST)
    decide_report(report_id=report.pk, returned=True, comment="补原因", by=world.market_manager, now=FIRST)
    write_all(report, world.teammate, now=FIRST + timedelta(days=9))
    row = timeliness(Scope.ALL, "monthly_sales", date(2026, 11, 1), date(2026, 11, 30), today=date(2026, 11, 30))[0]
    assert (row.due, row.on_time, row.accurate) == (1, 1, 0)


def test_a_late_report_counts_as_late(world, report, as_user):
    """F30: reports submitted by the moved 5th over reports due."""
    write_all(report, world.teammate, now=FIRST + timedelta(days=6))
    row = timeliness(Scope.ALL, "monthly_sales", date(2026, 11, 1), date(2026, 11, 30), today=date(2026, 11, 30))[0]
    assert (row.due, row.on_time) == (1, 0)
    page = as_user(world.market_manager).get(reverse("visits:report_timeliness") + "?month=2026-11-01")
    assert [cell["number"] for cell in page.context["totals"]] == [1, 0, 1, 1]
    assert [cell["share"] for cell in page.context["totals"]] == [None, 0, None, 100]


def test_each_figure_of_timeliness_leads_to_its_reports(world, report, as_user):
    """F30, screens: every number that counts rows is a link to these rows."""
    write_all(report, world.teammate, now=FIRST + timedelta(days=6))
    reader = as_user(world.market_manager)
    page = reader.get(reverse("visits:report_timeliness") + "?month=2026-11-01")
    for cell in (*page.context["rows"][0]["cells"], *page.context["totals"]):
        assert len(reader.get(cell["url"]).context["rows"]) == cell["number"], cell["label"]
    assert reader.get(reverse("visits:report_list") + "?was=early").status_code == 400


def test_nobody_decides_about_his_own_and_only_the_author_writes(world, report):
    with pytest.raises(NotAllowed):
        write_all(report, world.supervisor)
    with pytest.raises(NotFound):
        write_all(report, world.stranger)
    write_all(report, world.teammate)
    with pytest.raises(Conflict):
        write_all(report, world.teammate)
    with pytest.raises(OwnRequest):
        decide_report(report_id=report.pk, returned=False, comment="", by=world.teammate, now=FIRST)


def test_two_tabs_lose_nothing(world, report, as_user):
    """The second save of an old page is a 409."""
    write_all(report, world.teammate, submit=False)
    with pytest.raises(Conflict):
        save_report(report_id=report.pk, sections=SECTIONS, version=1, submit=False, by=world.teammate, now=FIRST)
    answer = as_user(world.teammate).post(reverse("visits:report_detail", args=[report.pk]), SECTIONS | {"version": 1})
    assert answer.status_code == 409


def test_the_quarterly_analysis_demands_measures(world):
    """PLAN-14: report type with a mandatory "measures" section, for every line."""
    assert "measures" in set(KINDS["service_analysis"].sections)
    prepare_reports(today=FIRST.date(), now=FIRST)
    rows = WorkReport.unscoped.filter(kind="service_analysis")
    assert set(rows.values_list("staff__number", flat=True)) == {"M1001", "M1002", "M2001"}
    with pytest.raises(Invalid) as refusal:
        save_report(
            report_id=rows.get(staff=world.staff["manager"]).pk, sections={"summary": "一", "analysis": "二"},
            version=1, submit=True, by=world.manager, now=FIRST,
        )  # fmt: skip
    assert [problem.field for problem in refusal.value.problems] == ["measures"]


def test_he_is_reminded_on_the_last_day_and_once_after(world, report):
    """PLAN-11: due by the 5th; running again tells nobody twice."""
    told = []
    for day in (4, 5, 5, 6, 7):
        now = FIRST + timedelta(days=day - 1)
        told.append(remind_reports(today=now.date(), now=now))
    assert [told[0], told[2], told[4]] == [told[0], 0, 0] and told[1] == 1 and told[3] == 1


def test_the_print_has_the_official_title(world, report, as_user):
    """PLT-9: 客户月度销售情况分析报告, in the frame of every official form."""
    answer = as_user(world.teammate).get(reverse("visits:report_print", args=[report.pk]))
    assert ">客户月度销售情况分析报告</h1>" in answer.content.decode()
    assert "print/base.html" in {template.name for template in answer.templates}
