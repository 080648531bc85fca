"""Tell a customer what became of his opinion (CMP-33), and explain patiently when he criticised (CMP-25)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from complaints.actions.phrases import note_phrases
from complaints.actions.reach import one_of
from complaints.choices import PhrasePlace, ReplyMethod
from complaints.models import VoiceFeedback
from complaints.queries.instructions import may_feed_back
from complaints.rules.instructions import FED_BACK_KINDS, NEEDS_EXPLANATION
from crm.core.db import write
from crm.core.errors import Conflict, NotAllowed, NotFound
from crm.core.text import clean_text
from visits.models import CustomerVoice

if TYPE_CHECKING:
    from crm.core.models import User

LENGTH = 500


def feed_back_voice(
    *, voice_id: int, result: str, explanation: str = "", method: str, by: User, now: datetime
) -> VoiceFeedback:
    """The result of an opinion and how the customer was told it; once."""
    result = clean_text(result, field="result", max_length=LENGTH, blank=False, multiline=True)
    one_of(method, ReplyMethod.values, "method")
    with write(by=by):
        voice = CustomerVoice.visible_to(by.access.scope).select_related("customer").filter(pk=voice_id).first()
        if voice is None or voice.kind not in FED_BACK_KINDS:
            raise NotFound(_("There is no such entry."))
        customer = voice.customer
        if not may_feed_back(by.access, unit_id=customer.unit_id, manager_id=customer.manager_id):
            raise NotAllowed
        explanation = clean_text(
            explanation, field="explanation", max_length=LENGTH, blank=voice.kind not in NEEDS_EXPLANATION,
            multiline=True,
        )  # fmt: skip
        return told(voice.pk, result=result, explanation=explanation, method=method, by=by, now=now)


def told(voice_id: int, *, result: str, explanation: str, method: str, by: User, now: datetime) -> VoiceFeedback:
    """Keep it, in the caller's transaction; our own words are looked through for service phrases."""
    row = VoiceFeedback(
        voice_id=voice_id, result=result, explanation=explanation, method=method, fed_back_at=now, fed_back_by=by
    )
    with write(by=by):
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as twin:
            raise Conflict(_("The customer has been told already."), code="fed_back") from twin
        note_phrases([(PhrasePlace.REPLY, f"{result}\n{explanation}")], by=by, now=now)
    return row
