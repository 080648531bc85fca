"""Outings: registered before leaving, one tap out and back, reconciled with visits (SEC-7, SEC-8, F47)."""

from datetime import datetime, time, timedelta
from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone

from conduct import actions, queries
from conduct.models import Outing
from conduct.rules import belongs_to
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.models import Notice
from crm.core.sweeps import run_step
from tests.visits.ledger_world import visit
from visits.models import Channel, Plan, PlanItem, Visit
from workbench.queries.strips import strips

pytestmark = pytest.mark.django_db


def noon(days=0):
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), time(12)))


def register(cast, *, by="manager", now=None, hours=2, **more):
    now = now or timezone.now()
    return actions.register_outing(
        leaves_at=more.pop("leaves_at", now), returns_at=more.pop("returns_at", now + timedelta(hours=hours)),
        destination="江城港务局", purpose="续约面谈", by=getattr(cast, by), now=now, **more,
    )  # fmt: skip


def on_site(cast, at, *, customer="gold", by="manager"):
    made = visit(cast.customers[customer], timezone.localdate(at), cast=cast, by=by, channel="on_site", client_key=None)
    Visit.unscoped.filter(pk=made.pk).update(occurred_at=at, occurred_on=timezone.localdate(at))
    return made


def plan(cast, *customers, day=None, state="accepted", channel="on_site"):
    day = day or timezone.localdate()
    made = Plan.unscoped.create(
        staff=cast.staff["manager"], period="week", starts_on=day - timedelta(days=day.weekday()), state=state,
        drafted_at=timezone.now(), accepted_at=timezone.now() if state == "accepted" else None,
    )  # fmt: skip
    for place, name in enumerate(customers):
        PlanItem.unscoped.create(
            plan=made, customer=cast.customers[name], planned_on=day, position=place,
            channel=Channel.objects.get(code=channel),
        )  # fmt: skip
    return made


def test_registering_tells_the_supervisor(cast, as_user):
    """SEC-7: leave time, destination, purpose, planned return; the direct supervisor is told automatically."""
    start = timezone.localtime() + timedelta(minutes=20)
    body = {"destination": "江城港务局", "purpose": "续约面谈", "leaves_at": f"{start:%Y-%m-%dT%H:%M}",
            "returns_at": f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}"}  # fmt: skip
    client = as_user(cast.manager)
    assert client.post(reverse("conduct:outing_new"), body).status_code == 302
    outing = Outing.unscoped.get()
    assert outing.state == "registered"
    notice = Notice.objects.get(user=cast.supervisor)
    assert notice.kind == "outing_registered" and notice.params["destination"] == "江城港务局"
    assert client.post(reverse("conduct:outing_new"), body | {"returns_at": body["leaves_at"]}).status_code == 400
    assert client.post(reverse("conduct:outing_new"), body | {"purpose": ""}).status_code == 400


def test_one_tap_out_and_one_tap_back(cast, as_user):
    """SEC-7: a tap tells the supervisor; back closes it; twice is the same as once."""
    outing = register(cast)
    client = as_user(cast.manager)
    assert f'value="{outing.pk}"' in client.get("/").content.decode()
    assert client.post(reverse("conduct:outing_leave"), {"outing": outing.pk}).status_code == 302
    outing.refresh_from_db()
    assert outing.state == "out" and outing.left_at is not None
    assert Notice.objects.filter(user=cast.supervisor, kind="outing_left").count() == 1
    assert reverse("conduct:outing_back", args=[outing.pk]) in client.get("/").content.decode()
    assert as_user(cast.teammate).post(reverse("conduct:outing_back", args=[outing.pk])).status_code == 404
    client = as_user(cast.manager)
    for _twice in range(2):
        assert client.post(reverse("conduct:outing_back", args=[outing.pk])).status_code == 302
    outing.refresh_from_db()
    assert outing.state == "back"


def test_the_accepted_day_plan_is_the_registration(cast, as_user):
    """SEC-7, issue 3: one tap; destination and customers come from the plan."""
    plan(cast, "gold", "silver")
    client = as_user(cast.manager)
    page = client.get("/").content.decode()
    assert reverse("conduct:outing_leave") in page
    assert client.post(reverse("conduct:outing_leave")).status_code == 302
    outing = Outing.unscoped.get()
    assert (outing.source, outing.state, outing.destination) == ("plan", "out", "金满堂、银小满")
    assert set(outing.stops.values_list("customer_id", flat=True)) == {
        cast.customers["gold"].pk, cast.customers["silver"].pk,
    }  # fmt: skip
    assert Notice.objects.get(user=cast.supervisor).kind == "outing_left"


def test_a_draft_or_a_plan_of_calls_is_no_registration(cast):
    """SEC-7: only on-site visits of an accepted plan."""
    plan(cast, "gold", channel="phone")
    with pytest.raises(Invalid):
        actions.leave(by=cast.manager, now=timezone.now())
    Plan.unscoped.update(state="draft", accepted_at=None)
    PlanItem.unscoped.update(channel=Channel.objects.get(code="on_site"))
    with pytest.raises(Invalid):
        actions.leave(by=cast.manager, now=timezone.now())
    assert not Outing.unscoped.exists()


def test_what_cannot_be(cast):
    """Nobody is out twice; an outing of this morning is no registration before leaving; a stranger's is not there."""
    now = timezone.now()
    register(cast, now=now, leaving=True)
    with pytest.raises(Conflict):
        register(cast, now=now, leaving=True)
    with pytest.raises(Invalid):
        register(cast, now=now, leaves_at=now - timedelta(hours=2))
    with pytest.raises(NotFound):
        actions.cancel_outing(outing_id=Outing.unscoped.first().pk, by=cast.stranger, now=now)


def test_the_night_closes_what_nobody_closed(cast):
    """SEC-7: closes itself at the end of the day; twice is the same as once; today's stay open."""
    yesterday = noon(-1)
    out = register(cast, now=yesterday, leaving=True)
    waiting = register(cast, by="teammate", now=yesterday)
    fresh = register(cast, by="stranger", leaving=True)
    today = timezone.localdate()
    for _twice in range(2):
        run_step("close_outings", today, timezone.now())
    for row in (out, waiting, fresh):
        row.refresh_from_db()
    assert (out.state, out.back_at, out.closed_by_night) == ("back", out.returns_at, True)
    assert (waiting.state, waiting.back_at) == ("cancelled", None)
    assert fresh.state == "out"


def test_the_exceptions_name_both_sides(cast, as_user):
    """SEC-7, SEC-8: on site without an outing; an outing without any contact; each to its rows."""
    covered = register(cast, now=noon(-3), leaving=True)
    actions.come_back(outing_id=covered.pk, by=cast.manager, now=noon(-3) + timedelta(hours=2))
    on_site(cast, noon(-3) + timedelta(hours=1))
    empty = register(cast, now=noon(-2), leaving=True)
    actions.come_back(outing_id=empty.pk, by=cast.manager, now=noon(-2) + timedelta(hours=1))
    alone = on_site(cast, noon(-1), customer="silver")
    span = {"first": timezone.localdate() - timedelta(days=9), "last": timezone.localdate()}
    access = cast.supervisor.access
    assert [row.visit_id for row in queries.uncovered_visits(access, **span)] == [alone.pk]
    assert [row.id for row in queries.empty_outings(access, **span)] == [empty.pk]
    (share,) = queries.outing_shares(access, **span)
    assert (share.visits, share.covered, share.per_cent) == (2, 1, 50.0)
    assert queries.outing_shares(cast.stranger_supervisor.access, **span) == []
    assert as_user(cast.supervisor).get(reverse("conduct:reconciliation")).status_code == 200


def test_a_visit_of_the_accepted_plan_is_covered(cast):
    """F47: the plan is the registration, whether or not he tapped."""
    plan(cast, "gold")
    on_site(cast, timezone.now() - timedelta(minutes=1))
    span = {"first": timezone.localdate() - timedelta(days=1), "last": timezone.localdate()}
    (share,) = queries.outing_shares(cast.manager.access, **span)
    assert share.per_cent == 100.0


@pytest.mark.parametrize(
    ("how", "is_registered"),
    [({}, True), ({"state": "draft"}, False), ({"state": "system"}, True), ({"channel": "phone"}, False)],
)
def test_every_page_reads_the_day_plan_by_the_one_rule(cast, how, is_registered):
    """SEC-7: the register, Today and the reconciliation agree on what registers the way, in the order of the day."""
    plan(cast, "silver", "gold", **how)
    PlanItem.unscoped.filter(customer=cast.customers["silver"]).update(half="pm")
    today, staff_id = timezone.localdate(), cast.staff["manager"].pk
    found = queries.day_plan(staff_id, today)
    strip = strips(staff_id, [staff_id], today, timezone.now()).outing
    assert (strip.state == "planned") is (found is not None) is is_registered
    if found:
        assert (strip.destination, strip.planned) == (found.destination, found.count)
        assert found.customer_ids == (cast.customers["gold"].pk, cast.customers["silver"].pk)
    on_site(cast, timezone.now() - timedelta(minutes=1))
    (share,) = queries.outing_shares(cast.manager.access, first=today - timedelta(days=1), last=today)
    assert bool(share.covered) is is_registered


def test_what_belongs_to_an_outing_is_that_of_the_rule(cast):
    """Parity: 60 drawn visits around one outing, SQL against the pure rule."""
    random, start = Random(8), noon(-2)
    outing = register(cast, now=start, leaving=True)
    if random.random() < 0.5:
        actions.come_back(outing_id=outing.pk, by=cast.manager, now=start + timedelta(minutes=70))
    outing.refresh_from_db()
    expected = set()
    for _number in range(60):
        at = start + timedelta(minutes=random.randrange(-120, 240))
        made = on_site(cast, at)
        if not belongs_to(at, left_at=outing.left_at, back_at=outing.back_at, returns_at=outing.returns_at, slack=30):
            expected.add(made.pk)
    day = timezone.localdate(start)
    found = {row.visit_id for row in queries.uncovered_visits(cast.manager.access, first=day, last=day)}
    assert found == expected


def test_the_register_shows_ones_own_or_the_teams(cast, as_user):
    """SEC-3."""
    register(cast)
    address = reverse("conduct:outing_list")
    for who, seen in (("manager", True), ("supervisor", True), ("teammate", False), ("stranger_supervisor", False)):
        assert ("江城港务局" in as_user(getattr(cast, who)).get(address).content.decode()) is seen, who
    assert as_user(cast.manager).get(f"{address}?state=x").status_code == 400
