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
# An ordinary customer is nobody's; he counts when he was somebody's on 1 January (a lower tier is no churn, D9).
_NEW = f"""
INSERT INTO retention_churnrecord (customer_id, kind, lost_on, customer_kind, tier_at_loss_id, manager_id, unit_id,
  cause, recorded_at, is_void, version)
SELECT c.id, %(left)s, c.exited_on, c.kind, th.tier_id, coalesce(h.staff_id, hb.staff_id), c.unit_id,
  '', %(now)s, FALSE, 1
FROM accounts_customer c {_AT_LOSS}
WHERE c.state = ANY(%(gone)s) AND c.exited_on <= %(today)s
  AND (c.kind <> %(ordinary)s OR EXISTS (SELECT 1 FROM retention_churnbase b
    WHERE b.customer_id = c.id AND b.year = extract(year FROM c.exited_on)))
  AND NOT EXISTS (SELECT 1 FROM retention_churnrecord o WHERE o.customer_id = c.id AND o.returned_on IS NULL)
ORDER BY c.id
ON CONFLICT (customer_id) WHERE returned_on IS NULL DO NOTHING
"""


@sweep("record_losses", label=_("Write down who was lost and who came back"))
def record_losses(*, today: date, now: datetime) -> dict[str, int]:
    """RET-1: every customer who left is written down once, with tier, manager and unit of the day; who came back within
    the days of the parameter was never lost. The day of leaving may be corrected later. Twice is the same as once."""
    make_room()
    facts: dict[str, Any] = {
        "today": today,
        "now": now,
        "gone": list(GONE),
        "left": LossKind.LEFT.value,
        "ordinary": CustomerKind.ORDINARY.value,
        "return_days": int(parameters.value("churn_return_days", today)),
    }
    done = {}
    with connection.cursor() as cursor:
        for name, statement in (("back", _BACK), ("again", _GONE_AGAIN), ("moved", _MOVED), ("lost", _NEW)):
            cursor.execute(statement, facts)
            done[name] = int(cursor.rowcount)
    return {"rows": sum(done.values())} | done
