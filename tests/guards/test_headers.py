"""Hardened delivery (scorecard 9 and 10): headers on every answer, strange hosts, foreign forms. SEC-3, SEC-4.

The headers of every answer, and that no GET changes anything, are part of test_answers.py.
"""

from __future__ import annotations

import re
from functools import cached_property

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from django.urls import reverse

from tests.guards.bodies import body_of
from tests.guards.callers import address_of, doer, sign_in, undone, written
from tests.guards.looks import EVIL, UNNAMED
from tests.guards.route_table import ANONYMOUS, CAST, TABLE

pytestmark = pytest.mark.django_db

GETS = [row for row in TABLE if any(cell.method == "GET" for cell in row.cells)]
DEEDS = [(row, cell) for row in TABLE for cell in row.cells if cell.method != "GET"]
DEED_IDS = [f"{row.name} {cell.method}" for row, cell in DEEDS]


@pytest.mark.parametrize("row", GETS, ids=lambda row: row.name)
def test_a_strange_host_is_refused(world, callers, row):
    """Scorecard 10: the Host header is one of ours; what a proxy says of it is part of test_answers.py."""
    cell = next(cell for cell in row.cells if cell.method == "GET")
    if row.name in UNNAMED:
        return  # whoever watches comes by address, not by name
    refused = callers.get(doer(row, cell), address_of(world, row), HTTP_HOST=EVIL)
    assert refused.status == 400
    assert EVIL not in refused.text


class Strict:
    """A browser that checks forms as in production, signed in as somebody."""

    def __init__(self, world, who):
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if who != ANONYMOUS:
            plain = Client()
            sign_in(plain, world.cast.users[who])
            self.client.cookies = plain.cookies

    @cached_property
    def token(self):
        """A token of this browser's own forms; it holds as long as the session."""
        with undone():
            page = self.client.get(reverse("core:notice_list"), follow=True)
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]

    def send(self, world, row, cell, **more):
        """The deed of bodies.py; answers the status and what was written."""
        body = body_of(world, row.name, cell.method) or {}
        cookies = self.client.cookies.copy()
        with undone():
            before = written()
            send = getattr(self.client, cell.method.lower())
            has_file = any(isinstance(value, UploadedFile) for value in body.values())
            kind = {"content_type": "application/json"} if row.is_api and not has_file else {}
            answer = send(address_of(world, row), body | more.pop("fields", {}), **kind, **more)
            after = {table for table, rows in written().items() if before.get(table) != rows}
        self.client.cookies = cookies
        return answer.status_code, after - {"core_session", "core_accesslog"}


@pytest.fixture(scope="module")
def browsers(world):
    """A strict browser for everybody, signed in once, before the first test begins to take things back."""
    return {who: Strict(world, who) for who in (ANONYMOUS, *CAST)}


@pytest.mark.parametrize(("row", "cell"), DEEDS, ids=DEED_IDS)
def test_a_deed_without_the_token_of_its_form_is_refused(world, browsers, row, cell):
    """Scorecard 9, bad input 31: 403 for every unsafe route, by page and by a browser's call of the API."""
    browser = browsers[doer(row, cell)]
    assert browser.send(world, row, cell) == (403, set())


@pytest.mark.parametrize(("row", "cell"), DEEDS, ids=DEED_IDS)
def test_a_deed_from_another_site_or_with_another_persons_token_is_refused(world, browsers, row, cell):
    """Scorecard 9: foreign Origin, foreign token; the own token from the own site passes."""
    who = doer(row, cell)
    browser, other = browsers[who], browsers["auditor" if who != "auditor" else "director"]
    own, foreign = browser.token, other.token

    def send(token, **more):
        return browser.send(world, row, cell, fields=fields(token), HTTP_X_CSRFTOKEN=token, **more)

    def fields(token):
        return {} if row.is_api else {"csrfmiddlewaretoken": token}

    assert send(own, HTTP_ORIGIN=f"https://{EVIL}") == (403, set())
    assert send(own, HTTP_ORIGIN="null") == (403, set())
    assert send(foreign) == (403, set())
    assert send(own, HTTP_ORIGIN="http://testserver")[0] == row.expected(cell, who)


def test_a_machine_needs_no_token_of_a_form(world, callers):
    """sync-api: a bearer token is sent by nobody's browser on its own."""
    machine = world.machines["billing"]
    machine.handler.enforce_csrf_checks = True
    with undone():
        answer = machine.patch(
            f"/api/v1/customers/by-external-id/billing/{world.rows['a']['external']}",
            {"district": "城北"}, format="json", HTTP_ORIGIN=f"https://{EVIL}",
        )  # fmt: skip
    machine.handler.enforce_csrf_checks = False
    assert answer.status_code == 200


def test_signing_in_gives_a_new_token_and_session(world):
    """Scorecard 12: what somebody planted before signing in is worth nothing after it."""
    browser = Client(enforce_csrf_checks=True)
    with undone():
        page = browser.get(reverse("account_login")).content.decode()
        before = browser.cookies["csrftoken"].value
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        answer = browser.post(
            reverse("account_login"), {"login": "M1001", "password": "Cast-2026-pass", "csrfmiddlewaretoken": token}
        )
        assert answer.status_code == 302
        assert browser.cookies["csrftoken"].value != before
        session = browser.cookies["sessionid"]
        assert session["httponly"] and session["samesite"] == "Lax"
        again = Client()
        sign_in(again, world.cast.manager)
        assert again.cookies["sessionid"].value != session.value
