"""What a log sheet may carry beyond the visit itself: parts that apps add, named in ``settings.SHEET_PARTS``.

A part is a form of its own on the sheet (its fields are prefixed with its code), shown only where it applies, written
in the transaction of the visit and taken back with it. A phone call needs none of them: two taps stay two taps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from crm.core.errors import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm.core.models import User
    from visits.models import Visit

PartData = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PartCustomer:
    """A customer on the sheet, as far as a part may ask."""

    id: int
    kind: str
    unit_id: int


@dataclass(frozen=True, slots=True)
class PartContext:
    """For whom the sheet is, on which day, by which member of staff."""

    customers: tuple[PartCustomer, ...]
    staff_id: int
    today: date


def _always(_context: PartContext) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One part. `make_form(context, data, files, prefix)` answers its form, bound when data is given.

    `attach(visits, data, by, now)` writes rows beside the visits; `missing(data, context)` names what an on-site visit
    may not be without (CON-25), data being empty when nothing was filled in; `detach(visit_ids, by, now)` takes the
    rows back with an undone visit. `on_site`: shown with an on-site visit only, else under "More".
    """

    code: str
    title: str | Promise
    make_form: Callable[[PartContext, Any, Any, str], forms.Form]
    attach: Callable[[Sequence[Visit], PartData, User, datetime], None]
    applies: Callable[[PartContext], bool] = _always
    missing: Callable[[PartData, PartContext], list[FieldProblem]] | None = None
    detach: Callable[[Sequence[int], User, datetime], None] | None = None
    template: str = "visits/part.html"
    on_site: bool = False


@dataclass(slots=True)
class OpenPart:
    """A part on an open sheet, with its form."""

    part: SheetPart
    form: forms.Form

    @property
    def is_used(self) -> bool:
        """Whether something was filled in or is wrong: then it is shown open."""
        return self.form.is_bound and (self.form.has_changed() or bool(self.form.errors))


@cache
def known_parts() -> tuple[SheetPart, ...]:
    """Every part of the site, in the order of the settings."""
    return tuple(import_string(path) for path in settings.SHEET_PARTS)


def open_parts(context: PartContext, data: Any = None, files: Any = None) -> list[OpenPart]:
    """The parts that apply to these customers, bound to what was typed when there is something."""
    return [
        OpenPart(part, part.make_form(context, data, files, part.code))
        for part in known_parts()
        if part.applies(context)
    ]


def filled_parts(opened: Sequence[OpenPart]) -> dict[str, PartData]:
    """Code → cleaned values of the parts that somebody filled in; all are valid."""
    return {item.part.code: item.form.cleaned_data for item in opened if item.form.has_changed()}


def check_parts(filled: Mapping[str, PartData], context: PartContext) -> None:
    """CON-25: what an on-site visit to such a customer needs; names every missing thing, raises one `Invalid`."""
    problems = [
        FieldProblem(f"{part.code}-{problem.field}", problem.code, problem.message)
        for part in known_parts()
        if part.missing is not None and part.applies(context)
        for problem in part.missing(filled.get(part.code, {}), context)
    ]
    if problems:
        raise Invalid(errors=problems)


def put_beside(opened: Sequence[OpenPart], problems: Sequence[FieldProblem]) -> list[FieldProblem]:
    """Put what was refused of a part beside its field; answers the problems that belong to no part."""
    forms_by_code = {item.part.code: item.form for item in opened}
    others = []
    for problem in problems:
        code, __, rest = problem.field.partition("-")
        if rest and code in forms_by_code:
            form = forms_by_code[code]
            form.add_error(
                rest if rest in form.fields else None, forms.ValidationError(str(problem), code=problem.code)
            )
        else:
            others.append(problem)
    return others


@contextmanager
def part_errors(opened: Sequence[OpenPart]) -> Iterator[None]:
    """What an action refuses of the parts stands beside their fields; the rest goes on as one `Invalid`."""
    try:
        yield
    except Invalid as refusal:
        if others := put_beside(opened, refusal.problems):
            raise Invalid(errors=others) from refusal


def attach_parts(filled: Mapping[str, PartData], visits: Sequence[Visit], *, by: User, now: datetime) -> None:
    """Write what was filled in, in the transaction of the visits."""
    for part in known_parts():
        if part.code in filled:
            part.attach(visits, filled[part.code], by, now)


def detach_parts(visit_ids: Sequence[int], *, by: User, now: datetime) -> None:
    """Take back what hung on undone visits."""
    for part in known_parts():
        if part.detach is not None:
            part.detach(visit_ids, by, now)
