"""``make lock``: requirements.txt and requirements-node.txt anew, with hashes and without any address."""

import subprocess
import sys
from pathlib import Path

from dev.places import ROOT

OPTIONS = [
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),
    *("--no-header", "--no-annotate", "--python-version", "3.11", "-q"),
]


def main() -> int:
    """Compile both locks; installed versions stay unless requirements.in says otherwise."""
    uv = str(Path(sys.executable).parent / "uv")
    for name in ("requirements", "requirements-node"):
        command = [uv, "pip", "compile", *OPTIONS, "-o", f"{name}.txt", f"{name}.in"]
        done = subprocess.run(command, cwd=ROOT)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
