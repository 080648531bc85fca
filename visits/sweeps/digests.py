"""The morning digest: one notice per manager and day, written in one go (design 4: sweeps don't send)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.notices import NoticeRow, notify
from crm.core.sweeps import finished_on, sweep
from visits.notices import DUTY_DIGEST
from visits.sweeps.room import make_room

STEP = "morning_digests"

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


@sweep(STEP, label=_("Write the morning digests"))
def morning_digests(*, today: date, now: datetime) -> int:
    """PLT-3: one notification; running again writes none, nor does a night made up for on a later day.

    Whoever has nothing to do gets none.
    """
    if today < timezone.localdate(now) or finished_on(STEP, today):
        return 0
    make_room()
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
    return notify(
        (
            NoticeRow(
                user_id, DUTY_DIGEST.kind, "accounts_staff", staff_id, today.isoformat(),
                {"today": due, "at_risk": at_risk, "overdue": overdue, "covered": covered[staff_id]}, "/",
            )
            for staff_id, (user_id, due, at_risk, overdue) in counts.items()
            if due or at_risk or overdue or covered[staff_id]
        ),
        now,
    )  # fmt: skip
