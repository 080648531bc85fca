"""Approvals: decided with the evidence in view, never by who asked (SEC-24)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Post, TierProposal
from tests.visits.ledger_world import visit
from tests.workbench.world import HTMX, owe_today, today
from visits.models import Excuse, Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def excuse(cast):
    """Asked by the manager after three attempts."""
    duty = owe_today(cast.customers["gold"])
    for back, channel in ((2, "phone"), (1, "wechat"), (0, "phone")):
        visit(
            cast.customers["gold"], today() - timedelta(days=back), cast=cast, channel=channel, counts=False,
            outcome=Outcome.objects.get(code="no_answer"), content=f"第{back}天没接",
        )  # fmt: skip
    type(duty).unscoped.filter(pk=duty.pk).update(starts_on=today() - timedelta(days=5))
    return Excuse.unscoped.create(
        duty=duty, kind="unreachable", requested_by=cast.manager, requested_at=timezone.now(), text="一直不接"
    )


@pytest.fixture
def proposal(cast):
    """From gold to silver, by billing."""
    customer = cast.customers["gold"]
    return TierProposal.unscoped.create(
        customer=customer, from_tier=customer.tier, to_tier=cast.customers["silver"].tier, source="billing",
        proposed_at=timezone.now(), reason="消费下降",
    )  # fmt: skip


def test_the_attempts_are_in_view(cast, as_user, excuse):
    """Issue 2: decided with the attempts in view."""
    text = as_user(cast.supervisor).get("/approvals/").content.decode()
    assert "金满堂" in text and "一直不接" in text and "第1天没接" in text


def test_granting_takes_the_duty_out_of_the_count(cast, as_user, excuse):
    """Design: excused only by a supervisor's decision, with a remark."""
    values = {"grant": "yes", "remark": "属实"}
    response = as_user(cast.supervisor).post(f"/approvals/excuses/{excuse.pk}/", values, headers=HTMX)
    excuse.refresh_from_db()
    assert (response.status_code, excuse.state, excuse.remark) == (204, "granted", "属实")
    assert excuse.duty.state == "excused"


def test_refusing_leaves_it_owed(cast, as_user, excuse):
    """The duty stays."""
    as_user(cast.supervisor).post(f"/approvals/excuses/{excuse.pk}/", {"grant": "no"})
    excuse.refresh_from_db()
    assert (excuse.state, excuse.duty.state) == ("refused", "open")


def test_nobody_decides_his_own_request(cast, as_user, excuse):
    """SEC-24: self-approval 403, also for a manager who leads."""
    Post.unscoped.create(staff=cast.staff["manager"], role="supervisor", unit=cast.units["A"])
    client = as_user(cast.manager)
    assert "ti-lock" in client.get("/approvals/").content.decode()
    assert client.post(f"/approvals/excuses/{excuse.pk}/", {"grant": "yes"}, headers=HTMX).status_code == 403
    excuse.refresh_from_db()
    assert excuse.state == "requested"


def test_strangers_find_nothing_to_decide(cast, as_user, excuse, proposal):
    """Decisions 13: 404 for another unit, 403 without the ability."""
    client = as_user(cast.stranger_supervisor)
    assert "金满堂" not in client.get("/approvals/").content.decode()
    assert client.post(f"/approvals/excuses/{excuse.pk}/", {"grant": "yes"}).status_code == 404
    assert client.post(f"/approvals/tiers/{proposal.pk}/", {"grant": "yes"}).status_code == 404
    assert as_user(cast.manager).post(f"/approvals/excuses/{excuse.pk}/", {"grant": "yes"}).status_code == 403


def test_a_decision_needs_an_answer(cast, as_user, excuse):
    """Bad input: 400, nothing decided."""
    client = as_user(cast.supervisor)
    assert client.post(f"/approvals/excuses/{excuse.pk}/", {}, headers=HTMX).status_code == 400
    assert client.post(f"/approvals/excuses/{excuse.pk}/", {"grant": "perhaps"}, headers=HTMX).status_code == 400
    excuse.refresh_from_db()
    assert excuse.state == "requested"


def test_a_proposed_tier_is_accepted_or_refused(cast, as_user, proposal):
    """CUS-4: never an automatic downgrade; the supervisor decides."""
    client = as_user(cast.supervisor)
    assert "消费下降" in client.get("/approvals/").content.decode()
    assert client.post(f"/approvals/tiers/{proposal.pk}/", {"grant": "yes"}, headers=HTMX).status_code == 204
    proposal.refresh_from_db()
    proposal.customer.refresh_from_db()
    assert proposal.state == "approved" and proposal.customer.tier.code == "silver"


def test_one_manager_s_requests_can_be_looked_at_alone(cast, as_user, excuse):
    """Team's number leads to these rows."""
    client = as_user(cast.supervisor)
    assert "金满堂" in client.get(f"/approvals/?manager={cast.staff['manager'].pk}").content.decode()
    assert "金满堂" not in client.get(f"/approvals/?manager={cast.staff['teammate'].pk}").content.decode()
