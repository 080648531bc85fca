"""Callbacks: the drawn sample, the customer's answer, "never happened" and what follows (CON-34, KPI-7)."""

from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Staff
from crm.core.errors import Conflict, NotAllowed, NotFound, OwnRequest
from crm.core.models import AccessLog, Notice
from crm.core.sweeps import run_step
from tests.visits.desk import owe
from tests.visits.ledger_world import at, customer_of, duties, standing, visit
from visits import actions
from visits.models import Callback, Reversal, TextTwin, Visit
from visits.queries.callbacks import callbacks_in_sight, judge_of, record_truth
from visits.rules.callbacks import draw_key, drawn_by, text_similarity

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)
LONG = "今天上午到客户办公室拜访,介绍了新的政企专线套餐和资费,客户表示需要内部讨论后再答复,下周三再联系确认。"


def contacts(cast, number=30, *, by="manager", first=date(2026, 11, 11), **more):
    """So many calls of one manager in a week, each with another customer."""
    made = []
    for place in range(number):
        customer = customer_of(cast, manager=by, phone=f"1380000{place:04d}")
        made.append(visit(customer, first + timedelta(days=place % 7), cast=cast, by=by, client_key=uuid4(), **more))
    return made


def night(day=TODAY):
    for step in ("find_text_twins", "draw_callbacks"):
        run_step(step, day, at(day, 1))


def drawn(cast, *, customer="gold", day=None, state="waiting", channel="phone", **more):
    """A callback about the manager's contact of today."""
    made = visit(cast.customers[customer], day or timezone.localdate(), cast=cast, channel=channel, client_key=uuid4())
    return Callback.unscoped.create(
        visit=made, staff=cast.staff["manager"], unit=made.unit, month=made.occurred_on.replace(day=1),
        drawn_on=timezone.localdate(), state=state, **more,
    )  # fmt: skip


def answer(cast, row, took_place=True, by="service_centre", **more):
    return actions.answer_callback(
        callback_id=row.pk, took_place=took_place, by=getattr(cast, by), now=timezone.now(), **more
    )


# --- The sample


def test_the_night_draws_a_sample_of_ten_a_month(cast):
    """KPI-7: sample of 10 from an AM's contacts drawn by job; spread over the month; the same night draws once."""
    contacts(cast)
    night()
    assert Callback.unscoped.count() == drawn_by(date(2026, 11, 17), 10) == 6
    night()
    assert Callback.unscoped.count() == 6
    contacts(cast, first=date(2026, 11, 24))
    night(date(2026, 12, 1))
    assert Callback.unscoped.filter(month=date(2026, 11, 1)).count() == 10


def test_the_draw_is_that_of_the_rule(cast):
    """Parity: the same customers in the same order as the pure key says, a repeated text four times as likely."""
    made = contacts(cast, 40)
    twins = made[::3]
    TextTwin.unscoped.bulk_create(
        TextTwin(visit=row, twin=made[1], similarity="0.9", found_on=TODAY) for row in twins if row != made[1]
    )
    heavy = {row.pk for row in twins if row != made[1]}
    run_step("draw_callbacks", TODAY, at(TODAY, 1))
    expected = sorted(made, key=lambda row: draw_key(TODAY, row.pk, 4 if row.pk in heavy else 1))[:6]
    assert set(Callback.unscoped.values_list("visit_id", flat=True)) == {row.pk for row in expected}


def test_what_is_not_drawn(cast):
    """No bulk message, no attempt, nothing undone or imported, no inbound call, nobody without a number."""
    from visits.models import Outcome

    no_answer = Outcome.objects.get(code="no_answer")
    for changes in (
        {"is_bulk": True}, {"outcome": no_answer}, {"undone_at": at(TODAY)}, {"logged_from": "import"},
        {"direction": "inbound"},
    ):  # fmt: skip
        contacts(cast, 3, **changes)
    visit(customer_of(cast, phone=""), date(2026, 11, 12), cast=cast)
    night()
    assert not Callback.unscoped.exists()


def test_texts_over_thirty_characters_that_repeat_themselves_are_found(cast):
    """CON-34: near-identical texts of one author; short ones and other authors' don't matter; no verdict."""
    first = visit(cast.customers["gold"], date(2026, 11, 2), cast=cast, content=LONG)
    again = visit(cast.customers["silver"], date(2026, 11, 17), cast=cast, content=LONG.replace("周三", "周五"))
    visit(cast.customers["diamond"], date(2026, 11, 17), cast=cast, content="例行回访,使用正常。")
    visit(cast.customers["teammates"], date(2026, 11, 17), cast=cast, by="teammate", content=LONG)
    run_step("find_text_twins", TODAY, at(TODAY, 1))
    run_step("find_text_twins", TODAY, at(TODAY, 1))
    twin = TextTwin.unscoped.get()
    assert (twin.visit_id, twin.twin_id) == (again.pk, first.pk)
    assert again.counts


def test_similarity_in_sql_is_that_of_the_rule():
    """Parity on 300 drawn pairs, Chinese and Latin."""
    random = Random(3)
    letters = "今天拜访客户谈续约介绍套餐资费abc 12,。"
    pairs = [("".join(random.choices(letters, k=random.randrange(1, 60))) for _ in range(2)) for _ in range(300)]
    with connection.cursor() as cursor:
        for one, other in ((*pair,) for pair in pairs):
            cursor.execute("SELECT visits_similarity(visits_trigrams(%s), visits_trigrams(%s))", [one, other])
            assert float(cursor.fetchone()[0]) == pytest.approx(text_similarity(one, other)), (one, other)


# --- Who calls


def test_who_calls_sees_the_number_only_by_a_logged_dial(cast, as_user):
    """KPI-7, decisions 16: name, masked number, when and by whom; not what was written."""
    row = drawn(cast)
    Visit.unscoped.filter(pk=row.visit_id).update(content="机密内容")
    client = as_user(cast.service_centre)
    assert "金满堂" in client.get(reverse("visits:callback_list")).content.decode()
    page = client.get(reverse("visits:callback_detail", args=[row.pk])).content.decode()
    assert "13900000002" not in page and "机密内容" not in page
    assert "13900000002" in client.post(reverse("visits:callback_dial", args=[row.pk])).content.decode()
    assert AccessLog.objects.filter(kind="dial", subject_table="visits_callback").count() == 1


def test_nobody_asks_about_himself_or_his_own_line(cast):
    """SEC-24: the manager, his supervisor, the head of the unit: not even when they hold the right post."""
    row = drawn(cast)
    for person in ("manager", "supervisor"):
        with pytest.raises((NotAllowed, NotFound)):
            answer(cast, row, by=person)
    Staff.unscoped.filter(pk=cast.staff["supervisor"].pk).update(supervisor=cast.staff["business_support"])
    with pytest.raises(OwnRequest):
        answer(cast, row, by="business_support")
    assert not callbacks_in_sight(cast.business_support.access).exists()
    assert answer(cast, row).state == "confirmed"


def test_a_manager_does_not_see_what_waits_to_be_asked(cast, as_user):
    """CON-34: the sample is random; who knows it would warn the customer."""
    row = drawn(cast)
    address = reverse("visits:callback_detail", args=[row.pk])
    assert as_user(cast.manager).get(address).status_code == 404
    assert as_user(cast.supervisor).get(address).status_code == 404
    answer(cast, row, satisfaction=4)
    assert as_user(cast.manager).get(address).status_code == 200
    assert as_user(cast.stranger).get(address).status_code == 404


def test_not_reached_three_times_is_given_up(cast, as_user):
    """KPI-7: after n attempts; another contact may be drawn instead."""
    row = drawn(cast)
    client = as_user(cast.service_centre)
    for state in ("tried", "tried", "unreached"):
        client.post(reverse("visits:callback_missed", args=[row.pk]))
        row.refresh_from_db()
        assert row.state == state
    assert client.post(reverse("visits:callback_missed", args=[row.pk])).status_code == 409


def test_the_answers_are_kept(cast, as_user):
    """KPI-7, CON-30: took place, satisfied, knows his manager, data right, badge worn, remark."""
    row = drawn(cast, channel="on_site")
    client = as_user(cast.service_centre)
    address = reverse("visits:callback_detail", args=[row.pk])
    assert client.post(address, {}).status_code == 400
    body = {"took_place": "yes", "satisfaction": "2", "knows_manager": "yes", "data_correct": "no", "badge_worn": "no",
            "remark": "说得太快"}  # fmt: skip
    assert client.post(address, body).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.satisfaction, row.knows_manager, row.data_correct, row.badge_worn) == (
        "confirmed", 2, True, False, False,
    )  # fmt: skip
    assert Notice.objects.get(kind="customer_unhappy").user == cast.supervisor
    assert client.post(address, body).status_code == 409


# --- Never happened


def met_duty(cast, row, **more):
    day = row.visit.occurred_on
    values = {"starts_on": day - timedelta(days=5), "due_on": day + timedelta(days=9)} | more
    return owe(cast.customers["gold"], state="met", met_by=row.visit, met_on=day, **values)


def test_never_happened_takes_the_duty_back(cast):
    """CON-34: the visit stays, a new row reverses it, what it met is owed again, the manager is told."""
    row = drawn(cast)
    duty = met_duty(cast, row)
    answer(cast, row, took_place=False, remark="没有人联系过我")
    duty.refresh_from_db()
    row.visit.refresh_from_db()
    assert (duty.state, duty.met_by) == ("open", None)
    assert not row.visit.counts and row.visit.undone_at is None
    assert Reversal.unscoped.get().kind == "reversed"
    assert standing(cast.customers["gold"]).duty_state in ("open", "due_soon")
    assert {notice.user.username for notice in Notice.objects.filter(kind__startswith="contact_denied")} == {
        "M1001", "S1001",
    }  # fmt: skip


def test_never_happened_after_the_freeze_is_a_signed_revision(cast):
    """Decisions 2: the frozen row stays, revision 2 is missed, with reason and signer; another visit keeps it met."""
    row = drawn(cast)
    frozen = met_duty(cast, row, frozen_at=timezone.now())
    other = drawn(cast, customer="silver")
    kept = owe(
        cast.customers["silver"], state="met", met_by=other.visit, met_on=other.visit.occurred_on,
        starts_on=other.visit.occurred_on - timedelta(days=9), due_on=other.visit.occurred_on, frozen_at=timezone.now(),
    )  # fmt: skip
    second = visit(cast.customers["silver"], other.visit.occurred_on, cast=cast, hour=23, client_key=uuid4())
    answer(cast, row, took_place=False)
    answer(cast, other, took_place=False)
    first, revision = duties(cast.customers["gold"])
    assert (first.pk, first.state) == (frozen.pk, "met")
    assert (revision.revision, revision.state, revision.corrected_by) == (2, "missed", cast.service_centre)
    assert "回访" in revision.correction_reason or "Callback" in revision.correction_reason
    _first, again = duties(cast.customers["silver"])
    assert (again.revision, again.state, again.met_by, again.rule_id) == (2, "met", second, kept.rule_id)


def test_the_manager_objects_once_and_the_supervisors_supervisor_decides(cast, as_user):
    """CON-34: upheld → the visit counts again by a new row; compliance is recalculated."""
    Staff.unscoped.filter(pk=cast.staff["supervisor"].pk).update(supervisor=cast.staff["market_manager"])
    row = drawn(cast)
    duty = met_duty(cast, row)
    frozen = met_duty(cast, row, starts_on=date(2026, 1, 1), due_on=row.visit.occurred_on, frozen_at=timezone.now())
    answer(cast, row, took_place=False)
    client = as_user(cast.manager)
    object_url = reverse("visits:callback_object", args=[row.pk])
    assert client.post(object_url, {"text": "当天有通话记录"}).status_code == 302
    assert client.post(object_url, {"text": "再次"}).status_code == 409
    rule_url = reverse("visits:callback_rule", args=[row.pk])
    assert as_user(cast.supervisor).post(rule_url, {"grant": "yes"}).status_code == 403
    assert as_user(cast.market_manager).post(rule_url, {"grant": "yes", "remark": "属实"}).status_code == 302
    duty.refresh_from_db()
    row.visit.refresh_from_db()
    assert duty.state == "met" and row.visit.counts
    assert [row.kind for row in Reversal.unscoped.order_by("pk")] == ["reversed", "restored"]
    states = [(found.revision, found.state) for found in duties(cast.customers["gold"], starts_on=frozen.starts_on)]
    assert states == [(1, "met"), (2, "missed"), (3, "met")]
    assert Notice.objects.filter(user=cast.manager, kind="objection_upheld").exists()


def test_a_refused_or_late_objection_changes_nothing(cast):
    """CON-34: once, within seven days; nobody decides about himself."""
    row = drawn(cast)
    answer(cast, row, took_place=False)
    with pytest.raises(Conflict):
        actions.object_to_callback(
            callback_id=row.pk, text="x", by=cast.manager, now=timezone.now() + timedelta(days=8)
        )
    actions.object_to_callback(callback_id=row.pk, text="x", by=cast.manager, now=timezone.now())
    assert judge_of(cast.staff["manager"].pk) == cast.staff["director"].pk  # nobody stands above the supervisor
    with pytest.raises(OwnRequest):
        actions.rule_on_objection(callback_id=row.pk, uphold=True, by=cast.manager, now=timezone.now())
    actions.rule_on_objection(callback_id=row.pk, uphold=False, by=cast.director, now=timezone.now())
    row.visit.refresh_from_db()
    assert not row.visit.counts


def test_an_undone_visit_is_not_asked_about(cast):
    """Screens 2: undo."""
    now = timezone.now()
    from tests.visits.desk import sheet

    done = actions.log_visit(sheet=sheet(cast.customers["gold"], occurred_at=now), by=cast.manager, now=now)
    made = Visit.unscoped.get(pk=done.visit_ids[0])
    row = Callback.unscoped.create(
        visit=made, staff=made.staff, unit=made.unit, month=made.occurred_on.replace(day=1), drawn_on=made.occurred_on
    )
    actions.undo_visit(visit_id=made.pk, by=cast.manager, now=now)
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_f49_by_person_leads_to_its_rows(cast, as_user):
    """F49: callbacks confirming the contact of callbacks answered; every number opens its rows."""
    rows = [drawn(cast) for _number in range(4)]
    for place, row in enumerate(rows[:3]):
        answer(cast, row, took_place=place > 0)
    month = timezone.localdate().replace(day=1)
    (found,) = record_truth(cast.supervisor.access, month)
    assert (found.drawn, found.answered, found.confirmed, found.per_cent) == (4, 3, 2, 66.7)
    client = as_user(cast.supervisor)
    page = client.get(reverse("visits:callback_list") + f"?month={month:%Y-%m}")
    (item,) = page.context["truth"]
    for name, number in (("url", 3), ("true_url", 2)):
        assert len(client.get(item[name]).context["rows"]) == number, name
    assert item["drawn_url"] not in page.content.decode().replace("&amp;", "&")  # who is still to be asked stays secret
    assert len(as_user(cast.service_centre).get(item["drawn_url"]).context["rows"]) == 4
    assert record_truth(cast.stranger_supervisor.access, month) == []
