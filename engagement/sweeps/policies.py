"""What the clock does for engagement: each manager hears once of whom a policy is missing or ends (ENG-5, ENG-7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core.notices import NoticeKind, NoticeRow, notify
from crm.core.sweeps import sweep
from engagement.notices import POLICIES_EXPIRING, VIPS_WITHOUT_POLICY
from engagement.queries.coverage import IN_SERVICE, covered
from engagement.queries.enrolments import STATES, expiring_days
from visits.sweeps.room import make_room

# The day on which the last of them came onto the list: who is told, is told again when somebody else joins it.
_WITHOUT = f"""
SELECT s.user_id, count(*), max(greatest(coalesce(d.ended_on + 1, c.owed_from, c.joined_on), c.joined_on))
FROM accounts_customer c JOIN accounts_staff s ON s.id = c.manager_id AND s.is_active
LEFT JOIN LATERAL (
  SELECT max(e.ends_on) AS ended_on FROM engagement_policyenrolment e
  JOIN engagement_servicepolicy p ON p.id = e.policy_id AND p.kind = 'service'
  WHERE e.customer_id = c.id AND e.ends_on < %(today)s
) d ON TRUE
WHERE {IN_SERVICE} AND NOT {covered("c.id", "%(today)s")}
GROUP BY 1
"""
_EXPIRING = f"""
SELECT s.user_id, count(*), NULL::date
FROM engagement_policyenrolment e JOIN accounts_customer c ON c.id = e.customer_id
JOIN accounts_staff s ON s.id = c.manager_id AND s.is_active
WHERE {STATES["expiring"]} AND c.state IN ('active', 'suspended')
GROUP BY 1
"""


@sweep("tell_of_policies", label=_("Tell of VIPs without a service policy, and of policies that end"))
def tell_of_policies(*, today: date, now: datetime) -> int:
    """ENG-5, ENG-7: one digest per manager. Of missing policies whenever somebody new is on the list, of those that
    end once a week; running again tells nobody twice."""
    make_room()
    facts: dict[str, Any] = {"today": today, "until": today + timedelta(days=expiring_days(today))}
    monday = today - timedelta(days=today.weekday())
    told = _tell(VIPS_WITHOUT_POLICY, _WITHOUT, facts, monday, "/policies/without/", now)
    return told + _tell(POLICIES_EXPIRING, _EXPIRING, facts, monday, "/policies/enrolments/?state=expiring", now)


def _tell(kind: NoticeKind, sql: str, facts: dict[str, Any], day: date, url: str, now: datetime) -> int:
    with connection.cursor() as db:
        db.execute(sql, facts)
        rows = db.fetchall()
    return notify(
        (
            NoticeRow(
                user_id, kind.kind, occasion=str(since or day), url=url,
                params={"count": count, "until": str(facts["until"])},
            )
            for user_id, count, since in rows
        ),
        now,
    )  # fmt: skip
