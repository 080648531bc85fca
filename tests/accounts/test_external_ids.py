"""A customer's ids in other systems, shown and edited on the page of his profile (sync-api)."""

import pytest

from accounts.models import ExternalId

pytestmark = pytest.mark.django_db


def address(customer, page="external-ids"):
    return f"/customers/{customer.pk}/{page}/"


def save(client, customer, source="billing", external_id="B-1", seen="", **more):
    values = {"source": source, "external_id": external_id, "seen": seen}
    return client.post(address(customer), values | more)


def ids_of(customer):
    return dict(ExternalId.unscoped.filter(customer=customer).values_list("source", "external_id"))


def test_one_id_for_each_source_is_added_changed_and_taken_away(cast, as_user):
    """sync-api: a customer has one id per source."""
    gold, client = cast.customers["gold"], as_user(cast.manager)
    assert save(client, gold).headers["Location"] == address(gold, "edit") + "#external-ids"
    save(client, gold, "erp", "E-7")
    page = client.get(address(gold, "edit")).content.decode()
    assert 'value="B-1"' in page and 'value="E-7"' in page and '<option value="billing">' in page
    save(client, gold, external_id="B-2", seen="B-1")
    assert ids_of(gold) == {"billing": "B-2", "erp": "E-7"}
    save(client, gold, external_id="B-2", seen="B-2", remove="1")
    assert ids_of(gold) == {"erp": "E-7"}


def test_the_id_of_another_customer_is_refused_with_his_name(cast, as_user):
    """sync-api: unique for each source; the same number in another source is another number."""
    gold, silver, client = cast.customers["gold"], cast.customers["silver"], as_user(cast.manager)
    save(client, gold)
    answer = save(client, silver)
    page = answer.content.decode()
    assert answer.status_code == 409 and gold.name in page and 'value="B-1"' in page
    assert ids_of(silver) == {}
    assert save(client, silver, "erp").status_code == 302


def test_the_name_of_an_invisible_holder_is_not_told(cast, as_user):
    """SEC-3: the clash is told, the other unit's customer is not."""
    strangers = cast.customers["strangers"]
    ExternalId.unscoped.create(customer=strangers, source="billing", external_id="B-1")
    answer = save(as_user(cast.manager), cast.customers["gold"])
    assert answer.status_code == 409 and strangers.name not in answer.content.decode()


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(cast, as_user):
    """Bad input: two tabs; the id of now is told, what was typed stays."""
    gold, client = cast.customers["gold"], as_user(cast.manager)
    save(client, gold)
    save(client, gold, external_id="B-2", seen="B-1")
    answer = save(client, gold, external_id="B-3", seen="B-1")
    page = answer.content.decode()
    assert answer.status_code == 409 and 'value="B-3"' in page and 'name="seen" value="B-2"' in page
    assert ids_of(gold) == {"billing": "B-2"}
    assert save(client, gold, "billing", "B-9").status_code == 409
    assert ids_of(gold) == {"billing": "B-2"}


@pytest.mark.parametrize(
    "values", [{"external_id": ""}, {"source": ""}, {"external_id": "a\x00b"}, {"source": "x" * 41}]
)
def test_what_is_no_id_is_refused_beside_its_field(cast, as_user, values):
    """Bad input: empty, control characters, too long."""
    gold = cast.customers["gold"]
    answer = save(as_user(cast.manager), gold, **values)
    assert answer.status_code == 400 and "field-error" in answer.content.decode()
    assert ids_of(gold) == {}


def test_every_change_is_in_the_history_those_taken_away_included(cast, as_user):
    """SEC-23: who, source, old and new."""
    gold, client = cast.customers["gold"], as_user(cast.manager)
    save(client, gold)
    save(client, gold, external_id="B-2", seen="B-1")
    save(client, gold, external_id="B-2", seen="B-2", remove="1")
    text = client.get(f"/customers/{gold.pk}/?tab=history").content.decode()
    assert text.count("外部编码 · billing") == 3
    assert text.index("B-2") < text.index("B-1")


def test_who_edits_no_customer_edits_no_id(cast, as_user):
    """PLT-7: by who may edit customers."""
    gold = cast.customers["gold"]
    assert save(as_user(cast.supervisor), gold).status_code == 403
    assert save(as_user(cast.teammate), gold).status_code == 404
    assert ids_of(gold) == {}
