"""Everything is said in the reader's language (PLT-1, decisions 32): Chinese first, English complete."""

from __future__ import annotations

import re
from functools import cache

import polib
import pytest
from django.utils import translation

from dev.messages import CATALOGUE, missing
from tests.guards.callers import address_of
from tests.guards.route_table import ANONYMOUS, TABLE

pytestmark = pytest.mark.django_db
ASKERS = (ANONYMOUS, "manager", "supervisor", "director", "nobody")
LONG_ENGLISH = 12
LONG_CHINESE = 8
SCRIPT = re.compile(r"<script\b.*?</script>|<style\b.*?</style>", re.S)
PAGES = [row for row in TABLE if not row.is_api and any(cell.method == "GET" for cell in row.cells)]


def test_every_source_string_has_its_chinese():
    """PLT-1: a string without a translation, or with one that lost a placeholder, fails."""
    assert [message.text for message in missing()] == []


@cache
def words():
    """(English, Chinese) of every message without placeholders, as the running process says it."""
    texts = [entry.msgid for entry in polib.pofile(str(CATALOGUE)) if not entry.msgctxt and "%" not in entry.msgid]
    with translation.override("zh-hans"):
        return [(text, said) for text in texts if (said := translation.gettext(text)) != text]


def shown(callers, row, language):
    """Every page of a route as those see it who may, and as others are refused."""
    for who in ASKERS:
        answer = callers.get(who, address_of(callers.world, row), HTTP_ACCEPT_LANGUAGE=language)
        if "text/html" in answer.headers.get("Content-Type", ""):
            yield who, SCRIPT.sub("", answer.text)


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.name)
def test_a_page_in_chinese_shows_no_english_source_string(world, callers, row):
    """PLT-1: complete Simplified Chinese."""
    english = [text for text, _said in words() if len(text) > LONG_ENGLISH]
    found = {who: [text for text in english if text in page] for who, page in shown(callers, row, "zh-CN,zh;q=0.9")}
    assert {who: texts for who, texts in found.items() if texts} == {}


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.name)
def test_a_page_in_english_shows_no_chinese_translation(world, callers, row):
    """Decisions 32: English when the browser prefers it."""
    chinese = [said for _text, said in words() if len(said) > LONG_CHINESE]
    found = {who: [text for text in chinese if text in page] for who, page in shown(callers, row, "en-GB,en;q=0.9")}
    assert {who: texts for who, texts in found.items() if texts} == {}
