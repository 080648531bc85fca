"""Small lists of choices that headquarters keeps itself: labels in both languages, an order, in use or not.

An app registers its table (code, label_zh, label_en, position, is_active); one page shows and changes them all. A row
is never deleted, as records name it: it goes out of use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

KEEPS = "configure"
MOST_ROWS = 200
_CODE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """One list: its key in the address, what it is called and for, and its table."""

    key: str
    label: str | Promise
    text: str | Promise
    model: type[models.Model]

    @property
    def rows(self) -> Any:
        """Its table."""
        return self.model._default_manager

    def longest(self, name: str) -> int:
        """How long a label may be."""
        field: Any = self.model._meta.get_field(name)
        return int(field.max_length)


_LISTS: dict[str, ReferenceList] = {}


def register(found: ReferenceList) -> None:
    """Called when an app is ready."""
    _LISTS[found.key] = found


def reference_lists() -> list[tuple[ReferenceList, list[Any]]]:
    """Every list with its rows in order, those out of use last."""
    return [(each, list(each.rows.order_by("-is_active", "position", "pk"))) for each in _LISTS.values()]


def list_of(key: str) -> ReferenceList:
    """The list of an address; NotFound."""
    if key not in _LISTS:
        raise NotFound
    return _LISTS[key]


def row_of(found: ReferenceList, row_id: int) -> Any:
    """One of its rows; NotFound."""
    row = found.rows.filter(pk=row_id).first()
    if row is None:
        raise NotFound
    return row


def keep_reference_row(
    *, key: str, row_id: int | None, label_zh: str, label_en: str, position: int, is_active: bool, by: User
) -> Any:
    """Add a choice, or change one: its words, its place, whether it is in use. The code it got at first stays."""
    if not by.access.can(KEEPS):
        raise NotAllowed
    found = list_of(key)
    labels = {"label_zh": label_zh, "label_en": label_en}
    labels = {name: clean_text(text, field=name, max_length=found.longest(name)) for name, text in labels.items()}
    with write(by=by):
        row: Any = found.model() if row_id is None else found.rows.select_for_update().filter(pk=row_id).first()
        if row is None:
            raise NotFound
        if row_id is None:
            row.code = _new_code(found, labels["label_en"])
        for name, value in {**labels, "position": position, "is_active": is_active}.items():
            setattr(row, name, value)
        row.save()
    return row


def _new_code(found: ReferenceList, label: str) -> str:
    """A code nobody has yet, from the English label."""
    taken = set(found.rows.values_list("code", flat=True))
    if len(taken) >= MOST_ROWS:
        raise Invalid(_("This list is full."), code="too_many", field="label_zh")
    base = _CODE.sub("_", label.lower()).strip("_")[:24] or "row"
    return next(code for n in range(1, MOST_ROWS + 2) if (code := base if n == 1 else f"{base}_{n}") not in taken)
