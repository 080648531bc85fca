"""Who is told what about his plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection
from django.urls import reverse

from crm.core.notices import NoticeRow, notify
from visits.notices import WEEK_DRAFTED

_COUNTS = """
SELECT t.user_id, p.id, (SELECT count(*) FROM visits_planitem i WHERE i.plan_id = p.id) FROM visits_plan p
JOIN accounts_staff t ON t.id = p.staff_id
WHERE p.period = 'week' AND p.starts_on = %s AND p.staff_id = ANY(%s)
"""


def tell_of_drafts(monday: date, staff_ids: Sequence[int], *, now: datetime) -> int:
    """One notice each: the week is drafted, one tap accepts it. An empty draft tells nobody."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [monday, list(staff_ids)])
        rows = cursor.fetchall()
    url = f"{reverse('visits:plan')}?week={monday.isoformat()}"
    return notify(
        (
            NoticeRow(user_id, WEEK_DRAFTED.kind, "visits_plan", plan_id, "", {"count": count}, url)
            for user_id, plan_id, count in rows
            if count
        ),
        now,
    )
