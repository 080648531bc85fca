"""The scores of every month that is not frozen, counted from its results (KPI-1, KPI-2, KPI-9, KPI-12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.sweeps import sweep
from kpi.models import FrozenMonth, Score
from kpi.queries.counted import Counted, assessed_managers, assessed_units, cards_of
from kpi.rules.periods import months_back

LOOK_BACK = 3
"""A month is frozen some days into the next one; so many are looked at."""
CHANGING = ("version_id", "unit_id", "total", "lines", "rank", "of", "rank_overall", "of_overall")
BATCH = 500


@sweep("count_scores", label=_("Scorecards"))
def count_scores(*, today: date, now: datetime) -> int:
    """Count the running month and those not frozen yet; freeze the scores of a month that is. Twice is as once."""
    return sum(count_month(month, now=now) for month in months_back(today, LOOK_BACK))


def count_month(month: date, *, now: datetime) -> int:
    """One month; nothing changes what is frozen (KPI-9). Answers how many scores were written."""
    with write(label="system:count_scores"):
        if Score.unscoped.filter(month=month, frozen_at__isnull=False).exists():
            return 0
        is_frozen = FrozenMonth.objects.filter(month=month).exists()
        cards = cards_of(month, units=True, subjects=assessed_units(month))
        cards += cards_of(month, units=False, subjects=assessed_managers(month))
        return _keep(month, cards, now=now, frozen_at=now if is_frozen else None)


def _keep(month: date, cards: Sequence[Counted], *, now: datetime, frozen_at: datetime | None) -> int:
    """Write what is new or differs, take away who is not assessed any more."""
    there = {_key(row.staff_id, row.unit_id): row for row in Score.unscoped.filter(month=month)}
    new, changed = [], []
    for card in cards:
        values = _values(card)
        row = there.pop(_key(card.subject.staff_id, card.subject.unit_id), None)
        if row is None:
            new.append(
                Score(month=month, staff_id=card.subject.staff_id, computed_at=now, frozen_at=frozen_at, **values)
            )
        elif frozen_at is not None or any(getattr(row, name) != values[name] for name in CHANGING):
            for name, value in values.items():
                setattr(row, name, value)
            row.computed_at, row.frozen_at = now, frozen_at
            changed.append(row)
    Score.unscoped.filter(pk__in=[row.pk for row in there.values()]).delete()
    Score.unscoped.bulk_create(new, BATCH)
    Score.unscoped.bulk_update(changed, [*CHANGING, "computed_at", "frozen_at"], BATCH)
    return len(new) + len(changed) + len(there)


def _key(staff_id: int | None, unit_id: int) -> tuple[int | None, int | None]:
    return (staff_id, None) if staff_id is not None else (None, unit_id)


def _values(card: Counted) -> dict[str, Any]:
    return {
        "version_id": card.version_id,
        "unit_id": card.subject.unit_id,
        **{name: getattr(card, name) for name in CHANGING[2:]},
    }
