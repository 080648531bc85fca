"""Agreements come in from the contract system, known by their number (SAL-14, SAL-15, sync-api)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actions.tasks import end_tasks_of
from accounts.models import Customer
from accounts.queries import names
from crm.core.errors import FieldProblem
from sales.actions.agreements import TABLE, earlier_by_number, newest_applications, signers_of
from sales.actions.rows import FAILED, STALE, UPDATED, Book, Done, customer_ids
from sales.agreement_rules import Earlier, check_agreement, needs_check, refusal_to_renew, refusal_to_sign
from sales.choices import AgreementState, ApplicationState
from sales.models import Agreement, JoiningApplication


class Agreements(Book[Agreement]):
    """Agreements of one source. A new one of a group brings its check, unless we know of one that was passed."""

    model = Agreement
    lock_name = "sales:agreements"

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.stored: dict[str, Agreement] = {}
        self.customers: dict[str, Customer] = {}
        self.earlier: dict[str, Earlier] = {}
        self.applications: dict[int, JoiningApplication] = {}
        self.signers: dict[tuple[int, str], int] = {}
        self.signer_names: dict[int, str] = {}
        self.by_id: dict[int, Customer] = {}
        # Of what comes in one call: number → the number it follows.
        self.follows: dict[str, str] = {}
        self.new_applications: list[JoiningApplication] = []

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The agreements named, those they follow, their customers with applications and contact persons."""
        numbers = [str(item.get("number", "")).strip() for item in items]
        rows = Agreement.unscoped.filter(number__in=[number for number in numbers if number])
        self.stored = {row.number: row for row in rows.select_related("previous").select_for_update(of=("self",))}
        words = [str(item["customer"]).strip() for item in items if item.get("customer")]
        found = customer_ids(self.scope, self.source, words)
        theirs = [row.customer_id for row in self.stored.values()]
        by_id = Customer.unscoped.in_bulk({*found.values(), *theirs})
        self.customers = {word: by_id[pk] for word, pk in found.items()}
        self.by_id = by_id
        self.customers |= {row.number: row for row in by_id.values() if row.pk in theirs and self._sees(row)}
        self.earlier = earlier_by_number([str(item["previous"]).strip() for item in items if item.get("previous")])
        self.applications = newest_applications(list(by_id))
        self.signers = signers_of(list(by_id))
        self.signer_names = {pk: name for (_customer, name), pk in self.signers.items()}

    def take(self, given: Mapping[str, Any]) -> Done[Agreement]:
        """One agreement, checked as it would be stored."""
        row = self.stored.get(str(given.get("number", "")).strip())
        if row is not None and not self._sees(self.by_id[row.customer_id]):
            missing = FieldProblem("number", "not_found", _("There is no such record."))
            return Done(FAILED, problems=(missing,))
        clean, problems = check_agreement({**(self._as_given(row) if row else {}), **given}, today=self.today)
        values = self._values(clean, problems) if not problems else {}
        if not problems and row is not None and row.customer_id != values["customer_id"]:
            problems.append(FieldProblem("customer", "read_only_field", _("An agreement stays with its customer.")))
        if not problems:
            self._follow(row, clean, values, problems)
        application = self._admit(clean, values, problems) if not problems and row is None else None
        if problems:
            return Done(FAILED, problems=tuple(problems))
        told = clean.get("source_updated_at")
        if self.is_outdated(row, told):
            return Done(STALE, row)
        return Done(self._put(row, clean["number"], values, application, told), row or self.stored[clean["number"]])

    def _put(
        self,
        row: Agreement | None,
        number: str,
        values: dict[str, Any],
        application: JoiningApplication | None,
        told: Any,
    ) -> str:
        if row is None:
            row = Agreement(number=number, source=self.source, updated_at=self.now)
            row.application = application
            self.stored[number] = row
            self.made.append(row)
        status = self.note(row, values)
        if row._state.adding:
            self.earlier[number] = Earlier(0, row.customer_id, row.starts_on, None, is_followed=False)
        elif status == UPDATED:
            self.note(row, {"version": row.version + 1, "updated_at": self.now})
        self.heard(row, status, told)
        return status

    def save(self) -> None:
        """The applications first, then the agreements that rest on them, each after the one it follows."""
        needed = {id(row.application) for row in self.made}
        JoiningApplication.unscoped.bulk_create([row for row in self.new_applications if id(row) in needed])
        waiting, made = self.made, list(self.made)
        while waiting:
            ready = [row for row in waiting if row.number not in self.follows or self._is_stored(row)]
            for row in ready:
                row.application_id = row.application.pk if row.application is not None else None
                if row.number in self.follows:
                    row.previous_id = self.stored[self.follows[row.number]].pk
            Agreement.unscoped.bulk_create(ready)
            waiting = [row for row in waiting if row._state.adding]
        self.made = []
        super().save()
        self.made = made
        done = [row.previous_id for row in [*made, *self.changed.values()] if row.previous_id]
        done += [row.pk for row in self.changed.values() if row.state == AgreementState.TERMINATED]
        end_tasks_of(origin_table=TABLE, origin_ids=done, by=self.by, now=self.now)

    def _is_stored(self, row: Agreement) -> bool:
        """Whether what it follows has its id already."""
        return self.stored[self.follows[row.number]].pk is not None

    def _sees(self, customer: Customer) -> bool:
        return self.scope.allows(unit_id=customer.unit_id, manager_id=customer.manager_id)

    def _as_given(self, row: Agreement) -> dict[str, Any]:
        """What is stored, in the words of a call: so that the rules always see the whole agreement."""
        card = names.staff_card(row.our_signer_id)
        return {
            "number": row.number,
            "customer": self.by_id[row.customer_id].number,
            "kind": row.kind,
            "previous": row.previous.number if row.previous else "",
            "signed_on": row.signed_on,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "terminated_on": row.terminated_on,
            "our_signer": card.number if card else "",
            "their_signer": self.signer_names.get(row.their_signer_id or 0, ""),
            "note": row.note,
        }

    def _values(self, clean: dict[str, Any], problems: list[FieldProblem]) -> dict[str, Any]:
        """What is stored of a checked agreement; what is named and not there is a problem."""
        if clean.get("source") not in (None, "", self.source):
            problems.append(FieldProblem("source", "not_found", _("This client has another source.")))
        customer = self.customers.get(clean.get("customer") or "")
        if customer is None:
            problems.append(FieldProblem("customer", "not_found", _("There is no such customer.")))
            return {}
        ours, theirs = clean.get("our_signer"), clean.get("their_signer")
        our_signer_id = names.staff_id_by_number(ours) if ours else None
        if ours and our_signer_id is None:
            problems.append(FieldProblem("our_signer", "not_found", _("There is no such staff number.")))
        their_signer_id = self.signers.get((customer.pk, theirs)) if theirs else None
        if theirs and their_signer_id is None:
            words = _("The customer has no such contact person.")
            problems.append(FieldProblem("their_signer", "not_found", words))
        ended = clean.get("terminated_on")
        return {
            "customer_id": customer.pk,
            "kind": clean["kind"],
            "signed_on": clean["signed_on"],
            "starts_on": clean["starts_on"],
            "ends_on": clean.get("ends_on"),
            "terminated_on": ended,
            "state": AgreementState.TERMINATED if ended else AgreementState.SIGNED,
            "our_signer_id": our_signer_id,
            "their_signer_id": their_signer_id,
            "note": clean.get("note", ""),
        }

    def _follow(
        self, row: Agreement | None, clean: dict[str, Any], values: dict[str, Any], problems: list[FieldProblem]
    ) -> None:
        """Link a renewal to what it follows (SAL-15); of what was linked before nothing changes."""
        number = clean.get("previous")
        if not number or (row is not None and row.previous is not None and row.previous.number == number):
            return
        earlier = self.earlier.get(number)
        problem = refusal_to_renew(earlier, values["customer_id"], clean["starts_on"])
        if problem or earlier is None or number == clean["number"]:
            problems.append(problem or FieldProblem("previous", "not_found", _("There is no such record.")))
            return
        self.earlier[number] = replace(earlier, is_followed=True)
        if earlier.id:
            values["previous_id"] = earlier.id
        else:
            self.follows[clean["number"]] = number

    def _admit(
        self, clean: dict[str, Any], values: dict[str, Any], problems: list[FieldProblem]
    ) -> JoiningApplication | None:
        """SAL-14: the application a new agreement rests on; nothing to rest on is a problem."""
        customer = self.by_id[values["customer_id"]]
        newest = self.applications.get(customer.pk)
        if clean.get("checked_on") and (newest is None or newest.state != ApplicationState.PASSED):
            newest = JoiningApplication(
                customer=customer, state=ApplicationState.PASSED, applied_at=self.now, source=self.source,
                checker_name=clean["checked_by"], checked_on=clean["checked_on"],
            )  # fmt: skip
            self.new_applications.append(newest)
            self.applications[customer.pk] = newest
        problem = (
            refusal_to_sign(newest.state if newest else None) if needs_check(customer.kind, clean["kind"]) else None
        )
        if problem:
            problems.append(problem)
        return newest if newest and newest.state == ApplicationState.PASSED else None
