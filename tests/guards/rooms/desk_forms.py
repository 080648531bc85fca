"""Service phrases, quality feedback, instructions, opinions, irregularities: their routes and rows."""

from __future__ import annotations

from base64 import b64decode
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Unit
from complaints.actions.quality import sign_quality
from complaints.models import (
    Case,
    CaseFile,
    Instruction,
    Irregularity,
    IrregularityFile,
    PhraseHit,
    QualityFeedback,
    ServicePhrase,
    VoiceFeedback,
)
from crm.core import attachments
from tests.complaints.feedback_world import case_of
from tests.guards.bodies import clock, day
from tests.guards.crowd import copy
from tests.guards.route_rows import BOSSES, READERS, SEES_A, SETTERS, VISITORS, get, page, post
from tests.visits.pictures import picture
from visits.models import CustomerVoice

CASE_READERS = " ".join(name for name in READERS.split() if name not in ("business_support", "auditor"))
CASE_SEES = " ".join(name for name in SEES_A.split() if name not in ("business_support", "auditor"))
COUNTERS = f"{BOSSES} market_manager {SETTERS}"
TELLERS_A = "manager supervisor handler"
# A deed on a form: 404 for whom it is not there, 403 for who only reads, done by who handles the case.
FILLS = {"manager handler": 302}
IRREGULAR = f"{CASE_READERS} business_support service_centre"
IRREGULAR_SEES = " ".join(name for name in SEES_A.split() if name != "auditor")
TOLD = {"feedback": "已电话告知", "method": "phone"}
ROUTES = [
    page("complaints:phrase_list", "", get(f"{CASE_READERS} service_centre")),
    page("complaints:phrase_words", "", get(f"{CASE_READERS} service_centre")),
    page("complaints:phrase_figures", "", get(COUNTERS)),
    page("complaints:phrase_new", "", get(SETTERS), post(SETTERS)),
    page("complaints:phrase_edit", "phrase", get(SETTERS), post(SETTERS)),
    page("complaints:quality_list", "", get(CASE_READERS)),
    page("complaints:quality_open", "desk_case", post(CASE_READERS, CASE_SEES, 403, but=FILLS)),
    page("complaints:quality_detail", "quality", get(CASE_READERS, CASE_SEES)),
    page("complaints:quality_print", "quality", get(CASE_READERS, CASE_SEES)),
    page("complaints:quality_inspect", "quality", post(CASE_READERS, CASE_SEES, 403, but=FILLS)),
    page("complaints:quality_submit", "quality_signed", post(CASE_READERS, CASE_SEES, 403, but=FILLS)),
    page("complaints:quality_decide", "quality_submitted", post("market_manager")),
    page("complaints:quality_exchange", "quality_approved", post(CASE_READERS, CASE_SEES, 403, but=FILLS)),
    page("complaints:quality_close", "quality_confirmed", post("market_manager")),
    page("complaints:quality_sign", "quality_inspected first_part", post(CASE_READERS, CASE_SEES, 403, but=FILLS)),
    page("complaints:quality_link", "quality_inspected first_part",
         post(CASE_READERS, CASE_SEES, 403, but={"manager handler": 200})),
    page("complaints:quality_drawing", "quality_drawn first_part", get(CASE_READERS, CASE_SEES)),
    page("complaints:quality_photo", "quality quality_picture", get(CASE_READERS, CASE_SEES)),
    page("complaints:instruction_list", "", get(READERS)),
    page("complaints:instruction_detail", "instruction", get(READERS, SEES_A),
         post(READERS, SEES_A, 403, but={TELLERS_A: 302})),
    page("complaints:instruct_case", "desk_case", get("market_manager"), post("market_manager")),
    page("complaints:instruct_voice", "opinion", get("market_manager"), post("market_manager")),
    page("complaints:opinion_list", "", get(READERS)),
    page("complaints:opinion_detail", "opinion", get(READERS, SEES_A),
         post(READERS, SEES_A, 403, but={TELLERS_A: 302})),
    page("complaints:irregularity_list", "", get(IRREGULAR)),
    page("complaints:irregularity_new", "", get(VISITORS), post(VISITORS)),
    page("complaints:irregularity_detail", "irregularity", get(IRREGULAR, IRREGULAR_SEES)),
    page("complaints:irregularity_photo", "irregularity irregular_picture", get(IRREGULAR, IRREGULAR_SEES)),
    page("complaints:irregularity_forward", "irregularity", post("market_manager")),
    page("complaints:irregularity_result", "irregularity_forwarded", post("market_manager")),
    page("complaints:irregularity_copy", "irregularity_result", post("market_manager")),
    page("complaints:irregularity_close", "irregularity_copied", post("market_manager")),
]  # fmt: skip
BODIES = {
    "complaints:phrase_new": lambda w: {"text": "您自己看着办", "kinder": "我陪您一起办。", "is_active": "on"},
    "complaints:phrase_edit": lambda w: {"text": "您自己看着办", "wordings": "看着办", "version": "1"},
    "complaints:quality_open": lambda w: {},
    "complaints:quality_inspect": lambda w: {
        "inspected_on": day(0), "product_name": "光猫", "quantity": "3", "defect": "重启", "cause": "虚焊"},
    "complaints:quality_submit": lambda w: {"returned_quantity": "3"},
    "complaints:quality_decide": lambda w: {"grant": "yes", "note": "属实"},
    "complaints:quality_exchange": lambda w: {"exchanged_on": day(0), "exchanged_quantity": "2"},
    "complaints:quality_close": lambda w: {},
    "complaints:quality_sign": lambda w: {"signer_name": "店长", "drawing": picture()},
    "complaints:quality_link": lambda w: {},
    "complaints:instruction_detail": lambda w: TOLD,
    "complaints:instruct_case": lambda w: {"text": "尽快反馈"},
    "complaints:instruct_voice": lambda w: {"text": "尽快反馈"},
    "complaints:opinion_detail": lambda w: {"result": "已改进", "method": "phone"},
    "complaints:irregularity_new": lambda w: {
        "kind": "price", "subject": "小店", "place": "城东", "facts": "低价", "found_at": clock(9)[:16]},
    "complaints:irregularity_forward": lambda w: {"unit": w.pk("enforcement")},
    "complaints:irregularity_result": lambda w: {"result": "已处理"},
    "complaints:irregularity_copy": lambda w: {"unit": w.pk("operations")},
    "complaints:irregularity_close": lambda w: {},
}  # fmt: skip
PROBES = {
    "complaints:quality_list": ("state=submitted", "state=closed"),
    "complaints:instruction_list": ("state=open", "state=told"),
    "complaints:opinion_list": ("state=told", "kind=opinion"),
    "complaints:irregularity_list": ("state=reported", "kind=unlicensed"),
}
LISTS = frozenset({
    "complaints:phrase_list", "complaints:phrase_figures", "complaints:quality_list", "complaints:instruction_list",
    "complaints:opinion_list", "complaints:irregularity_list",
})  # fmt: skip
EMPTY = {
    "complaints:phrase_figures": ("director", ""),
    "complaints:quality_list": ("manager", ""),
    "complaints:instruction_list": ("manager", ""),
    "complaints:opinion_list": ("manager", ""),
    "complaints:irregularity_list": ("manager", ""),
}
NOTHING_FOUND = {
    "complaints:quality_list": ("manager", "?state=rejected"),
    "complaints:instruction_list": ("manager", "?state=told"),
    "complaints:opinion_list": ("manager", "?state=told&kind=problem"),
    "complaints:irregularity_list": ("manager", "?state=closed"),
}
NEVER_EMPTY = frozenset({"complaints:phrase_list"})
FLAGS = frozenset({"orders_exchange"})
MADE_ANEW = frozenset({"complaints:irregularity_new", "complaints:quality_link"})


def furnish(cast: Any, rows: dict[str, Any], who: str) -> None:
    """A phrase said, a form in each state, an instruction, an opinion, a report at each hop."""
    now, word = timezone.now(), rows["word"]
    rows["phrase"] = ServicePhrase.objects.get(number=8)
    PhraseHit.unscoped.create(
        phrase=ServicePhrase.objects.get(number=5), staff=rows["manager"], unit=rows["unit"], place="reply", at=now
    )
    _forms(cast, rows, word, now)
    rows["opinion"] = _voice(rows, "opinion")
    told = _voice(rows, "problem")
    VoiceFeedback.unscoped.create(
        voice=told, result=word, explanation=word, method="phone", fed_back_at=now, fed_back_by=rows["manager_user"]
    )
    rows["instruction"] = Instruction.unscoped.create(
        customer=rows["customer"], case=rows["desk_case"], text=word, given_at=now, given_by=rows["boss_user"],
        due_on=timezone.localdate(),
    )  # fmt: skip
    _reports(cast, rows, word, now)


def _forms(cast: Any, rows: dict[str, Any], word: str, now: Any) -> None:
    side = rows["unit"].code
    owner = rows["idle"] if side == "A" else rows["boss"]

    def case(place: int) -> Case:
        return case_of(
            cast, rows["customer"], number=f"TS-20260101-{side}{place}", owner=owner, facts=word, expectation=word,
            received_by=rows["manager_user"],
        )  # fmt: skip

    found = {
        "product_name": word[:2], "batch": word, "quantity": 3, "defect": word, "cause": word,
        "inspected_on": timezone.localdate(), "inspected_by": rows["manager"],
    }  # fmt: skip
    sent = {"returned_quantity": 3, "submitted_at": now, "submitted_by": rows["manager_user"]}
    decided = {"decided_at": now, "decided_by": rows["boss_user"], "decision_note": word}
    swapped = {"exchanged_on": timezone.localdate(), "exchanged_quantity": 3}
    rows["desk_case"] = case(0)
    for place, (name, values) in enumerate({
        "quality": {"state": "reported"},
        "quality_inspected": {"state": "inspected"},
        "quality_drawn": {"state": "inspected"},
        "quality_signed": {"state": "signed"},
        "quality_submitted": {"state": "submitted"} | sent,
        "quality_approved": {"state": "approved"} | sent | decided,
        "quality_confirmed": {"state": "confirmed"} | sent | decided | swapped,
    }.items(), 1):  # fmt: skip
        rows[name] = QualityFeedback.unscoped.create(case=case(place), **found, **values)
    image = ContentFile(b64decode(picture().split(",")[1]), name=f"{word}.png")
    kept = attachments.store(image, by=rows["manager_user"], now=now)
    rows["quality_picture"] = CaseFile.unscoped.create(
        case=rows["quality"].case, attachment=kept, by=rows["manager_user"], added_at=now
    )
    rows["attachment_of_form"], rows["first_part"] = kept, "customer"
    sign_quality(
        feedback_id=rows["quality_drawn"].pk, part="customer", drawing=picture(), signer_name=word,
        by=rows["manager_user"], now=now,
    )  # fmt: skip


def _voice(rows: dict[str, Any], kind: str) -> CustomerVoice:
    now = timezone.now()
    return CustomerVoice.unscoped.create(
        customer=rows["customer"], kind=kind, text=rows["word"], by=rows["manager_user"], said_at=now, reported_at=now
    )


def _reports(cast: Any, rows: dict[str, Any], word: str, now: Any) -> None:
    for name, kind in (("enforcement", "enforcement"), ("operations", "operations")):
        city = cast.units["CITY"]
        unit, made = Unit.unscoped.get_or_create(
            code=name[:3].upper(), defaults={"name": name, "type": kind, "parent": city}
        )
        if made:
            Unit.unscoped.filter(pk=unit.pk).update(path=f"{city.path}{unit.pk}/")
        rows[name] = unit
    common = {
        "kind": "unlicensed", "subject": word, "customer": rows["customer"], "place": word, "facts": word,
        "found_at": now, "staff": rows["manager"], "unit": rows["unit"], "reported_at": now,
        "reported_by": rows["manager_user"],
    }  # fmt: skip
    passed = {"to_unit": rows["enforcement"], "forwarded_at": now, "forwarded_by": rows["boss_user"]}
    known = passed | {"result": word, "result_at": now, "result_by": rows["boss_user"]}
    copied = known | {"copy_unit": rows["operations"], "copied_at": now, "copied_by": rows["boss_user"]}
    for name, values in {
        "irregularity": {"state": "reported"},
        "irregularity_forwarded": {"state": "forwarded"} | passed,
        "irregularity_result": {"state": "result"} | known,
        "irregularity_copied": {"state": "copied"} | copied,
    }.items():
        rows[name] = Irregularity.unscoped.create(**common, **values)
    rows["irregular_picture"] = IrregularityFile.unscoped.create(
        irregularity=rows["irregularity"], attachment=rows["attachment_of_form"], by=rows["manager_user"], added_at=now
    )


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more."""
    now = timezone.now()
    last = ServicePhrase.objects.order_by("-number").first()
    made = ServicePhrase.objects.bulk_create(
        ServicePhrase(number=last.number + place, text=f"禁语{place}") for place in range(1, number + 1)
    )
    PhraseHit.unscoped.bulk_create(
        PhraseHit(phrase=phrase, staff=rows["manager"], unit=rows["unit"], place="note", at=now) for phrase in made
    )
    cases = Case.unscoped.bulk_create(
        copy(rows["desk_case"], number=f"TS-20260202-{uuid4().hex[:6]}") for _ in range(number)
    )
    QualityFeedback.unscoped.bulk_create(copy(rows["quality"], case_id=case.pk) for case in cases)
    Instruction.unscoped.bulk_create(copy(rows["instruction"]) for _ in range(number))
    CustomerVoice.unscoped.bulk_create(copy(rows["opinion"]) for _ in range(number))
    Irregularity.unscoped.bulk_create(copy(rows["irregularity"]) for _ in range(number))
