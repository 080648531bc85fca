"""The supervisor's queue (PLAN-4): exceptions first, then a drawn sample, then the rest, which goes together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from crm.core import parameters
from crm.core.abilities import Access
from crm.core.marks import dated
from visits.choices import PlanPeriod
from visits.queries.catalogue import catalogue
from visits.queries.plans.page import period_words
from visits.rules.review import LogFacts, PlanFacts, is_drawn, log_exceptions, plan_exceptions

LOG, PLAN = "log", "plan"
MOST_ITEMS = 600
REASONS: dict[str, str | Promise] = {
    "missing": _("Nothing written down"),
    "backdated": _("Back-dated"),
    "similar": _("Similar text"),
    "no_visits": _("No visit on a working day"),
    "overlong": _("Overlong call"),
    "untouched": _("Never looked at"),
    "late": _("Handed in late"),
    "left_out": _("Customers left out"),
    "empty": _("Empty"),
}


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A plan or a work log that waits for its reviewer."""

    kind: str
    id: int
    staff_id: int
    on: date
    title: str
    sentence: str
    figures: str
    reasons: tuple[str, ...]
    is_sample: bool

    @property
    def staff_name(self) -> str:
        """Whose work it is."""
        return names.staff_name(self.staff_id)

    @property
    def reason_labels(self) -> list[str]:
        """What is remarkable about it, in words."""
        return [str(REASONS[code]) for code in self.reasons]

    @property
    def is_rest(self) -> bool:
        """Neither remarkable nor drawn: it may be reviewed together with others."""
        return not self.reasons and not self.is_sample

    @property
    def key(self) -> str:
        """Its name in forms and addresses."""
        return f"{self.kind}-{self.id}"

    @property
    def url(self) -> str:
        """Where it is read."""
        return reverse("visits:review_item", args=[self.kind, self.id])


@dataclass(slots=True)
class Queue:
    """Everything that waits, in the order of reading."""

    exceptions: list[QueueItem] = field(default_factory=list)
    sample: list[QueueItem] = field(default_factory=list)
    rest: list[QueueItem] = field(default_factory=list)

    @property
    def items(self) -> list[QueueItem]:
        """In the order of reading."""
        return [*self.exceptions, *self.sample, *self.rest]

    def of(self, staff_id: int) -> Queue:
        """What waits of one manager."""
        parts = (self.exceptions, self.sample, self.rest)
        return Queue(*([item for item in part if item.staff_id == staff_id] for part in parts))

    def neighbours(self, kind: str, number: int) -> tuple[QueueItem | None, QueueItem | None]:
        """Before and after one of them; for one that no longer waits, the first."""
        items = self.items
        place = next((at for at, item in enumerate(items) if (item.kind, item.id) == (kind, number)), None)
        if place is None:
            return None, items[0] if items else None
        before = items[place - 1] if place else None
        return before, items[place + 1] if place + 1 < len(items) else None


_LOGS = """
SELECT l.id, l.staff_id, l."on", l.sentence, coalesce(a.visits, 0), coalesce(a.missing, 0), coalesce(a.backdated, 0),
  coalesce(a.similar, 0), coalesce(a.overlong, 0), core_is_working(l."on")
FROM visits_daylog l JOIN accounts_staff s ON s.id = l.staff_id
LEFT JOIN LATERAL (
  SELECT count(*) AS visits,
    count(*) FILTER (WHERE v.channel_id = ANY(%(on_site)s) AND v.outcome_id = ANY(%(effective)s)
      AND btrim(v.content) = '') AS missing,
    count(*) FILTER (WHERE v.is_backdated) AS backdated,
    count(x.visit_id) AS similar,
    count(*) FILTER (WHERE v.channel_id = %(phone)s
      AND v.ended_at - v.occurred_at > make_interval(mins => %(minutes)s)) AS overlong
  FROM visits_visit v LEFT JOIN visits_texttwin x ON x.visit_id = v.id
  WHERE v.staff_id = l.staff_id AND v.occurred_at >= l."on" - interval '1 day'
    AND v.occurred_at < l."on" + interval '2 days' AND v.occurred_on = l."on" AND v.undone_at IS NULL
) a ON true
WHERE {scope} AND l.review_state = 'waiting' AND l.staff_id IS DISTINCT FROM %(me)s {staff}
ORDER BY l."on", l.id LIMIT %(most)s
"""
# Accepted, or adopted by the system; reviewed once unless it was handed in again after it came back.
_PLANS = """
SELECT p.id, p.staff_id, p.starts_on, p.focus, p.period, coalesce(i.items, 0), coalesce(i.left_out, 0),
  p.state = 'system' AND p.touched_at IS NULL,
  p.state = 'accepted' AND (p.accepted_at AT TIME ZONE 'Asia/Shanghai')::date >= p.starts_on
FROM visits_plan p JOIN accounts_staff s ON s.id = p.staff_id
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE state <> 'cancelled') AS items,
    count(*) FILTER (WHERE leave_out_reason <> '') AS left_out FROM visits_planitem WHERE plan_id = p.id
) i ON true
WHERE {scope} AND p.state <> 'draft' AND p.staff_id IS DISTINCT FROM %(me)s {staff} AND NOT EXISTS (
  SELECT FROM visits_review r WHERE r.plan_id = p.id AND (r.decision = 'approved'
    OR r.at >= greatest(p.accepted_at, p.touched_at, p.drafted_at)))
ORDER BY p.starts_on, p.id LIMIT %(most)s
"""


def queue(access: Access, *, today: date, staff_id: int | None = None) -> Queue:
    """What waits for this reviewer: the people under him, never himself."""
    scope, bound = access.scope_for("review_work").sql_for(unit="s.unit_id", manager="s.id")
    named = scope
    params: dict[str, Any] = {"me": access.staff_id, "most": MOST_ITEMS}
    for place, value in enumerate(bound):
        named = named.replace("%s", f"%(scope{place})s", 1)
        params[f"scope{place}"] = value
    one = ""
    if staff_id is not None:
        one, params["staff"] = "AND s.id = %(staff)s", staff_id
    percent = int(parameters.value("review_sample_percent", today))
    found = Queue()
    with connection.cursor() as cursor:
        cursor.execute(_LOGS.format(scope=named, staff=one), params | _log_params(today))
        logs = [_log_item(row, percent) for row in cursor.fetchall()]
        cursor.execute(_PLANS.format(scope=named, staff=one), params)
        plans = [_plan_item(row, percent) for row in cursor.fetchall()]
    for item in sorted([*plans, *logs], key=lambda item: (item.on, item.kind, item.id)):
        (found.exceptions if item.reasons else found.sample if item.is_sample else found.rest).append(item)
    found.exceptions.sort(key=lambda item: (-len(item.reasons), item.on, item.id))
    return found


def _log_params(today: date) -> dict[str, Any]:
    known = catalogue()
    phone = known.channels.get("phone")
    return {
        "on_site": [channel.id for channel in known.channels.values() if channel.is_on_site],
        "effective": [outcome.id for outcome in known.outcomes.values() if outcome.is_effective],
        "phone": phone.id if phone else None,
        "minutes": int(parameters.value("call_minutes", today)),
    }


def _log_item(row: Sequence[Any], percent: int) -> QueueItem:
    facts = LogFacts(*row[4:10])
    reasons = log_exceptions(facts)
    title = dated(row[2], "SHORT_DATE_FORMAT")
    figures = str(_("%(n)d visits")) % {"n": facts.visits}
    return QueueItem(
        LOG, row[0], row[1], row[2], title, row[3], figures, reasons, not reasons and is_drawn(LOG, row[0], percent)
    )


def _plan_item(row: Sequence[Any], percent: int) -> QueueItem:
    facts = PlanFacts(*row[5:9])
    reasons = plan_exceptions(facts)
    title = f"{PlanPeriod(row[4]).label} {period_words(row[4], row[2])}"
    figures = str(_("%(n)d items")) % {"n": facts.items}
    return QueueItem(
        PLAN, row[0], row[1], row[2], title, row[3], figures, reasons, not reasons and is_drawn(PLAN, row[0], percent)
    )


# --- F26: 审核率


@dataclass(frozen=True, slots=True)
class ReviewRate:
    """Reviewed work logs and plans of a manager, of all there are (F26)."""

    staff_id: int
    logs_reviewed: int
    plans_reviewed: int
    logs: int
    plans: int
    kept: int
    days: int

    @property
    def reviewed(self) -> int:
        """Plans and logs that were looked at."""
        return self.logs_reviewed + self.plans_reviewed

    @property
    def all(self) -> int:
        """Plans and logs there are."""
        return self.logs + self.plans


_RATES = """
SELECT s.id,
  count(l.id) FILTER (WHERE l.review_state <> 'waiting'), coalesce(max(p.reviewed), 0),
  count(l.id), coalesce(max(p.plans), 0),
  count(l.id) FILTER (WHERE d.owed AND (l.closed_by_id IS NOT NULL OR l.entries > 0)),
  count(*) FILTER (WHERE d.owed)
FROM accounts_staff s
CROSS JOIN LATERAL (
  SELECT g::date AS "on", core_is_working(g::date) AND NOT EXISTS (SELECT FROM accounts_leave a
    WHERE a.staff_id = s.id AND a.starts_on <= g AND a.ends_on >= g) AS owed
  FROM generate_series(greatest(%(first)s::date, s.hired_on), %(last)s::date, interval '1 day') g
) d
LEFT JOIN visits_daylog l ON l.staff_id = s.id AND l."on" = d."on"
LEFT JOIN LATERAL (
  SELECT count(*) AS plans, count(*) FILTER (WHERE EXISTS (SELECT FROM visits_review r WHERE r.plan_id = p.id))
    AS reviewed FROM visits_plan p
  WHERE p.staff_id = s.id AND p.starts_on BETWEEN %(first)s AND %(last)s AND p.state <> 'draft'
) p ON true
WHERE {scope} AND s.is_active
  AND EXISTS (SELECT FROM accounts_post o WHERE o.staff_id = s.id AND o.role = 'manager')
GROUP BY s.id ORDER BY s.id
"""


def review_rates(access: Access, *, first: date, last: date) -> list[ReviewRate]:
    """F26 by manager, for whom this reader may look after: days with a log of working days not on leave, reviewed."""
    people = access.scope_for("serve_customers").union(access.scope_for("view_team"))
    scope, bound = people.sql_for(unit="s.unit_id", manager="s.id")
    named, params = scope, {"first": first, "last": last}
    for place, value in enumerate(bound):
        named = named.replace("%s", f"%(scope{place})s", 1)
        params[f"scope{place}"] = value
    with connection.cursor() as cursor:
        cursor.execute(_RATES.format(scope=named), params)
        return [ReviewRate(*row) for row in cursor.fetchall()]
