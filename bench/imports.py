"""100,000 customers from a CSV file, every check and the change log on, against COPY into a typed stage + one upsert."""

from __future__ import annotations

import csv
import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from bench import cpu, data
from bench.report import Figure, against
from crm.core.delimited.unpack import plain_table

ROWS = 100_000
FEW = 20_000
MILLION = 1_000_000
HEADER = [
    "id", "name", "kind", "unit", "manager", "tier", "phone", "other_phone", "email", "district", "address", "band",
    "spend", "joined", "sex", "birthday", "sim",
]  # fmt: skip
MAPPING = {
    "description": "Benchmark file",
    "source": "bench",
    "fields": {
        "external_id": "id", "name": "name", "kind": "kind", "unit": "unit", "manager": "manager", "tier": "tier",
        "phone": "phone", "other_phone": "other_phone", "email": "email", "district": "district",
        "business_address": "address", "market_band": "band", "monthly_spend": "spend", "joined_on": "joined",
        "sex": "sex", "birthday": "birthday", "sim_kind": "sim",
    },
}  # fmt: skip

STAGE = (
    "CREATE TEMP TABLE typed (pinyin text, initials text, tokens tsvector, id text, name text, kind text, unit text, manager text, tier text, phone text,"
    " other_phone text, email text, district text, address text, band text, spend numeric, joined date, sex text,"
    " birthday date, sim text) ON COMMIT DROP"
)
UPSERT = (
    "INSERT INTO accounts_customer (number, kind, name, pinyin, initials, name_tokens, state, unit_id, manager_id, tier_id, phone,"
    " other_phone, email, district, business_address, credit_code, industry, market_band, monthly_spend, joined_on,"
    " is_important, important_reason, preferred_channel, preferred_time, no_marketing, sim_kind, service_notes,"
    " version, created_at, updated_at)"
    " SELECT t.id, t.kind, t.name, t.pinyin, t.initials, t.tokens, 'active', u.id, s.id, r.id, t.phone, t.other_phone, t.email, t.district,"
    " t.address, '', '', t.band, t.spend, t.joined, false, '', '', '', false, t.sim, '', 1, now(), now()"
    " FROM typed t JOIN accounts_unit u ON u.code = t.unit JOIN accounts_staff s ON s.number = t.manager"
    " JOIN accounts_tier r ON r.kind = t.kind AND r.code = t.tier"
    " ON CONFLICT (number) DO UPDATE SET name = EXCLUDED.name, phone = EXCLUDED.phone, email = EXCLUDED.email,"
    " monthly_spend = EXCLUDED.monthly_spend, updated_at = EXCLUDED.updated_at"
)


def write_file(path: Path, *, changed: int = 0, count: int = ROWS) -> None:
    """The file; every `changed`-th row has another district and spend."""
    chooser = random.Random(7)  # noqa: S311 - names, not secrets
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for number in range(count):
            is_new = bool(changed) and number % changed == 0
            rows.writerow(
                [
                    f"E{number:08d}", "".join(chooser.choices(data.GIVEN, k=3)), "vip", f"B{number % 5}",
                    f"M{number % 5 * 4 + number // 5 % 4:02d}", ("gold", "silver", "silver", "diamond")[number % 4],
                    f"139{number:08d}", "", f"c{number}@example.com", f"D{number % 12 + 50 * is_new}", "Road 1", "mid",
                    number % 900 + is_new, "2024-03-01", ("male", "female")[number % 2], "1980-05-17", "exclusive",
                ]
            )  # fmt: skip


def write_typed(path: Path) -> None:
    """The same rows ready for COPY, with the search columns that every customer has."""
    from accounts.rules import name_vector, pinyin_of

    with path.open(encoding="utf-8") as given, path.with_suffix(".typed.csv").open("w", newline="") as file:
        rows, typed = csv.reader(given), csv.writer(file)
        typed.writerow(["pinyin", "initials", "tokens", *next(rows)])
        for row in rows:
            typed.writerow([*pinyin_of(row[1]), name_vector(row[1]), *row])


def _used(work: Callable[[], Any]) -> float:
    with connection.cursor() as db:
        db.execute("SELECT pg_backend_pid()")
        pids = [os.getpid(), db.fetchone()[0]]
    before = cpu.seconds(pids)
    work()
    return cpu.seconds(pids) - before


def _bare(path: Path) -> None:
    """COPY into typed columns and one upsert into the same table with its indexes, rolled back."""
    with transaction.atomic(), connection.cursor() as db:
        db.execute("ALTER TABLE accounts_customer DISABLE TRIGGER USER")
        db.execute(STAGE)
        with path.with_suffix(".typed.csv").open(encoding="utf-8") as file:
            db.copy_expert("COPY typed FROM STDIN WITH (FORMAT csv, HEADER, FORCE_NOT_NULL (other_phone))", file)
        db.execute(UPSERT)
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the rollback would leave the foreign keys unchecked
        transaction.set_rollback(True)


def _import(path: Path, source: str = "bench") -> Any:
    from sync.imports.mapping import parse_mapping
    from sync.imports.run import Wanted, import_file

    mapping = parse_mapping(MAPPING | {"source": source})
    wanted = Wanted(max_bytes=sys.maxsize)
    return import_file(lambda: path.open("rb"), mapping, by=None, now=timezone.now(), wanted=wanted)


def _memory(folder: Path) -> Figure:
    """`import_memory`: the most memory a process takes for 100,000 new rows, against 20,000."""
    peaks = []
    for count in (FEW, ROWS):
        path = folder / f"customers_{count}.csv"
        write_file(path, count=count)
        peaks.append(_peak(path, f"memory{count}")[0])
        path.unlink()
    few, many = peaks
    return against("import_memory", many, few, 1.1, "MB peak", "100,000 rows against 20,000, a process each")


def write_lines(path: Path) -> Path:
    """The same rows as JSON lines."""
    lines = path.with_suffix(".ndjson")
    with path.open(encoding="utf-8") as given, lines.open("wb") as file:
        for row in csv.DictReader(given):
            file.write(orjson.dumps(row) + b"\n")
    return lines


def _peak(path: Path, source: str) -> tuple[float, float]:
    """(peak MB of a process that imports the file, its and its connection's CPU seconds)."""
    child = subprocess.run(
        [sys.executable, "-m", "bench", "--import", str(path), source],
        cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    peak, used = child.stdout.splitlines()[-1].split()
    return int(peak) / 1024, float(used)


def measure_million(fresh_database: Callable[[], None]) -> list[Figure]:
    """`import_million`, `import_million_lines`: peak memory of 1,000,000 new rows of CSV, then told again as JSON lines."""
    fresh_database()
    data.people_only()
    folder = Path(settings.VAR) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    few, many = folder / "customers_few.csv", folder / "customers_many.csv"
    write_file(few, count=FEW)
    write_file(many, count=MILLION)
    figures: list[Figure] = []
    for name, write in (("import_million", Path), ("import_million_lines", write_lines)):
        little, _cpu = _peak(write(few), f"few{len(figures)}")
        much, used = _peak(write(many), "many")
        note = f"{MILLION:,} rows against {FEW:,}, a process each; {MILLION / used:.0f} rows/CPU s"
        figures.append(against(name, much, little, 1.15, "MB peak", note))
    return figures


def write_workbook(path: Path) -> None:
    """The same rows as an Excel workbook."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path.with_suffix(".xlsx")), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        with path.open(encoding="utf-8") as given:
            for number, row in enumerate(csv.reader(given)):
                sheet.write_row(number, 0, row)


def _workbook(path: Path, floor: float) -> Figure:
    """`import_xlsx`: 100,000 new rows of a workbook, read by its child and imported, against COPY and one upsert."""
    write_workbook(path)
    upload = SimpleUploadedFile("customers.xlsx", path.with_suffix(".xlsx").read_bytes())
    outcome: list[Any] = []

    def bring_in() -> None:
        with plain_table(upload, max_bytes=1 << 30) as table:
            assert isinstance(table, TemporaryUploadedFile)
            outcome.append(_import(Path(table.temporary_file_path()), "workbook"))

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = _used(bring_in)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    child = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    note = f"{outcome[0].created} created; {child:.1f} s of it read the workbook in a process of its own"
    return against("import_xlsx", used + child, floor, 8.0, "s CPU", note)


def measure(fresh_database: Callable[[], None]) -> list[Figure]:
    """`import`, `import_again`, `import_tenth` against the floor of the same run (the middle of three), and memory."""
    fresh_database()
    data.people_only()
    folder = Path(settings.VAR) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    whole, tenth = folder / "customers.csv", folder / "customers_tenth.csv"
    print("writing 100,000 rows …", file=sys.stderr)
    write_file(whole)
    write_file(tenth, changed=10)
    write_typed(whole)
    floors = [_used(lambda: _bare(whole)) for _round in range(3)]
    floor = sorted(floors)[1]
    figures = []
    for name, path, reach in (("import", whole, 4.0), ("import_again", whole, 0.7), ("import_tenth", tenth, 0.8)):
        outcome: list[Any] = []
        used = _used(lambda path=path, outcome=outcome: outcome.append(_import(path)))  # type: ignore[misc]
        done = outcome[0]
        note = f"{done.created} created, {done.updated} updated, {done.failed} failed; {ROWS / used:.0f} rows/CPU s"
        figures.append(against(name, used, floor, reach, "s CPU", note))
    return [*figures, _workbook(whole, floor), _memory(folder)]


def peak(path: str, source: str) -> None:
    """Import one file; say the most memory this process took, in KB, and the CPU of both sides of the connection.

    `python -m bench --import FILE SOURCE`
    """
    used = _used(lambda: _import(Path(path), source))
    status = Path("/proc/self/status").read_text()
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")), used)
