"""Which kind of visit it was (CON-15): computed, never asked."""

from __future__ import annotations

from visits.choices import VisitKind


def kind_of(is_effective: bool, *, is_owed: bool, is_awaited: bool) -> VisitKind:
    """ "定期或不定期地对大客户进行上门拜访或电话访问" (CON-15), "发生特殊情况,应立即对其进行特殊访问" (PLAN-8).

    Special: the first contact that came about while a special situation of the customer waited for its visit; an
    attempt that reached nobody leaves it waiting. Regular: a contact was owed. Irregular: nothing was.
    A special visit meets what is owed like any other.
    """
    if is_awaited and is_effective:
        return VisitKind.SPECIAL
    return VisitKind.REGULAR if is_owed else VisitKind.IRREGULAR
