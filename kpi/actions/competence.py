"""The yearly review of the seven requirements of the post (ORG-26)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_staff
from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, refuse_own
from crm.core.text import clean_text
from kpi.models import CompetencyReview
from kpi.queries.competence import ITEMS

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "review_competence"


def review_competence(
    *, staff_id: int, year: int, levels: Mapping[str, int], remark: str = "", version: int = 0, by: User, now: datetime
) -> CompetencyReview:
    """ORG-26: seven items from 1 to 5, once a year; it may be mended within the year. Nobody reviews himself."""
    today = timezone.localdate(now)
    remark = clean_text(remark, field="remark", max_length=500, multiline=True)
    if not today.year - 1 <= year <= today.year:
        raise Invalid(_("A review is written for this year or the last."), code="out_of_range", field="year")
    wrong = [name for name in ITEMS if levels.get(name) not in range(1, 6)]
    if wrong:
        raise Invalid(errors=[FieldProblem(name, "out_of_range", _("Choose a level from 1 to 5.")) for name in wrong])
    with write(by=by):
        staff = the_staff(by, staff_id, MAY)
        refuse_own(by.pk, staff.user_id)
        row = CompetencyReview.unscoped.select_for_update().filter(staff=staff, year=year).first()
        if (row.version if row else 0) != version:
            raise Conflict
        row = row or CompetencyReview(staff=staff, year=year, version=0)
        for name in ITEMS:
            setattr(row, name, levels[name])
        row.remark, row.reviewed_by, row.reviewed_at, row.version = remark, by, now, row.version + 1
        row.save()
    return row
