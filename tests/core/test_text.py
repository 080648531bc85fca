"""Text and phone numbers are cleaned the same way at every door (bad inputs 1-20)."""

import pytest

from crm.core.errors import Invalid
from crm.core.text import clean_text, mask_id, mask_phone, narrow, normal_phone


@pytest.mark.parametrize("value", ["a\x00b", "a\x07", "\ud800", "a\x85", "\ufffe", "\x7f"])
def test_a_character_that_cannot_be_stored_or_shown_is_refused(value):
    with pytest.raises(Invalid) as refusal:
        clean_text(value, field="name")
    assert (refusal.value.code, refusal.value.field) == ("invalid_character", "name")


@pytest.mark.parametrize("value", ["", "   ", "\u200b\u200b", "\u3164", "\u2060\ufeff", "\u0301"])
def test_a_name_that_nobody_can_see_is_blank(value):
    with pytest.raises(Invalid) as refusal:
        clean_text(value, blank=False)
    assert refusal.value.code == "blank"


def test_a_text_that_is_too_long_says_how_long_it_may_be():
    with pytest.raises(Invalid) as refusal:
        clean_text("x" * 51, max_length=50)
    assert refusal.value.code == "too_long"
    assert "50" in str(refusal.value)
    assert "51" in str(refusal.value)


def test_ordinary_text_stays_what_it_was():
    assert clean_text("  江城海尔电器(集团)有限公司 ") == "江城海尔电器(集团)有限公司"
    assert clean_text("=cmd|' /C calc'!A0") == "=cmd|' /C calc'!A0"
    assert clean_text("a\r\nb", multiline=True) == "a\nb"
    assert clean_text("a\nb") == "a b"
    assert clean_text("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+8613800138000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("+86-138-0013-8000", "13800138000"),
        ("138001380００", "13800138000"),
        ("٠١٣٨٠", None),
        ("0571-88886666", "0571-88886666"),
        ("057188886666", "0571-88886666"),
        ("(0571) 88886666", "0571-88886666"),
        ("010-62345678", "010-62345678"),
        ("01062345678", "010-62345678"),
        ("0571-88886666-801", "0571-88886666-801"),
        ("0571-88886666转801", "0571-88886666-801"),
        ("10086", "10086"),
        ("95588", "95588"),
        ("400-800-8888", "4008008888"),
        ("1380013800", None),
        ("138001380000", None),
        ("12800138000", None),
        ("phone", None),
        ("", None),
    ],
)
def test_a_phone_number_has_one_form_or_is_refused_with_an_example(raw, normal):
    if normal is not None:
        assert normal_phone(raw) == normal
        return
    with pytest.raises(Invalid) as refusal:
        normal_phone(raw)
    assert refusal.value.code == "invalid_phone"
    assert "13800138000" in str(refusal.value)


def test_masks_hide_the_middle():
    assert mask_phone("13800138000") == "138****8000"
    assert mask_phone("0571-88886666") == "0571-****6666"
    assert mask_phone("10086") == "1****"
    assert mask_phone(None) == ""
    assert mask_id("11010519491231002X") == "1****************X"


def test_full_width_and_arabic_digits_become_ordinary_ones():
    assert narrow("１２３") == "123"
    assert narrow("١٢٣") == "123"
