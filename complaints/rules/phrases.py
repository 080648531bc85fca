"""Service phrases (服务禁语, CMP-16…23): whether a text says one, whatever its punctuation, width and small variations.

A wording is compared letter by letter: full-width is half-width, 您 is 你, whatever is neither letter nor digit falls
away. Three habits keep ordinary sentences out: a wording of up to three characters is only meant as a clause of its own
("不可能!", not "不可能今天到账"); one that is written with 。 or ! at its end only counts where the clause ends; and
a near miss (one character in eight) counts only when everything that negates is the same. static/js/phrases.js does
the same while one types; tests compare the two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

PER_SLACK = 8
"""One character in so many may be another one, missing, or one too many."""

CLAUSE_ONLY = 3
"""A wording of so few characters counts as a clause of its own only."""

NEGATIONS = frozenset("不没未无别非")
SAME = {"您": "你", "妳": "你"}
ENDERS = "。!."
KEPT_SIGNS = "%"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of the list: its number, the words as given, wordings that mean it, a kinder wording."""

    number: int
    text: str
    wordings: tuple[str, ...]
    kinder: str = ""

    @property
    def all_wordings(self) -> tuple[str, ...]:
        """The words as given are a wording too."""
        return (self.text, *self.wordings)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without what does not matter: its characters, where each stood, and before which of them a clause ends."""

    chars: str
    places: tuple[int, ...]
    breaks: frozenset[int]


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase in a text: from here to there (end not included), in characters of the text."""

    number: int
    start: int
    end: int


def fold(text: str) -> str:
    """The text without punctuation, width, case and white space.

    >>> fold("不可能! 绝对 不可能")
    '不可能绝对不可能'
    """
    return folded(text).chars


def folded(text: str) -> Folded:
    """The same, remembering where each character stood and where a clause ends."""
    chars: list[str] = []
    places: list[int] = []
    breaks = {0}
    for place, char in enumerate(text):
        if char in "\n\r":
            breaks.add(len(chars))
        for small in unicodedata.normalize("NFKC", char).lower():
            kind = unicodedata.category(small)[0]
            if kind in "LN" or small in KEPT_SIGNS:
                chars.append(SAME.get(small, small))
                places.append(place)
            elif kind in "PS":
                breaks.add(len(chars))
    breaks.add(len(chars))
    return Folded("".join(chars), tuple(places), frozenset(breaks))


@dataclass(frozen=True, slots=True)
class _Wording:
    chars: str
    ends_clause: bool

    @property
    def is_clause(self) -> bool:
        return len(self.chars) <= CLAUSE_ONLY

    @property
    def slack(self) -> int:
        return len(self.chars) // PER_SLACK


@lru_cache(maxsize=1024)
def _wording(written: str) -> _Wording:
    last = unicodedata.normalize("NFKC", written.strip()[-1:])
    return _Wording(fold(written), last in ENDERS and bool(last))


def found(text: str, phrases: Iterable[Phrase]) -> list[int]:
    """The numbers of the phrases that a text says, each once, in their order (CMP-16)."""
    return sorted({match.number for match in matches(text, phrases)})


def matches(text: str, phrases: Iterable[Phrase]) -> list[Match]:
    """Where a text says which phrase, from left to right; of two that overlap the longer one stays."""
    where = folded(text)
    hits = [
        (start, end, phrase.number)
        for phrase in phrases
        for written in phrase.all_wordings
        for start, end in _hits(where, _wording(written))
    ]
    chosen: list[tuple[int, int, int]] = []
    for start, end, number in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if all(end <= other[0] or other[1] <= start for other in chosen if other[2] == number):
            chosen.append((start, end, number))
    return [Match(number, where.places[start], where.places[end - 1] + 1) for start, end, number in sorted(chosen)]


def _hits(where: Folded, wording: _Wording) -> Iterator[tuple[int, int]]:
    if not wording.chars:
        return
    exact = list(_exact(where.chars, wording.chars))
    for start, end in exact or _near(where.chars, wording):
        if wording.is_clause and start not in where.breaks:
            continue
        if (wording.is_clause or wording.ends_clause) and end not in where.breaks:
            continue
        yield start, end


def _exact(chars: str, wanted: str) -> Iterator[tuple[int, int]]:
    at = chars.find(wanted)
    while at >= 0:
        yield at, at + len(wanted)
        at = chars.find(wanted, at + 1)


def _near(chars: str, wording: _Wording) -> Iterator[tuple[int, int]]:
    """A wording with a few differences: one of slack + 1 pieces of it must stand there as it is."""
    slack, wanted = wording.slack, wording.chars
    if not slack:
        return
    size = len(wanted)
    cuts = [round(size * number / (slack + 1)) for number in range(slack + 2)]
    seen: set[tuple[int, int]] = set()
    for first, last in pairwise(cuts):
        for at, _end in _exact(chars, wanted[first:last]):
            left = max(0, at - first - slack)
            right = min(len(chars), at - first + size + slack)
            hit = _closest(chars[left:right], wanted, slack)
            if hit is None:
                continue
            start, end = left + hit[0], left + hit[1]
            if (start, end) not in seen and _negates_alike(chars, start, end, wording):
                seen.add((start, end))
                yield start, end


def _closest(chars: str, wanted: str, slack: int) -> tuple[int, int] | None:
    """The part of a short text nearest to what is wanted (edit distance, at most `slack`): where it starts and ends."""
    distance = list(range(len(wanted) + 1))
    starts = [0] * (len(wanted) + 1)
    best: tuple[int, int, int] | None = None
    for place, char in enumerate(chars):
        before, before_start = distance[0], starts[0]
        distance[0], starts[0] = 0, place + 1
        for index, letter in enumerate(wanted, 1):
            here, here_start = distance[index], starts[index]
            options = (
                (before + (char != letter), before_start),
                (here + 1, here_start),
                (distance[index - 1] + 1, starts[index - 1]),
            )
            distance[index], starts[index] = min(options, key=lambda option: option[0])
            before, before_start = here, here_start
        if distance[-1] <= slack and (best is None or distance[-1] < best[0]):
            best = (distance[-1], starts[-1], place + 1)
    return None if best is None or best[2] <= best[1] else (best[1], best[2])


def _negates_alike(chars: str, start: int, end: int, wording: _Wording) -> bool:
    """ "我负责" is not "我不负责": what negates must be the same, also just before the part that was found."""
    around = chars[max(0, start - wording.slack) : end]
    return _negations(around) == _negations(wording.chars)


def _negations(chars: str) -> list[str]:
    return [char for char in chars if char in NEGATIONS]


def wordings_of(lines: str) -> tuple[str, ...]:
    """Wordings as they are kept, one a line."""
    return tuple(line.strip() for line in lines.splitlines() if line.strip())


def too_short(lines: str) -> Sequence[str]:
    """Wordings that would be found in nearly every text: fewer than two characters that count."""
    return [line for line in wordings_of(lines) if len(fold(line)) < 2]
