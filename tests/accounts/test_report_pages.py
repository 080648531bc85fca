"""Structure of the base and quality of the archive, on their page; exception lists by their filters."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Customer, PersonProfile, Standing
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
    context = page(client, f"/customers/structure/?by={by}").context
    assert sum(row["customers"] for row in context["rows"]) == context["total"] == 6
    for row in context["rows"]:
        if row["url"]:
            assert page(client, row["url"]).content.decode().count("data-record") == row["customers"], row["url"]


def test_a_report_by_industry_names_the_class(cast, as_user):
    """CUS-26: industry of group customers by the national classes."""
    Customer.unscoped.filter(pk=cast.customers["teammates"].pk).update(industry="C385")
    rows = page(as_user(cast.supervisor), "/customers/structure/?by=industry").context["rows"]
    assert any("制造业" in str(row["words"][0]) for row in rows), [row["words"] for row in rows]


def test_the_five_qualities_of_the_archive_are_on_the_report(cast, as_user):
    """CUS-13: true, accurate, complete, standard, secret: each of the five has a measurable field with its rows."""
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(phone="")
    client = as_user(cast.supervisor)
    answer = page(client, "/customers/archive-quality/")
    lines = answer.context["lines"]
    assert [line.code for line in lines] == ["true", "accurate", "complete", "standard", "secret"]
    for line in lines:
        rows = page(client, f"/customers/archive-quality/?quality={line.code}")
        assert len(rows.context["found"]) == line.failing, line.code
        assert CANARY not in rows.content.decode()
    assert "金满堂" in page(client, "/customers/archive-quality/?quality=accurate").content.decode()
    assert client.get("/customers/archive-quality/?quality=loud").status_code == 400
    assert client.get(f"/customers/archive-quality/?unit={cast.units['B'].pk}").status_code == 404


def test_the_top_fifth_is_named_with_manager_tier_and_last_contact(cast, as_user):
    """CUS-22: share of revenue from the top 20 %, and who they are; a unit can be chosen."""
    for key, spend in {"diamond": 800, "gold": 100, "silver": 50, "teammates": 30, "channel": 20}.items():
        Customer.unscoped.filter(pk=cast.customers[key].pk).update(monthly_spend=spend)
    Standing.unscoped.filter(customer=cast.customers["diamond"]).update(last_visit_on=date(2026, 11, 5))
    text = page(as_user(cast.supervisor), "/customers/structure/").content.decode()
    assert "80.0 %" in text and "钱多多" in text and "林晓" in text and "2026-11-05" in text and CANARY not in text
    hall = page(as_user(cast.director), f"/customers/structure/?unit={cast.units['A1'].pk}")
    assert hall.context["curve"].customers == 0 and hall.context["total"] == 0
    assert as_user(cast.supervisor).get("/customers/structure/?unit=x").status_code == 400


def test_the_team_shows_customers_per_manager_and_tier_mix(cast, as_user):
    """ORG-28: customers per manager and tier mix, each number with its rows."""
    client = as_user(cast.supervisor)
    team = page(client, "/customers/structure/").context["team"]
    assert [(row.name, row.customers) for row in team] == [("林晓", 3), ("周宁", 2)]
    assert [count for _tier, count, _url in team[0].tiers] == [1, 1, 1] and team[1].others == 2
    for row in team:
        assert page(client, row.url).content.decode().count("data-record") == row.customers
    for _tier, count, url in team[0].tiers:
        assert page(client, url).content.decode().count("data-record") == count


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
