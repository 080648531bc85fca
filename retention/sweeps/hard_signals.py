"""Every minute: hard signals become red alerts, day and night, outside any capacity (RET-3, decisions 26)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.choices import AlertLevel
from accounts.models import Signal
from crm.core import parameters
from crm.core.sweeps import sweep
from retention.actions.alerts import open_alert
from retention.actions.scoring import score_customers
from retention.actions.telling import tell_hard, tell_unseen
from retention.alert_notices import TABLE, UNSEEN
from retention.choices import AlertTrigger
from retention.models import Alert
from retention.queries.scoring import AsOf
from retention.rules.losses import GONE

MOST = 200
TOO_OLD = timedelta(days=30)
"""What happened so long ago is history: it counts in the score and wakes nobody."""
LOOKED_BACK = timedelta(days=2)

_UNSEEN = f"""
SELECT a.id FROM retention_alert a
WHERE a.closed_at IS NULL AND a.first_action_at IS NULL AND a.trigger = 'hard' AND a.state = 'open'
  AND a.opened_at <= %(before)s AND a.opened_at > %(after)s
  AND NOT EXISTS (SELECT 1 FROM core_notice n WHERE n.kind = '{UNSEEN.kind}' AND n.subject_table = '{TABLE}'
    AND n.subject_id = a.id AND n.occasion = coalesce(a.signal_id::text, ''))
ORDER BY a.id LIMIT {MOST}
"""


@sweep("open_signal_alerts", label=_("Open alerts on hard signals"))
def open_signal_alerts(*, today: date, now: datetime) -> int:
    """RET-3: within a minute an alert is open, and manager, cover and backup know; then the supervisor. Each signal is
    handled once, whoever runs it and however often."""
    return handle_signals(today=today, now=now) + tell_supervisors(today=today, now=now)


def handle_signals(*, today: date, now: datetime) -> int:
    """New signals, oldest first: scored anew, opened or made louder, told."""
    waiting = Signal.unscoped.filter(handled_at=None).select_related("customer").order_by("pk")
    signals = list(waiting.select_for_update(of=("self",), skip_locked=True)[:MOST])
    if not signals:
        return 0
    alive = [row for row in signals if row.customer.state not in GONE and row.happened_at > now - TOO_OLD]
    score_customers(sorted({row.customer_id for row in alive}), AsOf(today, now))
    opened: dict[int, Alert] = {}
    for row in alive:
        alert, _is_new = open_alert(
            customer_id=row.customer_id, trigger=AlertTrigger.HARD, level=AlertLevel.RED, signal=row, note=row.text,
            by=None, now=now,
        )  # fmt: skip
        alert.signal = row
        opened[row.pk] = alert
    tell_hard(list(opened.values()), now=now)
    Signal.unscoped.filter(pk__in=[row.pk for row in signals]).update(handled_at=now)
    return len(signals)


def tell_supervisors(*, today: date, now: datetime) -> int:
    """Nobody looked at it for some minutes: the supervisor hears of it, once."""
    minutes = int(parameters.value("alert_unseen_minutes", today))
    with connection.cursor() as cursor:
        cursor.execute(_UNSEEN, {"before": now - timedelta(minutes=minutes), "after": now - LOOKED_BACK})
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return 0
    return tell_unseen(list(Alert.unscoped.filter(pk__in=ids).select_related("customer")), now=now)
