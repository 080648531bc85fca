"""Nobody gets where he may not, and a refused call leaves no trace but its row in the access log.

Scorecard 1 and 2; SEC-3, PLT-7, decisions 13: no sign-in → 302 (API 401), not allowed → 403, invisible → 404.
"""

from __future__ import annotations

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.guards.bodies import BODIES, body_of
from tests.guards.callers import address_of
from tests.guards.looks import EVERYBODY, is_refusal
from tests.guards.rooms import united
from tests.guards.route_table import PUBLIC, TABLE

pytestmark = pytest.mark.django_db
MOST_PUBLIC = 20
EVERY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")
DEEDS = [(row, cell) for row in TABLE for cell in row.cells if cell.method != "GET"]
CELLS = [(row, cell) for row in TABLE for cell in row.cells]


def names_of(resolver: URLResolver, spaces: tuple[str, ...] = ()):
    """Every URL name of the site, with its view."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names_of(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or str(entry.pattern))), entry.callback


def test_every_route_has_its_line_in_the_table():
    """Scorecard 1: a route without a line fails, and so does a line without a route."""
    routes = [name for name, _view in names_of(get_resolver())]
    lines = [row.name for row in TABLE]
    assert sorted(set(routes)) == sorted(routes)
    assert sorted(set(lines)) == sorted(lines)
    assert set(routes) - set(lines) == set(), "routes without a line in route_table.py"
    assert set(lines) - set(routes) == set(), "lines of route_table.py without a route"


def test_public_routes_are_few_and_listed():
    """Decisions 18: at most 20; the list is the table's own and the views agree with it."""
    public = {name for name, view in names_of(get_resolver()) if getattr(view, "access_rule", "") == "public"}
    assert public == {row.name for row in PUBLIC}
    assert len(public) <= MOST_PUBLIC


def test_every_body_belongs_to_a_line():
    known = {row.name for row in TABLE} | {f"{row.name} {cell.method}" for row, cell in CELLS}
    assert set(BODIES) - known == set()


@pytest.mark.parametrize(("row", "cell"), DEEDS, ids=[f"{row.name} {cell.method}" for row, cell in DEEDS])
def test_everybody_may_do_what_the_table_says(world, callers, row, cell):
    """SEC-3, PLT-7: status by person; who is refused has written nothing but the row of it (safety 2, 9)."""
    address = address_of(world, row)
    wrong, traces, deeds = {}, {}, set()
    for who in EVERYBODY:
        expected = row.expected(cell, who)
        # Whoever is refused as others are is told so in a line; one of them gets the page.
        plain = {"HTTP_ACCEPT": "application/json"} if expected in (403, 404) and who != "nobody" else {}
        answer = callers.ask(who, cell.method, address, body_of(world, row.name, cell.method), **plain)
        if answer.status != expected:
            wrong[who] = f"{answer.status} instead of {expected}"
        beside_log = {table for table in answer.business if table != "core_accesslog"}
        logged = answer.business.get("core_accesslog", (0, 0))
        if is_refusal(row, answer) and (beside_log or logged != (answer.status == 403, 0)):
            traces[who] = answer.status, answer.business
        deeds |= beside_log
    assert wrong == {}
    assert traces == {}, "a refused call has written"
    assert bool(deeds) == (row.name not in QUIET), "the body of bodies.py does the deed"


QUIET = {
    "accounts:reveal_private",
    "account_logout", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_generate_recovery_codes", "mfa_authenticate", "api:unknown",
}  # fmt: skip
"""POSTs that change nothing but the session or the access log; nobody of the cast has a second factor."""
QUIET |= united("QUIET")


@pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
def test_a_method_that_has_no_line_does_nothing(world, callers, row):
    """Scorecard 1: the table holds all methods of a route; any other one is refused and writes nothing."""
    address = address_of(world, row)
    methods = {cell.method for cell in row.cells}
    insiders = sorted(set.union(*(set(cell.may & cell.sees) for cell in row.cells)))
    for turn, method in enumerate(EVERY_METHOD):
        if method in methods or row.name == "api:unknown":
            continue
        who = insiders[-(turn % 2)]
        answer = callers.ask(who, method, address, {} if row.is_api else None)
        assert answer.status in ALLOWED_FOR_OTHERS.get(row.name, (405,)), (who, method)
        assert answer.business == {}, (who, method)


ALLOWED_FOR_OTHERS = {
    # Probes answer anything, and change nothing.
    "healthz": (200,), "readyz": (503,), "metrics": (200,),
}  # fmt: skip
