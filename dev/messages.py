"""Keeps the Chinese catalogue complete: ``python -m dev.messages`` reads the sources and rewrites the .po file.

English source strings are the keys. Nothing is thrown away silently: what is new stands there with an empty
translation and is named, and a test fails until it has one; what is gone is removed.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import polib

from dev.places import APPS, ROOT

CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
SINGLE = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop", "_noop", "_lazy", "__"})
PLURAL = frozenset({"ngettext", "ngettext_lazy", "npgettext"})
CONTEXT = frozenset({"pgettext", "pgettext_lazy"})
COMMENT = re.compile(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", re.DOTALL)
TEXT = r"""u?"(?:\\.|[^"\\])*"|u?'(?:\\.|[^'\\])*'"""
CALL = re.compile(rf"""\b(?:gettext|ngettext|pgettext|_)\((?:[^()"']|{TEXT}|\([^()]*\))*\)""")
"""A call with texts that may hold brackets of their own."""
HEADER = {
    "Project-Id-Version": "crm",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


@dataclass(frozen=True, order=True)
class Message:
    """One string to translate."""

    text: str
    plural: str = ""
    context: str = ""


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def messages_of(source: str) -> Iterator[Message]:
    """Messages of Python text."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        words = [_constant(argument) for argument in node.args]
        if name in SINGLE and words and words[0]:
            yield Message(words[0])
        elif name in PLURAL and len(words) > 1 and words[0] and words[1]:
            yield Message(words[0], words[1])
        elif name in CONTEXT and len(words) > 1 and words[0] and words[1]:
            yield Message(words[1], "", words[0])


def _python_of_template(source: str) -> str:
    """Django's own reading of a template, as Python calls one a line."""
    from django.utils.translation.template import templatize

    return "\n".join(CALL.findall(templatize(source)))


def extract() -> set[Message]:
    """Every message of the sources."""
    found: set[Message] = set()
    for folder in APPS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            found.update(messages_of(file.read_text()))
    for file in sorted((ROOT / "templates").rglob("*.html")):
        found.update(messages_of(_python_of_template(COMMENT.sub("", file.read_text()))))
    return found


def missing() -> list[Message]:
    """Messages without a Chinese text, or with one that lost a placeholder."""
    entries = {(entry.msgid, entry.msgctxt or ""): entry for entry in polib.pofile(str(CATALOGUE))}
    return sorted(
        message for message in extract() if not _is_done(message, entries.get((message.text, message.context)))
    )


def _is_done(message: Message, entry: polib.POEntry | None) -> bool:
    if entry is None or "fuzzy" in entry.flags:
        return False
    text = entry.msgstr_plural.get(0, "") if message.plural else entry.msgstr
    wanted = set(re.findall(r"%\(\w+\)[sd]|%s|%d|{\w+}", message.plural or message.text))
    return bool(text) and set(re.findall(r"%\(\w+\)[sd]|%s|%d|{\w+}", text)) == wanted


def rewrite(extra: dict[str, str] | None = None) -> list[Message]:
    """Write the catalogue anew from the sources, keeping translations; `extra` adds some by English text."""
    old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    known = {(entry.msgid, entry.msgctxt or ""): entry for entry in old}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = HEADER
    for message in sorted(extract()):
        entry = known.get((message.text, message.context))
        text = ""
        if entry is not None:
            text = entry.msgstr_plural.get(0, "") or entry.msgstr
        chosen = extra or {}
        text = chosen.get(message.plural) or chosen.get(message.text) or text
        made = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
        if message.plural:
            made.msgid_plural, made.msgstr_plural = message.plural, {0: text}
        else:
            made.msgstr = text
        if "%(" in message.text:
            made.flags = ["python-format"]
        fresh.append(made)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(CATALOGUE))
    return missing()


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    django.setup()
    left = rewrite()
    for message in left:
        print(f"not translated: {message.text}")
    sys.exit(1 if left else 0)
