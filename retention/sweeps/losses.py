"""Every night: who was lost, who came back (RET-1, RET-9)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.choices import CustomerKind
from accounts.queries.holders import holder_on, tier_on
from crm.core import parameters
from crm.core.sweeps import sweep
from retention.choices import LossKind
from retention.rules.losses import GONE
from visits.sweeps.room import make_room

# The manager of record on the day, or of the day before when his assignment ended with the loss.
_AT_LOSS = f"""
{holder_on("c.id", "c.exited_on")}
{holder_on("c.id", "(c.exited_on - 1)", alias="hb")}
{tier_on("c.id", "c.exited_on")}
"""
_BACK = """
UPDATE retention_churnrecord r SET returned_on = greatest(%(today)s, r.lost_on),
  is_void = greatest(%(today)s, r.lost_on) - r.lost_on <= %(return_days)s, version = r.version + 1
FROM accounts_customer c WHERE c.id = r.customer_id AND r.returned_on IS NULL AND c.state <> ALL(%(gone)s)
"""
_GONE_AGAIN = """
UPDATE retention_churnrecord r SET returned_on = NULL, is_void = FALSE, version = r.version + 1
WHERE r.id IN (
  SELECT max(k.id) FROM retention_churnrecord k JOIN accounts_customer c ON c.id = k.customer_id
  WHERE c.state = ANY(%(gone)s) AND k.lost_on = c.exited_on AND k.returned_on IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM retention_churnrecord o WHERE o.customer_id = k.customer_id AND o.returned_on IS NULL)
  GROUP BY k.customer_id
)
"""
_MOVED = f"""
UPDATE retention_churnrecord r SET lost_on = c.exited_on, tier_at_loss_id = th.tier_id,
  manager_id = coalesce(h.staff_id, hb.staff_id), unit_id = c.unit_id, version = r.version + 1
FROM accounts_customer c {_AT_LOSS}
WHERE c.id = r.customer_id AND r.returned_on IS NULL AND c.state = ANY(%(gone)s)
  AND c.exited_on <> r.lost_on AND c.exited_on <= %(today)s
"""
# RET-9: ported when an event says so that was not reversed; of a group only one about the whole of it.
_PORTED = """
LATERAL (
  SELECT e.destination FROM accounts_lifecycleevent e
  WHERE e.customer_id = c.id AND e.kind = 'ported_out' AND e.reverses_id IS NULL
    AND (e.line_id IS NULL OR c.kind <> 'group')
    AND e.happened_on BETWEEN c.exited_on - %(near)s AND c.exited_on + %(near)s
    AND NOT EXISTS (SELECT 1 FROM accounts_lifecycleevent w WHERE w.reverses_id = e.id)
  ORDER BY e.happened_on DESC, e.id DESC LIMIT 1
) p ON TRUE
LEFT JOIN retention_competitor k ON k.code = lower(p.destination)
"""
_RIVAL = "coalesce(k.id, (SELECT id FROM retention_competitor WHERE code = 'other'))"
_PORTED_AFTER_ALL = f"""
UPDATE retention_churnrecord r SET kind = %(ported)s, competitor_id = {_RIVAL}, version = r.version + 1
FROM accounts_customer c JOIN {_PORTED}
WHERE c.id = r.customer_id AND r.returned_on IS NULL AND r.kind = %(left)s AND r.edited_by_id IS NULL
  AND r.lost_on > %(today)s - %(year)s
"""
# An ordinary customer is nobody's; he counts when he was somebody's on 1 January (a lower tier is no churn, D9).
_NEW = f"""
INSERT INTO retention_churnrecord (customer_id, kind, lost_on, customer_kind, tier_at_loss_id, manager_id, unit_id,
  cause, recorded_at, is_void, version, competitor_id)
SELECT c.id, CASE WHEN p.destination IS NULL THEN %(left)s ELSE %(ported)s END, c.exited_on, c.kind, th.tier_id,
  coalesce(h.staff_id, hb.staff_id), c.unit_id, '', %(now)s, FALSE, 1,
  CASE WHEN p.destination IS NOT NULL THEN {_RIVAL} END
FROM accounts_customer c {_AT_LOSS} LEFT JOIN {_PORTED}
WHERE c.state = ANY(%(gone)s) AND c.exited_on <= %(today)s
  AND (c.kind <> %(ordinary)s OR EXISTS (SELECT 1 FROM retention_churnbase b
    WHERE b.customer_id = c.id AND b.year = extract(year FROM c.exited_on)))
  AND NOT EXISTS (SELECT 1 FROM retention_churnrecord o WHERE o.customer_id = c.id AND o.returned_on IS NULL)
ORDER BY c.id
ON CONFLICT (customer_id) WHERE returned_on IS NULL DO NOTHING
"""


STATEMENTS = (("back", _BACK), ("again", _GONE_AGAIN), ("moved", _MOVED), ("ported", _PORTED_AFTER_ALL), ("lost", _NEW))
NEAR_DAYS = 31
"""A port-out so many days around the day of leaving tells how he left."""


@sweep("record_losses", label=_("Write down who was lost and who came back"))
def record_losses(*, today: date, now: datetime) -> dict[str, int]:
    """RET-1: every customer who left is written down once, with tier, manager and unit of the day; who came back within
    the days of the parameter was never lost. The day of leaving may be corrected later, and so may where he went, until
    somebody has explained the loss. Twice is the same as once."""
    make_room()
    facts: dict[str, Any] = {
        "today": today,
        "now": now,
        "gone": list(GONE),
        "left": LossKind.LEFT.value,
        "ported": LossKind.PORTED.value,
        "near": NEAR_DAYS,
        "year": 366,
        "ordinary": CustomerKind.ORDINARY.value,
        "return_days": int(parameters.value("churn_return_days", today)),
    }
    done = {}
    with connection.cursor() as cursor:
        for name, statement in STATEMENTS:
            cursor.execute(statement, facts)
            done[name] = int(cursor.rowcount)
    return {"rows": sum(done.values())} | done
