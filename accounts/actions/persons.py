"""Contact persons come in by hundreds (CUS-24): known by their id in the source, else by customer and name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actions.books import CREATED, STALE, TOLD, UNCHANGED, UPDATED, Book, Done, failed
from accounts.actions.profiles import MAX_PERSONS
from accounts.actions.references import reference_or_none, the_named_customers
from accounts.actions.versions import profiles_changed
from accounts.choices import CustomerKind
from accounts.models import ContactPerson, Customer
from accounts.rules import check_contact_person
from accounts.rules.references import Reference, reference
from crm.core.errors import FieldProblem, Invalid
from crm.core.text import narrow
from crm.core.wording import worded

NOT_HIS = frozenset({"external_id", "customer", "source", TOLD})
"""What a row says of itself, not of the person."""


class ContactPersons(Book[ContactPerson]):
    """Contact persons of one source."""

    model = ContactPerson
    lock_name = "accounts:contact_persons"
    label = "import_contact_persons"

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.customers: dict[Reference, int] = {}
        self.known: dict[int, Customer] = {}
        self.by_id: dict[str, ContactPerson] = {}
        self.by_name: dict[tuple[int, str], ContactPerson] = {}
        self.counts: dict[int, int] = {}

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The customers named with all their contact persons, and the persons named by id."""
        ids = [str(item["external_id"]).strip() for item in items if item.get("external_id")]
        rows = ContactPerson.unscoped.filter(external_source=self.source, external_id__in=ids)
        self.by_id = {row.external_id: row for row in rows.select_for_update().order_by("pk")}
        wanted = [reference_or_none(item.get("customer")) for item in items]
        wanted += [Reference(id=row.customer_id) for row in self.by_id.values()]
        self.customers, self.known = the_named_customers(self.scope, self.source, wanted)
        named = {row.pk: row for row in self.by_id.values()}
        for row in ContactPerson.unscoped.filter(customer_id__in=self.known).select_for_update().order_by("pk"):
            same = named.get(row.pk, row)
            self.counts[row.customer_id] = self.counts.get(row.customer_id, 0) + 1
            self.by_name.setdefault((row.customer_id, same.name), same)

    def take(self, given: Mapping[str, Any]) -> Done[ContactPerson]:
        """One person, checked by the rules of the page."""
        values = {name: value for name, value in given.items() if name not in NOT_HIS}
        external_id = str(given.get("external_id") or "").strip()[:100]
        row = self.by_id.get(external_id) if external_id else None
        if row is not None and row.customer_id not in self.known:
            return failed(FieldProblem("external_id", "not_found", _("There is no such record.")))
        try:
            named = reference(given.get("customer"), "customer", self.today)
        except Invalid as refusal:
            return failed(*refusal.problems)
        customer_id = self.customers.get(named) if named else (row.customer_id if row else None)
        if customer_id is None:
            return failed(FieldProblem("customer", "not_found", _("There is no such customer.")))
        row = row or self._same_name(customer_id, values, external_id)
        checked = check_contact_person(values, today=self.today, partial=row is not None)
        problems = [*checked.problems, *self._refusals(row, customer_id)]
        if problems:
            return failed(*problems)
        told = self.told_at(given)
        if self.is_outdated(row, told):
            return Done(STALE, row)
        if row is None:
            row = ContactPerson(customer_id=customer_id, external_id=external_id, external_source="")
            self.made.append(row)
            self.counts[customer_id] = self.counts.get(customer_id, 0) + 1
        status = self._put(row, checked.clean, external_id)
        self.heard(row, status, told)
        return Done(status, row)

    def _same_name(self, customer_id: int, values: Mapping[str, Any], external_id: str) -> ContactPerson | None:
        """The person of this name at this customer, unless the source knows him by another id."""
        row = self.by_name.get((customer_id, narrow(str(values.get("name") or "")).strip()))
        return None if row is not None and external_id and row.external_id else row

    def _refusals(self, row: ContactPerson | None, customer_id: int) -> list[FieldProblem]:
        if row is not None and row.customer_id != customer_id:
            return [FieldProblem("customer", "read_only_field", _("A contact person stays with the customer."))]
        if self.known[customer_id].kind not in (CustomerKind.GROUP, CustomerKind.CHANNEL):
            text = _("Only groups and channel customers have contact persons.")
            return [FieldProblem("customer", "not_for_kind", text)]
        if row is None and self.counts.get(customer_id, 0) >= MAX_PERSONS:
            full = worded(_("A customer has at most %(max)d contact persons."), max=MAX_PERSONS)
            return [FieldProblem("customer", "too_many", full)]
        return []

    def _put(self, row: ContactPerson, clean: dict[str, Any], external_id: str) -> str:
        key = {"external_id": external_id, "external_source": self.source} if external_id else {}
        status = self.note(row, clean | key)
        if status == UPDATED:
            self.note(row, {"version": row.version + 1})
        if status != UNCHANGED:
            self.by_name.setdefault((row.customer_id, row.name), row)
            if external_id:
                self.by_id[external_id] = row
        return CREATED if row._state.adding else status

    def save(self) -> None:
        """Store them; the profiles of their customers have changed."""
        touched = {row.customer_id for row in (*self.made, *self.changed.values())}
        super().save()
        profiles_changed(touched, now=self.now)
