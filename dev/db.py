"""``make db``: start the project's own PostgreSQL and Valkey, and leave them running (``make stop`` ends them)."""

import sys

from dev import services
from dev.failures import Failure


def main() -> int:
    """Start both."""
    try:
        services.start()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    print("PostgreSQL and Valkey are running; make stop ends them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
