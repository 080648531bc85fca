"""Where a number went, in words: the app that knows competitors says what their codes mean (RET-14)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

Labels = Callable[[Collection[str]], Mapping[str, str]]
_tellers: list[Labels] = []


def register(tell: Labels) -> None:
    """`tell` answers the labels of those codes it knows, in the language of the moment; called when an app is ready."""
    _tellers.append(tell)


def destination_labels(codes: Collection[str]) -> dict[str, str]:
    """The codes in words; one that nobody knows stays as it is. Without codes nothing is asked."""
    found = {code: code for code in codes if code}
    for tell in _tellers if found else ():
        found |= tell(found.keys())
    return found
