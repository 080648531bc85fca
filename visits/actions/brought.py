"""Visits of another system come in by file: author, date and source stay as they were (decisions 7, issue 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext_lazy as _

from accounts.actions.books import BOTH, CREATED, NEW_ONLY, SKIPPED, UNCHANGED, Book, Done, failed, told, word
from accounts.actions.references import reference_or_none, the_named_customers
from accounts.models import ContactPerson
from accounts.queries import names
from accounts.rules import fields as f
from accounts.rules.references import Reference, reference
from crm.core.db import write
from crm.core.errors import DomainError, FieldProblem, Invalid
from visits.actions.checks import check_sheet
from visits.actions.logging import log_visit
from visits.actions.sheet import VisitSheet
from visits.choices import LoggedFrom
from visits.models import Visit
from visits.queries.catalogue import catalogue

TEXTS = ("content", "result", "place", "next_step")
MENDED = (*TEXTS, "next_on", "mood", "ended_at")
"""What a later file may put right; customer, author, time, channel and outcome of a visit stay."""
PLAIN = (*TEXTS, "mood", "channel", "outcome", "occasion", "direction")


class Visits(Book[Visit]):
    """Visits of one source: each is logged as its sheet would be, in the name of its author."""

    model = Visit
    lock_name = "visits:brought"
    label = "import_visits"
    writes_at_once = True

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.customers: dict[Reference, int] = {}
        self.persons: dict[int, dict[str, int]] = {}
        self.stored: dict[str, Visit] = {}
        self.by_key: dict[UUID, Visit] = {}

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The customers named, and the visits that came before."""
        wanted = [reference_or_none(item.get("customer")) for item in items]
        self.customers, known = the_named_customers(self.scope, self.source, wanted)
        ids = [found for item in items if (found := word(item, "external_id"))]
        rows = Visit.unscoped.filter(source=self.source, external_id__in=ids).select_for_update().order_by("pk")
        self.stored = {row.external_id: row for row in rows}
        keys = {key for item in items if (key := self._key(item)) is not None}
        earlier = Visit.unscoped.filter(client_key__in=keys).select_for_update().order_by("pk")
        self.by_key = {row.client_key: row for row in earlier if row.client_key is not None}
        if any(item.get("met") for item in items):
            for row in ContactPerson.unscoped.filter(customer_id__in=known, is_active=True):
                self.persons.setdefault(row.customer_id, {})[row.name] = row.pk

    def take(self, given: Mapping[str, Any]) -> Done[Visit]:
        """One visit: logged when it is new, its words put right when it is known."""
        try:
            sheet = self._sheet(given)
            row = self.stored.get(sheet.external_id) if sheet.external_id else None
            row = row or (self.by_key.get(sheet.client_key) if sheet.client_key else None)
            if row is not None:
                return self._mend(row, sheet, given)
            if self.by is None:
                return failed(FieldProblem("", "not_signed_in", _("Somebody must import visits in his own name.")))
            if self.mode not in (NEW_ONLY, BOTH):
                return Done(SKIPPED)
            with write(by=self.by):
                logged = log_visit(sheet=sheet, by=self.by, now=self.now, scope=self.scope)
        except DomainError as refusal:
            return failed(*(refusal.problems or (FieldProblem("", refusal.code, str(refusal)),)))
        made = Visit.unscoped.get(pk=logged.visit_ids[0])
        if sheet.external_id:
            self.stored[sheet.external_id] = made
        elif sheet.client_key:
            self.by_key[sheet.client_key] = made
        return Done(CREATED, made)

    def save(self) -> None:
        """The new ones are written already; those that were put right are written here."""
        if self.changed:
            self.model.unscoped.bulk_update(self.changed.values(), sorted(self.columns), batch_size=1000)

    def _key(self, given: Mapping[str, Any]) -> UUID | None:
        """A visit without an id of its own is known by customer, author, moment and channel."""
        parts = [word(given, name) for name in ("customer", "staff", "occurred_at", "channel")]
        if word(given, "external_id") or not parts[0] or not parts[2]:
            return None
        return uuid5(NAMESPACE_URL, "\n".join(["crm:visit", self.source, *parts]))

    def _sheet(self, given: Mapping[str, Any]) -> VisitSheet:
        problems: list[FieldProblem] = []
        named = reference(given.get("customer"), "customer", self.today)
        customer_id = self.customers.get(named) if named else None
        if customer_id is None:
            problems.append(FieldProblem("customer", "not_found", _("There is no such customer.")))
        staff_id = names.staff_id_by_number(word(given, "staff"))
        if staff_id is None:
            problems.append(FieldProblem("staff", "not_found", _("There is no such staff number.")))
        occurred_at = told(f.moment, given, "occurred_at", self.today, problems)
        ended_at = told(f.moment, given, "ended_at", self.today, problems)
        if not given.get("occurred_at"):
            problems.append(FieldProblem("occurred_at", "required", _("This field is required.")))
        met = self._met(given, customer_id, problems)
        next_on = told(f.day(), given, "next_on", self.today, problems)
        if problems or customer_id is None or occurred_at is None:
            raise Invalid(errors=problems)
        texts: dict[str, Any] = {name: word(given, name) for name in PLAIN}
        return VisitSheet(
            customer_ids=(customer_id,), client_key=self._key(given), occurred_at=occurred_at,
            ended_at=ended_at, met_person_ids=met, staff_id=staff_id, next_on=next_on, source=self.source,
            external_id=word(given, "external_id")[:100], logged_from=LoggedFrom.IMPORT, **texts,
        )  # fmt: skip

    def _met(self, given: Mapping[str, Any], customer_id: int | None, problems: list[FieldProblem]) -> tuple[int, ...]:
        known = self.persons.get(customer_id or 0, {})
        wanted = [name for part in word(given, "met").replace("、", ",").split(",") if (name := part.strip())]
        if any(name not in known for name in wanted):
            problems.append(FieldProblem("met", "not_found", _("The customer has no contact person of this name.")))
        return tuple(known[name] for name in wanted if name in known)

    def _mend(self, row: Visit, sheet: VisitSheet, given: Mapping[str, Any]) -> Done[Visit]:
        """CON-34: what decides duties stays; the words of an imported visit follow its source."""
        checked = check_sheet(sheet, catalogue=catalogue(), now=self.now)
        fixed = {
            "customer": (row.customer_id, sheet.customer_ids[0]),
            "staff": (row.staff_id, sheet.staff_id),
            "occurred_at": (row.occurred_at, sheet.occurred_at),
            "channel": (row.channel_id, checked.channel.id),
            "outcome": (row.outcome_id, checked.outcome.id),
        }
        problems = [
            FieldProblem(name, "read_only_field", _("This cannot change once a visit is logged."))
            for name, (old, new) in fixed.items()
            if old != new
        ]
        if problems:
            return failed(*problems)
        status = self.note(row, {name: getattr(checked.sheet, name) for name in MENDED if name in given})
        if status not in (UNCHANGED, CREATED):
            self.note(row, {"version": row.version + 1})
        return Done(status, row)
