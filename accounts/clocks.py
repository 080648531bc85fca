"""What runs on clocks of hours: dispatches nobody replied to, levels nobody answered (RET-13, CMP-24)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions.dispatches import TABLE
from accounts.actions.escalations import WAITING, escalate, reach, remind_top
from accounts.choices import EscalationState, Role, StepState
from accounts.models import Dispatch, EscalationStep
from accounts.queries import names
from accounts.queries.dispatches import ladder_of, late_to_report, late_without_level
from accounts.queries.staff import users_with_role
from accounts.rules.ladder import rung_above
from crm.core.notices import NoticeRow, notify
from crm.core.sweeps import sweep

BATCH = 500


@sweep("late_dispatches", label=_("Report up what other units did not reply to"))
def late_dispatches(*, today: date, now: datetime) -> int:
    """A dispatch past its deadline is reported up, once: the constraint on open escalations and the state see to it.

    One with nobody above holds up no other: it is told to the directors, and reported up once somebody is named.
    """
    _tell_of_stuck(today, now)
    done = 0
    for row in Dispatch.unscoped.filter(pk__in=late_to_report(now, BATCH)).order_by("reply_due_at"):
        reason = gettext("No reply to the dispatch by %(due)s.") % {
            "due": timezone.localtime(row.reply_due_at).strftime("%Y-%m-%d %H:%M")
        }
        made = escalate(
            customer_id=row.customer_id, origin_table=TABLE, origin_id=row.pk, subject=row.text[:200], reason=reason,
            by=None, now=now, system=True,
        )  # fmt: skip
        done += made is not None
    return done


def _tell_of_stuck(today: date, now: datetime) -> None:
    stuck = Dispatch.unscoped.filter(pk__in=late_without_level(now, BATCH)).select_related("customer")
    notify(
        (
            NoticeRow(
                user_id, "dispatch_stuck", TABLE, row.pk, "",
                {"customer": row.customer.name, "unit": names.unit_name(row.to_unit_id)}, f"/dispatches/{row.pk}/",
            )
            for row in stuck
            for user_id in users_with_role(Role.DIRECTOR, row.customer.unit_id, today)
        ),
        now,
    )  # fmt: skip


@sweep("late_escalations", label=_("Take what nobody answered one level up"))
def late_escalations(*, today: date, now: datetime) -> int:
    """RET-13: unanswered at a level after its limit → the next level is told; the highest is told again."""
    late = (
        EscalationStep.unscoped.select_for_update(of=("self",), skip_locked=True)
        .select_related("escalation__customer")
        .filter(state__in=WAITING, due_at__lte=now, escalation__state=EscalationState.OPEN)
    )
    done = 0
    for step in late.order_by("due_at")[:BATCH]:
        row = step.escalation
        rung = rung_above(ladder_of(row.customer_id, starter_staff_id=None), step.level)
        if rung is None:
            remind_top(step, now=now)
            done += 1
            continue
        EscalationStep.unscoped.filter(pk=step.pk).update(state=StepState.EXPIRED)
        reach(row, rung, row.customer.name, now=now)
        done += 1
    return done
