"""What the page of a colleague is given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from accounts.forms.organisation import LeaveForm, PostForm, QualificationForm, StaffForm
from accounts.models import Staff
from accounts.queries import portfolio
from accounts.queries import staff as people
from crm.core.abilities import Access

LEAVE_SHOWN = timedelta(days=90)


def staff_context(access: Access, member: Staff, today: date) -> dict[str, Any]:
    """Record, posts, qualifications, leave and cover, with an empty form for each."""
    scope = access.scope_for("manage_staff").union(access.scope_for("view_team"))
    leaves = portfolio.leaves(scope, since=today - LEAVE_SHOWN)
    covers = portfolio.covers(scope, since=today)
    return {
        "member": member,
        "form": StaffForm(scope=scope, staff=member),
        "post_form": PostForm(scope=scope),
        "qualification_form": QualificationForm(),
        "leave_form": LeaveForm(),
        "posts": people.posts_of(scope, member.pk),
        "qualifications": people.qualifications_of(scope, member.pk),
        "leaves": [row for row in leaves if row.staff_id == member.pk],
        "covers": [row for row in covers if member.pk in (row.absent_id, row.substitute_id)],
        "can_manage": access.can("manage_staff"),
        "can_grant": access.can_any("manage_staff", "view_private_profile"),
        "today": today,
    }
