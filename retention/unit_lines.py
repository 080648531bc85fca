"""Lines of a table by unit: the units right below the one that everything counted has in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.queries import names


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit with all below it, or (`is_alone`) the common one without those below it."""

    unit_id: int
    is_alone: bool
    members: frozenset[int]

    @property
    def label(self) -> str:
        """The unit by name."""
        name = names.unit_name(self.unit_id)
        return _("%(unit)s itself") % {"unit": name} if self.is_alone else name

    @property
    def params(self) -> dict[str, int]:
        """What the address of its rows says."""
        return {"only" if self.is_alone else "unit": self.unit_id}


def unit_lines(unit_ids: Iterable[int]) -> list[UnitLine]:
    """The lines for rows of these units, in the order of the tree; a single unit is a single line."""
    paths = {unit_id: [int(part) for part in names.unit_path(unit_id).split("/") if part] for unit_id in unit_ids}
    if len(paths) < 2:
        return [UnitLine(unit_id, True, frozenset({unit_id})) for unit_id in paths]
    common = _in_common(list(paths.values()))
    groups: dict[tuple[int, bool], set[int]] = {}
    for unit_id, path in paths.items():
        key = (path[common], False) if len(path) > common else (unit_id, True)
        groups.setdefault(key, set()).add(unit_id)
    lines = [UnitLine(unit_id, is_alone, frozenset(members)) for (unit_id, is_alone), members in groups.items()]
    return sorted(lines, key=lambda line: names.unit_path(line.unit_id))


def _in_common(paths: Sequence[Sequence[int]]) -> int:
    """How many units from the top all paths share."""
    count = 0
    for level in zip(*paths, strict=False):
        if len(set(level)) > 1:
            break
        count += 1
    return count
