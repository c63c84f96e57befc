"""The CSV opens in a spreadsheet as what it says, and nothing in it is ever worked out."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from export_samples import SPRING, at, edition, session
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.exports.csv_sheet import COLUMNS, csv_sheet
from services.scheduler.exports.edition import Presenter, Venue
from shared.cells import harmless


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_file_begins_with_a_byte_order_mark_and_one_row_of_names() -> None:
    text = csv_sheet(SPRING)
    assert text.encode().startswith(b"\xef\xbb\xbfrelease,session,title")
    assert [tuple(row) for row in rows(text)] == [COLUMNS] * 4


def test_a_row_is_a_session_with_local_times_and_offsets() -> None:
    row = rows(csv_sheet(edition(session("late", at(30, 22, 30, month=6), presenters=(Presenter("p", "Amara"),)))))[0]
    assert (row["day"], row["start"], row["end"]) == ("2027-06-30", "23:30", "00:30")
    assert (row["starts_at"], row["ends_at"]) == ("2027-06-30T23:30:00+01:00", "2027-07-01T00:30:00+01:00")
    assert (row["room"], row["site"], row["presenters"]) == ("Library", "Hillside School", "Amara")


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("x")'])
def test_what_looks_like_a_formula_is_shown_as_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@given(st.text(max_size=20))
def test_nothing_else_is_changed(cell: str) -> None:
    assert harmless(cell).removeprefix("'") == cell or harmless(cell) == cell
    assert not harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_every_column_that_people_write_is_harmless() -> None:
    evil = session(
        "evil", at(12, 9), title="=cmd", abstract="@x", venue=Venue("r", "+room", "-site"),
        presenters=(Presenter("p", "=Mallory"),),
    )  # fmt: skip
    row = rows(csv_sheet(edition(evil)))[0]
    assert [row[name] for name in ("title", "abstract", "room", "site", "presenters")] == [
        *("'=cmd", "'@x", "'+room", "'-site", "'=Mallory"),
    ]


def test_line_breaks_quotes_and_commas_stay_in_their_cell() -> None:
    [row] = rows(csv_sheet(edition(session("a", at(12, 9), title='Say "no", twice', abstract="one\n\ntwo"))))
    assert (row["title"], row["abstract"]) == ('Say "no", twice', "one\n\ntwo")


def test_rows_end_as_rfc_4180_says_and_equal_editions_give_equal_text() -> None:
    assert csv_sheet(SPRING).count("\r\n") == 5
    assert csv_sheet(edition(*reversed(SPRING.sessions))) == csv_sheet(SPRING)
