"""What the pages of cards show: whose card, its categories, trend and place, and the lists of places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.errors import NotFound
from kpi.card_context import ShownCategory, categories_of, explained, look_of, polyline, trend_points
from kpi.models import Score
from kpi.queries import cards
from kpi.queries.competence import levels_of, mean_of, own_review
from visits.page_context import Month


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a list of places."""

    score: Score
    name: str
    change: Decimal | None
    categories: list[ShownCategory]

    @property
    def look(self) -> str:
        """Late, soon or met."""
        return look_of(self.score.total)


def places(access: Access, month: Month, unit_id: int | None) -> dict[str, Any]:
    """Units and managers of a month, best first, with their change since the month before."""
    scope = cards.card_scope(access)
    if unit_id is not None and not scope.allows(unit_id=unit_id):
        raise NotFound
    path = names.unit_path(unit_id) if unit_id is not None else ""
    units, people = cards.unit_scores(scope, month.first), cards.manager_scores(scope, month.first, path=path)
    before = cards.totals_before(scope, month.first)
    return {
        "month": month,
        "units": _places(units, before),
        "managers": _places(people, before),
        "unit_id": unit_id,
        "unit": names.unit_name(unit_id),
        "choices": [(row.unit_id, row.unit.name) for row in sorted(units, key=lambda row: row.unit.path)],
        "is_cut": len(people) == cards.MOST,
        "months": cards.scored_months()[:1],
        "can_export": access.can("export_payroll"),
        "frozen_at": next((row.frozen_at for row in (*units, *people)), None),
    }


def _places(rows: Sequence[Score], before: dict[tuple[int | None, int | None], Any]) -> list[Place]:
    found = []
    for row in rows:
        last = before.get((row.staff_id, None if row.staff_id else row.unit_id))
        change = None if last is None or row.total is None else row.total - last
        found.append(Place(row, row.staff.name if row.staff else row.unit.name, change, categories_of(row)))
    return found


def own_card(access: Access, month: Month) -> dict[str, Any]:
    """The card of whoever asks; without a staff row, or a post that is assessed, an empty page that says so."""
    card = names.staff_card(access.staff_id)
    if card is None:
        return {"month": month, "is_own": True, "score": None, "subject": "", "unit_name": ""}
    return _manager(access, card.id, month) | {"is_own": True}


def manager_card(access: Access, staff_id: int, month: Month) -> dict[str, Any]:
    """A manager's card, or 404."""
    card = names.staff_card(staff_id)
    if card is None:
        raise NotFound
    cards.must_see(access, unit_id=card.unit_id, staff_id=staff_id)
    return _manager(access, staff_id, month) | {"is_own": staff_id == access.staff_id}


def _manager(access: Access, staff_id: int, month: Month) -> dict[str, Any]:
    card = names.staff_card(staff_id)
    score = cards.score_of_manager(access, staff_id, month.first)
    review = own_review(staff_id)
    return _card(score, month, cards.trend_of(access, month.first, staff_id=staff_id)) | {
        "subject": card.name if card else "",
        "unit_name": names.unit_name(card.unit_id if card else None),
        "staff_id": staff_id,
        "leads": cards.may_lead(access),
        "review": review,
        "levels": levels_of(review) if review else [],
        "level_mean": mean_of(review) if review else None,
    }


def unit_card(access: Access, unit_id: int, month: Month) -> dict[str, Any]:
    """A unit's card with the places of its managers, or 404."""
    cards.must_see(access, unit_id=unit_id)
    scope = cards.card_scope(access)
    score = cards.score_of_unit(access, unit_id, month.first)
    people = cards.manager_scores(scope, month.first, path=names.unit_path(unit_id))
    return _card(score, month, cards.trend_of(access, month.first, unit_id=unit_id)) | {
        "subject": names.unit_name(unit_id),
        "is_unit": True,
        "leads": True,
        "managers": _places(people, cards.totals_before(scope, month.first)),
    }


def _card(score: Score | None, month: Month, trend: Sequence[Score]) -> dict[str, Any]:
    categories = categories_of(score) if score else []
    points = trend_points(trend)
    return {
        "month": month,
        "score": score,
        "look": look_of(score.total) if score else "",
        "categories": categories,
        "explained": explained(categories),
        "trend": points,
        "line": polyline(points),
    }
