"""``make fmt``: put the code into its format and mend what can be mended by rule."""

import subprocess
import sys
from pathlib import Path

from dev.places import ROOT


def main() -> int:
    """Ruff, twice."""
    ruff = str(Path(sys.executable).parent / "ruff")
    subprocess.run([ruff, "check", "--fix", "-q", "."], cwd=ROOT)
    return subprocess.run([ruff, "format", "-q", "."], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
