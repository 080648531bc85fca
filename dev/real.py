"""``make real DATA=customers.csv``: the whole way with a real file, in a database of its own."""

import os
import subprocess
import sys
from pathlib import Path

from dev import postgres, services
from dev.failures import Failure
from dev.places import ROOT


def main(arguments: list[str]) -> int:
    """Start PostgreSQL if it is not up, prove, leave things as they were."""
    if not arguments:
        print("Say which file: make real DATA=customers.csv", file=sys.stderr)
        return 2
    path = Path(arguments[0]).resolve()
    is_own = not os.environ.get("DATABASE_URL")
    was_running = not is_own or postgres.is_running()
    try:
        if is_own:
            services.start()
        command = [sys.executable, "manage.py", "real", "--data", str(path), *arguments[1:]]
        return subprocess.run(command, cwd=ROOT, env={**os.environ, "CRM_DB_OWNER": "1"}).returncode
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        if not was_running:
            services.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
