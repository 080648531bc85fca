"""``make run``: the whole site with one command, until Ctrl-C."""

import signal
import sys


def main() -> int:
    """Serve; while nothing is started yet, Ctrl-C simply ends."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from dev import serve

    return serve.main()


if __name__ == "__main__":
    sys.exit(main())
