"""Compiles the translations: every .po beside which there is no newer .mo. Pure Python, no msgfmt needed."""

import os
import sys
from pathlib import Path

import polib

from dev.places import ROOT


def compile_all(folder: Path = ROOT / "locale") -> int:
    """Compile what is out of date; how many files that were."""
    count = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        half = target.with_suffix(f".mo.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(half))
        half.replace(target)
        count += 1
    return count


if __name__ == "__main__":
    print(f"{compile_all()} translations compiled.")
    sys.exit(0)
