"""How an action reaches a case (404, 403, 409 in this order), and what every deed leaves behind: a line, a version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from complaints.actions import clocks
from complaints.choices import ClockKind, EntryKind
from complaints.models import Case, CaseEntry, CaseStep
from complaints.queries.rights import rights_on
from complaints.queries.words import changes_since
from complaints.rules.cases import ABILITY_OF, DEEDS, HANDLE, refuse_deed
from crm.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

STEP_TABLE = "complaints_casestep"
TEXT_LENGTH = 2000
REASON_LENGTH = 200


class WrongState(DomainError):
    """The case stands where this deed is not possible; `current` says where."""

    code = "wrong_state"
    message = _("This is not possible in the state of the case.")
    status = 409

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.current: dict[str, Any] = {"state": case.state, "version": case.version}


def the_case(by: User | None, case_id: int, deed: str, *, version: int | None = None) -> Case:
    """A case to act on, locked: in sight, by right, in a state that allows it, and as the doer saw it.

    `version` is that of the page or ETag; somebody else's deed since then is a conflict that says what changed.
    The system (None) has every right.
    """
    rows = Case.unscoped.all() if by is None else Case.visible_to(by.access.scope_for("view_cases"))
    found = rows.select_related("customer").filter(pk=case_id).select_for_update(of=("self",), no_key=True)
    case = found.first()
    if case is None:
        raise NotFound(_("There is no such case."))
    check_deed(by, case, deed)
    if version is not None and version != case.version:
        raise Conflict(current=state_of(case, since=version))
    case.version += 1
    return case


def check_deed(by: User | None, case: Case, deed: str) -> None:
    """The one table of deeds (rules.cases) asked about a case in hand."""
    rights = frozenset(ABILITY_OF) if by is None else rights_on(by.access, case, case.customer)
    why = refuse_deed(deed, kind=case.kind, state=case.state, rights=rights)
    if why == "not_allowed":
        raise NotAllowed
    if why == "wrong_kind":
        raise Invalid(_("This is not done with a case of this kind."), code="wrong_kind")
    if why:
        raise WrongState(case)


def may_handle(by: User, case: Case) -> bool:
    """Whether somebody may take a case into his hands."""
    return HANDLE in rights_on(by.access, case, case.customer)


def state_of(case: Case, *, since: int) -> dict[str, Any]:
    """Where a case stands now and what was done since a version: the other half of a conflict."""
    return {"version": case.version, "state": case.state, "changes": changes_since(case.pk, since)}


def save(case: Case, *fields: str) -> None:
    """Write these fields and the version that `the_case` has counted up."""
    case.save(update_fields=[*fields, "version"])


def move(case: Case, deed: str, *fields: str) -> None:
    """The state that the table names for a deed, with these other fields."""
    case.state = DEEDS[deed].target or case.state
    save(case, "state", *fields)


def write_entry(
    case: Case,
    kind: EntryKind,
    *,
    by: User | None,
    now: datetime,
    text: str = "",
    code: str = "",
    params: Mapping[str, Any] | None = None,
    method: str = "",
    phrases: Sequence[int] = (),
) -> CaseEntry:
    """Add a line to the conversation; `v` in its params is the version that the deed made."""
    return CaseEntry.unscoped.create(
        case=case, round=case.round, kind=kind, text=text, code=code, params={**(params or {}), "v": case.version},
        method=method, phrases=list(phrases), at=now, by=by,
    )  # fmt: skip


def note_change(case: Case, code: str, *, by: User | None, now: datetime, text: str = "", **params: Any) -> CaseEntry:
    """A change, put into words when it is shown."""
    return write_entry(case, EntryKind.CHANGE, by=by, now=now, text=text, code=code, params=params)


def spoke(case: Case, at: datetime) -> list[str]:
    """CMP-36, CON-32: our first word to the customer stops the first-reply clock; the fields to save."""
    clocks.stop_clock(case, ClockKind.FIRST_REPLY, at)
    if case.first_reply_at is not None:
        return []
    case.first_reply_at = at
    return ["first_reply_at"]


def acted(case: Case, at: datetime) -> list[str]:
    """CMP-36: the first thing done in the matter; the fields to save."""
    if case.first_action_at is not None:
        return []
    case.first_action_at = at
    return ["first_action_at"]


def done_steps(case: Case) -> frozenset[int]:
    """The steps of this round that are on record."""
    return frozenset(CaseStep.unscoped.filter(case=case, round=case.round).values_list("step", flat=True))


def long_text(text: str, *, field: str = "text", blank: bool = False) -> str:
    """What somebody writes, as it is kept."""
    return clean_text(text, field=field, max_length=TEXT_LENGTH, blank=blank, multiline=True)


def reason_text(text: str, *, field: str = "reason", blank: bool = False) -> str:
    """Why."""
    return clean_text(text, field=field, max_length=REASON_LENGTH, blank=blank)


def one_of(value: str, allowed: Iterable[str], field: str) -> str:
    """A word of a closed list."""
    if value not in set(allowed):
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field=field)
    return value


def past_moment(moment: datetime | None, case: Case, now: datetime, *, field: str) -> datetime:
    """When something happened with a case: not before it came in, not in the future; now without one."""
    if moment is None:
        return now
    if moment > now + timedelta(minutes=5):
        raise Invalid(_("This moment is in the future."), code="in_the_future", field=field)
    if moment < case.received_at:
        raise Invalid(_("This moment is before the case came in."), code="too_old", field=field)
    return min(moment, now)
