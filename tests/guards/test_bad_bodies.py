"""Bad bodies and addresses of deeds: a clear refusal, nothing half-written, never a fault (safety 5; scorecard 5, 7).

SEC-3, SEC-4. Driven by the route table and the good bodies of bodies.py: each field in turn is spoilt.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter

import pytest
from django.urls import NoReverseMatch, reverse

from tests.guards.bodies import body_of
from tests.guards.callers import address_of, doer
from tests.guards.rooms import united
from tests.guards.route_table import TABLE

pytestmark = pytest.mark.django_db
DEEDS = [(row, cell) for row in TABLE for cell in row.cells if cell.method != "GET"]
DEED_IDS = [f"{row.name} {cell.method}" for row, cell in DEEDS]
WITH_ARGS = [row for row in TABLE if row.args and not set(row.args) & {"upload", "day_slots", "holiday"}]

NUL = "a\x00b"
LONG = "长" * 20_000
DATES = ("2026-02-30", "x", "0001-01-01", "9999-12-31", "2026-13-01", "1899-12-31")
NUMBERS = ("abc", "-1", "9" * 19, "9" * 5000, "1.5", "１２３４５６７８９０１２３４５６７８９０")
CHOICES = ("nope", "__class__", "9" * 400)

# How the fields of bodies.py are spoilt; what is not listed is a text.
IS_DATE = {
    "to", "starts_on", "ends_on", "effective_from", "changed_on", "date", "started_at", "occurred_at",
}  # fmt: skip
IS_NUMBER = {
    "customer", "ids", "to_staff", "substitute_id", "unit_id", "tier", "strength", "post_level", "parent_id", "unit",
    "days", "value", "version",
}  # fmt: skip
IS_CHOICE = {
    "grant", "kind", "channel", "outcome", "occasion", "deed", "role", "state", "category", "direction", "type",
    "employment_form", "period", "fields", "scopes", "language", "theme", "client_key", "field-0", "field-1",
}  # fmt: skip
KINDS = (("date", IS_DATE, DATES), ("number", IS_NUMBER, NUMBERS), ("choice", IS_CHOICE, CHOICES))
# Not read for what they hold but for being there, or read leniently on purpose.
FLAGS = {"step", "count", "save", "is_active"} | united("FLAGS")
# A file's field filled with text, and the secrets of sign-in, which are right or wrong and nothing else.
OTHER = {"upload", "file", "password", "password1", "password2", "oldpassword", "code", "login", "items"}


def spoilt(name):
    """Values that are wrong for a field."""
    if name in FLAGS:
        return ()
    if name in OTHER:
        return (NUL, LONG)
    return (NUL, *next((values for _kind, names, values in KINDS if name in names), (LONG,)))


def drawn(route, name):
    """Of many wrong values two, each field of each deed its own: fields of a kind are read by the same few readers."""
    nul, *values = spoilt(name) or (None,)
    turn, half = zlib.crc32(f"{route} {name}".encode()), len(values) // 2
    two = values if len(values) < 3 else (values[(turn + step) % len(values)] for step in (0, half))
    return [value for value in (nul, *two) if value is not None]


def fields_of(body):
    """The fields of a body; of a row of like ones (weight-1, weight-2, …) the first two speak for all."""
    found, seen = [], Counter()
    for name in body:
        kind = re.sub(r"\d+", "#", name)
        seen[kind] += 1
        if seen[kind] <= 2:
            found.append(name)
    return found


def faults(world, callers, row, cell, values_of):
    """Every field of a deed spoilt in turn by these values → what came of it, when it was no clean refusal."""
    good = body_of(world, row.name, cell.method) or {}
    who, address, wrong = doer(row, cell), address_of(world, row), {}
    for name in fields_of(good):
        for value in values_of(name):
            body = body_of(world, row.name, cell.method) | {name: value}
            answer = callers.ask(who, cell.method, address, body, HTTP_ACCEPT_LANGUAGE="en")
            left = set(answer.business) - {"core_accesslog", "core_signinlock", "core_idempotencykey", "sync_syncentry"}
            if not 400 <= answer.status < 500 and row.name not in SIGN_IN:
                wrong[name, value[:30]] = answer.status
            elif answer.status >= 500 or left:
                wrong[name, value[:30]] = answer.status, left
    return "\n".join(f"{key}: {found}" for key, found in wrong.items())


@pytest.mark.parametrize(("row", "cell"), DEEDS, ids=DEED_IDS)
def test_a_spoilt_field_is_refused_and_nothing_is_written(world, callers, row, cell):
    """Bad inputs 2, 10, 13, 16, 19: 4xx, no row touched beside the log; never a fault."""
    assert faults(world, callers, row, cell, lambda name: drawn(row.name, name)) == ""


@pytest.mark.slow
@pytest.mark.parametrize(("row", "cell"), DEEDS, ids=DEED_IDS)
def test_a_field_spoilt_in_every_way_is_refused_and_nothing_is_written(world, callers, row, cell):
    """The same with every wrong value in every field."""
    assert faults(world, callers, row, cell, spoilt) == ""


def test_the_fields_draw_every_wrong_value_many_times(world):
    """What one field leaves out, others take."""
    bodies = {row.name: body_of(world, row.name, cell.method) or {} for row, cell in DEEDS}
    fields = [(route, name) for route, body in bodies.items() for name in fields_of(body)]
    times = Counter()
    for kind, names, _values in KINDS:
        times.update((kind, value) for route, name in fields if name in names for value in drawn(route, name))
    assert {(kind, value) for kind, _names, values in KINDS for value in (NUL, *values)} == set(times)
    assert min(times.values()) >= 5, times


SIGN_IN = {"account_login", "account_reauthenticate", "account_change_password", "mfa_activate_totp"}
"""The library shows its form again with 200."""


@pytest.mark.parametrize(("row", "cell"), DEEDS, ids=DEED_IDS)
def test_a_missing_field_breaks_nothing(world, callers, row, cell):
    """Each field left out in turn, and all of them: any clear answer."""
    good = body_of(world, row.name, cell.method) or {}
    wrong = {}
    for name in (*fields_of(good), None):
        body = body_of(world, row.name, cell.method) or {}
        body = {key: value for key, value in body.items() if key != name} if name else {}
        answer = callers.ask(doer(row, cell), cell.method, address_of(world, row), body)
        if answer.status >= 500:
            wrong[name] = answer.status
    assert wrong == {}


@pytest.mark.parametrize("row", WITH_ARGS, ids=lambda row: row.name)
def test_an_address_nobody_has_leads_nowhere(world, callers, row):
    """Bad input 12: 404, no stack; also for numbers that no database holds."""
    wrong = {}
    for cell in row.cells:
        who = "billing" if row.is_api else doer(row, cell)
        for value in (0, 2**31, 2**63 - 1, 2**63, 10**30, int("9" * 4000), "abc", "a\x00b", "../x", "١٢٣"):
            try:
                address = reverse(row.name, args=[value] * len(row.args))
            except NoReverseMatch:
                continue
            # One of them gets the page that says so; to the others the same is told in a line.
            plain = {} if value == 2**63 else {"HTTP_ACCEPT": "application/json"}
            body = body_of(world, row.name, cell.method)
            answer = callers.ask(who, cell.method, address + row.query, body, **plain)
            if answer.status != 404 and answer.status not in OTHERWISE.get(row.name, ()):
                wrong[cell.method, str(value)[:30]] = answer.status
    assert "\n".join(f"{key}: {found}" for key, found in wrong.items()) == ""


OTHERWISE = {
    "accounts:tier_rule_edit": (200, 302),  # 0 is the promise to meet important customers
    "api:customer_by_external_id": (200, 201, 400),  # an external id is any text
    "api:customer_external_id": (400,),
    "api:unit": (200, 201, 400),  # a code is any text
    "api:staff_member": (200, 201, 400),
}


STRANGE = (
    "/customers/abc/", "/customers/%00/", "/customers/" + "9" * 5000 + "/", "/%ff/", "/%2e%2e/", "/import/not-a-key/",
    "/settings/working-days/2026-02-30/remove/", "/api/v1/customers/" + "9" * 5000, "/api/v1/customers/1.5",
    "/api/v1/%00", "/api/v1/units/%00",
)  # fmt: skip


@pytest.mark.parametrize("address", STRANGE)
def test_a_strange_address_is_a_page_of_its_own(world, callers, address):
    """Bad input 12."""
    for who in ("director", "anonymous"):
        answer = callers.get(who, address)
        assert answer.status in (404, 405), (who, answer.status)
        assert "Traceback" not in answer.text
