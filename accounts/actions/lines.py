"""Lines come in from billing (sync-api: lines): the number of a customer or of a group's member, from day to day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actions.books import STALE, UPDATED, Book, Done, failed
from accounts.actions.references import the_named_customers
from accounts.choices import LineState
from accounts.models import GroupMember, LifecycleEvent, Line
from accounts.rules import fields as f
from accounts.rules.fields import Checked
from accounts.rules.lines import ENDS, check_line, line_number, overlaps
from accounts.rules.references import Reference, reference
from crm.core.errors import FieldProblem, Invalid

LOCK = "accounts:lines"
"""Whoever writes lines waits for the others: a number has one line at a time."""


class Lines(Book[Line]):
    """Lines of one source."""

    model = Line
    lock_name = LOCK
    label = "import_lines"

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.by_id: dict[str, Line] = {}
        self.by_number: dict[str, list[Line]] = {}
        self.customers: dict[Reference, int] = {}
        self.in_sight: set[int] = set()
        self.members: dict[str, GroupMember] = {}
        self.msisdns: dict[int, str] = {}
        self.ended: set[int] = set()

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The lines named, every line of their numbers, and the customers and members."""
        named = [_text(item.get("external_id")) for item in items]
        rows = Line.unscoped.filter(source=self.source, external_id__in=[name for name in named if name])
        self.by_id = {row.external_id: row for row in rows.select_for_update().order_by("pk")}
        numbers = {_number(item.get("number")) for item in items} | {row.number for row in self.by_id.values()}
        by_pk = {row.pk: row for row in self.by_id.values()}
        for row in Line.unscoped.filter(number__in=numbers).select_for_update().order_by("pk"):
            self.by_number.setdefault(row.number, []).append(by_pk.setdefault(row.pk, row))
        references = [_reference(item.get("customer")) for item in items]
        references += [Reference(id=row.customer_id) for row in by_pk.values()]
        self.customers, known = the_named_customers(self.scope, self.source, references)
        self.in_sight = set(known)
        self._load_members(items, by_pk.values())
        closed = [row.pk for row in by_pk.values() if row.state == LineState.CLOSED]
        ends = LifecycleEvent.unscoped.filter(line_id__in=closed, kind__in=ENDS, reverses=None).values("pk", "line_id")
        undone = set(
            LifecycleEvent.unscoped.filter(reverses__in=[row["pk"] for row in ends]).values_list("reverses", flat=True)
        )
        self.ended = {row["line_id"] for row in ends if row["pk"] not in undone}

    def _load_members(self, items: Sequence[Mapping[str, Any]], stored: Iterable[Line]) -> None:
        words = [_number(item["member"]) for item in items if item.get("member")]
        ids = [row.member_id for row in stored if row.member_id]
        found = [*GroupMember.unscoped.filter(msisdn__in=words), *GroupMember.unscoped.filter(pk__in=ids)]
        self.members = {row.msisdn: row for row in found}
        self.msisdns = {row.pk: row.msisdn for row in found}

    def take(self, given: Mapping[str, Any]) -> Done[Line]:
        """One line, checked as it would be stored."""
        row = self._stored(given)
        if row is not None and row.customer_id not in self.in_sight:
            return failed(FieldProblem("number", "not_found", _("There is no such record.")))
        checked = check_line({**(self._as_given(row) if row else {}), **given}, today=self.today)
        values = self._values(checked, row)
        if checked.problems:
            return failed(*checked.problems)
        told = checked.clean.get("source_updated_at")
        if self.is_outdated(row, told):
            return Done(STALE, row)
        if row is None:
            row = Line(source=self.source, external_id=checked.clean.get("external_id") or "", updated_at=self.now)
            self.made.append(row)
            if row.external_id:
                self.by_id[row.external_id] = row
        return Done(self._put(row, values, told), row)

    def _stored(self, given: Mapping[str, Any]) -> Line | None:
        """By its id in the source, else by number and day; a line told without an id takes the one it gets."""
        external_id = _text(given.get("external_id"))
        if external_id in self.by_id:
            return self.by_id[external_id]
        opened = _day(given.get("opened_on"), self.today)
        for row in self.by_number.get(_number(given.get("number")), ()):
            if row.opened_on == opened and (not external_id or not row.external_id):
                return row
        return None

    def _put(self, row: Line, values: dict[str, Any], told: Any) -> str:
        before = row.number
        status = self.note(row, values)
        if row not in self.by_number.setdefault(row.number, []):
            self.by_number[row.number].append(row)
        if before and before != row.number:
            self.by_number[before].remove(row)
        if status == UPDATED:
            self.note(row, {"version": row.version + 1, "updated_at": self.now})
        self.heard(row, status, told)
        return status

    def _as_given(self, row: Line) -> dict[str, Any]:
        """What is stored, in the words of a call: so that the rules always see the whole line."""
        return {
            "number": row.number,
            "customer": row.customer_id,
            "member": self.msisdns.get(row.member_id or 0, ""),
            "state": row.state,
            "opened_on": row.opened_on,
            "closed_on": row.closed_on,
        }

    def _values(self, checked: Checked, row: Line | None) -> dict[str, Any]:
        """What is stored of a checked line; what is named and not there is a problem."""
        clean, problems = checked
        if problems:
            return {}
        if clean.get("source") not in (None, "", self.source):
            problems.append(FieldProblem("source", "not_found", _("This client has another source.")))
        customer_id = self.customers.get(clean["customer"])
        if customer_id is None:
            problems.append(FieldProblem("customer", "not_found", _("There is no such customer.")))
        member = self.members.get(clean.get("member") or "")
        if clean.get("member") and (member is None or member.customer_id != customer_id):
            problems.append(FieldProblem("member", "not_found", _("The group has no such member.")))
        if row is not None and row.pk in self.ended and clean["state"] != LineState.CLOSED:
            text = _("An event closed this line. It is reopened by reversing that event.")
            problems.append(FieldProblem("state", "reverse_the_event", text))
        span = (clean["opened_on"], clean.get("closed_on"))
        if any(other is not row and overlaps(span, _span(other)) for other in self.by_number.get(clean["number"], ())):
            text = _("In that time the number belongs to another line.")
            problems.append(FieldProblem("number", "number_taken", text))
        values = {name: clean.get(name) for name in ("number", "state", "opened_on", "closed_on")}
        if row is not None and clean.get("external_id") and not row.external_id:
            values |= {"external_id": clean["external_id"], "source": self.source}
        return values | {"customer_id": customer_id, "member_id": member.pk if member else None}


def _span(row: Line) -> tuple[date, date | None]:
    return row.opened_on, row.closed_on


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: Any) -> str:
    try:
        return line_number(value, "", date.min)
    except Invalid:
        return ""


def _day(value: Any, today: date) -> date | None:
    try:
        found: date | None = f.day()(value, "", today)
    except Invalid:
        return None
    return found


def _reference(value: Any) -> Reference | None:
    try:
        return reference(value, "", date.min)
    except Invalid:
        return None
