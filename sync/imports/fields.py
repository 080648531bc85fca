"""What a file may say about a customer: every field, how its cells are checked, and how its column may be called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.choices import CustomerKind, CustomerState, MarketBand, PreferredChannel, Sex, SimKind
from accounts.rules import fields as rules
from accounts.rules.customers import CUSTOMER_CHECKS, PERSON_CHECKS
from accounts.rules.fields import Check
from crm.core.errors import Invalid
from crm.core.text import narrow

KEEP = "\\N"
"""COPY's NULL: an empty cell keeps what is stored."""

CLEAR = "\\N"
"""What a cell says to clear a field."""

# How a cleared value of each type stands in the stage, where NULL means "keep".
CLEARED: dict[str, str] = {
    "text": "",
    "date": "-infinity",
    "numeric": "NaN",
    "time": "24:00:00",
    "boolean": "f",
    "bigint": "0",
}


@dataclass(frozen=True)
class Field:
    """One importable field. `home` is where it is stored: customer, person, key, or a deed of its own."""

    name: str
    label: str | Promise
    check: Check
    column_type: str = "text"
    home: str = "customer"
    choices: type[TextChoices] | None = None
    may_clear: bool = True
    # Many customers share a value: worth remembering what it became.
    is_repeated: bool = False
    # Cells that the check would store exactly as they are; a test holds this against the check.
    verbatim: str = ""
    headings: tuple[str, ...] = ()


_WORD = "0-9A-Za-z\u4e00-\u9fa5"
_INNER = _WORD + " ()（）·.&#,，、/-"
TEXT_50 = rf"[{_WORD}](?:[{_INNER}]{{0,48}}[{_WORD}])?"
TEXT_200 = rf"[{_WORD}](?:[{_INNER}]{{0,198}}[{_WORD}])?"
MOBILE = r"1[3-9][0-9]{9}"
AMOUNT = r"[0-9]{1,9}(?:\.[0-9]{1,2})?"
ADDRESS = r"(?=.{6,200}\Z)[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?\.)+[a-z]{2,10}"
KEY = r"[0-9A-Za-z](?:[0-9A-Za-z_.:/-]{0,98}[0-9A-Za-z])?"


def moment(value: Any, field: str, today: date) -> datetime | None:
    """A moment in RFC 3339, or a date and time without zone in local time."""
    given = narrow(str(value)).strip()
    if not given:
        return None
    try:
        found = parse_datetime(given if re.search(r"\d[T ]\d", given) else f"{given}T00:00:00")
    except ValueError:
        found = None
    if found is None:
        raise Invalid(
            _("This is not a moment. Example: 2026-11-18T09:30:00+08:00."), code="invalid_moment", field=field
        )
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _customer(name: str, label: str | Promise, *headings: str, **more: Any) -> Field:
    return Field(name, label, CUSTOMER_CHECKS[name], headings=headings, **more)


def _person(name: str, label: str | Promise, *headings: str, **more: Any) -> Field:
    return Field(name, label, PERSON_CHECKS[name], home="person", headings=headings, **more)


_ALL: tuple[Field, ...] = (
    Field(
        "external_id", _("External id"), rules.text(100, blank=False), home="key", may_clear=False, verbatim=KEY,
        headings=("客户编码", "集团编码", "外部编码", "客户编号", "客户标识", "客户id", "customerid", "externalid",
                  "custid", "cid", "id", "编码", "编号"),
    ),
    Field(
        "number", _("Customer number"), rules.text(20, blank=False), home="key", may_clear=False,
        headings=("我方客户编号", "customernumber", "customerno"),
    ),
    _customer("name", _("Name"), "客户名称", "客户姓名", "名称", "姓名", "集团名称", "customername", "fullname",
              may_clear=False, verbatim=TEXT_50),
    Field(
        "kind", _("Customer kind"), rules.choice(CustomerKind, blank=False), home="deed", choices=CustomerKind,
        may_clear=False, is_repeated=True, headings=("客户类型", "客户类别", "类型", "customertype", "type", "segment"),
    ),
    Field(
        "unit", _("Unit (code)"), rules.text(20), "bigint", home="deed", may_clear=False, is_repeated=True,
        headings=("单位编码", "归属单位", "单位", "分公司", "营业部", "branch", "unitcode", "orgunit"),
    ),
    Field(
        "manager", _("Manager (staff number)"), rules.text(20), "bigint", home="deed", is_repeated=True,
        headings=("客户经理工号", "经理工号", "工号", "客户经理", "managernumber", "staffnumber", "owner",
                  "accountmanager"),
    ),
    Field(
        "tier", _("Tier"), rules.text(20), home="deed", is_repeated=True,
        headings=("vip级别", "客户级别", "集团级别", "级别", "等级", "tiercode", "level", "grade", "rank"),
    ),
    Field(
        "state", _("State"), rules.choice(CustomerState, blank=False), home="deed", choices=CustomerState,
        may_clear=False, is_repeated=True, headings=("客户状态", "状态", "status", "churn", "churned"),
    ),
    _customer("phone", _("Phone"), "手机号码", "手机号", "联系电话", "电话", "手机", "phonenumber", "mobile", "msisdn",
              "tel", verbatim=MOBILE),
    _customer("other_phone", _("Other phone"), "备用电话", "其他电话", "phone2", verbatim=MOBILE),
    _customer("email", _("E-mail"), "电子邮箱", "邮箱", "mail", "emailaddress", verbatim=ADDRESS),
    _customer("district", _("District"), "区域", "片区", "行政区", "地区", "city", "region", "area", is_repeated=True),
    _customer("business_address", _("Business address"), "单位地址", "办公地址", "地址", "address", verbatim=TEXT_200),
    _customer("credit_code", _("Credit code"), "统一社会信用代码", "信用代码", "uscc"),
    _customer("industry", _("Industry"), "行业", "行业代码", is_repeated=True),
    _customer("market_band", _("Market band"), "市场分档", "高中低端", choices=MarketBand, is_repeated=True),
    _customer("monthly_spend", _("Monthly spend"), "月消费", "月均消费", "arpu", "月租", "monthlycharges",
              "monthlycharge", "monthlyfee", "chargeamount", column_type="numeric", verbatim=AMOUNT),
    _customer("joined_on", _("Joined on"), "入网日期", "入网时间", "开户日期", "joindate", "startdate", "since",
              "tenure", column_type="date", is_repeated=True),
    _customer("preferred_channel", _("Preferred channel"), "偏好渠道", "联系方式偏好", choices=PreferredChannel,
              is_repeated=True),
    _customer("preferred_time", _("Preferred time"), "方便时间", "联系时间", is_repeated=True),
    _customer("dnd_from", _("Do not disturb from"), "免打扰开始", column_type="time", is_repeated=True),
    _customer("dnd_to", _("Do not disturb until"), "免打扰结束", column_type="time", is_repeated=True),
    _customer("no_marketing", _("No marketing"), "拒绝营销", "免营销", column_type="boolean", is_repeated=True),
    _customer("sim_kind", _("SIM"), "sim卡类型", "卡类型", choices=SimKind, is_repeated=True),
    _customer("sim_issued_on", _("SIM issued on"), "发卡日期", column_type="date", is_repeated=True),
    _customer("sim_replaced_on", _("SIM replaced on"), "换卡日期", column_type="date", is_repeated=True),
    _customer("service_notes", _("Service notes"), "服务备注", "备注", "notes", "remark"),
    _person("sex", _("Sex"), "性别", "gender", choices=Sex, is_repeated=True),
    _person("birthday", _("Birthday"), "生日", "出生日期", "birthdate", "dateofbirth", "dob", column_type="date",
            is_repeated=True),
    _person("is_lunar_birthday", _("Lunar birthday"), "农历生日", column_type="boolean", is_repeated=True),
    _person("personality", _("Personality"), "性格", is_repeated=True),
    _person("sports", _("Favourite sports"), "喜欢的运动", "运动", is_repeated=True),
    _person("reward_preference", _("Favourite reward"), "回馈偏好", "喜欢的回馈", is_repeated=True),
    Field(
        "group", _("Group customer (external id)"), rules.text(100), home="deed", is_repeated=True,
        headings=("所属集团", "所属集团编码", "parentid", "groupid", "companyid"),
    ),
    Field(
        "source_updated_at", _("Changed in the source at"), moment, "timestamptz", home="key", may_clear=False,
        is_repeated=True, headings=("更新时间", "修改时间", "lastmodified", "modifiedat"),
    ),
)  # fmt: skip

FIELDS: dict[str, Field] = {field.name: field for field in _ALL}

# Words for closed lists beyond their codes and labels.
_MORE_WORDS: dict[str, dict[str, str]] = {
    "sex": {"m": "male", "f": "female", "man": "male", "woman": "female", "男": "male", "女": "female",
            "男性": "male", "女性": "female"},
    "state": {"在网": "active", "正常": "active", "离网": "churned", "停机": "suspended", "销户": "churned",
              "潜在": "prospect", "退网": "exited"},
    "kind": {"个人": "vip", "大客户": "vip", "vip客户": "vip", "集团": "group", "集团客户": "group", "渠道": "channel",
             "渠道客户": "channel", "代理商": "channel", "普通": "ordinary", "普通客户": "ordinary"},
    "sim_kind": {"专属卡": "exclusive", "普通卡": "ordinary"},
    "market_band": {"高端": "high", "中端": "mid", "低端": "low", "高": "high", "中": "mid", "低": "low"},
    "preferred_channel": {"电话": "phone", "微信": "wechat", "短信": "sms", "上门": "on_site", "邮件": "email"},
}  # fmt: skip


def normal_heading(heading: str) -> str:
    """A heading without case, spaces and marks, for guessing."""
    return re.sub(r"[\W_]+", "", narrow(heading)).lower()


def word(text: str) -> str:
    """A word without case, width and spaces, for looking it up."""
    return "".join(narrow(text).lower().split())


def words_of(field: Field) -> dict[str, str]:
    """What a file may write for a closed list: codes, Chinese and English labels, and the usual short words."""
    if field.choices is None:
        return {}
    words: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with override(language):
            words |= {word(str(label)): str(code) for code, label in field.choices.choices}
    words |= {str(code): str(code) for code in field.choices.values}
    return words | _MORE_WORDS.get(field.name, {})
