"""``make bench``: the figures and their floors, on servers and data of their own (bench/)."""

import os
import subprocess
import sys

from dev import services
from dev.failures import Failure
from dev.places import ROOT


def main(arguments: list[str]) -> int:
    """Start the servers, measure, stop them."""
    os.environ.setdefault("CRM_VAR", str(ROOT / "var" / "bench"))
    os.environ.setdefault("CRM_PG_SHARED_BUFFERS", "1GB")
    try:
        services.start()
        return subprocess.run([sys.executable, "-m", "bench", *arguments], cwd=ROOT).returncode
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        services.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
