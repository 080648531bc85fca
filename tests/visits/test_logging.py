"""Logging a visit: what is written, what is computed, what is refused."""

from datetime import date, time, timedelta

import pytest

from accounts.models import Cover, Customer
from crm.core import parameters
from crm.core.errors import Invalid, NotAllowed, NotFound
from tests.visits.desk import NOW, TODAY, at, owe, sheet
from visits.actions import log_visit
from visits.models import Visit

pytestmark = pytest.mark.django_db


def codes(refusal):
    return {(problem.field, problem.code) for problem in refusal.value.problems}


def test_a_call_of_the_manager_is_one_row_with_every_computed_field(cast):
    """CON-7, CON-8, CON-15, CON-38, ORG-8: what is computed is never asked."""
    customer = cast.customers["diamond"]
    owe(customer)
    done = log_visit(sheet=sheet(customer, occasion="promotion"), by=cast.manager, now=NOW)
    visit = Visit.unscoped.get()
    assert done.visit_ids == (visit.pk,)
    assert (visit.party, visit.direction, visit.kind) == ("record", "outbound", "regular")
    assert (visit.work_class, visit.category, visit.service_kind) == ("sales", "need", "communication")
    assert (visit.counts, visit.is_backdated, visit.occurred_on, visit.logged_at) == (True, False, TODAY, NOW)
    assert (visit.staff, visit.manager, visit.unit) == (cast.staff["manager"], cast.staff["manager"], cast.units["A"])
    assert (visit.logged_by, visit.logged_from, visit.event) == (cast.manager, "form", None)


def test_a_visit_settles_the_open_duty_at_once(cast):
    """CON-1: the ring turns with the save."""
    duty = owe(cast.customers["gold"])
    done = log_visit(sheet=sheet(cast.customers["gold"]), by=cast.manager, now=NOW)
    duty.refresh_from_db()
    assert (duty.state, duty.met_by_id, duty.met_on) == ("met", done.visit_ids[0], TODAY)
    assert [settled.duty_id for settled in done.settled] == [duty.pk]


def test_a_visit_without_anything_owed_is_irregular(cast):
    """CON-15: regular or irregular comes from the ledger, not from the person."""
    log_visit(sheet=sheet(cast.customers["gold"]), by=cast.manager, now=NOW)
    assert Visit.unscoped.get().kind == "irregular"


@pytest.mark.parametrize("outcome", ["no_answer", "refused", "dissatisfied", "message_left"])
def test_only_an_effective_contact_counts(cast, outcome):
    """CON-8: "no answer" does not move next due."""
    duty = owe(cast.customers["gold"])
    done = log_visit(sheet=sheet(cast.customers["gold"], outcome=outcome), by=cast.manager, now=NOW)
    duty.refresh_from_db()
    assert not Visit.unscoped.get().counts
    assert (duty.state, done.settled) == ("open", [])


def test_a_message_sent_in_bulk_never_counts(cast):
    """CON-8, D7: bulk SMS never counts alone."""
    log_visit(sheet=sheet(cast.customers["gold"], channel="sms", is_bulk=True), by=cast.manager, now=NOW)
    assert not Visit.unscoped.get().counts


@pytest.mark.parametrize(
    "channel", ["phone", "on_site", "reception", "sms", "mms", "letter", "email", "symposium", "activity", "wechat"]
)
def test_every_channel_can_be_logged(cast, channel):
    """CON-5, CON-6: the channel list; a reception is started by the customer unless told otherwise."""
    log_visit(sheet=sheet(cast.customers["gold"], channel=channel), by=cast.manager, now=NOW)
    visit = Visit.unscoped.get()
    assert visit.channel.code == channel
    assert visit.direction == ("inbound" if channel == "reception" else "outbound")


def test_the_direction_given_is_kept(cast):
    """CON-11: the customer called."""
    log_visit(sheet=sheet(cast.customers["gold"], direction="inbound"), by=cast.manager, now=NOW)
    assert Visit.unscoped.get().direction == "inbound"


@pytest.mark.parametrize(("day", "clock"), [(date(2026, 11, 15), "03:00"), (date(2026, 11, 18), "02:30")])
def test_no_hour_and_no_place_is_refused(cast, day, clock):
    """CON-36: Sunday 03:00 in another city is accepted."""
    log_visit(
        sheet=sheet(cast.customers["gold"], occurred_at=at(day, clock), place="杭州东站", channel="on_site"),
        by=cast.manager,
        now=NOW,
    )
    assert Visit.unscoped.get().place == "杭州东站"


# --- Time: CON-34


def test_a_visit_three_days_back_is_taken_and_marked(cast):
    """CON-34, decisions: back-dating up to three local days, flagged."""
    log_visit(
        sheet=sheet(cast.customers["gold"], occurred_at=at(date(2026, 11, 15), "00:01")), by=cast.manager, now=NOW
    )
    visit = Visit.unscoped.get()
    assert (visit.occurred_on, visit.is_backdated, visit.logged_at) == (date(2026, 11, 15), True, NOW)


def test_a_visit_ten_days_late_is_refused(cast):
    """CON-34: visit logged 10 days late refused."""
    with pytest.raises(Invalid) as refusal:
        log_visit(sheet=sheet(cast.customers["gold"], occurred_at=NOW - timedelta(days=10)), by=cast.manager, now=NOW)
    assert codes(refusal) == {("occurred_at", "too_late")}
    assert not Visit.unscoped.exists()


def test_the_limit_is_counted_in_local_days(cast):
    """CON-34: 23:59 four days ago is too late, although fewer than 96 hours have passed."""
    with pytest.raises(Invalid):
        log_visit(
            sheet=sheet(cast.customers["gold"], occurred_at=at(date(2026, 11, 14), "23:59")), by=cast.manager, now=NOW
        )


def test_the_back_dating_limit_is_a_parameter(cast):
    """PLT-10: three days is our default."""
    parameters.set_value("back_dating_days", 0, effective_from=date(2026, 1, 1), by=cast.director, now=NOW)
    with pytest.raises(Invalid):
        log_visit(sheet=sheet(cast.customers["gold"], occurred_at=NOW - timedelta(days=1)), by=cast.manager, now=NOW)


def test_an_imported_visit_has_no_limit_but_carries_its_source(cast):
    """Decisions 7: imported visits carry their source."""
    log_visit(
        sheet=sheet(
            cast.customers["gold"], occurred_at=NOW - timedelta(days=400), logged_from="import",
            source="prm", external_id="V-1", client_key=None,
        ),
        by=cast.manager,
        now=NOW,
    )  # fmt: skip
    visit = Visit.unscoped.get()
    assert (visit.source, visit.external_id, visit.is_backdated) == ("prm", "V-1", False)


@pytest.mark.parametrize(("minutes", "fine"), [(4, True), (6, False)])
def test_the_clock_of_a_phone_may_run_five_minutes_ahead(cast, minutes, fine):
    """Decisions 7: more than 5 minutes in the future is refused."""
    given = sheet(cast.customers["gold"], occurred_at=NOW + timedelta(minutes=minutes))
    if fine:
        log_visit(sheet=given, by=cast.manager, now=NOW)
    else:
        with pytest.raises(Invalid) as refusal:
            log_visit(sheet=given, by=cast.manager, now=NOW)
        assert codes(refusal) == {("occurred_at", "in_future")}


def test_every_problem_is_named_at_once(cast):
    """Bad input: field, code and reason of each problem, nothing half-written."""
    given = sheet(
        cast.customers["gold"], channel="pigeon", outcome="", mood="angry", direction="sideways",
        content="x" * 2001, place="a\x00b", ended_at=NOW - timedelta(hours=3), next_on=date(2026, 11, 1),
    )  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        log_visit(sheet=given, by=cast.manager, now=NOW)
    assert {
        ("channel", "invalid_choice"), ("outcome", "required"), ("mood", "invalid_choice"),
        ("direction", "invalid_choice"), ("content", "too_long"), ("place", "invalid_character"),
        ("ended_at", "ends_before_start"), ("next_on", "out_of_range"), ("next_step", "required"),
    } == codes(refusal)  # fmt: skip
    assert not Visit.unscoped.exists()


# --- Who held it: decisions 7


def test_a_cover_counts_and_the_credit_stays(cast):
    """Decisions 7: the cover's contact counts; the manager of record keeps the credit."""
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on=date(2026, 11, 16),
        ends_on=date(2030, 1, 1), arranged_by=cast.supervisor, arranged_at=NOW,
    )  # fmt: skip
    duty = owe(cast.customers["gold"])
    log_visit(sheet=sheet(cast.customers["gold"]), by=cast.teammate, now=NOW)
    visit = Visit.unscoped.get()
    duty.refresh_from_db()
    assert (visit.party, visit.counts, visit.staff, visit.manager) == (
        "cover", True, cast.staff["teammate"], cast.staff["manager"],
    )  # fmt: skip
    assert (duty.state, duty.manager) == ("met", cast.staff["manager"])


def test_before_his_cover_began_a_substitute_is_somebody_else(cast):
    """Decisions 7: others are shown, not counted."""
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on=date(2026, 11, 18),
        ends_on=date(2030, 1, 1), arranged_by=cast.supervisor, arranged_at=NOW,
    )  # fmt: skip
    log_visit(sheet=sheet(cast.customers["gold"], occurred_at=at(date(2026, 11, 17))), by=cast.teammate, now=NOW)
    visit = Visit.unscoped.get()
    assert (visit.party, visit.counts) == ("other", False)


def test_in_the_managers_presence_it_counts(cast):
    """Decisions 7: somebody in the presence of the manager of record."""
    from crm.core.scope import Scope

    given = sheet(
        cast.customers["gold"], staff_id=cast.staff["teammate"].pk, companion_ids=(cast.staff["manager"].pk,),
        logged_from="api",
    )  # fmt: skip
    log_visit(sheet=given, by=cast.manager, now=NOW, scope=Scope.ALL)
    visit = Visit.unscoped.get()
    assert (visit.party, visit.counts, visit.staff) == ("presence", True, cast.staff["teammate"])
    assert [row.staff for row in visit.companions.all()] == [cast.staff["manager"]]


# --- Where: decisions 10


def on_site(customer, start, minutes=60, **more):
    begin = at(TODAY, start)
    return sheet(customer, channel="on_site", occurred_at=begin, ended_at=begin + timedelta(minutes=minutes), **more)


def test_nobody_is_on_site_in_two_places_at_once(cast):
    """CON-34: two overlapping on-site visits are refused, and the other customer is named."""
    log_visit(sheet=on_site(cast.customers["gold"], "10:00"), by=cast.manager, now=NOW)
    with pytest.raises(Invalid) as refusal:
        log_visit(sheet=on_site(cast.customers["silver"], "10:30"), by=cast.manager, now=NOW)
    assert codes(refusal) == {("occurred_at", "overlap")}
    assert "金满堂" in str(refusal.value)
    log_visit(sheet=on_site(cast.customers["silver"], "11:00"), by=cast.manager, now=NOW)
    assert Visit.unscoped.count() == 2


def test_the_same_customer_the_same_place_or_the_same_event_never_overlaps(cast):
    """Decisions 10: overlap concerns two different places."""
    log_visit(sheet=on_site(cast.customers["gold"], "10:00", place="人民路 1 号"), by=cast.manager, now=NOW)
    log_visit(sheet=on_site(cast.customers["gold"], "10:10"), by=cast.manager, now=NOW)
    both = sheet(
        cast.customers["silver"], cast.customers["diamond"], channel="on_site", occurred_at=at(TODAY, "12:00"),
        ended_at=at(TODAY, "13:00"),
    )  # fmt: skip
    log_visit(sheet=both, by=cast.manager, now=NOW)
    assert Visit.unscoped.count() == 4


def test_calls_may_overlap_anything(cast):
    """Decisions 10: the place check concerns on-site visits only."""
    log_visit(sheet=on_site(cast.customers["gold"], "10:00"), by=cast.manager, now=NOW)
    log_visit(sheet=sheet(cast.customers["silver"], occurred_at=at(TODAY, "10:30")), by=cast.manager, now=NOW)
    assert Visit.unscoped.count() == 2


def test_an_undone_visit_blocks_no_other(cast):
    """Decisions 10."""
    from visits.actions import undo_visit

    done = log_visit(sheet=on_site(cast.customers["gold"], "10:00"), by=cast.manager, now=NOW)
    undo_visit(visit_id=done.visit_ids[0], by=cast.manager, now=NOW)
    log_visit(sheet=on_site(cast.customers["silver"], "10:30"), by=cast.manager, now=NOW)


def test_several_customers_met_together_share_one_sheet(cast):
    """Issue 2: one sheet for several customers; one row each, one event, each settles its own duty."""
    duties = [owe(cast.customers[key]) for key in ("diamond", "gold", "silver")]
    done = log_visit(
        sheet=sheet(*(cast.customers[key] for key in ("diamond", "gold", "silver")), channel="symposium"),
        by=cast.manager,
        now=NOW,
    )
    visits = Visit.unscoped.filter(pk__in=done.visit_ids)
    assert len(visits) == 3
    assert len({visit.event for visit in visits}) == 1
    assert {settled.duty_id for settled in done.settled} == {duty.pk for duty in duties}


# --- Soft warnings


def test_a_long_call_gets_a_hint_and_no_question(cast):
    """CON-28: over 10 minutes is a soft warning, never blocks, no reason asked."""
    done = log_visit(
        sheet=sheet(
            cast.customers["gold"], occurred_at=NOW - timedelta(minutes=20), ended_at=NOW - timedelta(minutes=8)
        ),
        by=cast.manager,
        now=NOW,
    )
    assert len(done.warnings) == 1
    assert "10" in done.warnings[0]
    done = log_visit(
        sheet=sheet(
            cast.customers["gold"], occurred_at=NOW - timedelta(minutes=20), ended_at=NOW - timedelta(minutes=10)
        ),
        by=cast.manager,
        now=NOW,
    )
    assert done.warnings == []


def test_a_call_in_his_quiet_hours_gets_a_hint(cast):
    """CUS-29: a do-not-disturb window warns, also over midnight."""
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(dnd_from=time(14, 0), dnd_to=time(16, 0))
    Customer.unscoped.filter(pk=cast.customers["silver"].pk).update(dnd_from=time(22, 0), dnd_to=time(7, 0))
    assert log_visit(sheet=sheet(cast.customers["gold"]), by=cast.manager, now=NOW).warnings
    assert not log_visit(sheet=sheet(cast.customers["gold"], direction="inbound"), by=cast.manager, now=NOW).warnings
    assert not log_visit(sheet=sheet(cast.customers["silver"]), by=cast.manager, now=NOW).warnings
    night = sheet(cast.customers["silver"], occurred_at=at(TODAY, "06:30"))
    assert log_visit(sheet=night, by=cast.manager, now=NOW).warnings


def test_marketing_to_who_wants_none_gets_a_hint(cast):
    """CUS-29: do-not-market flag."""
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(no_marketing=True)
    assert log_visit(sheet=sheet(cast.customers["gold"], occasion="promotion"), by=cast.manager, now=NOW).warnings
    assert not log_visit(sheet=sheet(cast.customers["gold"], occasion="care"), by=cast.manager, now=NOW).warnings


def test_the_same_sentence_again_gets_a_hint(cast):
    """CON-34: duplicate-text detection; short texts repeat themselves honestly, one event is one text."""
    text = "客户对当前套餐满意,暂无新需求"
    both = sheet(cast.customers["gold"], cast.customers["silver"], content=text)
    assert log_visit(sheet=both, by=cast.manager, now=NOW).warnings == []
    again = log_visit(sheet=sheet(cast.customers["diamond"], content=text), by=cast.manager, now=NOW)
    assert len(again.warnings) == 1
    for _time in range(2):
        assert log_visit(sheet=sheet(cast.customers["gold"], content="没人接"), by=cast.manager, now=NOW).warnings == []


# --- Who may


def test_a_customer_of_somebody_else_is_not_found(cast):
    """Decisions 13, 14: one foreign id stops the whole sheet."""
    for other in ("teammates", "strangers"):
        with pytest.raises(NotFound):
            log_visit(sheet=sheet(cast.customers["gold"], cast.customers[other]), by=cast.manager, now=NOW)
    assert not Visit.unscoped.exists()


@pytest.mark.parametrize("role", ["director", "auditor", "handler", "nobody"])
def test_who_may_not_log_is_refused(cast, role):
    """PLT-7: visible but not allowed is 403."""
    with pytest.raises(NotAllowed):
        log_visit(sheet=sheet(cast.customers["gold"]), by=getattr(cast, role), now=NOW)
    assert not Visit.unscoped.exists()


# --- Once


def test_a_double_submit_is_one_row_and_the_first_answer(cast):
    """CON-34, issue 2: by client key and customer."""
    duty = owe(cast.customers["gold"])
    given = sheet(cast.customers["gold"])
    first = log_visit(sheet=given, by=cast.manager, now=NOW)
    second = log_visit(sheet=given, by=cast.manager, now=NOW + timedelta(seconds=1))
    assert Visit.unscoped.count() == 1
    assert (first.duplicate, second.duplicate) == (False, True)
    assert second.visit_ids == first.visit_ids
    assert [row.duty_id for row in second.settled] == [duty.pk]


def test_a_double_submit_of_an_on_site_visit_does_not_overlap_itself(cast):
    """Issue 2: the first answer, not a refusal."""
    given = on_site(cast.customers["gold"], "10:00")
    first = log_visit(sheet=given, by=cast.manager, now=NOW)
    assert log_visit(sheet=given, by=cast.manager, now=NOW).visit_ids == first.visit_ids


def test_an_external_id_is_taken_once(cast):
    """Sync: a re-sent visit changes nothing."""
    given = {"source": "prm", "external_id": "V-7", "logged_from": "import"}
    first = log_visit(sheet=sheet(cast.customers["gold"], **given), by=cast.manager, now=NOW)
    second = log_visit(sheet=sheet(cast.customers["gold"], **given), by=cast.manager, now=NOW)
    assert (second.duplicate, second.visit_ids) == (True, first.visit_ids)
