"""Plans, logs, reviews, planned and special visits, reports and tasks against slow and obvious oracles (F26–F37)."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Post, Task
from accounts.queries.measures.tasks import ASSIGNED_TASKS_DONE
from crm.core.measures import Time
from tests.kpi import work_lives as lives
from tests.kpi.same_rows import compare, rows_of
from tests.visits.ledger_world import at
from visits.models import WorkReport
from visits.queries.measures import reports, work

pytestmark = pytest.mark.django_db

QUIETLY = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
MANY = st.integers(0, 10**6).map(Random)


@given(draw=MANY, today=st.sampled_from([date(2026, 4, 17), date(2026, 4, 27), date(2026, 5, 1)]))
@QUIETLY
def test_a_month_of_work(cast, draw, today):
    """F26, F27, F29: leave, holidays, a post that ends, late plans, returned work, a handover, changed parameters."""
    with transaction.atomic():
        lives.settle_world(cast)
        month = lives.month_of(cast, draw, today)
        asked = Time(lives.FIRST, lives.LAST, today, lives.end_of(today))
        for measure, oracle in (
            (work.PLANS_ON_TIME, lives.plans_on_time),
            (work.LOGS_KEPT, lives.logs_kept),
            (work.WORK_REVIEWED, lives.work_reviewed),
            (work.PLAN_ITEMS_DONE, lives.plan_items_done),
            (work.SPECIAL_VISITS_IN_TIME, lives.special_visits_in_time),
        ):
            compare(cast, measure, asked, lives.as_rows(oracle(month)))
        both = rows_of(work.LOGS_REVIEWED, asked) + rows_of(work.PLANS_REVIEWED, asked)
        assert len(both) == len(rows_of(work.WORK_REVIEWED, asked))
        transaction.set_rollback(True)


PERIOD = Time(date(2026, 4, 1), date(2026, 4, 30), date(2026, 4, 14), at(date(2026, 4, 14), 12))


def reports_of(cast, draw):
    """Reports due before, in and after the month: late, in time, returned, not written."""
    rows = []
    for key in ("manager", "teammate", "stranger"):
        for kind, months in (("monthly_sales", (3, 4, 5)), ("service_analysis", (4,))):
            for number in months:
                due = date(2026, number, draw.choice([7, 8, 20]))
                submitted = draw.choice([None, -1, 0, 1, 3])
                rows.append(
                    WorkReport(
                        kind=kind, staff=cast.staff[key], unit=cast.staff[key].unit, due_on=due,
                        starts_on=date(2026, number - 1, 1), ends_on=date(2026, number - 1, 28), prepared_at=at(due, 1),
                        state="draft" if submitted is None else "submitted",
                        submitted_at=at(due + timedelta(days=submitted), 23, 59) if submitted is not None else None,
                        returned_count=draw.choice([0, 0, 1, 2]) if submitted is not None else 0,
                    )
                )  # fmt: skip
    return WorkReport.unscoped.bulk_create(rows)


def in_time(rows, kinds):
    """F30, F37: submitted by the due day, the first time."""
    for row in rows:
        if row.kind in kinds and row.due_on.month == 4:
            done = row.submitted_at is not None and row.submitted_at.date() <= row.due_on
            open_still = row.submitted_at is None and PERIOD.today <= row.due_on
            yield row.staff, row.unit_id, row.due_on, int(done), 1, int(open_still), row.pk


def accurate(rows):
    """F37: of those submitted, never returned."""
    for row in rows:
        if row.submitted_at is not None and row.due_on.month == 4:
            yield row.staff, row.unit_id, row.due_on, int(row.returned_count == 0), 1, 0, row.pk


def tasks_of(cast, draw):
    """Assigned tasks of every source to managers and to others, with and without a customer."""
    Post.unscoped.filter(staff=cast.staff["teammate"]).update(ends_on=date(2026, 4, 15))
    rows = []
    for number in range(24):
        due, state = (
            date(2026, draw.choice([3, 4, 4, 4, 5]), draw.randrange(1, 29)),
            draw.choice(["open", "done", "done"]),
        )
        customer = draw.choice([None, "gold", "strangers"])
        rows.append(
            Task(
                kind=draw.choice(["assigned", "assigned", "assigned", "follow_up" if customer else "assigned"]),
                staff=cast.staff[draw.choice(["manager", "teammate", "handler", "stranger"])], title=f"任务{number}",
                customer=cast.customers[customer] if customer else None, due_on=due,
                source=draw.choice(["province", "city", "unit"]), state=draw.choice([state, state, "cancelled"]),
                closed_at=at(due + timedelta(days=draw.choice([-3, 0, 1])), 23, 59) if state == "done" else None,
                created_at=at(due - timedelta(days=9)), origin_table="accounts_task", origin_id=number,
            )
        )  # fmt: skip
    return Task.unscoped.bulk_create(rows)


def done_tasks(cast, rows):
    """F36: of province and city; what is done by who is no manager that day counts for the unit."""
    for row in rows:
        if row.kind != "assigned" or row.source == "unit" or row.state == "cancelled" or row.due_on.month != 4:
            continue
        done = row.state == "done" and row.closed_at.date() <= row.due_on
        open_still = row.state == "open" and PERIOD.today <= row.due_on
        ended = row.staff == cast.staff["teammate"] and row.due_on > date(2026, 4, 15)
        who = None if ended or row.staff == cast.staff["handler"] else row.staff
        unit = row.customer.unit_id if row.customer else row.staff.unit_id
        yield who, unit, row.due_on, int(done), 1, int(open_still), row.pk


@given(draw=MANY)
@QUIETLY
def test_reports_and_assigned_tasks(cast, draw):
    """F30, F36, F37, KPI-46, KPI-47, PLAN-17, PLAN-23: late, returned, taken back, not done yet; of no managers."""
    with transaction.atomic():
        rows = reports_of(cast, draw)
        compare(cast, reports.MONTHLY_REPORTS_ON_TIME, PERIOD, lives.as_rows(in_time(rows, ("monthly_sales",))))
        both = ("monthly_sales", "service_analysis")
        compare(cast, reports.REPORTS_ON_TIME, PERIOD, lives.as_rows(in_time(rows, both)))
        compare(cast, reports.REPORTS_ACCURATE, PERIOD, lives.as_rows(accurate(rows)))
        compare(cast, ASSIGNED_TASKS_DONE, PERIOD, lives.as_rows(done_tasks(cast, tasks_of(cast, draw))))
        transaction.set_rollback(True)
