"""Profile groups, archive files, completeness."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import actions
from accounts.actions.books import upsert
from accounts.actions.persons import ContactPersons
from accounts.choices import ContactRole
from accounts.models import (
    ContactPerson,
    Customer,
    CustomerFile,
    FamilyMember,
    GroupMember,
    JobChange,
    RelationshipStrength,
    RequiredField,
    Standing,
)
from accounts.queries import groups_without_leader, profile_fill, total_fill
from accounts.queries.customers import file_for, files_of, member_count, tenure_months
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.models import User

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of this test only."""
    settings.MEDIA_ROOT = tmp_path


def now(days=0):
    return timezone.make_aware(datetime(2026, 11, 18, 10)) + timedelta(days=days)


def person(cast, by="teammate", key="teammates", **more):
    return actions.save_contact_person(
        customer_id=cast.customers[key].pk, by=cast.users[by], now=now(), **{"values": {"name": "李主任"}, **more}
    )


def standing(cast, key):
    return Standing.unscoped.get(pk=cast.customers[key].pk).completeness


def policy(cast, kind, *fields):
    return actions.set_required_fields(kind=kind, fields=fields, by=cast.director, now=now())


def test_five_of_ten_required_fields_are_fifty_per_cent(cast):
    """CUS-9: completeness per group and in all, also in the list."""
    fields = ("phone", "joined_on", "sex", "birthday", "district", "sports", "personality", "preferred_channel",
              "employer", "occupation")  # fmt: skip
    policy(cast, "vip", *fields)
    assert standing(cast, "gold") == 20
    actions.update_customer(
        customer_id=cast.customers["gold"].pk, by=cast.manager, now=now(),
        changes={"sex": "female", "district": "城东", "sports": "太极"},
    )  # fmt: skip
    assert standing(cast, "gold") == 50
    groups = {group.group: group for group in profile_fill(Customer.unscoped.get(pk=cast.customers["gold"].pk), TODAY)}
    assert (groups["basic"].filled, groups["basic"].required, groups["basic"].per_cent) == (4, 5, 80)
    assert groups["basic"].missing == ("birthday",)
    assert groups["private"].per_cent == 0
    assert groups["contacts"].per_cent == 100
    assert total_fill(list(groups.values())) == 50


def test_a_new_required_field_lowers_completeness(cast):
    """CUS-27: headquarters makes "employer" required → completeness drops, also of those nobody touches."""
    policy(cast, "vip", "phone")
    assert (standing(cast, "gold"), standing(cast, "strangers")) == (100, 100)
    assert policy(cast, "vip", "phone", "employer") is True
    assert (standing(cast, "gold"), standing(cast, "strangers")) == (50, 50)
    assert RequiredField.objects.filter(kind="vip", field="birthday", effective_to=TODAY).exists()
    for wrong in ("password", "leader"):
        with pytest.raises(Invalid):
            policy(cast, "vip", wrong)
    with pytest.raises(NotAllowed):
        actions.set_required_fields(kind="vip", fields=[], by=cast.supervisor, now=now())


def test_contact_persons_count_in_the_completeness_of_a_group(cast):
    """CUS-9, CUS-24."""
    policy(cast, "group", "leader", "telecom_admin")
    assert standing(cast, "teammates") == 50
    person(cast, values={"name": "王工", "role": ContactRole.TELECOM_ADMIN})
    assert standing(cast, "teammates") == 100


def test_a_group_without_a_leader_is_on_the_exception_list(cast):
    """CUS-24."""
    scope = cast.supervisor.access.scope
    assert not groups_without_leader(scope)
    leader = ContactPerson.unscoped.get(customer=cast.customers["teammates"])
    actions.save_contact_person(person_id=leader.pk, values={"is_active": False}, by=cast.teammate, now=now())
    assert [row.pk for row in groups_without_leader(scope)] == [cast.customers["teammates"].pk]


def test_a_contact_person_is_added_and_changed_with_a_version(cast):
    """CUS-24: name, position, role, strength, birthday."""
    made = person(cast, values={"name": "李主任", "position": "主任", "role": "decision_maker", "relation_strength": 4})
    assert made.version == 1
    changed = person(cast, person_id=made.pk, values={"position": "局长"}, version=1)
    assert (changed.version, changed.position, changed.name) == (2, "局长", "李主任")
    assert person(cast, person_id=made.pk, values={"position": "局长"}, version=2).version == 2
    with pytest.raises(Conflict) as conflict:
        person(cast, person_id=made.pk, values={"position": "科长"}, version=1)
    assert (conflict.value.current["position"], conflict.value.current["version"]) == ("局长", 2)


def test_contact_persons_of_strangers_are_not_there(cast):
    """SEC-3."""
    theirs = ContactPerson.unscoped.get(customer=cast.customers["strangers"])
    with pytest.raises(NotFound):
        actions.save_contact_person(person_id=theirs.pk, values={"name": "x"}, by=cast.teammate, now=now())
    with pytest.raises(NotFound):
        person(cast, person_id=theirs.pk)
    with pytest.raises(Invalid):
        person(cast, by="manager", key="gold")


def test_members_are_counted(cast):
    """CUS-28: all and active ones; a line belongs to one group."""

    def member(number, state="active", **more):
        return actions.save_member(
            customer_id=cast.customers["teammates"].pk, values={"msisdn": number, "state": state}, by=cast.teammate,
            now=now(), **more,
        )  # fmt: skip

    first = member("13800000001")
    member("13800000002", "inactive")
    member("13800000001", "inactive", member_id=first.pk)
    count = member_count(cast.customers["teammates"].pk)
    assert (count.total, count.active) == (2, 0)
    with pytest.raises(Invalid):
        member("13800000002")
    actions.remove_member(member_id=first.pk, by=cast.teammate, now=now())
    assert member_count(cast.customers["teammates"].pk).total == 1


def test_the_archive_keeps_every_version_of_a_file(cast):
    """CUS-12, SEC-4: a scan of the contract; who may not see the customer may not have the file."""

    def add(title="合同"):
        upload = SimpleUploadedFile("合同.pdf", PDF, content_type="application/pdf")
        return actions.add_file(
            customer_id=cast.customers["gold"].pk, upload=upload, category="contract", title=title, by=cast.manager,
            now=now(),
        )  # fmt: skip

    add()
    second = add()
    assert [row.file_version for row in files_of(cast.manager.access.scope, cast.customers["gold"].pk)] == [2, 1]
    assert file_for(cast.supervisor.access.scope, second.pk).uploaded_by == cast.manager
    with pytest.raises(NotFound):
        file_for(cast.teammate.access.scope, second.pk)
    with pytest.raises(Invalid):
        add(title="")
    assert CustomerFile.unscoped.count() == 2


def test_the_strength_of_the_relation_is_judged_once_a_day(cast):
    """CON-33."""
    for strength in (2, 4):
        actions.judge_strength(customer_id=cast.customers["gold"].pk, strength=strength, by=cast.manager, now=now())
    assert RelationshipStrength.unscoped.get().strength == 4
    with pytest.raises(Invalid):
        actions.judge_strength(customer_id=cast.customers["gold"].pk, strength=6, by=cast.manager, now=now())


def test_the_licence_of_a_channel_customer(cast):
    """ORG-6."""
    row = actions.save_channel_profile(
        customer_id=cast.customers["channel"].pk, values={"licence_no": "L-1", "licence_until": "2027-01-01"},
        by=cast.teammate, now=now(),
    )  # fmt: skip
    assert row.licence_until == date(2027, 1, 1)
    with pytest.raises(Invalid):
        actions.save_channel_profile(
            customer_id=cast.customers["teammates"].pk, values={"licence_no": "x"}, by=cast.teammate, now=now()
        )


def test_tenure_ends_with_the_customer(cast):
    """CUS-25: computed from joined_on."""
    gold = cast.customers["gold"]
    assert tenure_months(gold, date(2026, 1, 1)) == 24
    gold.exited_on = date(2025, 1, 1)
    assert tenure_months(gold, date(2026, 1, 1)) == 12
    gold.joined_on = None
    assert tenure_months(gold, TODAY) is None


def test_whatever_of_a_profile_changes_moves_the_version_once_and_what_says_the_same_does_not(cast, by_deed):
    """sync-api: an ETag stands for all of the record; no part of a profile changes behind it."""
    for name, (key, deed, again) in by_deed.items():
        row = Customer.unscoped.filter(pk=cast.customers[key].pk)
        before = row.get().version
        deed()
        assert row.get().version == before + 1, name
        assert row.get().profile_updated_at == now() or name.endswith("external id"), name
        if again:
            deed()
            assert row.get().version == before + 1, f"{name} again"


@pytest.fixture
def by_deed(cast):
    """Every deed that changes a part of a profile: the customer, the deed, whether the same again says nothing new."""
    actions.grant_private(staff_id=cast.staff["manager"].pk, reason="VIP 服务", by=cast.supervisor, now=now())
    manager = User.objects.get(pk=cast.manager.pk)
    gold = {"customer_id": cast.customers["gold"].pk, "by": manager, "now": now()}
    group = {"customer_id": cast.customers["teammates"].pk, "by": cast.teammate, "now": now()}
    shop = {"customer_id": cast.customers["channel"].pk, "by": cast.teammate, "now": now()}
    upload = SimpleUploadedFile("合同.pdf", PDF, content_type="application/pdf")
    about = {"by": manager, "now": now()}

    def in_bulk():
        reach = cast.teammate.access.scope_for("edit_customers")
        book = ContactPersons(scope=reach, source="old", by=cast.teammate, now=now())
        return upsert(book, [{"external_id": "P1", "customer": group["customer_id"], "name": "赵"}])

    def consented():
        actions.save_private(values={"employer": "江城银行", "consent_on": TODAY}, **gold)

    return {
        "person": ("gold", lambda: actions.save_person_profile(values={"sports": "太极"}, **gold), True),
        "channel": ("channel", lambda: actions.save_channel_profile(values={"licence_no": "L-1"}, **shop), True),
        "contact person": ("teammates", lambda: actions.save_contact_person(values={"name": "李"}, **group), False),
        "contact persons in bulk": ("teammates", in_bulk, True),
        "member": ("teammates", lambda: actions.save_member(values={"msisdn": "13800000001"}, **group), False),
        "member gone": ("teammates", lambda: actions.remove_member(
            member_id=GroupMember.unscoped.get(msisdn="13800000001").pk, by=cast.teammate, now=now()), False),
        "file": ("gold", lambda: actions.add_file(upload=upload, category="contract", title="合同", **gold), False),
        "strength": ("gold", lambda: actions.judge_strength(strength=4, **gold), True),
        "private": ("gold", consented, True),
        "family": ("gold", lambda: actions.add_family_member(values={"relation": "子", "name": "小"}, **gold), False),
        "family gone": ("gold", lambda: actions.remove_family_member(
            member_id=FamilyMember.unscoped.get().pk, **about), False),
        "job": ("gold", lambda: actions.add_job_change(
            values={"changed_on": TODAY, "employer_after": "江"}, **gold), False),
        "job gone": ("gold", lambda: actions.remove_job_change(change_id=JobChange.unscoped.get().pk, **about), False),
        "external id": ("gold", lambda: actions.set_external_id(source="crm", external_id="7", **gold), True),
        "no external id": ("gold", lambda: actions.remove_external_id(source="crm", **gold), False),
    }  # fmt: skip
