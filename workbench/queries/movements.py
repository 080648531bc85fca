"""客户动态: what has moved among one's customers, newest first (RET-11): use, complaints, states, lines, arrears, news.

One statement: a branch for each kind walks the customers by its own index, so that it costs a portfolio, not a table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core import parameters
from crm.core.pages import Keyset
from sales.queries.usage import SHARE

DAYS = 90
LIMIT = 50
KEYSET = Keyset(("-f.at", "-f.kind", "-f.id"), LIMIT, (datetime, str, int))
KINDS: dict[str, str | Promise] = {
    "signal": _("Signs of leaving"),
    "alert": _("Alerts"),
    "complaint": _("Complaints"),
    "usage": _("Use"),
    "arrears": _("Unpaid bills"),
    "key": _("Key changes"),
    "state": _("States"),
    "line": _("Lines"),
}
NEEDS = {"alert": "view_alerts", "signal": "view_alerts", "complaint": "view_cases", "usage": "view_sales",
         "arrears": "view_sales"}  # fmt: skip
"""What somebody must be allowed to see elsewhere to be told of it here."""

# Each branch: id, moment, customer, facts.
_BRANCHES = {
    "signal": """
SELECT s.id, s.happened_at AS at, m.id AS customer_id,
  jsonb_build_object('kind', s.kind, 'text', s.text, 'quantity', s.quantity) AS facts
FROM mine m JOIN accounts_signal s ON s.customer_id = m.id WHERE s.happened_at >= %(since)s""",
    "alert": """
SELECT a.id, a.opened_at AS at, m.id AS customer_id,
  jsonb_build_object('level', a.level, 'state', a.state, 'points', a.points, 'is_open', a.closed_at IS NULL) AS facts
FROM mine m JOIN retention_alert a ON a.customer_id = m.id WHERE a.opened_at >= %(since)s""",
    "complaint": """
SELECT k.id, k.received_at AS at, m.id AS customer_id,
  jsonb_build_object('number', k.number, 'state', k.state, 'text', left(k.facts, 120),
    'is_late', k.is_breached) AS facts
FROM mine m JOIN complaints_case k ON k.customer_id = m.id
WHERE k.received_at >= %(since)s AND k.kind = 'complaint'""",
    "usage": f"""
SELECT um.id, (um.month + interval '1 month') AT TIME ZONE 'Asia/Shanghai' AS at, m.id AS customer_id,
  jsonb_build_object('month', um.month, 'now', um.revenue, 'before', b.revenue, 'share', x.share) AS facts
FROM mine m
JOIN sales_usagemonth um ON um.customer_id = m.id AND um.product_id IS NULL
  AND um.month >= %(since)s::date - 31 AND um.month < date_trunc('month', %(today)s::date)
JOIN sales_usagemonth b ON b.customer_id = m.id AND b.product_id IS NULL AND b.revenue > 0
  AND b.month = (um.month - interval '1 month')::date
CROSS JOIN LATERAL (SELECT {SHARE.format(figure="revenue")} AS share) x
WHERE abs(x.share) * 100 >= %(share)s""",
    "arrears": """
SELECT d.id, d.opened_on::timestamp AT TIME ZONE 'Asia/Shanghai' AS at, m.id AS customer_id,
  jsonb_build_object('month', i.month, 'amount', i.amount - i.paid_amount, 'state', d.state) AS facts
FROM mine m JOIN sales_dunningcase d ON d.customer_id = m.id JOIN sales_bill i ON i.id = d.bill_id
WHERE d.opened_on >= %(since)s::date""",
    "key": """
SELECT v.id, coalesce(v.reported_at, v.said_at) AS at, m.id AS customer_id,
  jsonb_build_object('topic', v.topic, 'text', left(v.text, 120)) AS facts
FROM mine m JOIN visits_customervoice v ON v.customer_id = m.id
WHERE v.kind = 'key_change' AND coalesce(v.reported_at, v.said_at) >= %(since)s""",
    "state": """
SELECT x.seq AS id, x.at, m.id AS customer_id,
  jsonb_build_object('before', x.before ->> 'state', 'after', x.after ->> 'state') AS facts
FROM mine m JOIN core_change x ON x.tbl = 'accounts_customer' AND x.row_id = m.id
WHERE x.op = 'U' AND x.after ? 'state' AND x.at >= %(since)s""",
    "line": """
SELECT e.id, e.happened_on::timestamp AT TIME ZONE 'Asia/Shanghai' AS at, m.id AS customer_id,
  jsonb_build_object('kind', e.kind, 'text', e.destination, 'zh', k.label_zh, 'en', k.label_en,
    'is_reversal', e.reverses_id IS NOT NULL) AS facts
FROM mine m JOIN accounts_lifecycleevent e ON e.customer_id = m.id
LEFT JOIN retention_competitor k ON k.code = lower(e.destination)
WHERE e.line_id IS NOT NULL AND e.happened_on >= %(since)s::date""",
}
_FEED = """
WITH mine AS MATERIALIZED (SELECT c.id FROM accounts_customer c WHERE c.manager_id = ANY(%(managers)s))
SELECT f.kind, f.id, f.at, f.customer_id, f.facts, c.name, c.number, c.tier_id, c.manager_id
FROM ({branches}) f JOIN accounts_customer c ON c.id = f.customer_id
ORDER BY f.at DESC, f.kind DESC, f.id DESC LIMIT %(limit)s
"""


COLUMNS = ("kind", "id", "at", "customer_id", "facts", "name", "number", "tier_id", "manager_id")


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that happened to a customer."""

    kind: str
    id: int
    at: datetime
    customer_id: int
    facts: Mapping[str, Any]
    name: str
    number: str
    tier_id: int | None
    manager_id: int | None

    @property
    def tier(self) -> TierView | None:
        """His tier today."""
        return names.tier(self.tier_id)


def movements(
    managers: Sequence[int], kinds: Sequence[str], *, today: date, now: datetime, cursor: str = ""
) -> tuple[list[Moved], str | None]:
    """What moved among the customers of these managers in the last 90 days; (rows, cursor of the next stretch)."""
    if not managers or not kinds:
        return [], None
    after, place = KEYSET.where(cursor)
    marks = {f"place{number}": value for number, value in enumerate(place)}
    for name in marks:
        after = after.replace("%s", f"%({name})s", 1)
    branches = " UNION ALL ".join(
        f"(SELECT f.* FROM (SELECT '{kind}' AS kind, b.* FROM ({_BRANCHES[kind]}) b) f WHERE {after}"
        " ORDER BY f.at DESC, f.id DESC LIMIT %(limit)s)"
        for kind in KINDS
        if kind in kinds
    )
    values: dict[str, Any] = {
        "managers": list(managers),
        "since": now - timedelta(days=DAYS),
        "today": today,
        "share": int(parameters.value("usage_change_share", today)),
        "limit": LIMIT + 1,
    } | marks
    with connection.cursor() as db:
        db.execute(_FEED.format(branches=branches), values)
        rows = [Moved(**dict(zip(COLUMNS, row, strict=True)) | {"facts": _facts(row[4])}) for row in db.fetchall()]
    shown, following = KEYSET.page(rows, lambda row: (row.at, row.kind, row.id))
    return list(shown), following


def _facts(raw: Any) -> Mapping[str, Any]:
    found = json.loads(raw, parse_float=Decimal) if isinstance(raw, str) else raw
    return found if isinstance(found, dict) else {}


def day_of(row: Moved) -> date:
    """The day it belongs to, here."""
    return timezone.localdate(row.at)
