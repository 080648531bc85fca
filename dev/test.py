"""``make test``: the quick tests side by side, then the journeys in a browser, on servers of their own.

``ARGS="tests/visits -k settles"`` narrows it down; ``REQUIRE_BROWSER=1`` makes a missing browser a failure.
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from dev import services, translations
from dev.browser import chromium
from dev.failures import Failure
from dev.places import ROOT


@dataclass(frozen=True)
class Count:
    """How a run of pytest ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


def count(report: Path, code: int) -> Count:
    """The result of a run from its report; a run that could not even begin is a failure."""
    if not report.exists():
        return Count(failed=0 if code in (0, 5) else 1)
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - written by pytest a moment ago
    facts = (
        {key: int(suite.get(key) or 0) for key in ("tests", "failures", "errors", "skipped")}
        if suite is not None
        else {}
    )
    failed = facts.get("failures", 0) + facts.get("errors", 0)
    if code not in (0, 5) and not failed:
        failed = 1
    passed = facts.get("tests", 0) - facts.get("failures", 0) - facts.get("errors", 0) - facts.get("skipped", 0)
    return Count(max(passed, 0), failed, facts.get("skipped", 0))


def pytest(name: str, *arguments: str, is_first: bool = True) -> Count:
    """One run of pytest; a later one goes on with the databases of the first, which leaves them as they were."""
    report = ROOT / "var" / f"{name}.xml"
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    base = ["--create-db"] if is_first else []
    command = [sys.executable, "-m", "pytest", *base, "-q", f"--junit-xml={report}", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL)
    return count(report, done.returncode)


def processes() -> str:
    """How many tests run at once: two, or ``TEST_PROCESSES``."""
    return os.environ.get("TEST_PROCESSES") or "2"


def unit_tests(arguments: list[str]) -> Count:
    """Everything that needs no browser, on two cores."""
    return pytest("unit", "-n", processes(), "--dist", "loadfile", "--no-loadscope-reorder", *arguments)


def journeys(arguments: list[str]) -> Count:
    """What a person does in a browser."""
    if not (ROOT / "tests" / "e2e").exists():
        return Count()
    if not chromium():
        if os.environ.get("REQUIRE_BROWSER"):
            print("The journeys need Chromium, and there is none: apt-get install chromium.", flush=True)
            return Count(failed=1)
        print("Skipped the journeys: there is no Chromium here (apt-get install chromium).", flush=True)
        return Count(skipped=1)
    chosen = ("-m", "e2e and not slow", "-n", processes(), "tests/e2e")
    return pytest("e2e", *chosen, *arguments, is_first=False)


def prepare() -> None:
    """Servers apart from those of `make run`, with data nobody wants again."""
    os.environ.setdefault("CRM_VAR", str(ROOT / "var" / "test"))
    os.environ.setdefault("CRM_PG_THROWAWAY", "1")


def main(arguments: list[str]) -> int:
    """Both runs, and one last line that says it all."""
    begun = time.monotonic()
    prepare()
    own = not os.environ.get("DATABASE_URL")
    try:
        translations.compile_all()
        if own:
            services.start()
        result = unit_tests(arguments)
        if not arguments:
            result += journeys([])
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if own:
            services.stop()
    seconds = time.monotonic() - begun
    print(f"{result.passed} passed, {result.failed} failed, {result.skipped} skipped in {seconds:.0f} s")
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
