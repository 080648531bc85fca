"""The template of the test databases: what the migrations make, made once and copied by every process of the tests.

``python -m dev.template`` makes it when it is not there yet.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from dev import postgres
from dev.failures import Failure
from dev.places import APPS, ROOT

PREFIX = "template_of_tests_"


def migrations() -> list[Path]:
    """Every migration of the product."""
    return sorted(path for app in APPS for path in (ROOT / app).rglob("migrations/*.py"))


def name() -> str:
    """The name of the template for these migrations."""
    digest = hashlib.sha256()
    for path in migrations():
        digest.update(f"{path.parent.parent.name}/{path.name}\n".encode())
        digest.update(path.read_bytes())
    return PREFIX + digest.hexdigest()[:12]


def ensure() -> str:
    """Make the template unless it is there, and throw those of other migrations away; its name."""
    wanted = name()
    there = set(postgres.psql(f"SELECT datname FROM pg_database WHERE starts_with(datname, '{PREFIX}')").split())
    if wanted not in there:
        _make(wanted)
    for old in there - {wanted}:
        postgres.psql(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
    return wanted


def _make(wanted: str) -> None:
    """Migrate a draft; it gets its name when it is complete."""
    draft = f"draft_of_{wanted}"
    postgres.psql(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')
    postgres.psql(f'CREATE DATABASE "{draft}" OWNER crm_owner TEMPLATE template1')
    command = [sys.executable, "manage.py", "migrate", "-v", "0"]
    environment = {**os.environ, "CRM_DATABASE": draft}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"The migrations fail on an empty database:\n{done.stderr.strip()}")
    postgres.psql(f'ALTER DATABASE "{draft}" RENAME TO "{wanted}"')


if __name__ == "__main__":
    try:
        ensure()
    except Failure as failure:
        sys.exit(str(failure))
