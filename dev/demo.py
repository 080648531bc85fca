"""``make demo``: the demo operator anew, on an empty database."""

import os
import sys

from dev import postgres, processes, services, update
from dev.failures import Failure


def main() -> int:
    """Drop the database, make it again, fill it."""
    if os.environ.get("DATABASE_URL"):
        print("make demo is for trying out only: take DATABASE_URL away.", file=sys.stderr)
        return 1
    if processes.registered():
        print("The site is running: end it first (make stop).", file=sys.stderr)
        return 1
    os.environ["DEMO"] = "1"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    try:
        services.start()
        postgres.drop_database()
        postgres.prepare()
        update.bring_up_to_date(demo=True)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        services.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
