"""Cover and leave."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.choices import LeaveKind
from accounts.models import Cover, Leave
from accounts.queries import access_for, manager_card
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.models import Notice

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


def now(days=0):
    return timezone.make_aware(datetime(2026, 11, 18, 10)) + timedelta(days=days)


def day(offset):
    return TODAY + timedelta(days=offset)


def arrange(cast, absent="manager", substitute="teammate", start=0, end=2, by="supervisor"):
    return actions.arrange_cover(
        absent_id=cast.staff[absent].pk, substitute_id=cast.staff[substitute].pk, starts_on=day(start),
        ends_on=day(end), reason="培训", by=cast.users[by], now=now(),
    )  # fmt: skip


def leave(cast, who="teammate", start=0, end=2, by=None):
    return actions.record_leave(
        staff_id=cast.staff[who].pk, kind=LeaveKind.SICK, starts_on=day(start), ends_on=day(end),
        by=cast.users[by or who], now=now(),
    )  # fmt: skip


def code_of(refusal):
    return refusal.value.code


def test_a_cover_lets_see_tells_both_and_ends_by_itself(cast):
    """Design 4: from–to; the customers stay the absent manager's."""
    preview = actions.preview_cover(
        absent_id=cast.staff["manager"].pk, substitute_id=cast.staff["teammate"].pk, starts_on=day(0), ends_on=day(2),
        by=cast.supervisor, now=now(),
    )  # fmt: skip
    assert (preview.customers, preview.own_customers) == (3, 2)
    assert not Cover.unscoped.exists()
    arrange(cast)
    gold = cast.customers["gold"]
    seen = [
        access_for(cast.teammate, day(offset)).scope.allows(unit_id=None, manager_id=gold.manager_id)
        for offset in (-1, 0, 2, 3)
    ]
    assert seen == [False, True, True, False]
    assert dict(Notice.objects.values_list("user_id", "kind")) == {
        cast.teammate.pk: "cover_arranged", cast.manager.pk: "covered_by",
    }  # fmt: skip
    card = manager_card(gold.manager_id, TODAY)
    assert (card.manager.name, card.substitute.name, card.backup.name) == ("林晓", "周宁", "周宁")


def test_nobody_is_covered_by_somebody_who_is_on_leave(cast):
    """Issue 2, bad input: cover to somebody who is himself away."""
    leave(cast, start=2, end=5)
    with pytest.raises(Invalid) as refusal:
        arrange(cast)
    assert code_of(refusal) == "substitute_away"
    arrange(cast, end=1)


def test_nobody_is_covered_by_somebody_who_is_covered(cast):
    """Issue 2, bad input: the substitute is himself away on cover."""
    arrange(cast, absent="teammate", substitute="supervisor", by="director")
    with pytest.raises(Invalid) as refusal:
        arrange(cast)
    assert code_of(refusal) == "substitute_away"


def test_two_covers_of_one_person_do_not_overlap(cast):
    """One substitute at a time; the next day is free."""
    arrange(cast)
    with pytest.raises(Invalid) as refusal:
        arrange(cast, substitute="supervisor", start=2, end=4)
    assert code_of(refusal) == "cover_overlaps"
    arrange(cast, substitute="supervisor", start=3, end=4)


def test_a_cover_of_the_absent_person_himself_is_not_passed_on(cast):
    """The chain is not followed, and the preview says so."""
    arrange(cast, absent="teammate", substitute="manager")
    preview = actions.preview_cover(
        absent_id=cast.staff["manager"].pk, substitute_id=cast.staff["supervisor"].pk, starts_on=day(0),
        ends_on=day(1), by=cast.supervisor, now=now(),
    )  # fmt: skip
    assert "周宁" in str(preview.warnings[0])


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"start": 2, "end": 1}, "out_of_order"),
        ({"start": -1}, "out_of_range"),
        ({"end": 200}, "out_of_range"),
        ({"start": 400, "end": 401}, "out_of_range"),
        ({"substitute": "manager"}, "same_person"),
    ],
)
def test_impossible_covers_are_refused(cast, more, code):
    """Safety 5."""
    with pytest.raises(Invalid) as refusal:
        arrange(cast, **more)
    assert code_of(refusal) == code


def test_only_the_own_supervisor_arranges_with_people_he_sees(cast):
    """PLT-7, SEC-3."""
    for more in ({"by": "manager"}, {"by": "stranger_supervisor"}, {"substitute": "stranger"}):
        with pytest.raises(NotFound):
            arrange(cast, **more)


def test_a_cover_can_be_cancelled(cast):
    """It ends at once; cancelling twice tells nobody twice."""
    cover = arrange(cast)
    for _time in range(2):
        actions.cancel_cover(cover_id=cover.pk, by=cast.supervisor, now=now(1))
    assert access_for(cast.teammate, day(1)).scope.manager_ids == (cast.staff["teammate"].pk,)
    assert Notice.objects.filter(kind="cover_cancelled").count() == 2
    arrange(cast, substitute="supervisor", start=1, end=2)


def test_a_substitute_who_reports_sick_is_noticed(cast):
    """The leave is recorded, the gap is said."""
    arrange(cast)
    absence = leave(cast, start=1, end=1)
    assert "林晓" in str(absence.warnings[0])


def test_leave_is_recorded_by_oneself_or_ones_supervisor(cast):
    """PLT-7."""
    leave(cast, by="supervisor")
    for by, error in (("stranger_supervisor", NotFound), ("manager", NotFound), ("market_manager", NotAllowed)):
        with pytest.raises(error):
            leave(cast, start=10, end=10, by=by)
    with pytest.raises(Invalid) as refusal:
        leave(cast, start=2, end=3)
    assert code_of(refusal) == "leave_overlaps"
    row = Leave.unscoped.get()
    with pytest.raises(Invalid):
        actions.cancel_leave(leave_id=row.pk, by=cast.teammate, now=now(9))
    actions.cancel_leave(leave_id=row.pk, by=cast.teammate, now=now())
    assert not Leave.unscoped.exists()
