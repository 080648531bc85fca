"""A visit that never happened, or did after all: what the ledger makes of it, before and after the freeze (CON-34)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from visits.actions.ledger.correcting import revise
from visits.actions.ledger.settling import recompute, reopen_tasks_of
from visits.choices import DutyState
from visits.models import Duty, Visit

if TYPE_CHECKING:
    from crm.core.models import User

# The frozen rows in force (highest revision) that this visit met, each with the earliest other valid visit.
_MET_BY = """
SELECT d.id, (SELECT w.id FROM visits_visit w JOIN visits_channel h ON h.id = w.channel_id
  WHERE w.customer_id = d.customer_id AND w.occurred_on BETWEEN d.owed_from AND d.due_on AND w.counts
    AND w.undone_at IS NULL AND w.id <> %(visit)s AND (d.purpose = 'contact' OR h.is_face_to_face)
  ORDER BY w.occurred_at, w.id LIMIT 1)
FROM visits_duty d WHERE d.met_by_id = %(visit)s AND d.frozen_at IS NOT NULL AND d.state = 'met'
  AND NOT EXISTS (SELECT 1 FROM visits_duty n WHERE n.customer_id = d.customer_id AND n.rule_id = d.rule_id
    AND n.starts_on = d.starts_on AND n.revision > d.revision)
ORDER BY d.id
"""
# The frozen rows in force that are missed and lie around this visit.
_MISSED_AROUND = """
SELECT d.id FROM visits_duty d JOIN visits_visit v ON v.id = %(visit)s AND v.customer_id = d.customer_id
  JOIN visits_channel h ON h.id = v.channel_id
WHERE v.occurred_on BETWEEN d.owed_from AND d.due_on AND d.frozen_at IS NOT NULL AND d.state = 'missed'
  AND (d.purpose = 'contact' OR h.is_face_to_face)
  AND NOT EXISTS (SELECT 1 FROM visits_duty n WHERE n.customer_id = d.customer_id AND n.rule_id = d.rule_id
    AND n.starts_on = d.starts_on AND n.revision > d.revision)
ORDER BY d.id
"""


def withdraw(visit: Visit, *, reason: str, by: User, now: datetime) -> int:
    """The visit no longer counts: open months are recomputed, frozen ones get a signed revision. Answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(_MET_BY, {"visit": visit.pk})
        met = cursor.fetchall()
    for duty_id, other_id in met:
        other = Visit.unscoped.get(pk=other_id) if other_id else None
        state = DutyState.MET if other else DutyState.MISSED
        revise(Duty.unscoped.select_for_update().get(pk=duty_id), state, reason, other, by=by, now=now)
    reopen_tasks_of([visit])
    return len(met) + recompute([visit.customer_id], today=timezone.localdate(now), now=now)


def put_back(visit: Visit, *, reason: str, by: User, now: datetime) -> int:
    """The visit counts again."""
    missed = []
    if visit.counts:
        with connection.cursor() as cursor:
            cursor.execute(_MISSED_AROUND, {"visit": visit.pk})
            missed = [row[0] for row in cursor.fetchall()]
    for duty_id in missed:
        revise(Duty.unscoped.select_for_update().get(pk=duty_id), DutyState.MET, reason, visit, by=by, now=now)
    return len(missed) + recompute([visit.customer_id], today=timezone.localdate(now), now=now)
