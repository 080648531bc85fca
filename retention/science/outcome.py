"""The outcome of a file: who was lost, in whatever words the operator writes it."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from retention.science.cells import clean, is_blank, number_of
from retention.science.reading import RawColumn, Unreadable


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LOST = _words(
    "yes y true t 1 churn churned churner left lost leaver exited exit attrited attrition cancelled canceled "
    "terminated deactivated disconnected closed gone inactive ported portout 是 流失 离网 已流失 已离网 携出 已携出 "
    "销户 已销户 拆机"
)
KEPT = _words(
    "no n false f 0 -1 stayed stay stays active retained retain current existing loyal joined new nonchurn "
    "notchurned nochurn nonchurner nonchurned open kept 否 在网 未流失 未离网 留存 正常 保有"
)


def outcome_of(column: RawColumn) -> tuple[NDArray[np.bool_], NDArray[np.bool_], list[str]]:
    """Per row: was it lost; is it known; and what had to be guessed. Unreadable when it is no outcome."""
    said: list[str | None] = []
    warnings: list[str] = []
    for level in column.levels:
        said.append(None if is_blank(level) else _meaning(level))
    known = [(level, meaning) for level, meaning in zip(column.levels, said, strict=True) if meaning is not None]
    words = {meaning for _level, meaning in known}
    if len(known) > 2 and all(number_of(level) is not None for level, _ in known) and len(words) > 2:
        raise Unreadable(f"The target {column.name!r} holds {len(known)} different numbers, not an outcome.")
    lost = _lost_words(column, words, warnings)
    is_lost: NDArray[np.bool_] = np.array([meaning in lost for meaning in said], dtype=bool)[column.codes]
    is_known = np.array([meaning is not None for meaning in said], dtype=bool)[column.codes]
    if unknown := int((~is_known).sum()):
        warnings.append(f"{unknown} rows without an outcome left out.")
    events = int(is_lost[is_known].sum())
    if not 0 < events < int(is_known.sum()):
        raise Unreadable(f"The target {column.name!r} is the same for every row.")
    return is_lost, is_known, warnings


def _meaning(text: str) -> str:
    """A word of the outcome without case, points and spaces: "True." is "true", "1.0" is "1"."""
    number = number_of(text)
    if number is not None:
        return f"{number:g}"
    return re.sub(r"[\W_]+|customer$", "", clean(text).casefold())


def _lost_words(column: RawColumn, words: set[str], warnings: list[str]) -> set[str]:
    """Which words mean that the customer was lost."""
    if len(words) > 50:
        raise Unreadable(f"The target {column.name!r} has {len(words)} different values, not an outcome.")
    lost = {word for word in words if word in LOST or _is_told_by_its_stem(word)}
    if len(words) == 2 and all(number_of(word) is not None for word in words):
        lost = {max(words, key=float)}
    if lost and lost != words:
        if words - lost - KEPT or len(words) > 2:
            others = ", ".join(sorted(words - lost))
            warnings.append(f"Outcome {', '.join(sorted(lost))!r} counts as lost; {others} as kept.")
        return lost
    if len(words) == 2:
        kept = words & KEPT
        if len(kept) == 1:
            guess = (words - kept).pop()
        else:
            counts = column.counts()
            rows = dict.fromkeys(words, 0)
            for level, count in zip(column.levels, counts, strict=True):
                if _meaning(level) in rows:
                    rows[_meaning(level)] += int(count)
            guess = min(rows, key=rows.__getitem__)
        warnings.append(f"Outcome {guess!r} was taken for lost.")
        return {guess}
    raise Unreadable(f"The target {column.name!r} says nowhere who was lost: {', '.join(sorted(words))[:200]}.")


def _is_told_by_its_stem(word: str) -> bool:
    return bool(re.search(r"churn|流失|离网|携出|attrit", word)) and not re.match(r"no|non|not|un|未|非|不", word)
