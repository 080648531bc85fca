"""Which line a number was in a month: numbers are used again by others (sync-api "lines, usage, bills")."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from accounts.models import Line
from crm.core.errors import Invalid
from crm.core.text import normal_phone


def number_or_blank(raw: Any) -> str:
    """The number of a row in its one form, for finding what it belongs to."""
    try:
        return normal_phone(raw, field="line") if isinstance(raw, str) and raw.strip() else ""
    except Invalid:
        return ""


class Lines:
    """Lines of customers, by number."""

    def __init__(self) -> None:
        self.held: dict[tuple[int, str], list[Line]] = {}

    def load(self, items: Sequence[Mapping[str, Any]], customer_ids: Collection[int]) -> None:
        """Those that rows name."""
        named = {number for item in items if (number := number_or_blank(item.get("line")))}
        found = Line.unscoped.filter(number__in=named, customer_id__in=customer_ids) if named else ()
        for line in found:
            self.held.setdefault((line.customer_id, line.number), []).append(line)

    def of_month(self, customer_id: int | None, number: str, day: date | None) -> Line | None:
        """The customer's line of a number in the month that begins on a day."""
        if customer_id is None or day is None:
            return None
        until = (day + timedelta(days=31)).replace(day=1)
        held = [
            line
            for line in self.held.get((customer_id, number), [])
            if line.opened_on < until and (line.closed_on is None or line.closed_on > day)
        ]
        return max(held, key=lambda line: line.opened_on, default=None)
