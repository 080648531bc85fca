"""The demo's desk: what customers brought in fourteen months and what became of it, by the pages' own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db.models import F
from django.utils import timezone

from accounts.actions.dispatches import reply_dispatch
from accounts.actions.tasks import end_tasks_of
from accounts.models import Customer, Dispatch, Staff, Unit
from accounts.queries.dispatches import answerers_of
from complaints import actions
from complaints.actions import Answer, IntakeSheet, OneCall
from complaints.actions.late_clocks import mark_late
from complaints.choices import CaseKind
from complaints.models import Case, CaseStep
from crm.core import working_days
from crm.core.models import Notice, User
from crm.demo.deeds import acting
from crm.demo.desk_stories import COMPLAINTS, ENQUIRIES, NEEDS, ORDERS, Story
from crm.demo.organisation import Organisation
from visits.models import Visit

CLOSED_CASES = 46
FAVOURITE = ("M1001",) * 9
"""The manager whose day the demo shows has more of them than his colleagues."""
NOTICES_STAY = timedelta(days=2)


@dataclass
class Desk:
    """Everything that customers brought."""

    random: Random
    organisation: Organisation
    now: datetime

    def __post_init__(self) -> None:
        self.today = timezone.localdate(self.now)
        self.users = {user.pk: user for user in User.objects.all()}
        self.user_of = dict(Staff.unscoped.values_list("pk", "user_id"))
        self.calendar = working_days.calendar_for(self.today.year - 2, self.today.year)

    def live(self, *, live_from: date) -> None:
        """The closed ones first, then those that somebody works on today."""
        days = max((self.today - live_from).days - 8, 1)
        for place in range(CLOSED_CASES):
            moment = self.moment(self.today - timedelta(days=8 + days * place // CLOSED_CASES))
            number = self.random.choice([*FAVOURITE, *(member.seat.number for member in self.organisation.managers)])
            self._past(place, number, moment)
        self._lately()
        mark_late(self.now)
        self._put_away()

    def moment(self, day: date) -> datetime:
        """Some minute of a working day."""
        while not self.calendar.is_working(day):
            day -= timedelta(days=1)
        at = time(self.random.randint(9, 16), self.random.randint(0, 59))
        return timezone.make_aware(datetime.combine(day, at))

    def user(self, number: str) -> User:
        """Somebody's sign-in by his staff number."""
        return self.users[self.organisation.members[number].user_id]

    def owner(self, case: Case) -> User | None:
        """Who answers for a case."""
        return self.users.get(self.user_of.get(case.owner_id or 0, 0))

    def customer(self, number: str, place: int = 0) -> Customer | None:
        """A customer of a manager, another one for each place."""
        rows = Customer.unscoped.filter(manager_id=self.organisation.members[number].id, state="active").order_by("pk")
        count = rows.count()
        return rows[(place * 7 + 3) % count] if count else None

    # --- Taken down

    def take(self, customer: Customer, kind: str, story: Story, number: str, now: datetime, **more: object) -> Case:
        """A case, by the manager who hears of it."""
        sheet = IntakeSheet(
            kind=kind, customer_id=customer.pk, channel=self.random.choice(("phone", "phone", "walk_in", "visit")),
            facts=f"时间：{timezone.localtime(now):%m月%d日}\n人物：客户本人\n经过:{story.facts}",
            expectation=story.expectation, category_code=story.code if kind == CaseKind.COMPLAINT else "",
            order_code=story.code if kind == CaseKind.HANDLING else "", numbers=customer.phone,
            happened_at=now - timedelta(hours=self.random.randint(1, 20)), **more,  # type: ignore[arg-type]
        )  # fmt: skip
        by = self.user(number)
        with acting(by):
            return actions.take_request(sheet=sheet, by=by, now=now)

    def _past(self, place: int, number: str, now: datetime) -> None:
        """One that is over: half are complaints, the rest needs, orders and enquiries."""
        customer = self.customer(number, place)
        if customer is None:
            return
        if place % 2 == 0:
            story = COMPLAINTS[place // 2 % len(COMPLAINTS)]
            if place % 8 == 6:
                self._one_call(customer, story, number, now)
                return
            case = self.take(customer, CaseKind.COMPLAINT, story, number, now, **self._cause(place, customer, now))
            slow = place % 10 == 4
            self._solve(case, story, now, hours=60 if slow else self.random.randint(3, 20))
            self._judge(case, place, now + timedelta(days=4))
        elif place % 6 == 1:
            self._enquiry(customer, ENQUIRIES[place % len(ENQUIRIES)], number, now)
        else:
            kind, stories = (CaseKind.NEED, NEEDS) if place % 6 == 3 else (CaseKind.HANDLING, ORDERS)
            story = stories[place % len(stories)]
            case = self.take(customer, kind, story, number, now)
            self._solve(case, story, now, hours=self.random.randint(1, 9))

    def _cause(self, place: int, customer: Customer, now: datetime) -> dict[str, int]:
        """CON-10: every fifth complaint was caused by a visit."""
        if place % 10 != 8:
            return {}
        visit = Visit.unscoped.filter(customer=customer, occurred_at__lt=now, undone_at=None).order_by("-pk").first()
        return {"caused_by_id": visit.pk} if visit else {}

    # --- Worked on

    def steps(self, case: Case, story: Story, numbers: range, by: User, now: datetime) -> None:
        """These of the six steps."""
        day = timezone.localdate(now)
        data = {
            1: {"listened": True, "sympathy": True, "mood": story.mood, "need": "希望有人负责到底"},
            2: {"apologised": True, "words": "给您添麻烦了，真对不起，这件事我来跟进", "need_met": True},
            3: {"facts": story.facts, "restated": True, "understanding": True},
            4: {"information": "已联系相关部门核实", "options": list(story.options), "expectation": "一个工作日内答复"},
            5: {"agreed": story.options[0], "agreed_on": day, "satisfaction": self.random.choice((3, 4, 4, 5, 5))},
            6: {"apologised": True, "follow_up_on": day + timedelta(days=3)},
        }
        for number in numbers:
            actions.record_step(case_id=case.pk, step=number, data=data[number], by=by, now=now)  # type: ignore[arg-type]

    def _accept(self, case: Case, now: datetime) -> User | None:
        by = self.owner(case)
        if by is not None and case.accepted_at is None:
            with acting(by):
                actions.accept_case(case_id=case.pk, by=by, now=now)
        return by

    def _solve(self, case: Case, story: Story, now: datetime, *, hours: int) -> None:
        """From accepting to closing; many hours make it late."""
        by = self._accept(case, now + timedelta(minutes=self.random.randint(4, 50)))
        if by is None:
            return
        told = now + timedelta(hours=hours)
        with acting(by):
            if case.kind == CaseKind.COMPLAINT:
                self.steps(case, story, range(1, 4), by, now + timedelta(minutes=70))
                self.steps(case, story, range(4, 6), by, told - timedelta(minutes=20))
            else:
                actions.add_update(
                    case_id=case.pk, text="已收到，正在为您核实", method="phone", by=by, now=now + timedelta(minutes=52)
                )
            if case.kind == CaseKind.HANDLING:
                self._order(case, by, told - timedelta(minutes=5))
            actions.reply_case(case_id=case.pk, text=story.result, method="phone", by=by, now=told)
            if case.kind == CaseKind.COMPLAINT:
                self.steps(case, story, range(6, 7), by, told + timedelta(hours=1))
                actions.set_cause(case_id=case.pk, cause=story.cause, by=by, now=told + timedelta(hours=1))
            actions.close_case(case_id=case.pk, by=by, now=told + timedelta(hours=5))

    def _order(self, case: Case, by: User, now: datetime) -> None:
        """What the manager may not finish himself goes to his hall."""
        order = case.order_type
        if order is None:
            return
        if order.manager_completes:
            for position in range(len(order.steps)):
                actions.finish_order_step(case_id=case.pk, position=position, by=by, now=now)
            return
        sent = self._send(case, by, now - timedelta(minutes=30), "请协助办理，客户在等")
        answerer = self.users[answerers_of(sent.to_unit_id, self.today)[0]]
        reply_dispatch(dispatch_id=sent.pk, text="已办妥，客户已签字", solved=True, by=answerer, now=now)

    def _send(self, case: Case, by: User, now: datetime, text: str) -> Dispatch:
        centre = Unit.unscoped.get(code="SC")
        return actions.send_case(case_id=case.pk, to_unit_id=centre.pk, text=text, by=by, now=now)

    def _judge(self, case: Case, place: int, now: datetime) -> None:
        """CMP-4: proposed by the handler, decided by the supervisor; the last ones wait."""
        case.refresh_from_db()
        by = self.owner(case)
        if by is None or now >= self.now:
            return
        verdict = "justified" if place % 8 == 0 else "unjustified"
        with acting(by):
            actions.propose_judgement(case_id=case.pk, judgement=verdict, by=by, now=now)
        head = self.users.get(self.user_of.get(case.unit.head_id or 0, 0))
        if head is None or head == by or place < 6:
            return
        with acting(head):
            actions.judge_case(
                case_id=case.pk, judgement=verdict, note="核实属实" if verdict == "justified" else "已解释，客户理解",
                by=head, now=now + timedelta(days=1),
            )  # fmt: skip

    def _one_call(self, customer: Customer, story: Story, number: str, now: datetime) -> None:
        by = self.user(number)
        call = OneCall(
            listened=True, apologised=True, understood=True, sentence=story.facts, information="当场核实并处理",
            options=story.options, agreed=story.options[0], satisfaction=5, result=story.result, method="phone",
            mood=story.mood,
        )  # fmt: skip
        sheet = IntakeSheet(
            kind=CaseKind.COMPLAINT, customer_id=customer.pk, channel="phone", facts=story.facts,
            expectation=story.expectation, category_code=story.code,
        )  # fmt: skip
        with acting(by):
            actions.solve_in_one_call(sheet=sheet, call=call, by=by, now=now)

    def _enquiry(self, customer: Customer, story: Story, number: str, now: datetime) -> None:
        by = self.user(number)
        sheet = IntakeSheet(kind=CaseKind.ENQUIRY, customer_id=customer.pk, channel="phone", facts=story.facts)
        with acting(by):
            actions.take_request(sheet=sheet, answer=Answer(story.result, "phone"), by=by, now=now)

    # --- Today

    def _lately(self) -> None:
        """What the first manager's customers brought in the last days, each at another place of its way."""
        number, ago = "M1001", self._ago
        customers = [self.customer(number, 50 + place) for place in range(12)]
        if any(customer is None for customer in customers):
            return
        rows = [customer for customer in customers if customer is not None]
        self.take(rows[0], CaseKind.COMPLAINT, COMPLAINTS[0], number, ago(hours=1))
        self._late(rows[1], number)
        self._half_way(rows[2], number)
        self._standing_still(rows[3], rows[4], number)
        self._told(rows[5], number)
        self._sent(rows[6], rows[7], number)
        self._again(rows[8], number)
        self._twice(rows[9], number)
        self.take(rows[10], CaseKind.QUALITY, COMPLAINTS[6], number, ago(hours=5))
        self._enquiry(rows[11], ENQUIRIES[0], number, ago(hours=2))
        self.take(rows[11], CaseKind.NEED, NEEDS[0], number, ago(minutes=25))

    def _ago(self, **span: int) -> datetime:
        return self.now - timedelta(**span)

    def _late(self, customer: Customer, number: str) -> None:
        """Nobody has told the customer anything for two days: it goes up at the end of the build."""
        case = self.take(customer, CaseKind.COMPLAINT, COMPLAINTS[1], number, self._ago(days=2, hours=3))
        self._accept(case, self._ago(days=2))

    def _half_way(self, customer: Customer, number: str) -> None:
        """Feelings done, the matter is next; a major one, reported up at once (PLAN-16)."""
        now = self._ago(hours=3)
        case = self.take(customer, CaseKind.COMPLAINT, COMPLAINTS[2], number, now, level="major")
        by = self._accept(case, now + timedelta(minutes=6))
        if by is not None:
            with acting(by):
                self.steps(case, COMPLAINTS[2], range(1, 4), by, now + timedelta(minutes=25))

    def _standing_still(self, waiting: Customer, agreed: Customer, number: str) -> None:
        """One waits for the customer, one for an appointment."""
        for customer, state, story in ((waiting, "waiting_customer", NEEDS[1]), (agreed, "appointed", NEEDS[2])):
            case = self.take(customer, CaseKind.NEED, story, number, self._ago(hours=20))
            by = self._accept(case, self._ago(hours=19))
            if by is not None:
                until = self.now + timedelta(hours=26) if state == "appointed" else None
                reason = "约定明天上门勘察" if until else "客户出差，等他回电确认"
                with acting(by):
                    actions.pause_case(
                        case_id=case.pk, state=state, reason=reason, until_at=until, by=by, now=self._ago(hours=18)
                    )

    def _told(self, customer: Customer, number: str) -> None:
        """The result is told; keeping in touch and closing are left."""
        now = self._ago(hours=22)
        case = self.take(customer, CaseKind.COMPLAINT, COMPLAINTS[3], number, now)
        by = self._accept(case, now + timedelta(minutes=15))
        if by is not None:
            with acting(by):
                self.steps(case, COMPLAINTS[3], range(1, 6), by, now + timedelta(hours=2))
                actions.reply_case(
                    case_id=case.pk, text=COMPLAINTS[3].result, method="phone", by=by, now=now + timedelta(hours=3)
                )

    def _sent(self, customer: Customer, other: Customer, number: str) -> None:
        """A complaint and an order wait for another unit's reply."""
        now = self._ago(hours=9)
        for row, kind, story in ((customer, CaseKind.COMPLAINT, COMPLAINTS[4]), (other, CaseKind.HANDLING, ORDERS[0])):
            case = self.take(row, kind, story, number, now)
            by = self._accept(case, now + timedelta(minutes=20))
            if by is not None:
                with acting(by):
                    if kind == CaseKind.COMPLAINT:
                        self.steps(case, story, range(1, 4), by, now + timedelta(minutes=40))
                    self._send(case, by, now + timedelta(minutes=60), "请核实并于今日回单")

    def _again(self, customer: Customer, number: str) -> None:
        """Closed a week ago, opened again yesterday: a second round."""
        now = self.moment(self.today - timedelta(days=9))
        case = self.take(customer, CaseKind.COMPLAINT, COMPLAINTS[5], number, now)
        self._solve(case, COMPLAINTS[5], now, hours=6)
        by = self.owner(case)
        if by is not None:
            with acting(by):
                actions.reopen_case(case_id=case.pk, reason="客户来电：问题又出现了", by=by, now=self._ago(minutes=50))

    def _twice(self, customer: Customer, number: str) -> None:
        """The hotline and the manager wrote the same matter down; they are one case now."""
        first = self.take(customer, CaseKind.COMPLAINT, COMPLAINTS[7], number, self._ago(minutes=80))
        second = self.take(customer, CaseKind.COMPLAINT, COMPLAINTS[7], number, self._ago(minutes=60))
        by = self.owner(first)
        if by is not None:
            with acting(by):
                actions.merge_cases(
                    survivor_id=first.pk, merged_id=second.pk, reason="同一件事", by=by, now=self._ago(minutes=45)
                )

    # --- Put away

    def _put_away(self) -> None:
        """Follow-ups of long ago were made, and old notices were read."""
        since = self.now - timedelta(days=6)
        steps = CaseStep.unscoped.filter(step=6, done_at__lt=since).values_list("pk", flat=True)
        end_tasks_of(origin_table="complaints_casestep", origin_ids=steps, by=None, now=since)
        Notice.objects.filter(
            subject_table__in=("complaints_case", "accounts_dispatch"), created_at__lt=self.now - NOTICES_STAY
        ).update(read_at=F("created_at"))


def open_desk(random: Random, organisation: Organisation, *, live_from: date, now: datetime) -> None:
    """Everything customers brought, as of today."""
    Desk(random, organisation, now).live(live_from=live_from)
