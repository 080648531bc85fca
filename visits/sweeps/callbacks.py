"""Every night: texts that repeat themselves, and the sample of contacts to be asked about (CON-34, KPI-7)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import parameters
from crm.core.sweeps import sweep
from visits.rules.callbacks import LONG_TEXT, drawn_by
from visits.sweeps.room import make_room

"""So far back an author's own texts are compared."""
LOOK_BACK = 7
"""So old may a contact be that is drawn: later nobody remembers it."""
SPARE_DAYS = 30
"""Nobody is asked twice within so many days."""

# Length first: texts that differ by a third cannot be nearly the same.
_TWINS = """
WITH fresh AS MATERIALIZED (
  SELECT v.id, v.staff_id, v.occurred_at, v.content, visits_trigrams(v.content) AS t FROM visits_visit v
  WHERE v.logged_at >= %(from)s AND v.logged_at < %(until)s AND length(v.content) > %(long)s AND v.undone_at IS NULL
    AND v.event IS NULL
), old AS MATERIALIZED (
  SELECT v.id, v.staff_id, v.occurred_at, v.content, visits_trigrams(v.content) AS t FROM visits_visit v
  WHERE v.staff_id IN (SELECT staff_id FROM fresh) AND v.occurred_at >= %(from)s - make_interval(days => %(days)s)
    AND length(v.content) > %(long)s AND v.undone_at IS NULL
)
INSERT INTO visits_texttwin (visit_id, twin_id, similarity, found_on)
SELECT DISTINCT ON (f.id) f.id, o.id, round(s.similarity, 3), %(today)s
FROM fresh f JOIN old o ON o.staff_id = f.staff_id AND (o.occurred_at, o.id) < (f.occurred_at, f.id)
  AND length(o.content) BETWEEN length(f.content) * 2 / 3 AND length(f.content) * 3 / 2
CROSS JOIN LATERAL (SELECT visits_similarity(f.t, o.t) AS similarity) s
WHERE s.similarity >= %(least)s
ORDER BY f.id, s.similarity DESC, o.id DESC
ON CONFLICT (visit_id) DO NOTHING
"""

_DRAW = """
WITH had AS (
  SELECT k.staff_id, count(*) AS number FROM visits_callback k
  WHERE k.month = %(month)s AND k.state NOT IN ('unreached', 'cancelled') GROUP BY 1
), able AS (
  SELECT v.id, v.staff_id, v.unit_id, v.customer_id, w.visit_id IS NOT NULL AS is_twin,
    -ln((('x' || substr(md5(%(seed)s || ':' || v.id), 1, 12))::bit(48)::bigint + 1)::float8 / (16::float8 ^ 12 + 1))
      / CASE WHEN w.visit_id IS NULL THEN 1 ELSE %(weight)s END AS place
  FROM visits_visit v
  JOIN visits_outcome r ON r.id = v.outcome_id AND r.is_effective
  JOIN accounts_customer c ON c.id = v.customer_id AND c.phone <> '' AND c.state = 'active'
  JOIN accounts_staff s ON s.id = v.staff_id AND s.is_active
  LEFT JOIN visits_texttwin w ON w.visit_id = v.id
  WHERE v.occurred_on BETWEEN %(first)s AND %(last)s AND v.logged_at < %(until)s AND v.undone_at IS NULL
    AND NOT v.is_bulk AND v.direction = 'outbound' AND v.logged_from <> 'import'
    AND NOT EXISTS (SELECT 1 FROM visits_callback k JOIN visits_visit o ON o.id = k.visit_id
      WHERE o.customer_id = v.customer_id AND k.drawn_on > %(spare)s)
    AND NOT EXISTS (SELECT 1 FROM visits_callback k WHERE k.visit_id = v.id)
), one AS (SELECT DISTINCT ON (customer_id) * FROM able ORDER BY customer_id, place, id
), ranked AS (
  SELECT one.*, row_number() OVER (PARTITION BY one.staff_id ORDER BY place, id) AS rank FROM one
)
INSERT INTO visits_callback (visit_id, staff_id, unit_id, month, drawn_on, reason, state, attempts, remark, version,
  objection, ruling)
SELECT d.id, d.staff_id, d.unit_id, %(month)s, %(today)s, CASE WHEN d.is_twin THEN 'twin' ELSE 'random' END,
  'waiting', 0, '', 1, '', ''
FROM ranked d LEFT JOIN had h ON h.staff_id = d.staff_id
WHERE d.rank <= %(wanted)s - coalesce(h.number, 0)
ON CONFLICT (visit_id) DO NOTHING
"""


def midnight_of(day: date) -> datetime:
    """The first moment of a day, here."""
    return timezone.make_aware(datetime.combine(day, time()))


@sweep("find_text_twins", label=_("Find texts that repeat themselves"))
def find_text_twins(*, today: date, now: datetime) -> int:
    """CON-34: texts over 30 characters nearly the same as an earlier one of the author; a hint for the sample."""
    make_room()
    midnight = midnight_of(today)
    with connection.cursor() as cursor:
        cursor.execute(
            _TWINS,
            {
                "from": midnight - timedelta(days=1), "until": midnight, "long": LONG_TEXT,
                "days": parameters.value("same_text_days", today),
                "today": today, "least": int(parameters.value("twin_per_cent", today)) / 100,
            },
        )  # fmt: skip
        return int(cursor.rowcount)


@sweep("draw_callbacks", label=_("Draw contacts to be asked about"))
def draw_callbacks(*, today: date, now: datetime) -> int:
    """KPI-7: so many of each manager's contacts a month, spread over its days; the same night draws the same."""
    make_room()
    day = today - timedelta(days=1)
    month = day.replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(
            _DRAW,
            {
                "month": month, "today": today, "seed": today.isoformat(),
                "first": max(month, today - timedelta(days=LOOK_BACK)), "last": day, "until": midnight_of(today),
                "spare": today - timedelta(days=SPARE_DAYS), "weight": float(parameters.value("twin_weight", today)),
                "wanted": drawn_by(day, int(parameters.value("callbacks_per_month", today))),
            },
        )  # fmt: skip
        return int(cursor.rowcount)
