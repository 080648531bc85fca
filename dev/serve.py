"""The whole site – web, worker, beat, dispatcher, PostgreSQL, Valkey – until Ctrl-C."""

import fcntl
import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import Any, TextIO

from honcho.manager import Manager

from dev import postgres, processes, services, update, valkey
from dev.failures import Failure, disk_failure
from dev.places import ROOT, var_folder

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a request to end, a closed terminal: the same to us."""


def only_one() -> TextIO:
    """The lock of the running site: one per var folder."""
    lock = (var_folder() / "site.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Failure("The site is running already from this folder: make stop ends it.") from None
    return lock


def announce(port: str, begun: float, ended: threading.Event) -> None:
    """Say where the site is, once it answers."""
    while not processes.answers(port):
        if ended.wait(0.2):
            return
    seconds = time.monotonic() - begun
    print(f"\n  Open http://127.0.0.1:{port}   (ready in {seconds:.0f} s; Ctrl-C ends everything)\n", flush=True)


def keep_services(ended: threading.Event) -> None:
    """Start PostgreSQL and Valkey again when one of them dies."""
    while not ended.wait(2):
        try:
            if not postgres.is_up():
                print("PostgreSQL ended; starting it again", flush=True)
                postgres.start()
            if not valkey.is_running():
                print("Valkey ended; starting it again", flush=True)
                valkey.start()
        except (Failure, OSError) as failure:
            print(disk_failure(failure) or failure, flush=True)


class Site(Manager):  # type: ignore[misc]  # honcho has no types
    """Honcho's manager, which also writes down whom it started, for ``make stop``."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: dict[str, int] = {}

    def _system_print(self, data: str) -> None:
        """Honcho's own remarks say nothing to a newcomer; the ids are kept instead."""
        running = {name: p["pid"] for name, p in self._processes.items() if "pid" in p}
        if running != self.groups:
            self.groups = running
            processes.write_register(running)

    def _killall(self, force: bool = False) -> None:
        """End what was started; a process that has no id yet gets a moment to report it."""
        until = time.monotonic() + 2
        while not self._all_started() and time.monotonic() < until:
            self._take_ids()
        super()._killall(force)

    def _take_ids(self) -> None:
        message: Any = self.events.get()
        if message.type != "line":
            self._processes[message.name].update(message.data)


def serve(port: str, begun: float) -> int:
    """Start the processes and stay until they end."""
    manager = Site()
    for name, command in processes.commands().items():
        env = os.environ | {"CRM_PROCESS": name, "PORT": port, "PYTHONUNBUFFERED": "1"}
        # The web process goes first: the site is there when it answers, and all four load the same code at once.
        line = processes.kept_alive(name, command if name == "web" else ["nice", "-n", "10", *command])
        manager.add_process(name, line, env=env, cwd=str(ROOT))
    ended = threading.Event()
    threading.Thread(target=announce, args=(port, begun, ended), daemon=True).start()
    if not os.environ.get("DATABASE_URL"):
        threading.Thread(target=keep_services, args=(ended,), daemon=True).start()
    try:
        manager.loop()
    finally:
        ended.set()
    return int(manager.returncode or 0)


def interrupt(signum: int, frame: FrameType | None) -> None:
    """A closed terminal or a request to end is the same as Ctrl-C."""
    raise KeyboardInterrupt


def main() -> int:
    """Prepare, serve, clean up."""
    begun = time.monotonic()
    port = os.environ.get("PORT") or "8000"
    own = not os.environ.get("DATABASE_URL")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    for number in ENDINGS:
        signal.signal(number, interrupt)
    try:
        lock = only_one()
        processes.write_register({})
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    code, served = 0, False
    try:
        if own:
            os.environ.setdefault("DEMO", "1")
            services.start()
        update.bring_up_to_date(demo=own)
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        served = True
        code = serve(port, begun)
    except KeyboardInterrupt:
        code = 130
    except Failure as failure:
        print(failure, file=sys.stderr)
        code = 1
    finally:
        for number in ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        if own:
            services.stop()
        processes.register().unlink(missing_ok=True)
        lock.close()
    if code in (130, 143):
        print("\nStopped; your data is kept.", flush=True)
        return 0
    if served:
        print("A process of the site would not stay up, so everything is stopped; its last words are above.")
    return code
