"""Early warning in the demo: what showed that customers may leave, month after month, and what was done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from accounts.actions.standing import write_standings
from accounts.choices import AlertLevel
from accounts.models import Customer, Signal
from accounts.rules import add_months
from complaints.models import Case
from crm.core.models import Notice
from crm.core.sweeps import run_step
from crm.demo.leavers import COMPLAINS, RIVAL, Leaver, leavers
from crm.demo.portfolio import DemoCustomer
from retention.actions.alerts import open_alert
from retention.actions.models import settle_intercept
from retention.actions.review import keep_review
from retention.actions.scoring import score
from retention.actions.snapshots import label, take
from retention.actions.telling import tell_hard
from retention.choices import AlertTrigger
from retention.models import Alert, Competitor, CompetitorIntel, RiskScore
from retention.queries.scoring import AsOf
from retention.sweeps.alerts import open_by_capacity

SEED = 20261122
SNAPSHOTS = 8
PAST = (124, 64, 33)
LATELY = 4
COMPLAINED = (
    "办公区信号弱，多次掉线影响开会。",
    "账单多出一笔增值业务费，解释不清。",
    "宽带报修三天没有人上门。",
    "套餐变更没有按约定生效。",
)
SEEN = (
    "联通客户经理上门，报价比我们低两成。",
    "客户桌上放着电信的合约书，说在比较。",
    "对方承诺携号转网送终端，客户有些动心。",
)
DONE = (
    "电话了解原因，约好本周上门。",
    "上门拜访，送资费对比表，说明新合约优惠。",
    "协调网络部门测试信号，已答复整改时间。",
    "联系经办人，确认用量下降是放假，继续观察。",
)
PROPOSED = "按现在的用量改签合适的套餐，续约一年，每月回访一次。"
# What came of alerts of the past: who left is lost, the rest mostly stayed.
_CLOSE = """
WITH x AS (
  SELECT a.id, a.opened_at + make_interval(hours => 9 + (a.id %% 30)::int + CASE WHEN a.id %% 13 = 0 THEN 96 ELSE 0 END)
      AS acted_at, s.user_id,
    EXISTS (SELECT 1 FROM retention_churnrecord r WHERE r.customer_id = a.customer_id AND NOT r.is_void
      AND r.lost_on BETWEEN a.opened_at::date AND a.opened_at::date + 97) AS lost, a.id %% 10 AS draw
  FROM retention_alert a LEFT JOIN accounts_staff s ON s.id = a.manager_id
  WHERE a.id = ANY(%(ids)s)
), acted AS (
  INSERT INTO retention_alertstep (alert_id, from_state, to_state, note, by_id, at)
  SELECT x.id, 'open', 'in_care', (%(done)s::text[])[1 + x.id %% cardinality(%(done)s::text[])], x.user_id, x.acted_at
  FROM x
), ended AS (
  INSERT INTO retention_alertstep (alert_id, from_state, to_state, note, by_id, at)
  SELECT x.id, 'in_care', CASE WHEN x.lost THEN 'churned' WHEN x.draw < 3 THEN 'false_alarm' ELSE 'cleared' END,
    CASE WHEN x.lost THEN '客户已办理携出。' ELSE '已联系，情况稳定。' END, x.user_id, x.acted_at + interval '9 days'
  FROM x
)
UPDATE retention_alert a SET first_action_at = x.acted_at, closed_at = x.acted_at + interval '9 days',
  closed_by_id = x.user_id, proposal = %(proposal)s, version = 3,
  state = CASE WHEN x.lost THEN 'churned' WHEN x.draw < 3 THEN 'false_alarm' ELSE 'cleared' END,
  outcome = CASE WHEN x.lost THEN 'lost' WHEN x.draw < 3 THEN 'false_alarm' WHEN x.draw = 9 THEN 'not_reached'
    ELSE 'saved' END,
  outcome_reason = CASE WHEN x.lost THEN '客户已办理携出。' ELSE '已联系，情况稳定。' END
FROM x WHERE x.id = a.id
"""
_TASKS = """
UPDATE accounts_task t SET state = 'done', closed_at = a.first_action_at, closed_by_id = a.closed_by_id
FROM retention_alert a WHERE t.origin_table = 'retention_alert' AND t.origin_id = a.id AND t.state = 'open'
  AND a.closed_at IS NOT NULL
"""
# Of those of late most were acted on, some only seen; the rest is late.
_WORK = """
WITH x AS (
  SELECT a.id, s.user_id, a.opened_at + make_interval(hours => 9 + (a.id %% 26)::int) AS at,
    CASE WHEN a.id %% 20 = 0 THEN '' WHEN a.id %% 20 < 4 THEN 'acknowledged' ELSE 'in_care' END AS became
  FROM retention_alert a JOIN accounts_staff s ON s.id = a.manager_id WHERE a.id = ANY(%(ids)s)
), told AS (
  INSERT INTO retention_alertstep (alert_id, from_state, to_state, note, by_id, at)
  SELECT x.id, 'open', x.became, CASE WHEN x.became = 'in_care'
    THEN (%(done)s::text[])[1 + x.id %% cardinality(%(done)s::text[])] ELSE '' END, x.user_id, x.at
  FROM x WHERE x.became <> '' AND x.at < %(now)s
)
UPDATE retention_alert a SET state = x.became, first_action_at = CASE WHEN x.became = 'in_care' THEN x.at END,
  version = 2, proposal = CASE WHEN x.became = 'in_care' AND a.id %% 3 = 0 THEN %(proposal)s ELSE '' END
FROM x WHERE x.id = a.id AND x.became <> '' AND x.at < %(now)s
"""
_LEVELS = """
SELECT s.customer_id, coalesce(a.level, '') AS alert_level FROM accounts_standing s
LEFT JOIN retention_alert a ON a.customer_id = s.customer_id AND a.closed_at IS NULL
"""


@dataclass
class Risk:
    """Snapshots of the months, alerts of the past and of tonight."""

    customers: Sequence[DemoCustomer]
    now: datetime

    def __post_init__(self) -> None:
        self.random = Random(SEED)  # noqa: S311 - a demo, not a secret
        self.today = timezone.localdate(self.now)
        self.leavers = leavers(self.customers)

    def live(self) -> None:
        """Up to the night before today; `tonight` comes when others have told what they know of alerts."""
        # What nights of the demo scored before there was anything to score by.
        RiskScore.unscoped.all().delete()
        self._complain()
        self._notice_rivals()
        first = self.today.replace(day=1)
        for back in range(SNAPSHOTS, -1, -1):
            take(add_months(first, -back))
        for place, back in enumerate(PAST):
            ids = self._night(self.today - timedelta(days=back), settle=not place)
            self._run(_CLOSE, ids)
            self._run(_TASKS, ids)
            write_standings(_LEVELS, [], columns=["alert_level"])
        self._signals()
        self._run(_WORK, self._night(self.today - timedelta(days=LATELY)))

    def tonight(self) -> None:
        """The night of today: scores, new alerts, what nobody acted on."""
        night = min(self._at(self.today, 0, 31), self.now)
        settle_intercept(today=self.today, now=night)
        for step in ("score_churn_risk", "raise_alerts", "rebuild_risk_facts"):
            run_step(step, self.today, night)
        label(self.today, reach=400)
        run_step("late_alerts", self.today, self.now)
        keep_review(now=self.now, today=self.today)
        old = Notice.objects.filter(subject_table="retention_alert", created_at__lt=self.now - timedelta(days=2))
        old.update(read_at=self.now)

    def _at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(hour, minute)))

    def _night(self, day: date, *, settle: bool = False) -> list[int]:
        """One night of the past; answers the alerts it opened."""
        moment = self._at(day, 0, 31)
        last = Alert.unscoped.order_by("-pk").values_list("pk", flat=True).first() or 0
        score(AsOf(day, moment))
        if settle:
            settle_intercept(today=day, now=moment)
            score(AsOf(day, moment))
        open_by_capacity(today=day, now=moment)
        return list(Alert.unscoped.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True))

    def _run(self, sql: str, ids: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, {"ids": list(ids), "done": list(DONE), "proposal": PROPOSED, "now": self.now})

    def _day(self, least: int, most: int) -> date:
        return self.today - timedelta(days=self.random.randint(least, most))

    def _showing(self, sign: str) -> list[Leaver]:
        return [one for one in self.leavers if one.shows(sign) and one.customer.manager is not None]

    def _complain(self) -> None:
        """Complaints of the last weeks that were settled, and remembered."""
        units = dict(Customer.unscoped.values_list("pk", "unit_id"))
        rows = []
        for place, one in enumerate(self._showing(COMPLAINS)):
            day, manager = self._day(12, 70), one.customer.manager
            assert manager is not None  # noqa: S101 - as _showing gives them
            came, closed = self._at(day, 10, 12), self._at(day + timedelta(days=3), 16, 5)
            rows.append(
                Case(
                    number=f"TS-{day:%Y%m%d}-{9000 + place}",
                    kind="complaint",
                    customer_id=one.customer.id,
                    channel="phone",
                    facts=self.random.choice(COMPLAINED),
                    expectation="尽快解决并答复",
                    received_at=came,
                    logged_at=came,
                    received_by_id=manager.user_id,
                    manager_id=manager.id,
                    owner_id=manager.id,
                    unit_id=units[one.customer.id],
                    state="closed",
                    first_reply_at=came,
                    replied_at=closed,
                    reply_method="phone",
                    result="已处理并答复客户",
                    is_resolved=True,
                    satisfaction=self.random.choice((2, 3, 3, 4)),
                    judgement="justified",
                    proposed_judgement="justified",
                    judged_at=closed,
                    judged_by_id=manager.user_id,
                    closed_at=closed,
                    closed_by_id=manager.user_id,
                )
            )
        Case.unscoped.bulk_create(rows)

    def _notice_rivals(self) -> None:
        """Competitors were noticed at some of them."""
        rivals = list(Competitor.objects.order_by("position").values_list("pk", flat=True))[:3]
        units = dict(Customer.unscoped.values_list("pk", "unit_id"))
        rows = []
        for one in self._showing(RIVAL):
            day, manager = self._day(3, 55), one.customer.manager
            assert manager is not None  # noqa: S101 - as _showing gives them
            rows.append(
                CompetitorIntel(
                    competitor_id=self.random.choice(rivals),
                    kind="offer",
                    reliability="likely",
                    text=self.random.choice(SEEN),
                    customer_id=one.customer.id,
                    unit_id=units[one.customer.id],
                    staff_id=manager.id,
                    seen_on=day,
                    by_id=manager.user_id,
                    at=self._at(day, 17, 20),
                )
            )
        CompetitorIntel.unscoped.bulk_create(rows)

    def _signals(self) -> None:
        """Hard signals of the last weeks became alerts a minute after they came."""
        waiting = Signal.unscoped.filter(handled_at=None, happened_at__gt=self.now - timedelta(days=30))
        for row in waiting.select_related("customer").order_by("received_at"):
            moment = row.received_at + timedelta(minutes=1)
            alert, _is_new = open_alert(
                customer_id=row.customer_id, trigger=AlertTrigger.HARD, level=AlertLevel.RED, signal=row,
                note=row.text, by=None, now=moment,
            )  # fmt: skip
            alert.signal = row
            tell_hard([alert], now=moment)
            if moment < self.now - timedelta(days=2):
                self._run(_WORK, [alert.pk])
        Signal.unscoped.filter(handled_at=None).update(handled_at=self.now)
