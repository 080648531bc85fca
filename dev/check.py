"""``make check``: format, lint, types, contracts, Django's own checks, then ``make test``."""

import subprocess
import sys
import time
from pathlib import Path

from dev import services, test
from dev.failures import Failure
from dev.places import APPS, ROOT

BIN = Path(sys.executable).parent


def static_part() -> dict[str, list[str]]:
    """What is checked without running the site, by name."""
    python = sys.executable
    return {
        "format": [str(BIN / "ruff"), "format", "--check", "-q", "."],
        "lint": [str(BIN / "ruff"), "check", "-q", "."],
        "types": [str(BIN / "mypy"), "--no-error-summary", *APPS, "dev", "bench", "clients/python/crm_client"],
        "contracts": [str(BIN / "lint-imports"), "--no-cache"],
        "django": [python, "manage.py", "check", "--fail-level", "WARNING"],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
    }


def passes(name: str, command: list[str]) -> bool:
    """Run one check; its output is shown only when it fails."""
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    word = "ok" if done.returncode == 0 else "FAILED"
    print(f"{name:<11} {word} ({time.monotonic() - begun:.1f} s)", flush=True)
    if done.returncode:
        print((done.stdout + done.stderr).strip(), flush=True)
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """All of it, to the end, even when something fails on the way."""
    test.prepare()
    try:
        services.start()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    # The other core migrates meanwhile; the tests wait for it, and make it themselves when that failed.
    with subprocess.Popen([sys.executable, "-m", "dev.template"], cwd=ROOT, stdin=subprocess.DEVNULL):
        failed = [name for name, command in static_part().items() if not passes(name, command)]
    code = test.main(arguments)
    if failed:
        print(f"Failed before the tests: {', '.join(failed)}.")
    return 1 if failed else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
