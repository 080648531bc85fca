"""Hardened delivery (scorecard 9 and 10): headers on every answer, strange hosts, foreign forms. SEC-3, SEC-4.

That no GET changes anything is part of test_routes.py: there every GET is asked by everybody.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.guards.bodies import body_of
from tests.guards.callers import address_of, doer, sign_in, undone, written
from tests.guards.route_table import ANONYMOUS, TABLE

pytestmark = pytest.mark.django_db

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CSP = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
PROBES = {"healthz", "readyz", "metrics"}
EVIL = "evil.example"
GETS = [row for row in TABLE if any(cell.method == "GET" for cell in row.cells)]
DEEDS = [(row, cell) for row in TABLE for cell in row.cells if cell.method != "GET"]
DEED_IDS = [f"{row.name} {cell.method}" for row, cell in DEEDS]


def policy(answer):
    """The CSP as directive → sources, without nonces."""
    found = re.sub(r" ?'nonce-[^']+'", "", answer.headers.get("Content-Security-Policy", ""))
    parts = (part.strip().partition(" ") for part in found.split(";"))
    return {name: sources for name, _space, sources in parts if name}


def problems_of(row, answer):
    """What is missing on an answer."""
    found = {name: answer.headers.get(name) for name, value in HEADERS.items() if answer.headers.get(name) != value}
    sources = policy(answer)
    if sources.get("default-src") != "'none'":  # a file is even stricter: nothing runs in it
        found |= {name: sources.get(name) for name, value in CSP.items() if sources.get(name) != value}
    if "unsafe-eval" in str(sources) or "unsafe-inline" in str({**sources, "style-src-attr": ""}):
        found["Content-Security-Policy"] = sources
    if row.name not in PROBES and len(answer.headers.get("X-Request-Id", "")) < 8:
        found["X-Request-Id"] = None
    found |= {name: answer.headers[name] for name in ("Server", "X-Powered-By") if name in answer.headers}
    return found


@pytest.fixture(scope="module")
def answer_to(world, callers):
    """What a route answers to who may ask; asked once for all the tests that look at it."""
    found = {}

    def answer(row):
        if row.name not in found:
            cell = next(cell for cell in row.cells if cell.method == "GET")
            found[row.name] = callers.get(doer(row, cell), address_of(world, row))
        return found[row.name]

    return answer


@pytest.mark.parametrize("row", GETS, ids=lambda row: row.name)
def test_every_answer_carries_the_headers(world, callers, answer_to, row):
    """Scorecard 10: pages, parts, files, redirects and refusals alike."""
    assert problems_of(row, answer_to(row)) == {}
    for who in (ANONYMOUS, "nobody"):
        assert problems_of(row, callers.get(who, address_of(world, row))) == {}, who


@pytest.mark.parametrize("row", GETS, ids=lambda row: row.name)
def test_what_was_seen_while_signed_in_is_not_kept(answer_to, row):
    """SEC-4: no proxy and no back button shows it after signing out."""
    if row.kind == "public":
        return
    kept = answer_to(row).headers.get("Cache-Control", "")
    assert "no-store" in kept and "private" in kept


@pytest.mark.parametrize("row", GETS, ids=lambda row: row.name)
def test_a_page_has_no_script_or_handler_in_line(answer_to, row):
    """Scorecard 8: what the policy would refuse is not written in the first place."""
    answer = answer_to(row)
    if "text/html" not in answer.headers.get("Content-Type", ""):
        return
    scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", answer.text)
    assert [script for script in scripts if "nonce=" not in script] == []
    assert re.findall(r"<[^>]+\son[a-z]+\s*=", answer.text) == []
    assert "javascript:" not in answer.text


@pytest.mark.parametrize("row", GETS, ids=lambda row: row.name)
def test_a_strange_host_is_refused(world, callers, row):
    """Scorecard 10: the Host header is one of ours, and another proxy's word for it counts nothing."""
    cell = next(cell for cell in row.cells if cell.method == "GET")
    who, address = doer(row, cell), address_of(world, row)
    if row.name not in PROBES:  # whoever watches comes by address, not by name
        refused = callers.get(who, address, HTTP_HOST=EVIL)
        assert refused.status == 400
        assert EVIL not in refused.text
    answer = callers.get(who, address, HTTP_X_FORWARDED_HOST=EVIL, HTTP_X_FORWARDED_SERVER=EVIL)
    assert answer.status == row.expected(cell, who)
    assert EVIL not in answer.text + str(answer.headers)


class Strict:
    """A browser that checks forms as in production, signed in as somebody."""

    def __init__(self, world, who):
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if who != ANONYMOUS:
            plain = Client()
            sign_in(plain, world.cast.users[who])
            self.client.cookies = plain.cookies

    def token(self):
        """The token of this browser's own forms."""
        with undone():
            page = self.client.get(reverse("core:notice_list"), follow=True)
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]

    def send(self, world, row, cell, **more):
        """The deed of bodies.py; answers the status and what was written."""
        body = body_of(world, row.name, cell.method) or {}
        with undone():
            before = written()
            send = getattr(self.client, cell.method.lower())
            kind = {"content_type": "application/json"} if row.is_api else {}
            answer = send(address_of(world, row), body | more.pop("fields", {}), **kind, **more)
            after = {table for table, rows in written().items() if before.get(table) != rows}
        return answer.status_code, after - {"core_session", "core_accesslog"}


@pytest.mark.parametrize(("row", "cell"), DEEDS, ids=DEED_IDS)
def test_a_deed_without_the_token_of_its_form_is_refused(world, row, cell):
    """Scorecard 9, bad input 31: 403 for every unsafe route, by page and by a browser's call of the API."""
    browser = Strict(world, doer(row, cell))
    assert browser.send(world, row, cell) == (403, set())


@pytest.mark.parametrize(("row", "cell"), DEEDS, ids=DEED_IDS)
def test_a_deed_from_another_site_or_with_another_persons_token_is_refused(world, row, cell):
    """Scorecard 9: foreign Origin, foreign token; the own token from the own site passes."""
    who = doer(row, cell)
    browser, other = Strict(world, who), Strict(world, "auditor" if who != "auditor" else "director")
    own, foreign = browser.token(), other.token()

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
