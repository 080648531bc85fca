"""How the relation to a customer has been judged over time (CON-33), as a small chart with its table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.queries.customers import strengths_of
from crm.core.scope import Scope

WIDTH, HEIGHT, EDGE = 240, 60, 6
STRONGEST = 5


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement: when, how strong, by whom."""

    on: date
    on_text: str
    strength: int
    by: str


@dataclass(frozen=True, slots=True)
class StrengthHistory:
    """The last judgements, newest first, and their chart once there are two."""

    judgements: list[Judgement]
    chart: SafeString | str


def strength_history(scope: Scope, customer_id: int) -> StrengthHistory:
    """CON-33: relation strength with its history; one statement."""
    found = [
        Judgement(row.judged_on, date_format(row.judged_on, "DATE_FORMAT"), row.strength, row.by.name)
        for row in strengths_of(scope, customer_id)
    ]
    return StrengthHistory(found, _chart(found[::-1]) if len(found) > 1 else "")


def _chart(rows: list[Judgement]) -> SafeString:
    """A line through the judgements, to scale in time; its words say the same."""
    first, days = rows[0].on, max((rows[-1].on - rows[0].on).days, 1)
    places = [
        (
            round(EDGE + (WIDTH - 2 * EDGE) * (row.on - first).days / days, 1),
            round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (row.strength - 1) / (STRONGEST - 1), 1),
            row,
        )
        for row in rows
    ]
    dots = format_html_join(
        "", '<circle cx="{}" cy="{}" r="3"><title>{}: {}</title></circle>',
        ((x, y, row.on_text, row.strength) for x, y, row in places),
    )  # fmt: skip
    return format_html(
        '<svg class="strength-chart" viewBox="0 0 {} {}" role="img" aria-label="{}"><polyline points="{}"/>{}</svg>',
        WIDTH,
        HEIGHT,
        _("Strength of the relation over time, from %(first)d to %(last)d")
        % {"first": rows[0].strength, "last": rows[-1].strength},
        " ".join(f"{x},{y}" for x, y, _row in places),
        dots,
    )
