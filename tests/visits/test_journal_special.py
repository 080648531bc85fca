"""Special visits (特殊访问记录): the trigger is a must, the clock runs from the discovery, the visit links itself."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.visits.ledger_world import visit
from visits.actions import log_visit, mend_visit, undo_visit
from visits.actions.sheet import VisitSheet
from visits.models import SpecialVisit, Visit
from visits.queries.journal.special import special_for, special_rates

pytestmark = pytest.mark.django_db


def stamp(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S")


def send(client, customer, **changes):
    """The one form, found two hours ago and not visited yet."""
    body = {
        "trigger": "客户机房失火", "found_at": stamp(timezone.now() - timedelta(hours=2)), "how": "later",
        "client_key": str(uuid4()),
    } | changes  # fmt: skip
    return client.post(reverse("visits:special_new", args=[customer.pk]), body)


def call(customer, by, **changes):
    values = {
        "customer_ids": (customer.pk,), "channel": "phone", "outcome": "effective", "client_key": uuid4(),
        "occurred_at": timezone.now() - timedelta(minutes=5), "occasion": "care",
    } | changes  # fmt: skip
    (visit_id,) = log_visit(sheet=VisitSheet(**values), by=by, now=timezone.now()).visit_ids
    return Visit.unscoped.get(pk=visit_id)


@pytest.fixture
def found(cast):
    """A situation of the gold customer that waits for a visit."""
    return SpecialVisit.unscoped.create(
        customer=cast.customers["gold"], staff=cast.staff["manager"], trigger="断网", created_by=cast.manager,
        found_at=timezone.now() - timedelta(hours=3), created_at=timezone.now(),
    )  # fmt: skip


# --- The form


@pytest.mark.parametrize("trigger", ["", "   ", "\u200b"])
def test_a_special_visit_without_a_trigger_is_refused(cast, as_user, trigger):
    """PLAN-8: the trigger is a must."""
    answer = send(as_user(cast.manager), cast.customers["gold"], trigger=trigger)
    assert answer.status_code == 400
    assert not SpecialVisit.unscoped.exists()


def test_without_a_visit_yet_the_clock_runs(cast, as_user):
    """PLAN-8: the delay is measured from the discovery; Today shows what waits."""
    client = as_user(cast.manager)
    answer = send(client, cast.customers["gold"])
    made = SpecialVisit.unscoped.get()
    assert answer["Location"] == reverse("visits:special_detail", args=[made.pk])
    assert (made.visited_at, made.visit) == (None, None)
    assert "2 小时" in client.get(answer["Location"]).content.decode()
    assert "客户机房失火" in client.get("/").content.decode()


def test_the_one_form_logs_the_visit_too(cast, as_user):
    """PLAN-8: situation, visit, facts, actions, follow-up in one form; nobody types twice."""
    answer = send(
        as_user(cast.manager), cast.customers["gold"], how="on_site", facts="配电房进水", actions="已派应急车",
        visited_at=stamp(timezone.now() - timedelta(hours=1)), follow_up="明早复查",
    )  # fmt: skip
    assert answer.status_code == 302
    made, logged = SpecialVisit.unscoped.get(), Visit.unscoped.get()
    assert (made.visit, made.visited_at) == (logged, logged.occurred_at)
    assert (logged.kind, logged.channel.code) == ("special", "on_site")
    assert (logged.content, logged.result, logged.next_step) == ("配电房进水", "已派应急车", "明早复查")


def test_a_visit_logged_before_the_record_can_be_chosen(cast, as_user):
    """PLAN-8: linked to a visit logged then."""
    logged = call(cast.customers["gold"], cast.manager)
    client = as_user(cast.manager)
    page = client.get(reverse("visits:special_new", args=[cast.customers["gold"].pk])).content.decode()
    assert f'value="visit-{logged.pk}"' in page
    send(client, cast.customers["gold"], how=f"visit-{logged.pk}", facts="已恢复")
    logged.refresh_from_db()
    assert (SpecialVisit.unscoped.get().visit, logged.kind) == (logged, "special")


@pytest.mark.parametrize(
    "wrong",
    [
        {"how": "on_site"},  # when?
        {"how": "on_site", "visited_at": "2026-01-01T10:00"},  # before it was found
        {"how": "visit-999999", "facts": "x"},
        {"found_at": "2019-01-01T10:00"},
        {"found_at": stamp(timezone.now() + timedelta(hours=3))},
        {"trigger": "长" * 501},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(cast, as_user, wrong):
    """Bad inputs."""
    assert send(as_user(cast.manager), cast.customers["gold"], **wrong).status_code == 400
    assert not SpecialVisit.unscoped.exists()
    assert not Visit.unscoped.exists()


def test_facts_are_a_must_once_somebody_was_there(cast, as_user):
    """PLAN-8: facts of the visit."""
    answer = send(
        as_user(cast.manager), cast.customers["gold"], how="phone",
        visited_at=stamp(timezone.now() - timedelta(minutes=9)),
    )  # fmt: skip
    assert answer.status_code == 400
    assert not Visit.unscoped.exists()


def test_a_form_sent_twice_is_one_record(cast, as_user):
    """Scorecard 26."""
    same = {"client_key": str(uuid4()), "found_at": stamp(timezone.now() - timedelta(hours=1))}
    for _ in range(2):
        assert send(as_user(cast.manager), cast.customers["gold"], **same).status_code == 302
    assert SpecialVisit.unscoped.count() == 1


def test_a_stranger_finds_nothing(cast, as_user, found):
    """SEC-3."""
    client = as_user(cast.stranger)
    assert send(client, cast.customers["gold"]).status_code == 404
    assert client.get(reverse("visits:special_detail", args=[found.pk])).status_code == 404
    assert "断网" not in client.get(reverse("visits:special_list")).content.decode()


# --- The visit links itself


def test_the_next_visit_is_the_special_one(cast, found):
    """PLAN-8: linked to a visit logged later; its kind is special (CON-15)."""
    logged = call(cast.customers["gold"], cast.manager)
    found.refresh_from_db()
    logged.refresh_from_db()
    assert (found.visit, found.visited_at, logged.kind) == (logged, logged.occurred_at, "special")


@pytest.mark.parametrize("changes", [{"outcome": "no_answer"}, {"occurred_at": timezone.now() - timedelta(hours=5)}])
def test_an_attempt_or_an_earlier_visit_answers_nothing(cast, found, changes):
    call(cast.customers["gold"], cast.manager, **changes)
    found.refresh_from_db()
    assert found.visit is None


def test_an_undone_visit_opens_the_situation_again(cast, found):
    logged = call(cast.customers["gold"], cast.manager)
    undo_visit(visit_id=logged.pk, by=cast.manager, now=timezone.now())
    found.refresh_from_db()
    assert (found.visit, found.visited_at) == (None, None)


def test_a_mended_visit_stays_special_and_takes_its_moment_along(cast, found):
    """CON-15: special is not computed away."""
    logged = call(cast.customers["gold"], cast.manager)
    when = {"version": None, "by": cast.manager, "now": timezone.now()}
    later = logged.occurred_at + timedelta(minutes=2)
    mend_visit(visit_id=logged.pk, changes={"occurred_at": later}, **when)
    found.refresh_from_db()
    assert (found.visited_at, Visit.unscoped.get().kind) == (later, "special")
    mend_visit(visit_id=logged.pk, changes={"outcome": "no_answer"}, **when)
    found.refresh_from_db()
    assert (found.visit, Visit.unscoped.get().kind) == (None, "irregular")


# --- Afterwards


def test_only_its_author_writes_down_what_was_done(cast, as_user, found):
    body = {"facts": "光缆被挖断", "actions": "已抢修", "follow_up": "回访", "version": "1"}
    address = reverse("visits:special_detail", args=[found.pk])
    assert as_user(cast.supervisor).post(address, body).status_code == 403
    client = as_user(cast.manager)
    assert client.post(address, body).status_code == 302
    assert client.post(address, body | {"facts": "别的"}).status_code == 409  # an old tab
    found.refresh_from_db()
    assert (found.facts, found.version) == ("光缆被挖断", 2)


def test_the_delay_is_shown_and_too_long_a_one_is_late(cast, found):
    """PLAN-8: ours ≤ 24 h."""
    now, scope = timezone.now(), cast.manager.access.scope
    assert not special_for(scope, found.pk).is_late(now)
    SpecialVisit.unscoped.filter(pk=found.pk).update(found_at=now - timedelta(hours=24, minutes=1))
    row = special_for(scope, found.pk)
    assert row.is_late(now)
    assert row.delay_text(now) == "24 小时"


def test_the_share_in_time_with_its_rows(cast, as_user):
    """F29: special visits within 24 h of the discovery, of all; one that waits is not in time."""
    now, gold = timezone.now(), cast.customers["gold"]
    common = {"customer": gold, "staff": cast.staff["manager"], "created_by": cast.manager, "created_at": now}
    for hours, trigger in ((3, "快"), (30, "慢"), (None, "没去")):
        start = now - timedelta(hours=31)
        done = visit(gold, timezone.localdate(start), cast=cast, client_key=uuid4()) if hours else None
        SpecialVisit.unscoped.create(
            **common, trigger=trigger, found_at=start, visit=done,
            visited_at=start + timedelta(hours=hours) if hours else None,
        )  # fmt: skip
    day = timezone.localdate(now - timedelta(hours=31))
    (rate,) = special_rates(cast.supervisor.access.scope, first=day, last=day, today=timezone.localdate(now))
    assert (rate.timely, rate.all) == (1, 3)
    client = as_user(cast.supervisor)
    for state, words in (("timely", ["快"]), ("late", ["慢", "没去"]), ("open", ["没去"])):
        page = client.get(reverse("visits:special_list") + f"?state={state}").content.decode()
        assert [word for word in ("快", "慢", "没去") if f">{word}<" in page] == words, state


@pytest.mark.parametrize("query", ["?state=odd", "?staff=x", "?from=2026-02-30", "?nope=1"])
def test_a_filter_nobody_knows_is_told_so(cast, as_user, query):
    assert as_user(cast.manager).get(reverse("visits:special_list") + query).status_code == 400
