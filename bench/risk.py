"""The night of early warning over a million customers, features ready (T10), against the bare writing of its rows.

One process alone, and two that share the base by ranges of customers, as the workers of a night do, with the features
in an ordinary table. The features are drawn in SQL: every signal of the expert's table, a tenth of them without data. First everybody is
scored and written, then one in twenty has another complaint or one less, then nothing has changed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench import cpu, night
from bench.night import _used
from bench.report import Figure

DAY = date(2026, 10, 14)
# Code → a value drawn by a hash of the customer, and a steady date.
DRAWN = {
    "usage_drop": "CASE WHEN h %% 10 > 0 THEN (h %% 100) / 120.0 - 0.2 END",
    "lines_stopped": "CASE WHEN h %% 7 = 0 THEN (h %% 90) / 150.0 END",
    "complaint_open": "CASE WHEN h %% 40 = %(turn)s THEN 1 ELSE 0 END",
    "complaint_closed": "CASE WHEN h %% 31 = 0 THEN (h %% 90) / 90.0 ELSE 0 END",
    "arrears_days": "CASE WHEN h %% 25 = 0 THEN h %% 80 ELSE 0 END",
    "contact_overdue": "(h %% 40) / 10.0",
    "agreement_end": "CASE WHEN h %% 3 = 0 THEN (h %% 700) - 60 END",
    "tenure": "h %% 150",
    "stickiness": "h %% 4",
}
# The rows of a first night, ready: into a table like ours with its index, and the standings with theirs.
_FLOOR = [
    "CREATE TABLE bare_riskscore (LIKE retention_riskscore INCLUDING ALL)",
    """
INSERT INTO bare_riskscore (customer_id, model_id, points, probability, risk, level, reasons, missing, fingerprint,
  scored_on, recent) SELECT customer_id, 1, 40, 0.1, 10, '', '[["complaint_open", 26, 1, "2026-05-31"],'
  ' ["contact_overdue", 17, null, "2026-03-01"]]'::text, ARRAY['low_satisfaction', 'asked_to_leave'], customer_id, %(day)s,
  ARRAY[9000, 40] FROM accounts_standing ORDER BY customer_id
""",
    "UPDATE accounts_standing SET risk = customer_id %% 100",
]


def _features(turn: int) -> None:
    from retention.actions.scoring import model_in_force

    codes = [feature.code for feature in model_in_force().table.features]
    columns = ", ".join(
        f"({DRAWN.get(code, 'NULL')})::float8 AS v{place}, ('2026-01-01'::date + (h %% 200)::int) AS d{place}"
        for place, code in enumerate(codes)
    )
    with connection.cursor() as db:
        db.execute("DROP TABLE IF EXISTS risk_features")
        db.execute(
            f"CREATE TEMP TABLE risk_features AS SELECT customer_id, {columns}"
            " FROM (SELECT customer_id, abs(hashint8(customer_id)::bigint) AS h FROM accounts_standing) s",
            {"turn": turn},
        )
        db.execute("ANALYZE risk_features (customer_id)")


def _scored(now: datetime) -> int:
    from crm.core.db import write
    from retention.actions.scoring import model_in_force, write_scores
    from retention.queries.scoring import AsOf
    from visits.sweeps.room import make_room

    with write(label="system:bench"):
        make_room()
        return write_scores(model_in_force(), AsOf(DAY, now))


def part(first: str, last: str) -> int:
    """Child: score a range of customers when it is told to; says its backend, then how many it wrote and CPU seconds."""
    with connection.cursor() as db:
        db.execute("SELECT pg_backend_pid()")
        print(db.fetchone()[0], flush=True)
        db.execute(
            "CREATE TEMP VIEW risk_features AS SELECT * FROM ready_features"
            f" WHERE customer_id BETWEEN {int(first)} AND {int(last)}"
        )
    sys.stdin.readline()
    now = datetime.combine(DAY, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    used, _wall, rows = _timed(lambda: _scored(now))
    print(rows, used, flush=True)
    return 0


def _together(full: float, workers: int = 2) -> Figure:
    """A full night by several workers: what the busiest uses is what the clock shows where each has a core."""
    with connection.cursor() as db:
        db.execute("DROP TABLE IF EXISTS ready_features")
        db.execute("CREATE UNLOGGED TABLE ready_features AS SELECT * FROM risk_features ORDER BY customer_id")
        db.execute("CREATE INDEX ON ready_features (customer_id)")
        db.execute("TRUNCATE retention_riskscore")
        db.execute("UPDATE accounts_standing SET risk = NULL")
        db.execute("VACUUM FULL accounts_standing")
        db.execute("VACUUM ANALYZE")
        db.execute("SELECT min(customer_id), max(customer_id) FROM accounts_standing")
        low, high = db.fetchone()
    edges = [low + (high + 1 - low) * place // workers for place in range(workers + 1)]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "bench", "--risk-part", str(edges[place]), str(edges[place + 1] - 1)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for place in range(workers)
    ]  # fmt: skip
    pids = [int(_line(one)) for one in running] + [one.pid for one in running]
    began, most = time.perf_counter(), 0.0
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in running:
        while not _ends(one):
            most = max(most, cpu.proportional_set_mb(pids))
    wall = time.perf_counter() - began
    told = [_line(one).split() for one in running]
    busiest, rows = max(float(used) for _rows, used in told), sum(int(count) for count, _used in told)
    note = f"{rows} written in {wall:.1f} s, {most:.0f} MB at most with the backends; T10: 20 s and 1 GB"
    return Figure("risk_two_workers", round(busiest, 2), "s CPU", round(full, 2), round(busiest / full, 2), 0.65, note)


def _line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline()


def _ends(child: subprocess.Popen[str]) -> bool:
    try:
        child.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return False
    return True


def _bare() -> None:
    with transaction.atomic(), connection.cursor() as db:
        for statement in _FLOOR:
            db.execute(statement, {"day": DAY})
        transaction.set_rollback(True)


def _timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """CPU and wall seconds, and the answer."""
    told: list[Any] = []
    began = time.perf_counter()
    used = _used(lambda: told.append(work()))
    return used, time.perf_counter() - began, told[0]


def measure(fresh_database: Callable[[], None]) -> list[Figure]:
    """`risk_full`, `risk_few`, `risk_again` (T10)."""
    fresh_database()
    print("filling 1,000,000 customers …", file=sys.stderr)
    night.fill()
    now = datetime.combine(DAY, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    floor = _used(_bare)
    with connection.cursor() as db:
        db.execute("VACUUM FULL accounts_standing")
        db.execute("VACUUM ANALYZE accounts_standing")
    _features(0)
    full, full_wall, rows = _timed(lambda: _scored(now))
    with connection.cursor() as db:
        db.execute("VACUUM ANALYZE retention_riskscore")
        db.execute("VACUUM ANALYZE accounts_standing")
    _features(1)
    few, few_wall, changed = _timed(lambda: _scored(now))
    again, again_wall, none = _timed(lambda: _scored(now))
    _features(0)
    return [
        _together(full),
        Figure("risk_full", round(full, 2), "s CPU", round(floor, 2), round(full / floor, 2), 2.4,
               f"{rows} written in {full_wall:.1f} s; T10: 20 s"),
        Figure("risk_few", round(few, 2), "s CPU", round(full, 2), round(few / full, 3), 0.4,
               f"{changed} written in {few_wall:.1f} s; T10: 8 s"),
        Figure("risk_again", round(again, 2), "s CPU", round(full, 2), round(again / full, 3), 0.4,
               f"{none} written in {again_wall:.1f} s"),
    ]  # fmt: skip
