"""What passes between the demo's units: products, bulletins, words sent on, reports; by the pages' own actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.actions.dispatches import reply_dispatch
from accounts.actions.products import save_product, set_minimum_price
from accounts.choices import UnitType
from accounts.models import Customer, Dispatch, Unit
from accounts.queries.customer_list import conditions
from accounts.queries.dispatches import answerers_of
from crm.core.models import User
from crm.core.scope import Scope
from visits.actions.bulletins import deliver, publish_bulletin
from visits.actions.reports import decide_report, save_report
from visits.actions.voices import Heard, capture_voice, report_voice_up
from visits.models import Visit, WorkReport
from visits.sweeps import prepare_reports

PRODUCTS = (("KD200", "宽带 200M 体验卡", 99), ("SIM58", "58 元套餐卡", 58), ("SIM88", "88 元套餐卡", 88))
BULLETINS = (
    ("product", "千兆宽带暑期优惠", "讲清三点：月费、合约期、免费测速。", {"kind": "vip"}),
    ("policy", "携号转网办理须知", "办理前先核对合约和欠费。", {"kind": "group"}),
)
WORDS = (
    ("problem", "地下车库信号弱，客户来访时打不通电话", "network", "加装室内分布", True),
    ("need", "明年要给外勤加 30 条流量卡", "tariff", "", True),
    ("competitor", "友商报价专线八折，含一年免费维护", "tariff", "", False),
    ("key_change", "总经理换人，新总经理下月到任", "leadership", "请主管一同拜访", False),
    ("praise", "表扬客户经理半夜帮忙恢复专线", "service", "", False),
)
SECTIONS = {
    "sales": "本月总体平稳，套餐卡走货较上月略升。", "problems": "两家门店缺货，已协调补货并调整备货量。",
    "opinions": "客户希望宣传品早到，套餐规则讲得更清楚。", "forecast": "下月促销开始，预计销量上升一成。",
}  # fmt: skip


def pass_matters_on(*, now: datetime) -> None:
    """Everything between units, as of today."""
    director, manager = User.objects.get(username="D1001"), User.objects.get(username="M1001")
    _products(director, now)
    _bulletins(director, now)
    _words(manager, now)
    prepare_reports(today=timezone.localdate(now), now=now)
    _reports(now)


def _products(director: User, now: datetime) -> None:
    for code, name, price in PRODUCTS:
        row = save_product(product_id=None, code=code, name=name, is_active=True, by=director, now=now)
        set_minimum_price(
            product_id=row.pk, minimum=Decimal(price), effective_from=timezone.localdate(now), by=director, now=now
        )


def _bulletins(director: User, now: datetime) -> None:
    """Published three days ago; every third visit since has passed it on."""
    ago = now - timedelta(days=3)
    deadline = timezone.localdate(now) + timedelta(days=12)
    for kind, title, body, filters in BULLETINS:
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        row = publish_bulletin(
            kind=kind, title=title, body=body, query=query, condition=conditions(Scope.ALL, filters),
            deadline_on=deadline, by=director, now=ago,
        )  # fmt: skip
        visits = Visit.unscoped.filter(
            occurred_at__gte=ago, customer__kind=filters["kind"], undone_at=None, counts=True
        ).order_by("pk")
        deliver([row.pk], list(visits)[::3])


def _words(manager: User, now: datetime) -> None:
    """The first manager's customers say something; one unit has replied, one matter has gone up."""
    centre = Unit.unscoped.filter(type=UnitType.SERVICE_CENTRE).order_by("pk").first()
    customers = list(Customer.unscoped.filter(manager__user=manager, state="active").order_by("pk")[: len(WORDS)])
    made = []
    for customer, (kind, text, topic, suggestion, is_sent) in zip(customers, WORDS, strict=False):
        heard = Heard(
            kind=kind, text=text, topic=topic, suggestion=suggestion, source="customer",
            to_unit_id=centre.pk if is_sent and centre else None,
        )  # fmt: skip
        made.append(capture_voice(customer_id=customer.pk, heard=heard, by=manager, now=now))
    first = Dispatch.unscoped.order_by("pk").first()
    answerers = answerers_of(centre.pk, timezone.localdate(now)) if centre else ()
    if first is not None and answerers:
        by = User.objects.get(pk=answerers[0])
        reply_dispatch(dispatch_id=first.pk, text="已安排网络部下周勘察", solved=True, by=by, now=now)
    if len(made) > 2:
        report_voice_up(voice_id=made[2].pk, reason="价格权限超出本级", by=manager, now=now)


def _reports(now: datetime) -> None:
    """Half of the monthly reports are written, the first of them read."""
    rows = list(WorkReport.unscoped.filter(kind="monthly_sales").select_related("staff__user").order_by("pk"))
    market = User.objects.filter(username="R1001").first()
    for index, row in enumerate(rows[::2]):
        moment = min(now, timezone.make_aware(datetime.combine(row.due_on, datetime.min.time())))
        save_report(report_id=row.pk, sections=SECTIONS, version=1, submit=True, by=row.staff.user, now=moment)
        if index == 0 and market is not None and market.access.scope_for("read_reports").allows(unit_id=row.unit_id):
            decide_report(report_id=row.pk, returned=False, comment="分析到位", by=market, now=now)
