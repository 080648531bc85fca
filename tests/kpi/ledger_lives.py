"""Lives of customers as the ledger meets them, and what they come to, replayed day by day without any SQL.

The oracle knows the sentences only: one contact a month or quarter (CON-1, CON-2), decisions 2, 4, 5 and 6.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from accounts.models import Assignment, Customer, Standing, Tier, TierHistory
from crm import nightly
from tests.visits.ledger_world import at, customer_of, visit
from visits import actions
from visits.actions import ledger
from visits.models import Duty, Excuse, Visit

OLD = date(2024, 1, 1)
SPRING = date(2026, 4, 1)
NIGHTS = (SPRING, date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1))
LEAST = 10
"""D6: days that a first or a shortened window still has."""
BACK_DATING = 3

# Days 2 to 28 of three months: what happens on the first day of a period is the night's.
DAYS = [day for day in (SPRING + timedelta(days=n) for n in range(91)) if 2 <= day.day <= 28]
EVENTS = st.one_of(
    st.tuples(st.just("visit"), st.sampled_from(["record", "record", "cover", "other"])),
    st.tuples(st.just("undo"), st.just("")),
    st.tuples(st.just("hand"), st.sampled_from(["manager", "teammate"])),
    st.tuples(st.just("tier"), st.sampled_from(["diamond", "gold", "silver", "silver", ""])),
    st.tuples(st.just("excuse"), st.just("")),
)
LIFE = st.fixed_dictionaries(
    {
        "tier": st.sampled_from(["diamond", "gold", "silver"]),
        "manager": st.sampled_from(["manager", "manager", "teammate", None]),
        "since": st.sampled_from([OLD, OLD, date(2026, 4, 10), date(2026, 4, 24)]),
        "days": st.lists(st.sampled_from(DAYS), unique=True, min_size=1, max_size=5),
        "events": st.lists(EVENTS, min_size=5, max_size=5),
    }
)


def happenings(life):
    """What happens to a customer, in order; who lost his tier has none any more, who is new keeps his."""
    found = []
    for day, (kind, value) in zip(sorted(life["days"]), life["events"], strict=False):
        if day <= life["since"] or (kind == "tier" and life["since"] > OLD):
            continue
        found.append((day, kind, value))
        if kind == "tier" and not value:
            break
    return found


# --- What is done to the database


def night(day):
    """The two steps that open and close."""
    nightly.run_night(day, now=at(day, 0, 30), steps=["open_duties", "close_periods"])


def do(cast, customer, day, kind, value):
    """One thing that happens, as the apps write it."""
    customer.refresh_from_db()
    now = at(day, 12)
    if kind == "visit":
        record = next((key for key in ("manager", "teammate") if cast.staff[key].pk == customer.manager_id), None)
        if record:
            by = record if value == "record" else "supervisor"
            made = visit(customer, day, cast=cast, by=by, manager=record, counts=value != "other")
            ledger.settle([made], today=day, now=now)
    elif kind == "undo":
        last = Visit.unscoped.filter(customer=customer, undone_at=None).order_by("-occurred_at").first()
        if last:
            Visit.unscoped.filter(pk=last.pk).update(undone_at=now, counts=False)
            ledger.recompute([customer.pk], today=day, now=now)
    elif kind == "hand":
        hand(cast, customer, value, day)
    elif kind == "tier":
        tier = Tier.objects.get(kind="vip", code=value) if value else None
        TierHistory.unscoped.filter(customer=customer, valid_to=None).update(valid_to=day)
        TierHistory.unscoped.create(customer=customer, tier=tier, valid_from=day)
        Customer.unscoped.filter(pk=customer.pk).update(tier=tier)
        actions.follow_tier_change(customer_ids=[customer.pk], today=day, now=now)
    else:
        for duty in Duty.unscoped.filter(customer=customer, state__in=("open", "provisional")):
            Excuse.unscoped.create(
                duty=duty, kind="no_contact", state="granted", requested_by=cast.manager, requested_at=now
            )
        ledger.recompute([customer.pk], today=day, now=now)


def hand(cast, customer, key, day):
    """A handover, without its papers."""
    staff = cast.staff[key]
    Assignment.unscoped.filter(customer=customer, valid_to=None).update(valid_to=day)
    Assignment.unscoped.create(customer=customer, staff=staff, valid_from=day)
    Customer.unscoped.filter(pk=customer.pk).update(manager=staff)
    Standing.unscoped.filter(customer=customer).update(manager_id=staff.pk)
    actions.follow_assignment(customer_ids=[customer.pk], to_staff_id=staff.pk, today=day, now=at(day, 12))


def live(cast, lives, until):
    """Everything up to a day, in the order of days; a night comes first, or after those who join."""
    Customer.unscoped.update(state="suspended")
    customers, deeds = {}, []
    for number, life in enumerate(lives):
        deeds.append((life["since"], number, "join", life))
        deeds += [(day, number, kind, value) for day, kind, value in happenings(life)]
    deeds += [(day, -1, "night", None) for day in NIGHTS]
    deeds += [(day, len(lives), "night", None) for day in {life["since"] for life in lives} - {OLD}]
    for day, number, kind, value in sorted(deeds, key=lambda deed: deed[:2]):
        if day > until:
            break
        if kind == "night":
            night(day)
        elif kind == "join":
            customers[number] = customer_of(cast, value["tier"], manager=value["manager"], since=day)
        else:
            do(cast, customers[number], day, kind, value)
    return customers


# --- What it must come to


@dataclass
class Window:
    tier: str
    start: date
    owed_from: date
    due: date
    is_excused: bool = False
    is_void: bool = False


@dataclass
class Replay:
    """One life, in memory."""

    life: dict
    tier: str = ""
    through: date = date.min
    windows: list = field(default_factory=list)
    visits: list = field(default_factory=list)  # [day, whose credit, counts]
    held: list = field(default_factory=list)  # (from, who)

    def holder(self, day):
        return [who for since, who in self.held if since <= day][-1] if self.held else None

    def met_by(self, window):
        return next((v for v in sorted(self.visits) if v[2] and window.owed_from <= v[0] <= window.due), None)

    def state(self, window, today):
        if window.is_void:
            return "void"
        if self.met_by(window):
            return "met"
        if window.is_excused:
            return "excused"
        return "missed" if window.due < today else "open"

    def join(self, day):
        self.tier, self.held = self.life["tier"], [(day, self.life["manager"])]

    def night(self, day):
        if not self.tier or self.through >= day:
            return
        first, last = period(self.tier, day)
        since = self.life["since"] if self.through == date.min else OLD
        if since > first and (last - since).days < LEAST:
            first, last = period(self.tier, last + timedelta(days=1))
        self.windows.append(Window(self.tier, first, max(first, since), last))
        self.through = last

    def happens(self, day, kind, value):
        if kind == "visit" and self.holder(day):
            self.visits.append([day, self.holder(day), value != "other"])
        elif kind == "undo" and self.visits:
            self.visits.pop()
        elif kind == "hand":
            self.held.append((day, value))
        elif kind == "excuse":
            for window in self.windows:
                if self.state(window, day) in ("open", "missed"):
                    window.is_excused = True
        elif kind == "tier":
            self.change_tier(day, value)

    def change_tier(self, day, code):
        """Decisions 5."""
        unmet = [window for window in self.windows if self.state(window, day) == "open"]
        self.tier = code
        if not code:
            for window in unmet:
                window.is_void = True
            return
        end = period(code, day)[1]
        for window in unmet:
            if window.tier != code and (end - day).days >= LEAST:
                window.due = min(window.due, end)
        ends = [period(code, window.start)[1] for window in self.windows if window.tier == code]
        self.through = max([last for last in ends if last >= day], default=end)

    def credited(self, window, today):
        """Decisions 6."""
        if self.met_by(window):
            return self.met_by(window)[1]
        if window.due >= today:
            return self.holder(today)
        days = [window.owed_from + timedelta(days=n) for n in range((window.due - window.owed_from).days + 1)]
        held = Counter(self.holder(day) for day in days if self.holder(day))
        last = {self.holder(day): day for day in days}
        return max(held, key=lambda who: (held[who], last[who]), default=None)


def period(tier, day):
    """First and last day of the calendar month, or of the quarter for silver."""
    first = day.replace(day=1, month=day.month if tier != "silver" else 3 * ((day.month - 1) // 3) + 1)
    after = first + timedelta(days=40 if tier != "silver" else 100)
    return first, after.replace(day=1) - timedelta(days=1)


def replay(lives, until):
    """The same days as `live`, without a database."""
    found = [Replay(life) for life in lives]
    for day in (OLD, *(SPRING + timedelta(days=n) for n in range((until - SPRING).days + 1))):
        joined = [one for one in found if one.life["since"] == day]
        for one in joined:
            one.join(day)
        if day in NIGHTS or (joined and day > OLD):
            for one in found:
                one.night(day)
        for one in found:
            for when, kind, value in happenings(one.life):
                if when == day:
                    one.happens(day, kind, value)
    return found


def expected(lives, tiers, first, last, today):
    """Who → (numerator, denominator, mendable) of the duties due in a period and owed all of it; and all excused."""
    sums, excused = {}, 0
    for one in replay(lives, today):
        for window in one.windows:
            state = one.state(window, today)
            if (
                state == "void"
                or window.tier not in tiers
                or window.owed_from > window.start
                or not first <= window.due <= last
            ):
                continue
            mendable = state in ("open", "missed") and window.due >= today - timedelta(days=BACK_DATING)
            if state == "excused":
                excused += 1
                continue
            who, row = one.credited(window, today), (state == "met", 1, mendable)
            sums[who] = tuple(a + b for a, b in zip(sums.get(who, (0, 0, 0)), row, strict=True))
    return sums, excused
