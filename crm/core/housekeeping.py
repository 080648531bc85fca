"""What the night tidies up for the ground itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core import pieces, row_budget, sign_in
from crm.core.exports.making import forget_old_exports
from crm.core.models import IdempotencyKey, Session
from crm.core.sweeps import sweep

KEYS_KEPT = timedelta(hours=48)
MONTHS_AHEAD = 3


@sweep("housekeeping", label=_("Housekeeping"))
def housekeeping(*, today: date, now: datetime) -> dict[str, int]:
    """Months of the change log made ahead; ended sessions, old sign-in counts and old answers removed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_change_make_partitions(%s)", [MONTHS_AHEAD])
        months = int(cursor.fetchone()[0])
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    locks = sign_in.forget_old_locks(now=now)
    keys = IdempotencyKey.objects.filter(created_at__lt=now - KEYS_KEPT).delete()[0]
    pieces.forget_old_pieces(now=now)
    exports = forget_old_exports(now=now)
    row_budget.forget_old_days(today=today)
    return {
        "rows": sessions + locks + keys + exports,
        "months": months,
        "sessions": sessions,
        "sign_in_locks": locks,
        "answers": keys,
        "exports": exports,
    }
