"""A large step in pieces: shared by workers, safe to kill, each piece a transaction of its own (design 4, PLT-3)."""

import threading
from datetime import date
from select import select

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from crm.core import pieces, sweeps, tasks
from crm.core.models import Change, Parameter, SweepPiece, SweepRun

DAY = date(2026, 3, 31)
SPANS = [{"n": 1}, {"n": 2}, {"n": 3}]


@pytest.fixture
def step():
    """Register a step for one test, cut into three spans."""

    def register(run, **more):
        more = {"cut": lambda *, today, now: SPANS} | more
        sweeps.STEPS["test_step"] = sweeps.Step("test_step", run, **more)

    yield register
    sweeps.STEPS.pop("test_step")


def note(span, today, now):
    """A row that shows what has been done."""
    Parameter.objects.create(key=f"done_{(span or {}).get('n', 'all')}", value=1, effective_from=today, set_at=now)


def done():
    return sorted(Parameter.objects.values_list("key", flat=True))


def run(**more):
    return sweeps.run_step("test_step", DAY, timezone.now(), **more)


@pytest.mark.django_db
def test_a_large_step_leaves_one_run_with_the_sums_of_its_pieces(step):
    """PLT-3: a run log with counts."""

    def test_step(*, today, now, span=None):
        note(span, today, now)
        return {"rows": span["n"] if span else 10, "late": 1}

    step(test_step)
    row = run()
    assert (row.rows, row.detail) == (16, {"late": 4, "pieces": 3})
    assert done() == ["done_1", "done_2", "done_3", "done_all"]
    assert SweepRun.objects.count() == 1
    assert set(Change.objects.values_list("actor_label", flat=True)) == {"system:test_step"}


@pytest.mark.django_db
def test_a_step_that_compares_by_ranges_is_not_run_again_for_everything(step):
    def test_step(*, today, now, span=None):
        note(span, today, now)
        return 1

    step(test_step, whole_at_end=False)
    assert run().rows == 3
    assert done() == ["done_1", "done_2", "done_3"]


@pytest.mark.django_db
def test_a_step_with_little_to_do_is_not_cut(step):
    def test_step(*, today, now, span=None):
        note(span, today, now)
        return 1

    step(test_step, cut=lambda *, today, now: [])
    assert run().rows == 1
    assert done() == ["done_all"]
    assert not SweepPiece.objects.exists()


@pytest.mark.django_db
def test_a_piece_that_met_a_deadlock_is_tried_once_more(step):
    tries = []

    def test_step(*, today, now, span=None):
        tries.append(span)
        note(span, today, now)
        if span == {"n": 2} and tries.count(span) == 1:
            raise OperationalError("deadlock detected")
        return 1

    step(test_step)
    assert run().error == ""
    assert done() == ["done_1", "done_2", "done_3", "done_all"]


@pytest.mark.django_db
def test_a_piece_that_fails_keeps_nothing_and_the_step_is_not_done(step):
    """PLT-3: the fault is recorded and raised; the other pieces stay, and the next run does what is missing."""
    broken = [True]

    def test_step(*, today, now, span=None):
        if span == {"n": 2} and broken:
            note({"n": "half"}, today, now)
            raise ValueError("broken")
        if not Parameter.objects.filter(key=f"done_{(span or {}).get('n', 'all')}").exists():
            note(span, today, now)
        return 1

    step(test_step)
    with pytest.raises(pieces.PiecesLeft, match="1 of 3 pieces failed; piece 2: ValueError: broken"):
        run()
    assert done() == ["done_1", "done_3"]
    assert not sweeps.finished_on("test_step", DAY)
    broken.clear()
    assert run().error == ""
    assert done() == ["done_1", "done_2", "done_3", "done_all"]
    assert sweeps.finished_on("test_step", DAY)


@pytest.mark.django_db
def test_the_pieces_of_a_killed_run_are_taken_over(step):
    """PLT-3: what was done is not done again, the killed run says what became of it."""
    ran = []

    def test_step(*, today, now, span=None):
        ran.append(span)
        return 1

    step(test_step)
    killed = SweepRun.objects.create(step="test_step", business_date=DAY, started_at=timezone.now())
    for number, span in enumerate(SPANS, start=1):
        SweepPiece.objects.create(run=killed, number=number, span=span)
    SweepPiece.objects.filter(number=1).update(finished_at=timezone.now(), rows=7)
    row = run()
    assert ran == [{"n": 2}, {"n": 3}, None]
    assert (row.rows, row.detail, row.error) == (10, {"pieces": 3}, "")
    killed.refresh_from_db()
    assert (killed.error, killed.finished_at is None) == (sweeps.CUT_OFF, False)


@pytest.mark.django_db
def test_a_killed_run_of_another_night_is_closed_but_its_pieces_are_not_ours(step):
    step(lambda *, today, now, span=None: 1)
    killed = SweepRun.objects.create(step="test_step", business_date=date(2026, 3, 30), started_at=timezone.now())
    SweepPiece.objects.create(run=killed, number=1, span={"n": 9})
    run()
    assert SweepPiece.objects.filter(run=killed, finished_at=None).count() == 1
    killed.refresh_from_db()
    assert killed.error == sweeps.CUT_OFF


@pytest.mark.django_db
def test_a_bell_that_comes_late_or_twice_does_nothing(step):
    """Celery tasks: repeating is harmless."""
    ran = []

    def test_step(*, today, now, span=None):
        ran.append(span)
        return 1

    step(test_step)
    run(ring=lambda ids: [tasks.night_piece(piece_id) for piece_id in ids])
    assert ran == [*SPANS, None]
    assert [tasks.night_piece(piece.pk) for piece in SweepPiece.objects.all()] == [False] * 3
    assert tasks.night_piece(0) is False
    assert len(ran) == 4


@pytest.mark.django_db
def test_without_a_broker_the_night_goes_on_alone(step, monkeypatch):
    """Design 5: Redis is a bell; losing it loses nothing."""

    def away(*args, **more):
        raise tasks.BrokerError("no broker")

    monkeypatch.setattr(tasks.night_piece, "apply_async", away)
    step(lambda *, today, now, span=None: 1)
    assert run(ring=tasks.ring_for_pieces).rows == 4


@pytest.mark.django_db(transaction=True)
def test_the_step_ends_when_the_last_piece_of_another_worker_has_ended(step):
    """Design 4: several workers share a step; each piece is done once, and nobody goes on before the last one."""
    begun, ran, helpers = threading.Event(), [], []

    def test_step(*, today, now, span=None):
        if span == {"n": 2}:
            begun.set()
            assert until_somebody_waits()
        ran.append((span, threading.current_thread().name))
        return 1

    def ring(ids):
        helper = threading.Thread(target=help_with, args=(ids[1],), name="helper")
        helpers.append(helper)
        helper.start()
        assert begun.wait(20)

    step(test_step)
    row = run(ring=ring)
    helpers[0].join(20)
    assert row.rows == 4
    assert ran == [
        ({"n": 1}, "MainThread"), ({"n": 3}, "MainThread"), ({"n": 2}, "helper"), (None, "MainThread"),
    ]  # fmt: skip


def help_with(piece_id):
    """Another worker, with a connection of its own."""
    try:
        assert pieces.run_piece(piece_id)
    finally:
        connection.close()


def until_somebody_waits():
    """Until another connection to this database waits for a lock."""
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return True
        select([], [], [], 0.05)
    return False
