"""Steps of the night that belong to accounts: set-based, safe to repeat (design 4)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _

from accounts.actions.standing import rebuild_own_facts
from accounts.models import Customer, Staff, Tier
from accounts.queries.spans import Span, by_range
from crm.core import parameters
from crm.core.notices import NoticeRow, notify
from crm.core.sweeps import sweep

logger = logging.getLogger(__name__)
SLICE = 50_000
"""So many customers are compared a night, all of them in turn."""
PROPOSAL_SOURCE = "criteria"

# The best tier whose criteria a customer meets; ordinary customers are measured against the VIP tiers.
_PROPOSE = """
INSERT INTO accounts_tierproposal (customer_id, from_tier_id, to_tier_id, source, reason, proposed_at, state, remark)
SELECT w.id, w.tier_id, w.best, %(source)s, w.reason, %(now)s, 'open', ''
FROM (
    SELECT c.id, c.tier_id, best.id AS best, best.rank, own.rank AS rank_now, own.minimum_spend IS NULL AS is_free,
        concat('¥', coalesce(c.monthly_spend, 0)) AS reason
    FROM accounts_customer c
    LEFT JOIN accounts_tier own ON own.id = c.tier_id
    LEFT JOIN LATERAL (
        SELECT t.id, t.rank FROM accounts_tier t
        WHERE t.kind = CASE WHEN c.kind = 'ordinary' THEN 'vip' ELSE c.kind END AND t.is_active
            AND t.minimum_spend IS NOT NULL AND coalesce(c.monthly_spend, 0) >= t.minimum_spend
            AND (t.minimum_tenure_months IS NULL OR c.joined_on <= %(today)s - make_interval(
                months => t.minimum_tenure_months))
        ORDER BY t.rank LIMIT 1
    ) best ON true
    WHERE c.state = 'active' AND c.monthly_spend IS NOT NULL AND {span}
) w
WHERE (w.best IS DISTINCT FROM w.tier_id)
    -- No better tier is met and the present one has no criteria: nothing to say.
    AND (w.best IS NOT NULL OR (w.tier_id IS NOT NULL AND NOT w.is_free))
    AND NOT EXISTS (
        SELECT 1 FROM accounts_tierproposal p WHERE p.customer_id = w.id AND (p.state = 'open' OR (
            p.state = 'refused' AND p.to_tier_id IS NOT DISTINCT FROM w.best AND p.decided_at > %(since)s)))
ON CONFLICT DO NOTHING
"""

# Who decides: the supervisors of managers whose customers were named.
_DECIDERS = """
SELECT boss.user_id, count(*) FROM accounts_tierproposal p JOIN accounts_customer c ON c.id = p.customer_id
JOIN accounts_staff s ON s.id = c.manager_id JOIN accounts_staff boss ON boss.id = s.supervisor_id
WHERE p.state = 'open' AND p.source = %s AND p.proposed_at = %s GROUP BY 1
"""


def parts_to_judge(*, today: date, now: datetime) -> list[dict[str, Any]]:
    """On the first of a month everybody, by ranges."""
    if not _is_judged(today):
        return []
    found = Customer.unscoped.aggregate(first=Min("pk"), last=Max("pk"))
    return by_range((found["first"], found["last"]), today)


def _is_judged(today: date) -> bool:
    return today.day == 1 and Tier.objects.filter(is_active=True, minimum_spend__isnull=False).exists()


@sweep("propose_tiers", label=_("Propose tiers"), cut=parts_to_judge)
def propose_tiers(*, today: date, now: datetime, span: Mapping[str, Any] | None = None) -> int:
    """CUS-4: on the first of a month propose tiers by the criteria; proposals only, never changes.

    Who decides hears of it once, when everybody has been judged.
    """
    if not _is_judged(today):
        return 0
    part = Span.of(span)
    since = now - timedelta(days=parameters.value("refused_tier_days", today))
    params: dict[str, Any] = {"source": PROPOSAL_SOURCE, "today": today, "now": now, "since": since} | part.params
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")
        cursor.execute(_PROPOSE.format(span=part.where(customer="c.id")), params)
        made = int(cursor.rowcount)
    if part.is_everything:
        _tell_deciders(today, now)
    return made


def _tell_deciders(today: date, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DECIDERS, [PROPOSAL_SOURCE, now])
        deciders = cursor.fetchall()
    notify(
        [
            NoticeRow(user_id, "tiers_proposed", occasion=today.isoformat(), params={"count": count}, url="/approvals/")
            for user_id, count in deciders
        ],
        now,
    )


@sweep("probation_reminders", label=_("Remind of the end of probation"))
def probation_reminders(*, today: date, now: datetime) -> int:
    """ORG-20: the supervisor and the trainee hear 14 days before probation ends, once."""
    days = int(parameters.value("probation_reminder_days", today))
    rows = Staff.unscoped.filter(
        is_active=True, probation_ends_on__gte=today, probation_ends_on__lte=today + timedelta(days=days)
    ).select_related("supervisor")
    notices = [
        NoticeRow(
            user_id,
            "probation_ends",
            "accounts_staff",
            staff.pk,
            occasion=str(staff.probation_ends_on),
            params={"name": staff.name, "ends_on": str(staff.probation_ends_on)},
            url="/",
        )
        for staff in rows
        for user_id in (staff.user_id, staff.supervisor.user_id if staff.supervisor else None)
        if user_id is not None
    ]
    return notify(notices, now)


@sweep("rebuild_portfolio", label=_("Compare the lists with customers and profiles"))
def rebuild_portfolio(*, today: date, now: datetime) -> dict[str, Any]:
    """Unit, manager, tier, value and completeness anew, a part of the base each night; differences are reported."""
    last = Customer.unscoped.aggregate(last=Max("pk"))["last"] or 0
    part = today.toordinal() % (last // SLICE + 1)
    made, mended = rebuild_own_facts(today=today, ids=(part * SLICE, (part + 1) * SLICE - 1))
    if made or mended:
        logger.error("standings differed from the portfolio", extra={"made": made, "mended": mended})
    return {"rows": made + mended, "made": made, "differences": mended}


# The assignee and who assigned it; once for a day, so a task that was moved is told of again.
_OVERDUE = """
SELECT DISTINCT x.user_id, t.id, t.title, t.due_on, s.name
FROM accounts_task t JOIN accounts_staff s ON s.id = t.staff_id
CROSS JOIN LATERAL (VALUES (s.user_id), (t.created_by_id)) AS x(user_id)
WHERE t.kind = 'assigned' AND t.state = 'open' AND t.due_on < %s AND x.user_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM core_notice n WHERE n.user_id = x.user_id AND n.kind = 'task_overdue'
        AND n.subject_table = 'accounts_task' AND n.subject_id = t.id AND n.occasion = t.due_on::text)
"""


@sweep("flag_overdue_tasks", label=_("Tell of assigned tasks whose day is over"))
def flag_overdue_tasks(*, today: date, now: datetime) -> int:
    """PLAN-17: an overdue task is flagged next morning; running again tells nobody twice."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, [today])
        rows = cursor.fetchall()
    return notify(
        (
            NoticeRow(
                user_id, "task_overdue", "accounts_task", task_id, due_on.isoformat(),
                {"title": title, "due": due_on.isoformat(), "name": name}, f"/tasks/{task_id}/",
            )
            for user_id, task_id, title, due_on, name in rows
        ),
        now,
    )  # fmt: skip


# A member has left when his last line is closed or stopped; `since` is the last day before the days that are counted.
_LEAVING = """
WITH gone AS (
  SELECT l.id, l.customer_id, l.member_id FROM accounts_line l
  WHERE l.closed_on > %(since)s AND l.closed_on <= %(today)s
  UNION
  SELECT l.id, l.customer_id, l.member_id
  FROM accounts_lifecycleevent e JOIN accounts_line l ON l.id = e.line_id AND l.state = 'suspended'
  WHERE e.kind = 'suspended' AND e.happened_on > %(since)s AND e.happened_on <= %(today)s AND e.reverses_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM accounts_lifecycleevent r WHERE r.reverses_id = e.id)
), counted AS (
  SELECT g.customer_id, g.member_id IS NOT NULL AS is_member, count(DISTINCT coalesce(g.member_id, g.id)) AS n
  FROM gone g JOIN accounts_customer c ON c.id = g.customer_id AND c.kind = 'group' AND c.state = 'active'
  WHERE g.member_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM accounts_line o WHERE o.member_id = g.member_id AND o.state = 'active'
      AND (o.closed_on IS NULL OR o.closed_on > %(today)s))
  GROUP BY 1, 2 HAVING count(DISTINCT coalesce(g.member_id, g.id)) >= %(least)s
)
INSERT INTO accounts_signal (customer_id, kind, happened_at, text, quantity, source, external_id, received_at)
SELECT k.customer_id, k.kind, %(now)s, concat(k.n, '/', b.n), k.n, 'system',
  concat(k.kind, ':', k.customer_id, ':', %(today)s::date), %(now)s
FROM (SELECT *, CASE WHEN is_member THEN 'members_leaving' ELSE 'lines_stopped' END AS kind FROM counted) k
CROSS JOIN LATERAL (
  SELECT count(DISTINCT coalesce(l.member_id, l.id)) AS n FROM accounts_line l
  WHERE l.customer_id = k.customer_id AND (l.member_id IS NOT NULL) = k.is_member
    AND l.opened_on <= %(since)s AND (l.closed_on IS NULL OR l.closed_on > %(since)s)
) b
WHERE k.n * 100 >= %(share)s * b.n AND NOT EXISTS (
  SELECT 1 FROM accounts_signal s WHERE s.customer_id = k.customer_id AND s.kind = k.kind AND s.source = 'system'
    AND s.happened_at > %(now)s - make_interval(days => %(days)s))
ORDER BY k.customer_id
ON CONFLICT (source, external_id) DO NOTHING
"""


@sweep("notice_leaving_members", label=_("Notice groups whose members and lines are leaving"))
def notice_leaving_members(*, today: date, now: datetime) -> int:
    """RET-9: a group that lost a share of its members, or of its lines, within so many days shows a signal, once."""
    days = int(parameters.value("leaving_days", today))
    facts: dict[str, Any] = {
        "today": today,
        "now": now,
        "days": days,
        "since": today - timedelta(days=days),
        "share": int(parameters.value("leaving_share", today)),
        "least": int(parameters.value("leaving_least", today)),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LEAVING, facts)
        return int(cursor.rowcount)
