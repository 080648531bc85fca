"""Brings the site's data and files up to date: tables, static files, translations, demo data.

What has not changed since the last time is recognised by a stamp in the var folder and skipped.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from crm.core.icons import names_in_use
from dev import translations
from dev.failures import Failure, disk_failure
from dev.places import APPS, ROOT, var_folder

ROOM = 32 * 1024**2
"""Two segments of PostgreSQL's journal."""


def stamp_of(files: Iterable[Path], *facts: str) -> str:
    """What the contents of some files come to."""
    whole = hashlib.sha256("\n".join(facts).encode())
    for file in sorted(files):
        whole.update(str(file.relative_to(ROOT)).encode())
        whole.update(file.read_bytes())
    return whole.hexdigest()


def code_stamp() -> str:
    """The code of the apps: with the same code the same tables."""
    return stamp_of(file for app in APPS for file in (ROOT / app).rglob("*.py"))


def static_stamp() -> str:
    """The static files and what decides about them."""
    own = [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    deciding = [ROOT / name for name in ("requirements.txt", "package-lock.json", "crm/settings/delivery.py")]
    return stamp_of([*own, *deciding], *sorted(names_in_use(ROOT)))


def is_stamped(name: str, value: str) -> bool:
    """Whether this was done before, for the same."""
    file = var_folder() / f"{name}.stamp"
    return file.exists() and file.read_text() == value


def stamp(name: str, value: str) -> None:
    """Remember that it is done."""
    (var_folder() / f"{name}.stamp").write_text(value)


def manage(*arguments: str, **env: str) -> "subprocess.Popen[bytes]":
    """Start a command of Django's, in a session of its own: Ctrl-C reaches us alone, and we end it."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | env, stderr=subprocess.PIPE, start_new_session=True)


def finish(name: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait for the end of a command, which must be a good one; a full disk is said in one sentence."""
    said = process.communicate()[1].decode(errors="replace")
    if process.returncode and (full := disk_failure(said) or full_disk()):
        raise full
    sys.stderr.write(said)
    if process.returncode:
        raise Failure(f"manage.py {name} failed; what it said is above.")


def full_disk() -> Failure | None:
    """The failure for a disk without room for one more of PostgreSQL's own files, which just stops then."""
    free = shutil.disk_usage(var_folder()).free
    return disk_failure("ENOSPC") if free < ROOM else None


@contextmanager
def ended_with_us(process: "subprocess.Popen[bytes] | None") -> Iterator[None]:
    """A command that runs beside others is not left behind when one of them fails."""
    try:
        yield
    finally:
        if process and process.poll() is None:
            process.kill()
            process.wait()


def command(*arguments: str, **env: str) -> None:
    """Run a command of Django's to its end."""
    process = manage(*arguments, **env)
    with ended_with_us(process):
        finish(arguments[0], process)


def bring_up_to_date(demo: bool) -> None:
    """Tables, static files and translations, then the demo data when wanted; the database must be up."""
    translations.compile_all()
    code, static = code_stamp(), static_stamp()
    collecting = None if is_stamped("static", static) else manage("collectstatic", "--noinput", "--clear", "-v0")
    with ended_with_us(collecting):
        empty, older = demo and not is_stamped("demo", "loaded"), not is_stamped("tables", code)
        if empty:  # one process for both: loading the code of the apps takes seconds
            print("Loading the demo data …", flush=True)
            command("demo", *(["--migrate"] if older else []), CRM_DB_OWNER="1")
            stamp("demo", "loaded")  # all of it or nothing, and nothing where there is data already
        elif older:
            command("migrate", "--noinput", "-v0", CRM_DB_OWNER="1")
        stamp("tables", code)
        if collecting:
            finish("collectstatic", collecting)
            stamp("static", static)
