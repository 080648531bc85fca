"""The night survives: worker killed, PostgreSQL's connections cut, Valkey gone; nothing is half written (make prove).

A worker of its own runs the night on the test database, with a Valkey of its own; it is stopped at a known place by a
lock that the test holds, in the middle of the pieces of the first step.
"""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from select import select

import pytest
from django.db import connection, connections
from django.utils import timezone
from kombu import Connection

from accounts.models import Standing
from crm import nightly
from crm.celery import app
from crm.core import parameters, sweeps
from crm.core.models import Parameter, SweepPiece, SweepRun
from dev import valkey
from dev.places import ROOT
from tests.cast import build
from tests.visits.ledger_oracle import unsound_suggestions
from tests.visits.ledger_world import customer_of
from visits.models import Duty
from visits.sweeps.opening import parts_to_open

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MANAGERS = ("manager", "teammate", "stranger", "supervisor", "handler", "director")


def until(true, seconds=240):
    """Ask again and again, at most so long."""
    for _ in range(seconds * 20):
        if true():
            return True
        select([], [], [], 0.05)
    return False


class Bell:
    """A Valkey of our own."""

    def __init__(self, folder: Path) -> None:
        self.socket, self.folder = folder / "v.sock", folder
        self.start()

    def start(self) -> None:
        options = ("--port", "0", "--unixsocket", str(self.socket), "--appendonly", "yes", "--save", "")
        self.server = subprocess.Popen(
            [valkey.binary(), *options, "--dir", str(self.folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert until(self.socket.exists, 20)

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    def ring(self) -> None:
        """What beat does every hour."""
        with Connection(self.url) as line:
            app.send_task("crm.tasks.nightly", connection=line)

    def kill(self) -> None:
        self.server.kill()
        self.server.wait()
        self.socket.unlink(missing_ok=True)


class Worker:
    """A Celery worker with one child, on the test database."""

    def __init__(self, bell: Bell, folder: Path) -> None:
        name = connection.settings_dict["NAME"]
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "DJANGO"))}
        env = kept | {"CRM_DATABASE": name, "REDIS_URL": bell.url, "CRM_PROCESS": "worker", "DEMO": ""}
        env |= {"DATABASE_URL": "", "CELERY_CUSTOM_WORKER_POOL": ""}
        command = [sys.executable, "-m", "celery", "-A", "crm", "--quiet", "worker", "--concurrency", "1"]
        self.log = folder / "worker.log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*command, "--loglevel", "WARNING", "--without-gossip", "--without-mingle"],
                cwd=ROOT, env={key: value for key, value in env.items() if value}, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def children(self) -> list[int]:
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in task.read_text().split()]

    def kill(self) -> None:
        """The machine is switched off."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        if self.process.poll() is None:
            self.kill()


@pytest.fixture
def house(tmp_path, monkeypatch):
    """Sixty customers of six managers, cut into pieces of ten, with the middle piece held fast by a lock."""
    cast = build()
    for unit in cast.units.values():
        unit.live_from = date(2024, 1, 1)
        unit.save(update_fields=["live_from"])
    for number in range(60):
        customer_of(cast, ("gold", "silver", "diamond")[number % 3], manager=MANAGERS[number % 6])
    Parameter.objects.create(key="night_piece", effective_from=date(2000, 1, 1), value=10, set_at=timezone.now())
    parameters.forget()
    bell = Bell(tmp_path)
    found = House(bell, tmp_path)
    yield found
    found.end()


class House:
    """Everything a night needs."""

    def __init__(self, bell: Bell, folder: Path) -> None:
        self.bell, self.folder = bell, folder
        self.today = timezone.localdate()
        spans = parts_to_open(today=self.today, now=timezone.now())
        assert len(spans) >= 5
        self.held = Standing.unscoped.filter(manager_id=spans[len(spans) // 2]["managers"][0]).first().pk
        self.worker = Worker(bell, folder)
        self.holder = None

    def hold(self) -> None:
        """Hold one row of the middle piece."""
        self.holder = connections.create_connection("default")
        self.holder.set_autocommit(False)
        with self.holder.cursor() as cursor:
            cursor.execute("SELECT 1 FROM accounts_standing WHERE customer_id = %s FOR UPDATE", [self.held])

    def let_go(self) -> None:
        self.holder.close()

    def night_waits(self) -> None:
        """Until the worker stands at our lock, in the middle of the first step."""
        assert until(lambda: self._waiting("crm-worker")), self.worker.log.read_text()[-2000:]

    def _waiting(self, name: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                " AND application_name = %s",
                [name],
            )
            return bool(cursor.fetchone()[0])

    def night_is_done(self, seconds: int = 240) -> None:
        done = until(lambda: nightly.due_nights(self.today) == [], seconds)
        assert done, self.worker.log.read_text()[-3000:]

    def end(self) -> None:
        self.worker.end()
        self.bell.kill()
        if self.holder is not None:
            self.holder.close()


def assert_nothing_is_half_written():
    """What is there is exactly the work of the pieces that ended; no later step has begun."""
    pieces = list(SweepPiece.objects.all())
    done = [piece for piece in pieces if piece.finished_at]
    assert 0 < len(done) < len(pieces)
    assert Duty.unscoped.filter(purpose="contact").count() == sum(piece.rows for piece in done)
    assert set(SweepRun.objects.values_list("step", flat=True)) == {"open_duties"}
    assert not sweeps.finished_on("open_duties", timezone.localdate())


def assert_the_night_is_whole(today):
    """One open duty per customer who is owed one, lists and ledger agree, suggestions are sound."""
    owed = Standing.unscoped.filter(duty_state__in=["open", "due_soon"])
    assert owed.count() >= 60
    for row in owed:
        assert Duty.unscoped.filter(customer_id=row.pk, state="open", purpose="contact").count() == 1
    differences = []
    assert until(lambda: _compare(today, differences))
    assert differences == [0]
    assert unsound_suggestions(today) == []
    for step in nightly.STEPS:
        assert sweeps.finished_on(step, today), step


def _compare(today, differences):
    """Lists against ledger, as soon as the night has let go of that step."""
    done = nightly.run_night(today, now=timezone.now(), steps=["rebuild_standings"])
    differences += [row.differences for row in done or ()]
    return done is not None


def test_a_worker_killed_in_the_middle_of_the_night_leaves_whole_pieces_and_the_next_one_goes_on(house):
    """PLT-3, issue 2: killing the worker half-way; the next bell (beat, every hour) completes the night."""
    house.hold()
    house.bell.ring()
    house.night_waits()
    house.worker.kill()
    house.let_go()
    assert until(lambda: not _others())
    assert_nothing_is_half_written()
    house.worker = Worker(house.bell, house.folder)
    house.bell.ring()
    house.night_is_done()
    assert_the_night_is_whole(house.today)
    errors = list(SweepRun.objects.filter(step="open_duties").order_by("pk").values_list("error", flat=True)[:2])
    assert errors == [sweeps.CUT_OFF, ""]


def test_a_killed_child_of_the_worker_is_replaced_and_the_night_goes_on_by_itself(house):
    """Design 5: acks_late and reject_on_worker_lost; nobody rings again."""
    house.hold()
    house.bell.ring()
    house.night_waits()
    for pid in house.worker.children():
        os.kill(pid, signal.SIGKILL)
    house.let_go()
    house.night_is_done()
    assert_the_night_is_whole(house.today)


def test_when_postgresql_cuts_every_connection_the_night_comes_back_by_itself(house):
    """Issue 2: the database restarted half-way; the task is tried again when it is back."""
    house.hold()
    house.bell.ring()
    house.night_waits()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    house.night_is_done()
    assert_the_night_is_whole(house.today)
    said = "".join(SweepRun.objects.filter(step="open_duties").values_list("error", flat=True))
    assert "OperationalError" in said or sweeps.CUT_OFF in said


def test_when_valkey_is_gone_the_work_is_in_postgresql_and_the_next_bell_ends_it(house):
    """Design 5: Redis is a bell, losing it loses nothing."""
    house.hold()
    house.bell.ring()
    house.night_waits()
    house.bell.kill()
    house.let_go()
    select([], [], [], 1)
    (house.folder / "appendonlydir").rename(house.folder / "lost")  # all that it knew is lost as well
    house.bell.start()
    house.worker.end()
    house.worker = Worker(house.bell, house.folder)
    house.bell.ring()
    house.night_is_done()
    assert_the_night_is_whole(house.today)


def test_the_command_needs_no_valkey_at_all(house):
    """`manage.py nightly` on a machine whose broker is away."""
    house.worker.end()
    house.bell.kill()
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "DJANGO"))}
    env |= {"CRM_DATABASE": connection.settings_dict["NAME"], "REDIS_URL": house.bell.url}
    command = [sys.executable, "manage.py", "nightly"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    assert f"{house.today} open_duties: 6" in done.stdout
    assert_the_night_is_whole(house.today)


def _others() -> int:
    """Backends of workers that are still there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'crm-worker'"
        )
        return int(cursor.fetchone()[0])
