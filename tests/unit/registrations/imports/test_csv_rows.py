from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registrations.imports.csv_rows import CsvTable, read_table
from services.registrations.imports.drafts import UnreadableFileError


def table(content: str | bytes) -> CsvTable:
    return read_table("people.csv", content.encode() if isinstance(content, str) else content)


def names(content: str | bytes) -> list[str | None]:
    return [row.cells.get("name") for row in table(content).rows]


def test_a_byte_order_mark_is_not_part_of_the_first_column() -> None:
    assert table(b"\xef\xbb\xbfperson,name\r\np-001,Amara Osei\r\n").columns == ("person", "name")


def test_semicolons_separate_cells_where_the_header_uses_them() -> None:
    assert table("person;name\np-001;Osei, Amara\n").rows[0].cells == {"person": "p-001", "name": "Osei, Amara"}


def test_column_names_may_be_written_in_any_case_and_with_blanks_around() -> None:
    assert table("Person , NAME\n").columns == ("person", "name")


def test_blank_rows_and_blank_trailing_cells_of_spreadsheets_are_ignored() -> None:
    assert names("person,name,,\np-001,Amara,,\n,,,\n\n  ,\n") == ["Amara"]


def test_empty_cells_are_left_out() -> None:
    assert table("person,name\np-001, \n").rows[0].cells == {"person": "p-001"}


def test_a_row_carries_the_line_it_starts_on() -> None:
    rows = table('person,name\np-001,"Amara\nOsei"\np-002,Ben\n').rows

    assert [row.line for row in rows] == [2, 4]


def test_a_row_with_more_cells_than_columns_is_reported_and_the_others_are_kept() -> None:
    read = table("person,name\np-001,Osei, Amara\np-002,Ben\n")

    assert [(problem.line, problem.problem) for problem in read.problems] == [(2, "has more cells than columns")]
    assert [row.cells["name"] for row in read.rows] == ["Ben"]


def test_a_quote_that_is_never_closed_costs_one_row_only() -> None:
    read = table('person,name\np-001,"Amara\np-002,Ben\np-003,Callum\n')

    assert [problem.line for problem in read.problems] == [2]
    assert [row.cells["name"] for row in read.rows] == ["Ben", "Callum"]
    assert [row.line for row in read.rows] == [3, 4]


def test_a_file_of_broken_quotes_is_given_up() -> None:
    with pytest.raises(UnreadableFileError, match="broken quote"):
        table("person,name\n" + 'p-001,"Amara"x\n' * 200)


def test_bytes_that_are_not_utf8_cost_their_row_only_where_the_rest_is() -> None:
    read = table("person,name\np-001,Mairéad\n".encode("latin-1") + "p-002,Ben\np-003,Zoë\n".encode())

    assert [(problem.line, problem.allowed) for problem in read.problems] == [(2, "the file saved as 'CSV UTF-8'")]
    assert [row.cells["name"] for row in read.rows] == ["Ben", "Zoë"]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("utf-32", "utf-32"),
        ("windows-1252", "windows-1252"),
    ],
)
def test_what_spreadsheets_write_is_read_and_the_encoding_is_told(encoding: str, told: str) -> None:
    read = table("person;name\np-001;Mairéad Ó Sé\n".encode(encoding))

    assert [row.cells["name"] for row in read.rows] == ["Mairéad Ó Sé"]
    assert told in read.notes[0]
    assert ("assumed" in read.notes[0]) == (encoding == "windows-1252")


def test_an_encoding_that_cannot_be_told_apart_may_be_stated() -> None:
    content = "person,name\np-001,Łucja Żak\n".encode("windows-1250")

    assert [row.cells["name"] for row in read_table("p.csv", content, encoding="windows-1250").rows] == ["Łucja Żak"]
    with pytest.raises(UnreadableFileError, match="encoding"):
        read_table("p.csv", content, encoding="klingon")


def test_tabs_and_a_declared_separator_are_understood() -> None:
    assert table("person\tname\np-001\tOsei, Amara\n").rows[0].cells["name"] == "Osei, Amara"
    assert table("sep=;\nperson;name\np-001;a,b,c\n").rows[0].cells["name"] == "a,b,c"


def test_line_breaks_in_cells_are_those_of_the_contract_and_invisible_characters_are_left_out() -> None:
    assert names('person,name\np-001,"two\r\nlines\x07"\n') == ["two\nlines"]


@pytest.mark.parametrize("content", [b"", b"\r\n", b"\xff\xfe\xff", b",,\n"])
def test_a_file_without_a_readable_header_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="header"):
        table(content)


def test_a_column_named_twice_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="'name' twice"):
        table("person,name,Name\n")


def test_cells_that_look_like_formulas_stay_text() -> None:
    assert names('person,name\np-001,"=HYPERLINK(""https://x.example"")"\n') == ['=HYPERLINK("https://x.example")']


def test_the_apostrophe_with_which_exports_neutralise_formulas_is_taken_off() -> None:
    assert names("person,name\np-001,'=1+1\np-002,'s Gravenhage\n") == ["=1+1", "'s Gravenhage"]


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail_otherwise(content: bytes) -> None:
    with suppress(UnreadableFileError):
        table(b"person,name\n" + content)
