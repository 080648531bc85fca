"""Care (ENG-1, ENG-4): the weather of a district, a customer's journey, and the greeting that closes the task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts.choices import CareTopic, TaskKind
from accounts.models import Customer
from crm.core import parameters
from crm.core.db import write
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.scope import Scope
from crm.core.text import clean_text
from visits.models import Interruption, Trip, Visit, WeatherWarning
from visits.queries.catalogue import catalogue
from visits.rules.care import is_near

if TYPE_CHECKING:
    from crm.core.models import User

LONGEST_WARNING = timedelta(days=14)

_WEATHER = """
INSERT INTO accounts_task (kind, customer_id, staff_id, title, reason, due_on, shown_from, topic, origin_table,
  origin_id, state, created_at, created_by_id)
SELECT 'care', c.id, c.manager_id, '', %(text)s, %(ends_on)s, %(shown)s, 'weather', 'visits_weatherwarning', %(id)s,
  'open', %(now)s, %(by)s
FROM accounts_customer c LEFT JOIN accounts_tier r ON r.id = c.tier_id
WHERE c.district = %(district)s AND c.state = 'active' AND c.manager_id IS NOT NULL
  AND (c.is_important OR r.rank <= %(rank)s) AND {scope}
ON CONFLICT DO NOTHING
"""


def tell_weather(
    *, district: str, text: str, starts_on: date, ends_on: date, by: User, now: datetime
) -> tuple[WeatherWarning, int]:
    """ENG-1: a change of weather; the best tiers and important customers of the district get a word. Told twice: once.

    Answers the warning and how many tasks it made.
    """
    if not by.access.can("tell_weather"):
        raise NotAllowed
    district = clean_text(district, field="district", max_length=30, blank=False)
    text = clean_text(text, field="text", max_length=200, blank=False)
    today = timezone.localdate(now)
    if ends_on < starts_on or ends_on < today or ends_on > today + LONGEST_WARNING:
        raise Invalid(_("A warning ends between today and in two weeks."), code="out_of_range", field="ends_on")
    if starts_on < today - LONGEST_WARNING:
        raise Invalid(_("A warning begins within these two weeks."), code="out_of_range", field="starts_on")
    with write(by=by):
        warning, is_new = WeatherWarning.objects.get_or_create(
            district=district, starts_on=starts_on, text=text,
            defaults={"ends_on": ends_on, "by_id": by.pk, "at": now},
        )  # fmt: skip
        if not is_new:
            return warning, 0
        return warning, _weather_tasks(warning, max(today, starts_on), by=by, now=now)


def _weather_tasks(warning: WeatherWarning, shown: date, *, by: User, now: datetime) -> int:
    scope: Scope = by.access.scope_for("tell_weather")
    condition, bound = scope.sql("c")
    named = {f"scope{place}": value for place, value in enumerate(bound)}
    marks = tuple(f"%(scope{place})s" for place in range(len(bound)))
    sql = _WEATHER.replace("{scope}", condition % marks if marks else condition)
    values = {
        "text": warning.text, "ends_on": warning.ends_on, "shown": shown, "id": warning.pk, "now": now, "by": by.pk,
        "district": warning.district, "rank": int(parameters.value("care_weather_rank", shown)), **named,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def note_trip(
    *,
    customer_id: int,
    leaves_on: date,
    returns_on: date | None = None,
    destination: str = "",
    note: str = "",
    by: User,
    now: datetime,
) -> Trip:
    """ENG-1: a customer's trip note; wishes for the journey are due when he leaves. The same day is kept once."""
    destination = clean_text(destination, field="destination", max_length=50)
    note = clean_text(note, field="note", max_length=200)
    today = timezone.localdate(now)
    if not today <= leaves_on <= today + timedelta(days=366):
        raise Invalid(_("Choose today or a later day."), code="out_of_range", field="leaves_on")
    if returns_on is not None and returns_on < leaves_on:
        raise Invalid(_("The return comes after leaving."), code="out_of_range", field="returns_on")
    with write(by=by):
        customer = Customer.visible_to(by.access.scope_for("log_visits")).filter(pk=customer_id).first()
        if customer is None:
            raise NotFound
        trip, is_new = Trip.unscoped.get_or_create(
            customer=customer, leaves_on=leaves_on,
            defaults={"returns_on": returns_on, "destination": destination, "note": note, "by": by, "at": now},
        )  # fmt: skip
        if is_new and is_near(leaves_on, today) and customer.manager_id is not None:
            accounts.create_task(
                kind=TaskKind.CARE, customer_id=customer.pk, staff_id=customer.manager_id, due_on=leaves_on,
                shown_from=today, topic=CareTopic.TRAVEL, reason=destination, origin_table="visits_trip",
                origin_id=trip.pk, by=by, now=now,
            )  # fmt: skip
    return trip


# --- What logging does (settings.VISIT_FOLLOWERS, UNDO_FOLLOWERS)

_CLOSE = """
UPDATE accounts_task SET state = 'done', closed_at = %s, closed_by_id = %s
WHERE customer_id = ANY(%s) AND kind = 'care' AND topic <> '' AND state = 'open'
  AND coalesce(shown_from, due_on) <= %s
"""
_REOPEN = """
UPDATE accounts_task t SET state = 'open', closed_at = NULL, closed_by_id = NULL
FROM visits_visit v WHERE v.id = ANY(%s) AND t.customer_id = v.customer_id AND t.kind = 'care' AND t.topic <> ''
  AND t.state = 'done' AND t.closed_at = v.logged_at
"""


def close_care(*, visits: Sequence[Visit], today: date, now: datetime, by: User, **_more: Any) -> None:
    """ENG-4: a contact with the occasion "care" is the care record, its sentence the personal note."""
    known = catalogue()
    care = known.occasions.get("care")
    met = [
        visit.customer_id
        for visit in visits
        if care is not None and visit.occasion_id == care.id and known.outcomes_by_id[visit.outcome_id].is_effective
    ]
    if met:
        with connection.cursor() as cursor:
            cursor.execute(_CLOSE, [now, by.pk, met, today])


def reopen_care(*, visit_ids: Sequence[int], today: date, now: datetime, by: User) -> None:
    """The greeting was undone."""
    with connection.cursor() as cursor:
        cursor.execute(_REOPEN, [list(visit_ids)])


def follow_mend(*, visit: Visit, today: date, now: datetime, by: User) -> None:
    """The greeting is one, or is none any more; closed at the moment of the visit, as logging it would have."""
    reopen_care(visit_ids=[visit.pk], today=today, now=now, by=by)
    close_care(visits=[visit], today=today, now=visit.logged_at, by=by)


def note_interruption(visits: Sequence[Visit], *, reason: str, by: User, now: datetime) -> None:
    """SKL-9: tick and reason stand on the visit; in the transaction of the visit."""
    reason = clean_text(reason, field="reason", max_length=200)
    Interruption.unscoped.bulk_create(Interruption(visit=visit, reason=reason, by_id=by.pk, at=now) for visit in visits)


def forget_interruption(visit_ids: Sequence[int]) -> None:
    """With an undone visit its tick goes."""
    Interruption.unscoped.filter(visit_id__in=visit_ids).delete()
