"""Structure of the base and quality of the archive, on their page; exception lists by their filters."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Customer, PersonProfile
from tests.cast import CANARY

pytestmark = pytest.mark.django_db


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[-300:]
    return answer


@pytest.mark.parametrize("by", ["kind", "tier", "industry", "district", "value", "unit", "tenure", "band", "state"])
def test_the_structure_adds_up_and_every_number_is_its_list(cast, as_user, by):
    """CUS-15, CUS-26: counts add up to the total; a report by industry."""
    Customer.unscoped.filter(pk=cast.customers["teammates"].pk).update(industry="C385")
    client = as_user(cast.supervisor)
    context = page(client, f"/structure/?by={by}").context
    assert sum(row["customers"] for row in context["rows"]) == context["total"] == 6
    for row in context["rows"]:
        if row["url"]:
            assert page(client, row["url"]).content.decode().count("data-record") == row["customers"], row["url"]


def test_a_report_by_industry_names_the_class(cast, as_user):
    """CUS-26: industry of group customers by the national classes."""
    Customer.unscoped.filter(pk=cast.customers["teammates"].pk).update(industry="C385")
    rows = page(as_user(cast.supervisor), "/structure/?by=industry").context["rows"]
    assert any("制造业" in str(row["words"][0]) for row in rows), [row["words"] for row in rows]


def test_the_five_qualities_of_the_archive_are_on_the_report(cast, as_user):
    """CUS-13: true, accurate, complete, standard, secret: each of the five has a measurable field."""
    answer = page(as_user(cast.supervisor), "/structure/")
    assert len(answer.context["quality"]) == 5
    text = answer.content.decode()
    assert len(re.findall(r'<b class="num">\d+(\.\d)? %</b>', text)) == 5
    assert CANARY not in text


def test_every_kind_is_a_filter(cast, as_user):
    """ORG-2: group, VIP, channel, ordinary: each filter shows its own kind only."""
    names = {"group": "江城海尔电器有限公司", "vip": "金满堂", "channel": "城东手机卖场", "ordinary": "平常人"}
    client = as_user(cast.supervisor)
    for kind in names:
        text = page(client, f"/customers/?kind={kind}").content.decode()
        assert {other for other, name in names.items() if name in text} == {kind}


def test_a_target_list_by_sport_and_by_reward(cast, as_user):
    """CUS-7: targeting can filter by sport and by the preferred form of reward."""
    PersonProfile.unscoped.create(customer=cast.customers["gold"], sports="高尔夫", reward_preference="话费")
    PersonProfile.unscoped.create(customer=cast.customers["silver"], sports="羽毛球", reward_preference="礼品")
    client = as_user(cast.manager)
    for query in ("sport=高尔夫", "reward=话费"):
        text = page(client, f"/customers/?{query}").content.decode()
        assert "金满堂" in text
        assert "银小满" not in text


def test_profiles_nobody_touched_for_half_a_year_are_a_list(cast, as_user):
    """CUS-12: not updated for six months; CUS-27: what is incomplete is the maintenance list."""
    old = timezone.now() - timedelta(days=200)
    Customer.unscoped.filter(manager=cast.staff["manager"]).update(created_at=timezone.now(), profile_updated_at=None)
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(created_at=old)
    text = page(as_user(cast.manager), "/customers/?stale=1").content.decode()
    assert "金满堂" in text
    assert "钱多多" not in text


def test_headquarters_requires_a_field_and_the_page_shows_the_loss(cast, as_user):
    """CUS-27: "employer" becomes required → completeness drops on the customer's page and in his list."""
    director = as_user(cast.director)
    director.post("/settings/required-fields/?kind=vip", {"fields": ["phone"]})
    gold = f"/customers/{cast.customers['gold'].pk}/"
    assert "100%" in page(as_user(cast.manager), gold).content.decode()
    as_user(cast.director).post("/settings/required-fields/?kind=vip", {"fields": ["phone", "employer"]})
    text = page(as_user(cast.manager), gold).content.decode()
    assert "50%" in text
    assert "金满堂" in page(as_user(cast.manager), "/customers/?incomplete=1").content.decode()


def test_who_has_no_exclusive_sim_is_an_occasion_list(cast, as_user):
    """CUS-36: list filter "no exclusive SIM"."""
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(sim_kind="exclusive", sim_issued_on="2026-01-05")
    text = page(as_user(cast.manager), "/customers/?ordinary_sim=1").content.decode()
    assert "银小满" in text
    assert "金满堂" not in text
