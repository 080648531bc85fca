"""Every night: what has become overdue, how far dunning has come, which papers are owed (SAL-23, SAL-25)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.queries.spans import Span, by_range
from crm.core.notices import NoticeRow, notify
from crm.core.sweeps import sweep
from sales.actions.dunning import follow_all
from sales.actions.guarantees import follow_papers
from visits.sweeps.room import make_room

# Whose supervisor hears that customers have come to the last stage today; one line a day, however many they are.
_STOPS = """
SELECT boss.user_id, count(DISTINCT d.customer_id) FROM sales_dunningcase d
JOIN accounts_customer c ON c.id = d.customer_id JOIN accounts_staff m ON m.id = c.manager_id
JOIN accounts_staff boss ON boss.id = m.supervisor_id
WHERE d.closed_on IS NULL AND d.stage = 4 AND d.stage_on = %s GROUP BY 1
"""


def parts_to_scan(*, today: date, now: datetime) -> list[dict[str, Any]]:
    """Everybody, by ranges."""
    found = Customer.unscoped.aggregate(first=Min("pk"), last=Max("pk"))
    return by_range((found["first"], found["last"]), today)


@sweep("scan_arrears", label=_("Look for unpaid bills and ask for them"), cut=parts_to_scan, whole_at_end=False)
def scan_arrears(*, today: date, now: datetime, span: Mapping[str, Any] | None = None) -> int:
    """SAL-23: unpaid past the due day → a case and a task; stages by days; paid → closed. Also builds the credit
    accounts and the arrears of the lists anew from the bills (decisions 22). Twice is the same as once."""
    make_room()
    return sum(follow_all(Span.of(span), today, now).values())


@sweep("tell_of_stops", label=_("Tell supervisors who has come to the last stage of dunning"))
def tell_of_stops(*, today: date, now: datetime) -> int:
    """SAL-23: reminder → call → visit → stop-service proposal: the last is for the supervisor to know."""
    with connection.cursor() as cursor:
        cursor.execute(_STOPS, [today])
        bosses = cursor.fetchall()
    url = "/sales/arrears/?stage=4"
    return notify(
        [NoticeRow(user, "dunning_stops", occasion=f"{today}", params={"count": n}, url=url) for user, n in bosses], now
    )


@sweep("guarantee_papers", label=_("Flag guarantees whose papers are owed"))
def guarantee_papers(*, today: date, now: datetime) -> int:
    """SAL-25: papers owed past their day → overdue, a task for who vouched, and one notice."""
    return follow_papers(today=today, now=now)
