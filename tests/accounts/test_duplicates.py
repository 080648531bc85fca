"""The duplicate finder: set-based, repeatable, silent about what was dismissed."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.actions.merging.finding import find_duplicates, find_pairs
from accounts.choices import CustomerKind, PairState
from accounts.models import Customer, DuplicatePair, PersonProfile
from accounts.rules.duplicates import CROWD, score_of
from accounts.rules.names import name_vector
from crm.core.jobs import KINDS
from tests.visits.ledger_world import customer_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def house(cast, name, **more):
    """A group customer of the district."""
    values = {"district": "城东"} | more
    row = customer_of(cast, "level1", kind="group", **values)
    Customer.unscoped.filter(pk=row.pk).update(name=name, name_tokens=name_vector(name))
    return row


def pairs():
    """(first, second) → reasons and score."""
    return {(row.first_id, row.second_id): (row.reasons, row.score) for row in DuplicatePair.unscoped.all()}


def test_each_reason_finds_its_pair_and_scores_as_the_rule_says(cast):
    """Phone, credit code, equal and similar names of houses, names of persons with their birthday."""
    code = [house(cast, name, credit_code="91330000TEST00001X") for name in ("东方纺织有限公司", "西湖酒业集团")]
    phone = [customer_of(cast, phone=phone) for phone in ("139 0000-7777", "13900007777")]
    alike = [house(cast, name) for name in ("江城云帆物流运输有限公司", "江城云帆物流运输公司")]
    elsewhere = house(cast, "江城云帆物流运输股份", district="城西")
    people = [customer_of(cast) for _place in range(2)]
    Customer.unscoped.filter(pk__in=[row.pk for row in people]).update(name="王小明")
    for row in people:
        PersonProfile.unscoped.create(customer=row, birthday=date(1980, 1, 2))
    namesakes = [customer_of(cast) for _place in range(2)]
    Customer.unscoped.filter(pk__in=[row.pk for row in namesakes]).update(name="李大力")
    find_pairs(today=TODAY)
    found = pairs()
    for (first, second), reasons in (
        (code, ["code"]), (phone, ["phone"]), (alike, ["similar"]), (people, ["name", "birthday"]),
    ):  # fmt: skip
        assert found.pop((first.pk, second.pk)) == (reasons, score_of(reasons))
    assert not found, elsewhere


def test_twice_is_the_same_and_what_was_dismissed_stays(cast):
    """Nothing is written anew; an open pair whose reason is gone disappears; a dismissed one is not brought up."""
    rows = [customer_of(cast, phone="13900007777") for _place in range(3)]
    assert find_pairs(today=TODAY) == 3
    assert find_pairs(today=TODAY) == 0
    DuplicatePair.unscoped.filter(first=rows[0], second=rows[1]).update(state=PairState.DISMISSED)
    Customer.unscoped.filter(pk=rows[2].pk).update(phone="13900008888")
    assert find_pairs(today=TODAY) == 2
    assert list(DuplicatePair.unscoped.values_list("second_id", "state")) == [(rows[1].pk, "dismissed")]


def test_a_number_of_many_says_nothing(cast):
    """A switchboard is no reason; customers of two kinds are no pair."""
    Customer.unscoped.bulk_create(
        Customer(
            number=f"X{place}", name=f"众{place}", kind=CustomerKind.VIP, unit=cast.units["A"], phone="05718888000",
            created_at=timezone.now(), updated_at=timezone.now(),
        )
        for place in range(CROWD + 1)
    )  # fmt: skip
    customer_of(cast, phone="13900006666")
    house(cast, "同号公司", phone="13900006666")
    find_pairs(today=TODAY)
    assert not pairs()


def test_the_night_looks_on_sundays_and_somebody_may_ask_in_between(cast, as_user):
    """A job of its own; the page leads to its progress."""
    rows = [customer_of(cast, phone="13900007777") for _place in range(2)]
    now = timezone.now()
    assert find_duplicates(today=TODAY - timedelta(days=1), now=now) == 0
    assert find_duplicates(today=TODAY, now=now) == 1
    assert find_duplicates(today=TODAY, now=now) == 0
    answer = as_user(cast.supervisor).post("/customers/duplicates/search/")
    assert answer.status_code == 302 and "/jobs/" in answer["Location"]
    assert KINDS["find_duplicates"].ability == "merge_customers"
    assert len(rows) == 2
