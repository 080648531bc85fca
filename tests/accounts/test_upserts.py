"""Records of other systems by external id, one or a thousand."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions
from accounts.models import Assignment, Customer, ExternalId, PersonProfile, TierProposal
from accounts.queries import tier_on
from crm.core.abilities import Access
from crm.core.errors import Conflict, NotAllowed, NotFound
from crm.core.models import Change, User
from crm.core.scope import Scope

pytestmark = pytest.mark.django_db


def now(days=0):
    return timezone.make_aware(datetime(2026, 11, 18, 10)) + timedelta(days=days)


@pytest.fixture
def billing(cast):
    """A service user whose token reaches unit A."""
    user = User.objects.create_user("api:billing", name="billing", is_service=True)
    scope = Scope(unit_ids=(cast.units["A"].pk, cast.units["A1"].pk))
    abilities = frozenset({"view_customers", "edit_customers"})
    user.__dict__["access"] = Access(user_id=user.pk, abilities=abilities, scopes=dict.fromkeys(abilities, scope))
    return user


def push(by, *items, at=None, **more):
    return actions.upsert_customers(
        items=[
            item if isinstance(item, actions.UpsertItem) else actions.UpsertItem(external_id=item[0], values=item[1])
            for item in items
        ],
        source="billing", by=by, now=at or now(), **more,
    )  # fmt: skip


def known(cast, key, external_id):
    ExternalId.unscoped.create(customer=cast.customers[key], source="billing", external_id=external_id)
    return cast.customers[key]


NEW = {"kind": "vip", "name": "周瑜", "unit": "A", "manager": "M1001", "tier": "gold", "phone": "13900008888"}


def test_a_new_record_is_created_and_the_same_again_is_unchanged(cast, billing):
    """CUS-10: no duplicate; a row equal to what is stored writes nothing."""
    (first,) = push(billing, ("B-1", {**NEW, "person": {"sex": "male"}}))
    assert first.status == "created"
    assert first.customer.manager == cast.staff["manager"]
    assert PersonProfile.unscoped.get(customer=first.customer).sex == "male"
    seen = Change.objects.count()
    (again,) = push(billing, ("B-1", {**NEW, "person": {"sex": "male"}}))
    assert (again.status, again.customer.pk) == ("unchanged", first.customer.pk)
    assert Change.objects.count() == seen
    assert again.customer.version == 1


def test_a_bad_row_never_stops_good_ones(cast, billing):
    """sync-api: each row in order with its status and its errors."""
    known(cast, "gold", "B-7")
    results = push(
        billing,
        ("B-1", NEW),
        ("B-2", {"kind": "vip", "name": "", "unit": "A", "nonsense": 1}),
        ("B-7", {"district": "城东"}),
        ("B-1", NEW),
        ("", NEW),
    )
    assert [result.status for result in results] == ["created", "failed", "updated", "failed", "failed"]
    assert {problem.code for problem in results[1].problems} == {"blank", "unknown_field"}
    assert results[3].error.code == "duplicate"


def test_atomic_is_all_or_nothing(cast, billing):
    """sync-api: 422 keeps nothing."""
    results = push(billing, ("B-1", NEW), ("B-2", {"name": "x"}), atomic=True)
    assert [result.status for result in results] == ["created", "failed"]
    assert not ExternalId.unscoped.exists()


def test_a_dry_run_keeps_nothing(cast, billing):
    """sync-api."""
    (result,) = push(billing, ("B-1", NEW), dry_run=True)
    assert result.status == "created"
    assert not Customer.unscoped.filter(name="周瑜").exists()


def test_a_lower_tier_of_an_active_customer_waits_for_a_supervisor(cast, billing):
    """CUS-4: `proposed`, never an automatic downgrade; other fields of the row are written."""
    diamond = known(cast, "diamond", "B-3")
    (result,) = push(billing, ("B-3", {"tier": "silver", "district": "城东"}))
    assert (result.status, result.proposed) == ("updated", ["tier"])
    diamond.refresh_from_db()
    assert (diamond.tier.code, diamond.district) == ("diamond", "城东")
    proposal = TierProposal.unscoped.get()
    assert (proposal.to_tier.code, proposal.proposed_by, proposal.source) == ("silver", billing, "billing")
    (again,) = push(billing, ("B-3", {"tier": "silver"}))
    assert (again.status, again.proposed) == ("unchanged", ["tier"])
    assert TierProposal.unscoped.count() == 1
    actions.decide_tier(proposal_id=proposal.pk, approve=True, remark="", by=cast.supervisor, now=now(1))
    diamond.refresh_from_db()
    assert diamond.tier.code == "silver"
    assert tier_on(diamond, now().date()).code == "diamond"


def test_a_higher_tier_and_a_tier_of_somebody_gone_are_written_at_once(cast, billing):
    """CUS-4: only lowering an active customer needs a decision."""
    silver = known(cast, "silver", "B-4")
    (result,) = push(billing, ("B-4", {"tier": "gold"}))
    assert (result.status, result.proposed) == ("updated", [])
    push(billing, ("B-4", {"state": "churned"}))
    (result,) = push(billing, ("B-4", {"tier": None}))
    silver.refresh_from_db()
    assert (result.proposed, silver.tier) == ([], None)


def test_an_older_message_is_stale(cast, billing):
    """sync-api: yesterday's body after today's."""
    known(cast, "gold", "B-5")

    def item(district, days):
        return actions.UpsertItem(external_id="B-5", values={"district": district}, source_updated_at=now(days))

    assert [push(billing, item("新", 0))[0].status, push(billing, item("旧", -1))[0].status] == ["updated", "stale"]
    assert Customer.unscoped.get(pk=cast.customers["gold"].pk).district == "新"


def test_an_id_outside_the_subtree_is_not_found_and_never_created(cast, billing):
    """Decisions 14."""
    known(cast, "strangers", "B-6")
    results = push(billing, ("B-6", {"name": "改"}), ("B-8", {**NEW, "unit": "B", "manager": None}))
    assert isinstance(results[0].error, NotFound)
    assert results[1].status == "failed"
    assert not ExternalId.unscoped.filter(external_id="B-8").exists()


def test_an_old_version_is_refused_with_the_current_record(cast, billing):
    """sync-api: If-Match → 412; If-None-Match: * creates only."""
    known(cast, "gold", "B-9")
    stale, twin, missing = push(
        billing,
        actions.UpsertItem(external_id="B-9", values={"district": "x"}, version=9),
        actions.UpsertItem(external_id="B-10", values=NEW, create_only=True),
        actions.UpsertItem(external_id="B-11", values=NEW, version=1),
    )
    assert isinstance(stale.error, Conflict) and stale.error.current["version"] == 1
    assert twin.status == "created"
    assert isinstance(missing.error, NotFound)
    (second,) = push(billing, actions.UpsertItem(external_id="B-10", values=NEW, create_only=True))
    assert isinstance(second.error, Conflict)


def test_put_clears_what_it_leaves_out_but_not_what_managers_noted(cast, billing):
    """sync-api: PUT replaces; notes and deeds of people stay."""
    gold = known(cast, "gold", "B-12")
    Customer.unscoped.filter(pk=gold.pk).update(district="城东", service_notes="下午联系")
    push(billing, actions.UpsertItem(external_id="B-12", values={"name": "金满堂"}, replace=True))
    gold.refresh_from_db()
    assert (gold.district, gold.phone, gold.service_notes, gold.tier.code) == ("", "", "下午联系", "gold")


def test_a_pushed_manager_moves_the_customer(cast, billing):
    """ORG-1: billing's directory is believed; the history is kept."""
    gold = known(cast, "gold", "B-13")
    push(billing, ("B-13", {"manager": "m1002"}))
    assert list(Assignment.unscoped.filter(customer=gold, valid_to=None).values_list("staff", flat=True)) == [
        cast.staff["teammate"].pk
    ]
    (refused,) = push(billing, ("B-13", {"manager": "S1001"}))
    assert refused.error.code == "not_a_manager"


def test_many_rows_cost_hardly_more_statements_than_few(cast, billing):
    """Set-based: 100 new and 100 changed rows in the statements of a handful."""
    counts = []
    for size in (3, 100):
        rows = [(f"N{size}-{index}", {**NEW, "name": f"新客{index}", "manager": None}) for index in range(size)]
        with CaptureQueriesContext(connection) as queries:
            push(billing, *rows)
        changed = [(key, {"district": "城东"}) for key, _values in rows]
        with CaptureQueriesContext(connection) as more:
            push(billing, *changed)
        counts.append((len(queries), len(more)))
    assert all(many <= few for few, many in zip(*counts, strict=True))


def test_who_may_not_edit_may_not_push(cast):
    """PLT-7."""
    with pytest.raises(NotAllowed):
        push(cast.supervisor, ("B-1", NEW))


def test_a_customer_merged_between_look_and_lock_is_found_again(cast, billing, monkeypatch):
    """PLT-2: the id leads to the survivor; a call that met a merge half-way was a fault before."""
    gold = cast.customers["gold"]
    ExternalId.unscoped.create(customer=gold, source="billing", external_id="M1")
    looks = []

    def look(keys):
        looks.append(list(keys))
        return {key: 10**9 if len(looks) == 1 else gold.pk for key in keys}

    monkeypatch.setattr("accounts.actions.known.customer_ids", look)
    (done,) = push(billing, ("M1", {"district": "东"}))
    assert (done.status, done.customer.pk, len(looks)) == ("updated", gold.pk, 2)
    monkeypatch.setattr("accounts.actions.known.customer_ids", lambda keys: dict.fromkeys(keys, 10**9))
    with pytest.raises(Conflict):
        push(billing, ("M1", {"district": "西"}))


def test_an_id_with_space_around_names_the_same_customer(cast, billing):
    """PLT-2: looked up in the form it is stored in; a second customer of one id was a fault of the server before."""
    known(cast, "gold", "B-20")
    same, changed = push(billing, (" B-20", {"kind": "vip"})), push(billing, ("B-20 ", {"district": "东"}))
    assert [(row.status, row.customer.pk) for row in (*same, *changed)] == [
        ("unchanged", cast.customers["gold"].pk), ("updated", cast.customers["gold"].pk),
    ]  # fmt: skip


def test_only_what_is_new_of_a_row_is_checked_and_written(cast, billing):
    """PLT-2: values that stand pass; those beside them are held to the rules, and no other column moves."""
    gold = known(cast, "gold", "B-21")
    row = {"kind": "vip", "name": gold.name, "unit": "A", "manager": "M1001", "tier": "gold"}
    (bad,) = push(billing, ("B-21", row | {"email": "x", "district": "东"}))
    assert (bad.status, [problem.field for problem in bad.problems]) == ("failed", ["email"])
    (good,) = push(billing, ("B-21", row | {"district": "东"}))
    assert (good.status, good.customer.version) == ("updated", gold.version + 1)
    written = Change.objects.filter(tbl="accounts_customer", row_id=gold.pk, op="U").latest("seq")
    assert written.after == {"district": "东"}
