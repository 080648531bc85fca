"""Freeze the figures of a month with its ledger (decisions 3): counted once more, their rows kept, then unchanged."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.sweeps import sweep
from kpi.actions.counting import (
    EVERYONE,
    Count,
    count_facts,
    counts_ending_with,
    has_evidence,
    hold_mark,
    may_count,
    pack_evidence,
    settle_results,
)
from kpi.models import FrozenMonth
from kpi.sweeps.refresh import make_room
from kpi.sweeps.scores import count_month
from visits.models import MonthFreeze

_FREEZE = """
UPDATE kpi_result r SET frozen_at = %(now)s
FROM unnest(%(indicators)s::bigint[], %(periods)s::date[]) AS p(indicator_id, period_on)
WHERE r.indicator_id = p.indicator_id AND r.period_on = p.period_on AND r.frozen_at IS NULL
"""


@sweep("freeze_results", label=_("Freeze the figures of the month"), own_transactions=True)
def freeze_results(*, today: date, now: datetime) -> dict[str, int]:
    """Every month whose ledger is frozen and whose figures are not, oldest first, each in a transaction of its own."""
    rows = 0
    months = months_to_freeze()
    for month in months:
        with write(label="system:freeze_results"):
            rows += freeze_month(month, today=today, now=now)
    return {"rows": rows, "months": len(months)}


def months_to_freeze() -> list[date]:
    """Months of the ledger that are final and whose figures are not yet."""
    done = set(FrozenMonth.objects.values_list("month", flat=True))
    return [
        month for month in MonthFreeze.objects.order_by("month").values_list("month", flat=True) if month not in done
    ]


def freeze_month(month: date, *, today: date, now: datetime) -> int:
    """The figures of every period that ends with this month become final, entered ones too."""
    make_room()
    hold_mark()
    FrozenMonth.objects.create(month=month, frozen_at=now)
    counts = [count for count in counts_ending_with(month, today) if may_count(count, today=today, now=now)]
    for count in counts:
        if not has_evidence(count):
            pack_evidence(count, today=today, now=now)
        count_facts(count, EVERYONE, today=today, now=now)
    settle_results(counts, now=now)
    frozen = _freeze(counts_ending_with(month, today, entered_too=True), now)
    count_month(month, now=now)  # the scores become final with what they rest on
    return frozen


def _freeze(counts: list[Count], now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            _FREEZE,
            {
                "now": now,
                "indicators": [count.indicator.id for count in counts],
                "periods": [count.bounds.first for count in counts],
            },
        )
        return int(cursor.rowcount)
