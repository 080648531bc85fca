"""The world of the guards: the cast, and on each of two sides one row of everything that a route can show.

Side "a" belongs to the manager of unit A, side "b" to the stranger of unit B. Every text that somebody typed on a
side holds the side's word, so that a page shows at once whether it told the one about the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import (
    Assignment,
    ContactPerson,
    Cover,
    CustomerFile,
    ExternalId,
    FamilyMember,
    GroupMember,
    Handover,
    HandoverItem,
    JobChange,
    Leave,
    PersonProfile,
    Post,
    PrivateGrant,
    PrivateProfile,
    Qualification,
    RelationshipStrength,
    Segment,
    Staff,
    Standing,
    Task,
    Tier,
    TierProposal,
)
from crm.core import attachments
from crm.core.models import AccessLog, Job, JobRowError, Notice, SweepRun, User, WorkDay
from sync.actions import create_client, issue_token
from sync.choices import TokenScope
from sync.models import Client, Token
from tests.cast import CANARY, JOINED, Cast, build
from tests.guards.rooms import rooms
from tests.visits.desk import owe
from tests.visits.ledger_world import customer_of, visit
from visits.models import CustomerVoice, DialTap, Excuse, Remark, VisitCompanion, VisitNote, VisitPerson

HERON = "苍鹭"
WORDS = {"a": HERON, "b": CANARY}
LARK = "云雀"  # stands in everything private: shown to nobody without a look that is logged
ID_NUMBERS = {HERON: "11010519491231002X", CANARY: "440524188001010014"}
PEOPLE = {
    "a": {"manager": "manager", "mate": "teammate", "boss": "supervisor", "idle": "handler", "unit": "A"},
    "b": {"manager": "stranger", "mate": "nobody", "boss": "stranger_supervisor", "idle": "nobody", "unit": "B"},
}
CUSTOMER = {"a": "gold", "b": "strangers"}
CSV = "编号,姓名,电话\nN1,新客户,13800138000\n".encode()


@dataclass
class World:
    """The cast, both sides' rows by name (`world.rows["a"]["visit"]`), and the callers of the API by name."""

    cast: Cast
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    machines: dict[str, APIClient] = field(default_factory=dict)

    def args(self, names: tuple[str, ...], side: str = "a") -> tuple[Any, ...]:
        """Arguments of an address: a name of a row stands for its number, any other text for itself."""
        return tuple(self._arg(name, side) for name in names)

    def _arg(self, name: str, side: str) -> Any:
        found = self.rows[side].get(name, name)
        return getattr(found, "pk", found)

    def pk(self, name: str, side: str = "a") -> int:
        """The number of a side's row."""
        return int(self.rows[side][name].pk)


def build_world() -> World:
    """Both sides, the house's own rows, and the machines that call the API."""
    world = World(build())
    for side in ("a", "b"):
        world.rows[side] = _side(world.cast, side)
    _house(world)
    _machines(world)
    for room in rooms():
        if hasattr(room, "connect"):
            room.connect(world)
    return world


def _side(cast: Cast, side: str) -> dict[str, Any]:
    who, word = PEOPLE[side], WORDS[side]
    rows: dict[str, Any] = {"word": word, "customer": cast.customers[CUSTOMER[side]], "unit": cast.units[who["unit"]]}
    rows |= {role: cast.staff[who[role]] for role in ("manager", "mate", "boss", "idle")}
    rows |= {f"{role}_user": cast.users[who[role]] for role in ("manager", "mate", "boss")}
    _customer(rows)
    _firm(cast, rows, who["manager"])
    _profile(rows)
    _organisation(rows)
    _duties(rows)
    _visits(cast, rows, who["manager"])
    _portfolio(rows)
    _work(rows)
    for room in rooms():
        if hasattr(room, "furnish"):
            room.furnish(cast, rows, who)
    return rows


def _customer(rows: dict[str, Any]) -> None:
    customer, word = rows["customer"], rows["word"]
    for name in ("district", "business_address", "preferred_time", "important_reason", "service_notes"):
        setattr(customer, name, f"{word}{name}")
    customer.other_phone = "0571-8666" + ("1001" if word == HERON else "2002")
    customer.email = "a@heron.test" if word == HERON else "b@canary.test"
    customer.monthly_spend = 100
    customer.save()
    Standing.unscoped.filter(customer=customer).update(value=100)


def _firm(cast: Cast, rows: dict[str, Any], manager: str) -> None:
    """A group customer of the same manager, with somebody who works there and a line."""
    word = rows["word"]
    rows["firm"] = customer_of(cast, "level1", kind="group", manager=manager)
    rows["firm"].name, rows["firm"].business_address = f"{word}集团", word
    rows["firm"].save()
    rows["person"] = ContactPerson.unscoped.create(
        customer=rows["firm"], name=f"{word}联系人", position=word, external_id=f"{word}P1", external_source="erp",
        phone="13900005101" if word == HERON else "13900005202",
    )  # fmt: skip
    rows["member"] = GroupMember.unscoped.create(
        customer=rows["firm"], name=word, msisdn="13900005301" if word == HERON else "13900005402"
    )


def _profile(rows: dict[str, Any]) -> None:
    customer, word, now = rows["customer"], rows["word"], timezone.now()
    PersonProfile.unscoped.create(
        customer=customer, birthday="1980-05-06", personality=word, sports=word, reward_preference=word
    )
    secret = f"{word}{LARK}"
    PrivateProfile.unscoped.create(
        customer=customer, home_address=secret, id_number=ID_NUMBERS[word], occupation=secret, employer=secret,
        position=secret, family_background=secret, consent_on="2026-01-05", consent_note=secret,
    )  # fmt: skip
    rows["family"] = FamilyMember.unscoped.create(customer=customer, relation=secret, name=secret)
    rows["job_change"] = JobChange.unscoped.create(
        customer=customer, changed_on="2025-05-01", employer_before=secret, employer_after=secret
    )
    RelationshipStrength.unscoped.create(
        customer=customer, strength=3, judged_on=timezone.localdate() - timedelta(days=9), by=rows["manager_user"]
    )
    rows["external"] = f"{word}E1"
    ExternalId.unscoped.create(customer=customer, source="billing", external_id=rows["external"])
    stored = attachments.store(
        ContentFile(f"{word},1\n".encode(), name=f"{word}.csv"), by=rows["manager_user"], now=now,
        kinds=frozenset({attachments.CSV}), max_bytes=1000,
    )  # fmt: skip
    rows["file"] = CustomerFile.unscoped.create(
        customer=customer, attachment=stored, category="letter", title=f"{word}信函",
        uploaded_by=rows["manager_user"], uploaded_at=now,
    )  # fmt: skip


def _organisation(rows: dict[str, Any]) -> None:
    staff, word, today = rows["manager"], rows["word"], timezone.localdate()
    left = User.objects.create_user(f"X{rows['unit'].code}1", name="已离职", is_active=False)
    rows["gone"] = Staff.unscoped.create(
        user=left, number=left.username, name="已离职", unit=rows["unit"], is_active=False
    )
    rows["unit"].area = word
    rows["unit"].save()
    rows["post"] = Post.unscoped.filter(staff=rows["boss"]).get()
    rows["qualification"] = Qualification.unscoped.create(staff=staff, kind="other", level=word)
    Leave.unscoped.create(
        staff=staff, starts_on=today + timedelta(days=40), ends_on=today + timedelta(days=41), note=word
    )
    Cover.unscoped.create(
        absent=staff, substitute=rows["mate"], starts_on=today + timedelta(days=40), reason=word,
        ends_on=today + timedelta(days=41), arranged_by=rows["boss_user"], arranged_at=timezone.now(),
    )  # fmt: skip
    PrivateGrant.unscoped.create(staff=staff, granted_by=rows["boss_user"], granted_at=timezone.now(), reason=word)
    rows["segment"] = Segment.unscoped.create(
        name=word, owner=rows["manager_user"], unit=rows["unit"], query="?kind=vip", created_at=timezone.now()
    )


def _duties(rows: dict[str, Any]) -> None:
    customer, today = rows["customer"], timezone.localdate()
    first = today.replace(day=1)
    month_end = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    last = max(month_end, today + timedelta(days=9))  # there is a day left to postpone to, whatever day it is
    rows["duty"] = owe(customer, starts_on=first, due_on=last, suggested_on=today)
    before = (first - timedelta(days=1)).replace(day=1)
    rows["missed"] = owe(
        customer, starts_on=before, due_on=first - timedelta(days=1), state="provisional", closed_at=timezone.now()
    )
    Standing.unscoped.filter(customer=customer).update(
        next_due_on=last, suggested_on=today, duty_state="overdue", is_overdue=True
    )
    rows["excuse"] = Excuse.unscoped.create(
        duty=rows["missed"], kind="no_contact", text=rows["word"], requested_by=rows["manager_user"],
        requested_at=timezone.now(),
    )  # fmt: skip


def _visits(cast: Cast, rows: dict[str, Any], who: str) -> None:
    customer, word, now, today = rows["customer"], rows["word"], timezone.now(), timezone.localdate()
    common = {"cast": cast, "by": who, "counts": False, "place": word, "content": word, "result": word,
              "next_step": word, "next_on": today + timedelta(days=3), "mood": "good", "source": "",
              "client_key": uuid4()}  # fmt: skip
    made = visit(customer, today, direction="inbound", **common)
    # Logged this moment, whatever the hour: otherwise its author could not mend it any more.
    made.occurred_at, made.logged_at = now - timedelta(minutes=2), now
    made.occurred_on = timezone.localdate(made.occurred_at)
    made.save()
    rows["visit"] = made
    rows["older_visit"] = visit(customer, today - timedelta(days=30), **common | {"client_key": uuid4()})
    with_firm = visit(rows["firm"], today - timedelta(days=2), **common | {"client_key": uuid4()})
    VisitPerson.unscoped.create(visit=with_firm, person=rows["person"])
    VisitCompanion.unscoped.create(visit=made, staff=rows["boss"])
    VisitNote.unscoped.create(visit=made, text=word, by=rows["manager_user"], at=now)
    Remark.unscoped.create(visit=made, text=word, by=rows["boss_user"], at=now)
    for kind in ("opinion", "problem"):
        CustomerVoice.unscoped.create(
            customer=customer, visit=made, kind=kind, text=f"{word}{kind}", by=rows["manager_user"], said_at=now
        )
    rows["tap"] = DialTap.unscoped.create(
        customer=rows["firm"], staff=rows["manager"], person=rows["person"], tapped_at=now - timedelta(minutes=9)
    )


def _portfolio(rows: dict[str, Any]) -> None:
    customer, word, now, today = rows["customer"], rows["word"], timezone.now(), timezone.localdate()
    tiers = {tier.code: tier for tier in Tier.objects.filter(kind="vip")}
    rows["tier"] = tiers["gold"]
    rows["proposal"] = TierProposal.unscoped.create(
        customer=customer, from_tier=tiers["gold"], to_tier=tiers["silver"], source="billing", reason=word,
        proposed_by=rows["manager_user"], proposed_at=now,
    )  # fmt: skip
    rows["handover"] = Handover.unscoped.create(
        unit=rows["unit"], from_staff=rows["mate"], to_staff=rows["manager"], reason=word, note=word,
        effective_on=today - timedelta(days=1), done_by=rows["boss_user"], done_at=now - timedelta(days=1),
    )  # fmt: skip
    HandoverItem.unscoped.create(handover=rows["handover"], customer=customer, previous_staff=rows["mate"])
    Assignment.unscoped.create(
        customer=customer, staff=rows["mate"], valid_from=JOINED, valid_to=today - timedelta(days=1), reason=word
    )
    Assignment.unscoped.filter(customer=customer, valid_to=None).update(
        valid_from=today - timedelta(days=1), reason=word, handover=rows["handover"]
    )
    Assignment.unscoped.create(  # the teammate had him before
        customer=customer, staff=rows["mate"], valid_from=today - timedelta(days=90), valid_to=today - timedelta(days=1)
    )
    rows["task"] = Task.unscoped.create(
        kind="follow_up", customer=customer, staff=rows["manager"], title=word, reason=word, due_on=today,
        origin_table="visits_visit", origin_id=rows["visit"].pk, created_at=now, created_by=rows["manager_user"],
    )  # fmt: skip


def _work(rows: dict[str, Any]) -> None:
    """A notice and a job of the manager's own; what others may open is only what they started."""
    word, now, user = rows["word"], timezone.now(), rows["manager_user"]
    rows["notice"] = Notice.objects.create(
        user=user, kind="visit_remarked", subject_table="visits_visit", subject_id=rows["visit"].pk, occasion="1",
        params={"customer": word, "by": word}, url=f"/visits/{rows['visit'].pk}/", created_at=now,
    )  # fmt: skip
    rows["job"] = _job(user, word, rows["file"].attachment)


def _job(user: Any, word: str, file: Any, **more: Any) -> Job:
    now = timezone.now()
    job = Job.objects.create(
        kind="import_file", by=user, state="done", created_at=now, started_at=now, finished_at=now,
        progress_done=2, progress_total=2, doing=word, result={"created": 1, "failed": 1}, result_file=file,
        **{"params": {"is_dry": True}} | more,
    )  # fmt: skip
    JobRowError.objects.create(job=job, row=2, column=word, code="invalid_phone", message=word, value=word)
    return job


def _house(world: World) -> None:
    """What belongs to headquarters: an import of the director's, a client with a token, a night, a holiday."""
    cast, now = world.cast, timezone.now()
    director = cast.director
    upload = attachments.store(
        ContentFile(CSV, name="import.csv"), by=director, now=now, kinds=frozenset({attachments.CSV}), max_bytes=1000
    )
    mapping = {"source": "billing", "fields": {"external_id": {"column": "编号"}, "name": {"column": "姓名"}}}
    imported = _job(director, "", upload, params={"is_dry": True, "file": upload.pk, "mapping": mapping})
    client = create_client(name="guarded", unit_id=cast.units["A"].pk, by=director, now=now)
    token = issue_token(client=client, scopes=["customers:read"], days=9, by=director, now=now)
    SweepRun.objects.create(
        step="open_duties", business_date=timezone.localdate(), started_at=now, finished_at=now, rows=3, seconds=1
    )
    WorkDay.objects.update_or_create(date="2027-03-03", defaults={"kind": "holiday", "name": "节日"})
    AccessLog.objects.create(at=now, kind="sign_in", user=director)
    house = {
        "upload": upload.key, "import": imported, "client": Client.unscoped.get(pk=client.pk),
        "token": Token.unscoped.get(pk=token.token_id), "holiday": "2027-03-03",
    }  # fmt: skip
    for side in ("a", "b"):
        world.rows[side] |= house


def _machines(world: World) -> None:
    """Who calls the API: for the whole city, for unit B, with one small right, and with a token that has ended."""
    everything = [scope.value for scope in TokenScope if scope.value != "private:read"]
    for name, unit, scopes in (
        ("billing", "CITY", everything),
        ("strange-billing", "B", everything),
        ("narrow", "CITY", ["private:read"]),
        ("ended", "CITY", everything),
    ):
        now = timezone.now()
        client = create_client(
            name=name, unit_id=world.cast.units[unit].pk, source="billing", by=world.cast.director, now=now
        )
        client.requests_per_minute = 100_000
        client.save()
        issued = issue_token(client=client, scopes=scopes, days=30, by=world.cast.director, now=now)
        if name == "ended":
            Token.unscoped.filter(pk=issued.token_id).update(revoked_at=now)
        Token.unscoped.filter(pk=issued.token_id, revoked_at=None).update(last_used_at=now)
        world.machines[name] = APIClient(raise_request_exception=False)
        world.machines[name].credentials(HTTP_AUTHORIZATION=f"Bearer {issued.secret}")
