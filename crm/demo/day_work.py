"""The journal of the last weeks: check-ins with signatures, work logs with sentences, reviews, special visits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from crm.core.models import Signature, SignMethod, User
from crm.core.signatures import content_of, digest_of
from crm.demo.organisation import Member, Organisation
from visits.actions.journal.check_ins import open_check_ins
from visits.choices import ReviewDecision, ReviewState, VisitKind
from visits.models import CheckIn, DayLog, Plan, Review, SpecialVisit, Visit
from visits.queries.catalogue import catalogue
from visits.queries.journal.check_ins import CUSTOMER, MANAGER, TABLE
from visits.sweeps.day_logs import close_day_logs

DAYS = 35
SIGNED_DAYS = 21
UNREAD_DAYS = 4
"""So many last days wait for the supervisor."""
SENTENCES = (
    "走访顺利，两户有扩容意向。",
    "上午会议，下午集中回访。",
    "客户反映信号问题较多，已报障。",
    "完成本周重点客户面谈。",
    "",
    "",
    "天气原因改电话沟通。",
)
SITUATIONS = (
    ("客户机房专线中断两小时，负责人来电不满", "断线原因为楼内施工，现已恢复", "协调网络部当天抢修并到场致歉"),
    ("竞争对手上门报价低一成", "对方方案不含专线保障", "与主管核定挽留方案，已当面说明"),
    ("客户负责人更换", "新负责人关注费用结构", "上门拜访并递交服务说明"),
)
WAITING = "门店装修漏水，线路受损，客户要求尽快处理"


def write_day_work(random: Random, organisation: Organisation, *, now: datetime) -> None:
    """Everything of the journal that thirty managers would have left behind."""
    today = timezone.localdate(now)
    users = {user.pk: user for user in User.objects.all()}
    _books(random, users, today, now)
    _special(random, organisation, today, now)
    _logs(random, organisation, today, now)


def _books(random: Random, users: dict[int, User], today: date, now: datetime) -> None:
    """On-site visits of the channel line; most are signed by both, some wait for the customer."""
    on_site = [channel.id for channel in catalogue().channels.values() if channel.is_on_site]
    visits = list(
        Visit.unscoped.filter(
            channel_id__in=on_site, customer__kind="channel", occurred_on__gte=today - timedelta(days=SIGNED_DAYS)
        ).select_related("staff")
    )
    if not visits:
        return
    by = users[visits[0].staff.user_id]
    open_check_ins([visit.pk for visit in visits], by=by)
    booked = set(CheckIn.unscoped.values_list("visit_id", flat=True))
    rows: list[Signature] = []
    for visit in visits:
        if visit.pk in booked and visit.content:
            rows += _signatures(random, visit, now)
    Signature.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE visits_checkin k SET manager_signed_at = m.signed_at, customer_signed_at = c.signed_at"
            " FROM core_signature m LEFT JOIN core_signature c ON c.subject_table = m.subject_table"
            " AND c.subject_id = m.subject_id AND c.part = 'customer'"
            " WHERE m.subject_table = %s AND m.subject_id = k.visit_id AND m.part = 'manager'",
            [TABLE],
        )


def _signatures(random: Random, visit: Visit, now: datetime) -> list[Signature]:
    text = content_of(TABLE, visit.pk).text
    at = min(visit.logged_at + timedelta(minutes=2), now)
    common = {"subject_table": TABLE, "subject_id": visit.pk, "content": text, "digest": digest_of(text)}
    found = [
        Signature(
            **common, part=MANAGER, method=SignMethod.LOGIN, signer_id=visit.staff.user_id,
            taken_by_id=visit.staff.user_id, signer_name=visit.staff.name, signed_at=at,
        )
    ]  # fmt: skip
    if random.random() < 0.85:
        found.append(
            Signature(
                **common, part=CUSTOMER, method=SignMethod.LINK, taken_by_id=visit.staff.user_id,
                signer_name=random.choice(("王老板", "李店长", "张经理", "陈女士", "赵店主")),
                signed_at=min(at + timedelta(minutes=6), now),
            )
        )  # fmt: skip
    return found


def _special(random: Random, organisation: Organisation, today: date, now: datetime) -> None:
    """A few situations, visited in time but for one, and one that waits."""
    for number in ("M1001", "M1002", "M2001"):
        member = organisation.members[number]
        visits = Visit.unscoped.filter(staff_id=member.id, outcome__is_effective=True, undone_at=None)
        recent = list(
            visits.filter(occurred_on__gte=today - timedelta(days=20), party="record").order_by("-occurred_at")
        )
        for place, (trigger, facts, actions) in enumerate(SITUATIONS):
            if place * 3 < len(recent):
                made = recent[place * 3]
                hours = random.choice((2, 5, 9)) if place else 31
                _record(member, made, trigger, facts, actions, hours)
    first = organisation.members["M1001"]
    waits = Visit.unscoped.filter(staff_id=first.id, party="record").order_by("-occurred_at").first()
    if waits is not None:
        SpecialVisit.unscoped.create(
            customer_id=waits.customer_id, staff_id=first.id, trigger=WAITING, created_by_id=first.user_id,
            found_at=now - timedelta(hours=3), created_at=now - timedelta(hours=3),
        )  # fmt: skip


def _record(member: Member, visit: Visit, trigger: str, facts: str, actions: str, hours: int) -> None:
    SpecialVisit.unscoped.create(
        customer_id=visit.customer_id, staff_id=member.id, trigger=trigger, facts=facts, actions=actions,
        follow_up="一周后回访", found_at=visit.occurred_at - timedelta(hours=hours), visit=visit,
        visited_at=visit.occurred_at, created_by_id=member.user_id, created_at=visit.logged_at,
    )  # fmt: skip
    Visit.unscoped.filter(pk=visit.pk).update(kind=VisitKind.SPECIAL)


def _logs(random: Random, organisation: Organisation, today: date, now: datetime) -> None:
    """Work logs by the night's own sweep; most were closed by hand, and all but the last days were reviewed."""
    for back in range(DAYS, 0, -1):
        close_day_logs(today=today - timedelta(days=back - 1), now=now)
    people = {member.id: member for member in organisation.managers}
    logs = [log for log in DayLog.unscoped.filter(on__lt=today) if log.staff_id in people]
    reviews = []
    for log in logs:
        member = people[log.staff_id]
        if random.random() < 0.8:
            log.closed_by_id, log.sentence = member.user_id, random.choice(SENTENCES)
            log.closed_at = timezone.make_aware(
                datetime.combine(log.on, datetime.min.time()) + timedelta(hours=17, minutes=random.randint(10, 110))
            )
        if log.on < today - timedelta(days=UNREAD_DAYS):
            log.review_state = ReviewState.APPROVED
            reviews.append(_review(random, log, organisation.supervisor_of(member)))
    for plan in Plan.unscoped.exclude(state="draft").filter(starts_on__lt=today - timedelta(days=UNREAD_DAYS)):
        if plan.staff_id in people:
            reviews.append(_review_of_plan(plan, organisation.supervisor_of(people[plan.staff_id])))
    DayLog.unscoped.bulk_update(logs, ["closed_by", "sentence", "closed_at", "review_state"], batch_size=500)
    Review.unscoped.bulk_create(reviews, batch_size=500)


def _review(random: Random, log: DayLog, boss: Member) -> Review:
    at = timezone.make_aware(datetime.combine(log.on + timedelta(days=3), datetime.min.time()) + timedelta(hours=9))
    return Review(
        staff_id=log.staff_id, day_log=log, decision=ReviewDecision.APPROVED, is_together=random.random() < 0.7,
        by_id=boss.user_id, at=at,
    )  # fmt: skip


def _review_of_plan(plan: Plan, boss: Member) -> Review:
    at = timezone.make_aware(datetime.combine(plan.starts_on + timedelta(days=1), datetime.min.time()))
    return Review(
        staff_id=plan.staff_id, plan=plan, decision=ReviewDecision.APPROVED, is_together=True, by_id=boss.user_id,
        at=max(at, plan.drafted_at),
    )  # fmt: skip
