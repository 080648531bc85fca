"""Customers, their contact persons and their numbers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.actions.lines import Lines
from accounts.actions.persons import ContactPersons
from accounts.choices import ContactRole, LineState
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
