"""What every kind of file is described by: its fields, what it needs, and who writes its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language, override

from sync.imports.fields import Field, normal_heading, word

Words = Mapping[str, Mapping[str, str]]
Sample = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ImportKind:
    """One kind of file. `book` writes its rows (accounts.actions.books); customers have statements of their own."""

    key: str
    label: str | Promise
    ability: str
    scope: str
    """The scope a token needs beside imports:write."""
    fields: Mapping[str, Field]
    needed: tuple[str, ...]
    root: str
    """The table whose rows the file is about: undoing takes back one of them with all that came with it, or nothing."""
    book: Callable[..., Any] | None = None
    sample: Sample = ()
    constants: tuple[str, ...] = ()
    """Fields that may be the same for a whole file."""
    matches: tuple[str, ...] = ()
    """By what rows are known, the first unless another is chosen; empty: by what their kind knows them by."""
    words: Callable[[], Words] = field(default=dict)
    has_source: bool = True
    list_url: str = ""

    def recognises(self, header: tuple[str, ...]) -> int:
        """How many fields a file's headings name; 0 when one that is needed is missing."""
        known = {normal_heading(name) for name in header}
        named = {name for name, entry in self.fields.items() if known & headings_of(entry)}
        return len(named) if all(name in named for name in self.needed) else 0


def headings_of(entry: Field) -> set[str]:
    """How a field may be called in a file."""
    return {normal_heading(heading) for heading in (*entry.headings, entry.name)}


def as_given(value: Any, field: str, today: date) -> Any:
    """Rows of a book are checked as a whole by the book itself."""
    return value


def told(name: str, zh: str, en: str, *headings: str, **more: Any) -> Field:
    """A field of a row: its name on the page in both languages is what the file of our own calls it."""

    def label() -> str:
        return en if (get_language() or "").startswith("en") else zh

    return Field(name, lazy(label, str)(), as_given, headings=(zh, en, *headings), **more)


def described(*fields: Field) -> dict[str, Field]:
    """The fields by name."""
    return {entry.name: entry for entry in fields}


def words_for(choices: type[TextChoices], **more: str) -> dict[str, str]:
    """What a file may write for a closed list: codes, labels in both languages, and other usual words."""
    words: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with override(language):
            words |= {word(str(label)): str(code) for code, label in choices.choices}
    words |= {word(code): code for code in choices.values}
    return words | {word(text): code for text, code in more.items()}


__all__ = ["ImportKind", "described", "headings_of", "told", "words_for"]
