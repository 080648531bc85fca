"""Joining applications, their check, and agreements: signed, renewed, announced, brought by another system."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import ContactPerson, Task
from crm.core.models import AccessLog, Notice
from crm.core.sweeps import run_step
from sales.models import Agreement, AgreementReminder, JoiningApplication, QualificationRule
from tests.api.conftest import make_client, session  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
API = "/api/v1/agreements"
STEP = "remind_agreements"


def today():
    return timezone.localdate()


def application(customer, state="passed", **more):
    checked = {} if state == "submitted" else {"checker_name": "审核员", "checked_on": today()}
    return JoiningApplication.unscoped.create(
        customer=customer, state=state, applied_at=timezone.now(), **checked | more
    )


def agreement(customer, number="FW-1", *, ends_in=365, **more):
    values = {
        "kind": "service", "application": more.pop("application", None) or application(customer),
        "signed_on": today() - timedelta(days=300), "starts_on": today() - timedelta(days=300),
        "ends_on": today() + timedelta(days=ends_in) if ends_in is not None else None, "updated_at": timezone.now(),
    }  # fmt: skip
    return Agreement.unscoped.create(customer=customer, number=number, **values | more)


def checklist(met=True, **notes):
    answers = {}
    for rule in QualificationRule.objects.filter(is_active=True):
        answers[f"rule_{rule.pk}"] = "yes" if met or rule.code not in notes else "no"
        answers[f"note_{rule.pk}"] = notes.get(rule.code, "")
    return answers


def night(day):
    return run_step(STEP, day, timezone.now())


def test_an_agreement_for_a_failed_or_absent_check_is_refused(cast, as_user):
    """SAL-14: application → check by the list, by somebody else, with result, checker and day → agreement."""
    group = cast.customers["teammates"]
    manager = as_user(cast.teammate)
    new = f"/customers/{group.pk}/agreements/new/"
    form = {"number": "FW-2026-1", "kind": "service", "signed_on": today().isoformat(), "ends_on": "2030-01-01"}

    def refusal():
        answer = manager.post(new, form)
        assert answer.status_code == 400 and not Agreement.unscoped.exists()
        return next(error.message for errors in answer.context["form"].errors.as_data().values() for error in errors)

    absent = refusal()
    manager.post(f"/customers/{group.pk}/applications/new/", {"text": "60 人"})
    row = JoiningApplication.unscoped.get()
    assert (row.state, row.applied_by) == ("submitted", cast.teammate)
    assert Notice.objects.filter(user=cast.supervisor, kind="application_waiting").count() == 1
    assert refusal() != absent
    # Who filed it does not check it; nobody without the ability does.
    check = f"/sales/applications/{row.pk}/check/"
    assert manager.post(check, checklist() | {"finish": "1"}).status_code == 403
    boss = as_user(cast.supervisor)
    waiting = boss.get("/approvals/").context["page"].applications
    assert [(line.id, is_own) for line, is_own in waiting] == [(row.pk, False)]
    half = dict(list(checklist().items())[:2])
    assert boss.post(check, half | {"version": row.version}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.checks.count(), row.checked_on) == ("checking", 1, None)
    assert boss.post(check, half | {"finish": "1"}).status_code == 400
    no_reason = checklist(met=False, licence="")
    assert boss.post(check, no_reason | {"finish": "1"}).status_code == 400
    failed = checklist(met=False, licence="已注销")
    assert (
        boss.post(check, failed | {"finish": "1", "result_note": "不符合", "version": row.version}).status_code == 302
    )
    row.refresh_from_db()
    assert (row.state, row.checked_by, row.checked_on) == ("failed", cast.supervisor, today())
    assert "已注销" in Notice.objects.get(user=cast.teammate, kind="application_failed").params["reason"]
    assert boss.post(check, failed | {"finish": "1"}).status_code == 409
    manager = as_user(cast.teammate)
    assert "not passed" in str(refusal()) or "未通过" in str(refusal())
    manager.post(f"/customers/{group.pk}/applications/new/", {})
    again = JoiningApplication.unscoped.latest("pk")
    as_user(cast.supervisor).post(f"/sales/applications/{again.pk}/check/", checklist() | {"finish": "1"})
    manager = as_user(cast.teammate)
    answer = manager.post(new, form | {"our_signer": "M1002", "their_signer": "海总"})
    made = Agreement.unscoped.get()
    assert answer.headers["Location"] == f"/sales/agreements/{made.pk}/"
    assert (made.application, made.our_signer, made.starts_on) == (again, cast.staff["teammate"], today())
    assert made.their_signer == ContactPerson.unscoped.get(name="海总")
    assert manager.post(new, form).status_code == 400  # the number is taken
    text = manager.get(f"/customers/{group.pk}/agreements/").content.decode()
    assert "FW-2026-1" in text


def test_the_database_itself_knows_who_may_not_check(cast):
    """SAL-14: checker ≠ applicant, a result has its checker, a service agreement its check: by constraint."""
    group = cast.customers["teammates"]
    wrong = (
        lambda: application(group, applied_by=cast.manager, checked_by=cast.manager),
        lambda: application(group, checker_name="", checked_by=None),
        lambda: [application(group, "submitted") for _ in range(2)],
        lambda: Agreement.unscoped.create(
            customer=group, number="X", kind="service", signed_on=today(), starts_on=today(), updated_at=timezone.now()
        ),
        lambda: agreement(group, ends_in=-400),
    )
    for deed in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_a_person_s_contract_needs_no_application(cast, as_user):
    """SAL-14: the check is of groups; a contract period of a VIP is signed without, and only groups apply."""
    vip = cast.customers["gold"]
    client = as_user(cast.manager)
    form = {"number": "HY-1", "kind": "contract", "signed_on": today().isoformat()}
    assert client.post(f"/customers/{vip.pk}/applications/new/", {"text": "x"}).status_code == 400
    assert client.post(f"/customers/{vip.pk}/agreements/new/", form | {"kind": "service"}).status_code == 400
    assert client.post(f"/customers/{vip.pk}/agreements/new/", form).status_code == 302
    bad = ({"ends_on": "2020-01-01"}, {"signed_on": "2999-01-01"}, {"signed_on": "x"}, {"number": " "},
           {"our_signer": "M9"}, {"their_signer": "无名"})  # fmt: skip
    for changes in bad:
        answer = client.post(f"/customers/{vip.pk}/agreements/new/", form | {"number": "HY-2"} | changes)
        assert answer.status_code == 400, changes
    assert as_user(cast.stranger).post(f"/customers/{vip.pk}/agreements/new/", form).status_code == 404
    assert as_user(cast.supervisor).post(f"/customers/{vip.pk}/agreements/new/", form).status_code == 403


def test_a_renewal_links_to_the_agreement_before(cast, as_user):
    """SAL-15: the renewal names its predecessor, carries its check on, settles the task; only one follows."""
    group = cast.customers["teammates"]
    old = agreement(group, "FW-1", ends_in=20)
    night(today())
    assert Task.unscoped.get().state == "open"
    client = as_user(cast.teammate)
    form = {"number": "FW-2", "kind": "service", "signed_on": today().isoformat(),
            "starts_on": (old.ends_on + timedelta(days=1)).isoformat(), "ends_on": "2030-01-01"}  # fmt: skip
    page = client.get(f"/sales/agreements/{old.pk}/renew/")
    assert page.context["form"].initial["starts_on"] == old.ends_on + timedelta(days=1)
    too_early = form | {"starts_on": old.starts_on.isoformat()}
    assert client.post(f"/sales/agreements/{old.pk}/renew/", too_early).status_code == 400
    assert client.post(f"/sales/agreements/{old.pk}/renew/", form).status_code == 302
    new = Agreement.unscoped.get(number="FW-2")
    assert (new.previous, new.application) == (old, old.application)
    assert Task.unscoped.get().state == "done"
    assert client.post(f"/sales/agreements/{old.pk}/renew/", form | {"number": "FW-3"}).status_code == 400
    assert "FW-2" in client.get(f"/sales/agreements/{old.pk}/").content.decode()


def test_an_end_is_announced_at_ninety_sixty_and_thirty_days_once_each(cast):
    """SAL-15: the job flags an agreement that ends in 60 days once; at 30 a task is opened; repeating says nothing."""
    end = agreement(cast.customers["teammates"], ends_in=95).ends_on
    user, told = cast.teammate, []
    for ahead in (91, 90, 89, 61, 60, 60, 59, 31, 30, 30, 29, 0, -1):
        night(end - timedelta(days=ahead))
        told.append((ahead, Notice.objects.filter(user=user, kind="agreement_ends").count()))
    assert [count for _ahead, count in told] == [0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3]
    assert sorted(AgreementReminder.unscoped.values_list("days", flat=True)) == [30, 60, 90]
    task = Task.unscoped.get()
    assert (task.kind, task.staff, task.due_on, task.title) == ("agreement", cast.staff["teammate"], end, "FW-1")
    assert task.shown_from == end - timedelta(days=30)
    # Who leads him hears of the last one only.
    assert Notice.objects.filter(user=cast.supervisor, kind="agreement_ends").count() == 1


def test_what_need_not_be_announced_is_left_alone(cast):
    """SAL-15: renewed, ended early, followed by a longer one, of a lost customer; heard of late counts once, as 60."""
    group, vip = cast.customers["teammates"], cast.customers["gold"]
    passed = application(group)
    first = agreement(group, "A1", ends_in=40, application=passed)
    agreement(group, "A2", ends_in=400, application=passed, previous=first)
    agreement(group, "A3", ends_in=10, application=passed, state="terminated", terminated_on=today())
    agreement(vip, "B1", ends_in=45, kind="contract", application=application(vip))
    lost = cast.customers["silver"]
    lost.state = "churned"
    lost.save(update_fields=["state"])
    agreement(lost, "C1", ends_in=45, kind="contract", application=application(lost))
    assert night(today()).rows == 1
    assert AgreementReminder.unscoped.get().days == 60
    assert night(today()).rows == 0
    moved = Agreement.unscoped.get(number="B1")
    moved.ends_on += timedelta(days=3)
    moved.save(update_fields=["ends_on"])
    assert night(today()).rows == 1  # another end is another word


def test_an_agreement_ends_early_and_keeps_its_paper(cast, as_user):
    """SAL-14: the scan is private and its look is logged; the last day lies within; an old form is a conflict."""
    row = agreement(cast.customers["teammates"], ends_in=100)
    client = as_user(cast.teammate)
    at = f"/sales/agreements/{row.pk}/"
    assert client.get(f"{at}scan/").status_code == 404
    paper = SimpleUploadedFile("协议.pdf", b"%PDF-1.4 signed")
    assert client.post(f"{at}scan/", {"scan": paper}).status_code == 302
    assert client.post(f"{at}scan/", {"scan": SimpleUploadedFile("x.exe", b"MZ\x00\x01")}).status_code == 400
    assert b"".join(client.get(f"{at}scan/").streaming_content) == b"%PDF-1.4 signed"
    assert AccessLog.objects.filter(kind="download", subject_id=row.customer_id).count() == 1
    late = {"ends_on": (row.ends_on + timedelta(days=1)).isoformat(), "reason": "迁址"}
    assert client.post(f"{at}end/", late).status_code == 400
    assert client.post(f"{at}end/", {"ends_on": today().isoformat(), "reason": "迁址", "version": 1}).status_code == 409
    done = {"ends_on": today().isoformat(), "reason": "迁址", "version": 2}
    assert client.post(f"{at}end/", done).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.ends_on, row.terminated_on) == ("terminated", today(), today())
    assert client.post(f"{at}end/", done | {"version": 3}).status_code == 409
    assert as_user(cast.stranger).get(at).status_code == 404


def test_the_list_shows_what_ends_and_what_was_not_renewed(cast, as_user):
    """SAL-15: chips with counts; in sight only; what ends soonest comes first."""
    group, vip = cast.customers["teammates"], cast.customers["gold"]
    passed = application(group)
    agreement(group, "N25", ends_in=25, application=passed, kind="product")
    agreement(group, "N80", ends_in=80, application=passed)
    agreement(vip, "OPEN", ends_in=None, kind="contract", application=application(vip))
    agreement(vip, "OLD", ends_in=-30, kind="contract", application=application(vip))
    agreement(cast.customers["strangers"], "ELSE", ends_in=10, application=application(cast.customers["strangers"]))
    client = as_user(cast.supervisor)

    def numbers(query=""):
        answer = client.get(f"/sales/agreements/{query}")
        assert answer.status_code == 200
        return [line[0].number for line in answer.context["lines"]]

    assert numbers() == ["N25", "N80", "OPEN"]
    assert (numbers("?view=30"), numbers("?view=90"), numbers("?view=lapsed")) == (["N25"], ["N25", "N80"], ["OLD"])
    assert numbers("?kind=product") == ["N25"] and numbers("?q=金满堂") == ["OPEN"]
    counts = {url: count for _label, url, _on, count in client.get("/sales/agreements/").context["views"]}
    assert counts["?view=30"] == 1 and counts["?view=lapsed"] == 1
    assert client.get("/sales/agreements/?view=soon").status_code == 400
    assert "ELSE" not in client.get("/sales/agreements/?view=all").content.decode()


# --- API


@pytest.fixture
def contracts(make_client):  # noqa: F811
    """The contract system of the whole city."""
    return make_client("contracts", "CITY", ["agreements:read", "agreements:write"])


def send(client, *items, **more):
    return client.post(API, {"items": list(items)} | more, format="json")


def statuses(answer):
    return [row["status"] for row in answer.json()["items"]]


def codes(answer):
    return [error["code"] for row in answer.json()["items"] for error in row["errors"]]


def test_the_contract_system_brings_agreements_with_their_check(contracts, cast):
    """SAL-14, SAL-15: refused without a check; created, unchanged, updated, stale; a chain in one call."""
    group = cast.customers["teammates"]
    one = {"number": "C-1", "customer": group.number, "signed_on": "2025-01-01", "ends_on": "2025-12-31"}
    refused = send(contracts, one)
    assert statuses(refused) == ["failed"] and codes(refused) == ["not_checked"] and refused.status_code == 207
    checked = one | {"checked_on": "2024-12-20", "checked_by": "审核员甲",
                     "source_updated_at": "2025-01-02T00:00:00+08:00"}  # fmt: skip
    two = {
        "number": "C-2", "customer": group.number, "previous": "C-1", "signed_on": "2025-12-20",
        "starts_on": "2026-01-01", "ends_on": "2027-12-31", "their_signer": "海总", "our_signer": "M1002",
    }  # fmt: skip
    assert statuses(send(contracts, checked, two)) == ["created", "created"]
    first, second = Agreement.unscoped.order_by("number")
    assert second.previous == first and second.application == first.application
    assert (first.application.state, first.application.checker_name) == ("passed", "审核员甲")
    assert statuses(send(contracts, checked, two)) == ["unchanged", "unchanged"]
    assert JoiningApplication.unscoped.count() == 1
    older = checked | {"note": "x", "source_updated_at": "2024-01-02T00:00:00+08:00"}
    assert statuses(send(contracts, older)) == ["stale"]
    assert statuses(send(contracts, {"number": "C-2", "ends_on": None})) == ["updated"]
    assert statuses(send(contracts, {"number": "C-2", "terminated_on": today().isoformat()})) == ["updated"]
    second.refresh_from_db()
    assert (second.state, second.ends_on, second.version) == ("terminated", today(), 3)
    third = {"number": "C-3", "customer": group.number, "previous": "C-1", "signed_on": "2026-01-01"}
    assert codes(send(contracts, third)) == ["renewed_already"]
    listed = contracts.get(API, {"in_force_on": "2025-06-01"}).json()["items"]
    assert [(row["number"], row["renewed_by"], row["check_result"]) for row in listed] == [("C-1", "C-2", "passed")]


def test_a_bad_agreement_names_its_field(contracts, cast, make_client):  # noqa: F811
    """sync-api: each row is answered, atomic is all or nothing, and nothing is made outside the client's units."""
    vip = cast.customers["gold"]
    good = {"number": "G-1", "customer": vip.number, "kind": "contract", "signed_on": "2026-01-01"}
    bad = {
        "out_of_order": {"ends_on": "2025-01-01"},
        "not_found": {"customer": "K0"},
        "invalid_choice": {"kind": "x"},
        "unknown_field": {"colour": "red"},
        "required": {"signed_on": ""},
    }
    for code, changes in bad.items():
        answer = send(contracts, good | {"number": "G-2"} | changes)
        assert codes(answer)[:1] == [code], (code, answer.json())
    failing = send(contracts, good, good | {"number": ""}, mode="atomic")
    assert failing.status_code == 422 and not Agreement.unscoped.exists()
    assert statuses(send(contracts, good, dry_run=True)) == ["created"] and not Agreement.unscoped.exists()
    assert statuses(send(contracts, good)) == ["created"]
    moved = send(contracts, {"number": "G-1", "customer": cast.customers["silver"].number})
    assert codes(moved) == ["read_only_field"]
    west = make_client("west", "B", ["agreements:read", "agreements:write"])
    assert codes(send(west, good | {"note": "mine"})) == ["not_found"]
    assert codes(send(west, good | {"number": "G-9"})) == ["not_found"]
    assert west.get(API).json()["items"] == []
    assert Agreement.unscoped.get().starts_on == date(2026, 1, 1)
