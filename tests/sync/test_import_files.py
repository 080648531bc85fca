"""Which files an import reads, and which it refuses with the place that is wrong (bad inputs 38)."""

import io

import pytest

from crm.core.delimited.problems import FileRefused
from crm.core.delimited.reader import blocks, inspect

ROWS = [["1", "张三"], ["2", "李四"]]


def read(content, size=5000):
    layout = inspect(lambda: io.BytesIO(content))
    found = list(blocks(lambda: io.BytesIO(content), layout, size))
    return layout, [row for block in found for row in block.rows], [p for block in found for p in block.problems]


def refusal(content, **more):
    with pytest.raises(FileRefused) as caught:
        layout = inspect(lambda: io.BytesIO(content), **more)
        list(blocks(lambda: io.BytesIO(content), layout))
    return caught.value


def text(delimiter=","):
    return f"id{delimiter}name\n1{delimiter}张三\n2{delimiter}李四\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "\x01"])
def test_every_encoding_and_delimiter_reads_the_same(encoding, delimiter):
    """PLT-4: UTF-8 with and without mark, GB18030; comma, semicolon, tab, bar, 0x01."""
    layout, rows, problems = read(text(delimiter).encode(encoding))
    assert (layout.header, rows, problems) == (("id", "name"), ROWS, [])


def test_windows_line_ends_and_a_missing_last_one_are_fine():
    __, rows, __ = read("id,name\r\n1,张三\r\n2,李四".encode())
    assert rows == ROWS


def test_chinese_that_looks_like_utf8_in_gb18030_is_still_gb18030():
    """Some GB18030 pairs are valid UTF-8 by chance ("一" is); alone they prove nothing."""
    __, rows, __ = read("名称,电信\n一,联通\n二,移动\n".encode("gb18030"))
    assert rows == [["一", "联通"], ["二", "移动"]]


def test_rows_keep_the_number_a_spreadsheet_gives_them():
    layout = inspect(lambda: io.BytesIO(b"id,name\n\n1,a\n\n2,b\n"))
    (block,) = blocks(lambda: io.BytesIO(b"id,name\n\n1,a\n\n2,b\n"), layout)
    assert block.numbers == [3, 5]


def test_a_cell_may_hold_line_breaks_in_quotation_marks():
    __, rows, problems = read(b'id,name\n1,"a\nb"\n2,"say ""x"""\n')
    assert rows == [["1", "a\nb"], ["2", 'say "x"']]
    assert not problems


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (b"", "empty_file", None),
        (b"\n\n", "empty_file", None),
        (b"id,name\n", "no_rows", None),
        (b"id,name\n\n\n", "no_rows", None),
        (b"id,id\n1,2\n", "duplicate_header", 1),
        (b"id,\n1,2\n", "missing_header", 1),
        (b"PK\x03\x04....", "is_workbook", None),
        (b"\xd0\xcf\x11\xe0....", "is_workbook", None),
        (b"\x1f\x8b....", "is_packed", None),
        (b"%PDF-1.7", "not_csv", None),
        (b"\x89PNG\r\n\x1a\n", "not_csv", None),
        (b"  <html><table>", "not_csv", None),
        (b'<?xml version="1.0"?>', "not_csv", None),
        (b'{"a":\n 1}', "not_csv", 1),
        ("id,name\n1,张\n".encode("utf-16"), "is_utf16", None),
        (b"id,name\n1,a\n2,b\x00c\n", "invalid_character", 3),
        (b"id,name\n\xff\xff,a\n", "wrong_encoding", 2),
        (b'id,name\n1,a\n2,"b\n3,c\n4,d\n', "unclosed_quote", 3),
        (b"id,name\n1," + b"x" * 10_000_000 + b"\n2,b\n", "row_too_long", 2),
        (b'id,name\n1,"' + b"x\n" * 5_000_000 + b'"\n2,b\n', "row_too_long", 2),
        (b"id,name\n1," + b"x" * 200_000 + b"\n", "row_too_long", 2),
        (",".join(f"c{n}" for n in range(1000)).encode() + b"\n1\n", "too_many_columns", 1),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(content, code, row):
    found = refusal(content)
    assert (found.code, found.row) == (code, row)
    assert str(found)


def test_gb18030_and_utf8_in_one_file_are_refused_with_the_first_other_row():
    content = "id,name\n1,张三\n".encode() + "2,李四\n".encode("gb18030")
    found = refusal(content)
    assert (found.code, found.row) == ("mixed_encoding", 3)
    assert "3" in str(found)


def test_a_million_columns_are_refused_quickly():
    """Scorecard 28."""
    assert refusal(b"a," * 1_000_000 + b"a\n1\n").code in ("row_too_long", "too_many_columns")


def test_blank_lines_without_end_are_refused_before_they_are_all_read(monkeypatch):
    """Bad inputs 38: above the header, below it and between JSON lines; a sheet's worth of them is fine."""
    for module in ("reader", "json_lines"):
        monkeypatch.setattr(f"crm.core.delimited.{module}.MOST_BLANK", 100)
    many = b"\n" * 101
    for content in (
        many + text().encode(),
        text().encode() + many,
        text().encode() + b",\n" * 101,
        b'{"id": 1}\n' + many,
    ):
        assert refusal(content).code == "too_many_blank_lines", content[:20]
    assert read(b"\n" * 100 + text().encode())[1] == ROWS and read(text().encode() + b",\n" * 100)[1] == ROWS


def test_a_file_over_the_limit_is_refused():
    assert refusal(text().encode() * 100, max_bytes=100).code == "too_large"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"3,c,d", "too_many_cells"),
        (b"3", "too_few_cells"),
        (b'3,"c"d', "bad_quotes"),
        (b'3,"c\nd",e', "unclosed_quote"),
    ],
)
def test_a_broken_row_is_named_and_the_others_are_read(line, code):
    """PLT-4: one bad row stops nothing else."""
    __, rows, problems = read("id,name\n1,张三\n".encode() + line + "\n2,李四\n".encode())
    assert rows == ROWS
    assert [(number, found) for number, found, __ in problems] == [(3, code)]


def test_reading_takes_the_same_memory_for_a_big_file():
    """Import memory is flat with file size: rows come in blocks, none is kept."""
    line = b"%d,name of somebody\n"
    content = b"id,name\n" + b"".join(line % n for n in range(20_000))
    layout = inspect(lambda: io.BytesIO(content))
    sizes = [len(block.rows) for block in blocks(lambda: io.BytesIO(content), layout, 5000)]
    assert sizes == [5000] * 4
