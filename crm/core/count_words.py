"""The words beside the counts of jobs and nightly steps."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "rows": _("rows"),
    "created": _("created"),
    "updated": _("updated"),
    "unchanged": _("unchanged"),
    "failed": _("failed"),
    "rejected": _("rejected"),
    "stale": _("stale"),
    "proposed": _("proposed"),
    "moved": _("moved"),
    "differences": _("differences"),
    "months": _("months made ready"),
    "sessions": _("ended sessions"),
    "sign_in_locks": _("old sign-in counts"),
    "answers": _("old answers"),
    "exports": _("exports whose day is over"),
    "rule_changes": _("changed promises"),
    "looked_at": _("looked at closely"),
    "credited": _("credited to another manager"),
    "at_risk": _("at risk"),
    "overdue": _("overdue"),
    "kept": _("kept"),
    "notices": _("notices"),
    "made": _("newly made"),
    "pieces": _("pieces"),
    "past": _("dropped as past"),
    "birthdays": _("birthdays"),
    "holidays": _("holidays"),
    "journeys": _("journeys"),
    "facts": _("rows counted"),
    "managers": _("people counted"),
    "lost": _("lost"),
    "back": _("came back"),
    "again": _("left again"),
    "ported": _("found to have ported out"),
    "confirmed": _("confirmed"),
    "opened": _("opened"),
    "rested": _("calmed down"),
    "tasks": _("tasks"),
    "told": _("people told"),
    "forgotten": _("thrown away"),
}


def count_word(name: str) -> str:
    """The word of a count; an unknown one shows its own name."""
    return str(WORDS.get(name, name.replace("_", " ")))
