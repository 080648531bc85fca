"""Cases of another system come in by file: open ones start their clocks here, closed ones are kept as they ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actions.books import BOTH, CREATED, NEW_ONLY, SKIPPED, UNCHANGED, Book, Done, failed, told, word
from accounts.actions.references import reference_or_none, the_named_customers
from accounts.models import Customer, Product
from accounts.rules import fields as f
from accounts.rules.references import Reference, reference
from complaints.actions.intake import open_case, write_case
from complaints.actions.reach import note_change
from complaints.actions.sheet import IntakeSheet, checked, referred
from complaints.actions.standing import count_open
from complaints.choices import CaseChannel, CaseKind, CaseLevel, CaseState, ReplyMethod
from complaints.models import Case
from crm.core.db import write
from crm.core.errors import DomainError, FieldProblem, Invalid

TEXTS = ("facts", "expectation", "speaker_name", "speaker_phone", "numbers")
OLDEST = 1990


class Cases(Book[Case]):
    """Cases of one source, known by their id there."""

    model = Case
    lock_name = "complaints:brought"
    label = "import_cases"
    writes_at_once = True

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.customers: dict[Reference, int] = {}
        self.known: dict[int, Customer] = {}
        self.products: dict[str, int] = {}
        self.stored: dict[str, Case] = {}

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The customers named, and the cases that came before."""
        wanted = [reference_or_none(item.get("customer")) for item in items]
        self.customers, self.known = the_named_customers(self.scope, self.source, wanted)
        ids = [word(item, "external_id") for item in items]
        rows = Case.unscoped.filter(external_source=self.source, external_id__in=[word for word in ids if word])
        self.stored = {row.external_id: row for row in rows.select_for_update().order_by("pk")}
        self.products = dict(Product.objects.values_list("code", "id"))

    def take(self, given: Mapping[str, Any]) -> Done[Case]:
        """One case: taken down when it is new, its words put right when it is known."""
        try:
            sheet, ended = self._sheet(given), self._end(given)
            row = self.stored.get(sheet.external[1])
            if row is not None:
                return self._mend(row, sheet, given)
            if self.by is None:
                return failed(FieldProblem("", "not_signed_in", _("Somebody must import cases in his own name.")))
            if self.mode not in (NEW_ONLY, BOTH):
                return Done(SKIPPED)
            with write(by=self.by):
                made = self._write(sheet, ended)
        except DomainError as refusal:
            return failed(*(refusal.problems or (FieldProblem("", refusal.code, str(refusal)),)))
        self.stored[sheet.external[1]] = made
        return Done(CREATED, made)

    def save(self) -> None:
        """The new ones are written already; those that were put right are written here."""
        if self.changed:
            self.model.unscoped.bulk_update(self.changed.values(), sorted(self.columns), batch_size=1000)

    def _sheet(self, given: Mapping[str, Any]) -> IntakeSheet:
        problems: list[FieldProblem] = []
        named = reference(given.get("customer"), "customer", self.today)
        customer_id = self.customers.get(named) if named else None
        if customer_id is None:
            problems.append(FieldProblem("customer", "not_found", _("There is no such customer.")))
        if not word(given, "external_id"):
            problems.append(FieldProblem("external_id", "required", _("This field is required.")))
        product = word(given, "product")
        if product and product not in self.products:
            problems.append(FieldProblem("product", "not_found", _("There is no such product.")))
        received_at = told(f.moment, given, "received_at", self.today, problems) or self.now
        happened_at = told(f.moment, given, "happened_at", self.today, problems)
        if received_at.year < OLDEST or received_at > self.now:
            problems.append(FieldProblem("received_at", "out_of_range", _("This date is out of range.")))
        if problems or customer_id is None:
            raise Invalid(errors=problems)
        texts: dict[str, Any] = {name: word(given, name) for name in TEXTS}
        sheet = IntakeSheet(
            kind=word(given, "kind") or CaseKind.COMPLAINT, customer_id=customer_id,
            channel=word(given, "channel") or CaseChannel.SYSTEM, level=word(given, "level") or CaseLevel.ORDINARY,
            category_code=word(given, "category"), order_code=word(given, "order_type"),
            product_id=self.products.get(product), happened_at=happened_at,
            external=(self.source, word(given, "external_id")[:100]),
            **texts,
        )  # fmt: skip
        # How old a matter may be is a rule for those who write it down today; history keeps its dates.
        return replace(checked(sheet, self.now), received_at=received_at)

    def _end(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """How a closed case ended: when, with what result and how the customer was told; nothing of an open one."""
        problems: list[FieldProblem] = []
        closed_at = told(f.moment, given, "closed_at", self.today, problems)
        if closed_at is None and not problems:
            return {}
        result, method = word(given, "result")[:2000], word(given, "reply_method") or ReplyMethod.PHONE
        if not result:
            problems.append(FieldProblem("result", "required", _("A closed case says what its result was.")))
        if method not in ReplyMethod.values:
            problems.append(FieldProblem("reply_method", "invalid_choice", _("This is not one of the choices.")))
        satisfaction = word(given, "satisfaction")
        if satisfaction and satisfaction not in tuple("12345"):
            problems.append(FieldProblem("satisfaction", "out_of_range", _("Satisfaction is a number from 1 to 5.")))
        if closed_at is not None and closed_at > self.now:
            problems.append(FieldProblem("closed_at", "in_the_future", _("This moment is in the future.")))
        if problems:
            raise Invalid(errors=problems)
        return {
            "state": CaseState.CLOSED,
            "result": result,
            "reply_method": method,
            "replied_at": closed_at,
            "closed_at": closed_at,
            "is_resolved": True,
            "satisfaction": int(satisfaction) if satisfaction else None,
        }

    def _write(self, sheet: IntakeSheet, ended: Mapping[str, Any]) -> Case:
        assert self.by is not None  # noqa: S101 - `take` has asked
        customer = self.known[sheet.customer_id]
        if ended and sheet.received_at is not None and ended["closed_at"] < sheet.received_at:
            raise Invalid(_("It was closed before it came in."), code="out_of_order", field="closed_at")
        case = write_case(sheet, customer, referred(sheet, customer), by=self.by, now=self.now)
        if not ended:
            open_case(case, by=self.by, now=self.now)
            return case
        for name, value in ended.items():
            setattr(case, name, value)
        case.accepted_at, case.closed_by = sheet.received_at, self.by
        case.save()
        note_change(case, "received", by=self.by, now=self.now)
        count_open([case.customer_id])
        return case

    def _mend(self, row: Case, sheet: IntakeSheet, given: Mapping[str, Any]) -> Done[Case]:
        """What a case is and where it stands is worked on here; its words may be put right by the source."""
        if row.customer_id != sheet.customer_id or row.kind != sheet.kind:
            text = _("Customer and kind of a case stay.")
            return failed(FieldProblem("customer", "read_only_field", text))
        values: dict[str, Any] = {name: getattr(sheet, name) for name in TEXTS if name in given}
        status = self.note(row, values)
        if status not in (UNCHANGED, CREATED):
            self.note(row, {"version": row.version + 1})
        return Done(status, row)
