"""Tier, state and the mark "important" on the page of a customer: who is offered what, and what it does."""

import pytest

from accounts.models import Customer, Tier, TierProposal
from crm.core.models import AccessLog

pytestmark = pytest.mark.django_db


def address(customer):
    return f"/customers/{customer.pk}/decide/"


def deeds(answer):
    return [value for value, _label in answer.context["form"].fields["deed"].choices]


def tier(code):
    return Tier.objects.get(kind="vip", code=code)


def stored(cast, key):
    return Customer.unscoped.get(pk=cast.customers[key].pk)


def test_an_ordinary_customer_is_upgraded_and_then_gets_a_manager(cast, as_user):
    """ORG-3: refused as he is, with the way out; upgraded on his page, assigned after."""
    client, ordinary = as_user(cast.supervisor), cast.customers["ordinary"]
    handover = {"ids": ordinary.pk, "to_staff": cast.staff["manager"].pk, "reason": "新增", "step": "do"}
    refused = client.post("/handover/", handover)
    assert refused.status_code == 400
    assert stored(cast, "ordinary").manager is None
    assert deeds(client.get(address(ordinary))) == ["upgrade"]
    done = client.post(address(ordinary), {"deed": "upgrade", "tier": tier("silver").pk, "reason": "消费达标"})
    assert done.status_code == 302, done.content.decode()[-600:]
    assert (stored(cast, "ordinary").kind, stored(cast, "ordinary").tier) == ("vip", tier("silver"))
    assert client.post("/handover/", handover | {"count": "1"}).status_code == 302
    assert stored(cast, "ordinary").manager == cast.staff["manager"]


def test_the_market_manager_of_the_area_approves_and_nobody_else(cast, as_user):
    """ORG-12: the market manager of the area may; a manager gets 403, somebody of another area finds nothing."""
    client, gold = as_user(cast.manager), cast.customers["gold"]
    proposed = client.post(address(gold), {"deed": "propose", "tier": tier("diamond").pk, "reason": "消费上升"})
    assert proposed.status_code == 302
    proposal = TierProposal.unscoped.get()
    approve = f"/approvals/tiers/{proposal.pk}/"
    assert client.post(approve, {"grant": "yes"}).status_code == 403
    assert AccessLog.objects.filter(user=cast.manager, kind="denied").count() == 1
    assert as_user(cast.stranger_supervisor).post(approve, {"grant": "yes"}).status_code == 404
    assert stored(cast, "gold").tier == tier("gold")
    client = as_user(cast.market_manager)
    assert "金满堂" in client.get("/approvals/").content.decode()
    assert client.post(approve, {"grant": "yes"}).status_code in (200, 204, 302)
    assert stored(cast, "gold").tier == tier("diamond")


def test_only_a_supervisor_marks_a_vip_important_and_the_page_says_why(cast, as_user):
    """CUS-5: set by a supervisor only, with who, when and why."""
    gold = cast.customers["gold"]
    assert "mark" not in deeds(as_user(cast.manager).get(address(gold)))
    forged = as_user(cast.manager).post(address(gold), {"deed": "mark", "reason": "x"})
    assert forged.status_code == 400
    assert not stored(cast, "gold").is_important
    client = as_user(cast.supervisor)
    assert client.post(address(gold), {"deed": "mark", "reason": "人大代表"}).status_code == 302
    gold = stored(cast, "gold")
    assert (gold.is_important, gold.important_by, gold.important_reason) == (True, cast.supervisor, "人大代表")
    assert "人大代表" in client.get(f"/customers/{gold.pk}/").content.decode()


def test_a_customer_who_left_drops_from_the_due_list(cast, as_user):
    """CUS-31: only active customers are owed contact."""
    from tests.workbench.world import owe_today

    owe_today(cast.customers["gold"], is_overdue=True)
    client, gold = as_user(cast.manager), cast.customers["gold"]
    assert "金满堂" in client.get("/customers/?overdue=1").content.decode()
    assert client.post(address(gold), {"deed": "state", "state": "churned", "reason": "携出"}).status_code == 302
    assert "金满堂" not in client.get("/customers/?overdue=1").content.decode()
    assert "金满堂" not in client.get("/").content.decode()


def test_only_what_ones_deeds_ask_for_is_asked(cast, as_user):
    """Screens: no page asks for what it does not use; the only deed is chosen already."""
    group = cast.customers["teammates"]
    of_supervisor = as_user(cast.supervisor).get(address(group)).context["form"]
    assert set(of_supervisor.fields) == {"deed", "tier", "reason"} and of_supervisor["deed"].value() == "tier"
    of_manager = as_user(cast.teammate).get(address(group)).context["form"]
    assert set(of_manager.fields) == {"deed", "tier", "state", "reason"}
    change = {"deed": "tier", "tier": Tier.objects.get(kind="group", code="level2").pk, "reason": "规模变化"}
    assert as_user(cast.supervisor).post(address(group), change).status_code == 302
    assert stored(cast, "teammates").tier.code == "level2"
