"""Whether a measure says what an oracle says: row by row, summed, and for everybody who sees some of it only."""

from crm.core.measures import COLUMNS, by_manager, by_unit, refs
from crm.core.scope import Scope

SHOWN = [
    COLUMNS.index(name) for name in ("manager_id", "unit_id", "day", "numerator", "denominator", "mendable", "ref")
]


def rows_of(measure, time, scope=Scope.ALL):
    return [tuple(row[place] for place in SHOWN) for row in refs(measure, scope, time)]


def sums(rows, place):
    found = {}
    for row in rows:
        one = found.setdefault(row[place], [0, 0, 0])
        for part in range(3):
            one[part] += row[3 + part]
    return {key: tuple(one) for key, one in found.items()}


def compare(cast, measure, time, expected):
    """The rows, their sums, and the rows of everybody who sees some of them only."""
    assert rows_of(measure, time) == expected, measure.name
    for cut, place in ((by_manager, 0), (by_unit, 1)):
        found = {
            key: (one.numerator, one.denominator, one.mendable) for key, one in cut(measure, Scope.ALL, time).items()
        }
        assert found == sums(expected, place), measure.name
    for scope in (
        Scope(unit_ids=(cast.units["A"].pk,)),
        Scope(unit_ids=(cast.units["B"].pk,), manager_ids=(cast.staff["teammate"].pk,)),
        Scope(manager_ids=(cast.staff["manager"].pk,)),
        Scope.NOTHING,
    ):
        seen = [row for row in expected if scope.allows(unit_id=row[1], manager_id=row[0])]
        assert rows_of(measure, time, scope) == seen, measure.name
