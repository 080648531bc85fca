"""A figure of an indicator, ready to show: value, target, light, sentence, and the address of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kpi import value_words as words
from kpi.choices import Light, ResultSource
from kpi.queries.indicators import IndicatorRow
from kpi.queries.results import Cell
from kpi.rules import sentences
from kpi.rules.values import is_met, reaches
from kpi.sentence_words import Clause, clauses, joined

RANKED = {Light.RED: 0, Light.AMBER: 1, Light.GREEN: 2, Light.NONE: 3}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose figure it is, and in which month; manager 0: what nobody is credited with in the unit."""

    month: date
    unit_id: int | None = None
    manager_id: int | None = None

    def query(self, **more: Any) -> dict[str, Any]:
        """What its addresses carry."""
        asked: dict[str, Any] = {"month": f"{self.month:%Y-%m}"}
        if self.unit_id is not None:
            asked["unit"] = self.unit_id
        if self.manager_id:
            asked["manager"] = self.manager_id
        elif self.manager_id == 0:
            asked["nobody"] = 1
        return asked | {name: value for name, value in more.items() if value}

    def rows(self, code: str, only: str = "") -> str:
        """The rows behind a figure of this subject."""
        return f"{reverse('kpi:rows', args=[code])}?{urlencode(self.query(only=only))}"

    def page(self, code: str) -> str:
        """The page of an indicator, narrowed to the same unit and month."""
        asked = {name: value for name, value in self.query().items() if name in ("month", "unit")}
        return f"{reverse('kpi:indicator', args=[code])}?{urlencode(asked)}"


@dataclass(frozen=True, slots=True)
class Face:
    """One figure as pages show it."""

    cell: Cell
    label: str
    number: str
    bare: str
    target: str
    light: Light
    light_text: str
    is_running: bool
    before: str
    projected: str
    falls_short: bool

    @property
    def indicator(self) -> IndicatorRow:
        """What it is a figure of."""
        return self.cell.indicator

    @property
    def code(self) -> str:
        """The code of its indicator."""
        return self.cell.indicator.code

    @property
    def value(self) -> Decimal | None:
        """The figure itself."""
        return self.cell.value

    @property
    def look(self) -> str:
        """The colour of its light: late, soon, met or none."""
        return words.LIGHT_LOOKS.get(self.light, "")

    @property
    def icon(self) -> str:
        """The icon of its light."""
        return words.LIGHT_ICONS.get(self.light, "circle-dashed")

    @property
    def is_entered(self) -> bool:
        """Whether somebody entered it with evidence."""
        return self.cell.source == ResultSource.ENTERED

    @property
    def is_out_of_reach(self) -> bool:
        """The period runs, and its target cannot be met any more."""
        return self.is_running and self.light == Light.RED

    @property
    def warns(self) -> bool:
        """Early warning: unless something is done, the running period will miss its target (issue 5)."""
        return self.is_running and (self.is_out_of_reach or self.falls_short)

    @property
    def warning(self) -> str:
        """What is foreseen, in words."""
        values = {"value": self.number, "target": self.target, "projected": self.projected}
        if self.is_out_of_reach:
            return _("%(value)s; the target %(target)s is out of reach") % values
        return _("%(projected)s at the present pace, target %(target)s") % values

    def title(self, whose: str) -> str:
        """What a cell says when it is pointed at or read out."""
        return _("%(who)s, %(indicator)s: %(value)s, %(light)s") % {
            "who": whose,
            "indicator": self.label,
            "value": self.number,
            "light": self.light_text,
        }


def face_of(cell: Cell, today: date) -> Face:
    """A figure ready to show."""
    row, goal = cell.indicator, cell.goal
    met = is_met(goal, cell.numerator, cell.denominator)
    light, is_running = cell.light(today), cell.is_running(today)
    before = words.value_words(cell.value_before_excuses, row.display) if cell.excused else ""
    projected = cell.projected if is_running else None
    number = words.value_words(cell.value, row.display, target=cell.target, is_met=met)
    return Face(
        cell,
        row.label(),
        number,
        words.number_words(cell.value, row.display, target=cell.target, is_met=met),
        words.target_words(cell.target, row.display, row.direction, is_strict=cell.is_strict),
        light,
        words.light_words(light, is_running=is_running, is_met=met),
        is_running,
        before if before != number else "",
        words.value_words(projected, row.display) if projected is not None else "",
        projected is not None and reaches(goal, Fraction(projected)) is False,
    )


def sentence_of(face: Face, *, owners: int = 0) -> sentences.Sentence:
    """What the sentence is about; `owners`: of how many managers or units something is missing."""
    cell, row = face.cell, face.indicator
    return sentences.sentence(
        sentences.Figures(
            row.display,
            row.direction,
            cell.numerator,
            cell.denominator,
            mendable=cell.mendable,
            excused=cell.excused,
            target=cell.target,
            is_strict=cell.is_strict,
            is_met=is_met(cell.goal, cell.numerator, cell.denominator),
            is_out_of_reach=face.is_out_of_reach,
            owners=owners,
        )
    )


def sentence_html(face: Face, subject: Subject, *, owners: int = 0, by_unit: bool = False) -> SafeString:
    """The sentence, each number a link to the rows it counts."""
    found = clauses(sentence_of(face, owners=owners), face.indicator.measure_name, by_unit=by_unit)
    return joined([_link(clause, face, subject) for clause in found])


def sentence_text(face: Face, *, owners: int = 0, by_unit: bool = False) -> SafeString:
    """The sentence on paper."""
    found = clauses(sentence_of(face, owners=owners), face.indicator.measure_name, by_unit=by_unit)
    return joined([clause.text for clause in found])


def _link(clause: Clause, face: Face, subject: Subject) -> str:
    if not clause.only or face.is_entered:
        return clause.text
    only = "" if clause.only == "all" else clause.only
    return format_html('<a href="{}">{}</a>', subject.rows(face.code, only), clause.text)


def owners_of(cells: Iterable[Cell]) -> dict[str, int]:
    """Code → of how many managers (or units) something is missing."""
    found: dict[str, set[int]] = {}
    for cell in cells:
        owner = cell.unit_id if cell.is_unit else cell.manager_id
        if owner is not None and cell.numerator < cell.denominator:
            found.setdefault(cell.code, set()).add(owner)
    return {code: len(owners) for code, owners in found.items()}
