"""A body for every unsafe route, such that whoever may do the deed really does it.

A refusal proves something only if the same request would have changed something (safety 2).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.cast import PASSWORD
from tests.guards.rooms import merged
from tests.guards.world import CSV, World

Body = Callable[[World], Any]
JPEG_FREE_TEXT = "编号,金额\n1,2\n".encode()


def day(ahead: int) -> str:
    """A day from now on, as forms send it."""
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


def clock(minutes_ago: int) -> str:
    """A moment a little while ago, as forms send it."""
    return timezone.localtime(timezone.now() - timedelta(minutes=minutes_ago)).strftime("%Y-%m-%dT%H:%M:%S")


def log_sheet(world: World) -> dict[str, Any]:
    """A call to the customer, as the log sheet sends it."""
    return {
        "customer": world.pk("customer"), "channel": "phone", "outcome": "effective", "occasion": "care",
        "started_at": clock(1), "client_key": str(uuid4()),
    }  # fmt: skip


def mend(world: World) -> dict[str, Any]:
    """The visit of today, with another sentence."""
    return {
        "channel": "phone", "outcome": "effective", "occasion": "care", "direction": "outbound",
        "occurred_at": clock(5)[:16], "content": "改过", "version": 1,
    }  # fmt: skip


def handover(world: World) -> dict[str, Any]:
    """The customer goes to the teammate, at once."""
    return {
        "ids": world.pk("customer"), "to_staff": world.pk("mate"), "reason": "调岗", "step": "do", "count": "1",
    }  # fmt: skip


def staff(world: World) -> dict[str, Any]:
    """A colleague's record."""
    return {
        "number": "M9001", "name": "新同事", "unit_id": world.pk("unit"), "post_level": "3",
        "employment_form": "own",
    }  # fmt: skip


def unit(world: World) -> dict[str, Any]:
    """A unit's record."""
    return {"code": "C", "name": "城南分公司", "type": "branch", "parent_id": world.cast.units["CITY"].pk,
            "is_active": "on"}  # fmt: skip


def api_visit(world: World) -> dict[str, Any]:
    """A call, as a machine or the manager himself reports it."""
    return {
        "customer": world.pk("customer"), "staff": "M1001", "channel": "phone", "outcome": "effective",
        "occurred_at": (timezone.now() - timedelta(minutes=3)).isoformat(),
    }  # fmt: skip


BODIES: dict[str, Body] = {
    "workbench:postpone": lambda w: {"to": day(1)},
    "workbench:urge": lambda w: {"text": "请跟进"},
    "workbench:cover": lambda w: {
        "substitute_id": w.pk("mate"), "starts_on": day(5), "ends_on": day(6), "reason": "年假"},
    "workbench:decide_excuse": lambda w: {"grant": "yes", "remark": "同意"},
    "workbench:decide_tier": lambda w: {"grant": "yes", "remark": "同意"},
    "workbench:ask_excuse": lambda w: {"kind": "no_contact", "text": "不要打扰"},
    "workbench:log_visit": log_sheet,
    "workbench:pass_on": lambda w: {"customer": w.pk("customer"), "content": "他想换套餐"},
    "accounts:customer_new": lambda w: {"kind": "vip", "name": "新客户", "phone": "13800138000"},
    "accounts:customer_edit": lambda w: {"version": "1", "name": "金满堂二", "phone": "13900000002"},
    "accounts:customer_decide": lambda w: {
        "deed": "tier", "tier": w.rows["a"]["proposal"].to_tier_id, "reason": "消费下降"},
    "accounts:judge_strength": lambda w: {"strength": "4"},
    "accounts:reveal_private": lambda w: {"reason": "核实身份"},
    "accounts:family_new": lambda w: {"relation": "女儿", "name": "小满"},
    "accounts:job_change_new": lambda w: {"changed_on": "2026-05-01", "employer_after": "江城港"},
    "accounts:contact_person_new": lambda w: {"name": "新联系人", "role": "other"},
    "accounts:member_new": lambda w: {"msisdn": "13700137000", "state": "active"},
    "accounts:file_upload": lambda w: {
        "title": "资费表", "category": "other", "upload": SimpleUploadedFile("a.csv", JPEG_FREE_TEXT)},
    "accounts:contact_person_edit": lambda w: {"version": "1", "name": "改名", "role": "leader", "is_active": "on"},
    "accounts:handover_new": handover,
    "accounts:staff_new": lambda w: staff(w) | {"password": "First-pass-2026"},
    "accounts:staff_detail": lambda w: staff(w) | {"version": "1", "number": "M1001", "name": "林小晓"},
    "accounts:post_new": lambda w: {"role": "supervisor", "unit_id": w.pk("unit")},
    "accounts:qualification_new": lambda w: {"kind": "mandarin", "level": "一级甲等"},
    "accounts:leave_new": lambda w: {"kind": "annual", "starts_on": day(20), "ends_on": day(21)},
    "accounts:private_grant": lambda w: {"reason": "VIP 服务"},
    "accounts:unit_new": unit,
    "accounts:unit_edit": lambda w: unit(w) | {"version": "1", "code": "A", "name": "城东公司"},
    "accounts:tier_edit": lambda w: {"label_zh": "金牌", "label_en": "Golden"},
    "accounts:tier_rule_edit": lambda w: {"period": "year", "effective_from": day(200), "step": "do"},
    "accounts:required_field_list": lambda w: {"fields": ["phone", "sex"]},
    "visits:visit_mend": mend,
    "visits:visit_note": lambda w: {"text": "补充"},
    "visits:visit_remark": lambda w: {"text": "很好"},
    "visits:excuse_new": lambda w: {"kind": "no_contact", "text": "不要打扰"},
    "visits:excuse_decide": lambda w: {"grant": "yes", "remark": "同意"},
    "visits:what_counts": lambda w: {"effective_from": day(40), "save": "1"},
    "sync:import_new": lambda w: {"source": "erp", "file": SimpleUploadedFile("b.csv", CSV)},
    "sync:import_map": lambda w: {"field-0": "external_id", "field-1": "name", "kind": "vip", "unit": "A"},
    "sync:client_list": lambda w: {"name": "erp", "unit": w.pk("unit")},
    "sync:client_detail": lambda w: {"scopes": ["customers:read"], "days": "30"},
    "core:unlock": lambda w: {"password": PASSWORD},
    "core:set_language": lambda w: {"language": "en"},
    "core:set_theme": lambda w: {"theme": "dark"},
    "core:parameter_edit": lambda w: {"value": "9", "effective_from": day(0)},
    "core:working_day_list": lambda w: {"date": "2027-05-05", "kind": "holiday", "name": "立夏"},
    "account_login": lambda w: {"login": "M1001", "password": PASSWORD},
    "account_change_password": lambda w: {
        "oldpassword": PASSWORD, "password1": "Newer-pass-2027", "password2": "Newer-pass-2027"},
    "account_reauthenticate": lambda w: {"password": PASSWORD},
    "mfa_activate_totp": lambda w: {"code": "000000"},
    "api:customers_bulk": lambda w: {"items": [
        {"external_id": "N1", "name": "新客户", "kind": "vip", "unit": "A"}, {"external_id": "N2", "phone": "1"}]},
    "api:customer_by_external_id PATCH": lambda w: {"district": "城北"},
    "api:customer_by_external_id PUT": lambda w: {"name": "金满堂", "kind": "vip", "unit": "A", "district": "城北"},
    "api:customer_external_id PUT": lambda w: {"external_id": "E9"},
    "api:contact_persons": lambda w: {"customer": w.pk("firm"), "name": "新联系人"},
    "api:contact_person": lambda w: {"position": "主任"},
    "api:visits": api_visit,
}  # fmt: skip


BODIES |= merged("BODIES")


def body_of(world: World, name: str, method: str) -> Any:
    """The body for a route and method, fresh each time."""
    if method == "GET":
        return None
    found = BODIES.get(f"{name} {method}") or BODIES.get(name)
    return found(world) if found else None
