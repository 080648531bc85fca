"""A sheet sent twice at the same moment is written once, under real concurrency."""

import threading

import pytest
from django.db import connection, connections

from tests.cast import build
from tests.visits.desk import NOW, owe, sheet
from visits.actions import log_visit
from visits.models import Visit


@pytest.mark.django_db(transaction=True)
def test_twelve_parallel_submits_of_one_sheet_are_one_visit():
    """Issue 2, safety 26: double tap gives one row; everybody gets the first answer."""
    cast = build()
    duty = owe(cast.customers["gold"])
    given = sheet(cast.customers["gold"])
    answers, faults = [], []
    start = threading.Barrier(12)

    def submit():
        try:
            start.wait()
            answers.append(log_visit(sheet=given, by=cast.manager, now=NOW))
        except Exception as fault:  # noqa: BLE001 - shown below
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=submit) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Visit.unscoped.count() == 1
    assert len({answer.visit_ids for answer in answers}) == 1
    assert sum(not answer.duplicate for answer in answers) == 1
    duty.refresh_from_db()
    assert duty.state == "met"
    assert all([row.duty_id for row in answer.settled] == [duty.pk] for answer in answers)
    assert connection.is_usable()
