"""Deeds with odd, doubled, foreign or belated input (safety 5, scorecard 25, 26; SEC-3, SEC-4)."""

from __future__ import annotations

import zlib
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Assignment, Customer, Post, Staff
from crm.core.models import Job
from tests.cast import PASSWORD
from tests.guards.bodies import body_of, handover, log_sheet
from tests.guards.callers import address_of, doer, undone
from tests.guards.route_table import TABLE
from visits.models import Visit

pytestmark = pytest.mark.django_db
ROWS = {row.name: row for row in TABLE}
FORMS = [(row, cell) for row in TABLE for cell in row.cells if cell.method == "POST" and not row.is_api]
EVIL_TARGETS = (
    "//evil.example", "https:evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)",
    "/\t/evil.example", "\x00//evil.example", "http:///evil.example", "////evil.example",
)  # fmt: skip


# --- Texts and digits


@pytest.mark.parametrize(
    ("who", "route", "field"),
    [
        ("manager", "accounts:customer_new", "name"),
        ("manager", "accounts:customer_edit", "name"),
        ("manager", "accounts:contact_person_new", "name"),
        ("manager", "accounts:family_new", "name"),
        ("director", "accounts:staff_new", "name"),
        ("director", "accounts:unit_new", "name"),
        ("director", "accounts:tier_edit", "label_zh"),
        ("supervisor", "visits:visit_remark", "text"),
        ("manager", "visits:visit_note", "text"),
        ("supervisor", "accounts:customer_decide", "reason"),
        ("supervisor", "accounts:handover_new", "reason"),
        ("manager", "accounts:reveal_private", "reason"),
        ("manager", "workbench:ask_excuse", "text"),
    ],
)
@pytest.mark.parametrize("text", ["\u200b\u2060", "\u3000", "\ufeff", "\u3164"])
def test_a_text_that_nobody_can_see_is_refused(world, callers, who, route, field, text):
    """Bad input 13: 400, "no visible character"."""
    body = body_of(world, route, "POST") | {field: text}
    answer = callers.ask(who, "POST", address_of(world, ROWS[route]), body)
    assert answer.status == 400
    assert set(answer.business) <= {"core_accesslog"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("１３８００１３８０００", "13800138000"),
        ("٠١٣٨٠٠١٣٨٠٠٠"[1:], "13800138000"),
        ("+86-138 0013 8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("（０５７１）８８８８６６６６", "0571-88886666"),
    ],
)
def test_digits_of_any_width_are_the_same_number(world, callers, typed, stored):
    """Bad inputs 15, 20: normalised, then checked."""
    with undone():
        client = callers.clients["manager"]
        answer = client.post(
            reverse("accounts:customer_new"), {"kind": "vip", "name": "宽字符", "phone": typed}, follow=True
        )
        assert answer.status_code == 200
        assert Customer.unscoped.get(name="宽字符").phone == stored


@pytest.mark.parametrize("typed", ["1380013800", "138001380000", "12800138000", "０", "phone", "+1 202 555 0100"])
def test_a_number_that_is_none_is_refused_with_an_example(world, callers, typed):
    """Bad input 20."""
    body = {"kind": "vip", "name": "无号", "phone": typed}
    answer = callers.ask("manager", "POST", reverse("accounts:customer_new"), body)
    assert answer.status == 400
    assert "13800138000" in answer.text


def test_a_staff_number_in_full_width_signs_in(world):
    """Bad input 15."""
    with undone():
        browser = Client()
        answer = browser.post(reverse("account_login"), {"login": "Ｍ１００１", "password": PASSWORD})
        assert answer.status_code == 302
        assert browser.get(reverse("core:notice_list")).status_code == 200


# --- Where one is sent afterwards


@pytest.mark.parametrize(("row", "cell"), FORMS, ids=[row.name for row, _cell in FORMS])
def test_no_deed_leads_to_another_site(world, callers, row, cell):
    """Bad input 28: `next`, Referer and the page htmx was on lead to paths of this site only."""
    who, address = doer(row, cell), address_of(world, row)
    # Which three of them, each form draws for itself; all of them meet the one function in tests/core/test_pages.py.
    turn = zlib.crc32(row.name.encode())
    for target in (EVIL_TARGETS[(turn + step) % len(EVIL_TARGETS)] for step in (0, 3, 6)):
        body = (body_of(world, row.name, "POST") or {}) | {"next": target}
        answer = callers.ask(who, "POST", f"{address}{'&' if row.query else '?'}next={target}", body)
        assert answer.status < 500
        assert "evil" not in answer.headers.get("Location", ""), target
        assert not answer.headers.get("Location", "/").startswith(("//", "javascript", "http")), target
    headers = {"HTTP_REFERER": "https://evil.example/x", "HTTP_HX_CURRENT_URL": "https://evil.example/y"}
    answer = callers.ask(who, "POST", address, body_of(world, row.name, "POST"), **headers)
    assert "evil" not in answer.headers.get("Location", "") + answer.headers.get("HX-Redirect", "")


# --- Twice


def visits_of(world):
    return Visit.unscoped.filter(customer=world.rows["a"]["customer"]).count()


@pytest.mark.parametrize("headers", [{}, {"HTTP_HX_REQUEST": "true"}])
def test_a_sheet_sent_twice_is_one_visit(world, callers, headers):
    """Bad input 34: a double tap gives one row and the same answer."""
    client, body = callers.clients["manager"], log_sheet(world)
    with undone():
        before = visits_of(world)
        statuses = [client.post(reverse("workbench:log_visit"), body, **headers).status_code for _ in range(3)]
        assert len(set(statuses)) == 1 and statuses[0] < 400
        assert visits_of(world) == before + 1


def test_an_api_call_repeated_with_its_key_is_one_visit(world):
    """Bad input 34: same answer; 422 for another body; 400 for a key of 10 KB."""
    machine, body = world.machines["billing"], body_of(world, "api:visits", "POST")

    def send(key, **changes):
        return machine.post("/api/v1/visits", body | changes, format="json", HTTP_IDEMPOTENCY_KEY=key)

    with undone():
        before = visits_of(world)
        key = str(uuid4())
        first, again, other = send(key), send(key), send(key, content="anders")
        assert (first.status_code, again.status_code) == (201, 201)
        assert again["Idempotency-Replayed"] == "true"
        assert again.content == first.content
        assert (other.status_code, other.json()["code"]) == (422, "key_reused")
        assert visits_of(world) == before + 1
        for long in ("k" * 10_000, "schlüssel", "a\tb"):
            answer = send(long)
            assert (answer.status_code, answer.json()["code"]) == (400, "key_too_long")


@pytest.mark.parametrize(
    ("who", "route"),
    [
        ("supervisor", "workbench:decide_excuse"),
        ("supervisor", "visits:excuse_decide"),
        ("supervisor", "workbench:decide_tier"),
        ("supervisor", "workbench:urge"),
        ("manager", "visits:excuse_withdraw"),
        ("manager", "workbench:ask_excuse"),
    ],
)
def test_a_decision_is_taken_once(world, callers, who, route):
    """Bad input 33: the second one is told that somebody was faster."""
    with undone():
        client, address = callers.clients[who], address_of(world, ROWS[route])
        assert client.post(address, body_of(world, route, "POST") or {}).status_code == 302
        assert client.post(address, body_of(world, route, "POST") or {}).status_code in (400, 404, 409, 422)


def test_a_finished_dry_run_is_carried_out_once(world, callers):
    """Safety 26: pressed twice, it is one import."""
    with undone():
        address = address_of(world, ROWS["sync:import_commit"])
        before = Job.objects.count()
        answers = [callers.clients["director"].post(address) for _ in range(2)]
        assert answers[0]["Location"] == answers[1]["Location"]
        assert Job.objects.count() == before + 1


# --- Many, and foreign ones among them


@pytest.mark.parametrize(
    ("ids", "status"),
    [
        (lambda world: [world.pk("customer")] * 50, 302),
        (lambda world: [world.pk("customer"), world.pk("customer", "b")], 404),
        (lambda world: range(1, 10_002), 400),
        (lambda world: ["abc"], 400),
        (lambda world: ["9" * 30], 400),
        (lambda world: [world.pk("customer"), ""], 302),
    ],
    ids=["repeated", "one foreign", "10,001", "no number", "too large", "empty part"],
)
def test_bulk_deeds_take_so_many_and_no_foreign_one(world, callers, ids, status):
    """Bad input 35, decisions 14: the whole call is refused and nothing is done."""
    body = handover(world) | {"ids": ",".join(str(one) for one in ids(world))}
    answer = callers.ask("supervisor", "POST", reverse("accounts:handover_new"), body)
    assert answer.status == status
    assert bool(set(answer.business) - {"core_accesslog"}) == (status == 302)


def test_a_sheet_holds_twenty_customers_and_only_ones_own(world, callers):
    """Bad input 35."""
    foreign = log_sheet(world) | {"customer": [world.pk("customer"), world.pk("customer", "b")]}
    many = log_sheet(world) | {"customer": list(range(1, 22))}
    for body in (foreign, many):
        answer = callers.ask("manager", "POST", reverse("workbench:log_visit"), body)
        assert 400 <= answer.status < 500
        assert answer.business == {}


# --- What changed between load and save


def test_a_customer_handed_over_meanwhile_is_not_written(world, callers):
    """Bad input 45: 404, nothing written."""
    with undone():
        customer = world.rows["a"]["customer"]
        Customer.unscoped.filter(pk=customer.pk).update(manager=world.rows["a"]["mate"])
        Assignment.unscoped.filter(customer=customer, valid_to=None).update(staff=world.rows["a"]["mate"])
        for route in ("accounts:customer_edit", "accounts:judge_strength", "visits:visit_mend", "visits:visit_undo",
                      "workbench:postpone", "workbench:dial"):  # fmt: skip
            answer = callers.ask("manager", "POST", address_of(world, ROWS[route]), body_of(world, route, "POST"))
            assert (answer.status, answer.business) == (404, {}), route


def test_a_post_that_ended_meanwhile_opens_nothing(world, callers):
    """Bad input 45: 403 with its row, nothing else written."""
    with undone():
        Post.unscoped.filter(staff=world.rows["a"]["boss"]).delete()
        for route in ("workbench:decide_excuse", "workbench:urge", "accounts:handover_new", "visits:visit_remark"):
            answer = callers.ask("supervisor", "POST", address_of(world, ROWS[route]), body_of(world, route, "POST"))
            assert (answer.status, answer.business) == (403, {"core_accesslog": (1, 0)}), route


@pytest.mark.parametrize(
    ("who", "route"),
    [
        ("manager", "accounts:customer_edit"),
        ("manager", "accounts:contact_person_edit"),
        ("manager", "visits:visit_mend"),
        ("director", "accounts:staff_detail"),
        ("director", "accounts:unit_edit"),
    ],
)
def test_an_old_version_is_shown_beside_the_new_one(world, callers, who, route):
    """Bad input 33, scorecard 25: 409; what was typed is still in the form, with the version to go on from."""
    with undone():
        table = {"customer": Customer, "person": type(world.rows["a"]["person"]), "visit": Visit, "manager": Staff,
                 "unit": type(world.rows["a"]["unit"])}[ROWS[route].args[0]]  # fmt: skip
        table.unscoped.filter(pk=world.pk(ROWS[route].args[0])).update(version=7)
        body = body_of(world, route, "POST") | {"version": "1"}
        answer = callers.ask(who, "POST", address_of(world, ROWS[route]), body)
        assert (answer.status, answer.business) == (409, {})
        typed = body.get("name") or body["content"]
        assert typed in answer.text
        assert 'name="version" value="7"' in answer.text
