"""What a benchmark run says: a table on the screen and `bench/latest.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

LATEST = Path(__file__).with_name("latest.json")


@dataclass(frozen=True)
class Figure:
    """One line: a value, the floor measured in the same run, their ratio and the ratio to reach."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    reach: float | None = None
    note: str = ""

    @property
    def is_reached(self) -> bool:
        """Whether the ratio (or, without a floor, the value) is within what was promised."""
        judged = self.ratio if self.ratio is not None else self.value
        return self.reach is None or judged <= self.reach


def against(name: str, value: float, floor: float, reach: float, unit: str = "ms CPU", note: str = "") -> Figure:
    """A figure with its floor."""
    return Figure(name, round(value, 3), unit, round(floor, 3), round(value / floor, 2), reach, note)


def show(figures: list[Figure]) -> None:
    """Print the table."""
    print(f"{'name':24}{'value':>11} {'unit':8}{'floor':>10}{'ratio':>8}{'reach':>8}  ")
    for figure in figures:
        floor = "" if figure.floor is None else f"{figure.floor:.3f}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        reach = "" if figure.reach is None else f"{figure.reach:g}"
        mark = "ok" if figure.is_reached else "OVER"
        print(
            f"{figure.name:24}{figure.value:>11.3f} {figure.unit:8}{floor:>10}{ratio:>8}{reach:>8}"
            f"  {mark if figure.reach is not None else ''} {figure.note}"
        )


def store(figures: list[Figure]) -> None:
    """Write the list that others compare with; parts that were not measured this time keep their last figures."""
    known = {row["name"]: row for row in json.loads(LATEST.read_text())} if LATEST.exists() else {}
    known |= {figure.name: asdict(figure) for figure in figures}
    LATEST.write_text(json.dumps(list(known.values()), indent=1, ensure_ascii=False) + "\n")
