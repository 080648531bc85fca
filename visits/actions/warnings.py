"""Soft warnings of logging and dialling: they never block and ask for no reason (CON-28, CUS-29)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.core import parameters
from visits.choices import Direction, Party

if TYPE_CHECKING:
    from visits.actions.checks import CheckedSheet
    from visits.actions.facts import CustomerFacts
    from visits.models import Visit

BY_WIRE = frozenset({"phone", "sms", "mms", "wechat"})
MARKETING = frozenset({"marketing", "promotion"})


def in_window(at: datetime, start: time | None, end: time | None) -> bool:
    """Whether a moment lies in a daily do-not-disturb window; 22:00 to 07:00 goes over midnight (CUS-29)."""
    if start is None or end is None or start == end:
        return False
    clock = timezone.localtime(at).time()
    return start <= clock < end if start < end else clock >= start or clock < end


def disturb_warning(name: str, start: time | None, end: time | None) -> str:
    """CUS-29: he asked not to be disturbed at this hour."""
    return _("%(customer)s asked not to be disturbed from %(start)s to %(end)s.") % {
        "customer": name,
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
    }


def warnings_of(
    checked: CheckedSheet, facts: Sequence[CustomerFacts], *, visits: Sequence[Visit] = (), same_text: int = 0
) -> list[str]:
    """Everything worth a hint after saving."""
    found = []
    sheet = checked.sheet
    if checked.outcome.is_effective and any(visit.party == Party.OTHER and visit.manager_id for visit in visits):
        found.append(_("It does not count for the duty: the customer's account manager was not there."))
    if same_text:
        found.append(
            ngettext(
                "The same text stands in %(n)d earlier visit.",
                "The same text stands in %(n)d earlier visits.",
                same_text,
            )
            % {"n": same_text}
        )
    if checked.channel.code == "phone" and sheet.ended_at is not None:
        limit = int(parameters.value("call_minutes", checked.occurred_on))
        if (sheet.ended_at - sheet.occurred_at).total_seconds() > limit * 60:
            found.append(_("The call took longer than %(minutes)d minutes.") % {"minutes": limit})
    if checked.direction != Direction.OUTBOUND:
        return found
    for fact in facts:
        if checked.channel.code in BY_WIRE and in_window(sheet.occurred_at, fact.dnd_from, fact.dnd_to):
            found.append(disturb_warning(fact.name, fact.dnd_from, fact.dnd_to))
        if fact.no_marketing and checked.occasion is not None and checked.occasion.code in MARKETING:
            found.append(_("%(customer)s does not want marketing.") % {"customer": fact.name})
    return found
