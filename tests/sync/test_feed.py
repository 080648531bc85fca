"""The change feed's reader (PLT-2): what changed, for whom, and what he hears when he may not see it any more."""

from contextlib import suppress
from random import Random
from threading import Event, Thread
from time import monotonic

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.actions.merging import merge_customers
from accounts.models import ContactPerson, Customer, ExternalId, LearnedFact, Unit
from crm.core.db import write
from crm.core.errors import DomainError
from crm.core.feed import CursorGone, Reader, feed_types, new_cursor
from crm.core.pages import BadCursor
from sync.authentication import caller_access
from sync.choices import TokenScope
from sync.feed import read_changes

pytestmark = pytest.mark.django_db(transaction=True)
READS = [scope for scope in TokenScope.values if scope.endswith(":read")]


def reader_of(cast, unit="CITY", scopes=READS):
    """A machine with a subtree; the city's sees everything."""
    unit_ids = None if unit == "CITY" else [cast.units[code].pk for code in (unit, *({"A": ["A1"]}.get(unit, [])))]
    access = caller_access(cast.director.pk, scopes, unit_ids)
    return Reader(access, timezone.localdate(), frozenset(scopes), cast.units[unit].pk, 7)


def told(reader, cursor, types=(), limit=1000, **more):
    """Everything up to now: (type, id) → op of the last item, and the cursor to go on from."""
    found, pages = {}, 0
    while True:
        page = read_changes(reader, types, cursor, limit, **more)
        for item in page.items:
            found[item.type, item.id] = item.op
        cursor, pages = page.next, pages + 1
        assert pages < 200
        if not page.more:
            return found, cursor


def change(customer, by=None, **values):
    with write(by=by, label="" if by else "test"):
        Customer.unscoped.filter(pk=customer.pk).update(**values)


def test_what_changed_is_told_once_with_its_fields_and_ids_elsewhere(cast):
    """PLT-2: one item a record with what it is today; a replayed cursor says the same."""
    gold = cast.customers["gold"]
    reader = reader_of(cast)
    begin = new_cursor(reader)
    change(gold, district="东")
    change(gold, phone="13900000022")
    with write(label="test"):
        ExternalId.unscoped.create(customer=gold, source="boss", external_id="B-1")
        ExternalId.unscoped.create(customer=gold, source="hotline", external_id="H-1")
        ExternalId.unscoped.create(customer=gold, source="boss", external_id="B-0", alias=7)  # of one merged into him

    page = read_changes(reader, [], begin, 100)
    again = read_changes(reader, [], begin, 100)

    (item,) = page.items
    assert (item.type, item.id, item.op, page.more) == ("customer", gold.pk, "upsert", False)
    assert set(item.fields) == {"district", "phone", "external_ids"}
    assert item.external_ids == {"boss": "B-1", "hotline": "H-1"}
    assert again.items == page.items
    assert read_changes(reader, [], page.next, 100).items == []


def test_a_new_record_names_no_fields_though_its_ids_came_with_it(cast):
    """All of it is new."""
    reader = reader_of(cast)
    begin = new_cursor(reader)
    with write(label="test"):
        new = Customer.unscoped.get(pk=cast.customers["gold"].pk)
        new.pk, new.number, new._state.adding = None, "K99999998", True
        new.save()
        ExternalId.unscoped.create(customer=new, source="boss", external_id="B-2")
    (item,) = read_changes(reader, ["customer"], begin, 100).items
    assert (item.id, list(item.fields), item.external_ids) == (new.pk, [], {"boss": "B-2"})


def test_a_customer_who_leaves_the_subtree_is_deleted_with_all_that_is_his(cast):
    """Contract: loss of visibility is a delete, and who comes in brings everything along; a stranger hears nothing."""
    gold = cast.customers["gold"]
    with write(label="test"):
        people = [ContactPerson.unscoped.create(customer=gold, name=f"联系{n}", role="contact") for n in range(5)]
    here, there, elsewhere = reader_of(cast, "A"), reader_of(cast, "B"), reader_of(cast, "GCD")
    begins = [new_cursor(reader) for reader in (here, there, elsewhere)]
    change(gold, unit=cast.units["B"], manager=None)

    for limit in (1000, 2):
        left, _next = told(here, begins[0], limit=limit)
        came, _next = told(there, begins[1], limit=limit)
        ours = {("customer", gold.pk), *(("contact_person", person.pk) for person in people)}
        assert left == dict.fromkeys(ours, "delete")
        assert came == dict.fromkeys(ours, "upsert")
        assert told(elsewhere, begins[2], limit=limit)[0] == {}
        only, _next = told(here, begins[0], ["contact_person"], limit=limit)
        assert set(only) == ours - {("customer", gold.pk)}


def test_what_is_deleted_is_told_to_those_who_saw_it(cast):
    """Contract: deletions are tombstones, also when the customer has gone meanwhile."""
    gold, strangers = cast.customers["gold"], cast.customers["strangers"]
    with write(label="test"):
        person = ContactPerson.unscoped.create(customer=gold, name="联系", role="contact")
        other = ContactPerson.unscoped.create(customer=gold, name="联系二", role="contact")
    ids = [person.pk, other.pk]
    here, there = reader_of(cast, "A"), reader_of(cast, "B")
    begins = [new_cursor(here), new_cursor(there)]
    with write(label="test"):
        other.delete()
    change(gold, unit=cast.units["GCD"], manager=None)
    with write(label="test"):
        person.delete()
    change(strangers, district="西")

    assert told(here, begins[0])[0] == {
        ("customer", gold.pk): "delete",
        **{("contact_person", pk): "delete" for pk in ids},
    }
    assert told(there, begins[1])[0] == {("customer", strangers.pk): "upsert"}


def test_a_cursor_that_leads_nowhere_says_why(cast):
    """Contract: malformed 400; too old, another sight or a torn subtree 410 with the way on."""
    reader = reader_of(cast, "A")
    begin = new_cursor(reader)
    for damaged in ("", "x", begin[:-3], "B" + begin[1:], "é", begin * 60):
        with pytest.raises(BadCursor):
            read_changes(reader, [], damaged, 10)
    with pytest.raises(CursorGone):
        read_changes(reader_of(cast, "B"), [], begin, 10)
    with pytest.raises(CursorGone):
        read_changes(reader_of(cast, "A", ["customers:read"]), [], begin, 10)
    with write(label="test"):
        Unit.unscoped.filter(pk=cast.units["A1"].pk).update(parent=cast.units["B"])
    with pytest.raises(CursorGone) as gone:
        read_changes(reader, [], begin, 10)
    assert isinstance(gone.value, DomainError)
    assert "changes_cursor" in str(gone.value)
    assert told(reader_of(cast), new_cursor(reader_of(cast)))[0] == {}


def test_a_writer_that_sits_idle_holds_nobody_up(cast):
    """Decisions 25: what others commit is told at once; what it wrote is told when it commits."""
    gold, silver = cast.customers["gold"], cast.customers["silver"]
    reader = reader_of(cast)
    begin = new_cursor(reader)
    idle = connection.copy()
    try:
        idle.set_autocommit(False)
        with idle.cursor() as db:
            db.execute("UPDATE accounts_customer SET district = '北' WHERE id = %s", [silver.pk])
        change(gold, district="东")
        first, cursor = told(reader, begin)
        idle.commit()
    finally:
        idle.close()
    second, _next = told(reader, cursor)
    assert first == {("customer", gold.pk): "upsert"}
    assert second == {("customer", silver.pk): "upsert"}


def test_every_type_can_be_told_with_its_record(cast):
    """Every declared type answers, with nothing and with ids that are not there."""
    reader = reader_of(cast)
    assert set(reader.readable) == set(feed_types())
    for kind in feed_types().values():
        assert kind.records(reader, [2**40]) == {}, kind.name


def test_a_client_need_not_hear_its_own_writes(cast):
    """Contract: skip_own."""
    gold, silver = cast.customers["gold"], cast.customers["silver"]
    reader = reader_of(cast)
    begin = new_cursor(reader)
    change(gold, by=cast.director, district="东")
    change(silver, by=cast.manager, district="东")
    assert told(reader, begin, skip_actor=cast.director.pk)[0] == {("customer", silver.pk): "upsert"}
    (item,) = read_changes(reader, ["customer"], begin, 1, with_records=True).items
    assert item.record["district"] == "东"


def test_a_merged_customer_ends_and_the_survivor_is_told_with_what_he_got(cast):
    """Contract: a merge is a delete of the one and an upsert of the other, and of what moved; so is its way back."""
    gold, diamond = cast.customers["gold"], cast.customers["diamond"]
    with write(label="test"):
        person = ContactPerson.unscoped.create(customer=diamond, name="联系", role="other")
    here, city = reader_of(cast, "A"), reader_of(cast)
    begins = [new_cursor(here), new_cursor(city)]
    merge_customers(survivor_id=gold.pk, merged_id=diamond.pk, reason="同一人", by=cast.supervisor, now=timezone.now())
    for reader, begin in zip((here, city), begins, strict=True):
        found, _next = told(reader, begin, ["customer", "contact_person"])
        assert found == {
            ("customer", diamond.pk): "delete",
            ("customer", gold.pk): "upsert",
            ("contact_person", person.pk): "upsert",
        }
        (item,) = read_changes(reader, ["contact_person"], begin, 100, with_records=True).items
        assert item.record["customer"] == gold.pk


def test_what_stands_beside_a_source_s_word_is_told(cast):
    """Contract: a correction goes out in the feed, and so does its end."""
    gold, reader = cast.customers["gold"], reader_of(cast)
    with write(label="test"):
        fact = LearnedFact.unscoped.create(
            customer=gold, field="district", learned_at=timezone.now(), source_value="东", own_value="西"
        )
    begin = new_cursor(reader)
    with write(label="test"):
        fact.delete()
    (item,) = read_changes(reader, [], begin, 100, with_records=True).items
    assert (item.id, item.fields, item.record["corrections"]) == (gold.pk, ("corrections",), {})


class Never(Exception):
    """Rolls a transaction back."""


def scribbler(place, customers, until, made):
    """Transactions of one writer: some long, some rolled back, some in two steps; `made` gets what was committed."""
    rest = Random(place)

    def work():
        try:
            while monotonic() < until:
                with suppress(Never), transaction.atomic():
                    person = ContactPerson.unscoped.create(customer=rest.choice(customers), name="并发", role="other")
                    if place < 2:
                        with connection.cursor() as db:
                            db.execute("SELECT pg_sleep(%s)", [rest.uniform(0.02, 0.12)])
                    if rest.random() < 0.2:
                        raise Never
                    with suppress(Never), transaction.atomic():
                        ContactPerson.unscoped.filter(pk=person.pk).update(position="二")
                        raise Never
                made.append(person.pk)
        finally:
            connection.close()

    return work


def mirror(reader, begin, is_over, heard):
    """A client that polls until all is over, and once more."""

    def work():
        cursor = begin
        try:
            while True:
                last = is_over.is_set()
                found, cursor = told(reader, cursor, ["contact_person"], limit=50)
                heard.update(pk for _type, pk in found)
                if last:
                    return
        finally:
            connection.close()

    return work


@pytest.mark.parametrize("seconds", [0.6, pytest.param(20, marks=pytest.mark.slow)])
def test_writers_at_once_and_nothing_is_missed(cast, seconds):
    """Decisions 25: six writers, two of them slow, rolled back now and then; two readers hear of all."""
    customers = list(cast.customers.values())
    reader, is_over = reader_of(cast), Event()
    begin, until = new_cursor(reader), monotonic() + seconds
    made, heard = [[] for _writer in range(6)], [set(), set()]
    readers = [Thread(target=mirror(reader, begin, is_over, ears)) for ears in heard]
    writers = [Thread(target=scribbler(place, customers, until, own)) for place, own in enumerate(made)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    is_over.set()
    for thread in readers:
        thread.join()
    kept = set(ContactPerson.unscoped.filter(name="并发").values_list("pk", flat=True))
    assert kept and all(own for own in made)
    assert heard == [kept, kept]
    assert {pk for _type, pk in told(reader, begin, ["contact_person"])[0]} == kept
