"""How a body names another record: our id, or its id in a system (sync-api "manage ids")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rules import fields as f
from crm.core.errors import Invalid

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Reference:
    """One of three: our id; a word (our number, or the id in the caller's own source); a source with its id."""

    id: int | None = None
    word: str = ""
    source: str = ""


def reference(value: Any, field: str, today: date) -> Reference | None:
    """An id, a word, or {"source", "external_id"}; nothing is nothing.

    >>> reference({"source": "billing", "external_id": "B-1"}, "customer", date.max)
    Reference(id=None, word='B-1', source='billing')
    """
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID:
        return Reference(id=value)
    if isinstance(value, str):
        word = f.text(100)(value, field, today)
        return Reference(word=word) if word else None
    if isinstance(value, Mapping) and set(value) == {"source", "external_id"}:
        parts = {name: f.text(100, blank=False)(value[name], field, today) for name in ("source", "external_id")}
        return Reference(word=parts["external_id"], source=parts["source"])
    text = _("Give an id, a number, or the id in a source: {“source”: …, “external_id”: …}.")
    raise Invalid(text, code="invalid_reference", field=field)
