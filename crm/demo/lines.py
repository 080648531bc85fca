"""Lines of the demo: every number from day to day, closings and port-outs, and the first signs of who is leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.choices import CustomerKind, CustomerState, MemberState
from accounts.models import Customer, GroupMember, LifecycleEvent, Line, Signal
from crm.core.sweeps import run_step
from crm.demo.bulk import copy_rows, know_sizes, reserve_ids
from crm.demo.leavers import FAVOURITE, leavers
from crm.demo.portfolio import DemoCustomer

SEED = 20261111
SOURCE = "boss"
RIVALS = ("unicom", "unicom", "telecom", "telecom", "broadnet")
PORTED = 0.6
GONE = (CustomerState.CHURNED, CustomerState.EXITED)
LEAVING_GROUPS = 4
LEAST_MEMBERS, LEFT = 5, 3
LINE_COLUMNS = (
    "id", "customer", "member", "number", "state", "opened_on", "closed_on", "source", "external_id", "updated_at",
)  # fmt: skip
EVENT_COLUMNS = (
    "customer", "line", "kind", "happened_on", "destination", "state_before", "source", "external_id", "received_at",
)  # fmt: skip
# Hours ago, kind, source, what was said.
TOLD: tuple[tuple[int, str, str, str], ...] = (
    (2, "port_out_query", "hotline", "10086 查询携出资格"),
    (27, "asked_to_leave", "hotline", "来电称对方套餐便宜，问怎么销号"),
    (200, "port_out_query", "hotline", "短信查询携出资格"),
    (700, "termination", "hall", "到厅询问销户手续，已劝回"),
)


@dataclass
class Lines:
    """Numbers of everybody, and what happened to them in the last fourteen months."""

    customers: Sequence[DemoCustomer]
    now: datetime
    taken: set[str] = field(default_factory=set)
    rows: list[list[Any]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)

    def live(self) -> None:
        """All in a few copies; then the night looks whether members of groups are leaving."""
        self.random = Random(SEED)  # noqa: S311 - a demo, not a secret
        self.today = timezone.localdate(self.now)
        facts = Customer.unscoped.order_by("pk").values_list(
            "pk", "kind", "phone", "state", "joined_on", "exited_on", "created_at"
        )
        for pk, kind, phone, state, joined, exited, created in facts:
            since = joined or timezone.localdate(created)
            self._own(
                pk, kind, phone, since, exited if state in (CustomerState.CHURNED, CustomerState.EXITED) else None
            )
            self._whole(pk, state, exited)
        self._members()
        for row, pk in zip(self.rows, reserve_ids(Line, len(self.rows)), strict=True):
            row[0] = pk
        copy_rows(Line, LINE_COLUMNS, self.rows)
        self._ported()
        copy_rows(LifecycleEvent, EVENT_COLUMNS, self.events)
        know_sizes(Line, LifecycleEvent)
        self._signals()
        run_step("notice_leaving_members", self.today, self.now)

    def _add(
        self, customer: int, number: str, since: date, *, member: int | None = None, until: date | None = None
    ) -> None:
        if not number or number in self.taken:
            return
        self.taken.add(number)
        since = min(since, until or since)
        self.rows.append(
            [0, customer, member, number, "closed" if until else "active", since, until, SOURCE,
             f"L{len(self.rows) + 1:07d}", self.now]
        )  # fmt: skip

    def _own(self, customer: int, kind: str, phone: str, since: date, gone: date | None) -> None:
        """The number somebody is known by, a second one now and then; leased lines of a group."""
        if kind != CustomerKind.GROUP:
            self._add(customer, phone, since, until=gone)
        if kind == CustomerKind.VIP and self.random.random() < 0.25:
            until = gone or (self._day(400) if self.random.random() < 0.1 else None)
            self._add(customer, f"188{customer:08d}", min(since + timedelta(days=200), self.today), until=until)
        if kind == CustomerKind.GROUP:
            for place in range(self.random.randint(1, 4)):
                opened = self._day(360) if self.random.random() < 0.15 else since
                self._add(customer, f"ZX{customer:06d}-{place + 1}", opened, until=gone)

    def _day(self, within: int) -> date:
        return self.today - timedelta(days=self.random.randint(5, within))

    def _whole(self, customer: int, state: str, exited: date | None) -> None:
        """What billing told about a customer as a whole."""
        if exited is not None and state in GONE:
            kind = "transferred" if state == CustomerState.EXITED else "closed"
            to = ""
            if kind == "closed" and self.random.random() < PORTED:
                kind, to = "ported_out", self.random.choice(RIVALS)
            self._event(customer, None, kind, exited, to, "active")
        elif state == CustomerState.SUSPENDED:
            self._event(customer, None, "suspended", self._day(60), "", "active")

    def _event(self, customer: int, line: int | None, kind: str, on: date, to: str, before: str) -> None:
        told = timezone.make_aware(datetime.combine(on, time(self.random.randint(8, 21), self.random.randint(0, 59))))
        told = min(told, self.now)
        self.events.append((customer, line, kind, on, to, before, SOURCE, f"E{len(self.events) + 1:06d}", told))

    def _members(self) -> None:
        """The members' numbers; from a few groups most of them have gone in the last weeks."""
        members: dict[int, list[tuple[int, str, str]]] = {}
        for pk, customer, msisdn, state in GroupMember.unscoped.order_by("pk").values_list(
            "pk", "customer_id", "msisdn", "state"
        ):
            members.setdefault(customer, []).append((pk, msisdn, state))
        groups = [one.id for one in self.customers if one.manager and one.state == CustomerState.ACTIVE]
        leaving = [pk for pk in groups if len(members.get(pk, ())) >= LEAST_MEMBERS][:LEAVING_GROUPS]
        for customer, rows in members.items():
            for place, (pk, msisdn, state) in enumerate(rows):
                until = self._day(380) if state != MemberState.ACTIVE else None
                if customer in leaving and place < LEFT:
                    until = self._day(22)
                opened = self._day(420) if self.random.random() < 0.2 else self.today - timedelta(days=1200)
                self._add(customer, msisdn, opened, member=pk, until=until)

    def _ported(self) -> None:
        """Lines of groups that were closed: most of the latest went to somebody."""
        for pk, customer, member, _number, state, _opened, until, *_rest in self.rows:
            if state != "closed" or member is None:
                continue
            if self.random.random() < PORTED:
                self._event(customer, pk, "ported_out", until, self.random.choice(RIVALS), "active")
            else:
                self._event(customer, pk, "closed", until, "", "active")

    def _signals(self) -> None:
        """Customers of the shown manager and of others asked how to leave; the latest nobody has taken up yet."""
        found = leavers(self.customers)
        own = [one for one in found if one.customer.manager and one.customer.manager.seat.number == FAVOURITE]
        others = [one for one in found if one not in own][::12]
        rows = []
        for place, one in enumerate([*own[: len(TOLD)], *others]):
            hours, kind, source, text = TOLD[place % len(TOLD)]
            at = self.now - timedelta(hours=hours + (0 if place < len(TOLD) else place))
            handled = at + timedelta(seconds=40) if hours > 100 else None
            rows.append(
                Signal(customer_id=one.customer.id, kind=kind, happened_at=at, text=text, source=source,
                       external_id=f"D{place + 1:05d}", received_at=at, handled_at=handled)
            )  # fmt: skip
        Signal.unscoped.bulk_create(rows)
