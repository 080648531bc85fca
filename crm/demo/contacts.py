"""Fourteen months of contacts as thirty managers would have held them: most in time, some never.

This draws the visits only; what they settle is decided by the ledger's own sweeps (decisions 31).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from accounts.choices import CustomerKind, CustomerState
from accounts.models import Tier, TierRule
from accounts.rules import next_period_start, period_end, period_start
from crm.core.rules import Calendar
from crm.demo.organisation import Member
from crm.demo.portfolio import DemoCustomer
from crm.demo.talk import FAILED, NEXT_STEPS, RESULTS, content_of
from visits.choices import Direction, Mood, Party, VisitKind
from visits.queries.catalogue import Catalogue, ChannelEntry, OccasionEntry, OutcomeEntry

# Wanted channel codes with their weights, by kind of customer.
MIXES: dict[str, tuple[tuple[str, float], ...]] = {
    CustomerKind.VIP: (("phone", 60), ("wechat", 22), ("on_site", 7), ("reception", 6), ("sms", 5)),
    CustomerKind.GROUP: (("phone", 45), ("wechat", 17), ("on_site", 32), ("reception", 6)),
    CustomerKind.CHANNEL: (("phone", 40), ("wechat", 12), ("on_site", 48)),
}


@dataclass
class DemoVisit:
    """One contact before it is written."""

    customer: DemoCustomer
    staff: Member
    party: str
    channel: ChannelEntry
    outcome: OutcomeEntry
    occasion: OccasionEntry | None
    occurred_at: datetime
    minutes: int
    direction: str = Direction.OUTBOUND
    kind: str = VisitKind.REGULAR
    content: str = ""
    result: str = ""
    next_step: str = ""
    next_on: date | None = None
    mood: str = ""
    is_late: bool = False  # logged on the next working day
    id: int = 0
    met: tuple[int, ...] = ()

    @property
    def on(self) -> date:
        """Local day; moments are drawn in the local zone."""
        return self.occurred_at.date()


@dataclass
class Diary:
    """Draws contacts; knows the calendar, the catalogue and who was away."""

    random: Random
    calendar: Calendar
    catalogue: Catalogue
    substitutes: dict[tuple[int, date], Member]
    live_from: date
    now: datetime
    periods: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rules = TierRule.objects.filter(purpose="contact").values_list("tier_id", "period")
        by_tier = dict(rules)
        self.periods = {
            (kind, code): by_tier[pk]
            for pk, kind, code in Tier.objects.values_list("id", "kind", "code")
            if by_tier.get(pk)
        }
        outcomes = self.catalogue.outcomes.values()
        self.effective = next(row for row in outcomes if row.is_effective)
        self.failed = [row for row in outcomes if row.is_failed_attempt]
        self.occasions = list(self.catalogue.occasions.values())
        self.today = timezone.localdate(self.now)
        self.zone = timezone.get_current_timezone()
        self._days: dict[tuple[date, date], list[date]] = {}

    def all(self, customers: Iterable[DemoCustomer]) -> list[DemoVisit]:
        """Every contact with every customer, in the order of time."""
        visits = [visit for customer in customers for visit in self.of(customer)]
        visits.sort(key=lambda visit: (visit.occurred_at, visit.customer.id))
        return visits

    def of(self, customer: DemoCustomer) -> Iterator[DemoVisit]:
        """The contacts with one customer, period by period."""
        period = self.periods.get((customer.kind, customer.tier))
        if customer.manager is None or period is None or customer.state == CustomerState.PROSPECT:
            return
        start = period_start(period, self.live_from)
        while start <= self.today:
            yield from self._in_period(customer, customer.manager, start, period_end(period, start), period)
            start = next_period_start(period, start)
        if customer.is_important:
            yield from self._face_to_face(customer, customer.manager)

    def _in_period(
        self, customer: DemoCustomer, manager: Member, start: date, end: date, period: str
    ) -> Iterator[DemoVisit]:
        first, last = max(start, self.live_from), min(end, self.today - timedelta(days=1))
        if (customer.silent_from and last >= customer.silent_from) or customer.state == CustomerState.CHURNED:
            return
        days = self.working(first, last)
        if not days:
            return
        if customer.is_unreachable and end > last:
            yield from self.attempts(customer, manager, before=self.today, since=first, count=4)
            return
        chance = min(0.985, manager.seat.skill * customer.neglect)
        if end > last:  # the running period: as much as its days that are gone, a little more
            chance *= min(1.0, len(days) / max(1, len(self.working(first, end))) + 0.03)
        if self.random.random() < chance:
            contact = self.contact(customer, manager, self._day(days, end <= last))
            if self.random.random() < 0.16:
                yield from self.attempts(customer, manager, before=contact.on, since=first, count=1)
            yield contact
        elif self.random.random() < 0.3:
            count = self.random.choice((1, 1, 2))
            yield from self.attempts(customer, manager, before=self.today, since=self.random.choice(days), count=count)
        if self.random.random() < 0.05:
            yield self.contact(customer, manager, self.random.choice(days), extra=True)

    def _day(self, days: Sequence[date], is_over: bool) -> date:
        """Spread over the period, with the crowd of its last days when it is over."""
        if is_over and self.random.random() < 0.25:
            return self.random.choice(days[-4:])
        return self.random.choice(days)

    def _face_to_face(self, customer: DemoCustomer, manager: Member) -> Iterator[DemoVisit]:
        """CON-4: an important VIP is met about once a quarter."""
        start = period_start("quarter", self.live_from)
        while start <= self.today:
            days = self.working(max(start, self.live_from), min(period_end("quarter", start), self.today))
            if days and self.random.random() < 0.75:
                day = self.random.choice(days)
                if day < self.today:
                    yield self.contact(customer, manager, day, channel="on_site")
            start = next_period_start("quarter", start)

    def working(self, first: date, last: date) -> list[date]:
        """Working days from first to last."""
        key = (first, last)
        if key not in self._days:
            self._days[key] = list(self.calendar.days(first, last)) if first <= last else []
        return self._days[key]

    def moment(self, day: date) -> datetime:
        """A time in the working day, in the local zone."""
        hour = self.random.choice((9, 9, 10, 10, 11, 14, 14, 15, 15, 16, 17, 18))
        return datetime.combine(day, time(hour, self.random.randrange(60)), self.zone)

    def contact(
        self, customer: DemoCustomer, manager: Member, day: date, *, channel: str = "", extra: bool = False
    ) -> DemoVisit:
        """One effective contact."""
        draw = self.random
        staff, party = manager, Party.RECORD
        if manager.is_away(day):
            substitute = self.substitutes.get((manager.id, day))
            if substitute is None:
                day = self._back_at_work(manager, day)
            else:
                staff, party = substitute, Party.COVER
        entry = self.channel(customer.kind, channel)
        occasion = draw.choice(self.occasions) if draw.random() < 0.85 else None
        inbound = entry.code == "reception" or (extra and draw.random() < 0.5)
        visit = DemoVisit(
            customer, staff, party, entry, self.effective, occasion, self.moment(day),
            minutes=draw.randint(20, 80) if entry.is_on_site else draw.randint(1, 9),
            direction=Direction.INBOUND if inbound else Direction.OUTBOUND,
            kind=VisitKind.IRREGULAR if extra else VisitKind.REGULAR,
            content=content_of(draw, occasion.category if occasion else ""),
            is_late=draw.random() < 0.04,
        )  # fmt: skip
        if entry.is_face_to_face and customer.person_ids:
            visit.met = tuple(draw.sample(customer.person_ids, 1))
        if draw.random() < 0.35:
            visit.mood = draw.choice((Mood.GOOD, Mood.GOOD, Mood.NEUTRAL, Mood.NEUTRAL, Mood.BAD))
        if draw.random() < 0.3:
            visit.result = draw.choice(RESULTS)
        if draw.random() < 0.08:
            visit.next_step = draw.choice(NEXT_STEPS)
            visit.next_on = self.calendar.next_working(visit.on + timedelta(days=draw.randint(1, 12)))
        return visit

    def _back_at_work(self, manager: Member, day: date) -> date:
        while manager.is_away(day) or not self.calendar.is_working(day):
            day += timedelta(days=1)
        return min(day, self.calendar.previous_working(self.today - timedelta(days=1)))

    def attempts(
        self, customer: DemoCustomer, manager: Member, *, before: date, since: date, count: int
    ) -> Iterator[DemoVisit]:
        """Calls nobody answered, on different days by different channels."""
        days = [day for day in self.working(since, before - timedelta(days=1)) if not manager.is_away(day)]
        for place, day in enumerate(self.random.sample(days, min(count, len(days)))):
            channel = self.channel("", ("phone", "wechat")[place % 2])
            yield DemoVisit(
                customer, manager, Party.RECORD, channel, self.random.choice(self.failed), None, self.moment(day), 1,
                content=self.random.choice(FAILED) if self.random.random() < 0.5 else "",
            )  # fmt: skip

    def channel(self, kind: str, code: str = "") -> ChannelEntry:
        """A channel by code, or one that fits the kind of customer."""
        channels = self.catalogue.channels
        if code:
            return channels.get(code) or next(row for row in channels.values() if row.is_on_site == (code == "on_site"))
        mix = [(channels[name], weight) for name, weight in MIXES[kind] if name in channels]
        return self.random.choices([row for row, _w in mix], weights=[weight for _row, weight in mix])[0]
