"""The pages of excuses and of what counts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.core.models import Change
from tests.visits.desk import owe, sheet
from visits.actions import log_visit, request_excuse, set_counting
from visits.choices import Party
from visits.models import CountingRule, Excuse, Visit
from visits.queries.catalogue import catalogue
from visits.rules.counting import Cell

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(cast):
    """A duty whose window lies around today."""
    today = timezone.localdate()
    return owe(cast.customers["gold"], starts_on=today - timedelta(days=20), due_on=today + timedelta(days=9))


def three_attempts(cast):
    now = timezone.now()
    for days, channel in ((2, "phone"), (1, "wechat"), (0, "phone")):
        when = now - timedelta(days=days, minutes=1)
        log_visit(
            sheet=sheet(cast.customers["gold"], channel=channel, outcome="no_answer", occurred_at=when),
            by=cast.manager,
            now=now,
        )


def test_after_three_attempts_asking_is_one_tap(cast, duty, as_user):
    """Screens 2: unreachable is chosen already, the attempts stand beside it."""
    three_attempts(cast)
    client = as_user(cast.manager)
    address = reverse("visits:excuse_new", args=[duty.pk])
    page = client.get(address)
    assert page.context["form"]["kind"].value() == "unreachable"
    assert len(page.context["ask"].evidence.attempts) == 3
    assert client.post(address, {"kind": "unreachable", "text": ""}).status_code == 302
    assert Excuse.unscoped.get().state == "requested"


def test_without_enough_attempts_the_form_says_so(cast, duty, as_user):
    """Bad input: beside the field, nothing written."""
    answer = as_user(cast.manager).post(reverse("visits:excuse_new", args=[duty.pk]), {"kind": "unreachable"})
    assert answer.status_code == 400
    assert answer.context["form"].errors["kind"]
    assert not Excuse.unscoped.exists()


def test_the_supervisor_decides_with_the_attempts_in_view(cast, duty, as_user):
    """Issue 2: No answer three times → excuse asked → decided with the attempts in view."""
    three_attempts(cast)
    excuse = request_excuse(duty_id=duty.pk, kind="unreachable", by=cast.manager, now=timezone.now())
    client = as_user(cast.supervisor)
    address = reverse("visits:excuse_decide", args=[excuse.pk])
    assert len(client.get(address).context["row"].evidence.attempts) == 3
    assert client.post(address, {"grant": "yes", "remark": "同意"}).status_code == 302
    duty.refresh_from_db()
    assert duty.state == "excused"
    assert client.post(address, {"grant": "no"}).status_code == 409


def test_self_approval_is_403(cast, duty, as_user):
    """SEC-24: also by a supervisor who asked himself."""
    excuse = request_excuse(duty_id=duty.pk, kind="no_contact", text="x", by=cast.manager, now=timezone.now())
    address = reverse("visits:excuse_decide", args=[excuse.pk])
    assert as_user(cast.manager).post(address, {"grant": "yes"}).status_code == 403
    Excuse.unscoped.filter(pk=excuse.pk).update(requested_by=cast.supervisor)
    assert as_user(cast.supervisor).post(address, {"grant": "yes"}).status_code == 403
    assert as_user(cast.stranger_supervisor).post(address, {"grant": "yes"}).status_code == 404
    duty.refresh_from_db()
    assert duty.state == "open"


def test_the_asker_withdraws(cast, duty, as_user):
    """Before the decision."""
    excuse = request_excuse(duty_id=duty.pk, kind="no_contact", text="x", by=cast.manager, now=timezone.now())
    assert as_user(cast.teammate).post(reverse("visits:excuse_withdraw", args=[excuse.pk])).status_code == 404
    assert as_user(cast.manager).post(reverse("visits:excuse_withdraw", args=[excuse.pk])).status_code == 302
    assert Excuse.unscoped.get().state == "withdrawn"


# --- What counts


def ticks(page, **changed):
    names = {
        cell.name: cell.counts for matrix in page.context["page"].matrices for row in matrix.rows for cell in row.cells
    }
    names |= changed
    return {name: "on" for name, ticked in names.items() if ticked}


def test_the_matrix_shows_what_holds_today(cast, as_user):
    """Settings: channel × direction × who for the effective outcome."""
    page = as_user(cast.director).get(reverse("visits:what_counts"))
    (matrix,) = page.context["page"].matrices
    on = {cell.name for row in matrix.rows for cell in row.cells if cell.counts}
    assert "phone.outbound.record.effective" in on
    assert "phone.outbound.other.effective" not in on
    assert "symposium.outbound.other.effective" in on


def test_a_change_is_previewed_and_writes_nothing(cast, as_user):
    """Screens 11: each change shows its effect."""
    now = timezone.now()
    log_visit(sheet=sheet(cast.customers["gold"], channel="sms", occurred_at=now), by=cast.manager, now=now)
    client = as_user(cast.director)
    address = reverse("visits:what_counts")
    later = (timezone.localdate() + timedelta(days=30)).isoformat()
    wanted = ticks(client.get(address), **{"sms.outbound.record.effective": False})
    rules = CountingRule.objects.count()
    page = client.post(address, wanted | {"effective_from": later, "preview": "1"}).context["page"]
    assert [(effect.cell.channel, effect.counts, effect.visits) for effect in page.effects] == [("sms", False, 1)]
    assert CountingRule.objects.count() == rules


def test_a_change_holds_from_its_day_on_and_is_logged(cast, as_user):
    """Design 4: rules are data; what was counted before stays."""
    client = as_user(cast.director)
    address = reverse("visits:what_counts")
    today = timezone.localdate()
    later = today + timedelta(days=30)
    wanted = ticks(client.get(address), **{"sms.outbound.record.effective": False})
    assert client.post(address, wanted | {"effective_from": later.isoformat(), "save": "1"}).status_code == 302
    cell = Cell("sms", "outbound", "record", "effective")
    assert [catalogue().counts(cell, day) for day in (today, later - timedelta(days=1), later)] == [True, True, False]
    row = Change.objects.filter(tbl="visits_countingrule").latest("seq")
    assert row.actor == cast.director.pk
    planned = client.get(address).context["page"].planned
    assert [(change.cell, change.effective_from) for change in planned] == [(cell, later)]
    assert CountingRule.objects.filter(effective_from=later).count() == 1


def test_what_is_sent_in_bulk_has_its_own_ticks(cast, as_user):
    """CON-8, D7: bulk counts nowhere until headquarters ticks it, from a coming day on; a visit on the spot is none."""
    client, now = as_user(cast.director), timezone.now()
    address, tomorrow = reverse("visits:what_counts"), timezone.localdate() + timedelta(days=1)
    page = client.get(address).context["page"]
    (matrix,) = page.bulk
    cells = {cell.name: cell.counts for row in matrix.rows for cell in row.cells}
    assert not any(cells.values()) and "on_site" not in {row.channel.code for row in matrix.rows}
    wanted = ticks(client.get(address), **{"sms.outbound.record.effective.bulk": True})
    assert client.post(address, wanted | {"effective_from": tomorrow.isoformat(), "save": "1"}).status_code == 302
    rows = CountingRule.objects.filter(effective_from=tomorrow)
    assert list(rows.values_list("channel__code", "is_bulk", "counts")) == [("sms", True, True)]
    assert "群发" in client.get(address).content.decode()
    for at in (now, now + timedelta(days=1)):
        message = sheet(cast.customers["gold"], channel="sms", is_bulk=True, occurred_at=at)
        log_visit(sheet=message, by=cast.manager, now=at)
    assert list(Visit.unscoped.order_by("occurred_at").values_list("counts", flat=True)) == [False, True]


@pytest.mark.parametrize("day", ["", "2026-02-30", "2020-01-01", "9999-12-31"])
def test_the_past_never_changes(cast, as_user, day):
    """Design 4, bad input 10 and 16."""
    client = as_user(cast.director)
    wanted = ticks(client.get(reverse("visits:what_counts")), **{"sms.outbound.record.effective": False})
    rules = CountingRule.objects.count()
    answer = client.post(reverse("visits:what_counts"), wanted | {"effective_from": day, "save": "1"})
    assert answer.status_code == 400
    assert CountingRule.objects.count() == rules


def test_only_who_configures_changes_what_counts(cast, as_user):
    """PLT-7."""
    address = reverse("visits:what_counts")
    for role in ("manager", "supervisor", "auditor"):
        assert as_user(getattr(cast, role)).post(address, {"save": "1"}).status_code == 403


def test_a_changed_cell_is_obeyed_by_the_next_visit(cast):
    """CON-8: the newest row of its cell with effective_from on or before the day decides."""
    now = timezone.now()
    tomorrow = timezone.localdate() + timedelta(days=1)
    cell = Cell("phone", "outbound", Party.RECORD.value, "effective")
    assert set_counting(cells={cell: False}, effective_from=tomorrow, by=cast.director, now=now) == {cell: False}
    log_visit(sheet=sheet(cast.customers["gold"], occurred_at=now), by=cast.manager, now=now)
    next_day = now + timedelta(days=1)
    log_visit(sheet=sheet(cast.customers["gold"], occurred_at=next_day), by=cast.manager, now=next_day)
    assert list(Visit.unscoped.order_by("occurred_at").values_list("counts", flat=True)) == [True, False]
