"""Who is told of a case, and how far up a major matter goes at once (PLAN-16)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from accounts.actions.escalations import escalate
from complaints.choices import CaseLevel
from complaints.models import Case
from complaints.queries.dispatched import ORIGIN as TABLE
from crm.core.notices import NoticeRow, notify

if TYPE_CHECKING:
    from crm.core.models import User


def tell(
    case: Case, kind: str, user_ids: tuple[int, ...], *, by: User | None, now: datetime, occasion: str = ""
) -> int:
    """A notice about a case for these people, except whoever did it."""
    params = {"number": case.number, "customer": case.customer.name, "kind": case.kind, "by": by.name if by else ""}
    rows = [
        NoticeRow(
            user_id=user_id, kind=kind, subject_table=TABLE, subject_id=case.pk, occasion=occasion, params=params,
            url=f"/cases/{case.pk}/", urgent=case.level != CaseLevel.ORDINARY,
        )
        for user_id in user_ids
        if by is None or user_id != by.pk
    ]  # fmt: skip
    return notify(rows, now) if rows else 0


def report_major(case: Case, *, by: User, now: datetime) -> None:
    """PLAN-16: instantly, to level 1, with its acknowledgement on record; one that is up already stays as it is."""
    escalate(
        customer_id=case.customer_id, origin_table=TABLE, origin_id=case.pk,
        subject=f"{case.number} {case.facts}"[:200].replace("\n", " "), reason=case.facts[:300].replace("\n", " "),
        by=by, now=now, system=True,
    )  # fmt: skip
