"""Bad input gives a clear answer: 4xx that names field and reason, with the request's id; never a fault (safety 5).

Scorecard 7; SEC-3, SEC-4. The rules of single values have their own tests; here every route meets them.
"""

from __future__ import annotations

import json

import pytest

from tests.guards.bad_queries import ODD, PARAMETERS, WRONG
from tests.guards.callers import address_of, doer
from tests.guards.route_table import TABLE

pytestmark = pytest.mark.django_db
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
ROWS = {row.name: row for row in TABLE}


def ask(callers, row, name, value, **more):
    address = address_of(callers.world, row)
    cell = next(cell for cell in row.cells if cell.method == "GET")
    return callers.get(
        "billing" if row.is_api else doer(row, cell),
        f"{address}{'&' if row.query else '?'}{name}={value}",
        **ENGLISH,
        **more,
    )


def asked(kinds):
    """(route, parameter, value) of every kind."""
    return [
        (route, name, value)
        for route, parameters in PARAMETERS.items()
        for name, kind in parameters.items()
        for value in kinds[kind]
    ]


def fault_of(answer, name, kind):
    """What is wrong with a refusal: its status, or what it does not say."""
    if not 400 <= answer.status < 500:
        return answer.status
    problem = json.loads(answer.text)
    told = [problem["code"], *(error["code"] for error in problem["errors"])]
    if not problem["request_id"] or problem["request_id"] != answer.headers["X-Request-Id"]:
        return "does not tell the request id"
    if kind == "cursor":
        return "" if set(told) & {"invalid_cursor", "invalid_character"} else told
    named = {error["pointer"].strip("/?") for error in problem["errors"]}
    return "" if name in named and problem["detail"] else f"names {named}, not the parameter"


@pytest.mark.parametrize("route", PARAMETERS)
def test_a_wrong_value_in_an_address_is_refused_and_named(world, callers, route):
    """Bad inputs 1, 7, 9, 10, 11, 16: for programs code, field, reason and request id."""
    wrong = {}
    for _route, name, value in (case for case in asked(WRONG) if case[0] == route):
        answer = ask(callers, ROWS[route], name, value, HTTP_ACCEPT="application/json")
        if fault := fault_of(answer, name, PARAMETERS[route][name]):
            wrong[name, value[:40]] = fault
    assert "\n".join(f"{key}: {found}" for key, found in wrong.items()) == ""


@pytest.mark.parametrize("route", [route for route in PARAMETERS if not ROWS[route].is_api])
def test_a_wrong_value_in_an_address_gives_a_page_that_says_so(world, callers, route):
    """The same for people: a page with the sentence, the parameter and the request id."""
    wrong = {}
    for name, kind in PARAMETERS[route].items():
        for value in WRONG[kind][:3]:
            answer = ask(callers, ROWS[route], name, value)
            shown = answer.text.partition('class="error-page"')[2].partition("</main>")[0]
            is_said = f"<code>{name}</code>" in shown or "page address is damaged" in shown
            if not (400 <= answer.status < 500 and is_said and answer.headers["X-Request-Id"] in shown):
                wrong[name, value[:40]] = answer.status, shown[:300]
    assert "\n".join(f"{key}: {found}" for key, found in wrong.items()) == ""


@pytest.mark.parametrize("route", PARAMETERS)
def test_an_odd_value_in_an_address_breaks_nothing(world, callers, route):
    """Bad inputs 12, 13, 15, 28: any clear answer, never a fault."""
    wrong = {}
    for _route, name, value in (case for case in asked(ODD) if case[0] == route):
        answer = ask(callers, ROWS[route], name, value)
        if answer.status >= 500:
            wrong[name, value[:40]] = answer.status
    assert "\n".join(f"{key}: {found}" for key, found in wrong.items()) == ""
