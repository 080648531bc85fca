"""Special situations and the visits they lead to (特殊访问记录, PLAN-8): the clock runs from the discovery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from crm.core import parameters
from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound
from crm.core.text import clean_text
from visits.actions.logging import log_visit
from visits.actions.sheet import VisitSheet
from visits.choices import VisitKind
from visits.models import SpecialVisit, Visit
from visits.queries.catalogue import catalogue
from visits.rules.special import Situation

if TYPE_CHECKING:
    from crm.core.models import User

OLDEST = timedelta(days=30)
NAMES = {
    "occurred_at": "visited_at", "content": "facts", "result": "actions", "next_step": "follow_up",
    "next_on": "follow_on", "channel": "how",
}  # fmt: skip
"""Facts of a visit → of the record."""
LENGTHS = {"trigger": 500, "facts": 2000, "actions": 2000, "follow_up": 500}


def open_special(*, customer_id: int, situation: Situation, by: User, now: datetime) -> SpecialVisit:
    """Write down what was found (the trigger is a must), with the visit it led to, or wait for that visit."""
    staff_id = by.access.staff_id
    customer = Customer.visible_to(by.access.scope_for("log_visits")).filter(pk=customer_id).first()
    if customer is None or staff_id is None:
        raise NotFound(_("There is no such customer."))
    texts = _texts(situation, now)
    with write(by=by):
        if situation.client_key and (twin := _twin(situation, customer_id, by)):
            return twin
        special = SpecialVisit(
            customer=customer, staff_id=staff_id, found_at=situation.found_at, created_by=by, created_at=now, **texts
        )
        special.save(force_insert=True)
        if situation.visit_id is not None:
            _link(special, _visit(situation.visit_id, special, by), now)
        elif situation.visited_at is not None:
            # The visit's followers link it: what is told once is not typed twice.
            with _in_words_of_the_form():
                log_visit(sheet=_sheet(customer_id, situation, texts), by=by, now=now)
        special.refresh_from_db()
    return special


def _sheet(customer_id: int, situation: Situation, texts: Mapping[str, str]) -> VisitSheet:
    return VisitSheet(
        customer_ids=(customer_id,), channel=situation.channel, outcome="effective", client_key=situation.client_key,
        occurred_at=situation.visited_at or situation.found_at, content=texts["facts"] or texts["trigger"],
        result=texts["actions"][:500], next_step=texts["follow_up"][:200], next_on=situation.follow_on,
        parts=situation.parts,
    )  # fmt: skip


@contextmanager
def _in_words_of_the_form() -> Iterator[None]:
    """What the log sheet refuses is named as the record of the special visit names it."""
    try:
        yield
    except Invalid as refusal:
        raise Invalid(
            errors=[replace(problem, field=NAMES.get(problem.field, problem.field)) for problem in refusal.problems]
        ) from refusal


def _twin(situation: Situation, customer_id: int, by: User) -> SpecialVisit | None:
    """A form sent twice is one record."""
    rows = SpecialVisit.unscoped.filter(
        customer_id=customer_id, created_by=by, found_at=situation.found_at, trigger=situation.trigger.strip()
    )
    return rows.order_by("pk").first()


def _texts(situation: Situation, now: datetime) -> dict[str, str]:
    """The texts, cleaned; everything that is wrong with the record in one answer."""
    problems: list[FieldProblem] = []
    texts: dict[str, str] = {}
    for name, most in LENGTHS.items():
        try:
            texts[name] = clean_text(
                getattr(situation, name), field=name, max_length=most, blank=name != "trigger", multiline=True
            )
        except Invalid as wrong:
            problems += wrong.problems
    ahead = now + timedelta(minutes=int(parameters.value("future_minutes")))
    if not now - OLDEST <= situation.found_at <= ahead:
        problems.append(FieldProblem("found_at", "out_of_range", _("This moment is out of range.")))
    if situation.visited_at is not None and situation.visited_at < situation.found_at:
        problems.append(FieldProblem("visited_at", "out_of_range", _("The visit comes after the discovery.")))
    has_visit = situation.visited_at is not None or situation.visit_id is not None
    if has_visit and not texts.get("facts") and not any(problem.field == "facts" for problem in problems):
        problems.append(FieldProblem("facts", "required", _("Say what was found at the visit.")))
    if problems:
        raise Invalid(errors=problems)
    return texts


def _visit(visit_id: int, special: SpecialVisit, by: User) -> Visit:
    visit = Visit.visible_to(by.access.scope).select_for_update(of=("self",)).filter(pk=visit_id).first()
    if visit is None or visit.customer_id != special.customer_id or visit.undone_at is not None:
        raise NotFound(_("There is no such visit."))
    if visit.occurred_at < special.found_at:
        raise Invalid(_("The visit comes after the discovery."), code="out_of_range", field="visit_id")
    return visit


def _link(special: SpecialVisit, visit: Visit, now: datetime) -> None:
    SpecialVisit.unscoped.filter(pk=special.pk).update(visit=visit, visited_at=visit.occurred_at)
    Visit.unscoped.filter(pk=visit.pk).update(kind=VisitKind.SPECIAL)


def amend_special(
    *, special_id: int, facts: str, actions: str, follow_up: str, version: int | None, by: User, now: datetime
) -> SpecialVisit:
    """What was learned and done is written down after the visit; the trigger and the clock stay as they are."""
    given = {"facts": facts, "actions": actions, "follow_up": follow_up}
    texts = {
        name: clean_text(text, field=name, max_length=LENGTHS[name], multiline=True) for name, text in given.items()
    }
    with write(by=by):
        rows = SpecialVisit.visible_to(by.access.scope).select_for_update(of=("self",))
        special = rows.select_related("staff").filter(pk=special_id).first()
        if special is None:
            raise NotFound(_("There is no such record."))
        if special.staff.user_id != by.pk:
            raise NotAllowed(_("Only its author may change this record."))
        if version is not None and version != special.version:
            raise Conflict(code="changed", current={**texts, "version": special.version})
        SpecialVisit.unscoped.filter(pk=special.pk).update(**texts, version=special.version + 1)
        special.refresh_from_db()
    return special


# --- Following the visits

_MEET = """
UPDATE visits_specialvisit x SET visit_id = v.id, visited_at = v.occurred_at
FROM (SELECT DISTINCT ON (customer_id) id, customer_id, occurred_at FROM visits_visit WHERE id = ANY(%s)
  AND outcome_id = ANY(%s) ORDER BY customer_id, occurred_at) v
WHERE x.customer_id = v.customer_id AND x.visited_at IS NULL AND x.found_at <= v.occurred_at
RETURNING x.visit_id
"""


def meet(visits: Sequence[Visit], *, by: User) -> None:
    """The next effective visit with the customer is the special visit of what is open there."""
    effective = [outcome.id for outcome in catalogue().outcomes.values() if outcome.is_effective]
    with write(by=by), connection.cursor() as cursor:
        cursor.execute(_MEET, [[visit.pk for visit in visits], effective])
        met = {row[0] for row in cursor.fetchall()}
        if met:
            Visit.unscoped.filter(pk__in=met).update(kind=VisitKind.SPECIAL)
    for visit in visits:
        if visit.pk in met:
            visit.kind = VisitKind.SPECIAL.value


def part(visit_ids: Sequence[int]) -> None:
    """An undone visit was none: the situation is open again, from its discovery on. Inside its transaction."""
    SpecialVisit.unscoped.filter(visit_id__in=list(visit_ids)).update(visit=None, visited_at=None)


def follow_special(visit: Visit) -> None:
    """A mended visit: its moment is the record's; one that reached nobody, or came before, is no special visit."""
    rows = SpecialVisit.unscoped.filter(visit=visit)
    if visit.kind != VisitKind.SPECIAL or not rows.exists():
        return
    is_effective = catalogue().outcomes_by_id[visit.outcome_id].is_effective
    if is_effective:
        rows.filter(found_at__lte=visit.occurred_at).update(visited_at=visit.occurred_at)
        rows = rows.filter(found_at__gt=visit.occurred_at)
    if rows.update(visit=None, visited_at=None):
        Visit.unscoped.filter(pk=visit.pk).update(kind=VisitKind.IRREGULAR)
