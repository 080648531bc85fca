"""Units, staff, posts."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.choices import EmploymentForm, Grade, Role, UnitType
from accounts.models import Cover, Customer, Post, Staff, Unit
from accounts.queries import access_for, names
from accounts.queries.staff import (
    missing_qualifications,
    on_probation,
    posts_of,
    staff_for,
    unit_rows,
    units_without_handler,
)
from accounts.sweeps import probation_reminders
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest
from crm.core.models import Notice, Session, User

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


def now(days=0):
    return timezone.make_aware(datetime(2026, 11, 18, 10)) + timedelta(days=days)


def unit(cast, key=None, by="director", **values):
    return actions.save_unit(unit_id=cast.units[key].pk if key else None, values=values, by=cast.users[by], now=now())


def staff(cast, who=None, by="director", **values):
    return actions.save_staff(staff_id=cast.staff[who].pk if who else None, values=values, by=cast.users[by], now=now())


def path_of(cast, key):
    return Unit.unscoped.get(pk=cast.units[key].pk).path


def test_a_new_unit_hangs_in_the_tree(cast):
    """ORG-11."""
    made = unit(cast, code="A2", name="城东二厅", type=UnitType.HALL, parent_id=cast.units["A"].pk)
    assert made.path == f"{path_of(cast, 'A')}{made.pk}/"
    assert names.unit_name(made.pk) == "城东二厅"
    assert made.pk in access_for(cast.supervisor, TODAY).scope.unit_ids
    for wrong in ({"code": "A2"}, {"code": "Z", "type": "castle"}, {"code": "Z", "parent_id": 999999}):
        with pytest.raises(Invalid):
            unit(cast, **{"name": "x", "type": UnitType.HALL, "parent_id": cast.units["A"].pk, **wrong})


def test_a_moved_unit_takes_everything_below_along(cast):
    """ORG-11: a supervisor sees what hangs below him now."""
    unit(cast, "A", parent_id=cast.units["B"].pk)
    assert path_of(cast, "A1").startswith(path_of(cast, "A"))
    assert path_of(cast, "A").startswith(path_of(cast, "B"))
    seen = access_for(cast.stranger_supervisor, TODAY).scope.unit_ids
    assert {cast.units["A"].pk, cast.units["A1"].pk} <= set(seen)
    assert [row.code for row in unit_rows(cast.stranger_supervisor.access.scope)] == ["B", "A", "A1"]


@pytest.mark.parametrize("below", ["A", "A1"])
def test_a_unit_never_hangs_under_itself(cast, below):
    """ORG-11: no cycles."""
    with pytest.raises(Invalid) as refusal:
        unit(cast, "A", parent_id=cast.units[below].pk)
    assert refusal.value.code == "cycle"


def test_an_inhabited_unit_is_not_closed(cast):
    """Nothing is orphaned."""
    with pytest.raises(Invalid) as refusal:
        unit(cast, "A", is_active=False)
    assert refusal.value.code == "inhabited"
    assert unit(cast, "A1", is_active=False).version == 2


def test_units_without_a_complaint_handler_are_listed(cast):
    """ORG-18: a complaint there goes to the unit's head."""
    scope = cast.director.access.scope
    assert {row.code for row in units_without_handler(scope)} == {"A", "B"}
    unit(cast, "A", complaint_handler_id=cast.staff["handler"].pk)
    assert {row.code for row in units_without_handler(scope)} == {"B"}


def test_only_those_who_manage_units_and_staff_do(cast):
    """PLT-7."""
    with pytest.raises(NotAllowed):
        unit(cast, "A", by="supervisor", name="x")
    with pytest.raises(NotAllowed):
        staff(cast, "manager", by="supervisor", name="x")


def test_a_new_colleague_gets_a_user_and_three_months_of_probation(cast):
    """ORG-4, ORG-20, ORG-21: hired on 1 March, probation ends on 1 June; post level 3."""
    made = staff(
        cast, number="M3001", name="赵新", unit_id=cast.units["A"].pk, line="vip", grade=Grade.REPRESENTATIVE,
        hired_on="2026-03-01", supervisor_id=cast.staff["supervisor"].pk,
    )  # fmt: skip
    assert (made.user.username, made.user.name, made.pinyin, made.initials) == ("M3001", "赵新", "zhaoxin", "zx")
    assert (made.probation_ends_on, made.post_level, made.employment_form) == (date(2026, 6, 1), 3, EmploymentForm.OWN)
    assert not made.user.has_usable_password()
    assert not access_for(made.user, TODAY).abilities
    with pytest.raises(Invalid) as refusal:
        staff(cast, number="m3001", name="另一个", unit_id=cast.units["A"].pk)
    assert refusal.value.code == "taken"


def test_probation_is_reminded_of_once_fourteen_days_before(cast):
    """ORG-20: the supervisor and the trainee."""
    staff(cast, "manager", probation_ends_on="2026-12-02")
    assert probation_reminders(today=date(2026, 11, 17), now=now()) == 0
    assert probation_reminders(today=TODAY, now=now()) == 2
    assert probation_reminders(today=TODAY, now=now()) == 0
    assert probation_reminders(today=date(2026, 11, 20), now=now(2)) == 0
    assert set(Notice.objects.values_list("user_id", flat=True)) == {cast.manager.pk, cast.supervisor.pk}
    assert [row.pk for row in on_probation(cast.supervisor.access.scope, TODAY)] == [cast.staff["manager"].pk]


def test_a_supervisor_cannot_be_ones_own_subordinate(cast):
    """ORG-17: no cycles."""
    for boss in ("manager", "supervisor"):
        with pytest.raises(Invalid) as refusal:
            staff(cast, "supervisor", supervisor_id=cast.staff[boss].pk)
        assert refusal.value.code == "cycle"
    staff(cast, "supervisor", supervisor_id=cast.staff["director"].pk)


def test_the_staff_record_knows_nothing_of_body_or_age(cast):
    """ORG-25: no height, appearance, sex or age."""
    columns = {field.name for field in Staff._meta.get_fields()}
    assert not columns & {"sex", "gender", "height", "age", "birthday", "birth_date", "weight", "appearance", "photo"}
    with pytest.raises(Invalid) as refusal:
        staff(cast, "manager", height=158)
    assert refusal.value.errors[0].code == "unknown_field"


def test_a_changed_number_is_the_new_username(cast):
    """Decisions 21: username = staff number."""
    changed = staff(cast, "manager", number="M9001")
    assert User.objects.get(pk=changed.user_id).username == "M9001"
    assert names.staff_id_by_number("M9001") == changed.pk


def test_two_tabs_on_one_colleague(cast):
    """Bad input 33."""
    staff(cast, "manager", name="林晓晓")
    with pytest.raises(Conflict):
        actions.save_staff(
            staff_id=cast.staff["manager"].pk, values={"name": "x"}, version=1, by=cast.director, now=now()
        )


def test_a_manager_with_customers_is_not_deactivated(cast):
    """ORG-29: blocked until reassigned; then posts, cover, sign-in and sessions end."""

    def deactivate():
        return actions.deactivate_staff(staff_id=cast.staff["manager"].pk, by=cast.director, now=now())

    with pytest.raises(Invalid) as refusal:
        deactivate()
    assert (refusal.value.code, refusal.value.params["count"]) == ("has_customers", 3)
    actions.arrange_cover(
        absent_id=cast.staff["manager"].pk, substitute_id=cast.staff["teammate"].pk, starts_on=TODAY, ends_on=TODAY,
        by=cast.supervisor, now=now(),
    )  # fmt: skip
    Session.objects.create(
        session_key="k", session_data="", expire_date=now(1), user=cast.manager, started_at=now(), seen_at=now()
    )
    Customer.unscoped.filter(manager=cast.staff["manager"]).update(manager=None)
    deactivate()
    assert not User.objects.get(pk=cast.manager.pk).is_active
    assert not Session.objects.filter(user=cast.manager).exists()
    assert not Cover.unscoped.filter(cancelled_at=None).exists()
    assert not Post.unscoped.filter(staff=cast.staff["manager"], ends_on=None).exists()
    assert not access_for(cast.manager, TODAY).abilities
    deactivate()
    actions.reactivate_staff(staff_id=cast.staff["manager"].pk, by=cast.director, now=now())
    assert User.objects.get(pk=cast.manager.pk).is_active


def test_nobody_deactivates_himself_or_gives_himself_a_post(cast):
    """SEC-24."""
    with pytest.raises(OwnRequest):
        actions.deactivate_staff(staff_id=cast.staff["director"].pk, by=cast.director, now=now())
    with pytest.raises(OwnRequest):
        actions.save_post(
            staff_id=cast.staff["director"].pk, role=Role.SUPERVISOR, unit_id=cast.units["A"].pk, by=cast.director,
            now=now(),
        )  # fmt: skip


def post(cast, who, role, key="A", **more):
    return actions.save_post(
        staff_id=cast.staff[who].pk, role=role, unit_id=cast.units[key].pk, by=cast.director, now=now(), **more
    )


def test_a_person_may_hold_several_posts(cast):
    """Issue 2: one person in several units; the same post twice is one."""
    post(cast, "supervisor", Role.SUPERVISOR, "B")
    post(cast, "supervisor", Role.SUPERVISOR, "B")
    assert len(posts_of(cast.director.access.scope, cast.staff["supervisor"].pk)) == 2
    assert {cast.units["A"].pk, cast.units["B"].pk} <= set(access_for(cast.supervisor, TODAY).scope.unit_ids)
    for wrong in ({"role": "king"}, {"role": Role.MANAGER, "starts_on": TODAY, "ends_on": date(2026, 1, 1)}):
        with pytest.raises(Invalid):
            post(cast, "nobody", **wrong)


def test_a_hall_representative_is_a_manager_too(cast):
    """ORG-7: same role, line service_hall, a unit of type hall."""
    staff(cast, "nobody", line="service_hall", unit_id=cast.units["A1"].pk)
    post(cast, "nobody", Role.MANAGER, "A1")
    assert access_for(cast.nobody, TODAY).can("log_visits")


def test_the_last_post_as_manager_stays_while_there_are_customers(cast):
    """ORG-29."""
    row = Post.unscoped.get(staff=cast.staff["manager"])
    with pytest.raises(Invalid):
        actions.end_post(post_id=row.pk, ends_on=TODAY, by=cast.director, now=now())
    Customer.unscoped.filter(manager=cast.staff["manager"]).update(manager=None)
    assert actions.end_post(post_id=row.pk, ends_on=TODAY, by=cast.director, now=now()).ends_on == TODAY


def test_missing_and_expired_qualifications_show(cast):
    """ORG-27: a badge for who lacks a required one."""
    pk = cast.staff["manager"].pk
    for values in (
        {"kind": "education", "level": "本科"},
        {"kind": "computer", "level": "一级", "expires_on": "2026-01-01"},
    ):
        actions.save_qualification(staff_id=pk, values=values, by=cast.director, now=now())
    assert missing_qualifications([pk, cast.staff["teammate"].pk], TODAY) == {
        pk: ["computer"], cast.staff["teammate"].pk: ["education", "computer"],
    }  # fmt: skip


def test_the_first_director_stands_in_an_empty_house(db):
    """Decisions 21: `manage.py create_director`."""
    made = actions.create_director(username="D1", name="何总", password="Long-enough-1", now=now())
    assert made.user.check_password("Long-enough-1")
    access = access_for(made.user, TODAY)
    assert access.can("manage_staff") and access.scope.everything
    second = actions.create_director(username="D2", name="副总", password=None, now=now())
    assert second.unit == made.unit
    with pytest.raises(Invalid):
        actions.create_director(username="d1", name="x", password=None, now=now())


def test_a_colleague_outside_the_scope_is_not_there(cast):
    """SEC-3."""
    with pytest.raises(NotFound):
        staff_for(cast.supervisor.access.scope, cast.staff["stranger"].pk)
    assert staff_for(cast.supervisor.access.scope, cast.staff["manager"].pk).customer_count == 3
