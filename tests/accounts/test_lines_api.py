"""`lines`, `lifecycle-events` and `signals` (sync-api): told ten times, nothing is lost or repeated."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Customer, ExternalId, GroupMember, LifecycleEvent, Line, Signal
from crm.core.models import Change
from tests.api.conftest import make_client, session  # noqa: F401 - fixtures
from visits.models import Duty

pytestmark = pytest.mark.django_db
LINES, EVENTS, SIGNALS = "/api/v1/lines", "/api/v1/lifecycle-events", "/api/v1/signals"
SCOPES = ["lines:read", "lines:write", "signals:read", "signals:write"]
OPENED = "2025-03-01"


@pytest.fixture
def billing(make_client, cast):  # noqa: F811
    """Billing of the whole city, which knows the customers by ids of its own."""
    ExternalId.unscoped.create(customer=cast.customers["gold"], source="billing", external_id="C7")
    return make_client("billing", "CITY", SCOPES)


def send(client, to, *items, **more):
    return client.post(to, {"items": list(items)} | more, format="json")


def statuses(answer):
    return [row["status"] for row in answer.json()["items"]]


def codes(answer):
    return [error["code"] for row in answer.json()["items"] for error in row["errors"]]


def line(number="13812340001", **more):
    return {"external_id": "L1", "number": number, "customer": "C7", "opened_on": OPENED} | more


def days_ago(days):
    return (timezone.localdate() - timedelta(days=days)).isoformat()


def test_a_line_is_told_once_and_again_and_better(billing, cast):
    """sync-api: created, unchanged (nothing written), updated, stale; the customer by id, number or source and id."""
    gold = cast.customers["gold"]
    first = line(source_updated_at="2026-01-06T10:00:00+08:00")
    assert statuses(send(billing, LINES, first)) == ["created"]
    changes = Change.objects.count()
    for customer in ("C7", gold.pk, gold.number, {"source": "billing", "external_id": "C7"}):
        assert statuses(send(billing, LINES, first | {"customer": customer})) == ["unchanged"]
    assert Change.objects.count() == changes
    assert statuses(send(billing, LINES, {"external_id": "L1", "state": "suspended"})) == ["updated"]
    assert statuses(send(billing, LINES, first | {"source_updated_at": "2026-01-05T10:00:00+08:00"})) == ["stale"]
    row = Line.unscoped.get()
    assert (row.customer, row.number, row.state, row.version) == (gold, "13812340001", "suspended", 2)
    assert statuses(send(billing, LINES, {"external_id": "L1", "closed_on": days_ago(1)})) == ["updated"]
    (told,) = billing.get(f"{LINES}?customer={gold.pk}&state=closed").json()["items"]
    assert (told["closed_on"], told["customer_number"]) == (days_ago(1), gold.number)


def test_a_number_belongs_to_one_line_at_a_time_and_is_used_again(billing, cast):
    """sync-api: numbers are recycled and transferred; both halves of a transfer may come in one call, in any order."""
    assert statuses(send(billing, LINES, line())) == ["created"]
    other = line(external_id="L2", customer=cast.customers["silver"].number, opened_on="2026-02-01")
    assert codes(send(billing, LINES, other)) == ["number_taken"]
    assert statuses(send(billing, LINES, line(closed_on="2026-02-01"), other)) == ["updated", "created"]
    # The day of the transfer was told wrongly: both lines move in one statement.
    moved = send(billing, LINES, {"external_id": "L2", "opened_on": "2026-02-10"},
                 {"external_id": "L1", "closed_on": "2026-02-10"})  # fmt: skip
    assert statuses(moved) == ["updated", "updated"]
    assert statuses(send(billing, LINES, {"number": "138 1234 0001", "opened_on": "2026-02-10"})) == ["unchanged"]


def test_bad_lines_name_their_field_and_stop_nothing(billing, make_client, cast):  # noqa: F811
    """sync-api: 207 with pointer and code; atomic keeps nothing; a foreign subtree is not there."""
    firm = cast.customers["teammates"]
    GroupMember.unscoped.create(customer=firm, msisdn="13812349999")
    bad = [
        line("13812340011", external_id="X1", customer="C9"),
        line(external_id="X2", number=None),
        line("13812340012", external_id="X3", opened_on="2026-02-30"),
        line("13812340013", external_id="X4", state="closed"),
        line("13812340014", external_id="X5", closed_on="2020-01-01"),
        line("13812340015", external_id="X6", colour="red"),
        line("13812340016", external_id="X7", member="13812349999"),
        line("13812340017", external_id="X8", customer={"source": "billing"}),
        line("13812340018", external_id="X9", source="other"),
    ]
    answer = send(billing, LINES, line(), *bad)
    assert answer.status_code == 207 and statuses(answer) == ["created", *["failed"] * 9]
    assert codes(answer) == ["not_found", "blank", "invalid_date", "required", "out_of_order", "unknown_field",
                             "not_found", "invalid_reference", "not_found"]  # fmt: skip
    assert send(billing, LINES, line("13812340002", external_id="Y"), bad[0], mode="atomic").status_code == 422
    member = line("13812349999", external_id="M1", customer=firm.number, member="13812349999")
    assert statuses(send(billing, LINES, member)) == ["created"]
    west = make_client("west", "B", SCOPES)
    assert codes(send(west, LINES, {"number": "13812340001", "opened_on": OPENED})) == ["not_found"]
    assert west.get(LINES).json()["items"] == []
    assert Line.unscoped.count() == 2


def test_the_states_of_a_customer_follow_what_happened(billing, cast):
    """CUS-31: closed and ported out are churned, transferred exited; the due list follows; a reversal undoes."""
    gold, silver = cast.customers["gold"], cast.customers["silver"]
    event = {"external_id": "E1", "customer": "C7", "kind": "ported_out", "happened_on": days_ago(3),
             "destination": "unicom"}  # fmt: skip
    assert billing.post(EVENTS, event, format="json").status_code == 201
    again = billing.post(EVENTS, event, format="json")
    assert again.status_code == 200 and again.json()["destination"] == "unicom"
    gold.refresh_from_db()
    assert (gold.state, gold.exited_on.isoformat()) == ("churned", days_ago(3))
    assert not Duty.unscoped.filter(customer=gold, state="open").exists()
    assert billing.post(EVENTS, event | {"kind": "closed", "destination": ""}, format="json").status_code == 409
    transferred = {"customer": silver.pk, "kind": "transferred", "happened_on": days_ago(1)}
    assert statuses(send(billing, EVENTS, transferred, transferred)) == ["created", "unchanged"]
    silver.refresh_from_db()
    assert (silver.state, silver.exited_on.isoformat()) == ("exited", days_ago(1))
    undo = {"external_id": "E2", "reverses": {"source": "billing", "external_id": "E1"}}
    assert billing.post(EVENTS, undo, format="json").status_code == 201
    gold.refresh_from_db()
    assert (gold.state, gold.exited_on) == ("active", None)
    assert codes(send(billing, EVENTS, undo | {"external_id": "E3"})) == ["reversed"]
    assert [row["is_reversed"] for row in billing.get(f"{EVENTS}?customer={gold.pk}").json()["items"]] == [True, False]


def test_events_of_lines_late_ones_and_wrong_ones(billing, cast):
    """sync-api: an older event told late changes nothing; what ended a line is undone by a reversal only."""
    send(billing, LINES, line())
    row = Line.unscoped.get()
    stop = {"external_id": "E1", "line": "L1", "kind": "suspended", "happened_on": days_ago(9)}
    end = {"external_id": "E2", "line": row.pk, "kind": "ported_out", "happened_on": days_ago(5), "destination": "x"}
    late = {"external_id": "E3", "line": {"source": "billing", "external_id": "L1"}, "kind": "resumed",
            "happened_on": days_ago(7)}  # fmt: skip
    assert statuses(send(billing, EVENTS, stop, end, late)) == ["created"] * 3
    row.refresh_from_db()
    assert (row.state, row.closed_on.isoformat()) == ("closed", days_ago(5))
    assert codes(send(billing, LINES, {"external_id": "L1", "state": "active", "closed_on": None})) == [
        "reverse_the_event"
    ]
    again = {"external_id": "E4", "line": "L1", "kind": "resumed", "happened_on": days_ago(1)}
    assert codes(send(billing, EVENTS, again)) == ["not_in_service"]
    assert codes(send(billing, EVENTS, {"external_id": "E5", "reverses": "E1"})) == ["later_event"]
    other = line(external_id="L2", customer=cast.customers["silver"].number, opened_on=days_ago(4))
    assert statuses(send(billing, LINES, other)) == ["created"]
    assert codes(send(billing, EVENTS, {"external_id": "E6", "reverses": "E2"})) == ["number_taken"]
    send(billing, LINES, other | {"number": "13812345555"})
    undone = send(billing, EVENTS, {"external_id": "E7", "reverses": "E2"}, {"external_id": "E8", "reverses": "E1"})
    assert statuses(undone) == ["created", "created"]
    row.refresh_from_db()
    assert (row.state, row.closed_on) == ("active", None)
    cast.customers["gold"].refresh_from_db()
    assert cast.customers["gold"].state == "active"


def test_wrong_events_are_refused_by_name(billing, cast):
    """sync-api: no input gives a 5xx; each refusal has its code."""
    gold = {"customer": "C7", "happened_on": days_ago(1)}
    bad = [
        gold | {"kind": "died"},
        gold,
        {"customer": "C7", "kind": "closed"},
        {"kind": "closed", "happened_on": days_ago(1)},
        gold | {"kind": "closed", "happened_on": days_ago(-5)},
        gold | {"kind": "suspended", "destination": "unicom"},
        gold | {"kind": "closed", "line": "none"},
        {"reverses": "none"},
        gold | {"kind": "closed", "customer": "C8"},
    ]
    assert codes(send(billing, EVENTS, *bad)) == [
        "invalid_choice", "required", "required", "required", "out_of_range", "not_for_kind", "not_found", "not_found",
        "not_found",
    ]  # fmt: skip
    assert billing.post(EVENTS, ["x"], format="json").status_code == 400
    assert not LifecycleEvent.unscoped.exists()


def test_a_signal_is_taken_once(billing, make_client, cast):  # noqa: F811
    """RET-3: one, or a list; with an id or without; the same again is the same; another subtree has none."""
    now = timezone.now().isoformat()
    signal = {"external_id": "S1", "customer": "C7", "kind": "authorisation_code", "happened_at": now, "text": "10086"}
    first = billing.post(SIGNALS, signal, format="json")
    assert first.status_code == 201 and first.json()["handled_at"] is None
    assert billing.post(SIGNALS, signal, format="json").status_code == 200
    assert billing.post(SIGNALS, signal | {"kind": "termination"}, format="json").status_code == 409
    bare = {"customer": cast.customers["silver"].number, "kind": "port_out_query", "happened_at": now}
    assert statuses(send(billing, SIGNALS, bare, bare, signal)) == ["created", "unchanged", "unchanged"]
    bad = [bare | {"kind": "sulks"}, bare | {"customer": None}, bare | {"happened_at": None},
           bare | {"happened_at": "2999-01-01T00:00:00+08:00"}, bare | {"line": "L9"}]  # fmt: skip
    assert codes(send(billing, SIGNALS, *bad)) == ["invalid_choice", "required", "required", "invalid", "not_found"]
    west = make_client("west", "B", SCOPES)
    assert west.post(SIGNALS, signal, format="json").status_code == 400
    assert west.get(SIGNALS).json()["items"] == []
    assert Signal.unscoped.count() == 2
    kinds = {row["kind"] for row in billing.get(f"{SIGNALS}?happened_from={days_ago(0)}").json()["items"]}
    assert kinds == {"authorisation_code", "port_out_query"}


def test_a_person_tells_under_his_own_name_in_his_own_scope(session, cast):  # noqa: F811
    """SEC-3: a manager notes a signal of his customer through the API; a stranger's is not there."""
    mine = {"customer": cast.customers["gold"].pk, "kind": "asked_to_leave", "happened_at": timezone.now().isoformat()}
    answer = session("manager").post(SIGNALS, mine, format="json")
    assert answer.status_code == 201 and Signal.unscoped.get().by == cast.manager
    assert session("stranger").post(SIGNALS, mine, format="json").status_code == 400
    assert session("director").post(SIGNALS, mine, format="json").status_code == 403
    assert Customer.unscoped.get(pk=mine["customer"]).state == "active"
