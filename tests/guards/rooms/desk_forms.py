"""Service phrases, quality feedback, instructions, opinions, irregularities: their routes and rows."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from complaints.models import PhraseHit, ServicePhrase
from tests.guards.route_rows import BOSSES, READERS, SETTERS, get, page, post

CASE_READERS = " ".join(name for name in READERS.split() if name not in ("business_support", "auditor"))
COUNTERS = f"{BOSSES} market_manager {SETTERS}"
ROUTES = [
    page("complaints:phrase_list", "", get(f"{CASE_READERS} service_centre")),
    page("complaints:phrase_words", "", get(f"{CASE_READERS} service_centre")),
    page("complaints:phrase_figures", "", get(COUNTERS)),
    page("complaints:phrase_new", "", get(SETTERS), post(SETTERS)),
    page("complaints:phrase_edit", "phrase", get(SETTERS), post(SETTERS)),
]
BODIES = {
    "complaints:phrase_new": lambda w: {"text": "您自己看着办", "kinder": "我陪您一起办。", "is_active": "on"},
    "complaints:phrase_edit": lambda w: {"text": "您自己看着办", "wordings": "看着办", "version": "1"},
}
LISTS = {"complaints:phrase_list", "complaints:phrase_figures"}
EMPTY = {"complaints:phrase_figures": ("director", "")}
NEVER_EMPTY = frozenset({"complaints:phrase_list"})


def furnish(cast: Any, rows: dict[str, Any], who: str) -> None:
    """A phrase said by the side's manager."""
    now = timezone.now()
    rows["phrase"] = ServicePhrase.objects.get(number=8)
    PhraseHit.unscoped.create(
        phrase=ServicePhrase.objects.get(number=5), staff=rows["manager"], unit=rows["unit"], place="reply", at=now
    )


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more."""
    last = ServicePhrase.objects.order_by("-number").first()
    made = ServicePhrase.objects.bulk_create(
        ServicePhrase(number=last.number + place, text=f"禁语{place}") for place in range(1, number + 1)
    )
    PhraseHit.unscoped.bulk_create(
        PhraseHit(phrase=phrase, staff=rows["manager"], unit=rows["unit"], place="note", at=timezone.now())
        for phrase in made
    )
