"""Reviewing plans and work logs (PLAN-4): approve, or return with a remark; the rest together; never one's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from crm.core import notices
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest
from crm.core.text import clean_text
from visits.choices import ReviewDecision, ReviewState
from visits.models import DayLog, Plan, Review
from visits.queries.journal.reviews import QueueItem, queue
from visits.queries.review_sql import LOG, PLAN

if TYPE_CHECKING:
    from crm.core.models import User

Work = DayLog | Plan


def review_work(*, kind: str, number: int, decision: str, remark: str = "", by: User, now: datetime) -> Review:
    """Read and found in order, or returned with a remark: its author hears of it."""
    if decision not in ReviewDecision.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="decision")
    is_returned = decision == ReviewDecision.RETURNED
    remark = clean_text(remark, field="remark", max_length=500, blank=not is_returned, multiline=True)
    with write(by=by):
        work = _work(kind, number, by)
        if (kind, number) not in {(item.kind, item.id) for item in _waiting(by, work.staff_id)}:
            raise Conflict(_("This has been reviewed already."), code="reviewed")
        review = _record([work], decision, remark, by=by, now=now)[0]
        if is_returned:
            _tell(work, review, by=by, now=now)
    return review


def review_rest(*, chosen: Sequence[tuple[str, int]], by: User, now: datetime) -> int:
    """The rest reviewed together: only what is neither remarkable nor drawn; answers how many there were.

    What has changed since the page was shown is left for reading one by one.
    """
    with write(by=by):
        works = [_work(kind, number, by) for kind, number in sorted(set(chosen))]
        rest = {(item.kind, item.id) for item in _waiting(by) if item.is_rest}
        together = [work for work in works if (_kind(work), work.pk) in rest]
        _record(together, ReviewDecision.APPROVED, "", by=by, now=now, is_together=True)
    return len(together)


def _kind(work: Work) -> str:
    return LOG if isinstance(work, DayLog) else PLAN


def _waiting(by: User, staff_id: int | None = None) -> Iterable[QueueItem]:
    return queue(by.access, staff_id=staff_id).items


def _work(kind: str, number: int, by: User) -> Work:
    """The piece of work, locked; 404 invisible, 403 visible but not his to review, or his own (SEC-24)."""
    access = by.access
    found: Work | None = None
    if kind == LOG:
        logs = DayLog.unscoped.select_for_update(of=("self",)).select_related("staff")
        found = logs.filter(pk=number).first()
    elif kind == PLAN:
        plans = Plan.unscoped.select_for_update(of=("self",)).select_related("staff")
        found = plans.filter(pk=number).first()
    where = {"unit_id": found.staff.unit_id, "manager_id": found.staff_id} if found else {}
    people = access.scope_for("serve_customers").union(access.scope_for("view_team"), access.scope_for("review_work"))
    if found is None or not people.allows(**where):
        raise NotFound(_("There is no such work to review."))
    if found.staff.user_id == by.pk:
        raise OwnRequest(_("Nobody reviews his own work."))
    if not access.scope_for("review_work").allows(**where):
        raise NotAllowed
    return found


def _record(
    works: Sequence[Work], decision: str, remark: str, *, by: User, now: datetime, is_together: bool = False
) -> list[Review]:
    reviews = Review.unscoped.bulk_create(
        Review(
            staff_id=work.staff_id, day_log=work if isinstance(work, DayLog) else None,
            plan=work if isinstance(work, Plan) else None, decision=decision, remark=remark, is_together=is_together,
            by=by, at=now,
        )
        for work in works
    )  # fmt: skip
    state = ReviewState.RETURNED if decision == ReviewDecision.RETURNED else ReviewState.APPROVED
    ids = [work.pk for work in works if isinstance(work, DayLog)]
    DayLog.unscoped.filter(pk__in=ids).update(review_state=state)
    return reviews


def _tell(work: Work, review: Review, *, by: User, now: datetime) -> None:
    """Returned work goes back to its author, with the remark (PLAN-4)."""
    is_log = isinstance(work, DayLog)
    day = work.on if isinstance(work, DayLog) else work.starts_on
    url = f"/journal/{work.staff_id}/{day.isoformat()}/" if is_log else f"/plan/?on={day.isoformat()}"
    if isinstance(work, Plan) and work.period != "week":
        url += f"&period={work.period}"
    notices.notify(
        [
            notices.NoticeRow(
                user_id=work.staff.user_id, kind="log_returned" if is_log else "plan_returned",
                subject_table="visits_review", subject_id=review.pk, url=url,
                params={"by": by.name, "day": day.isoformat(), "remark": review.remark},
            )
        ],
        now=now,
    )  # fmt: skip
