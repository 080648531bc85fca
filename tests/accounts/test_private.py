"""The private group, full phone numbers, and who may look."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.choices import EmploymentForm, Role
from accounts.models import FamilyMember, Post, PrivateGrant, PrivateProfile
from crm.core.errors import Invalid, LimitReached, NotAllowed, NotFound, OwnRequest
from crm.core.models import AccessLog, Change, User

pytestmark = pytest.mark.django_db
ID_NUMBER = "11010519491231002X"


def now(days=0):
    return timezone.make_aware(datetime(2026, 11, 18, 10)) + timedelta(days=days)


def again(user):
    """The same user with access asked anew."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def granted(cast):
    """The manager with a grant."""
    actions.grant_private(staff_id=cast.staff["manager"].pk, reason="VIP 服务", by=cast.supervisor, now=now())
    return again(cast.manager)


def save(cast, by, **values):
    return actions.save_private(customer_id=cast.customers["gold"].pk, values=values, by=by, now=now())


def reveal(cast, by, reason="办理业务", key="gold", at=None):
    return actions.reveal_private(customer_id=cast.customers[key].pk, reason=reason, by=by, now=at or now())


def test_a_look_needs_a_reason_and_leaves_a_row(cast, granted):
    """CUS-8: separate ability, each look logged with its reason."""
    save(cast, granted, employer="江城银行", id_number="11010519491231002x")
    view = reveal(cast, cast.supervisor, "核实身份")
    assert (view.values["employer"], view.values["id_number"], view.looks_left) == ("江城银行", ID_NUMBER, 29)
    row = AccessLog.objects.get(kind="look")
    assert (row.user, row.subject_id, row.reason) == (cast.supervisor, cast.customers["gold"].pk, "核实身份")
    with pytest.raises(Invalid):
        reveal(cast, cast.supervisor, " ")
    assert AccessLog.objects.filter(kind="look").count() == 1


@pytest.mark.parametrize(
    ("who", "error"),
    [("manager", NotAllowed), ("director", NotAllowed), ("handler", NotAllowed), ("stranger", NotFound)],
)
def test_who_may_not_look(cast, who, error):
    """CUS-8, 3.3: a manager without a grant neither."""
    with pytest.raises(error):
        reveal(cast, cast.users[who])
    assert not AccessLog.objects.filter(kind="look").exists()


def test_a_supervisor_looks_but_does_not_write(cast):
    """3.3: R (logged)."""
    with pytest.raises(NotAllowed):
        save(cast, cast.supervisor, employer="x")


def test_the_thirty_first_look_of_a_day_is_refused(cast):
    """Bad input 44: looks at numbers and private data are counted together, per person and day."""
    for index in range(30):
        deed = actions.reveal_phone if index % 2 else actions.reveal_private
        deed(customer_id=cast.customers["gold"].pk, reason="回访", by=cast.supervisor, now=now())
    with pytest.raises(LimitReached) as refusal:
        reveal(cast, cast.supervisor)
    assert (refusal.value.code, refusal.value.status) == ("reveal_limit", 429)
    assert reveal(cast, cast.supervisor, at=now(1)).looks_left == 29


def test_private_values_never_stand_in_the_change_log(cast, granted):
    """Decisions 15: only that the field changed, and a keyed digest."""
    save(cast, granted, id_number=ID_NUMBER, home_address="江城路 1 号", consent_on="2026-11-01")
    save(cast, granted, home_address="江城路 2 号")
    actions.add_family_member(
        customer_id=cast.customers["gold"].pk, values={"relation": "女儿", "name": "小满"}, by=granted, now=now()
    )
    logged = Change.objects.filter(tbl__in=("accounts_privateprofile", "accounts_familymember"))
    assert logged.count() == 3
    text = json.dumps(list(logged.values_list("before", "after")), ensure_ascii=False, default=str)
    for secret in (ID_NUMBER, "江城路", "小满", "女儿"):
        assert secret not in text
    assert "home_address" in text


def test_family_data_needs_recorded_consent(cast, granted):
    """Safety 1.5, PIPL: off by default; consent cannot be withdrawn over the data."""
    member = {"relation": "女儿", "name": "小满"}
    with pytest.raises(Invalid) as refusal:
        actions.add_family_member(customer_id=cast.customers["gold"].pk, values=member, by=granted, now=now())
    assert refusal.value.code == "consent_missing"
    with pytest.raises(Invalid):
        save(cast, granted, family_background="三代同堂")
    save(cast, granted, family_background="三代同堂", consent_on="2026-11-01", consent_note="当面同意")
    row = actions.add_family_member(customer_id=cast.customers["gold"].pk, values=member, by=granted, now=now())
    with pytest.raises(Invalid):
        save(cast, granted, consent_on=None, family_background="")
    actions.remove_family_member(member_id=row.pk, by=granted, now=now())
    assert save(cast, granted, consent_on=None, family_background="") == ["consent_on", "family_background"]
    assert not FamilyMember.unscoped.exists()


def test_job_changes_are_dated_rows(cast, granted):
    """CUS-8."""
    actions.add_job_change(
        customer_id=cast.customers["gold"].pk, values={"changed_on": "2026-05-01", "employer_after": "江城港"},
        by=granted, now=now(),
    )  # fmt: skip
    assert reveal(cast, granted).jobs[0].changed_on == date(2026, 5, 1)


def test_a_company_has_no_private_profile(cast):
    """CUS-8: persons only."""
    actions.grant_private(staff_id=cast.staff["teammate"].pk, reason="x", by=cast.supervisor, now=now())
    with pytest.raises(Invalid):
        actions.save_private(
            customer_id=cast.customers["teammates"].pk, values={"employer": "x"}, by=again(cast.teammate), now=now()
        )


def test_a_grant_is_given_by_the_supervisor_never_to_oneself_nor_to_outsourced_staff(cast):
    """Decisions 12, SEC-24, ORG-23."""

    def grant(who, by):
        return actions.grant_private(staff_id=cast.staff[who].pk, reason="VIP", by=cast.users[by], now=now())

    assert grant("manager", "supervisor").granted_by == cast.supervisor
    for who, by, error in (
        ("manager", "stranger_supervisor", NotFound),
        ("manager", "manager", OwnRequest),
        ("supervisor", "supervisor", OwnRequest),
        ("handler", "supervisor", Invalid),
    ):
        with pytest.raises(error):
            grant(who, by)
    cast.staff["teammate"].employment_form = EmploymentForm.OUTSOURCED
    cast.staff["teammate"].save()
    with pytest.raises(Invalid) as refusal:
        grant("teammate", "supervisor")
    assert refusal.value.code == "outsourced"
    actions.revoke_private(staff_id=cast.staff["manager"].pk, by=cast.supervisor, now=now())
    assert not PrivateGrant.unscoped.exists()


def test_outsourced_staff_never_see_a_full_number(cast):
    """ORG-23."""
    cast.staff["manager"].employment_form = EmploymentForm.OUTSOURCED
    cast.staff["manager"].save()
    with pytest.raises(NotAllowed):
        actions.reveal_phone(customer_id=cast.customers["gold"].pk, reason="x", by=again(cast.manager), now=now())


def test_a_phone_is_shown_with_a_reason_also_of_a_contact_person(cast):
    """Safety 1.5: reveal = POST + reason + audit."""
    person = cast.customers["teammates"].contact_persons.get()
    view = actions.reveal_phone(
        customer_id=cast.customers["teammates"].pk, person_id=person.pk, reason="回访", by=cast.supervisor, now=now()
    )
    assert (view.phone, view.looks_left) == (person.phone, 29)
    with pytest.raises(NotFound):
        actions.reveal_phone(
            customer_id=cast.customers["gold"].pk, person_id=person.pk, reason="回访", by=cast.supervisor, now=now()
        )


def test_a_substitute_does_not_inherit_the_grant(cast, granted):
    """3.3: own, if granted."""
    actions.arrange_cover(
        absent_id=cast.staff["manager"].pk, substitute_id=cast.staff["teammate"].pk,
        starts_on=timezone.localdate(), ends_on=timezone.localdate(), by=cast.supervisor, now=timezone.now(),
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        reveal(cast, again(cast.teammate))
    assert Post.unscoped.filter(role=Role.MANAGER).exists()
    assert not PrivateProfile.unscoped.exists()
