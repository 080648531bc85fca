"""Publish a bulletin, withdraw it, tick it off in a visit (CON-17, CON-26, CON-27)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text
from visits.choices import BulletinKind
from visits.models import Bulletin, BulletinDelivery, Visit
from visits.notices import BULLETIN_PUBLISHED
from visits.queries.bulletins import managers_to_tell

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "publish_bulletins"


def publish_bulletin(
    *,
    kind: str,
    title: str,
    body: str,
    query: str,
    condition: tuple[str, Sequence[object]],
    deadline_on: date,
    by: User,
    now: datetime,
) -> Bulletin:
    """Publish to the managers of the customers it concerns. `condition`: what `query` means, as SQL over c and s."""
    problems: list[FieldProblem] = []
    if kind not in BulletinKind.values:
        problems.append(FieldProblem("kind", "invalid_choice", _("This is not one of the choices.")))
    if deadline_on < timezone.localdate(now):
        problems.append(FieldProblem("deadline_on", "out_of_range", _("This day is over.")))
    if problems:
        raise Invalid(errors=problems)
    if not by.access.can(MAY):
        raise NotAllowed
    with write(by=by):
        row = Bulletin.objects.create(
            kind=kind, title=clean_text(title, field="title", max_length=60, blank=False),
            body=clean_text(body, field="body", max_length=2000, multiline=True), query=query, published_at=now,
            published_by=by, deadline_on=deadline_on,
        )  # fmt: skip
        params = {"title": row.title, "deadline": deadline_on.isoformat()}
        notify(
            (
                NoticeRow(user_id=user_id, kind=BULLETIN_PUBLISHED.kind, subject_table="visits_bulletin",
                          subject_id=row.pk, params=params, url=f"/bulletins/{row.pk}/")
                for user_id in managers_to_tell(condition)
            ),
            now,
        )  # fmt: skip
    return row


def withdraw_bulletin(*, bulletin_id: int, by: User, now: datetime) -> Bulletin:
    """It is no longer offered on the log sheet; what was passed on stays."""
    if not by.access.can(MAY):
        raise NotAllowed
    with write(by=by):
        row = Bulletin.objects.select_for_update().filter(pk=bulletin_id).first()
        if row is None:
            raise NotFound(_("There is no such bulletin."))
        if row.withdrawn_at is not None:
            raise Conflict(_("It was withdrawn already."), code="withdrawn")
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
    return row


def deliver(bulletin_ids: Iterable[int], visits: Sequence[Visit]) -> None:
    """Passed on in these visits; the first time counts (CON-26: speed is published → first delivery)."""
    BulletinDelivery.unscoped.bulk_create(
        (
            BulletinDelivery(bulletin_id=bulletin_id, customer_id=visit.customer_id, visit=visit,
                             staff_id=visit.staff_id, delivered_at=visit.occurred_at)
            for bulletin_id in bulletin_ids
            for visit in visits
        ),
        ignore_conflicts=True,
    )  # fmt: skip


def take_back(visit_ids: Sequence[int]) -> None:
    """The visit was undone: nothing was passed on in it."""
    BulletinDelivery.unscoped.filter(visit_id__in=visit_ids).delete()
