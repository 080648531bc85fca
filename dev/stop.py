"""``make stop``: end the site and its PostgreSQL and Valkey, wherever they were started from."""

import sys

from dev import processes, services


def main() -> int:
    """End everything of this var folder."""
    processes.stop_site()
    services.stop()
    print("Stopped; your data is kept.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
