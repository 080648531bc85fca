"""Who owns a field: a manager's correction stands beside the owner's word, other sources are not heard (sync-api)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import actions
from accounts.actions import UpsertItem
from accounts.actions.owners import own_field
from accounts.models import Customer, ExternalId, LearnedFact, OwnedField, PersonProfile
from accounts.rules.ownership import Verdict, as_text, verdict
from tests.sync.files import load, table

pytestmark = pytest.mark.django_db
NOW = timezone.now()
OLD, MINE, THIRD = "13800000001", "13900000002", "13700000003"


@pytest.fixture
def gold(cast):
    """A customer of billing and of the hotline; billing owns the phone and the birthday."""
    customer = cast.customers["gold"]
    for source in ("billing", "hotline"):
        ExternalId.unscoped.create(customer=customer, source=source, external_id="X-1")
    Customer.unscoped.filter(pk=customer.pk).update(phone=OLD, district="城东", monthly_spend=Decimal("12.00"))
    for field in ("phone", "birthday", "monthly_spend", "no_marketing", "tier"):
        own_field(field=field, source="billing", by=cast.director, now=NOW)
    return customer


def correct(customer, by, **changes):
    return actions.update_customer(customer_id=customer.pk, changes=changes, by=by, now=NOW)


def tell(source="billing", **values):
    item = UpsertItem(external_id="X-1", values=values)
    return actions.upsert_customers(items=[item], source=source, by=None, now=NOW)[0]


def tell_by_file(source="billing", **values):
    """One row; answers its outcome."""
    values = {"name": "金满堂", **values}
    fields = {"external_id": "id", **{name: name for name in values}}
    return load(table(["id", *values], [["X-1", *values.values()]]), fields, source=source)[0]


def known_by(customer, key, **values):
    """One row of billing's file that knows the customer by this key; answers its outcome."""
    word = {"external_id": "X-1", "number": customer.number, "phone": OLD}[key]
    columns = {key: word, **values}
    fields = {name: name for name in columns} | {"kind": {"value": "vip"}, "unit": {"value": "A"}}
    return load(table([*columns], [[*columns.values()]]), fields, mapping={"match": key})[0]


def phone(customer):
    return Customer.unscoped.values_list("phone", flat=True).get(pk=customer.pk)


def facts(customer):
    rows = LearnedFact.unscoped.filter(customer=customer).values_list("field", "source_value", "own_value")
    return {name: (told, own) for name, told, own in rows}


def test_the_rule_of_three_values():
    """Sync-api: the unchanged old value is kept out, the corrected one confirms, a third one overrules."""
    assert verdict(OLD, source_value=OLD, own_value=MINE) == Verdict.KEPT
    assert verdict(MINE, source_value=OLD, own_value=MINE) == Verdict.CONFIRMED
    assert verdict(THIRD, source_value=OLD, own_value=MINE) == Verdict.OVERRULED
    assert [as_text(value) for value in (None, "", False, date(2020, 1, 2), Decimal("1.5"))] == [
        "", "", "false", "2020-01-02", "1.50",
    ]  # fmt: skip


@pytest.mark.parametrize("door", ["upsert", "file"])
def test_a_correction_stands_until_the_owner_speaks_anew(cast, gold, door):
    """Sync-api "who owns a field": by upsert and by file alike."""

    def say(number):
        if door == "upsert":
            return tell(phone=number).status
        done = tell_by_file(phone=number)
        return "updated" if done.updated else "unchanged"

    correct(gold, cast.manager, phone=MINE)
    assert facts(gold) == {"phone": (OLD, MINE)}
    version = Customer.unscoped.get(pk=gold.pk).version
    assert say(OLD) == "unchanged" and phone(gold) == MINE and facts(gold) == {"phone": (OLD, MINE)}
    assert Customer.unscoped.get(pk=gold.pk).version == version
    assert say(MINE) == "unchanged" and phone(gold) == MINE and facts(gold) == {}
    assert say(OLD) == "updated" and phone(gold) == OLD
    correct(gold, cast.manager, phone=MINE)
    assert say(THIRD) == "updated" and phone(gold) == THIRD and facts(gold) == {}


def test_the_answer_names_what_was_kept_and_what_is_not_owned(cast, gold):
    """Sync-api: a source that writes another's field is not heard, and told so; where nobody owns, it is heard."""
    correct(gold, cast.manager, phone=MINE, person={"birthday": "1980-05-06"}, no_marketing=True)
    done = tell(phone=OLD, no_marketing=False, monthly_spend="12", district="城西", person={"birthday": None})
    assert (done.status, done.kept, done.not_owned) == ("updated", ["birthday", "no_marketing", "phone"], [])
    heard = tell("hotline", phone=THIRD, district="城北", tier="silver", person={"birthday": "1990-01-01"})
    assert (heard.status, heard.not_owned) == ("updated", ["birthday", "phone", "tier"])
    assert heard.proposed == [] and phone(gold) == MINE
    file = tell_by_file("hotline", phone=THIRD, district="城中")
    assert (file.updated, file.not_owned, file.kept) == (1, 1, 0)
    row = Customer.unscoped.get(pk=gold.pk)
    assert (row.phone, row.district, row.no_marketing) == (MINE, "城中", True)
    assert PersonProfile.unscoped.get(customer=gold).birthday == date(1980, 5, 6)
    assert set(facts(gold)) == {"birthday", "no_marketing", "phone"}


def test_an_owner_counts_only_for_customers_it_knows(cast, gold):
    """A customer the owner has no id of is told by whoever knows him."""
    ExternalId.unscoped.filter(customer=gold, source="billing").delete()
    assert (tell("hotline", phone=THIRD).status, phone(gold)) == ("updated", THIRD)
    correct(gold, cast.manager, phone=MINE)
    assert facts(gold) == {"phone": (None, None)}


def test_who_puts_it_back_has_corrected_nothing(cast, gold):
    correct(gold, cast.manager, phone=MINE)
    correct(gold, cast.manager, phone=THIRD)
    assert facts(gold) == {"phone": (OLD, THIRD)}
    correct(gold, cast.manager, phone=OLD)
    assert facts(gold) == {}


def test_it_is_shown_to_people_and_to_machines(cast, as_user, client, gold):
    """Shown as 待核实 on the page; in the record as `corrections`."""
    correct(gold, cast.manager, phone=MINE)
    text = as_user(cast.manager).get(f"/customers/{gold.pk}/").content.decode()
    assert "待核实" in text and "billing" in text and OLD not in text
    record = as_user(cast.manager).get(f"/api/v1/customers/{gold.pk}").json()
    assert set(record["corrections"]) == {"phone"} and OLD not in str(record["corrections"])
    assert record["corrections"]["phone"]["since"]


def test_the_page_says_who_owns_a_field(cast, as_user, gold):
    """Settings of headquarters; a stale form is refused."""
    client = as_user(cast.director)
    address = "/settings/field-owners/"
    assert "billing" in client.get(address).content.decode()
    assert client.post(address, {"field": "email", "source": "Billing", "seen": ""}).status_code == 302
    assert OwnedField.objects.get(field="email").source == "billing"
    assert client.post(address, {"field": "email", "source": "hotline", "seen": ""}).status_code == 409
    assert client.post(address, {"field": "email", "source": "!", "seen": "billing"}).status_code == 400
    assert client.post(address, {"field": "email", "source": "", "seen": "billing"}).status_code == 302
    assert not OwnedField.objects.filter(field="email").exists()
    assert as_user(cast.manager).get(address).status_code == 403


@pytest.mark.parametrize("key", ["external_id", "number", "phone"])
def test_a_correction_stands_whatever_the_file_knows_the_customer_by(cast, gold, key):
    """Sync-api: one rule for all match keys; the owner's old phone still means the customer who has a new one here."""
    correct(gold, cast.manager, phone=MINE, person={"birthday": "1980-05-06"})
    PersonProfile.unscoped.filter(customer=gold).update(birthday=date(1980, 5, 6))
    done = known_by(gold, key, name="金满堂", phone=OLD, birthday="")
    assert (done.created, done.updated, done.unchanged, done.kept) == (0, 0, 1, 1)
    assert phone(gold) == MINE and facts(gold)["phone"] == (OLD, MINE)
    assert Customer.unscoped.filter(name="金满堂").count() == 1


def test_every_chunk_of_a_file_takes_over_what_it_tells(cast, gold, monkeypatch):
    """CUS-10: a file that tells the corrected value confirms it, wherever in the file its row stands."""
    monkeypatch.setattr("sync.imports.load.CHUNK", 1)
    correct(gold, cast.manager, phone=MINE)
    rows = [["X-1", "金满堂", MINE], ["X-2", "某甲", ""], ["X-3", "某乙", ""]]
    fields = {"external_id": "id", "name": "name", "phone": "phone", "kind": {"value": "vip"}, "unit": {"value": "A"}}
    load(table(["id", "name", "phone"], rows), fields)
    assert facts(gold) == {}


def test_two_rows_of_a_file_that_mean_one_customer_are_named(cast, gold):
    """PLT-4: by two ids that a merge brought together, by a number in two spellings, by his old phone and the new."""
    ExternalId.unscoped.create(customer=gold, source="billing", external_id="X-1b", alias=1)
    correct(gold, cast.manager, phone=MINE)
    words = {"external_id": ("X-1", "X-1b"), "number": (gold.number, gold.number.lower()), "phone": (OLD, MINE)}
    for key, pair in words.items():
        columns = [key, "name", "sports"]
        content = table(columns, [[pair[0], "金满堂", f"{key}1"], [pair[1], "金满堂", f"{key}2"]])
        for is_dry in (True, False):
            done, problems = load(content, {name: name for name in columns}, mapping={"match": key}, is_dry=is_dry)
            assert (done.updated, done.failed, [(row.row, row.code) for row in problems]) == (1, 1, [(3, "duplicate")])
        assert PersonProfile.unscoped.get(customer=gold).sports == f"{key}1"
