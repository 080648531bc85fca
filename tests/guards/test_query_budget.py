"""A page asks the database as often for thirty rows as for three, and not often at all (issue 2, 8; scorecard 30)."""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.queries import names
from crm.core import guide, listed, parameters, row_budget, working_days
from tests.guards.callers import address_of, undone
from tests.guards.crowd import gather
from tests.guards.rooms import merged, united
from tests.guards.route_table import MACHINES, TABLE

pytestmark = pytest.mark.django_db

FRAME = 4
LISTS = frozenset(
    {
        "workbench:team", "workbench:duty_list", "workbench:palette", "workbench:log_customers",
        "accounts:customer_list", "accounts:staff_list", "accounts:unit_list", "accounts:tier_list",
        "accounts:structure", "accounts:archive_quality", "visits:visit_list", "visits:reception_log",
        "visits:visit_figures",
        "sync:client_list", "core:notice_list", "core:notice_bell", "core:parameter_list", "core:working_day_list",
        "core:sweep_run_list", "core:access_log_list", "core:job_list", "api:customers", "api:contact_persons",
        "api:visits", "api:duties", "api:units", "api:staff", "api:tiers",
    }
)  # fmt: skip
LISTS |= united("LISTS")
# Pages that join what several apps have: one statement for each kind of thing.
JOINING = dict.fromkeys(("workbench:today", "workbench:customer", "workbench:approvals"), 12)
MOST = dict.fromkeys(LISTS, FRAME + 6) | JOINING | merged("MOST")
MOST_ANYWHERE = 25
# People with much to see, the first two who may; machines for the API.
ASKERS = ("manager", "supervisor", "director", "billing")
SEARCH = {"workbench:palette": "?q=客户", "workbench:log_customers": "?q=客户", "core:notice_bell": "?open=1"}


VALUES = re.compile(r"'[^']*'|\d+|ARRAY\[[^]]*\]|\([\d, ]+\)|\s+")


def asked():
    """Who asks for what: every GET that answers 200, asked by two people at most and by a machine."""
    for row in TABLE:
        cell = next((cell for cell in row.cells if cell.method == "GET"), None)
        if cell is None or row.kind == "public":
            continue
        answered = [who for who in ASKERS if (who not in MACHINES or row.is_api) and row.expected(cell, who) == 200]
        people = [who for who in answered if who not in MACHINES]
        for who in (*people[:2], *(who for who in answered if who in MACHINES)):
            yield row, who


NOT_THE_PAGES = ("SAVEPOINT", "pg_stat_get_xact", '"core_session" SET "seen_at"', "sync_token SET last_used_at")
"""The test's own statements, and the signs of life once a minute: a slow machine needs longer than that for all."""


def count(world, callers, row, who):
    """Statements of one answer; savepoints are the test's own."""
    address = address_of(world, row) + SEARCH.get(row.name, "")
    connection.queries_log.clear()  # it keeps the last 9000: full, it would count nothing any more
    row_budget.forget()  # rows shown are written down two hundred at a time: whose turn it is would be chance
    with CaptureQueriesContext(connection) as captured:
        assert callers.get(who, address).status == 200, address
    return [query["sql"] for query in captured if not any(part in query["sql"] for part in NOT_THE_PAGES)]


def forget_all():
    for forget in (
        cache.clear, names.forget, parameters.forget, working_days.forget, listed.forget, row_budget.forget,
    ):  # fmt: skip
        forget()


@pytest.fixture(scope="module")
def monkeypatched():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def counted(world, callers, monkeypatched):
    """(route, asker) → statements at 3 rows and at 30, all measured on the same two crowds."""
    found = {}
    for module in (
        names,
        parameters,
        working_days,
        import_module("visits.queries.catalogue"),
        import_module("visits.queries.switches"),
        import_module("complaints.queries.phrases"),
        import_module("accounts.queries.feeds"),
        guide,
        listed,
    ):
        if hasattr(module, "CACHE_SECONDS"):
            monkeypatched.setattr(module, "CACHE_SECONDS", 3600.0)  # no cache grows old in the middle of a page
    for number in (3, 30):
        with undone():
            gather(world, number)
            forget_all()
            for row, who in asked():
                counts, statements = found.setdefault((row.name, who), []), count(world, callers, row, who)
                # A process that was cold asks more; it has warmed up when it asks as often as for three rows.
                if not counts or len(statements) != len(counts[0]):
                    statements = count(world, callers, row, who)
                counts.append(statements)
    return found


@pytest.mark.parametrize(("name", "who"), [(row.name, who) for row, who in asked()])
def test_thirty_rows_ask_as_often_as_three(counted, name, who):
    """Scorecard 30: equal counts, and no page needs many."""
    few, many = (Counter(VALUES.sub("…", statement) for statement in found) for found in counted[name, who])
    assert few.total() == many.total(), dict(many - few)
    assert many.total() <= MOST.get(name, MOST_ANYWHERE), dict(many)


def test_every_list_with_a_budget_is_measured():
    measured = {row.name for row, _who in asked()}
    assert set(MOST) <= measured
