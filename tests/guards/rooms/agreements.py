"""Joining applications, agreements and needs: the side's customer has each; a group of the side may apply anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm.core import attachments
from sales.models import Agreement, ApplicationCheck, JoiningApplication, Need, NeedStep, NeedType, QualificationRule
from tests.guards.bodies import day
from tests.guards.crowd import copy
from tests.guards.route_rows import SETTERS, api, get, page, post

SEES_A = "manager supervisor handler market_manager group_department business_support director"
READS = f"{SEES_A} teammate stranger stranger_supervisor"
EDITS = "manager teammate stranger"
CHECKS = "supervisor stranger_supervisor group_department"
PDF = b"%PDF-1.4 paper"
ROUTES = [
    page("sales:customer_agreements", "customer", get(READS, SEES_A)),
    page("sales:agreement_list", "", get(READS)),
    page("sales:agreement_detail", "agreement", get(READS, SEES_A)),
    page("sales:agreement_new", "customer", get(EDITS, "manager"), post(EDITS, "manager")),
    page("sales:agreement_renew", "agreement", get(EDITS, "manager"), post(EDITS, "manager")),
    page("sales:agreement_end", "agreement", post(EDITS, "manager")),
    page("sales:agreement_scan", "agreement", get(READS, SEES_A), post(READS, SEES_A, 403, but={"manager": 302})),
    page("sales:application_list", "", get(READS)),
    page("sales:application_new", "joiner", get(EDITS, "manager"), post(EDITS, "manager")),
    page("sales:application_detail", "application", get(READS, SEES_A)),
    page("sales:application_check", "application", post(CHECKS, "supervisor group_department")),
    page("sales:need_list", "", get(READS)),
    page("sales:need_analysis", "", get(READS)),
    page("sales:need_export", "", get(READS), post(READS, status=200, but={"teammate": 400})),
    page("sales:need_new", "customer", get(EDITS, "manager"), post(EDITS, "manager")),
    page("sales:need_detail", "need", get(READS, SEES_A)),
    page("sales:need_edit", "need", get(EDITS, "manager"), post(EDITS, "manager")),
    page("sales:need_step", "need", post(EDITS, "manager")),
    api("api:agreements", "", "agreements:read", get(READS), post(SETTERS, "", 200, but={"strange-billing": 207})),
]


def checklist(world: Any) -> dict[str, str]:
    """Every line met."""
    rules = QualificationRule.objects.values_list("pk", flat=True)
    return {f"rule_{pk}": "yes" for pk in rules} | {"finish": "1", "result_note": "符合", "version": "1"}


NEED = {"type": "tariff", "found_on": day(-2), "text": "想要更便宜的套餐", "budget": "300"}
BODIES: dict[str, Any] = {
    "sales:agreement_new": lambda w: {"number": "HY-9", "kind": "contract", "signed_on": day(0), "ends_on": day(365)},
    "sales:agreement_renew": lambda w: {"number": "FW-9", "kind": "service", "signed_on": day(0),
                                        "starts_on": day(30), "ends_on": day(365)},
    "sales:agreement_end": lambda w: {"ends_on": day(0), "reason": "客户搬迁", "version": "1"},
    "sales:agreement_scan": lambda w: {"scan": SimpleUploadedFile("a.pdf", PDF)},
    "sales:application_new": lambda w: {"text": "六十人"},
    "sales:application_check": checklist,
    "sales:need_new": lambda w: NEED,
    "sales:need_edit": lambda w: NEED | {"version": "1"},
    "sales:need_step": lambda w: {"to_stage": "proposed", "note": "给了方案", "version": "1"},
    "sales:need_export": lambda w: {"reason": "经营分析"},
    "api:agreements": lambda w: {"items": [
        {"number": "N-1", "customer": w.rows["a"]["customer"].number, "kind": "contract", "signed_on": "2026-01-05"}]},
}  # fmt: skip
PROBES = {
    "sales:agreement_list": ("manager={manager}", "unit={unit}", "view=all", "view=lapsed", "kind=service"),
    "sales:application_list": ("manager={manager}", "unit={unit}", "state=all"),
    "sales:need_list": ("manager={manager}", "unit={unit}", "stage=open", "type=voice"),
    "sales:need_analysis": ("manager={manager}", "unit={unit}", "from=2026-01-01"),
    "sales:need_export": ("unit={unit}",),
    "api:agreements": ("kind=service", "in_force_on=2026-11-01"),
}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """A passed and a waiting application, an agreement with its paper, a need that was changed, a group that failed."""
    now, word, customer = timezone.now(), rows["word"], rows["customer"]
    today = timezone.localdate(now)
    about = {"customer": customer, "text": word, "applied_by": rows["manager_user"], "applied_at": now}
    checked = {"checker_name": word, "checked_on": today, "result_note": word}
    passed = JoiningApplication.unscoped.create(state="passed", **about, **checked)
    rows["application"] = JoiningApplication.unscoped.create(**about)
    rule = QualificationRule.objects.order_by("pk").first()
    ApplicationCheck.unscoped.create(application=rows["application"], rule=rule, is_met=False, note=word)
    rows["joiner"] = copy(customer, number=f"KJ{rows['unit'].pk:06d}", kind="group", name=f"{word}集团", tier=None)
    rows["joiner"].save()
    JoiningApplication.unscoped.create(state="failed", **about | {"customer": rows["joiner"]}, **checked)
    scan = attachments.store(ContentFile(PDF, name=f"{word}.pdf"), by=rows["manager_user"], now=now)
    rows["agreement"] = Agreement.unscoped.create(
        number=f"FW-{word}", customer=customer, application=passed, signed_on=today, starts_on=today,
        ends_on=today + timedelta(days=20), our_signer=rows["manager"], scan=scan, note=word, updated_at=now,
    )  # fmt: skip
    kind = NeedType.objects.get(code="voice")
    found = {"customer": customer, "type": kind, "text": word, "pain": word, "competitor": word, "updated_at": now}
    Need.unscoped.create(found_on=today - timedelta(days=9), stage_on=today, **found)
    rows["need"] = Need.unscoped.create(found_on=today, stage_on=today, by=rows["manager_user"], **found)
    NeedStep.unscoped.create(need=rows["need"], to_stage="found", note=word, by=rows["manager_user"], at=now)


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more of everything, of the same customer."""
    agreement, application, need = rows["agreement"], rows["application"], rows["need"]
    Agreement.unscoped.bulk_create(
        copy(agreement, number=f"{agreement.number}-{place}", kind="product") for place in range(number)
    )
    done = {"state": "failed", "checker_name": "甲", "checked_on": agreement.signed_on}
    JoiningApplication.unscoped.bulk_create(copy(application, **done) for _ in range(number))
    Need.unscoped.bulk_create(copy(need) for _ in range(number))
    NeedStep.unscoped.bulk_create(
        NeedStep(need=need, to_stage="found", by=rows["manager_user"], at=timezone.now()) for _ in range(number)
    )


LISTS = frozenset(
    {"sales:agreement_list", "sales:application_list", "sales:need_list", "sales:need_analysis",
     "sales:customer_agreements", "api:agreements"}
)  # fmt: skip
EMPTY = {
    "sales:agreement_list": ("supervisor", ""),
    "sales:application_list": ("supervisor", ""),
    "sales:need_list": ("supervisor", ""),
    "sales:need_analysis": ("supervisor", ""),
}
NOTHING_FOUND = {
    "sales:agreement_list": ("supervisor", "?q=none"),
    "sales:application_list": ("supervisor", "?q=none"),
    "sales:need_list": ("supervisor", "?q=none"),
    "sales:need_analysis": ("supervisor", "?from=2100-01-01"),
}
FLAGS = frozenset({"finish"})
