"""`customers/{id}/profile` (CUS-6…8): profile groups by scope, the private one by its own, each look logged."""

import pytest

from accounts.models import ChannelProfile, FamilyMember, JobChange, PersonProfile, PrivateProfile
from crm.core.db import write
from crm.core.models import AccessLog

pytestmark = pytest.mark.django_db
SECRET = "江城路七号"


@pytest.fixture
def address(cast):
    gold = cast.customers["gold"]
    with write(label="test"):
        PersonProfile.unscoped.update_or_create(customer=gold, defaults={"birthday": "1980-03-02", "sports": "羽毛球"})
        PrivateProfile.unscoped.create(customer=gold, home_address=SECRET, consent_on="2026-01-02")
        FamilyMember.unscoped.create(customer=gold, relation="妻", name="小乔", birthday="1982-01-01")
        JobChange.unscoped.create(customer=gold, changed_on="2025-01-01", employer_before="甲", employer_after="乙")
        ChannelProfile.unscoped.create(customer=cast.customers["channel"], licence_no="L-7")
    return f"/api/v1/customers/{gold.pk}/profile"


def looks():
    return list(AccessLog.objects.filter(kind="look").values_list("subject_id", "detail__door"))


def test_without_the_scope_only_the_names_of_private_fields_are_told(billing, as_user, address, cast):
    """CUS-8: neither a client nor a person's session gets anything of it here, and nothing is logged."""
    for who in ("", "manager", "supervisor"):
        answer = (as_user(getattr(cast, who)) if who else billing).get(address)
        assert (answer.status_code, answer.json()["person"]["sports"]) == (200, "羽毛球")
        private = answer.json()["private"]
        assert private == {
            "is_masked": True, "filled": ["home_address", "consent_on"], "values": None, "family": None, "jobs": None,
        }  # fmt: skip
        assert not any(word in answer.content.decode() for word in (SECRET, "小乔", "甲"))
    assert looks() == []
    other = billing.get(f"/api/v1/customers/{cast.customers['channel'].pk}/profile").json()
    assert (other["person"], other["channel"]["licence_no"]) == (None, "L-7")


def test_with_the_scope_it_is_given_and_each_look_is_logged(make_client, address, cast):
    """Sync-api: never unless the token has the scope, and each such read is logged, an answer 304 too."""
    gold = cast.customers["gold"]
    caller = make_client("analysts", scopes=["customers:read", "private:read"])
    answer = caller.get(address)
    private = answer.json()["private"]
    assert (private["is_masked"], private["values"]["home_address"]) == (False, SECRET)
    assert [member["name"] for member in private["family"]] == ["小乔"]
    assert [job["employer_after"] for job in private["jobs"]] == ["乙"]
    assert caller.get(address, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert looks() == [(gold.pk, "api")] * 2
    stranger = make_client("narrow", "B", ["customers:read", "private:read"])
    assert stranger.get(address).status_code == 404
    assert make_client("locked", scopes=["private:read"]).get(address).status_code == 403
    assert len(looks()) == 2
