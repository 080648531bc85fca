"""What the pure rules say the ledger must look like: the other half of the parity tests.

The oracle replays the days with `visits.rules` alone and knows nothing of the SQL.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.models import Assignment, Standing, TierRule
from accounts.rules import tier_rule_on
from crm.core import working_days
from tests.visits.ledger_world import SHANGHAI
from visits.models import Duty, Visit
from visits.rules import (
    NEVER_OPENED,
    DutyFacts,
    Holding,
    Item,
    Promise,
    VisitFacts,
    credit_of_miss,
    free_days,
    freezes_at,
    last_day,
    next_birthday,
    settling_visit,
    spread,
    standing_of,
    state_of,
    window_on,
)


@dataclass
class Owed:
    """One customer of the oracle: facts that never change in the test, and the windows opened so far."""

    customer: object
    since: date | None
    contact: TierRule | None
    face: TierRule | None
    face_since: date | None
    holdings: list[Holding]
    birthdays: list[tuple[date, bool]] = field(default_factory=list)
    opened_through: date = NEVER_OPENED
    face_through: date = NEVER_OPENED
    windows: list = field(default_factory=list)  # (purpose, rule, Window)


class Oracle:
    """Replays nights for a fixed population."""

    def __init__(self, customers, leaves=()):
        self.calendar = working_days.calendar()
        self.leaves = leaves
        self.owed = [self._owed(customer) for customer in customers]
        self.spread_today = {}

    def _owed(self, customer):
        live = customer.unit.live_from
        active = customer.state == "active" and live is not None
        rules = list(TierRule.objects.filter(tier_id=customer.tier_id, purpose="contact")) if customer.tier_id else []
        contact = tier_rule_on(rules, date(2030, 1, 1)) if active else None
        faces = TierRule.objects.filter(tier=None, purpose="face_to_face")
        important = active and customer.is_important and customer.kind == "vip"
        face = tier_rule_on(list(faces), date(2030, 1, 1)) if important else None
        marked = customer.important_at.astimezone(SHANGHAI).date() if customer.important_at else None
        held = Assignment.unscoped.filter(customer=customer).order_by("valid_from")
        first_tier = customer.tier_history.order_by("valid_from").first()
        since = customer.owed_from or (first_tier.valid_from if first_tier else None)
        return Owed(
            customer=customer,
            since=max(since, live) if active and since else None,
            contact=contact if contact and contact.period else None,
            face=face if face and face.period else None,
            face_since=max(filter(None, [marked, live, customer.owed_from])) if important else None,
            holdings=[Holding(row.staff_id, row.valid_from, row.valid_to) for row in held],
            birthdays=[
                (day, is_lunar)
                for day, is_lunar in (
                    (getattr(customer, "birthday_", None), getattr(customer, "is_lunar_", False)),
                    *((day, False) for day in getattr(customer, "contact_birthdays_", ())),
                )
                if day
            ],
        )

    def night(self, today):
        """Open what the pure rules say is owed from today."""
        groups = defaultdict(list)
        last = self.last_visits(today)
        for row in self.owed:
            if row.contact and row.opened_through < today:
                since = row.since if row.opened_through == NEVER_OPENED else date.min
                window = window_on(row.contact.period, today, since)
                if window is not None:
                    row.windows.append(("contact", row.contact, window))
                    row.opened_through = window.due_on
                    first = window.starts_on if window.starts_on > today else today
                    key = (row.customer.manager_id, first, window.due_on)
                    groups[key].append((row, window, last.get(row.customer.pk)))
            if row.face and row.face_through < today:
                since = row.face_since if row.face_through == NEVER_OPENED else date.min
                window = window_on(row.face.period, today, since)
                if window is not None:
                    row.windows.append(("face_to_face", row.face, window))
                    row.face_through = window.due_on
        self.spread_today = {}
        for (manager_id, first, due_on), members in groups.items():
            away = [leave for staff_id, *leave in self.leaves if staff_id == manager_id]
            free = free_days(self.calendar, first, due_on, [tuple(leave) for leave in away])
            items = [
                Item(
                    id=row.customer.pk,
                    customer_id=row.customer.pk,
                    owed_from=window.owed_from,
                    due_on=window.due_on,
                    last_visit_on=seen,
                    birthday=min(
                        (next_birthday(day, first, is_lunar=lunar) for day, lunar in row.birthdays), default=None
                    ),
                )
                for row, window, seen in members
            ]
            self.spread_today |= spread(items, free)

    def last_visits(self, today):
        valid = Visit.unscoped.filter(counts=True, undone_at=None).order_by("occurred_on")
        return dict(valid.values_list("customer_id", "occurred_on"))

    def expected(self, today, now, soon_days=7):
        """Every duty row and standing the rules ask for, from the visits that are in the table."""
        visits = defaultdict(list)
        for row in Visit.unscoped.select_related("channel").filter(undone_at=None):
            visits[row.customer_id].append(
                VisitFacts(
                    row.pk, row.occurred_at, row.occurred_on, row.counts, row.channel.is_face_to_face, row.manager_id
                )
            )
        rows, standings = {}, {}
        for owed in self.owed:
            mine = visits[owed.customer.pk]
            facts = []
            for purpose, rule, window in owed.windows:
                duty = DutyFacts(purpose, window.starts_on, window.owed_from, window.due_on)
                state, by = state_of(duty, mine, today), settling_visit(duty, mine)
                if state == "provisional" and self.frozen(window.due_on, today, now):
                    state = "missed"
                if state == "met":
                    manager = by.manager_id
                elif state == "open":
                    manager = owed.customer.manager_id
                else:
                    manager = credit_of_miss(window.owed_from, window.due_on, owed.holdings)
                facts.append(DutyFacts(purpose, window.starts_on, window.owed_from, window.due_on, state))
                rows[owed.customer.pk, rule.pk, window.starts_on] = (
                    purpose, window.owed_from, window.due_on, state, by.id if by else None, manager,
                )  # fmt: skip
            last = max((row.occurred_on for row in mine if row.counts), default=None)
            promise = Promise(owed.contact.period if owed.contact else "", owed.face.period if owed.face else "")
            shown = standing_of(
                promise, facts, last_visit_on=last, opened_through=owed.opened_through, today=today, soon_days=soon_days
            )
            standings[owed.customer.pk] = (
                last, shown.next_due_on, shown.duty_state, shown.is_overdue, shown.face_to_face_due_on,
                owed.opened_through,
            )  # fmt: skip
        return rows, standings

    def frozen(self, due_on, today, now):
        return last_day(due_on) < today and freezes_at(due_on.replace(day=1), self.calendar, SHANGHAI) <= now


def actual():
    """The same two mappings from the tables."""
    rows = {
        (row.customer_id, row.rule_id, row.starts_on): (
            row.purpose, row.owed_from, row.due_on, row.state, row.met_by_id, row.manager_id,
        )
        for row in Duty.unscoped.all()
    }  # fmt: skip
    standings = {
        row.customer_id: (
            row.last_visit_on, row.next_due_on, row.duty_state, row.is_overdue, row.face_to_face_due_on,
            row.opened_through,
        )
        for row in Standing.unscoped.all()
    }  # fmt: skip
    return rows, standings


def unsound_suggestions(today):
    """Every open duty has a day inside its window, not before today unless somebody postponed it there."""
    wrong = [
        (row.pk, row.suggested_on)
        for row in Duty.unscoped.filter(state="open", postponed_at=None)
        if not max(row.owed_from, row.starts_on) <= row.suggested_on <= row.due_on or row.suggested_on < today
    ]
    firsts = defaultdict(list)
    for row in Duty.unscoped.filter(state="open"):
        firsts[row.customer_id].append(row.suggested_on)
    for row in Standing.unscoped.all():
        if row.suggested_on != min(firsts[row.customer_id], default=date(9999, 12, 31)):
            wrong.append((row.customer_id, row.suggested_on))
    return wrong


def month_ends(first, last):
    """First and last days of every month, and the two days around each."""
    day = first
    found = set()
    while day <= last:
        if day.day <= 2 or (day + timedelta(days=2)).day <= 2:
            found.add(day)
        day += timedelta(days=1)
    return found
