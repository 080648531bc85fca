"""Remarks of supervisors (点评) and later notes of authors on visits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from crm.core import notices
from crm.core.db import write
from crm.core.errors import NotAllowed, NotFound, OwnRequest
from crm.core.scope import Scope
from crm.core.text import clean_text
from visits.models import Remark, Visit, VisitNote

if TYPE_CHECKING:
    from crm.core.models import User


def add_remark(*, visit_id: int, text: str, by: User, now: datetime) -> Remark:
    """A supervisor's remark on a visit, never on one's own; the author gets a notice."""
    text = clean_text(text, field="text", max_length=500, blank=False, multiline=True)
    visit = visible_visit(by.access.scope, visit_id)
    if by.pk in (visit.logged_by_id, visit.staff.user_id):
        raise OwnRequest(_("Nobody remarks on his own visit."))
    if not by.access.scope_for("remark").allows(unit_id=visit.customer.unit_id, manager_id=visit.customer.manager_id):
        raise NotAllowed
    with write(by=by):
        remark = Remark(visit=visit, text=text, by=by, at=now)
        remark.save(force_insert=True)
        notices.notify(
            [
                notices.NoticeRow(
                    user_id=visit.staff.user_id, kind="visit_remarked", subject_table="visits_visit",
                    subject_id=visit.pk, occasion=str(remark.pk), url=f"/visits/{visit.pk}/",
                    params={"customer": visit.customer.name, "by": by.name},
                )
            ],
            now=now,
        )  # fmt: skip
    return remark


def add_note(*, visit_id: int, text: str, by: User, now: datetime) -> VisitNote:
    """A later note on a record that can no longer be mended: by its author or whoever serves the customer."""
    text = clean_text(text, field="text", max_length=500, blank=False, multiline=True)
    visit = visible_visit(by.access.scope, visit_id)
    if by.pk != visit.logged_by_id and not by.access.scope_for("serve_customers").allows(
        unit_id=visit.customer.unit_id, manager_id=visit.customer.manager_id
    ):
        raise NotAllowed
    with write(by=by):
        note = VisitNote(visit=visit, text=text, by=by, at=now)
        note.save(force_insert=True)
    return note


def visible_visit(scope: Scope, visit_id: int) -> Visit:
    """A visit inside the scope, with customer and staff; otherwise it does not exist."""
    visit = Visit.visible_to(scope).select_related("customer", "staff").filter(pk=visit_id).first()
    if visit is None:
        raise NotFound(_("There is no such visit."))
    return visit
