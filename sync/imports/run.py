"""The whole import of one file: look at it, hold the mapping against it, check, and load (PLT-4, CUS-10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import Post, Staff, Unit
from accounts.queries import names
from crm.core.db import write
from crm.core.delimited.openers import Opener
from crm.core.delimited.problems import RowProblem
from crm.core.delimited.reader import MAX_BYTES, inspect
from crm.core.delimited.shapes import Layout
from crm.core.errors import Invalid, NotAllowed
from crm.core.scope import Scope
from sync.actions.entries import note_entry
from sync.imports.checks import LookUps, copy_text, make_checker, tier_words
from sync.imports.expected import hold_against
from sync.imports.fields import FIELDS, word, words_of
from sync.imports.load import Load, Progress, only_one
from sync.imports.mapping import Mapping
from sync.imports.outcome import Failed, Outcome
from sync.imports.problems import MappingRefused
from sync.imports.rows import RowLoad
from sync.imports.statements import Statements
from sync.kinds import kind_of_file

if TYPE_CHECKING:
    from crm.core.models import User


def _nothing(*_args: Any) -> None:
    return None


@dataclass(frozen=True)
class Wanted:
    """How an import is to be done."""

    is_dry: bool = False
    atomic: bool = False
    max_bytes: int = MAX_BYTES


def import_file(
    opener: Opener,
    mapping: Mapping,
    *,
    by: User | None,
    now: datetime,
    wanted: Wanted | None = None,
    on_progress: Progress = _nothing,
    on_problem: Callable[[RowProblem], None] = _nothing,
    failed: Failed | None = None,
) -> Outcome:
    """Bring a file of any kind in, or say what would come of it; a bad row never stops good ones (PLT-4).

    `by` None is the command line: everything is visible to it. Raises `FileRefused` or `MappingRefused` before
    anything is written; `RowProblem`s are told one by one.
    """
    wanted = wanted or Wanted()
    scope = Scope.ALL if by is None else by.access.scope_for(mapping.of.ability)
    if scope.is_empty:
        raise NotAllowed
    layout = inspect(opener, delimiter=mapping.delimiter, encoding=mapping.encoding, max_bytes=wanted.max_bytes)
    unused = mapping.against(layout.header)
    if mapping.expected is not None:
        hold_against(mapping.expected, opener, layout)
    if mapping.of.book is None:
        tell = on_problem if failed is None else _noting(failed, on_problem)
        outcome = _customers(opener, layout, mapping, scope, by, now, wanted, on_progress, tell)
        if failed is not None:
            failed.gather(opener, layout)
    else:
        outcome = RowLoad(
            opener, layout, mapping, scope, by, now, wanted.is_dry, wanted.atomic, on_problem, on_progress,
            failed if failed is not None else Failed(),
        ).run()  # fmt: skip
    outcome.unused_columns = list(unused)
    outcome.is_dry = wanted.is_dry
    if not wanted.is_dry and not outcome.is_rolled_back:
        with write(by=by, label="" if by is not None else "system:import"):
            kind = kind_of_file(mapping.of.key)
            note_entry(source=mapping.source, kind=kind, counts=outcome.as_json(), now=now)
    return outcome


def _noting(failed: Failed, on_problem: Callable[[RowProblem], None]) -> Callable[[RowProblem], None]:
    """Tell what is wrong with rows, and keep it for the file that goes back."""

    def tell(problem: RowProblem) -> None:
        failed.note(problem)
        on_problem(problem)

    return tell


def _customers(
    opener: Opener,
    layout: Layout,
    mapping: Mapping,
    scope: Scope,
    by: User | None,
    now: datetime,
    wanted: Wanted,
    on_progress: Progress,
    on_problem: Callable[[RowProblem], None],
) -> Outcome:
    """Create and change customers, by their external id or what else they are known by."""
    today = timezone.localdate(now)
    look_ups = look_ups_for(scope, today)
    constants = _constants(mapping, look_ups, today)
    _check_top(mapping, constants)
    checker = make_checker(mapping, layout, opener, look_ups, today=_as_of(mapping, today))
    statements = Statements(
        checker.fields, constants, mapping.source, scope, now, today, by.pk if by is not None else None, wanted.is_dry
    )
    load = Load(opener, layout, mapping, checker, statements, scope, by, now, today, on_problem, on_progress)
    with only_one(mapping.source):
        load.stage()
        if wanted.is_dry:
            load.preview()
        else:
            load.apply(atomic=wanted.atomic)
    return load.outcome


def look_ups_for(scope: Scope, today: date) -> LookUps:
    """What the codes in a file may mean: units and managers of the scope, all tiers."""
    units = Unit.visible_to(scope).filter(is_active=True)
    holds = (Q(starts_on=None) | Q(starts_on__lte=today)) & (Q(ends_on=None) | Q(ends_on__gte=today))
    posts = Post.unscoped.filter(holds, role=Role.MANAGER)
    managers = Staff.visible_to(scope).filter(is_active=True, pk__in=posts.values("staff_id"))
    return LookUps(
        units={word(code): str(pk) for pk, code in units.values_list("id", "code")},
        staff={word(number): str(pk) for pk, number in managers.values_list("id", "number")},
        tiers=tier_words(),
    )


def _constants(mapping: Mapping, look_ups: LookUps, today: date) -> dict[str, Any]:
    """What new customers get where the file says nothing; checked by the same rules as cells."""
    constants: dict[str, Any] = {}
    for name, entry in mapping.fields.items():
        if entry.value is None or entry.value == "":
            continue
        field = FIELDS[name]
        if field.home in ("person", "key") or name == "group":
            raise MappingRefused(_("%(where)s cannot be the same for every customer."), code="no_constant", where=name)
        table = look_ups.of(name)
        if table is not None:
            found = table.get(word(entry.value))
            if found is None:
                raise MappingRefused(
                    _("There is no “%(value)s” for %(where)s."),
                    code="not_found",
                    where=name,
                    params={"value": entry.value},
                )
            constants[name] = int(found) if field.column_type == "bigint" else found
            continue
        try:
            constants[name] = field.check(words_of(field).get(word(entry.value), entry.value), name, today)
        except Invalid as refusal:
            raise MappingRefused(
                _("The value given for %(where)s cannot be taken: %(why)s"),
                code=refusal.problems[0].code,
                where=name,
                params={"why": str(refusal)},
            ) from refusal
    return constants


def _check_top(mapping: Mapping, constants: dict[str, Any]) -> None:
    """Tiers that a ranking hands out must exist."""
    entry = mapping.fields.get("tier")
    if entry is None or not entry.rank_of:
        return
    kind = constants.get("kind")
    known = {tier.code for tier in names.tiers(kind)}
    for code in (*(code for code, _share in entry.top), *((entry.rest,) if entry.rest else ())):
        if code not in known:
            raise MappingRefused(
                _("There is no “%(value)s” for %(where)s."), code="not_found", where="tier", params={"value": code}
            )


def _as_of(mapping: Mapping, today: date) -> date:
    """The day from which tenure counts back: that of the file, today without one."""
    if not mapping.as_of:
        return today
    try:
        return date.fromisoformat(mapping.as_of)
    except ValueError as problem:
        raise MappingRefused(
            _("“as_of” is a date such as 2026-11-18."), code="invalid_date", where="as_of"
        ) from problem


__all__ = ["Outcome", "Wanted", "copy_text", "import_file", "look_ups_for"]
