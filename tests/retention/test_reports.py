"""The churn report of a unit: prepared, submitted, accepted or returned; late and accurate (RET-15, F4)."""

from datetime import date

import pytest

from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest
from crm.core.models import Notice
from retention import actions
from retention.models import ChurnReport
from retention.queries.measures import CHURN_REPORT_ACCURATE, CHURN_REPORT_ON_TIME
from tests.retention.churn_world import in_base, leaves, month_of, night, shares, vip
from tests.visits.ledger_world import at

pytestmark = pytest.mark.django_db
STEP = "prepare_churn_reports"
JULY_1, DUE = date(2026, 7, 1), date(2026, 7, 6)


@pytest.fixture
def world(cast):
    for unit in cast.units.values():
        unit.live_from = date(2024, 1, 1)
        unit.save(update_fields=["live_from"])
    return cast


@pytest.fixture
def report(world):
    """The report of branch A on June, in which it lost a gold and a silver VIP, one of them at its hall."""
    gold, silver, elsewhere, may = vip(world), vip(world, "silver"), vip(world, manager="stranger"), vip(world)
    silver.unit = world.units["A1"]
    silver.save(update_fields=["unit"])
    in_base(gold, elsewhere, may)
    for customer, day in ((gold, date(2026, 6, 1)), (silver, date(2026, 6, 30)), (elsewhere, date(2026, 6, 9)),
                          (may, date(2026, 5, 31))):  # fmt: skip
        leaves(customer, day)
    night(date(2026, 6, 30))
    night(JULY_1, STEP)
    return ChurnReport.unscoped.get(unit=world.units["A"])


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("user__username", flat=True))


def submit(report, by, now=None, **more):
    values = {"comment": "", "version": None} | more
    return actions.submit_report(report_id=report.pk, **values, by=by, now=now or at(DUE))


def check(report, by, *, returned=False, reason="", version=None):
    return actions.check_report(
        report_id=report.pk, returned=returned, reason=reason, version=version, by=by, now=at(DUE)
    )


def test_the_night_of_the_first_prepares_a_report_for_every_branch(world, report):
    """RET-15: system-filled, due on the 5th moved to a working day; who submits it is told; twice is once."""
    assert {row.unit.code for row in ChurnReport.unscoped.all()} == {"A", "B"}
    assert (report.month, report.due_on, report.state) == (date(2026, 6, 1), DUE, "draft")
    figures = report.figures
    assert [figures[key] for key in ("vips", "gold", "silver", "left", "new")] == [2, 1, 1, 2, 1]
    assert (figures["base_vips"], figures["year_vips"], figures["year_diamond_gold"]) == (2, 2, 2)
    assert len(figures["records"]) == 2
    assert told("churn_report_prepared") == ["S1001", "S2001"]
    assert night(JULY_1, STEP).rows == 0
    assert night(date(2026, 7, 2), STEP).rows == 0


def test_reminders_come_on_the_last_day_and_once_when_it_is_over(world, report):
    """RET-15: nobody is told twice; a submitted report is left alone."""
    submit(ChurnReport.unscoped.get(unit=world.units["B"]), world.stranger_supervisor)
    assert night(DUE, STEP).rows == 1 and night(DUE, STEP).rows == 0
    assert night(date(2026, 7, 7), STEP).rows == 1 and night(date(2026, 7, 9), STEP).rows == 0
    assert told("churn_report_due") == told("churn_report_late") == ["S1001"]


def test_a_submission_keeps_the_figures_of_its_moment(world, report):
    """RET-15: the unit confirms; what was said of a loss until then is in it, what comes later is not."""
    gold = report.figures["records"][0]
    competitor = actions.losses.Competitor.objects.get(code="unicom")
    actions.explain_loss(
        record_id=gold, kind="ported", competitor_id=competitor.pk, cause="资费", version=1, by=world.manager,
        now=at(DUE),
    )  # fmt: skip
    row = submit(report, world.supervisor, comment="已核对")
    assert row.figures["competitors"] == {"unicom": 1} and row.figures["ported"] == 1
    late = vip(world)
    leaves(late, date(2026, 6, 29))
    night(date(2026, 7, 7))
    row.refresh_from_db()
    assert row.figures["vips"] == 2 and row.comment == "已核对"
    assert told("churn_report_submitted") == ["G1001"]
    with pytest.raises(Conflict):
        submit(report, world.supervisor)


def test_late_and_returned_are_counted_against_the_unit(world, report):
    """RET-15, KPI-23: submit late → late; returned → accuracy hit, however right the second time (F4)."""
    july = month_of(DUE)
    submit(report, world.supervisor, now=at(date(2026, 7, 7), 9))
    check(report, world.group_department, returned=True, reason="缺原因")
    assert told("churn_report_returned") == ["S1001"]
    submit(report, world.supervisor, now=at(date(2026, 7, 8)), comment="已补")
    row = check(report, world.director)
    assert (row.state, row.returned_count, row.reason) == ("accepted", 1, "")
    assert shares(CHURN_REPORT_ON_TIME, july) == {None: (0, 2)}
    assert shares(CHURN_REPORT_ACCURATE, july) == {None: (0, 1)}
    submit(ChurnReport.unscoped.get(unit=world.units["B"]), world.stranger_supervisor, now=at(DUE, 23, 59))
    assert shares(CHURN_REPORT_ON_TIME, july) == {None: (1, 2)}
    assert shares(CHURN_REPORT_ACCURATE, july) == {None: (1, 2)}


def test_who_may_do_what(world, report):
    """SEC-24: the unit submits, headquarters checks, nobody his own; others neither see nor touch it."""
    for person, error in ((world.manager, NotFound), (world.stranger_supervisor, NotFound),
                          (world.market_manager, NotAllowed), (world.director, NotAllowed)):  # fmt: skip
        with pytest.raises(error):
            submit(report, person)
    with pytest.raises(Conflict):
        check(report, world.director)
    with pytest.raises(Conflict):
        submit(report, world.supervisor, version=7)
    submit(report, world.supervisor, version=1)
    with pytest.raises(NotAllowed):
        check(report, world.supervisor)
    with pytest.raises(Invalid):
        check(report, world.director, returned=True, reason=" ")
    with pytest.raises(Conflict):
        check(report, world.director, version=1)
    ChurnReport.unscoped.filter(pk=report.pk).update(submitted_by=world.director)
    with pytest.raises(OwnRequest):
        check(report, world.director)


def test_a_loss_is_explained_by_who_had_him(world, report):
    """RET-14: manager or supervisor say to whom and why; ported needs somebody; strangers find nothing."""
    gold = report.figures["records"][0]

    def explain(by, *, kind="ported", competitor=None, version=None, cause="价格"):
        return actions.explain_loss(
            record_id=gold, kind=kind, competitor_id=competitor, cause=cause, version=version, by=by, now=at(DUE)
        )

    telecom = actions.losses.Competitor.objects.get(code="telecom")
    for person, error in ((world.stranger, NotFound), (world.teammate, NotFound), (world.director, NotAllowed),
                          (world.market_manager, NotAllowed)):  # fmt: skip
        with pytest.raises(error):
            explain(person, competitor=telecom.pk)
    for wrong in ({"kind": "ported"}, {"kind": "x"}, {"competitor": 10**9}, {"cause": "因" * 501}):
        with pytest.raises(Invalid):
            explain(world.manager, **wrong)
    row = explain(world.supervisor, competitor=telecom.pk, version=1)
    assert (row.competitor_id, row.kind, row.edited_by, row.version) == (telecom.pk, "ported", world.supervisor, 2)
    with pytest.raises(Conflict):
        explain(world.manager, kind="left", version=1)
    telecom.is_active = False
    telecom.save()
    assert explain(world.manager, competitor=telecom.pk).cause == "价格"
    assert explain(world.manager, kind="left").competitor_id is None
    with pytest.raises(Invalid):
        explain(world.manager, competitor=telecom.pk)
