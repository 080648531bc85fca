"""Ten times the rows, at most one and a half times the time: the list page at 10,000 and at 100,000 customers.

Two databases beside each other, each with a site of its own, measured in turns.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

from django.db import connection

from bench import data
from bench.report import Figure, against
from bench.site import ROOT, Request, Site, cpu_per_request, session_of, start

CUSTOMERS = 10_000
DATABASE = "crm_small"
ROUNDS = 5
REQUESTS = 60


def measure(large: Site, world: data.World) -> list[Figure]:
    """`list_growth`: CPU of the list page of 100,000 customers against that of 10,000."""
    _drop()
    with connection.cursor() as db:
        db.execute(f"CREATE DATABASE {DATABASE}")
    print("filling 10,000 customers …", file=sys.stderr)
    filled = subprocess.run(
        [sys.executable, "-m", "bench", "--small"], cwd=ROOT, env=os.environ | {"CRM_DATABASE": DATABASE},
        stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    small = start(database=DATABASE)
    try:
        small.cookies = json.loads(filled.stdout.splitlines()[-1])
        request = Request("/customers/", world.director)
        few, many = [], []
        for _round in range(ROUNDS):
            few.append(cpu_per_request(small, request, REQUESTS)[0])
            many.append(cpu_per_request(large, request, REQUESTS)[0])
    finally:
        small.stop()
        _drop()
    middle = ROUNDS // 2
    return [against("list_growth", sorted(many)[middle], sorted(few)[middle], 1.5, note="100,000 against 10,000")]


def _drop() -> None:
    with connection.cursor() as db:
        db.execute(f"DROP DATABASE IF EXISTS {DATABASE} (FORCE)")


def fill(fresh_database: Callable[[], None]) -> None:
    """Fill this process's database, the small one, and say who is signed in there (`python -m bench --small`)."""
    fresh_database()
    world = data.build(CUSTOMERS)
    data.live(world)
    print(json.dumps({world.director.username: session_of(world.director)}))
