"""Every list of the API: strict parameters (bad inputs 1-16), keyset pages, nothing of another subtree (SEC-3)."""

import pytest
from django.utils import timezone

from accounts.models import ContactPerson, Standing
from tests.cast import CANARY
from tests.visits.desk import owe, sheet
from visits.actions import log_visit

pytestmark = pytest.mark.django_db
LISTS = ("customers", "contact-persons", "visits", "duties", "units", "staff", "tiers")
PAGED = LISTS[:-1]


@pytest.fixture
def full(cast):
    """Something of everything, on both sides of the fence; the stranger's rows hold the canary."""
    now = timezone.now()
    for key, who in (("gold", "manager"), ("silver", "manager"), ("teammates", "teammate"), ("strangers", "stranger")):
        customer = cast.customers[key]
        mark = CANARY if key == "strangers" else "家常"
        owe(customer)
        values = {
            "content": f"{mark}内容",
            "result": f"{mark}结果",
            "place": f"{mark}地点",
            "next_step": f"{mark}下一步",
        }
        call = sheet(customer, occurred_at=now, next_on=timezone.localdate(now), **values)
        log_visit(sheet=call, by=getattr(cast, who), now=now)
        ContactPerson.unscoped.create(customer=customer, name=f"{mark}联系人", position=f"{mark}职务", role="leader")
    unit, staff = cast.units["B"], cast.staff["stranger"]
    type(unit).unscoped.filter(pk=unit.pk).update(name=f"{CANARY}分公司", area=f"{CANARY}片区")
    type(staff).unscoped.filter(pk=staff.pk).update(name=f"{CANARY}经理")
    return cast


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("colour=red", "unknown_parameter"),
        ("password=x", "unknown_parameter"),
        ("limit=0", "out_of_range"),
        ("limit=1001", "out_of_range"),
        ("limit=-1", "out_of_range"),
        ("limit=abc", "out_of_range"),
        ("limit=" + "9" * 30, "out_of_range"),
        ("cursor=%00", "invalid_cursor"),
        ("cursor=abc", "invalid_cursor"),
        ("cursor=WyJhIl0", "invalid_cursor"),
        ("cursor=WzEsMl0", "invalid_cursor"),
        ("cursor=" + "A" * 5000, "invalid_cursor"),
        ("limit=5&limit=6", "repeated_parameter"),
    ],
)
@pytest.mark.parametrize("name", PAGED)
def test_a_wrong_page_parameter_is_named(billing, name, query, code):
    answer = billing.get(f"/api/v1/{name}?{query}")
    assert answer.status_code == 400, answer.content
    body = answer.json()
    assert code in [error["code"] for error in body["errors"]], body
    assert query.split("=")[0] in body["errors"][0]["pointer"]
    assert body["request_id"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("visits?customer=abc", "not_a_number"),
        ("visits?customer=" + "9" * 20, "out_of_range"),
        ("visits?from=2026-02-30", "invalid_date"),
        ("visits?to=x", "invalid_date"),
        ("visits?from=0001-01-01", "out_of_range"),
        ("visits?counts=yes", "invalid_choice"),
        ("visits?staff=NOBODY", "not_found"),
        ("visits?staff=%00", "invalid_character"),
        ("visits?sort=id", "unknown_parameter"),
        ("duties?state=late", "invalid_choice"),
        ("duties?purpose=x", "invalid_choice"),
        ("duties?manager=NOBODY", "not_found"),
        ("duties?due_by=9999-12-31", "out_of_range"),
        ("duties?due_from=tomorrow", "invalid_date"),
        ("contact-persons?customer=1.5", "not_a_number"),
        ("contact-persons?role=boss", "invalid_choice"),
        ("units?type=shop", "invalid_choice"),
        ("units?code=a%00b", "invalid_character"),
        ("staff?line=x", "invalid_choice"),
        ("tiers?colour=red", "unknown_parameter"),
        ("customers?count=all", "invalid_choice"),
        ("customers?manager=NOBODY", "not_found"),
        ("customers?unit=NOBODY", "not_found"),
        ("customers?updated_since=2026-11-20", "invalid_date"),
        ("customers?kind=alien", "invalid_choice"),
        ("customers?q=" + "长" * 201, "too_long"),
    ],
)
def test_a_wrong_filter_says_what_is_wrong(billing, query, code):
    answer = billing.get(f"/api/v1/{query}")
    assert answer.status_code == 400, answer.content
    assert code in [error["code"] for error in answer.json()["errors"]], answer.json()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_wants_its_scope_and_knows_one_method(full, make_client, client, name):
    """Sign-in missing 401, scope missing 403, a method it has not 405; never a 5xx."""
    assert client.get(f"/api/v1/{name}").status_code == 401
    blind = make_client("blind", "CITY", ["customers:write"])
    assert blind.get(f"/api/v1/{name}").status_code == 403
    whole = make_client("whole", "CITY")
    assert whole.get(f"/api/v1/{name}").status_code == 200
    assert whole.delete(f"/api/v1/{name}").status_code == 405


@pytest.mark.parametrize("name", PAGED)
def test_pages_follow_each_other_without_gap_or_repeat(full, billing, name):
    whole = billing.get(f"/api/v1/{name}").json()["items"]
    assert len(whole) >= 4
    found, following = [], ""
    while following is not None:
        page = billing.get(f"/api/v1/{name}", {"limit": 2, **({"cursor": following} if following else {})}).json()
        assert len(page["items"]) <= 2
        found += [item["id"] for item in page["items"]]
        following = page["next"]
    assert found == [item["id"] for item in whole]


@pytest.mark.parametrize("name", LISTS)
def test_nothing_of_another_subtree_comes_out_of_a_list(full, make_client, session, name):
    """SEC-3: rows outside the caller's subtree do not exist for him, machine or person."""
    assert CANARY in make_client("whole", "CITY").get(f"/api/v1/{name}").content.decode() or name in ("duties", "tiers")
    branch = make_client("branch", "A")
    text = branch.get(f"/api/v1/{name}").content.decode()
    assert CANARY not in text
    assert "M2001" not in text
    assert CANARY not in session("supervisor").get(f"/api/v1/{name}").content.decode()


def test_a_record_of_another_subtree_is_not_found(full, make_client):
    """Decisions 13: invisible → 404."""
    whole, branch = make_client("whole", "CITY"), make_client("branch", "A")
    for name in ("customers", "contact-persons", "visits"):
        foreign = {item["id"] for item in whole.get(f"/api/v1/{name}").json()["items"]}
        foreign -= {item["id"] for item in branch.get(f"/api/v1/{name}").json()["items"]}
        assert foreign
        assert {branch.get(f"/api/v1/{name}/{pk}").status_code for pk in foreign} == {404}
        assert {whole.get(f"/api/v1/{name}/{pk}").status_code for pk in foreign} == {200}
    for address in ("units/B", "staff/M2001"):
        assert branch.get(f"/api/v1/{address}").status_code == 404
        assert whole.get(f"/api/v1/{address}").status_code == 200


def test_filters_find_what_they_say(full, billing):
    gold = full.customers["gold"]
    assert {item["customer"] for item in billing.get("/api/v1/visits", {"customer": gold.pk}).json()["items"]} == {
        gold.pk
    }
    assert {item["staff"] for item in billing.get("/api/v1/visits?staff=M1002").json()["items"]} == {"M1002"}
    assert billing.get("/api/v1/visits?to=2020-01-01").json()["items"] == []
    assert {item["manager"] for item in billing.get("/api/v1/duties?manager=M1001").json()["items"]} == {"M1001"}
    people = billing.get("/api/v1/contact-persons", {"customer": gold.pk, "role": "leader"}).json()["items"]
    assert [item["name"] for item in people] == ["家常联系人"]
    assert [item["code"] for item in billing.get("/api/v1/units?type=hall").json()["items"]] == ["A1"]
    assert {item["unit"] for item in billing.get("/api/v1/staff?unit=A&line=vip").json()["items"]} == {"A"}
    diamond = next(item for item in billing.get("/api/v1/tiers").json()["items"] if item["code"] == "diamond")
    assert diamond["contact_period"] == "month"


def test_the_standing_answers_for_the_ledger(full, billing):
    """sync-api: filters are answered from the customer's standing."""
    silver = full.customers["silver"]
    Standing.unscoped.filter(customer=silver).update(is_overdue=True, duty_state="overdue")
    found = billing.get("/api/v1/customers?overdue=true&duty_state=overdue&manager=M1001").json()["items"]
    assert [item["id"] for item in found] == [silver.pk]
    slim = billing.get("/api/v1/customers?fields=name,tier&overdue=true").json()["items"]
    assert slim == [{"id": silver.pk, "name": "银小满", "tier": "silver"}]
    for sort in ("id", "due", "value", "last_visit", "name"):
        answer = billing.get("/api/v1/customers", {"sort": sort, "limit": 3}).json()
        rest = billing.get("/api/v1/customers", {"sort": sort, "cursor": answer["next"]}).json()
        assert len({item["id"] for item in answer["items"] + rest["items"]}) == 7


def test_a_person_sees_masked_numbers_and_a_machine_whole_ones(full, billing, session):
    """Safety 1.5: exports of a person show 138****1234; a token was given its data on purpose."""
    gold = full.customers["gold"].pk
    assert billing.get(f"/api/v1/customers/{gold}").json()["phone"] == "13900000002"
    assert session("manager").get(f"/api/v1/customers/{gold}").json()["phone"] == "139****0002"
