"""What a user may see and do today."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.choices import EmploymentForm, Role
from accounts.models import Cover, Post, PrivateGrant
from accounts.queries import access_for
from accounts.rules import ROLE_ABILITIES
from crm.core.scope import Scope

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


def cover(cast, absent, substitute, starts_on, ends_on, **more):
    return Cover.unscoped.create(
        absent=cast.staff[absent],
        substitute=cast.staff[substitute],
        starts_on=starts_on,
        ends_on=ends_on,
        arranged_by=cast.supervisor,
        arranged_at=timezone.now(),
        **more,
    )


def test_every_role_of_the_matrix_has_its_row(cast):
    """PLT-7: nobody gets an ability from a role the table does not know."""
    assert set(ROLE_ABILITIES) == set(Role)
    for role in Role:
        for post in Post.unscoped.filter(role=role).select_related("staff__user"):
            access = access_for(post.staff.user, TODAY)
            assert access.abilities == ROLE_ABILITIES[role], role
            assert access.roles == {role}


def test_a_manager_sees_his_own_customers_only(cast):
    """SEC-3."""
    access = access_for(cast.manager, TODAY)
    assert access.scope == Scope(manager_ids=(cast.staff["manager"].pk,))
    assert not access.can("assign_customers")
    assert access.scope_for("assign_customers") == Scope.NOTHING


def test_a_branch_supervisor_sees_his_own_subtree(cast):
    """ORG-11."""
    access = access_for(cast.supervisor, TODAY)
    assert set(access.scope.unit_ids) == {cast.units["A"].pk, cast.units["A1"].pk}
    assert not access.can("edit_customers")


def test_the_director_sees_everything_but_no_private_profile(cast):
    """PLT-7: the matrix gives the private profile to supervisors and to managers with a grant only."""
    access = access_for(cast.director, TODAY)
    assert access.scope == Scope.ALL
    assert not access.can("view_private_profile")


def test_each_ability_is_scoped_by_the_posts_that_carry_it(cast):
    """Decisions 12: a supervisor in A who handles complaints in B judges only in A."""
    Post.unscoped.create(staff=cast.staff["supervisor"], role=Role.COMPLAINT_HANDLER, unit=cast.units["B"])
    access = access_for(cast.supervisor, TODAY)
    assert cast.units["B"].pk in access.scope.unit_ids
    assert cast.units["B"].pk not in access.scope_for("decide_excuses").unit_ids


def test_a_substitute_sees_only_while_he_covers(cast):
    """Decisions 12: B角 sees only while covering; the cover ends by itself."""
    cover(cast, "manager", "teammate", TODAY, TODAY + timedelta(days=2))
    both = tuple(sorted((cast.staff["manager"].pk, cast.staff["teammate"].pk)))
    assert access_for(cast.teammate, TODAY).scope.manager_ids == both
    assert access_for(cast.teammate, TODAY + timedelta(days=2)).scope.manager_ids == both
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=3)):
        assert access_for(cast.teammate, day).scope.manager_ids == (cast.staff["teammate"].pk,)


def test_a_cancelled_cover_shows_nothing_and_chains_are_not_followed(cast):
    """Cover (代管): one step only."""
    cover(cast, "manager", "teammate", TODAY, TODAY)
    cover(cast, "teammate", "stranger", TODAY, TODAY)
    cover(cast, "stranger", "manager", TODAY, TODAY, cancelled_at=timezone.now())
    assert cast.staff["manager"].pk not in access_for(cast.stranger, TODAY).scope.manager_ids
    assert access_for(cast.manager, TODAY).scope.manager_ids == (cast.staff["manager"].pk,)


def test_who_covers_a_supervisor_decides_for_him_but_looks_at_no_private_profile(cast):
    """Design 4: approvals have a deputy."""
    cover(cast, "supervisor", "teammate", TODAY, TODAY)
    access = access_for(cast.teammate, TODAY)
    assert access.can("decide_excuses")
    assert set(access.scope_for("decide_excuses").unit_ids) == {cast.units["A"].pk, cast.units["A1"].pk}
    assert not access.can("view_private_profile")
    assert not access.can("assign_customers")
    assert access.scope_for("log_visits").manager_ids == (cast.staff["teammate"].pk,)
    assert access.roles == {Role.MANAGER}


def test_private_profiles_of_his_own_need_a_grant(cast):
    """CUS-8, decisions 12: own customers, if granted; not those he covers."""
    assert not access_for(cast.manager, TODAY).can("view_private_profile")
    PrivateGrant.unscoped.create(
        staff=cast.staff["manager"], granted_by=cast.supervisor, granted_at=timezone.now(), reason="VIP"
    )
    cover(cast, "teammate", "manager", TODAY, TODAY)
    access = access_for(cast.manager, TODAY)
    assert access.scope_for("view_private_profile") == Scope(manager_ids=(cast.staff["manager"].pk,))
    assert cast.staff["teammate"].pk in access.scope.manager_ids


def test_outsourced_staff_have_neither_full_phone_nor_private_profile(cast):
    """ORG-23, ORG-31: whatever the grant says."""
    PrivateGrant.unscoped.create(
        staff=cast.staff["manager"], granted_by=cast.supervisor, granted_at=timezone.now(), reason="VIP"
    )
    staff = cast.staff["manager"]
    staff.employment_form = EmploymentForm.OUTSOURCED
    staff.save()
    access = access_for(cast.manager, TODAY)
    assert not access.can_any("reveal_phone", "view_private_profile")
    assert access.can("log_visits")


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "holds"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + timedelta(days=1), None, False),
        (None, TODAY - timedelta(days=1), False),
    ],
)
def test_a_post_holds_between_its_dates(cast, starts_on, ends_on, holds):
    """PLT-7."""
    Post.unscoped.filter(staff=cast.staff["supervisor"]).update(starts_on=starts_on, ends_on=ends_on)
    assert access_for(cast.supervisor, TODAY).can("view_team") is holds


def test_nobody_without_a_staff_row_or_an_active_one_may_do_anything(cast):
    """PLT-7: deny by default."""
    staff = cast.staff["director"]
    staff.is_active = False
    staff.save()
    assert not access_for(cast.director, TODAY).abilities
    assert not access_for(cast.nobody, TODAY).abilities


def test_the_whole_answer_is_one_statement(cast, django_assert_num_queries):
    """Budget: asked on every request."""
    with django_assert_num_queries(1):
        access_for(cast.supervisor, TODAY)
