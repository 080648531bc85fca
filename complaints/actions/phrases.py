"""Keep the list of service phrases; note that one was said (CMP-16): which, where, when, never the text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from accounts.queries import names
from complaints.models import PhraseHit, ServicePhrase
from complaints.queries import phrases as kept
from complaints.rules.phrases import found, too_short
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "configure"
MOST = 100


def note_phrases(texts: Sequence[tuple[str, str]], *, by: User, now: datetime) -> list[list[int]]:
    """Look through what our people wrote: for each (place, text) the numbers of the phrases in it, counted.

    Never refuses anything. The caller leaves the customer's own words out and writes in the same transaction.
    """
    list_of = kept.phrases()
    numbers = [found(text, list_of) for _place, text in texts]
    if not any(numbers):
        return numbers
    ids, card = kept.phrase_ids(), names.staff_of(by.pk)
    with write(by=by):
        PhraseHit.unscoped.bulk_create(
            PhraseHit(
                phrase_id=ids[number], staff_id=card.id if card else None, unit_id=card.unit_id if card else None,
                place=place, at=now,
            )
            for (place, _text), said in zip(texts, numbers, strict=True)
            for number in said
        )  # fmt: skip
    return numbers


def keep_phrase(
    *,
    phrase_id: int | None,
    text: str,
    wordings: str,
    kinder: str,
    is_active: bool,
    version: int | None = None,
    by: User,
    now: datetime,
) -> ServicePhrase:
    """Headquarters fills an empty place, changes a phrase or adds one at the end (CMP-16)."""
    text = clean_text(text, field="text", max_length=200)
    wordings = clean_text(wordings, field="wordings", max_length=2000, multiline=True)
    kinder = clean_text(kinder, field="kinder", max_length=200)
    _refuse_short(text, wordings)
    with write(by=by):
        must(by, MAY)
        row = _added(text) if phrase_id is None else _held(phrase_id, version)
        row.text, row.wordings, row.kinder, row.is_active = text, wordings, kinder, is_active
        row.updated_by, row.updated_at = by, now
        row.save()
    kept.forget()
    return row


def _refuse_short(text: str, wordings: str) -> None:
    for field, value in (("text", text), ("wordings", wordings)):
        if short := too_short(value):
            raise Invalid(
                _("%(words)s would be found in nearly every text: at least two characters."),
                code="too_short", field=field, params={"words": short[0]},
            )  # fmt: skip


def _added(text: str) -> ServicePhrase:
    if not text:
        raise Invalid(_("This field needs at least one visible character."), code="blank", field="text")
    last = ServicePhrase.objects.select_for_update().order_by("-number").first()
    if last is not None and ServicePhrase.objects.count() >= MOST:
        raise Invalid(_("The list is full."), code="too_many", field="text")
    return ServicePhrase(number=(last.number if last else 0) + 1)


def _held(phrase_id: int, version: int | None) -> ServicePhrase:
    row = ServicePhrase.objects.select_for_update().filter(pk=phrase_id).first()
    if row is None:
        raise NotFound
    if version is not None and version != row.version:
        current = {"text": row.text, "wordings": row.wordings, "kinder": row.kinder, "version": row.version}
        raise Conflict(current=current)
    row.version += 1
    return row
