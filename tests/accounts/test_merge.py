"""Merge: two customers become one with everything each has, and apart again within 7 days (screens 4)."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.actions.merging import forget_merges, merge_customers, undo_merge
from accounts.actions.merging.moving import merge_rules
from accounts.choices import CustomerKind, CustomerState, PairState, TaskKind, TaskState
from accounts.followers import follow
from accounts.models import (
    Assignment,
    ContactPerson,
    Customer,
    CustomerMerge,
    DuplicatePair,
    ExternalId,
    PersonProfile,
    PrivateProfile,
    RelationshipStrength,
    Standing,
    Task,
)
from accounts.queries.customer_list import external_ids_of
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.models import Change, Notice
from sales.models import Bill, JoiningApplication
from tests.visits.ledger_world import visit
from visits.models import Duty, Visit

pytestmark = pytest.mark.django_db


def now(days=0):
    return timezone.now() + timedelta(days=days)


def merge(cast, survivor="gold", merged="diamond", by="supervisor", **more):
    return merge_customers(
        survivor_id=cast.customers[survivor].pk, merged_id=cast.customers[merged].pk, by=cast.users[by],
        now=more.pop("at", now()), **more,
    )  # fmt: skip


def snapshot(customer_id):
    """Every row that points at a customer, table by table, as it stands; volatile columns left out."""
    found = {}
    with connection.cursor() as cursor:
        for rule in merge_rules():
            cursor.execute(
                f"SELECT to_jsonb(t) - 'version' - 'updated_at' - 'source_updated_at' - 'alias' - 'completeness'"
                f" FROM {rule.table} t WHERE {rule.column} = %s",
                [customer_id],
            )
            rows = sorted(str(row[0]) for row in cursor.fetchall())
            if rows and rule.table not in (
                "accounts_customermerge",
                "retention_riskscore",
                "accounts_standing",
                "accounts_learnedfact",
            ):
                found[rule.key] = rows
    return found


def test_every_table_with_a_customer_has_a_rule():
    """A new table with a customer says what becomes of its rows."""
    told = {rule.key for rule in merge_rules()}
    there = {
        f"{model._meta.db_table}.{known.column}"
        for model in apps.get_models(include_auto_created=True)
        for known in model._meta.concrete_fields
        if known.is_relation and known.related_model is Customer
    }
    assert there == told
    assert len(told) == len(merge_rules())


def fill(cast, key, word):
    """Rows of several apps."""
    customer, by = cast.customers[key], cast.users["manager"]
    ExternalId.unscoped.create(customer=customer, source="billing", external_id=f"B-{word}")
    ContactPerson.unscoped.create(customer=customer, name=word)
    PersonProfile.unscoped.create(customer=customer, sports=word if word == "甲" else "", personality="")
    PrivateProfile.unscoped.create(customer=customer, home_address=word if word == "乙" else "")
    RelationshipStrength.unscoped.create(customer=customer, strength=3, judged_on=date(2026, 1, 5), by=by)
    Bill.unscoped.create(
        customer=customer, month=date(2026, 1, 1), amount=40, due_on=date(2026, 2, 15), source="boss", updated_at=now()
    )  # fmt: skip
    actions.create_task(
        kind=TaskKind.FOLLOW_UP, customer_id=customer.pk, staff_id=cast.staff["manager"].pk,
        due_on=timezone.localdate(), by=by, now=now(),
    )  # fmt: skip
    visit(customer, timezone.localdate(), cast=cast)


def test_everything_goes_along_and_comes_back(cast):
    """One transaction; what is in the way is set aside; undone, every row stands where and as it stood."""
    fill(cast, "gold", "甲")
    fill(cast, "diamond", "乙")
    survivor, merged = cast.customers["gold"], cast.customers["diamond"]
    Customer.unscoped.filter(pk=merged.pk).update(email="a@example.com", district="城东")
    # What the nights would have made of these rows.
    today = timezone.localdate()
    follow("MERGE_FOLLOWERS", customer_ids=[survivor.pk, merged.pk], today=today, now=now(), by=cast.supervisor)
    before = snapshot(survivor.pk), snapshot(merged.pk)
    done = merge(cast, take=["email", "district"])
    assert not Customer.unscoped.filter(pk=merged.pk).exists()
    assert Customer.unscoped.get(pk=survivor.pk).email == "a@example.com"
    assert Visit.unscoped.filter(customer=survivor).count() == 2
    assert set(ExternalId.unscoped.filter(customer=survivor).values_list("external_id", "alias")) == {
        ("B-甲", 0), ("B-乙", done.pk)}  # fmt: skip
    assert Bill.unscoped.filter(customer=survivor).count() == 1
    assert PrivateProfile.unscoped.get(customer=survivor).home_address == "乙"
    assert "乙" in str(done.memory) and not Change.objects.filter(after__memory__isnull=False).exists()
    assert Standing.unscoped.filter(customer=survivor).count() == 1
    undone = undo_merge(merge_id=done.pk, by=cast.supervisor, now=now())
    assert (undone.kept, undone.fields) == ([], [])
    assert Customer.unscoped.get(pk=merged.pk).number == merged.number
    assert Customer.unscoped.get(pk=survivor.pk).email == ""
    after = snapshot(survivor.pk), snapshot(merged.pk)
    assert after[1] == before[1]
    assert after[0] == before[0]
    assert Standing.unscoped.filter(customer=merged.pk).exists()
    assert CustomerMerge.unscoped.get().memory == {}


def test_nobody_merges_what_he_does_not_oversee(cast):
    """Customers of different managers: somebody over both; outside his reach there is nothing (404)."""
    with pytest.raises(NotAllowed):
        merge(cast, by="manager")
    with pytest.raises(NotFound):
        merge(cast, by="stranger_supervisor")
    with pytest.raises(NotFound):
        merge(cast, "gold", "strangers")
    assert merge(cast, "gold", "strangers", by="director").survivor_id == cast.customers["gold"].pk


def test_what_cannot_be_one_is_refused(cast):
    """Two kinds, a customer and himself, the one in service into one who left; an old look at either (409)."""
    for survivor, merged, code in (
        ("gold", "teammates", "other_kind"), ("ordinary", "gold", "other_kind"), ("gold", "gold", "same"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            merge(cast, survivor, merged)
        assert refusal.value.code == code
    with pytest.raises(Conflict):
        merge(cast, versions=(1, 7))
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(state=CustomerState.CHURNED)
    with pytest.raises(Invalid) as refusal:
        merge(cast)
    assert refusal.value.code == "not_in_service"
    assert Customer.unscoped.filter(pk=cast.customers["diamond"].pk).exists()


def test_another_managers_customer_changes_hands_and_goes_back_to_him(cast):
    """His open tasks go to the manager of the survivor; both are told; the undo takes them back."""
    merged = cast.customers["silver"]
    actions.assign_customers(
        customer_ids=[merged.pk], staff_id=cast.staff["teammate"].pk, reason="调整", by=cast.supervisor, now=now()
    )  # fmt: skip
    task = Task.unscoped.filter(customer=merged, state=TaskState.OPEN).first()
    assert task is None or task.staff_id == cast.staff["teammate"].pk
    history = Assignment.unscoped.filter(customer=merged).count()
    done = merge(cast, "gold", "silver")
    assert Notice.objects.filter(kind="customers_merged").count() == 2
    assert not Assignment.unscoped.filter(customer=merged.pk).exists()
    undo_merge(merge_id=done.pk, by=cast.supervisor, now=now())
    back = Customer.unscoped.get(pk=merged.pk)
    assert back.manager_id == cast.staff["teammate"].pk
    assert Assignment.unscoped.get(customer=back, valid_to=None).staff_id == cast.staff["teammate"].pk
    assert Assignment.unscoped.filter(customer=back).count() >= history


def test_the_ledger_owes_one_contact_and_counts_the_visits_of_both(cast):
    """A visit to the one who goes settles the duty of the one who stays; undone, it is owed again."""
    today = timezone.localdate()
    survivor, merged = cast.customers["gold"], cast.customers["diamond"]
    follow("STATE_FOLLOWERS", customer_ids=[survivor.pk, merged.pk], today=today, now=now())
    follow("TIER_FOLLOWERS", customer_ids=[survivor.pk, merged.pk], today=today, now=now())
    assert Duty.unscoped.filter(customer=survivor, state="open").count() == 1
    Duty.unscoped.filter(customer=survivor).update(owed_from=today, due_on=today + timedelta(days=5))
    visit(merged, today, cast=cast)
    done = merge(cast)
    duty = Duty.unscoped.get(customer=survivor)
    assert duty.state == "met"
    undo_merge(merge_id=done.pk, by=cast.supervisor, now=now())
    duty.refresh_from_db()
    assert duty.state == "open"
    assert Standing.unscoped.get(customer=merged).duty_state in ("met", "open")


def test_what_somebody_changed_since_stays_and_is_named(cast):
    """An undo takes back what the merge wrote, not what people wrote after it."""
    survivor, merged = cast.customers["gold"], cast.customers["diamond"]
    Customer.unscoped.filter(pk=merged.pk).update(email="a@example.com", district="城东")
    person = ContactPerson.unscoped.create(customer=merged, name="某人")
    gone = ContactPerson.unscoped.create(customer=merged, name="走了")
    done = merge(cast, take=["email", "district"])
    Customer.unscoped.filter(pk=survivor.pk).update(email="new@example.com")
    late = ContactPerson.unscoped.create(customer=survivor, name="后来")
    gone.delete()
    undone = undo_merge(merge_id=done.pk, by=cast.supervisor, now=now(1))
    assert undone.fields == ["email"]
    assert [count for _label, count in undone.kept] == [1]
    survivor.refresh_from_db()
    assert (survivor.email, survivor.district) == ("new@example.com", "")
    person.refresh_from_db()
    late.refresh_from_db()
    assert (person.customer_id, late.customer_id) == (merged.pk, survivor.pk)


def test_the_way_back_ends_after_a_week_and_goes_in_order(cast):
    """Within 7 days; of two merges the later one first; never twice."""
    first = merge(cast, "gold", "diamond")
    second = merge(cast, "silver", "gold")
    first.refresh_from_db()
    assert first.survivor_id == cast.customers["silver"].pk
    with pytest.raises(Conflict) as refusal:
        undo_merge(merge_id=first.pk, by=cast.supervisor, now=now())
    assert refusal.value.code == "merged_since"
    with pytest.raises(Conflict) as refusal:
        undo_merge(merge_id=second.pk, by=cast.supervisor, now=now(8))
    assert refusal.value.code == "too_late"
    for one in (second, first):
        undo_merge(merge_id=one.pk, by=cast.supervisor, now=now())
    with pytest.raises(Conflict):
        undo_merge(merge_id=first.pk, by=cast.supervisor, now=now())
    assert (
        Customer.unscoped.filter(pk__in=[cast.customers[key].pk for key in ("gold", "diamond", "silver")]).count() == 3
    )


def test_memory_with_private_data_ends_with_the_way_back(cast):
    """SEC-23: what an undo needs is emptied when it is too late; where a customer went stays known."""
    done = merge(cast)
    forget_merges(today=timezone.localdate(now(3)), now=now(3))
    done.refresh_from_db()
    assert done.memory
    assert forget_merges(today=timezone.localdate(now(9)), now=now(9)) == 1
    assert forget_merges(today=timezone.localdate(now(9)), now=now(9)) == 0
    done.refresh_from_db()
    assert done.memory == {}


def test_the_old_address_leads_to_the_survivor(cast, as_user):
    """safety 33: the page redirects with a note, a form of his answers 410 with the link; strangers get 404."""
    survivor, merged = cast.customers["gold"], cast.customers["diamond"]
    merge(cast)
    client = as_user(cast.manager)
    answer = client.get(f"/customers/{merged.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{survivor.pk}/")
    page = client.post(f"/customers/{merged.pk}/edit/", {"name": "x"})
    assert page.status_code == 410
    assert f"/customers/{survivor.pk}/" in page.content.decode()
    api = client.get(f"/api/v1/customers/{merged.pk}")
    assert (api.status_code, api.json()["survivor"]["id"]) == (410, survivor.pk)
    assert as_user(cast.stranger).get(f"/customers/{merged.pk}/").status_code == 404
    assert as_user(cast.stranger).get(f"/api/v1/customers/{merged.pk}").status_code == 404


def test_what_billing_writes_to_the_old_id_reaches_the_survivor(cast):
    """sync-api: ids of both stay reachable; a record has one id per source; both ids in one call fail by row."""
    survivor, merged = cast.customers["gold"], cast.customers["diamond"]
    for customer, external_id in ((survivor, "N"), (merged, "O")):
        ExternalId.unscoped.create(customer=customer, source="billing", external_id=external_id)
    ExternalId.unscoped.create(customer=merged, source="hotline", external_id="H")
    done = merge(cast)
    items = [actions.UpsertItem("O", {"district": "城南"}), actions.UpsertItem("N", {"district": "城北"})]
    old, new = actions.upsert_customers(items=items, source="billing", by=None, now=now())
    assert (old.status, old.customer.pk, new.status) == ("updated", survivor.pk, "failed")
    assert external_ids_of([survivor.pk]) == {survivor.pk: {"billing": "N", "hotline": "H"}}
    actions.set_external_id(customer_id=survivor.pk, source="billing", external_id="O", by=None, now=now())
    assert external_ids_of([survivor.pk])[survivor.pk]["billing"] == "O"
    assert undo_merge(merge_id=done.pk, by=cast.director, now=now()).kept[0][1] == 1


def test_open_work_of_both_on_one_matter_is_ended_first(cast):
    """A refusal of another app is said in its own words, and nothing has moved."""
    for key in ("gold", "diamond"):
        JoiningApplication.unscoped.create(customer=cast.customers[key], state="submitted", applied_at=now())
    with pytest.raises(Conflict) as refusal:
        merge(cast)
    assert refusal.value.code == "two_applications"


def test_the_pages_of_a_merge(cast, as_user):
    """screens 4: the pair, side by side, what moves; merged, undone, dismissed."""
    survivor, merged = cast.customers["gold"], cast.customers["diamond"]
    Customer.unscoped.filter(pk=merged.pk).update(email="a@example.com")
    first, second = sorted([survivor.pk, merged.pk])
    pair = DuplicatePair.unscoped.create(
        first_id=first, second_id=second, score=82, reasons=["phone"], found_on=date(2026, 1, 1)
    )
    client = as_user(cast.supervisor)
    assert "82" in client.get("/customers/duplicates/").content.decode()
    url = f"/customers/{survivor.pk}/merge/{merged.pk}/"
    page = client.get(url).content.decode()
    assert 'name="f_email" value="other" checked' in page
    assert merged.phone not in page
    versions = page.split('name="versions" value="', 1)[1].split('"', 1)[0]
    assert client.post(url, {"versions": "9-9", "f_email": "other"}).status_code == 409
    answer = client.post(url, {"versions": versions, "f_email": "other"})
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{survivor.pk}/")
    assert Customer.unscoped.get(pk=survivor.pk).email == "a@example.com"
    done = CustomerMerge.unscoped.get()
    assert f"/customers/merges/{done.pk}/undo/" in client.get("/customers/duplicates/").content.decode()
    assert client.post(f"/customers/merges/{done.pk}/undo/")["Location"] == f"/customers/{merged.pk}/"
    pair = DuplicatePair.unscoped.get(pk=pair.pk)
    client.post(f"/customers/duplicates/{pair.pk}/dismiss/")
    pair.refresh_from_db()
    assert (pair.state, pair.dismissed_by) == (PairState.DISMISSED, cast.supervisor)


def test_a_new_customer_who_may_be_here_already_is_asked_about(cast, as_user):
    """A soft warning: with the tick he is created all the same; customers one does not see are not named."""
    client = as_user(cast.manager)
    values = {"name": "新客户", "kind": CustomerKind.VIP, "phone": cast.customers["gold"].phone}
    answer = client.post("/customers/new/", values)
    assert answer.status_code == 409
    assert cast.customers["gold"].number in answer.content.decode()
    assert client.post("/customers/new/", values | {"is_another": "1"}).status_code == 302
    foreign = values | {"phone": cast.customers["strangers"].phone}
    assert client.post("/customers/new/", foreign).status_code == 302


def test_two_are_merged_by_hand_from_the_page_and_from_the_list(cast, as_user):
    """Screens 4: compare, choose, merge, for any two in reach, whether a search has paired them or not."""
    client = as_user(cast.supervisor)
    gold, silver = cast.customers["gold"], cast.customers["silver"]
    choose = reverse("accounts:merge_choose")
    compare = reverse("accounts:customer_merge", args=[gold.pk, silver.pk])
    assert f'href="{choose}?ids={gold.pk}"' in client.get(f"/customers/{gold.pk}/").content.decode()
    assert f'formaction="{choose}" data-bulk-exactly="2"' in client.get("/customers/").content.decode()
    assert client.get(choose, {"ids": [gold.pk, silver.pk]})["Location"] == compare
    assert compare not in client.get(choose, {"ids": gold.pk}).content.decode()
    Customer.unscoped.filter(pk=silver.pk).update(phone=gold.phone)
    for asked in ({"ids": gold.pk}, {"ids": gold.pk, "q": silver.name}, {"ids": gold.pk, "q": silver.number}):
        page = client.get(choose, asked).content.decode()
        assert compare in page and cast.customers["strangers"].name not in page, asked
    assert f'href="?ids={gold.pk}"' in client.get(choose, {"q": gold.name}).content.decode()
    shop = cast.customers["channel"]
    assert shop.number not in client.get(choose, {"ids": gold.pk, "q": shop.name}).content.decode()


def test_what_is_picked_to_be_merged_must_be_two_in_reach(cast, as_user):
    choose, ids = reverse("accounts:merge_choose"), [row.pk for row in cast.customers.values()]
    client, strange = as_user(cast.supervisor), cast.customers["strangers"].pk
    assert client.get(choose, {"ids": ids[:3]}).status_code == 400
    for wrong in ([ids[0], strange], [strange], ["x"], ["9" * 40], [ids[0], 2**62]):
        assert client.get(choose, {"ids": wrong}).status_code == 404, wrong
    assert "q=" not in client.get(choose, {"ids": [ids[0], ids[0]]}).get("Location", "")
    manager = as_user(cast.manager)
    assert manager.get(choose).status_code == 403
    assert choose not in manager.get(f"/customers/{ids[0]}/").content.decode()
