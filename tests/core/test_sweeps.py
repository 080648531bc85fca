"""Steps of the night: one at a time, recorded, harmless to repeat (PLT-3)."""

from datetime import date

import pytest
from django.db import connections
from django.utils import timezone

from crm.core import sweeps
from crm.core.models import Change, Parameter, SweepRun

DAY = date(2026, 3, 31)


@pytest.fixture
def step():
    names = []

    def register(run, **more):
        sweeps.sweep(run.__name__, **more)(run)
        names.append(run.__name__)

    yield register
    for name in names:
        sweeps.STEPS.pop(name)


@pytest.mark.django_db
def test_a_step_leaves_its_run_and_writes_under_its_own_name(step):
    """PLT-3: a run log with counts."""

    def test_step(*, today, now):
        Parameter.objects.create(key="k", value=1, effective_from=today, set_at=now)
        return {"rows": 1, "late": 2}

    step(test_step)
    run = sweeps.run_step("test_step", DAY, timezone.now())
    assert (run.rows, run.detail, run.error, run.business_date) == (1, {"late": 2}, "", DAY)
    assert run.finished_at is not None
    assert Change.objects.get(tbl="core_parameter").actor_label == "system:test_step"
    assert sweeps.finished_on("test_step", DAY)


@pytest.mark.django_db
def test_a_step_that_fails_undoes_everything_and_says_why(step):
    def test_step(*, today, now):
        Parameter.objects.create(key="k", value=1, effective_from=today, set_at=now)
        return 1 // 0

    step(test_step)
    with pytest.raises(ZeroDivisionError):
        sweeps.run_step("test_step", DAY, timezone.now())
    assert not Parameter.objects.exists()
    assert "ZeroDivisionError" in SweepRun.objects.get().error
    assert not sweeps.finished_on("test_step", DAY)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("own", [False, True])
def test_two_schedulers_at_once_do_the_step_once(step, own):
    ran = []

    def test_step(*, today, now):
        ran.append(today)
        return 1

    step(test_step, own_transactions=own)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            lock = [sweeps.LOCK_SPACE, sweeps.lock_number("test_step")]
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", lock)
            assert sweeps.run_step("test_step", DAY, timezone.now()) is None
            assert not SweepRun.objects.exists()
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)
    finally:
        other.close()
    assert sweeps.run_step("test_step", DAY, timezone.now()).rows == 1
    assert ran == [DAY]


def test_no_two_steps_share_a_lock():
    numbers = {sweeps.lock_number(name) for name in sweeps.STEPS}
    assert len(numbers) == len(sweeps.STEPS)
