"""No refusal, message or form that comes back tells one unit about the other (SEC-3; scorecard 2 and 3).

Driven by the route table: a new route is looked at from its first day. Every text somebody typed on a side holds the
side's word; besides, names and numbers of customers are looked for. Colleagues and units are no secret (ORG-10).
What is only read is looked at in test_answers.py.
"""

from __future__ import annotations

import pytest

from tests.guards.bodies import body_of
from tests.guards.callers import address_of
from tests.guards.looks import GRANTED, HIDDEN, told
from tests.guards.route_table import TABLE

pytestmark = pytest.mark.django_db

WITH_DEEDS = [row for row in TABLE if any(cell.method != "GET" for cell in row.cells)]


def test_the_canaries_sing(world, callers):
    """The guard bites: whoever may see a side finds its secrets."""
    for hidden, boss in (("unit a", "supervisor"), ("unit b", "stranger_supervisor")):
        for name in ("accounts:customer_list", "visits:visit_list", "workbench:approvals"):
            row = next(row for row in TABLE if row.name == name)
            assert told(callers.get(boss, address_of(world, row)), HIDDEN[hidden][2], ""), (boss, name)


@pytest.mark.parametrize("row", WITH_DEEDS, ids=lambda row: row.name)
def test_no_refusal_of_a_deed_tells_about_the_other_unit(world, callers, row):
    """SEC-3: messages, forms that come back and problem documents say nothing either."""
    leaks = {}
    for method in (cell.method for cell in row.cells if cell.method != "GET"):
        for hidden in ("unit a", "a colleague's customers"):
            side, watchers, secrets = HIDDEN[hidden]
            for who in watchers:
                body = body_of(world, row.name, method)
                said = [str(value) for value in body.values()] if isinstance(body, dict) else []
                answer = callers.ask(who, method, address_of(world, row, side), body)
                if set(told(answer, secrets, "", said)) - GRANTED.get((row.name, who), set()):
                    leaks[who, method] = answer.status, told(answer, secrets, "", said)
    assert leaks == {}
