"""`make run` from the first start to the last Ctrl-C: it comes up, mends itself, ends cleanly (make prove)."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from select import select

import pytest

from dev.places import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")]


class Terminal:
    """A terminal in which somebody types make, with a var folder and a port of its own."""

    def __init__(self, var: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("CRM_", "PYTEST", "DJANGO"))}
        self.env = kept | {"CRM_VAR": str(var), "PORT": str(self.port), "PYTHON": sys.executable}
        where = [sys.executable, "-c", "from dev.places import socket_folder; print(socket_folder())"]
        self.sockets = subprocess.check_output(where, cwd=ROOT, env=self.env, text=True).strip()
        self.log = var.parent / "log"
        self.running: subprocess.Popen[bytes] | None = None

    def make(self, word: str) -> subprocess.CompletedProcess[str]:
        """Type a target and wait for its end."""
        command = ["make", "-s", word]
        return subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120)

    def run(self) -> None:
        """Type make run and wait until the site answers."""
        with self.log.open("w") as log:
            self.running = subprocess.Popen(
                ["make", "-s", "run"], cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        assert self.until(lambda: self.answer("/healthz")[0] == 200, 400), self.said()

    def said(self) -> str:
        return self.log.read_text()

    def answer(self, path: str) -> tuple[int, bytes]:
        """What the site says; 0 when nobody listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def until(self, true, seconds: float) -> bool:
        """Ask again and again, at most so long."""
        for _ in range(int(seconds * 4)):
            if true():
                return True
            select([], [], [], 0.25)
        return False

    def processes(self, word: str = "") -> list[int]:
        """Every process started from this terminal, by what its command line contains.

        Valkey writes over its environment, but names its socket.
        """
        mark = f"CRM_VAR={self.env['CRM_VAR']}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                line = (folder / "cmdline").read_bytes()
                ours = mark in (folder / "environ").read_bytes() or self.sockets.encode() in line
                if ours and word.encode() in line:
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    def type(self, number: signal.Signals) -> None:
        """Ctrl-C, or a closed terminal: everybody in the foreground hears it."""
        os.killpg(self.running.pid, number)
        self.running.wait(60)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory):
    """One installation for all tests of this file: the demo data are loaded once."""
    terminal = Terminal(tmp_path_factory.mktemp("life") / "var")
    terminal.run()
    yield terminal
    terminal.make("stop")
    terminal.make("reset")


def test_the_first_start_ends_in_a_site_that_is_ready_with_demo_data(terminal):
    assert "Loading the demo data" in terminal.said()
    assert terminal.until(lambda: terminal.answer("/readyz")[0] == 200, 60), terminal.answer("/readyz")


def test_what_is_killed_is_started_again(terminal):
    """Issue 2: killing worker and database half-way."""
    terminal.until(lambda: terminal.answer("/readyz")[0] == 200, 60)
    for word in (
        "celery\0-A\0crm\0--quiet\0worker",
        "celery\0-A\0crm\0--quiet\0beat",
        "bin/postgres\0-D",
        "valkey-server",
    ):
        victims = [pid for pid in terminal.processes(word) if b"sh" not in Path(f"/proc/{pid}/comm").read_bytes()]
        assert victims, word
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
    assert terminal.until(lambda: terminal.answer("/readyz")[0] != 200, 10)
    assert terminal.until(lambda: terminal.answer("/readyz")[0] == 200, 60), terminal.answer("/readyz")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_ends_every_process_and_the_next_start_keeps_the_data(terminal, number):
    terminal.type(number)
    assert terminal.until(lambda: not terminal.processes(), 10), terminal.processes()
    terminal.run()
    assert "Loading the demo data" not in terminal.said()


def test_a_second_start_from_the_same_folder_is_refused_in_one_sentence(terminal):
    terminal.env["PORT"] = "0" if terminal.port == 65535 else str(terminal.port + 1)
    done = terminal.make("run")
    terminal.env["PORT"] = str(terminal.port)
    assert done.returncode != 0
    assert "running already" in done.stderr
    assert terminal.answer("/healthz")[0] == 200


def test_make_stop_ends_a_site_whose_terminal_is_gone(terminal):
    os.killpg(terminal.running.pid, signal.SIGKILL)
    terminal.running.wait(10)
    assert terminal.processes()
    assert terminal.make("stop").returncode == 0
    assert terminal.until(lambda: not terminal.processes(), 10), terminal.processes()


def test_reset_takes_the_data_away(terminal):
    terminal.make("stop")
    terminal.make("reset")
    assert not (Path(terminal.env["CRM_VAR"]) / "postgres.ready").exists()
    assert not terminal.processes()
