"""The morning digest: one notice per person and day, written in one go (design 4: sweeps don't send)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.notices import NoticeRow, notify
from crm.core.sweeps import finished_on, sweep
from visits.actions.ledger.facts import soon_from
from visits.notices import BOTH_DIGEST, DUTY_DIGEST, TEAM_DIGEST
from visits.sweeps.room import make_room

STEP = "morning_digests"
TODAY_URL, TEAM_URL = "/", "/team/"
Digests = dict[tuple[int, int], dict[str, int]]
"""Staff and user → the numbers of his morning."""

_COUNTS = """
SELECT t.id, t.user_id, count(*) FILTER (WHERE s.is_overdue OR s.suggested_on <= %(today)s),
  count(*) FILTER (WHERE s.duty_state = 'due_soon'),
  count(*) FILTER (WHERE s.is_overdue OR s.duty_state IN ('open', 'due_soon') AND s.next_due_on < %(today)s)
FROM accounts_standing s JOIN accounts_staff t ON t.id = s.manager_id
WHERE t.is_active AND (s.is_overdue OR s.suggested_on <= %(today)s OR s.duty_state IN ('open', 'due_soon'))
GROUP BY t.id, t.user_id
"""
_COVERS = """
SELECT k.absent_id, t.id, t.user_id FROM accounts_cover k JOIN accounts_staff t ON t.id = k.substitute_id
WHERE k.starts_on <= %(today)s AND k.ends_on >= %(today)s AND k.cancelled_at IS NULL AND t.is_active
"""
# Who leads a unit today, or stands in for him; his managers are those of Team, the numbers too (visits.queries.team).
_TEAMS = """
WITH post AS (
  SELECT p.staff_id, p.unit_id, p.role FROM accounts_post p JOIN accounts_staff s ON s.id = p.staff_id AND s.is_active
  WHERE p.role IN ('supervisor', 'manager') AND (p.starts_on IS NULL OR p.starts_on <= %(today)s)
    AND (p.ends_on IS NULL OR p.ends_on >= %(today)s)
), head AS (
  SELECT DISTINCT t.id, t.user_id, u.path FROM post JOIN accounts_unit u ON u.id = post.unit_id
  LEFT JOIN accounts_cover k ON k.absent_id = post.staff_id AND k.cancelled_at IS NULL
    AND %(today)s BETWEEN k.starts_on AND k.ends_on
  JOIN accounts_staff t ON t.id = coalesce(k.substitute_id, post.staff_id) AND t.is_active
  WHERE post.role = 'supervisor'
), team AS (
  SELECT DISTINCT head.id AS head_id, head.user_id, m.id AS manager_id
  FROM head JOIN accounts_unit u ON u.path LIKE head.path || '%%' JOIN accounts_staff m ON m.unit_id = u.id
  WHERE m.is_active AND EXISTS (SELECT 1 FROM post WHERE post.staff_id = m.id AND post.role = 'manager')
), behind AS (
  SELECT manager_id, count(*) AS n FROM accounts_standing WHERE is_overdue GROUP BY 1
), near AS (
  SELECT manager_id, count(*) AS n FROM visits_duty
  WHERE state = 'open' AND purpose = 'contact' AND due_on BETWEEN %(today)s AND %(soon)s GROUP BY 1
)
SELECT team.head_id, team.user_id, coalesce(sum(near.n), 0)::int, coalesce(sum(behind.n), 0)::int,
  coalesce(sum((SELECT count(*) FROM visits_excuse e JOIN visits_duty d ON d.id = e.duty_id
    WHERE e.state = 'requested' AND d.manager_id = team.manager_id AND e.requested_by_id <> team.user_id)), 0)::int
FROM team LEFT JOIN behind USING (manager_id) LEFT JOIN near USING (manager_id) GROUP BY 1, 2
"""


@sweep(STEP, label=_("Write the morning digests"))
def morning_digests(*, today: date, now: datetime) -> int:
    """PLT-3: one notification; running again writes none, nor does a night made up for on a later day.

    A manager hears of his day, a supervisor of his team (whoever stands in for him in his place), who is both of both.
    Whoever has nothing to do gets none.
    """
    if today < timezone.localdate(now) or finished_on(STEP, today):
        return 0
    make_room()
    own, teams = _own_days(today), _teams(today)
    return notify(_notices(own, teams, today), now)


def _own_days(today: date) -> Digests:
    """What is due, at risk and overdue of his own, and due of those he covers."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"today": today})
        counts = {staff_id: (user_id, *numbers) for staff_id, user_id, *numbers in cursor.fetchall()}
        cursor.execute(_COVERS, {"today": today})
        covers = cursor.fetchall()
    covered: dict[int, int] = defaultdict(int)
    for absent_id, staff_id, user_id in covers:
        if absent_id in counts:
            covered[staff_id] += counts[absent_id][1]
            counts.setdefault(staff_id, (user_id, 0, 0, 0))
    return _busy(
        {
            (staff_id, user_id): {"today": due, "at_risk": at_risk, "overdue": overdue, "covered": covered[staff_id]}
            for staff_id, (user_id, due, at_risk, overdue) in counts.items()
        }
    )


def _teams(today: date) -> Digests:
    """What of the team is at risk and overdue, and which excuses wait for him."""
    with connection.cursor() as cursor:
        cursor.execute(_TEAMS, {"today": today, "soon": soon_from(today)})
        return _busy(
            {
                (staff_id, user_id): {"team_at_risk": at_risk, "team_overdue": overdue, "waiting": waiting}
                for staff_id, user_id, at_risk, overdue, waiting in cursor.fetchall()
            }
        )


def _busy(digests: Digests) -> Digests:
    return {who: numbers for who, numbers in digests.items() if any(numbers.values())}


def _notices(own: Digests, teams: Digests, today: date) -> Iterator[NoticeRow]:
    for who in sorted(own.keys() | teams.keys()):
        kind = DUTY_DIGEST if who not in teams else BOTH_DIGEST if who in own else TEAM_DIGEST
        params: Mapping[str, Any] = {**own.get(who, {}), **teams.get(who, {})}
        url = TEAM_URL if who in teams else TODAY_URL
        yield NoticeRow(who[1], kind.kind, "accounts_staff", who[0], today.isoformat(), params, url)
