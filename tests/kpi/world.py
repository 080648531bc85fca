"""Measures made up for the tests of the engine: their rows are handed in, so that a slow oracle can add them up."""

import json
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from crm.core.measures import MEASURES, Measure, Nature
from kpi.models import Indicator, IndicatorTarget
from kpi.queries import indicators as known

SQL = """
SELECT x.manager_id, x.unit_id, x.day, x.numerator, x.denominator, x.excused, x.mendable, x.ref, x.customer_id
FROM jsonb_to_recordset(%(given)s::jsonb) AS x(manager_id bigint, unit_id bigint, day date, numerator numeric,
  denominator numeric, excused int, mendable int, ref bigint, customer_id bigint)
WHERE x.day BETWEEN %(first)s AND %(last)s
"""


class Rows(list):
    """The rows of a made-up measure; a test adds and takes away."""

    def add(self, manager, unit, day, n=0, d=1, *, excused=0, mendable=0, customer=None, ref=None):
        self.append(
            {"manager_id": manager, "unit_id": unit, "day": day.isoformat(), "numerator": str(n),
             "denominator": str(d), "excused": excused, "mendable": mendable,
             "ref": ref or len(self) + 1, "customer_id": customer}
        )  # fmt: skip


@contextmanager
def only(**measures):
    """These measures and no others: name → Measure."""
    before = dict(MEASURES)
    MEASURES.clear()
    MEASURES.update(measures)
    known.forget()
    try:
        yield
    finally:
        MEASURES.clear()
        MEASURES.update(before)
        known.forget()


def measure_of(rows, name="made_up", *, nature=Nature.FLOW, sources=("visits_visit",), **more):
    """A measure over rows that are handed in."""
    return Measure(name, "visits_visit", SQL, sources, nature, params=lambda _time: {"given": json.dumps(rows)}, **more)


def indicator_for(name="made_up", *, code="T1", display="percent", direction="up", period="month", target=None,
                  is_strict=False):  # fmt: skip
    """An indicator that counts the measure."""
    row = Indicator.objects.create(
        code=code, category=3, sub_no=1, measure=name, display=display, direction=direction, period=period,
        label_zh=code, label_en=code, position=500,
    )  # fmt: skip
    if target is not None:
        IndicatorTarget.objects.create(
            indicator=row, effective_from=date(2000, 1, 1), value=Decimal(str(target)), is_strict=is_strict
        )
    return row
