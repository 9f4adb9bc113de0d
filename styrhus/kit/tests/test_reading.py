"""Files as they come from payroll systems, spreadsheets and neighbours: read right, or refused with a reason."""

import gzip
import io
import json
import re
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhus.kit import reading
from styrhus.kit.layouts import Known
from styrhus.kit.reading import Broken, Unreadable, open_table

ROWS = [["kode", "navn"], ["1", "Ås"], ["2", "Bærum, Øst"]]


def written(rows=ROWS, sign=";", end="\r\n") -> str:
    return end.join(sign.join(f'"{cell}"' if sign in cell else cell for cell in row) for row in rows) + end


@pytest.fixture
def read(tmp_path):
    """`read(content, "name.csv")`: header and lines of a file with this content."""

    def read(content: bytes, name="fil.csv", **more):
        file = tmp_path / name
        file.write_bytes(content)
        with open_table(file, **more) as table:
            return table.header, list(table.rows)

    return read


EXPECTED = (["kode", "navn"], [(2, ["1", "Ås"]), (3, ["2", "Bærum, Øst"])])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_every_usual_encoding_and_divider(read, encoding, sign):
    assert read(written(sign=sign).encode(encoding)) == EXPECTED


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end(read, end):
    assert read(written(end=end).encode()) == EXPECTED


def test_line_ends_may_be_mixed_and_lines_empty(read):
    assert read("kode;navn\r\n\n1;Ås\r;\n2;B\n".encode())[1] == [(3, ["1", "Ås"]), (5, ["2", "B"])]


def test_a_value_may_hold_a_line_break_and_the_numbers_still_fit(read):
    assert read(b'a;b\n"x\ny";1\nz;2\n')[1] == [(2, ["x\ny", "1"]), (4, ["z", "2"])]


def test_excels_own_first_line_says_the_divider(read):
    assert read(b"sep=,\r\na,b;c\r\n1,2\r\n") == (["a", "b;c"], [(3, ["1", "2"])])


def test_titles_above_the_header_are_passed_over(read):
    assert read("Uttrekk fra lønn\n\nkode;navn\n1;Ås\n2;Os\n".encode()) == (
        ["kode", "navn"],
        [(4, ["1", "Ås"]), (5, ["2", "Os"])],
    )


def test_known_names_tell_which_row_is_the_header(read):
    content = b"rapport;dato;for\nkode;navn;\n1;A;x\n2;B;y\n"
    assert read(content, known=Known(frozenset({"kode", "navn"})))[0] == ["kode", "navn"]


def test_every_column_has_a_name_of_its_own(read):
    assert read(b"sum;;sum\n1;2;3\n4;5;6\n", known=Known())[0] == ["sum", "B", "sum (2)"]


def test_short_rows_are_filled_and_long_ones_refused(read):
    _header, rows = read(b"a;b;c\n1;2\n1;2;3;\n1;2;3;4\n")
    assert rows[:2] == [(2, ["1", "2", ""]), (3, ["1", "2", "3"])]
    assert isinstance(rows[2][1], Broken)


def test_a_quotation_mark_that_is_never_closed_swallows_nothing_silently(read):
    rows = read(b'a;b\n1;2\n3;"open\n5;6\n')[1]
    assert rows[0] == (2, ["1", "2"])
    assert (rows[1][0], type(rows[1][1]), len(rows)) == (3, Broken, 2)


def test_a_stray_quotation_mark_breaks_its_own_row_only(read):
    rows = read(b'a;b\n"x"y;1\nz;2\n')[1]
    assert ([type(cells) for _line, cells in rows], rows[1]) == ([Broken, list], (3, ["z", "2"]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n;;\n",
        "navn\nÅs\n".encode() + "Ås\n".encode("cp1252"),
        b"navn\n\x8d\x90\n",
        # Without a time in it: workers must collect the same tests.
        gzip.compress(b"a;b\n1;2\n" * 50, mtime=0)[:-12],
        b"PK\x03\x04 not a zip",
        b"\xd0\xcf\x11\xe0 not a spreadsheet",
        b'{"a": [1, 2',
        b"[1, 2, 3]",
    ],
)
def test_what_cannot_be_read_for_certain_is_refused_in_words(read, content):
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert len(str(refused.value)) > 10


def test_a_line_without_end_does_not_fill_the_memory(read, monkeypatch):
    monkeypatch.setattr(reading, "LONGEST_LINE", 1_000)
    rows = read(gzip.compress(b"a;b\n" + b"x" * 100_000), "x.csv.gz")[1]
    assert max(len(cells[0]) for _line, cells in rows if not isinstance(cells, Broken)) <= 1_000


def test_a_packed_file_is_read_as_it_is(read):
    assert read(gzip.compress(written().encode()), "fil.csv.gz") == EXPECTED
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("fil.csv", written())
    assert read(packed.getvalue(), "fil.zip") == EXPECTED


def test_a_zip_of_several_files_is_refused(read):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "y")
    with pytest.raises(Unreadable, match="2"):
        read(packed.getvalue(), "fil.zip")


@pytest.fixture
def book(tmp_path):
    made = openpyxl.Workbook()
    made.active.title = "Tom"
    sheet = made.create_sheet("Data")
    for row in (
        ["Rapport"],
        ["kode", "dato", "sum", "antall"],
        ["0301", date(2026, 12, 4), 12.5, 3.0],
        [7, None, -1, True],
    ):
        sheet.append(row)
    made.save(tmp_path / "bok.xlsx")
    return tmp_path / "bok.xlsx"


def test_a_spreadsheet_gives_texts_that_stay_the_same(book):
    with open_table(book) as table:
        assert (table.header, table.sheets) == (["kode", "dato", "sum", "antall"], ["Tom", "Data"])
        assert list(table.rows) == [(3, ["0301", "2026-12-04", "12,5", "3"]), (4, ["7", "", "-1", "1"])]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(book):
    with pytest.raises(Unreadable, match="Data"), open_table(book, sheet="Ark 9"):
        pass


@pytest.mark.parametrize(
    ("tree", "rows"),
    [
        ([{"a": 1, "b": None}], [["1", ""]]),
        ({"codes": [{"a": "x", "b": True}], "note": "n"}, [["x", "1"]]),
        ({"x": {"b": 1}, "y": {"b": 2}}, [["x", "1"], ["y", "2"]]),
        ([{"a": "1", "in": {"b": 2.5}}], [["1", "2,5"]]),
        ([{"a": "1", "old": [{"b": 1}, {"b": 2}]}], [["1", "1"], ["1", "2"]]),
    ],
)
def test_json_in_its_usual_shapes(read, tree, rows):
    assert [cells for _line, cells in read(json.dumps(tree).encode(), "x.json")[1]] == rows


def test_json_with_an_object_a_line(read):
    assert read(b'{"a": 1}\n{"a": 2}\n', "x.jsonl")[1] == [(1, ["1"]), (2, ["2"])]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12).map(str.strip)


@given(st.lists(st.lists(CELL.filter(bool), min_size=3, max_size=3), min_size=1, max_size=20), st.sampled_from(";,\t|"))
def test_whatever_is_written_as_csv_is_read_back(tmp_path_factory, rows, sign):
    import csv

    file = tmp_path_factory.mktemp("csv") / "fil.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened, delimiter=sign, quoting=csv.QUOTE_ALL).writerows([["aa", "bb", "cc"], *rows])
    with open_table(file, known=Known(frozenset({"aa", "bb", "cc"}))) as table:
        assert [cells for _line, cells in table.rows] == rows


NESTED = b'{"a":' * 900 + b"1" + b"}" * 900


def no_sheets() -> bytes:
    book = openpyxl.Workbook()
    kept = io.BytesIO()
    book.save(kept)
    made = io.BytesIO()
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", content, flags=re.DOTALL))
    return made.getvalue()


def packed_as(byte: int, value: int) -> bytes:
    """A zip whose directory says something else of its one file, from this byte of its entry."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("a.csv", written())
    content = bytearray(made.getvalue())
    content[content.rfind(b"PK\x01\x02") + byte] = value
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dyp.json", NESTED),
        ("tom.json", b"[{}]"),
        ("ingen-ark.xlsx", no_sheets()),
        ("ny-utgave.zip", packed_as(6, 200)),
        ("ukjent-pakking.zip", packed_as(10, 99)),
        ("utenfor.zip", packed_as(45, 200)),
    ],
)
def test_what_nobody_could_read_is_refused_with_a_reason(read, name, content):
    with pytest.raises(Unreadable):
        read(content, name)


@pytest.mark.parametrize("content", [b"sep=\r\n\r\na;b\n1;2\n", b'sep="\na;b\n1;2\n', b"sep=a\na;b\n1;2\n"])
def test_what_cannot_divide_values_is_not_taken_for_a_divider(read, content):
    assert (4 if b"\r" in content else 3, ["1", "2"]) in read(content)[1]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", "na\0vn;\u202ekode\n1;2\n".encode()), ("a.json", b'[{"na\\u0000vn": 1, "\\ud800kode": 2}]')],
)
def test_a_columns_name_holds_no_sign_that_cannot_be_kept(read, name, content):
    assert read(content, name) == (["navn", "kode"], [(2 if name == "a.csv" else 1, ["1", "2"])])


def test_a_columns_name_has_an_end(read):
    header = read(("x" * 5000 + ";" + "x" * 6000 + "\n1;2\n").encode())[0]
    assert [len(name) for name in header] == [200, 204]


def test_the_oldest_systems_letters_are_read_and_quotation_marks_of_windows_are_not_taken_for_them(read):
    content = "kode;navn\n1;Øvre Ås – nei, Våg\n".replace("–", "-").encode("cp850")
    assert read(content)[1][0][1][1] == "Øvre Ås - nei, Våg"
    assert read("kode;navn\n1;£ 20\n".encode("cp850"))[1][0][1][1] == "£ 20"
    assert read("kode;navn\n1;it’s ‘so’\n".encode("cp1252"))[1][0][1][1] == "it’s ‘so’"
