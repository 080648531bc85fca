"""The quarter-hourly refresh: after any deed it comes to what a full count comes to, and touches nobody else."""

from contextlib import closing
from datetime import date, timedelta

import psycopg2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Assignment, Leave, Task, Unit
from complaints.models import Case
from crm import nightly, tasks
from crm.core import parameters
from crm.core.db import write
from crm.core.models import SweepRun
from kpi.models import Fact, RefreshMark, Result
from kpi.queries.evidence import rows_behind
from kpi.queries.results import unit_results
from kpi.sweeps import refresh
from tests.complaints import desk
from tests.kpi.ledger_lives import do
from tests.kpi.world import Rows, indicator_for, measure_of, only
from tests.visits.ledger_world import at, customer_of, visit
from visits.models import CallTest, Plan, PlanItem

JUNE, TODAY = date(2026, 6, 1), date(2026, 6, 26)
NOW = at(TODAY, 15)


def count(**more):
    with write(label="system:test"):
        return refresh(TODAY, NOW, **more)


def plan_of(cast, who):
    plan = Plan.unscoped.create(
        staff=cast.staff[who],
        period="week",
        starts_on=date(2026, 6, 22),
        state="accepted",
        drafted_at=at(JUNE),
        accepted_at=at(JUNE),
    )
    return PlanItem.unscoped.create(plan=plan, planned_on=date(2026, 6, 24), purpose="x")


def deeds(cast, customer):
    """One of everything that moves a figure, and something taken away again."""
    yield "visit", lambda: do(cast, customer, date(2026, 6, 20), "visit", "record")
    yield "undo", lambda: do(cast, customer, date(2026, 6, 21), "undo", "")
    yield "hand", lambda: do(cast, customer, date(2026, 6, 22), "hand", "teammate")
    yield "visit", lambda: do(cast, customer, date(2026, 6, 23), "visit", "record")
    yield "tier", lambda: do(cast, customer, date(2026, 6, 24), "tier", "silver")
    yield "call test", lambda: CallTest.unscoped.create(
        staff=cast.staff["stranger"], unit=cast.units["B"], called_at=at(TODAY, 3), was_answered=False,
        by=cast.director, at=NOW,
    )  # fmt: skip
    yield "call test gone", lambda: CallTest.unscoped.all().delete()
    yield "task", lambda: Task.unscoped.create(
        staff=cast.staff["teammate"], kind="assigned", title="x", due_on=TODAY, source="city", created_at=at(JUNE),
        state="open",
    )  # fmt: skip
    yield "plan", lambda: plan_of(cast, "teammate")
    yield "plan gone", lambda: PlanItem.unscoped.all().delete()
    yield "complaint", lambda: desk.take(desk.desk(cast), now=NOW)
    yield "judged", lambda: Case.unscoped.update(judgement="justified")
    yield "nobody's", lambda: _let_go(customer)
    yield "leave", lambda: Leave.unscoped.create(staff=cast.staff["manager"], starts_on=JUNE, ends_on=TODAY)


def _let_go(customer):
    accounts.assign_customers(customer_ids=[customer.pk], staff_id=None, reason="停机", by=None, now=at(TODAY, 14))


@pytest.mark.django_db(transaction=True)
def test_after_every_deed_the_refresh_comes_to_what_a_full_count_comes_to(cast):
    """Issue 5: proportional to what changed; KPI-4: the night finds nothing that the day did not."""
    Unit.unscoped.update(live_from=date(2024, 1, 1))
    with write(label="system:test"):
        customer = customer_of(cast, "gold")
        silver = customer_of(cast, "silver", manager="stranger")
    nightly.run_night(JUNE, now=at(JUNE, 0, 30), steps=["open_duties"])
    count()
    assert count() == {"rows": 0, "facts": 0, "managers": 0, "differences": 0}
    moved = 0
    for name, deed in deeds(cast, customer):
        with write(label="test"):
            deed()
        done = count()
        moved += done["facts"]
        again = count(full=True)
        assert (again["facts"], again["rows"]) == (0, 0), name
        assert done["managers"] < 4, name
    assert moved > 10
    assert Fact.unscoped.filter(manager=cast.staff["stranger"]).exists()
    assert silver.manager_id == cast.staff["stranger"].pk
    _nothing_is_lost_to_a_slow_writer(cast)


def _nothing_is_lost_to_a_slow_writer(cast):
    """Mechanisms B: a transaction that began before others and commits after the refresh is read by the next one."""
    customer = cast.customers["diamond"]
    settings = connection.get_connection_params()
    settings.pop("cursor_factory", None)
    with closing(psycopg2.connect(**settings)) as slow, slow.cursor() as cursor:
        cursor.execute("UPDATE accounts_customer SET service_notes = 'x' WHERE id = %s", [customer.pk])
        with write(label="test"):
            visit(cast.customers["strangers"], TODAY, cast=cast, by="stranger")
        assert count()["managers"] == 1
        slow.commit()
    assert count()["managers"] == 1
    assert count()["managers"] == 0


@pytest.mark.django_db
def test_a_period_that_nobody_counted_yet_is_counted_whole(cast):
    """Issue 5: on the first of a month nobody has figures until something is counted."""
    indicator_for()
    rows = Rows()
    for day in (TODAY, date(2026, 7, 1)):
        rows.add(cast.staff["manager"].pk, cast.units["A"].pk, day, 1)
    with only(made_up=measure_of(rows)), write(label="system:test"):
        refresh(TODAY, NOW)
        RefreshMark.objects.update(snapshot=_snapshot())
        refresh(date(2026, 7, 1), at(date(2026, 7, 1)))
    assert set(Result.unscoped.values_list("period_on", flat=True)) == {JUNE, date(2026, 7, 1)}


def _snapshot():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_mark_of_another_cluster_starts_anew(cast):
    """Mechanisms B: after a restore transactions are counted anew; everything is counted once."""
    indicator_for()
    rows = Rows()
    with only(made_up=measure_of(rows)):
        count()
        rows.add(cast.staff["manager"].pk, cast.units["A"].pk, TODAY, 1)
        RefreshMark.objects.update(snapshot="999999999:999999999:")
        assert count()["rows"] > 0
    assert Result.unscoped.filter(numerator=1).exists()


@pytest.mark.django_db
def test_a_new_target_turns_the_light_of_everybody(cast):
    """PLT-10: changing 85 to 90 changes the light; old periods keep their target."""
    indicator = indicator_for(target="85")
    rows = Rows()
    for _ in range(7):
        for day in (date(2026, 5, 5), TODAY):
            rows.add(cast.staff["manager"].pk, cast.units["A"].pk, day, "0.87")
    with only(made_up=measure_of(rows)):
        count()
        assert set(Result.unscoped.values_list("is_met", flat=True)) == {True}
        indicator.targets.create(effective_from=JUNE, value=90)
        count()
    assert set(Result.unscoped.filter(period_on=JUNE).values_list("is_met", "target")) == {(False, 90)}
    assert set(Result.unscoped.exclude(period_on=JUNE).values_list("is_met", "target")) == {(True, 85)}


@pytest.mark.django_db
def test_handover_cover_and_tier_change_in_mid_month_do_not_rewrite_history(cast):
    """Issue 5, decisions 5 and 6: met counts for who had the customer that day, missed for who had him longest."""
    Unit.unscoped.update(live_from=date(2024, 1, 1))
    from accounts.models import Customer

    Customer.unscoped.update(state="suspended")
    early, late, changed = (customer_of(cast, "gold") for _ in range(3))
    nightly.run_night(JUNE, now=at(JUNE, 0, 30), steps=["open_duties"])
    do(cast, early, date(2026, 6, 5), "visit", "record")
    do(cast, late, date(2026, 6, 12), "visit", "cover")  # the substitute acts, credit stays
    for customer in (early, late):
        do(cast, customer, date(2026, 6, 20), "hand", "teammate")
    do(cast, changed, date(2026, 6, 18), "tier", "silver")  # the open row keeps its rule
    count(full=True)
    month = unit_results(_access(cast.supervisor), cast.units["A"].pk, JUNE)["F14"]
    assert (month.numerator, month.denominator) == (2, 3)
    by = dict(Result.unscoped.filter(indicator__code="F14", is_unit=False).values_list("manager_id", "numerator"))
    assert by == {cast.staff["manager"].pk: 2}
    behind = rows_behind(
        _access(cast.supervisor), "F14", JUNE, unit_id=cast.units["A"].pk, today=TODAY, now=NOW, only="missing"
    )
    assert [row.customer_name for row in behind.rows] == [changed.name]
    assert behind.moved is None


def _access(user):
    from accounts.queries.access import access_for

    return access_for(user, TODAY)


@pytest.mark.django_db
def test_beat_calls_the_refresh_and_twice_is_the_same_as_once(cast):
    """PLT-3: a row in the list of runs; again changes nothing."""
    indicator_for()
    rows = Rows()
    rows.add(cast.staff["manager"].pk, cast.units["A"].pk, timezone.localdate(), 1)
    with only(made_up=measure_of(rows)):
        assert tasks.refresh_results() > 0
        before = list(Result.unscoped.order_by("pk").values_list())
        tasks.refresh_results()
    assert list(Result.unscoped.order_by("pk").values_list()) == before
    assert SweepRun.objects.filter(step="refresh_results", error="").count() == 2


@pytest.mark.django_db
def test_a_night_that_is_made_up_for_leaves_counting_to_tonight(cast):
    """Decisions 8: forty missed nights count the open periods once."""
    indicator_for(display="count")
    with only(made_up=measure_of(Rows())):
        done = nightly.run_night(TODAY - timedelta(days=3), now=NOW, steps=["count_results"])
        assert (done[0].rows, Result.unscoped.count()) == (0, 0)
        assert nightly.run_night(TODAY, now=NOW, steps=["count_results"])[0].rows > 0
    parameters.forget()
    assert Assignment.unscoped.exists()


@pytest.mark.django_db
def test_the_refresh_takes_the_same_number_of_statements_for_any_number_of_changes(cast):
    """Design 4: set-based, at night and by day."""
    numbers = []
    for size in (2, 25):
        for _ in range(size):
            customer = customer_of(cast, "gold")
            do(cast, customer, date(2026, 6, 20), "visit", "record")
            plan_item = PlanItem.unscoped.filter(plan__staff=cast.staff["manager"]).first() or plan_of(cast, "manager")
            PlanItem.unscoped.create(plan=plan_item.plan, planned_on=date(2026, 6, 25), purpose="y").delete()
        for full in (False, True):
            with CaptureQueriesContext(connection) as queries:
                count(full=full)
            numbers.append(len(queries))
    assert numbers[2:] == [numbers[1]] * 2
