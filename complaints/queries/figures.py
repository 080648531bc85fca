"""Monthly figures of the desk: F24 and F25 (KPI-36), F43 (CON-32, CMP-36), over the rows of their measures."""

from __future__ import annotations

from complaints.queries import measures
from complaints.rules.figures import Complaints, Response, Solved
from crm.core.measures import Share, Time, by_manager, by_unit
from crm.core.scope import Scope


def complaint_figures(scope: Scope, time: Time) -> dict[int, Complaints]:
    """F24 (KPI-36) by manager: justified complaints, and all complaints per hundred VIP customers."""
    justified = by_manager(measures.COMPLAINTS_JUSTIFIED, scope, time)
    complaints = by_manager(measures.COMPLAINTS_PER_HUNDRED, scope, time)
    return {
        staff: Complaints(_number(justified, staff), int(share.numerator), int(share.denominator))
        for staff, share in sorted(_named(complaints).items())
    }


def solution_figures(scope: Scope, time: Time) -> dict[int, Solved]:
    """F25 (KPI-36) by unit: complaints solved by their deadline of those due in the period so far; scores 4 and 5."""
    solved = _named(by_unit(measures.COMPLAINTS_IN_TIME, scope, time))
    # Whoever still has his time is not due yet.
    due = {unit: int(share.denominator) - share.mendable for unit, share in solved.items()}
    scored = _named(by_unit(measures.COMPLAINTS_SATISFIED, scope, time))
    return {
        unit: Solved(
            _number(solved, unit), due.get(unit, 0), _number(scored, unit),
            int(scored[unit].denominator) if unit in scored else 0,
        )
        for unit in sorted(solved.keys() | scored.keys())
        if due.get(unit) or unit in scored
    }  # fmt: skip


def response_figures(scope: Scope, time: Time) -> dict[int, Response]:
    """F43 (CON-32, CMP-36) by manager: from receiving to the first word, and to the first deed, by the clock."""
    received, reply, action = (
        _named(by_manager(measure, scope, time))
        for measure in (measures.REQUESTS_RECEIVED, measures.RESPONSE_TIME, measures.ACTION_TIME)
    )
    found: dict[int, Response] = {}
    for staff, share in sorted(received.items()):
        word, deed = reply[staff], action[staff]
        found[staff] = Response(
            int(share.denominator), int(word.denominator), float(word.numerator), int(deed.denominator),
            float(deed.numerator),
        )  # fmt: skip
    return found


def _named(shares: dict[int | None, Share]) -> dict[int, Share]:
    """Those of somebody: what nobody had is in the unit's figure only."""
    return {key: share for key, share in shares.items() if key is not None}


def _number(shares: dict[int, Share] | dict[int | None, Share], key: int) -> int:
    return int(shares[key].numerator) if key in shares else 0
