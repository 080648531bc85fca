"""The processes of the site – web, worker, beat, dispatcher – and how a later command finds and ends them."""

import json
import os
import shlex
import signal
import sys
import time
import urllib.request
from pathlib import Path

from dev.places import var_folder

STOP_SECONDS = 10


def commands() -> dict[str, list[str]]:
    """What each process runs; production runs the same (deploy/)."""
    python = sys.executable
    return {
        "web": [python, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "crm.wsgi"],
        "worker": [
            *(python, "-W", "ignore", "-m", "celery", "-A", "crm", "--quiet", "worker", "-n", "worker@%h"),
            *("--loglevel", "WARNING", "--concurrency", "2", "--without-gossip", "--without-mingle"),
        ],
        "beat": [
            *(python, "-m", "celery", "-A", "crm", "--quiet", "beat"),
            *("--loglevel", "WARNING", "--pidfile", ""),
        ],
        "dispatcher": [python, "manage.py", "dispatcher"],
    }


def kept_alive(name: str, command: list[str]) -> str:
    """The command as a line for the shell that starts a process again when it dies, but not for ever."""
    return (
        "falls=0; while [ $falls -lt 5 ]; do begun=$(date +%s); "
        f"{shlex.join(command)}; "
        "if [ $(($(date +%s) - begun)) -lt 10 ]; then falls=$((falls + 1)); else falls=0; fi; "
        f"echo '{name} ended; starting it again'; sleep 1; done"
    )


def register() -> Path:
    """Where the ids of the running site are kept."""
    return var_folder() / "site.json"


def parent_of(pid: int) -> int:
    """The parent of a process; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0


def born(pid: int) -> str:
    """When a process began, so that a number used again by another is not mistaken; empty when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "there" if not Path("/proc/self").exists() and is_alive(pid) else ""
    return "" if fields[0] == "Z" else fields[19]


def is_alive(pid: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def write_register(groups: dict[str, int]) -> None:
    """Remember the running site: its own process and the group of each of its processes."""
    own = os.getpid()
    entries = {name: [pid, born(pid)] for name, pid in {"run": own, **groups}.items()}
    register().write_text(json.dumps(entries))


def registered() -> dict[str, int]:
    """The processes of a running site that are still there, by name."""
    if not register().exists():
        return {}
    entries = json.loads(register().read_text())
    return {name: pid for name, (pid, since) in entries.items() if since and born(pid) == since}


def answers(port: int | str) -> bool:
    """Whether the web process on this port is up."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return True
    except OSError:
        return False


def stop_site() -> bool:
    """End a running site, gently first; whether there was one."""
    found = registered()
    if main := found.get("run"):
        os.kill(main, signal.SIGTERM)
        wait_for_end([main], STOP_SECONDS + 10)
    left = [pid for name, pid in registered().items() if name != "run"]
    for how in (signal.SIGTERM, signal.SIGKILL):
        for pid in left:
            if is_alive(pid):
                os.killpg(pid, how)
        wait_for_end(left, STOP_SECONDS)
    register().unlink(missing_ok=True)
    return bool(found)


def wait_for_end(pids: list[int], seconds: float) -> None:
    """Wait until processes are gone, at most so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(born(pid) for pid in pids):
        time.sleep(0.05)
