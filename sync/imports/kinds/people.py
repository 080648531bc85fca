"""Customers, their contact persons, members and numbers, what happened to them, signs that they leave."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.actions.leaving import Signals
from accounts.actions.lifecycle import Events
from accounts.actions.lines import Lines
from accounts.actions.members import Members
from accounts.actions.persons import ContactPersons
from accounts.choices import ContactRole, LifecycleKind, LineState, MemberState, SignalKind
from sync.choices import TokenScope
from sync.imports.fields import FIELDS
from sync.imports.kinds.shape import ImportKind, Words, described, told, words_for

MAY = "import_customers"
CUSTOMER_HEADINGS = ("客户编码", "集团编码", "customer", "customer_number")
CUSTOMER = told("customer", "客户编号", "Customer number", *CUSTOMER_HEADINGS, column_type="reference")
TOLD = told("source_updated_at", "更新时间", "Changed in the source at", "updated_at", column_type="moment")

SAMPLE_OF_CUSTOMERS = ("external_id", "name", "kind", "unit", "manager", "tier", "phone")
CUSTOMERS = ImportKind(
    key="customers",
    label=_("Customers"),
    ability=MAY,
    scope=TokenScope.CUSTOMERS_WRITE,
    fields=FIELDS,
    needed=(),
    root="accounts_customer",
    constants=("kind", "unit", "manager", "tier", "state"),
    matches=("external_id", "number", "phone"),
    sample=(("B-0001", "江城纺织有限公司", "集团", "EAST", "M1001", "1", "13800000001"),),
    list_url="accounts:customer_list",
)


def _person_words() -> Words:
    return {"role": words_for(ContactRole, 单位领导="leader", 领导="leader", 关键人="decision_maker", 其它="other")}


CONTACT_PERSONS = ImportKind(
    key="contact_persons",
    label=_("Contact persons"),
    ability=MAY,
    scope=TokenScope.CUSTOMERS_WRITE,
    fields=described(
        told("external_id", "联系人编号", "Contact person id", "external_id", "person_id"),
        CUSTOMER,
        told("name", "联系人", "Contact person", "联系人姓名", "contact_name", "contact"),
        told("position", "职务", "Position", "职位"),
        told("role", "角色", "Role", "联系人角色"),
        told("phone", "联系人电话", "Phone", "联系电话", "手机", "手机号", "电话"),
        told("birthday", "生日", "Birthday", "出生日期", column_type="date"),
        told("relation_strength", "关系强度", "Relation (1 to 5)", "relation_strength"),
        told("is_active", "在职", "Still there", "是否有效", "is_active"),
    ),
    needed=("customer", "name"),
    root="accounts_contactperson",
    book=ContactPersons,
    words=_person_words,
    sample=(("P-0001", "K00000001", "周敏", "信息部主任", "领导", "13800000002", "1979-05-04", "4", "是"),),
    list_url="accounts:customer_list",
)


def _line_words() -> Words:
    more = {"在用": "active", "正常": "active", "停机": "suspended", "销户": "closed", "离网": "closed"}
    return {"state": words_for(LineState, **more)}


LINES = ImportKind(
    key="lines",
    label=_("Lines"),
    ability=MAY,
    scope=TokenScope.LINES_WRITE,
    fields=described(
        told("external_id", "用户编号", "Line id", "用户id", "external_id", "line_id"),
        told("number", "号码", "Number", "手机号码", "用户号码", "msisdn", "line"),
        CUSTOMER,
        told("member", "成员号码", "Member", "成员"),
        told("state", "号码状态", "State", "状态", "用户状态"),
        told("opened_on", "开户日期", "Opened on", "入网日期", column_type="date"),
        told("closed_on", "销户日期", "Closed on", "离网日期", column_type="date"),
        TOLD,
    ),
    needed=("number", "customer", "opened_on"),
    root="accounts_line",
    book=Lines,
    constants=("state",),
    words=_line_words,
    sample=(("U-0001", "13800000003", "K00000001", "", "在用", "2024-03-01", "", ""),),
    list_url="accounts:customer_list",
)


def _member_words() -> Words:
    return {"state": words_for(MemberState, 在用="active", 正常="active", 停用="inactive", 停机="inactive")}


MEMBERS = ImportKind(
    key="members",
    label=_("Group members"),
    ability=MAY,
    scope=TokenScope.LINES_WRITE,
    fields=described(
        told("msisdn", "成员号码", "Member number", "成员手机号", "msisdn"),
        CUSTOMER,
        told("name", "成员姓名", "Member", "姓名", "member_name"),
        told("state", "成员状态", "State", "状态"),
        told("external_id", "成员编号", "Member id", "external_id", "member_id"),
        TOLD,
    ),
    needed=("msisdn", "customer"),
    root="accounts_groupmember",
    book=Members,
    constants=("state",),
    words=_member_words,
    sample=(("13800000004", "K00000001", "周敏", "在用", "", ""), ("13800000005", "K00000001", "李工", "停用", "", "")),
    list_url="accounts:customer_list",
)


def _signal_words() -> Words:
    more = {
        "离网申请": "asked_to_leave", "提出离网": "asked_to_leave", "携转查询": "port_out_query",
        "授权码": "authorisation_code", "销户申请": "termination", "停机": "lines_stopped",
        "成员离网": "members_leaving",
    }  # fmt: skip
    return {"kind": words_for(SignalKind, **more)}


SIGNALS = ImportKind(
    key="signals",
    label=_("Signs of leaving"),
    ability=MAY,
    scope=TokenScope.SIGNALS_WRITE,
    fields=described(
        told("external_id", "预警编号", "Sign id", "信号编号", "external_id", "signal_id"),
        CUSTOMER,
        told("line", "号码", "Number", "手机号码", "line", column_type="reference"),
        told("kind", "离网信号", "Sign", "信号类型", "预警类型", "signal", "kind"),
        told("happened_at", "发生时间", "Happened at", "happened_at", column_type="moment"),
        told("text", "说明", "What was said", "内容", "text"),
        told("quantity", "涉及号码数", "How many lines", "数量", "quantity"),
    ),
    needed=("customer", "kind", "happened_at"),
    root="accounts_signal",
    book=Signals,
    constants=("kind",),
    words=_signal_words,
    sample=(("SG-0001", "K00000001", "", "携转查询", "2026-11-02 14:02", "客户短信查询携转资格", ""),),
    list_url="retention:alert_list",
)


def _event_words() -> Words:
    more = {
        "销户": "closed", "拆机": "closed", "携出": "ported_out", "携转": "ported_out", "过户": "transferred",
        "停机": "suspended", "复机": "resumed",
    }  # fmt: skip
    return {"kind": words_for(LifecycleKind, **more)}


EVENTS = ImportKind(
    key="lifecycle_events",
    label=_("Lifecycle events"),
    ability=MAY,
    scope=TokenScope.LINES_WRITE,
    fields=described(
        told("external_id", "变动编号", "Event id", "事件编号", "external_id", "event_id"),
        CUSTOMER,
        told("line", "号码", "Number", "手机号码", "line", column_type="reference"),
        told("kind", "变动类型", "What happened", "事件类型", "event", "kind"),
        told("happened_on", "变动日期", "Happened on", "发生日期", "happened_on", column_type="date"),
        told("destination", "去向", "Where to", "携入运营商", "destination"),
    ),
    needed=("external_id", "kind", "happened_on"),
    root="accounts_lifecycleevent",
    book=Events,
    constants=("kind",),
    words=_event_words,
    sample=(("EV-0001", "K00000001", "13800000003", "携出", "2026-11-02", "unicom"),),
    list_url="accounts:customer_list",
)
