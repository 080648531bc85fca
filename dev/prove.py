"""``make prove``: the proofs too long for every day – and the whole test run on the oldest PostgreSQL we promise."""

import os
import sys
import time
from pathlib import Path

from dev import postgres, services, test
from dev.failures import Failure
from dev.places import ROOT

OLDEST = Path("/usr/lib/postgresql/15/bin")


def long_tests() -> test.Count:
    """Every test marked ``slow``, on servers of their own."""
    test.prepare()
    services.start()
    try:
        return test.pytest("slow", "-n", test.processes(), "--dist", "loadfile", "-m", "slow")
    finally:
        services.stop()


def oldest_postgres() -> test.Count:
    """All quick tests on PostgreSQL 15, where the machine has one."""
    if not OLDEST.exists():
        print("Skipped PostgreSQL 15: it is not on this machine (apt-get install postgresql-15).", flush=True)
        return test.Count(skipped=1)
    kept = os.environ.get("CRM_VAR", "")
    env = {"CRM_PG_BINARIES": str(OLDEST), "CRM_VAR": f"{kept or ROOT / 'var' / 'test'}15"}
    os.environ.update(env)
    postgres.binaries_folder.cache_clear()
    services.start()
    try:
        return test.unit_tests([])
    finally:
        services.stop()
        os.environ.pop("CRM_PG_BINARIES")
        os.environ["CRM_VAR"] = kept
        postgres.binaries_folder.cache_clear()


def main(arguments: list[str]) -> int:
    """All proofs, and one last line."""
    begun = time.monotonic()
    try:
        result = long_tests() + oldest_postgres()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    seconds = time.monotonic() - begun
    print(f"{result.passed} passed, {result.failed} failed, {result.skipped} skipped in {seconds:.0f} s")
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
