"""Hard signs that a customer is leaving: told by other systems, noted by people, seen by the night (RET-3, RET-9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.actions.books import CREATED, FAILED, MANUAL, UNCHANGED, Book, Done, failed, upsert
from accounts.actions.doors import must, scope_of, the_customer
from accounts.actions.references import the_named_customers, the_named_lines
from accounts.models import Customer, Line, Signal
from accounts.rules.lines import SIGNAL_CHECKS, check_signal, natural_id
from accounts.rules.references import Reference
from crm.core.errors import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm.core.models import User

"""The source of what was noted here."""
NOTES = "work_alerts"
"""Who may note a signal: whoever works on alerts."""
SAME = ("customer_id", "line_id", "kind", "text", "quantity", "happened_at")
"""What a signal told again must repeat; a form that is sent twice is sent at two moments."""


class Signals(Book[Signal]):
    """Signals of one source; told again they change nothing, and none is ever changed."""

    model = Signal
    lock_name = "accounts:signals"
    label = "import_signals"
    fields = SIGNAL_CHECKS

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.checked: dict[int, Any] = {}
        self.known: dict[str, Signal] = {}
        self.named_customers: dict[Reference, int] = {}
        self.customers: dict[int, Customer] = {}
        self.named_lines: dict[Reference, int] = {}
        self.lines: dict[int, Line] = {}

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The customers and lines named."""
        self.checked = {id(item): check_signal(item, today=self.today, now=self.now) for item in items}
        clean = [checked.clean for checked in self.checked.values()]
        self.named_lines, self.lines = the_named_lines(self.scope, self.source, [one.get("line") for one in clean])
        references = [one.get("customer") for one in clean]
        references += [Reference(id=line.customer_id) for line in self.lines.values()]
        self.named_customers, self.customers = the_named_customers(self.scope, self.source, references)
        for one in clean:
            if not one.get("external_id") and one.get("kind"):
                named = [self._customer_id(one), self.named_lines.get(one["line"]) if one.get("line") else None]
                one["external_id"] = natural_id(*named, one["kind"], one.get("happened_at"))
        told = [one["external_id"] for one in clean if one.get("external_id")]
        self.known = {row.external_id: row for row in Signal.unscoped.filter(source=self.source, external_id__in=told)}

    def _customer_id(self, clean: Mapping[str, Any]) -> int:
        line = self.lines.get(self.named_lines.get(clean["line"], 0)) if clean.get("line") else None
        whose = clean.get("customer") or Reference(id=line.customer_id if line else 0)
        return self.named_customers.get(whose, 0)

    def take(self, given: Mapping[str, Any]) -> Done[Signal]:
        """One signal: told before, or new."""
        checked = self.checked[id(given)]
        clean, problems = checked.clean, [*checked.problems]
        if clean.get("source") not in (None, "", self.source):
            problems.append(FieldProblem("source", "not_found", _("This client has another source.")))
        line = self.lines.get(self.named_lines.get(clean["line"], 0)) if clean.get("line") else None
        customer_id = self._customer_id(clean)
        if not problems and clean.get("line") and (line is None or line.customer_id != customer_id):
            problems.append(FieldProblem("line", "not_found", _("There is no such line.")))
        elif not problems and not customer_id:
            problems.append(FieldProblem("customer", "not_found", _("There is no such customer.")))
        if problems:
            return failed(*problems)
        signal = Signal(
            customer_id=customer_id, line=line, kind=clean["kind"], happened_at=clean["happened_at"],
            text=clean.get("text") or "", quantity=clean.get("quantity"), source=self.source,
            external_id=clean["external_id"], received_at=self.now, by=self.by,
        )  # fmt: skip
        before = self.known.get(signal.external_id)
        if before is None:
            self.known[signal.external_id] = signal
            self.made.append(signal)
            return Done(CREATED, signal)
        same = SAME[:-1] if self.source == MANUAL else SAME
        if all(getattr(before, name) == getattr(signal, name) for name in same):
            return Done(UNCHANGED, before)
        return failed(FieldProblem("external_id", "taken", _("Another signal was told under this id.")))


def record_signal(
    *,
    customer_id: int,
    kind: str,
    happened_at: datetime,
    text: str = "",
    source: str = MANUAL,
    external_id: str = "",
    by: User | None,
    now: datetime,
) -> Signal:
    """Note one signal; the minute's sweep opens an alert. The same id again is the same signal."""
    must(by, NOTES)
    the_customer(by, customer_id, NOTES, lock=False)
    book = Signals(source=source, scope=scope_of(by, NOTES), by=by, now=now)
    item = {
        "customer": customer_id, "kind": kind, "happened_at": happened_at.isoformat(), "text": text,
        "external_id": external_id,
    }  # fmt: skip
    (done,), _kept = upsert(book, [item])
    if done.status == FAILED or done.row is None:
        raise Invalid(errors=done.problems)
    return done.row
