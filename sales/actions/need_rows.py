"""Needs come in from other systems by the hundred: known by customer, type and the day they were found (CUS-14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.errors import FieldProblem
from sales.actions.agreements import signers_of
from sales.actions.billing import word
from sales.actions.rows import CREATED, FAILED, UNCHANGED, Book, Done, customer_ids
from sales.choices import NeedStage
from sales.models import Need, NeedStep, NeedType
from sales.need_rules import NEED_CHECKS, check_need

FIELDS = frozenset({"customer", *NEED_CHECKS})
WRITTEN = ("text", "pain", "budget", "wanted_on", "competitor")


class Needs(Book[Need]):
    """Needs of one source; the stage is people's affair."""

    model = Need
    lock_name = "sales:needs"

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.customers: dict[str, int] = {}
        self.types = dict(NeedType.objects.filter(is_active=True).values_list("code", "id"))
        self.signers: dict[tuple[int, str], int] = {}
        self.signer_names: dict[int, str] = {}
        self.stored: dict[tuple[int, int, date], Need] = {}
        # What a need said before, for its history.
        self.before: dict[int, str] = {}

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The customers named, their contact persons, and their needs."""
        self.customers = customer_ids(self.scope, self.source, [w for w in (word(i, "customer") for i in items) if w])
        mine = set(self.customers.values())
        self.signers = signers_of(sorted(mine))
        self.signer_names = {pk: name for (_customer, name), pk in self.signers.items()}
        rows = Need.unscoped.filter(customer_id__in=mine).select_for_update().order_by("pk")
        self.stored = {(row.customer_id, row.type_id, row.found_on): row for row in rows}
        self.before = {row.pk: row.text for row in self.stored.values()}

    def take(self, given: Mapping[str, Any]) -> Done[Need]:
        """One need, checked as it would be stored."""
        problems = [
            FieldProblem(str(name), "unknown_field", _("There is no such field."))
            for name in given
            if name not in FIELDS
        ]
        customer_id = self.customers.get(word(given, "customer"))
        if customer_id is None:
            problems.append(FieldProblem("customer", "not_found", _("There is no such customer.")))
        told = {name: value for name, value in given.items() if name in NEED_CHECKS}
        row = self._row(customer_id, told)
        checked = check_need({**self._as_given(row), **told}, today=self.today)
        clean, type_id = checked.clean, self.types.get(str(checked.clean.get("type") or ""))
        problems += checked.problems
        if clean.get("type") and type_id is None:
            problems.append(FieldProblem("type", "not_found", _("There is no such type of need.")))
        decides = self.signers.get((customer_id or 0, clean.get("decision_maker") or ""))
        if clean.get("decision_maker") and decides is None and customer_id is not None:
            problems.append(FieldProblem("decision_maker", "not_found", _("The customer has no such contact person.")))
        if problems or customer_id is None or type_id is None:
            return Done(FAILED, problems=tuple(problems))
        values = {name: clean.get(name) for name in WRITTEN} | {"decision_maker_id": decides}
        values |= {name: values[name] or "" for name in ("pain", "competitor")}
        return self._put(row, (customer_id, type_id, clean["found_on"]), values)

    def _row(self, customer_id: int | None, told: Mapping[str, Any]) -> Need | None:
        found_on = check_need(told, today=self.today).clean.get("found_on")
        key = (customer_id or 0, self.types.get(str(told.get("type") or "").strip(), 0), found_on or self.today)
        return self.stored.get(key)

    def _as_given(self, row: Need | None) -> dict[str, Any]:
        """What is stored, in the words of a call: so that the rules always see the whole need."""
        if row is None:
            return {}
        return {name: getattr(row, name) for name in WRITTEN} | {
            "decision_maker": self.signer_names.get(row.decision_maker_id or 0, ""),
        }

    def _put(self, row: Need | None, key: tuple[int, int, date], values: dict[str, Any]) -> Done[Need]:
        if row is None:
            customer_id, type_id, found_on = key
            row = Need(
                customer_id=customer_id, type_id=type_id, found_on=found_on, stage=NeedStage.FOUND, stage_on=found_on,
                by=self.by, updated_at=self.now, **values,
            )  # fmt: skip
            self.stored[key] = row
            self.made.append(row)
            return Done(CREATED, row)
        status = self.note(row, values)
        if status not in (UNCHANGED, CREATED):
            self.note(row, {"version": row.version + 1, "updated_at": self.now})
        return Done(status, row)

    def save(self) -> None:
        """The needs, then the first step of each new one and what others said before."""
        super().save()
        reworded = [row for row in self.changed.values() if self.before.get(row.pk) != row.text]
        about = {"by": self.by, "at": self.now, "note": ""}
        NeedStep.unscoped.bulk_create(
            [
                *(NeedStep(need=row, from_stage="", to_stage=row.stage, text_before="", **about) for row in self.made),
                *(
                    NeedStep(
                        need=row, from_stage=row.stage, to_stage=row.stage, text_before=self.before[row.pk], **about
                    )
                    for row in reworded
                ),
            ]
        )
