"""Cases over the API: the hotline takes them down, another system works on them, no step is skipped (sync-api)."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone

from complaints.models import Case, CaseStep
from tests.complaints.desk import desk, fresh, step_data, take

pytestmark = pytest.mark.django_db
URL = "/api/v1/complaints"


@pytest.fixture
def hotline(cast, make_client):
    """The hotline of the whole city; unit A has its handler."""
    desk(cast)
    return make_client("hotline", "CITY", ["complaints:read", "complaints:write"])


def body(cast, **changes):
    return {
        "kind": "complaint", "customer": cast.customers["gold"].pk, "channel": "hotline", "category": "network",
        "facts": "昨晚断网两小时", "expectation": "尽快修好",
    } | changes  # fmt: skip


def taken(hotline, cast, **changes):
    answer = hotline.post(URL, body(cast, **changes), format="json")
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


def do(client, pk, deed, **values):
    headers = {"HTTP_IF_MATCH": values.pop("version")} if "version" in values else {}
    return client.post(f"{URL}/{pk}/transitions", {"deed": deed} | values, format="json", **headers)


def step(client, pk, number):
    return client.post(f"{URL}/{pk}/steps", {"step": number, "data": step_data(number) | day(number)}, format="json")


def day(number):
    return {"follow_up_on": str(timezone.localdate() + timedelta(days=2))} if number == 6 else {}


def test_the_hotline_takes_a_complaint_down(cast, hotline):
    """CMP-5: API intake works; it goes to the unit's handler and its clocks run."""
    answer = hotline.post(URL, body(cast, external_id="T-1"), format="json")
    told = answer.json()
    assert (answer.status_code, told["owner"], told["manager"], told["unit"]) == (201, "H1001", "M1001", "A")
    assert (told["state"], told["source"], told["external_id"]) == ("received", "hotline", "T-1")
    detail = hotline.get(f"{URL}/{told['id']}")
    assert {clock["kind"] for clock in detail.json()["clocks"]} == {"first_reply", "update", "solution"}
    assert detail["ETag"] == f'"{told["version"]}"' and "accept" in detail.json()["allowed"]


def test_sent_twice_it_is_kept_once(cast, hotline):
    """Sync-api: same key, same answer; the same id of theirs, the same case; of another customer a conflict."""
    first = hotline.post(URL, body(cast, external_id="T-1"), format="json", HTTP_IDEMPOTENCY_KEY="k1")
    again = hotline.post(URL, body(cast, external_id="T-1"), format="json", HTTP_IDEMPOTENCY_KEY="k1")
    by_id = hotline.post(URL, body(cast, external_id="T-1"), format="json")
    other = body(cast, external_id="T-1", customer=cast.customers["silver"].pk)
    assert (first.status_code, again.status_code, by_id.status_code) == (201, 201, 200)
    assert hotline.post(URL, other, format="json").status_code == 409
    assert Case.unscoped.count() == 1


def test_the_customer_is_found_inside_the_subtree_only(cast, hotline, make_client):
    """Decisions 14: by id, external id or exact number; outside the client's subtree nobody is found."""
    west = make_client("west", "B", ["complaints:read", "complaints:write"])
    number = body(cast, customer_number=cast.customers["gold"].phone)
    del number["customer"]
    assert hotline.post(URL, number, format="json").status_code == 201
    for sent in (number, body(cast), {**number, "customer_number": "1"}):
        answer = west.post(URL, sent, format="json")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "not_found")
    pk = Case.unscoped.get().pk
    assert west.get(URL).json()["items"] == []
    for address in ("", "/steps", "/transitions", "/entries", "/attachments"):
        assert west.get(f"{URL}/{pk}{address}").status_code == 404
    assert do(west, pk, "accept").status_code == 404


def test_no_step_is_skipped(cast, hotline):
    """CMP-6, issue: API trying to skip; nothing is told before step 5 and nothing closes before step 6."""
    pk = taken(hotline, cast)
    assert step(hotline, pk, 1).json()["code"] == "wrong_state"
    assert do(hotline, pk, "accept").json()["state"] == "handling"
    assert step(hotline, pk, 4).json()["code"] == "feelings_first"
    for number in (1, 2, 3):
        assert step(hotline, pk, number).status_code == 201
    assert step(hotline, pk, 5).json()["code"] == "step_before"
    assert do(hotline, pk, "reply", text="好了", method="phone").json()["code"] == "steps_missing"
    assert do(hotline, pk, "close").json()["code"] == "wrong_state"
    for number in (4, 5):
        assert step(hotline, pk, number).status_code == 201
    told = do(hotline, pk, "reply", text="线路已修好", method="phone").json()
    assert (told["state"], told["satisfaction"], told["done_steps"]) == ("replied", 4, [1, 2, 3, 4, 5])
    assert do(hotline, pk, "close").json()["code"] == "steps_missing"
    assert step(hotline, pk, 6).status_code == 201
    assert do(hotline, pk, "close").json()["state"] == "closed"
    assert CaseStep.unscoped.count() == len(hotline.get(f"{URL}/{pk}/steps").json()["items"]) == 6


def test_an_old_version_is_refused_with_what_is_new(cast, hotline):
    """Sync-api: If-Match → 412 with the current record; two handlers on one case lose nothing."""
    pk = taken(hotline, cast)
    seen = hotline.get(f"{URL}/{pk}")["ETag"]
    assert do(hotline, pk, "accept", version=seen).status_code == 200
    for answer in (
        do(hotline, pk, "pause", reason="等回电", version=seen),
        hotline.patch(f"{URL}/{pk}", {"level": "serious"}, format="json", HTTP_IF_MATCH=seen),
        hotline.post(f"{URL}/{pk}/entries", {"kind": "note", "text": "x"}, format="json", HTTP_IF_MATCH=seen),
    ):
        current = answer.json()["current"]
        assert (answer.status_code, current["state"], len(current["changes"])) == (412, "handling", 1)
    assert hotline.patch(f"{URL}/{pk}", {"level": "serious"}, format="json").json()["level"] == "serious"


def test_what_is_wrong_is_told_by_field(cast, hotline):
    """Safety 18: unknown fields, unknown deeds, values a deed does not take; nothing is written."""
    pk = taken(hotline, cast)
    before = fresh(Case.unscoped.get()).version
    for answer, field, code in (
        (hotline.post(URL, body(cast, owner=1), format="json"), "owner", "unknown_field"),
        (hotline.post(URL, body(cast, expectation=""), format="json"), "expectation", "required"),
        (hotline.post(URL, body(cast, facts="a\u0000"), format="json"), "facts", "invalid_character"),
        (hotline.get(f"{URL}?state=nope"), "?state", "invalid_choice"),
        (hotline.get(f"{URL}?nope=1"), "?nope", "unknown_parameter"),
        (do(hotline, pk, "fly"), "deed", "invalid_choice"),
        (do(hotline, pk, "accept", reason="x"), "reason", "unknown_field"),
        (do(hotline, pk, "pause"), "reason", "required"),
        (do(hotline, pk, "assign", to_staff="X9"), "to_staff", "not_found"),
        (hotline.patch(f"{URL}/{pk}", {"state": "closed"}, format="json"), "state", "unknown_field"),
    ):
        problem = answer.json()
        assert answer.status_code == 400, problem
        assert problem["errors"][0]["pointer"].endswith(field) and problem["errors"][0]["code"] == code, problem
    assert fresh(Case.unscoped.get()).version == before


def test_the_list_is_filtered(cast, hotline):
    """Sync-api: keyset pages and filters by field name."""
    pk = taken(hotline, cast)
    take(cast, "need", customer="silver")
    for query, count in (
        ("", 2), ("?kind=complaint", 1), ("?owner=H1001", 1), ("?manager=M1001", 2), ("?is_open=true", 2),
        ("?is_open=false", 0), ("?is_breached=true", 0), (f"?customer={cast.customers['gold'].pk}", 1),
        (f"?received_from={timezone.localdate()}&received_to={timezone.localdate()}", 2), ("?state=closed", 0),
    ):  # fmt: skip
        assert len(hotline.get(URL + query).json()["items"]) == count, query
    page = hotline.get(f"{URL}?limit=1").json()
    assert page["items"][0]["id"] == pk
    assert [row["kind"] for row in hotline.get(f"{URL}?cursor={page['next']}").json()["items"]] == ["need"]


def test_the_conversation_and_its_files(cast, hotline):
    """Issue: attachments; a word to the customer names its method; service phrases are counted, not refused."""
    pk = taken(hotline, cast)
    line = hotline.post(
        f"{URL}/{pk}/entries", {"kind": "update", "text": "这不归我管", "method": "phone"}, format="json"
    )
    assert (line.status_code, line.json()["phrases"]) == (201, [7])
    for sent in ({"kind": "update", "text": "x"}, {"kind": "note", "text": "x", "method": "sms"}):
        assert hotline.post(f"{URL}/{pk}/entries", sent, format="json").status_code == 400
    assert [row["kind"] for row in hotline.get(f"{URL}/{pk}/entries").json()["items"]] == ["change", "update"]
    content = base64.b64encode("通话记录".encode()).decode()
    kept = hotline.post(f"{URL}/{pk}/attachments", {"name": "../a.txt", "content_base64": content}, format="json")
    assert kept.status_code == 201 and "/" not in kept.json()["name"]
    for wrong in ("%%%", base64.b64encode(b"MZ\x90\x00\x03").decode(), ""):
        sent = {"name": "a.exe", "content_base64": wrong}
        assert hotline.post(f"{URL}/{pk}/attachments", sent, format="json").status_code == 400
    address = f"{URL}/{pk}/attachments"
    (row,) = hotline.get(address).json()["items"]
    got = hotline.get(f"{address}/{row['id']}")
    assert b"".join(got.streaming_content).decode() == "通话记录"
    assert hotline.get(f"{address}/{row['id'] + 1}").status_code == 404


def test_a_person_does_what_his_post_allows(cast, hotline, session):
    """PLT-7: the same guards for a browser's session: the supervisor gives and judges, the director reads."""
    pk = taken(hotline, cast)
    supervisor = session("supervisor")
    assert do(supervisor, pk, "accept").status_code == 403
    assert do(supervisor, pk, "assign", to_staff="M1001", reason="熟悉").json()["owner"] == "M1001"
    manager = session("manager")
    assert "judge" not in manager.get(f"{URL}/{pk}/transitions").json()["allowed"]
    assert do(manager, pk, "accept").status_code == 200
    assert do(manager, pk, "dispatch", to_unit="SC", text="请核实").status_code == 200
    assert do(manager, pk, "escalate", reason="超出权限").status_code == 200
    director = session("director")
    assert director.get(f"{URL}/{pk}").json()["allowed"] == []
    assert do(director, pk, "close").status_code == 403
    assert session("stranger").get(f"{URL}/{pk}").status_code == 404
    assert session("auditor").get(URL).status_code == 403
