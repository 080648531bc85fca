"""The plan page: whose plan, which period, what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.scope import Scope
from crm.core.ui import mark
from visits.choices import PlanPeriod, PlanState
from visits.models import Plan, PlanFeed
from visits.queries.plans.board import Board, board_of
from visits.queries.plans.long import LongPlan, long_plan
from visits.rules.plans import is_late, neighbour, period_last, period_start, weeks_to_draft

# ti-pencil ti-circle-check ti-robot ti-clock-exclamation
STATES = {
    PlanState.DRAFT: ("soon", "pencil"),
    PlanState.ACCEPTED: ("met", "circle-check"),
    PlanState.SYSTEM: ("", "robot"),
}
AHEAD = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class PlanWanted:
    """What the address asks for."""

    period: str = PlanPeriod.WEEK
    on: date | None = None
    staff_id: int | None = None


@dataclass(slots=True)
class PlanPage:
    """Everything the page shows, whatever the period."""

    period: str
    starts_on: date
    title: str
    owner: str
    staff_id: int
    is_own: bool
    can_edit: bool
    can_accept: bool
    can_draft: bool
    state: SafeString | str
    state_code: str
    late_text: str
    before_url: str
    after_url: str
    now_url: str
    periods: list[tuple[str, str, bool]]
    urls: dict[str, str]
    here: str
    plan: Plan | None = None
    board: Board | None = None
    long: LongPlan | None = None
    month_focus: str = ""
    has_begun: bool = False
    has_feed: bool = False


def viewers_scope(access: Access) -> Scope:
    """Whose plans somebody may read: his own, of whom he covers, of his team."""
    return access.scope_for("plan_week").union(access.scope_for("view_team"))


def plan_page(access: Access, asked: PlanWanted, *, now: datetime) -> PlanPage | None:
    """One plan; None for somebody without a plan of his own who asks for none: he has the team's."""
    today = timezone.localdate(now)
    staff_id = asked.staff_id or (access.staff_id if access.can("plan_week") else None)
    if staff_id is None:
        return None
    _refuse_stranger(access, staff_id)
    is_own = staff_id == access.staff_id
    starts_on, plan, month = _find(access, asked, staff_id, is_own=is_own, now=now)
    last = period_last(asked.period, starts_on)
    mine = access.scope_for("plan_week").allows(unit_id=None, manager_id=staff_id)
    can_edit = mine and plan is not None and last >= today
    of = None if is_own else staff_id
    page = PlanPage(
        period=asked.period, starts_on=starts_on, title=period_words(asked.period, starts_on),
        owner=names.staff_name(staff_id), staff_id=staff_id, is_own=is_own, can_edit=can_edit,
        can_accept=can_edit and plan is not None and plan.state != PlanState.ACCEPTED,
        can_draft=mine and plan is None and last >= today and starts_on <= today + AHEAD and asked.period == "week",
        state="", state_code="", late_text="",
        before_url=plan_url(asked.period, neighbour(asked.period, starts_on, -1), of),
        after_url=plan_url(asked.period, neighbour(asked.period, starts_on, 1), of),
        now_url=plan_url(asked.period, period_start(asked.period, today), of),
        periods=[
            (str(label), plan_url(code, period_start(code, starts_on), of), code == asked.period)
            for code, label in PlanPeriod.choices
        ],
        urls={}, has_begun=starts_on <= today, here=plan_url(asked.period, starts_on, of),
        month_focus=month.focus if month is not None else "",
    )  # fmt: skip
    if plan is not None:
        _fill(page, plan, access, today=today)
    if is_own and asked.period == "week":
        page.has_feed = PlanFeed.unscoped.filter(staff_id=staff_id).exists()
    return page


def _refuse_stranger(access: Access, staff_id: int) -> None:
    card = names.staff_card(staff_id)
    if card is None or not viewers_scope(access).allows(unit_id=card.unit_id, manager_id=staff_id):
        raise NotFound


def _find(
    access: Access, asked: PlanWanted, staff_id: int, *, is_own: bool, now: datetime
) -> tuple[date, Plan | None, Plan | None]:
    """The period's first day, its plan, and the month's plan that a week belongs to; from Friday the next week."""
    today = timezone.localdate(now)
    starts = [period_start(asked.period, asked.on or today)]
    if asked.period == "week" and asked.on is None and is_own:
        starts = weeks_to_draft(timezone.localtime(now))
    rows = Plan.visible_to(viewers_scope(access)).select_related("staff").filter(staff_id=staff_id)
    month_on = period_start("month", starts[-1] + timedelta(days=3))
    wanted = {(asked.period, start) for start in starts} | {("month", month_on)}
    found = {
        (plan.period, plan.starts_on): plan
        for plan in rows.filter(period__in={period for period, _on in wanted}, starts_on__in={on for _p, on in wanted})
    }
    chosen = starts[0]
    if len(starts) > 1:
        following = found.get(("week", starts[1]))
        if following is not None and following.state == PlanState.DRAFT:
            chosen = starts[1]
    month = found.get(("month", month_on)) if asked.period == "week" else None
    return chosen, found.get((asked.period, chosen)), month


def _fill(page: PlanPage, plan: Plan, access: Access, *, today: date) -> None:
    page.plan = plan
    page.state_code = plan.state
    page.state = mark(str(PlanState(plan.state).label), *STATES[PlanState(plan.state)])
    accepted_on = timezone.localdate(plan.accepted_at) if plan.accepted_at else None
    if (
        plan.period == "week"
        and accepted_on is not None
        and is_late(accepted_on, plan.starts_on, timezone.localdate(plan.drafted_at))
    ):
        page.late_text = _("accepted late, on %(day)s") % {"day": date_format(accepted_on, "MONTH_DAY_FORMAT")}
    page.urls = {
        name: reverse(f"visits:plan_{name}", args=[plan.pk])
        for name in ("accept", "focus", "relevel", "print", "item_add")
    }
    if plan.period == "week":
        page.board = board_of(access.scope, plan, today=today, can_edit=page.can_edit, viewer_id=access.staff_id)
    else:
        page.long = long_plan(access.scope, plan, today=today, can_edit=page.can_edit)


def plan_url(period: str, on: date, staff_id: int | None = None) -> str:
    """The address of a plan."""
    asked = {} if period == "week" else {"period": period}
    more = {} if staff_id is None else {"staff": staff_id}
    return f"{reverse('visits:plan')}?{urlencode({**asked, 'on': on.isoformat(), **more})}"


def period_words(period: str, starts_on: date) -> str:
    """「11月16日 – 11月22日」「2026年11月」「2026年」."""
    if period == "month":
        return date_format(starts_on, "YEAR_MONTH_FORMAT")
    if period == "year":
        return _("Year %(n)d") % {"n": starts_on.year}
    last = period_last("week", starts_on)
    return f"{date_format(starts_on, 'MONTH_DAY_FORMAT')} – {date_format(last, 'MONTH_DAY_FORMAT')}"
