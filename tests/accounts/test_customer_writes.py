"""People create and change customers."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import actions
from accounts.choices import CustomerState
from accounts.models import Assignment, Customer, PersonProfile, Standing, TierHistory, TierProposal
from accounts.queries import customers_by_search
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.models import Change

pytestmark = pytest.mark.django_db


def now(days=0):
    return timezone.make_aware(datetime(2026, 11, 18, 10)) + timedelta(days=days)


def update(cast, key="gold", by="manager", **more):
    return actions.update_customer(customer_id=cast.customers[key].pk, by=cast.users[by], now=now(), **more)


def create(cast, by="manager", **values):
    return actions.create_customer(values={"kind": "vip", "name": "赵云", **values}, by=cast.users[by], now=now())


def test_a_manager_creates_a_customer_of_his_own(cast):
    """CUS-9: partial at creation; number, manager, unit, standing and search words come by themselves."""
    made = create(cast, tier="silver", phone="13811112222", monthly_spend="88").customer
    assert made.number.startswith("K") and len(made.number) == 9
    assert (made.manager, made.unit) == (cast.staff["manager"], cast.units["A"])
    assert Assignment.unscoped.filter(customer=made, staff=cast.staff["manager"], valid_to=None).count() == 1
    assert TierHistory.unscoped.filter(customer=made, valid_to=None, valid_from=now().date()).count() == 1
    standing = Standing.unscoped.get(pk=made.pk)
    assert (standing.tier_rank, standing.manager_id, standing.value) == (3, cast.staff["manager"].pk, Decimal(88))
    for text in ("赵云", "zy", made.number, "2222"):
        assert [found.id for found in customers_by_search(cast.manager.access.scope, text)] == [made.pk], text


def test_one_manager_does_not_create_for_another_or_elsewhere(cast):
    """SEC-3: not found rather than allowed."""
    with pytest.raises(Invalid):
        create(cast, manager="M2001")
    with pytest.raises(NotAllowed):
        create(cast, by="supervisor")


def test_every_problem_is_told_at_once(cast):
    """Safety 5: field, reason and code of each."""
    with pytest.raises(Invalid) as refusal:
        create(cast, name=" ", phone="1", tier="platinum", colour="red", state="gone", unit="ZZ")
    assert {(found.field, found.code) for found in refusal.value.errors} == {
        ("name", "blank"), ("phone", "invalid_phone"), ("tier", "not_found"), ("colour", "unknown_field"),
        ("state", "invalid_choice"), ("unit", "not_found"),
    }  # fmt: skip
    assert not Customer.unscoped.filter(created_at=now()).exists()


def test_an_ordinary_customer_is_created_without_manager(cast):
    """ORG-3."""
    with pytest.raises(Invalid) as refusal:
        create(cast, kind="ordinary", manager="M1001", tier="gold")
    assert "ordinary_customer" in {found.code for found in refusal.value.errors}
    plain = {"kind": "ordinary", "name": "路人", "unit": "A"}
    assert actions.create_customer(values=plain, by=None, now=now()).customer.manager is None


def test_a_change_raises_the_version_once_and_keeps_both_values(cast):
    """SEC-23: who, when, old and new."""
    written = update(cast, changes={"phone": "13900009999", "sports": "羽毛球"})
    assert written.status == "updated"
    assert written.customer.version == 2
    assert PersonProfile.unscoped.get(customer=written.customer).sports == "羽毛球"
    change = Change.objects.filter(tbl="accounts_customer", row_id=written.customer.pk, op="U").latest("seq")
    assert (change.actor, change.before["phone"], change.after["phone"]) == (
        cast.manager.pk, "13900000002", "13900009999",
    )  # fmt: skip


def test_equal_values_write_nothing(cast):
    """sync-api: unchanged is real."""
    before = Change.objects.count()
    written = update(cast, changes={"phone": "139 0000 0002", "name": "金满堂", "email": None, "sports": ""})
    assert written.status == "unchanged"
    assert Customer.unscoped.get(pk=written.customer.pk).version == 1
    assert Change.objects.count() == before
    assert not PersonProfile.unscoped.exists()


def test_the_second_of_two_tabs_is_told_who_was_faster(cast):
    """Bad input 33: 409 with today's values, who and when; nothing is overwritten."""
    update(cast, changes={"district": "城东"}, version=1)
    with pytest.raises(Conflict) as conflict:
        update(cast, changes={"district": "城西"}, version=1)
    current = conflict.value.current
    assert (current["district"], current["version"], current["changed_by"]) == ("城东", 2, "林晓")
    assert Customer.unscoped.get(pk=cast.customers["gold"].pk).district == "城东"


def test_an_older_message_of_the_source_writes_nothing(cast):
    """sync-api: yesterday's file after today's does no harm."""
    assert update(cast, changes={"district": "新"}, source_updated_at=now(-1)).status == "updated"
    assert update(cast, changes={"district": "旧"}, source_updated_at=now(-2)).status == "stale"
    assert update(cast, changes={"district": "新"}, source_updated_at=now()).status == "unchanged"
    assert update(cast, changes={"district": "间"}, source_updated_at=now(-1)).status == "stale"
    assert Customer.unscoped.get(pk=cast.customers["gold"].pk).district == "新"
    with pytest.raises(Invalid):
        update(cast, changes={"district": "后"}, source_updated_at=now(3))


@pytest.mark.parametrize(
    ("by", "error"),
    [
        ("supervisor", NotAllowed),
        ("handler", NotAllowed),
        ("stranger", NotFound),
        ("teammate", NotFound),
        ("nobody", NotFound),
    ],
)
def test_who_may_not_change_a_customer(cast, by, error):
    """SEC-3, PLT-7: supervisors read; others do not see."""
    with pytest.raises(error):
        update(cast, by=by, changes={"district": "x"})
    with pytest.raises(error):
        actions.change_state(
            customer_id=cast.customers["gold"].pk, state="churned", reason="x", by=cast.users[by], now=now()
        )


def test_a_manager_moves_neither_tier_nor_manager_through_an_edit(cast):
    """CUS-4, PLT-7: a tier becomes a proposal, the manager is refused, other columns are read-only."""
    assert update(cast, changes={"tier": "diamond"}).proposed == ["tier"]
    assert TierProposal.unscoped.get().proposed_by == cast.manager
    with pytest.raises(NotAllowed):
        update(cast, changes={"manager": "M1002"})
    with pytest.raises(Invalid) as refusal:
        update(cast, changes={"is_important": True})
    assert refusal.value.errors[0].code == "read_only_field"


def test_the_name_is_found_under_its_new_form(cast):
    """Derived columns follow the name."""
    update(cast, changes={"name": "欧阳锋"})
    scope = cast.manager.access.scope
    assert [found.name for found in customers_by_search(scope, "oyf")] == ["欧阳锋"]
    assert not customers_by_search(scope, "金满")


def test_a_churned_customer_has_a_day_of_leaving_and_may_come_back(cast):
    """CUS-31."""
    gold = cast.customers["gold"].pk
    left = actions.change_state(customer_id=gold, state="churned", reason="携转", by=cast.manager, now=now())
    assert (left.state, left.exited_on) == (CustomerState.CHURNED, now().date())
    back = actions.change_state(customer_id=gold, state="active", reason="回网", by=cast.manager, now=now(3))
    assert (back.state, back.exited_on) == (CustomerState.ACTIVE, None)


def test_a_supervisor_marks_a_vip_as_important(cast):
    """CUS-5: who, when and why; a VIP only, a supervisor only."""

    def mark(key, by):
        return actions.mark_important(
            customer_id=cast.customers[key].pk, important=True, reason="政协委员", by=cast.users[by], now=now()
        )

    marked = mark("gold", "supervisor")
    assert (marked.is_important, marked.important_by, marked.important_at) == (True, cast.supervisor, now())
    with pytest.raises(Invalid):
        mark("teammates", "supervisor")
    with pytest.raises(NotAllowed):
        mark("gold", "manager")


def test_a_customer_has_one_external_id_per_source(cast):
    """sync-api: setting it again replaces it, another customer's id is refused."""
    gold, silver = cast.customers["gold"].pk, cast.customers["silver"].pk
    for external_id in ("B-1", "B-2"):
        actions.set_external_id(customer_id=gold, source="billing", external_id=external_id, by=cast.manager, now=now())
    assert list(cast.customers["gold"].external_ids.values_list("external_id", flat=True)) == ["B-2"]
    with pytest.raises(Conflict):
        actions.set_external_id(customer_id=silver, source="billing", external_id="B-2", by=cast.manager, now=now())
    actions.remove_external_id(customer_id=gold, source="billing", by=cast.manager, now=now())
    with pytest.raises(NotFound):
        actions.remove_external_id(customer_id=gold, source="billing", by=cast.manager, now=now())
