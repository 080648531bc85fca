"""What pages share: own paths, places of a list, capped counts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from crm.core.models import User
from crm.core.pages import BadCursor, Keyset, capped_count, decode_cursor, encode_cursor, is_own_path
from crm.core.views.jobs import safe_cell


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("/", True),
        ("/customers/?q=%E6%B5%B7&sort=-name#x", True),
        ("//evil.com", False),
        ("/\\evil.com", False),
        ("https:evil.com", False),
        ("https://evil.com/", False),
        ("javascript:alert(1)", False),
        ("/a\nb", False),
        ("/\t/evil.com", False),
        ("", False),
        (None, False),
        ("/" + "x" * 3000, False),
    ],
)
def test_only_paths_of_this_site_are_followed(url, ours):
    """Bad input 28."""
    assert is_own_path(url) is ours


def test_a_cursor_keeps_the_types_of_its_values():
    values = ("钱多多", 7, date(2026, 2, 28), datetime(2026, 1, 1, tzinfo=UTC), Decimal("3.50"), None, True)
    assert decode_cursor(encode_cursor(values), 7) == values


@pytest.mark.parametrize("text", ["", "x", "\x00", "é", "A" * 2000, encode_cursor(["a"]), "WzFlOTk5XQ", "W1tbW1tb"])
def test_anything_else_is_a_bad_request(text):
    with pytest.raises(BadCursor):
        decode_cursor(text, 2)


def test_a_keyset_compares_rows_in_one_direction_and_spells_out_mixed_ones():
    cursor = encode_cursor(("b", 7))
    assert Keyset(("name", "id")).where(cursor) == ("(name, id) > (%s, %s)", ["b", 7])
    assert Keyset(("-name", "-id")).where(cursor) == ("(name, id) < (%s, %s)", ["b", 7])
    assert Keyset(("-name", "id")).where(cursor) == ("((name < %s) OR (name = %s AND id > %s))", ["b", "b", 7])
    assert Keyset(("-name", "id")).order_sql == "name DESC, id ASC"
    assert Keyset(("id",)).where(None) == ("TRUE", [])


def test_a_page_says_whether_there_is_more():
    keyset = Keyset(("id",), limit=2)
    assert keyset.page([1, 2], lambda row: [row]) == ([1, 2], None)
    rows, following = keyset.page([1, 2, 3], lambda row: [row])
    assert (rows, decode_cursor(following, 1)) == ([1, 2], (2,))


@pytest.mark.django_db
def test_a_count_stops_at_its_cap():
    User.objects.bulk_create(User(username=f"M{n}", name="x") for n in range(12))
    assert str(capped_count(User.objects.all(), cap=10)) == "10+"
    assert str(capped_count("SELECT 1 FROM core_user WHERE name = %s", ["x"], cap=20)) == "12"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠", ' "=', "  @"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(start):
    """Bad input 25, scorecard 16."""
    assert safe_cell(f"{start}cmd|' /C calc'!A0").startswith("'")
    assert safe_cell("江城海尔") == "江城海尔"
    assert safe_cell(-5) == -5
