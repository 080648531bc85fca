"""``make real DATA=customers.csv``: the whole way with a real file, on an empty database of its own.

``manage.py real`` imports, assigns, runs the nights and prints one line of JSON.
"""

import os
import sys
from pathlib import Path

from dev import postgres, services, update
from dev.failures import Failure
from dev.places import ROOT


def main(arguments: list[str]) -> int:
    """Begin with an empty database, run, stop."""
    if not arguments:
        print("Say which file: make real DATA=customers.csv", file=sys.stderr)
        return 2
    file = Path(arguments[0]).resolve()
    if not file.is_file():
        print(f"There is no file {arguments[0]}.", file=sys.stderr)
        return 2
    os.environ.setdefault("CRM_VAR", str(ROOT / "var" / "real"))
    try:
        services.start()
        postgres.drop_database()
        postgres.prepare()
        update.bring_up_to_date(demo=False)
        update.manage("real", str(file), *arguments[1:])
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        services.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
