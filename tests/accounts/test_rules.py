"""Pure rules: names, periods, numbers with check characters, one value at a time."""

from datetime import date

import pytest

from accounts.choices import Period
from accounts.rules import (
    add_months,
    check_contact_person,
    check_customer,
    check_person,
    check_private,
    completeness,
    months_between,
    name_query,
    name_vector,
    next_period_start,
    normal_credit_code,
    normal_id_number,
    period_end,
    period_start,
    pinyin_of,
)
from crm.core.errors import Invalid

TODAY = date(2026, 11, 18)


def codes(values, **more):
    return [(found.field, found.code) for found in check_customer(values, partial=True, today=TODAY, **more).problems]


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("中国移动", "zhongguoyidong", "zgyd"),
        ("Haier 海尔", "haierhaier", "haierhe"),
        ("China Mobile", "chinamobile", "cm"),
        ("（空）", "kong", "k"),
        ("", "", ""),
    ],
)
def test_a_name_gets_pinyin_and_initials(name, pinyin, initials):
    """Search palette: `zgyd` finds 中国移动."""
    assert pinyin_of(name) == (pinyin, initials)


def test_a_name_is_cut_into_pairs_and_found_by_any_of_them():
    """Issue 2: two Chinese characters are enough."""
    assert name_vector("海尔集团'; DROP") == "'海尔' '尔集' '集团' 'drop'"
    assert name_query("尔集") == "'尔集'"
    assert name_query("海") == "'海':*"
    assert name_query("海尔 a'b") == "'海尔' & 'a':* & 'b':*"
    assert name_query("''&|!") == ""


@pytest.mark.parametrize(
    ("period", "on", "first", "last"),
    [
        (Period.MONTH, date(2024, 2, 29), date(2024, 2, 1), date(2024, 2, 29)),
        (Period.QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        (Period.HALF, date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30)),
        (Period.YEAR, date(2026, 5, 5), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods_are_those_of_the_calendar(period, on, first, last):
    """D6: calendar, not rolling."""
    assert (period_start(period, on), period_end(period, on)) == (first, last)
    assert (next_period_start(period, on) - last).days == 1


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 3, 1), 3, date(2026, 6, 1)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
    ],
)
def test_months_are_added_to_the_same_day_or_the_last_one(start, months, end):
    """ORG-20: hired on 1 March, probation ends on 1 June."""
    assert add_months(start, months) == end


def test_tenure_counts_whole_months():
    """CUS-25."""
    assert months_between(date(2025, 1, 31), date(2026, 1, 30)) == 11
    assert months_between(date(2025, 1, 31), date(2026, 1, 31)) == 12
    assert months_between(TODAY, date(2020, 1, 1)) == 0


def test_half_of_the_required_fields_is_fifty_per_cent():
    """CUS-9."""
    assert completeness(5, 10) == 50
    assert completeness(0, 0) == 100


def test_a_credit_code_is_normalised_and_checked():
    """Bad input 22."""
    assert normal_credit_code(" 91350100m000100y43 ") == "91350100M000100Y43"
    for wrong in ("91350100M000100Y44", "9135010OM000100Y43", "91350100M000100Y4", "9135\x00"):
        with pytest.raises(Invalid):
            normal_credit_code(wrong)


@pytest.mark.parametrize(
    "wrong", ["110105491231002", "110105194912310021", "99010519491231002X", "11010520491231002X", "11010519490230002X"]
)
def test_a_wrong_id_number_is_refused_and_never_repeated(wrong):
    """Bad input 21."""
    with pytest.raises(Invalid) as refusal:
        normal_id_number(wrong, today=TODAY)
    assert refusal.value.code == "invalid_id"
    assert wrong not in str(refusal.value)
    assert normal_id_number("１１０１０５１９４９１２３１００２x", today=TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "\u200b\u200b", "blank"),
        ("name", "字" * 51, "too_long"),
        ("name", "a\x00b", "invalid_character"),
        ("name", ["x"], "invalid_type"),
        ("phone", "1380013800", "invalid_phone"),
        ("phone", "138001380000", "invalid_phone"),
        ("email", "a@", "invalid_email"),
        ("joined_on", "2026-02-30", "invalid_date"),
        ("joined_on", "x", "invalid_date"),
        ("joined_on", "0001-01-01", "out_of_range"),
        ("joined_on", "9999-12-31", "out_of_range"),
        ("monthly_spend", "abc", "not_a_number"),
        ("monthly_spend", "NaN", "not_a_number"),
        ("monthly_spend", float("inf"), "not_a_number"),
        ("monthly_spend", "-1", "out_of_range"),
        ("monthly_spend", "1e12", "out_of_range"),
        ("monthly_spend", True, "not_a_number"),
        ("market_band", "top", "invalid_choice"),
        ("industry", "U1", "invalid_industry"),
        ("dnd_from", "25:00", "invalid_time"),
        ("no_marketing", "maybe", "invalid_choice"),
        ("id", 5, "read_only_field"),
        ("manager_id", 5, "read_only_field"),
        ("version", 5, "read_only_field"),
        ("owner", 5, "unknown_field"),
    ],
)
def test_a_wrong_value_names_field_and_reason(field, value, code):
    """Safety 5: never dropped, never a 500."""
    assert (field, code) in codes({field: value})


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("phone", "+86 138-0013-8000", "13800138000"),
        ("phone", "１３８００１３８０００", "13800138000"),
        ("phone", None, ""),
        ("joined_on", "2026年11月1日", date(2026, 11, 1)),
        ("joined_on", "20261101", date(2026, 11, 1)),
        ("industry", "i63", "I63"),
        ("no_marketing", "是", True),
        ("email", "", ""),
        ("monthly_spend", "1,234.5", "1234.50"),
    ],
)
def test_accepted_forms_are_written_in_one_way(field, value, stored):
    """Bad inputs 15, 20: normalised, then stored."""
    clean, problems = check_customer({field: value}, partial=True, today=TODAY)
    assert not problems
    assert str(clean[field]) == str(stored)


def test_rules_between_fields_see_what_is_stored():
    """CUS-29, CUS-36."""
    assert codes({"dnd_from": "22:00"}) == [("dnd_to", "required")]
    assert codes({"dnd_from": "22:00"}, current={"dnd_to": "07:00"}) == []
    issued = {"sim_issued_on": date(2026, 5, 1)}
    assert codes({"sim_replaced_on": "2026-04-30"}, current=issued) == [("sim_replaced_on", "out_of_order")]


def test_fields_of_another_kind_are_refused():
    """CUS-26, CUS-36."""
    assert codes({"sim_kind": "exclusive"}, kind="group") == [("sim_kind", "not_for_kind")]
    assert codes({"industry": "I63"}, kind="vip") == [("industry", "not_for_kind")]
    assert codes({"industry": ""}, kind="vip") == []


def test_only_the_name_is_demanded_at_creation():
    """CUS-9: a profile may be partial."""
    problems = check_customer({}, partial=False, today=TODAY).problems
    assert [(found.field, found.code) for found in problems] == [("name", "required")]


def test_birthdays_lie_in_the_past_and_the_29th_of_february_exists():
    """Bad input 23."""
    assert check_person({"birthday": "1988-02-29"}, today=TODAY).clean["birthday"] == date(1988, 2, 29)
    assert check_person({"birthday": "1986-05-04"}, today=TODAY).clean["birthday"] == date(1986, 5, 4)
    assert check_person({"birthday": "2026-11-19"}, today=TODAY).problems[0].code == "out_of_range"
    assert check_private({"id_number": ""}, today=TODAY).clean == {"id_number": ""}
    assert check_contact_person({"name": "李", "relation_strength": 6}, today=TODAY).problems[0].code == "out_of_range"
