"""Members of groups come in from billing (CUS-28; sync-api: group-members): known by the number of their line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actions.books import STALE, Book, Done, failed, word
from accounts.actions.references import the_named_customers
from accounts.choices import CustomerKind
from accounts.models import Customer, GroupMember
from accounts.rules import check_member
from accounts.rules.references import Reference, reference
from crm.core.errors import FieldProblem, Invalid
from crm.core.text import normal_phone

FIELDS = frozenset({"msisdn", "customer", "name", "state", "external_id", "source_updated_at"})


class Members(Book[GroupMember]):
    """Members of one source's groups; a number that is told under another group has moved there."""

    model = GroupMember
    lock_name = "accounts:members"
    label = "import_members"

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.known: dict[str, GroupMember] = {}
        self.named: dict[Reference, int] = {}
        self.customers: dict[int, Customer] = {}

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The members of these numbers, their groups, and the groups named."""
        numbers = {_number(item) for item in items}
        rows = GroupMember.unscoped.filter(msisdn__in=numbers).select_for_update().order_by("pk")
        self.known = {row.msisdn: row for row in rows}
        references = [_group(item) for item in items]
        references += [Reference(id=row.customer_id) for row in self.known.values()]
        self.named, self.customers = the_named_customers(self.scope, self.source, references)

    def take(self, given: Mapping[str, Any]) -> Done[GroupMember]:
        """One member; missing fields stay."""
        problems = [
            FieldProblem(str(name)[:100], "unknown_field", _("There is no such field."))
            for name in given if name not in FIELDS
        ]  # fmt: skip
        row = self.known.get(_number(given))
        if row is not None and row.customer_id not in self.customers:
            return failed(FieldProblem("msisdn", "taken", _("This number belongs to another group.")))
        stored = {"name": row.name, "state": row.state} if row is not None else {}
        told = {name: given[name] for name in ("msisdn", "name", "state") if name in given}
        checked = check_member(stored | told, today=self.today)
        customer_id = self.named.get(_group(given) or Reference(), row.customer_id if row is not None else 0)
        problems += [*checked.problems, *self._group_problems(given, customer_id)]
        if problems:
            return failed(*problems)
        since = self.told_at(given)
        if self.is_outdated(row, since):
            return Done(STALE, row)
        if row is None:
            row = GroupMember()
            self.made.append(row)
            self.known[checked.clean["msisdn"]] = row
        status = self.note(row, {**checked.clean, "customer_id": customer_id})
        self.heard(row, status, since)
        return Done(status, row)

    def _group_problems(self, given: Mapping[str, Any], customer_id: int) -> list[FieldProblem]:
        if not customer_id or (given.get("customer") not in (None, "") and _group(given) not in self.named):
            return [FieldProblem("customer", "not_found", _("There is no such customer."))]
        if self.customers[customer_id].kind != CustomerKind.GROUP:
            return [FieldProblem("customer", "not_for_kind", _("Only groups have members."))]
        return []


def _number(given: Mapping[str, Any]) -> str:
    try:
        return normal_phone(word(given, "msisdn"))
    except Invalid:
        return ""


def _group(given: Mapping[str, Any]) -> Reference | None:
    try:
        return reference(given.get("customer"), "", date.min)
    except Invalid:
        return None
