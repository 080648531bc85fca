"""One alert beyond its row: the facts of its customer, the score's history, every step (RET-6, RET-12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from retention.choices import AlertState
from retention.rules.alerts import history_of


@dataclass(frozen=True, slots=True)
class Face:
    """What is known of an alert and its customer today."""

    number: str
    customer_state: str
    joined_on: date | None
    is_control: bool
    proposal: str
    snooze_reason: str
    opened_by: str | None
    signal_at: datetime | None
    signal_source: str | None
    last_visit_on: date | None
    next_due_on: date | None
    arrears: Decimal | None
    missing: Sequence[str]
    recent: Sequence[int]
    scored_on: date | None
    version: int

    @property
    def history(self) -> list[tuple[date, int]]:
        """The score of the last weeks, up to the last night that scored."""
        found = history_of(self.recent)
        if found and self.scored_on and found[-1][0] < self.scored_on:
            found.append((self.scored_on, found[-1][1]))
        return found


_FACE = """
SELECT c.number, c.state, c.joined_on, a.is_control, a.proposal, a.snooze_reason, u.name, g.happened_at, g.source,
  s.last_visit_on, nullif(s.next_due_on, DATE '9999-12-31'), s.arrears, coalesce(r.missing, '{}'),
  coalesce(r.recent, '{}'), r.scored_on, a.version
FROM retention_alert a JOIN accounts_customer c ON c.id = a.customer_id
LEFT JOIN accounts_standing s ON s.customer_id = c.id LEFT JOIN accounts_signal g ON g.id = a.signal_id
LEFT JOIN retention_riskscore r ON r.customer_id = c.id LEFT JOIN core_user u ON u.id = a.opened_by_id
WHERE a.id = %s
"""


def face_of(alert_id: int) -> Face:
    """The facts of an alert already in sight."""
    with connection.cursor() as cursor:
        cursor.execute(_FACE, [alert_id])
        return Face(*cursor.fetchone())


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an alert."""

    from_state: str
    to_state: str
    note: str
    by: str | None
    at: datetime

    @property
    def label(self) -> str:
        """The state it came into."""
        return str(AlertState(self.to_state).label)

    @property
    def is_move(self) -> bool:
        """Whether it went on to another state."""
        return self.from_state != self.to_state


def steps_of(alert_id: int) -> list[Step]:
    """RET-6: every step with person and moment, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.from_state, s.to_state, s.note, u.name, s.at FROM retention_alertstep s"
            " LEFT JOIN core_user u ON u.id = s.by_id WHERE s.alert_id = %s ORDER BY s.id DESC LIMIT 100",
            [alert_id],
        )
        return [Step(*row) for row in cursor.fetchall()]
