"""Sentences with values in them that are worded only when somebody reads them, in his language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise, lazy
from django.utils.translation import override

Text = str | Promise


def _filled(text: Text, values: Mapping[str, Any]) -> str:
    return str(text) % values


_worded = lazy(_filled, str)


def worded(text: Text, /, **values: Any) -> Text:
    """A sentence with its values, in the language of the moment in which it is read."""
    found: Text = _worded(text, values)
    return found


def in_each_language(text: Text, most: int) -> dict[str, str]:
    """What is kept for readers to come: the words in each language of ours; nothing where all read the same."""
    if not isinstance(text, Promise):
        return {}
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = str(text)[:most]
    return found
