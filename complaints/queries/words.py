"""The lines of a case in words: changes are kept as codes and put into the reader's language here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from complaints.choices import CaseLevel, EntryKind, Judgement, StepNumber
from complaints.models import CaseEntry

CHANGES: Mapping[str, str | Promise] = {
    "received": _("Taken down"),
    "accepted": _("Accepted"),
    "assigned": _("Given to %(staff)s"),
    "moved": _("Now answered for by %(staff)s"),
    "waiting_customer": _("Waits for the customer"),
    "appointed": _("Appointment agreed until %(until)s"),
    "resumed": _("Taken up again"),
    "step": _("Step %(step)s recorded: %(label)s"),
    "order_step": _("Done: %(label)s"),
    "not_satisfied": _("The customer is not satisfied"),
    "closed": _("The case is closed"),
    "reopened": _("Opened again, round %(round)s"),
    "corrected": _("Corrected: %(fields)s"),
    "level": _("Now %(level)s"),
    "proposed": _("Judgement proposed: %(judgement)s"),
    "judged": _("Judged: %(judgement)s"),
    "cause": _("Cause: %(cause)s"),
    "dispatched": _("Sent to %(unit)s"),
    "dispatch_replied": _("%(unit)s replied"),
    "dispatch_unsolved": _("%(unit)s cannot solve it there"),
    "escalated": _("Reported up"),
    "merged_into": _("Merged into %(number)s"),
    "merged": _("%(number)s was merged into this one"),
    "merge_undone": _("Merge with %(number)s undone"),
    "attached": _("File added: %(name)s"),
    "follow_up": _("Becomes a follow-up task"),
}
NO_NAME = _("nobody")


def change_words(code: str, params: Mapping[str, Any]) -> str:
    """One change in the language of the moment; an unknown code shows itself."""
    text = CHANGES.get(code)
    if text is None:
        return code
    values: dict[str, Any] = {**params}
    if "staff" in params:
        values["staff"] = names.staff_name(params["staff"]) or str(NO_NAME)
    if "unit" in params:
        values["unit"] = names.unit_name(params["unit"])
    if code == "step":
        values["label"] = str(StepNumber(params["step"]).label)
    if code == "order_step":
        values["label"] = params["label_en" if (get_language() or "").startswith("en") else "label_zh"]
    if "judgement" in params:
        values["judgement"] = str(Judgement(params["judgement"]).label)
    if code == "level":
        values["level"] = str(CaseLevel(params["level"]).label)
    if code == "corrected":
        values["fields"] = ", ".join(str(FIELD_WORDS.get(name, name)) for name in params["fields"])
    return str(text) % values


FIELD_WORDS: Mapping[str, str | Promise] = {
    "category": _("Category"),
    "product": _("Product"),
    "level": _("Level"),
    "facts": _("What happened"),
    "expectation": _("What the customer hopes for"),
    "numbers": _("Numbers"),
    "speaker_name": _("Who spoke"),
    "speaker_phone": _("Number of who spoke"),
    "caused_by": _("Visit that caused it"),
}


def changes_since(case_id: int, version: int) -> list[dict[str, Any]]:
    """What was done to a case since a version: what, by whom, when; never the texts."""
    rows = CaseEntry.unscoped.filter(case_id=case_id, params__v__gt=version).select_related("by").order_by("id")
    return [
        {
            "what": entry_title(row.kind, row.code, row.params),
            "by": row.by.name if row.by else "",
            "at": row.at.isoformat(),
        }
        for row in rows[:20]
    ]


def entry_title(kind: str, code: str, params: Mapping[str, Any]) -> str:
    """What a line is: a change in words, or the kind of what was said or written."""
    return change_words(code, params) if kind == EntryKind.CHANGE else str(EntryKind(kind).label)
