"""What happened to lines and to customers as a whole; a wrong one is reversed by another (CUS-31, RET-9, sync-api)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions.books import CREATED, UNCHANGED, Book, Done, failed
from accounts.actions.customer_rows import Change, difference, write_changes
from accounts.actions.lines import LOCK
from accounts.actions.references import the_named_customers, the_named_lines
from accounts.actions.wishes import read_wish
from accounts.choices import LineState
from accounts.models import Customer, LifecycleEvent, Line
from accounts.rules.lines import (
    ENDS,
    EVENT_CHECKS,
    GONE,
    check_event,
    customer_after,
    line_after,
    natural_id,
    overlaps,
)
from accounts.rules.references import Reference
from crm.core.db import write
from crm.core.errors import FieldProblem
from crm.core.scope import Scope

if TYPE_CHECKING:
    from crm.core.models import User

Subject = tuple[str, int]
SAME = ("customer_id", "line_id", "kind", "happened_on", "destination")
"""What makes an event told twice the same."""


class Events(Book[LifecycleEvent]):
    """Events of one source, applied in the order they are told; late ones are kept and change nothing."""

    model = LifecycleEvent
    lock_name = LOCK
    label = "import_lines"
    fields = EVENT_CHECKS

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.checked: dict[int, Any] = {}
        self.known: dict[tuple[str, str], LifecycleEvent] = {}
        self.by_pk: dict[int, LifecycleEvent] = {}
        self.named_customers: dict[Reference, int] = {}
        self.customers: dict[int, Customer] = {}
        self.named_lines: dict[Reference, int] = {}
        self.lines: dict[int, Line] = {}
        self.siblings: dict[str, list[Line]] = {}
        self.history: dict[Subject, list[LifecycleEvent]] = {}
        self.reversed: set[int] = set()
        """Of the objects, since those of this call have no id of their own yet."""
        self.states: dict[int, tuple[str, date | None]] = {}
        self.touched: dict[int, Line] = {}

    # --- What is stored

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """Events told before, and the customers and lines in question with what happened to them."""
        self.checked = {id(item): check_event(item, today=self.today) for item in items}
        clean = [checked.clean for checked in self.checked.values()]
        told = [one.get("reverses") for one in clean]
        self._know(LifecycleEvent.unscoped.filter(source=self.source, external_id__in=[_id(one) for one in clean]))
        self._know(LifecycleEvent.unscoped.filter(pk__in=[one.id for one in told if one and one.id]))
        words = [one for one in told if one and one.id is None]
        self._know(
            LifecycleEvent.unscoped.filter(
                source__in={one.source or self.source for one in words}, external_id__in=[one.word for one in words]
            )
        )
        lines = [one.get("line") for one in clean]
        lines += [Reference(id=event.line_id) for event in self.by_pk.values() if event.line_id]
        self.named_lines, self.lines = the_named_lines(self.scope, self.source, lines)
        references = [one.get("customer") for one in clean]
        references += [Reference(id=event.customer_id) for event in self.by_pk.values()]
        references += [Reference(id=line.customer_id) for line in self.lines.values()]
        self.named_customers, seen = the_named_customers(self.scope, self.source, references)
        locked = Customer.unscoped.filter(pk__in=seen).select_for_update(of=("self",)).order_by("pk")
        self.customers = {row.pk: row for row in locked}
        self.states = {row.pk: (row.state, row.exited_on) for row in self.customers.values()}
        self._load_history()

    def _know(self, rows: Any) -> None:
        for row in rows:
            row = self.by_pk.setdefault(row.pk, row)
            self.known[row.source, row.external_id] = row

    def _load_history(self) -> None:
        whole = LifecycleEvent.unscoped.filter(customer_id__in=self.customers, line=None)
        of_lines = LifecycleEvent.unscoped.filter(line_id__in=self.lines)
        for row in sorted({*whole, *of_lines}, key=lambda row: row.pk):
            row = self.known[row.source, row.external_id] = self.by_pk.setdefault(row.pk, row)
            self.history.setdefault(_subject(row), []).append(row)
        for rows in self.history.values():
            self.reversed |= {id(self.by_pk[row.reverses_id]) for row in rows if row.reverses_id in self.by_pk}
        numbers = {row.number for row in self.lines.values()}
        for line in Line.unscoped.filter(number__in=numbers):
            self.siblings.setdefault(line.number, []).append(self.lines.get(line.pk, line))

    # --- One event

    def take(self, given: Mapping[str, Any]) -> Done[LifecycleEvent]:
        """One event: told before, or applied."""
        checked = self.checked[id(given)]
        clean, problems = checked.clean, [*checked.problems]
        if clean.get("source") not in (None, "", self.source):
            problems.append(FieldProblem("source", "not_found", _("This client has another source.")))
        event = self._event(clean, problems) if not problems else None
        if event is None:
            return failed(*problems)
        before = self.known.get((self.source, event.external_id))
        if before is not None:
            if all(getattr(before, name) == getattr(event, name) for name in SAME):
                return Done(UNCHANGED, before)
            return failed(FieldProblem("external_id", "taken", _("Another event was told under this id.")))
        problem = self._reverse(event, event.reverses) if event.reverses is not None else self._apply(event)
        if problem is not None:
            return failed(problem)
        self.made.append(event)
        self.known[self.source, event.external_id] = event
        self.history.setdefault(_subject(event), []).append(event)
        return Done(CREATED, event)

    def _event(self, clean: Mapping[str, Any], problems: list[FieldProblem]) -> LifecycleEvent | None:
        """The event as it would be stored, what it names found."""
        wrong = self._wrong(clean, problems)
        if problems:
            return None
        line = None if wrong else self._line(clean, problems)
        if wrong is not None:
            customer_id, line_id, kind = wrong.customer_id, wrong.line_id, wrong.kind
        else:
            whose = clean.get("customer") or Reference(id=line.customer_id if line else 0)
            customer_id = self.named_customers.get(whose, 0)
            line_id, kind = (line.pk if line else None), clean["kind"]
        if not problems and customer_id not in self.customers:
            problems.append(FieldProblem("customer", "not_found", _("There is no such customer.")))
        elif line is not None and line.customer_id != customer_id:
            problems.append(FieldProblem("line", "not_found", _("The customer has no such line.")))
        if problems:
            return None
        about = (wrong.pk if wrong else "", customer_id, line_id, kind, clean["happened_on"])
        return LifecycleEvent(
            customer_id=customer_id,
            line_id=line_id,
            kind=kind,
            happened_on=clean["happened_on"],
            destination=clean.get("destination") or "",
            reverses=wrong,
            source=self.source,
            external_id=clean.get("external_id") or natural_id(*about),
            received_at=self.now,
            by=self.by,
        )

    def _wrong(self, clean: Mapping[str, Any], problems: list[FieldProblem]) -> LifecycleEvent | None:
        """The event that this one reverses."""
        reference = clean.get("reverses")
        if reference is None:
            return None
        key = (reference.source or self.source, reference.word)
        found = self.by_pk.get(reference.id) if reference.id is not None else self.known.get(key)
        if found is None or found.customer_id not in self.customers:
            problems.append(FieldProblem("reverses", "not_found", _("There is no such event.")))
        elif clean.get("kind") and clean["kind"] != found.kind:
            problems.append(FieldProblem("kind", "differs", _("The event that is reversed is of another kind.")))
        elif _is_reversal(found):
            problems.append(FieldProblem("reverses", "is_a_reversal", _("A reversal is not reversed; tell it anew.")))
        return found

    def _line(self, clean: Mapping[str, Any], problems: list[FieldProblem]) -> Line | None:
        if clean.get("line") is None:
            return None
        found = self.lines.get(self.named_lines.get(clean["line"], 0))
        if found is None:
            problems.append(FieldProblem("line", "not_found", _("There is no such line.")))
        return found

    def _apply(self, event: LifecycleEvent) -> FieldProblem | None:
        """Put the subject into the state that follows, unless something later has happened to it already."""
        line = self.lines.get(event.line_id or 0)
        state = line.state if line is not None else self.states[event.customer_id][0]
        after = line_after(event.kind, state) if line is not None else customer_after(event.kind, state)
        if line is not None and event.kind in ENDS and event.happened_on < line.opened_on:
            return FieldProblem("happened_on", "out_of_order", _("A line is closed after it was opened."))
        if any(row.happened_on > event.happened_on for row in self._standing(event)):
            return None
        if not after:
            return FieldProblem("kind", "not_in_service", _("It is not in service, so this cannot happen to it."))
        if after == state:
            return None
        event.state_before = state
        if line is not None:
            self._set_line(line, after, event.happened_on if after == LineState.CLOSED else line.closed_on)
        else:
            self.states[event.customer_id] = (after, event.happened_on if after in GONE else None)
        return None

    def _reverse(self, event: LifecycleEvent, wrong: LifecycleEvent) -> FieldProblem | None:
        """Put back what was before the wrong event."""
        if id(wrong) in self.reversed:
            return FieldProblem("reverses", "reversed", _("This event has been reversed already."))
        after = [row for row in self._standing(event) if row.state_before]
        if wrong.state_before and after and after[-1] is not wrong:
            return FieldProblem("reverses", "later_event", _("Something has happened since. Reverse that first."))
        line = self.lines.get(wrong.line_id or 0)
        if wrong.state_before and line is not None:
            span = (line.opened_on, None)
            others = [row for row in self.siblings.get(line.number, ()) if row is not line]
            if wrong.kind in ENDS and any(overlaps(span, (row.opened_on, row.closed_on)) for row in others):
                return FieldProblem("reverses", "number_taken", _("In that time the number belongs to another line."))
            self._set_line(line, wrong.state_before, None if wrong.kind in ENDS else line.closed_on)
        elif wrong.state_before:
            self.states[wrong.customer_id] = (wrong.state_before, None)
        self.reversed.add(id(wrong))
        return None

    def _standing(self, event: LifecycleEvent) -> list[LifecycleEvent]:
        """What has happened to the same line or customer and was not reversed, in the order it was told."""
        rows = self.history.get(_subject(event), ())
        return [row for row in rows if not _is_reversal(row) and id(row) not in self.reversed]

    def _set_line(self, line: Line, state: str, closed_on: date | None) -> None:
        line.state, line.closed_on, line.updated_at = state, closed_on, self.now
        if line.pk not in self.touched:
            line.version += 1
        self.touched[line.pk] = line

    # --- Writing

    def save(self) -> None:
        """The events, then the lines, then the customers with all that follows from their state."""
        LifecycleEvent.unscoped.bulk_create([row for row in self.made if not _is_reversal(row)])
        LifecycleEvent.unscoped.bulk_create([row for row in self.made if _is_reversal(row)])
        if self.touched:
            names = ["state", "closed_on", "updated_at", "version"]
            Line.unscoped.bulk_update(self.touched.values(), names, batch_size=500)
        changes = [change for change in map(self._change, self.customers.values()) if change is not None]
        write_changes(changes, by=self.by, now=self.now, today=self.today)

    def _change(self, customer: Customer) -> Change | None:
        """What becomes of a customer, by the one rule of states and days of leaving."""
        state, exited_on = self.states[customer.pk]
        if (state, exited_on) == (customer.state, customer.exited_on):
            return None
        wanted = {"state": state} | ({"exited_on": exited_on} if state in GONE else {})
        change = difference(customer, read_wish(wanted, today=self.today, current=customer), None)
        told = [row.kind for row in self.made if row.customer_id == customer.pk and row.line_id is None]
        change.reason = f"{self.source}: {', '.join(told)}"[:200]
        return change


def take_events_back(event_ids: Sequence[int], *, by: User, now: datetime) -> dict[int, str | Promise]:
    """Put lines and customers back to what they were before these events, newest first, as if each were reversed; the
    rows are the caller's. Answers which events stay, and why."""
    book = Events(source="", scope=Scope.ALL, by=by, now=now)
    stay: dict[int, str | Promise] = {}
    with write(by=by):
        book.load([{"reverses": pk} for pk in event_ids])
        for pk in sorted(event_ids, reverse=True):
            wrong = book.by_pk[pk]
            reversal = LifecycleEvent(customer_id=wrong.customer_id, line_id=wrong.line_id, kind=wrong.kind)
            problem = book._reverse(reversal, wrong)
            if problem is not None:
                stay[pk] = problem.message
        book.save()
    return stay


def _subject(event: LifecycleEvent) -> Subject:
    return ("line", event.line_id) if event.line_id else ("customer", event.customer_id)


def _is_reversal(event: LifecycleEvent) -> bool:
    """Also when what it reverses is of this call and not stored yet."""
    return event.reverses_id is not None or event.reverses is not None


def _id(clean: Mapping[str, Any]) -> str:
    return str(clean.get("external_id") or "")
