"""What every address answers to everybody, asked once and looked at from all sides.

Who may (test_routes.py has the deeds), what the other unit must not hear (test_leaks.py the figures), what is masked
(test_masks.py), which headers it carries (test_headers.py), in which language it speaks (test_translations.py).
"""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.guards.busy_day import busy_day
from tests.guards.callers import CAST, Callers, address_of, doer, undone
from tests.guards.looks import (
    ASKERS,
    EVERYBODY,
    EVIL,
    FORMS,
    FORWARDED,
    GRANTED,
    HIDDEN,
    TABS,
    addresses,
    is_refusal,
    problems_of,
    secrets_in,
    told,
    words_left,
)
from tests.guards.rooms import united
from tests.guards.route_table import ANONYMOUS, TABLE

pytestmark = pytest.mark.django_db
GETS = [row for row in TABLE if any(cell.method == "GET" for cell in row.cells)]

CHANGING = re.compile(
    r"(?<=\"changes_cursor\":\")[\w-]+|[A-Za-z0-9]{64}|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|\d\d:\d\d(:\d\d)?"
)
"""Tokens, keys, request ids and the clock differ from answer to answer."""
PLAIN = {"HTTP_ACCEPT": "application/json"}
MADE_ANEW = {"readyz", "metrics", "mfa_activate_totp"} | united("MADE_ANEW")


REFUSED_IN_ENGLISH = {"workbench:today", "accounts:staff_list", "kpi:dashboard"}
"""The page of a refusal is one and the same: a few doors show it in English."""


class Asked:
    """One route and its answers so far: who asked at which address, in which language, is asked once."""

    def __init__(self, row, world, callers: Callers) -> None:
        self.row, self.world, self.callers = row, world, callers
        self.address = address_of(world, row)
        self.cell = next(cell for cell in row.cells if cell.method == "GET")
        self.answers = {}

    def is_shut(self, who):
        """Whether the door itself refuses him, before it reads what he asks for."""
        return self.row.expected(self.cell, who) == 403

    def get(self, who, address=None, **headers):
        """The answer of this caller; whoever is refused as others are is told so in a line instead of a page."""
        if who not in ASKERS and self.row.expected(self.cell, who) in (403, 404):
            headers = PLAIN | headers
        key = (who, address or self.address, *headers.items())
        if key not in self.answers:
            self.answers[key] = self.callers.get(who, address or self.address, **FORWARDED, **headers)
        return self.answers[key]


@pytest.fixture(scope="module", params=GETS, ids=lambda row: row.name)
def asked(request, world, callers):
    """All tests of one route run one after the other, on the same answers."""
    return Asked(request.param, world, callers)


def test_everybody_gets_what_the_table_says(asked):
    """SEC-3, PLT-7: status by person; a GET has written nothing but the row of its refusal (safety 2, 9)."""
    wrong, traces = {}, {}
    for who in EVERYBODY:
        answer = asked.get(who)
        expected = asked.row.expected(asked.cell, who)
        if answer.status != expected:
            wrong[who] = f"{answer.status} instead of {expected}"
        beside_log = {table for table in answer.business if table != "core_accesslog"}
        logged = answer.business.get("core_accesslog", (0, 0))
        if beside_log or (is_refusal(asked.row, answer) and logged != (answer.status == 403, 0)):
            traces[who] = answer.status, answer.business
    assert wrong == {}
    assert traces == {}, "a GET has written"


def test_no_answer_tells_about_the_other_unit(asked):
    """SEC-3: lists, details, searches, autocompletes, palette, counts, timelines, jobs, notices, API."""
    leaks = {}
    for side, watchers, secrets in HIDDEN.values():
        for address in addresses(asked.world, asked.row, side):
            for who in watchers:
                if asked.is_shut(who) and address != asked.address:
                    continue
                answer = asked.get(who, address)
                if found := set(told(answer, secrets, address)) - GRANTED.get((asked.row.name, who), set()):
                    leaks[who, address] = answer.status, found
                assert answer.status < 500 or asked.row.name == "readyz", (who, address)
    assert leaks == {}


def test_no_page_shows_a_full_number_or_anything_private(asked):
    """CUS-8: masked for everybody; the forms of those who may edit hold the number, never the private group."""
    shown, world, route = {}, asked.world, asked.row
    addresses = [asked.address]
    if route.name == "workbench:customer":
        addresses += [f"{address_of(world, route, side)}?tab={tab}" for tab in TABS for side in ("a", "b")]
        addresses.append(reverse("workbench:customer", args=[world.pk("firm")]) + "?tab=people")
    for who in CAST:
        for address in addresses:
            found = secrets_in(asked.get(who, address).text, private_only=route.name in FORMS)
            if found:
                shown[who, address] = found
    assert shown == {}


def test_every_answer_carries_the_headers(asked):
    """Scorecard 10: pages, parts, files, redirects and refusals alike."""
    for who in (doer(asked.row, asked.cell), ANONYMOUS, "nobody"):
        assert problems_of(asked.row, asked.get(who)) == {}, who


def test_another_proxys_word_for_the_host_counts_nothing(asked):
    """Scorecard 10: whatever is asked here comes with it, and no answer leads to it or names it."""
    answers = [asked.get(who) for who in EVERYBODY]
    assert [answer for answer in answers if EVIL in answer.text + str(answer.headers)] == []


def test_what_was_seen_while_signed_in_is_not_kept(asked):
    """SEC-4: no proxy and no back button shows it after signing out."""
    if asked.row.kind == "public":
        return
    kept = asked.get(doer(asked.row, asked.cell)).headers.get("Cache-Control", "")
    assert "no-store" in kept and "private" in kept


def test_a_page_has_no_script_or_handler_in_line(asked):
    """Scorecard 8: what the policy would refuse is not written in the first place."""
    answer = asked.get(doer(asked.row, asked.cell))
    if "text/html" not in answer.headers.get("Content-Type", ""):
        return
    scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", answer.text)
    assert [script for script in scripts if "nonce=" not in script] == []
    assert re.findall(r"<[^>]+\son[a-z]+\s*=", answer.text) == []
    assert "javascript:" not in answer.text


def test_a_page_in_chinese_shows_no_english_source_string(asked):
    """PLT-1: complete Simplified Chinese, as those see it who may, and as others are refused."""
    assert words_left(asked.row, {who: asked.get(who) for who in ASKERS}, "english") == {}


def test_a_page_in_english_shows_no_chinese_translation(asked):
    """Decisions 32: English when the browser prefers it."""
    if asked.row.is_api:
        return
    allowed = [who for who in ASKERS if not asked.is_shut(who) or asked.row.name in REFUSED_IN_ENGLISH]
    answers = {who: asked.get(who, HTTP_ACCEPT_LANGUAGE="en-GB,en;q=0.9") for who in allowed}
    assert words_left(asked.row, answers, "chinese") == {}


def test_what_the_other_unit_does_changes_no_figure_here(asked):
    """SEC-3: no list grows, no count, badge, ring or share moves by the work of another unit."""
    if asked.row.name in MADE_ANEW:
        return

    watchers = [who for who in ("manager", "supervisor", "market_manager") if asked.get(who).status == 200]
    if not watchers:
        return

    def seen(get):
        return {(who, line) for who in watchers for line in CHANGING.sub("", get(who).text).splitlines()}

    with undone():
        busy_day(asked.world)
        after = seen(lambda who: asked.callers.get(who, asked.address))
    if after != seen(asked.get):  # or the clock went on since it was asked
        assert after ^ seen(lambda who: asked.callers.get(who, asked.address)) == set()


def test_the_leak_test_asks_often_enough(world):
    """Scorecard 3: at least 2,000 answers."""
    count = 0
    for row in GETS:
        cell = next(cell for cell in row.cells if cell.method == "GET")
        for side, watchers, _secrets in HIDDEN.values():
            inside = [who for who in watchers if row.expected(cell, who) != 403]
            count += len(addresses(world, row, side)) * len(inside)
    assert count >= 2000
