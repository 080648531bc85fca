"""A month of work of three managers as plain rows, and what it comes to, told in loops without any SQL (KPI-37).

An oracle answers rows (manager, unit, day, numerator, denominator, mendable, ref), as the measures select them.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import uuid4

from accounts.models import Assignment, Leave, Post, Staff
from crm.core import parameters, working_days
from crm.core.models import Parameter, WorkDay
from tests.visits.ledger_world import at
from visits.models import Channel, DayLog, Outcome, Plan, PlanItem, Review, SpecialVisit, TextTwin, Visit
from visits.rules.review import LogFacts, PlanFacts, is_drawn, log_exceptions, plan_exceptions

FIRST, LAST = date(2026, 4, 1), date(2026, 4, 30)
DAYS = [FIRST + timedelta(days=n) for n in range(30)]
MONDAYS = [date(2026, 3, 30) + timedelta(days=7 * n) for n in range(5)]
HOLIDAY, MAKEUP, CHANGE, HANDED = date(2026, 4, 6), date(2026, 4, 11), date(2026, 4, 15), date(2026, 4, 10)
PEOPLE = ("manager", "teammate", "stranger")
HOURS, SAMPLE, MINUTES = {False: 24, True: 48}, {False: 20, True: 60}, {False: 10, True: 30}
"""Parameters before and from the day on which they change."""


def works(day):
    """Whether it is a working day."""
    return day == MAKEUP or (day.weekday() < 5 and day != HOLIDAY)


@dataclass
class Life:
    """What somebody did: rows as they were written."""

    staff: Staff
    hired_on: date | None
    ends_on: date | None
    leave: tuple[date, date] | None
    logs: dict[date, DayLog] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    twins: set[int] = field(default_factory=set)
    plans: list[Plan] = field(default_factory=list)
    items: list[PlanItem] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)

    def is_manager(self, day):
        """Whether he held the post."""
        return self.ends_on is None or day <= self.ends_on


@dataclass
class Month:
    """Everything."""

    cast: object
    today: date
    lives: list[Life] = field(default_factory=list)
    specials: list[SpecialVisit] = field(default_factory=list)


def settle_world(cast):
    """Days off, changed parameters and a handover, the same in every example."""
    WorkDay.objects.filter(date__range=(FIRST, LAST)).delete()
    WorkDay.objects.create(date=HOLIDAY, kind="holiday")
    WorkDay.objects.create(date=MAKEUP, kind="makeup")
    for key, values in (("special_visit_hours", HOURS), ("review_sample_percent", SAMPLE), ("call_minutes", MINUTES)):
        Parameter.objects.create(key=key, value=values[True], effective_from=CHANGE, set_at=at(FIRST))
    gold = Assignment.unscoped.filter(customer=cast.customers["gold"])
    gold.update(valid_to=HANDED)
    Assignment.unscoped.create(customer=cast.customers["gold"], staff=cast.staff["teammate"], valid_from=HANDED)
    parameters.forget()
    working_days.forget()


def month_of(cast, draw, today):
    """One drawn month."""
    month = Month(cast, today)
    for key in PEOPLE:
        life = Life(
            cast.staff[key], draw.choice([None, None, date(2026, 4, 8)]), draw.choice([None, None, date(2026, 4, 21)]),
            draw.choice([None, (date(2026, 4, 2), date(2026, 4, 3)), (date(2026, 4, 16), date(2026, 4, 19))]),
        )  # fmt: skip
        Staff.unscoped.filter(pk=life.staff.pk).update(hired_on=life.hired_on)
        Post.unscoped.filter(staff=life.staff).update(ends_on=life.ends_on)
        if life.leave:
            Leave.unscoped.create(staff=life.staff, starts_on=life.leave[0], ends_on=life.leave[1])
        _visits(life, cast, draw)
        _logs(life, cast, draw, today)
        _plans(life, cast, draw)
        month.lives.append(life)
    _specials(month, draw)
    return month


def _visits(life, cast, draw):
    channels = list(Channel.objects.filter(code__in=("phone", "on_site")).order_by("pk"))
    outcomes = list(Outcome.objects.filter(code__in=("effective", "no_answer")).order_by("pk"))
    rows = []
    for day in draw.sample(DAYS, 14):
        for hour in range(9, 9 + draw.choice([1, 1, 2])):
            begins = at(day, hour)
            rows.append(
                Visit(
                    customer=draw.choice(list(cast.customers.values())), staff=life.staff, manager=life.staff,
                    unit=life.staff.unit, party="record", channel=draw.choice(channels),
                    outcome=draw.choice(outcomes), occurred_at=begins, occurred_on=day,
                    logged_at=begins, logged_by=life.staff.user, content=draw.choice(["谈了资费", "谈了资费", " "]),
                    is_backdated=draw.random() < 0.1, ended_at=begins + timedelta(minutes=draw.choice([5, 9, 12, 40])),
                    undone_at=begins if draw.random() < 0.1 else None, client_key=uuid4(),
                )
            )  # fmt: skip
    life.visits = Visit.unscoped.bulk_create(rows)
    twins = draw.sample(life.visits, 2)
    TextTwin.unscoped.bulk_create(
        TextTwin(visit=row, twin=row, similarity="0.9", found_on=row.occurred_on) for row in twins
    )
    life.twins = {row.pk for row in twins}


def _logs(life, cast, draw, today):
    rows = []
    for day in DAYS:
        kind = draw.choice(["none", "closed", "closed", "closed", "itself", "empty"])
        if kind == "none" or day > today:
            continue
        rows.append(
            DayLog(
                staff=life.staff, on=day, closed_at=at(day, 18),
                closed_by=life.staff.user if kind == "closed" else None,
                entries=2 if kind == "itself" else 0, review_state=draw.choice(["waiting", "approved", "returned"]),
            )
        )  # fmt: skip
    life.logs = {row.on: row for row in DayLog.unscoped.bulk_create(rows)}


def _plans(life, cast, draw):
    free = {}
    for row in life.visits:
        if row.undone_at is None:
            free.setdefault(row.occurred_on, []).append(row)
    life.plans = Plan.unscoped.bulk_create(_plan(life, monday, draw) for monday in [*MONDAYS, FIRST])
    life.items = PlanItem.unscoped.bulk_create(
        _item(plan, cast.customers[customer], free, draw)
        for plan in life.plans
        for customer in draw.sample(["gold", "diamond", "silver", "strangers"], draw.choice([0, 1, 3]))
    )
    life.reviews = Review.unscoped.bulk_create(
        Review(
            staff=life.staff, plan=plan, decision=draw.choice(["approved", "returned"]), remark="看过",
            by=cast.supervisor, at=at(plan.starts_on + timedelta(days=draw.choice([-1, 2])), 8),
        )
        for plan in life.plans
        if draw.random() < 0.6
    )  # fmt: skip


def _plan(life, monday, draw):
    state = draw.choice(["draft", "system", "accepted", "accepted", "accepted"])
    accepted = at(monday + timedelta(days=draw.choice([-2, -1, 0, 1])), draw.choice([0, 9]))
    return Plan(
        staff=life.staff, period="month" if monday == FIRST else "week", starts_on=monday, state=state,
        drafted_at=at(monday + timedelta(days=draw.choice([-3, -3, 0]))),
        accepted_at=accepted if state == "accepted" else None,
        touched_at=draw.choice([None, at(monday - timedelta(days=1))]),
    )  # fmt: skip


def _item(plan, customer, free, draw):
    day = plan.starts_on + timedelta(days=draw.randrange(7))
    state, visit = draw.choice(["planned", "missed", "cancelled", "done", "done"]), None
    if state == "done":
        near = [on for on in (day, day + timedelta(days=1)) if free.get(on)]
        state, visit = ("done", free[draw.choice(near)].pop()) if near else ("missed", None)
    return PlanItem(
        plan=plan, customer=customer, planned_on=day, state=state, visit=visit,
        leave_out_reason="不在" if state == "cancelled" and draw.random() < 0.5 else "",
    )  # fmt: skip


def _specials(month, draw):
    cast = month.cast
    rows = []
    for key in ("gold", "gold", "diamond", "strangers", "ordinary"):
        for _each in range(draw.choice([0, 1, 2])):
            found = at(draw.choice([*DAYS, date(2026, 3, 31)]), draw.choice([0, 12, 23]))
            hours = draw.choice([None, 0, 24, 25, 48, 49])
            rows.append(
                SpecialVisit(
                    customer=cast.customers[key], staff=cast.staff["supervisor"], trigger="断网", found_at=found,
                    visited_at=found + timedelta(hours=hours) if hours is not None else None,
                    created_by=cast.supervisor, created_at=found,
                )
            )  # fmt: skip
    month.specials = SpecialVisit.unscoped.bulk_create(rows)


# --- What it comes to


def begun(month):
    """The last day that has begun."""
    return min(LAST, month.today)


def plans_on_time(month):
    """F26: week plans handed in before their week, or on the day of a later draft, or left to the system."""
    for life in month.lives:
        for plan in life.plans:
            if plan.period == "week" and FIRST <= plan.starts_on <= begun(month) and life.is_manager(plan.starts_on):
                yield life.staff, life.staff.unit_id, plan.starts_on, int(not _is_late(plan)), 1, 0, plan.pk


def _is_late(plan):
    if plan.state != "accepted":
        return False
    return plan.accepted_at.date() >= plan.starts_on and plan.accepted_at.date() > plan.drafted_at.date()


def logs_kept(month):
    """F26: a log that somebody closed, or that closed itself over visits; three days to write a missing one."""
    for life in month.lives:
        for day in DAYS:
            away = life.leave and life.leave[0] <= day <= life.leave[1]
            if day > month.today or not works(day) or away or not life.is_manager(day):
                continue
            if life.hired_on and day < life.hired_on:
                continue
            log = life.logs.get(day)
            kept = log is not None and (log.closed_by_id is not None or log.entries > 0)
            mendable = log is None and month.today <= day + timedelta(days=3)
            ref = log.pk if log else 10**15 + life.staff.pk * 100_000 + (day - date(2000, 1, 1)).days
            yield life.staff, life.staff.unit_id, day, int(kept), 1, int(mendable), ref


def work_reviewed(month):
    """F26: of what is remarkable or drawn, what a reviewer has looked at."""
    for life in month.lives:
        for day, log in life.logs.items():
            is_asked = log_exceptions(log_facts(life, day)) or is_drawn("log", log.pk, SAMPLE[day >= CHANGE])
            if day <= begun(month) and life.is_manager(day) and is_asked:
                seen = log.review_state != "waiting"
                yield life.staff, life.staff.unit_id, day, int(seen), 1, int(not seen), log.pk
        for plan in life.plans:
            day = plan.starts_on
            is_asked = plan_exceptions(plan_facts(life, plan)) or is_drawn("plan", plan.pk, SAMPLE[day >= CHANGE])
            if plan.state != "draft" and day >= FIRST and life.is_manager(day) and is_asked:
                seen = any(_settles(review, plan) for review in life.reviews)
                yield life.staff, life.staff.unit_id, day, int(seen), 1, int(not seen), 10**15 + plan.pk


def log_facts(life, day):
    """What a reviewer would count on the page of the day."""
    made = [row for row in life.visits if row.occurred_on == day and row.undone_at is None]
    longest = timedelta(minutes=MINUTES[day >= CHANGE])
    return LogFacts(
        visits=len(made),
        without_content=sum(
            row.channel.code == "on_site" and row.outcome.code == "effective" and not row.content.strip()
            for row in made
        ),
        backdated=sum(row.is_backdated for row in made),
        similar=sum(row.pk in life.twins for row in made),
        overlong=sum(row.channel.code == "phone" and row.ended_at - row.occurred_at > longest for row in made),
        is_working=works(day),
    )  # fmt: skip


def plan_facts(life, plan):
    """The same of a plan."""
    items = [item for item in life.items if item.plan_id == plan.pk]
    return PlanFacts(
        items=sum(item.state != "cancelled" for item in items),
        left_out=sum(item.leave_out_reason != "" for item in items),
        is_untouched=plan.state == "system" and plan.touched_at is None, is_late=_is_late(plan),
    )  # fmt: skip


def _settles(review, plan):
    if review.plan_id != plan.pk:
        return False
    handed_in = max(moment for moment in (plan.accepted_at, plan.touched_at, plan.drafted_at) if moment)
    return review.decision == "approved" or review.at >= handed_in


def plan_items_done(month):
    """F27: done on the day that was planned; a visit may still be logged for three days."""
    for life in month.lives:
        weeks = {plan.pk for plan in life.plans if plan.period == "week"}
        for item in life.items:
            day = item.planned_on
            if item.plan_id not in weeks or item.state == "cancelled" or not FIRST <= day <= LAST:
                continue
            done = item.state == "done" and item.visit.occurred_on == day
            mendable = item.state != "done" and month.today <= day + timedelta(days=3)
            if life.is_manager(day):
                yield life.staff, item.customer.unit_id, day, int(done), 1, int(mendable), item.pk


def special_visits_in_time(month):
    """F29: within 24 hours, from the change on within 48; credit of whoever had the customer that day."""
    staff = month.cast.staff
    holders = {"diamond": "manager", "strangers": "stranger", "ordinary": None}
    names = {customer.pk: key for key, customer in month.cast.customers.items()}
    for row in month.specials:
        day = row.found_at.date()
        key = names[row.customer_id]
        who = ("manager" if day < HANDED else "teammate") if key == "gold" else holders[key]
        due_at = row.found_at + timedelta(hours=HOURS[day >= CHANGE])
        done = row.visited_at is not None and row.visited_at <= due_at
        mendable = row.visited_at is None and month.today <= due_at.date() + timedelta(days=3)
        if FIRST <= day <= LAST:
            yield staff.get(who), row.customer.unit_id, day, int(done), 1, int(mendable), row.pk


def as_rows(found):
    """Rows as a measure gives them, in order of day and ref."""
    rows = [(staff.pk if staff else None, *rest) for staff, *rest in found]
    return sorted(rows, key=lambda row: (row[2], row[6]))


def end_of(day):
    """The last moment of a day, as pages look at it."""
    return datetime.combine(day, datetime.max.time(), tzinfo=at(day).tzinfo)
