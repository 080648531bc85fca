"""How a name is found again: pinyin, initials and bigrams (mechanisms F). Made in Python, once per name."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from crm.core.text import narrow

PINYIN_LENGTH = 200
INITIALS_LENGTH = 50
_WORD = re.compile(r"[0-9a-z]+|[^\W0-9a-z_]", re.IGNORECASE)
_CHINESE = re.compile(r"^[\u4e00-\u9fa5]+\Z")
_LATIN = re.compile(r"^[0-9a-z]+$")
_QUOTED = "' '"


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[int, str], dict[int, str]]:
    """Two tables for `str.translate`: character → pinyin, character → initial. One microsecond a name."""
    from pypinyin.constants import PINYIN_DICT, Style
    from pypinyin.style import convert

    full: dict[int, str] = {}
    first: dict[int, str] = {}
    for code, readings in PINYIN_DICT.items():
        reading = convert(readings.split(",")[0], Style.NORMAL, strict=False).replace("ü", "v")
        full[code] = reading
        first[code] = reading[:1]
    return full, first


def pinyin_of(name: str) -> tuple[str, str]:
    """Pinyin and initials of a name.

    >>> pinyin_of("中国移动")
    ('zhongguoyidong', 'zgyd')
    """
    text = narrow(name).lower()
    if text.isascii():
        words = _WORD.findall(text)
        return "".join(words)[:PINYIN_LENGTH], "".join(word[0] for word in words)[:INITIALS_LENGTH]
    full, first = _tables()
    pinyin, initials = text.translate(full), text.translate(first)
    if pinyin.isascii() and pinyin.isalnum() and initials.isalnum():
        return pinyin[:PINYIN_LENGTH], initials[:INITIALS_LENGTH]
    pinyin = "".join(char for char in text.translate(full) if char.isascii() and char.isalnum())
    initials = "".join(char for char in text.translate(first) if char.isascii() and char.isalnum())
    return pinyin[:PINYIN_LENGTH], initials[:INITIALS_LENGTH]


def search_tokens(name: str) -> list[str]:
    """Bigrams of the Chinese parts, words of the Latin ones, each once.

    >>> search_tokens("海尔集团ABC")
    ['海尔', '尔集', '集团', 'abc']
    """
    if len(name) > 1 and _CHINESE.match(name):
        return list(dict.fromkeys(map(str.__add__, name, name[1:])))
    tokens: list[str] = []
    for run in _runs(name):
        tokens.extend(run if len(run) == 1 else [a + b for a, b in itertools.pairwise(run)])
    return list(dict.fromkeys(tokens))


def name_vector(name: str) -> str:
    """The tokens as PostgreSQL writes a tsvector; the same text serves a bound parameter and COPY.

    >>> name_vector("海尔ABC")
    "'海尔' 'abc'"
    """
    tokens = search_tokens(name)
    return f"'{_QUOTED.join(tokens)}'" if tokens else ""


def name_query(text: str) -> str:
    """The tsquery for a part of a name; a single character or a Latin word matches the beginning of a token.

    >>> name_query("尔集团 ab")
    "'尔集' & '集团' & 'ab':*"
    """
    parts: list[str] = []
    for run in _runs(text):
        if len(run) == 1:
            parts.append(f"'{run[0]}':*")
        else:
            parts.extend(f"'{a}{b}'" for a, b in itertools.pairwise(run))
    return " & ".join(dict.fromkeys(parts))


def _runs(text: str) -> list[list[str]]:
    """Runs of Chinese characters, and Latin words as runs of one."""
    runs: list[list[str]] = []
    end = -1
    for found in _WORD.finditer(narrow(text).lower()):
        piece = found.group()
        if _LATIN.match(piece) or end != found.start() or (runs and _LATIN.match(runs[-1][-1])):
            runs.append([piece])
        else:
            runs[-1].append(piece)
        end = found.end()
    return runs
