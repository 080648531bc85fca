"""CPU seconds of processes, read from the kernel's scheduler statistics: they hold on a noisy machine."""

from __future__ import annotations

from pathlib import Path


def children(pid: int) -> list[int]:
    """The direct and indirect child processes of `pid`."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            direct = [int(child) for child in (task / "children").read_text().split()]
        except FileNotFoundError:
            continue
        for child in direct:
            found += [child, *children(child)]
    return found


def seconds(pids: list[int]) -> float:
    """CPU seconds that these processes have used so far, all threads together."""
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*"):
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except FileNotFoundError:
                continue
    return total / 1e9


def proportional_set_mb(pids: list[int]) -> float:
    """Memory of these processes together, each shared page counted once (PSS), in MB; who has ended has none."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024
