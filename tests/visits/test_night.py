"""The night: in order, twice, late, by two schedulers, killed half-way (PLT-3, decisions 8)."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Cover, Customer, Leave, Standing
from crm import nightly, tasks
from crm.core import sweeps as core
from crm.core.models import Change, Notice, SweepRun
from crm.core.sweeps import LOCK_SPACE, lock_number
from tests.visits.ledger_world import at, customer_of, duties, standing, the_duty, visit
from visits import sweeps
from visits.actions import ledger
from visits.models import Duty, MonthFreeze

pytestmark = pytest.mark.django_db

JUNE_1, JUNE_30, JULY_1, JULY_31 = date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31)


@pytest.fixture
def world(cast):
    for unit in cast.units.values():
        unit.live_from = date(2024, 1, 1)
        unit.save(update_fields=["live_from"])
    return cast


def night(day, **more):
    return nightly.run_night(day, now=at(day, 0, 30), **more)


def everything():
    """All rows the night may write, as values."""
    return (
        list(Duty.unscoped.order_by("pk").values_list()),
        list(Standing.unscoped.order_by("pk").values_list()),
        list(Notice.objects.order_by("pk").values_list()),
        list(MonthFreeze.objects.order_by("pk").values_list()),
        list(Customer.unscoped.order_by("pk").values_list()),
    )


def test_the_steps_run_in_their_order_and_leave_a_row_each(world):
    """PLT-3: job-run log with counts."""
    customer_of(world)
    night(JUNE_1)
    runs = list(SweepRun.objects.order_by("pk").values_list("step", "business_date", "error"))
    assert runs == [(step, JUNE_1, "") for step in nightly.STEPS]
    assert SweepRun.objects.get(step="open_duties").rows == Duty.unscoped.count()


def test_running_any_step_twice_changes_nothing(world):
    """PLT-3: run the overdue job twice → same flags, one notification."""
    for number in range(12):
        customer_of(world, ("gold", "silver", "diamond")[number % 3], is_important=number < 4, important_at=at(JUNE_1))
    night(JUNE_1)
    ledger.settle(
        [visit(Duty.unscoped.first().customer, date(2026, 6, 4), cast=world)], today=date(2026, 6, 4), now=at(JUNE_1)
    )
    night(JULY_1)
    nightly.run_night(date(2026, 7, 8), now=at(date(2026, 7, 8), 5, 5))
    before = everything()
    for step in nightly.STEPS:
        done = nightly.run_night(date(2026, 7, 8), now=at(date(2026, 7, 8), 6), steps=[step])
        assert (done[0].differences, everything() == before) == (0, True), step


def test_a_whole_night_twice_writes_one_digest_and_no_row(world):
    """PLT-3: safe on re-run."""
    customer_of(world)
    night(JUNE_1)
    night(JULY_1)
    before = everything()
    again = night(JULY_1)
    assert everything() == before
    assert sum(row.rows for row in again if row.step != "rebuild_standings") == 0


def test_missed_nights_are_made_up_for_in_order(world):
    """Decisions 8: one business date at a time."""
    customer = customer_of(world)
    night(date(2026, 6, 28))
    done = nightly.run_due_nights(date(2026, 7, 3), now=at(date(2026, 7, 3), 0, 30))
    assert sorted({row.business_date for row in done}) == [date(2026, 6, 29), JUNE_30, JULY_1, *(
        date(2026, 7, day) for day in (2, 3)
    )]  # fmt: skip
    assert [row.business_date for row in done] == sorted(row.business_date for row in done)
    assert [row.state for row in duties(customer)] == ["provisional", "open"]
    assert nightly.due_nights(date(2026, 7, 3)) == []


def test_a_night_made_up_for_writes_no_digest_of_yesterday(world):
    """Design 4: one digest per person and morning."""
    customer_of(world)
    night(date(2026, 6, 28))
    Notice.objects.all().delete()
    nightly.run_due_nights(date(2026, 7, 3), now=at(date(2026, 7, 3), 0, 30))
    written = Notice.objects.filter(kind__endswith="digest")
    assert set(written.values_list("occasion", flat=True)) == {"2026-07-03"}


def test_a_step_that_fails_does_not_keep_the_others_from_their_work(world, monkeypatch):
    """PLT-3: the fault is recorded and raised; the later nights are run all the same."""
    customer = customer_of(world)
    night(date(2026, 6, 29))

    def fail(*, today, now):
        raise ValueError("broken")

    monkeypatch.setitem(core.STEPS, "propose_tiers", core.Step("propose_tiers", fail))
    with pytest.raises(ValueError, match="broken"):
        nightly.run_due_nights(JULY_1, now=at(JULY_1, 0, 30))
    assert [row.state for row in duties(customer)] == ["provisional", "open"]
    assert Notice.objects.filter(occasion="2026-07-01").exists()
    assert SweepRun.objects.filter(step="propose_tiers", error__contains="broken").count() == 2
    assert nightly.due_nights(JULY_1) == [JUNE_30, JULY_1]


def test_at_most_forty_nights_are_made_up_for(world):
    """Decisions 8."""
    night(date(2026, 1, 5))
    nights = nightly.due_nights(JUNE_1)
    assert len(nights) == 40
    assert nights[-1] == JUNE_1


def test_the_first_night_of_all_is_tonight_only(world):
    """Decisions 8: without a night before, none was missed."""
    assert nightly.due_nights(JUNE_1) == [JUNE_1]


def test_a_night_that_was_killed_half_way_is_run_again(world, monkeypatch):
    """PLT-3: each step is its own transaction; what is half done is not there, the fault is recorded."""
    customer = customer_of(world)
    night(JUNE_1)

    def break_off(*, today, now):
        Duty.unscoped.filter(state="open").update(state="missed")
        raise ValueError("power cut")

    whole = core.STEPS["close_periods"]
    monkeypatch.setitem(core.STEPS, "close_periods", core.Step("close_periods", break_off))
    with pytest.raises(ValueError, match="power cut"):
        night(JULY_1)
    assert [row.state for row in duties(customer)] == ["open", "open"]
    assert "power cut" in SweepRun.objects.get(step="close_periods", business_date=JULY_1).error
    assert nightly.due_nights(JULY_1)[-1] == JULY_1
    monkeypatch.setitem(core.STEPS, "close_periods", whole)
    nightly.run_due_nights(JULY_1, now=at(JULY_1, 2))
    assert [row.state for row in duties(customer)] == ["provisional", "open"]
    assert standing(customer).is_overdue


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_do_it_once(world):
    """PLT-3: the second one waits for nobody and does nothing."""
    customer_of(world)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, lock_number("open_duties")])
        assert night(JUNE_1) is None
        assert Duty.unscoped.count() == 0
        assert SweepRun.objects.count() == 0
    finally:
        other.close()
    assert night(JUNE_1) is not None
    assert Duty.unscoped.count() > 0


def test_a_month_freezes_at_its_moment_and_not_before(world):
    """Decisions 3, PLAN-11: June's report is due on Monday 6 July, the freeze is Tuesday 05:00."""
    customer = customer_of(world)
    night(JUNE_1)
    night(JULY_1)
    tuesday = date(2026, 7, 7)
    night(tuesday)
    assert duties(customer)[0].state == "provisional"
    nightly.run_night(tuesday, now=at(tuesday, 5, 5), steps=["freeze_months"])
    june, july = duties(customer)
    assert (june.state, june.frozen_at) == ("missed", at(tuesday, 5, 5))
    assert (july.state, july.frozen_at) == ("open", None)
    assert MonthFreeze.objects.get().month == JUNE_1
    assert standing(customer).is_overdue
    assert sweeps.frozen_through() == JUNE_30


def test_late_nights_never_freeze_a_month_that_has_not_been_closed(world):
    """Decisions 8: made up in August, the night of 20 July freezes June, not July."""
    customer = customer_of(world)
    night(JUNE_1)
    night(JULY_1)
    august = at(date(2026, 8, 20), 0, 30)
    nightly.run_night(date(2026, 7, 20), now=august)
    assert [row.state for row in duties(customer)] == ["missed", "open"]
    nightly.run_night(date(2026, 8, 1), now=august)
    assert [row.state for row in duties(customer)] == ["missed", "missed", "open"]


def test_met_rows_are_frozen_too(world):
    """Decisions 2: an undo after the freeze changes nothing."""
    customer = customer_of(world)
    night(JUNE_1)
    met = visit(customer, date(2026, 6, 9), cast=world)
    ledger.settle([met], today=date(2026, 6, 9), now=at(date(2026, 6, 9)))
    night(JULY_1)
    nightly.run_night(date(2026, 7, 8), now=at(date(2026, 7, 8)), steps=["freeze_months"])
    met.counts, met.undone_at = False, at(date(2026, 7, 8))
    met.save()
    ledger.recompute([customer.pk], today=date(2026, 7, 8), now=at(date(2026, 7, 8)))
    assert duties(customer)[0].state == "met"


def test_at_risk_from_seven_days_before_the_due_day(world):
    """CON-1: due-soon (≤ 7 days, ours)."""
    customer = customer_of(world)
    night(JUNE_1)
    night(date(2026, 6, 22))
    assert standing(customer).duty_state == "open"
    night(date(2026, 6, 23))
    assert standing(customer).duty_state == "due_soon"


def test_every_manager_gets_one_digest_a_morning(world):
    """PLT-3: one notification; counts of today, at risk and overdue; whoever covers sees it for his colleague."""
    for _ in range(30):
        customer_of(world)
    night(JUNE_1)
    night(JULY_1)
    Cover.unscoped.create(
        absent=world.staff["manager"], substitute=world.staff["handler"], starts_on=JULY_1, ends_on=date(2026, 7, 3),
        arranged_by=world.supervisor, arranged_at=at(JUNE_30),
    )  # fmt: skip
    Notice.objects.all().delete()
    SweepRun.objects.filter(step="morning_digests").delete()
    for _ in range(2):
        night(JULY_1, steps=["morning_digests"])
    mine = Notice.objects.get(user=world.manager)
    assert (mine.kind, mine.occasion, mine.url) == ("duty_digest", "2026-07-01", "/")
    assert mine.params["overdue"] >= 30
    substitute = Notice.objects.get(user=world.handler)
    assert substitute.params["covered"] == mine.params["today"]
    assert not Notice.objects.filter(user=world.director).exists()


def test_suggestions_move_off_a_new_leave_and_what_was_left_undone_gets_another_day(world):
    """Design 4: by leave and load; nothing is suggested in the past."""
    customers = [customer_of(world) for _ in range(44)]
    night(JUNE_1)
    leave = (date(2026, 6, 15), date(2026, 6, 19))
    Leave.unscoped.create(staff=world.staff["manager"], starts_on=leave[0], ends_on=leave[1])
    night(date(2026, 6, 8))
    mine = Duty.unscoped.filter(manager=world.staff["manager"], state="open", due_on=JUNE_30)
    days = list(mine.values_list("suggested_on", flat=True))
    assert min(days) >= date(2026, 6, 8)
    assert not [day for day in days if leave[0] <= day <= leave[1]]
    share = {day: days.count(day) for day in days}
    assert max(share.values()) - min(share.values()) <= 1
    assert all(standing(customer).suggested_on == the_duty(customer).suggested_on for customer in customers)


def test_differences_are_reported_and_mended(world):
    """Design 4: a nightly step rebuilds the standings and reports any difference."""
    customer = customer_of(world)
    night(JUNE_1)
    right = standing(customer)
    Standing.unscoped.filter(pk=customer.pk).update(next_due_on=date(2026, 6, 5), duty_state="met")
    (done,) = night(date(2026, 6, 2), steps=["rebuild_standings"])
    assert done.differences == 1
    assert standing(customer).next_due_on == right.next_due_on
    assert night(date(2026, 6, 2), steps=["rebuild_standings"])[0].differences == 0


def test_the_night_leaves_only_keys_in_the_change_log(world):
    """Decisions 24: the system's writes on the ledger log the key; the actor is the step."""
    customer = customer_of(world)
    night(JUNE_1)
    row = Change.objects.filter(tbl="visits_duty", row_id=the_duty(customer).pk, op="I").get()
    assert (row.actor, row.actor_label, row.before, row.after) == (None, "system:open_duties", None, None)
    assert not Change.objects.filter(tbl="accounts_standing").exists()


def test_the_night_takes_the_same_number_of_statements_for_any_number_of_customers(world):
    """Design 4: sweeps are set-based. Figures go by open periods (kpi/test_refresh.py), a review by its months."""
    steps = [step for step in nightly.STEPS if step not in {*nightly.FIGURE_STEPS, "review_risk_model"}]
    counts = []
    for day, size in ((JUNE_1, 3), (JULY_1, 60)):
        for _ in range(size):
            customer_of(world, since=day - timedelta(days=60))
        with CaptureQueriesContext(connection) as queries:
            night(day, steps=steps)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 6


def test_the_command_runs_a_date_or_single_steps(world):
    """`manage.py nightly --date --step` is the same call for back-fill."""
    customer_of(world)
    out = StringIO()
    call_command("nightly", "--date", "2026-06-01", "--step", "open_duties", stdout=out)
    assert out.getvalue().startswith("2026-06-01 open_duties: ")
    assert SweepRun.objects.count() == 1
    with pytest.raises(CommandError, match="No such step: nonsense"):
        call_command("nightly", "--step", "nonsense")
    with pytest.raises(CommandError, match="This is not a date"):
        call_command("nightly", "--date", "1 June")


def test_the_clock_calls_the_same_night(world):
    """The Celery tasks: 00:30 the night with the missed ones, 05:05 the freeze."""
    customer_of(world)
    assert tasks.nightly() == len(nightly.STEPS)
    assert tasks.freeze() == 0
    assert SweepRun.objects.filter(step="freeze_months").count() == 2
