"""Hours of a week as boxes: ticked ones become words, and words tick the same boxes."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.web.weekly_grid import HOURS, grid, words_of
from shared.availability.words import hear
from shared.contract.values import Answer, Weekday

TODAY = date(2026, 12, 1)
CELLS = [f"{day}-{hour}" for day in Weekday for hour in HOURS]


def ticked(text: str) -> set[str]:
    heard = hear(text, zone="Europe/London", today=TODAY)
    assert heard.problems == ()
    return {cell.value for row in grid(heard.windows, TODAY) for cell in row.cells if cell.ticked}


@given(st.sets(st.sampled_from(CELLS), min_size=1), st.booleans())
def test_what_was_ticked_is_ticked_again(chosen: set[str], others_are_no: bool) -> None:
    assert ticked(words_of(chosen, others_are_no=others_are_no)) == chosen


def test_hours_that_follow_one_another_are_one_stretch() -> None:
    assert words_of(["mon-9", "mon-10", "mon-12"], others_are_no=False) == "Monday 09:00-11:00\nMonday 12:00-13:00"


def test_other_hours_are_impossible_only_if_that_is_said() -> None:
    heard = hear(words_of(["mon-9"], others_are_no=True), zone="Europe/London", today=TODAY)
    assert sum(each.answer is Answer.NO for each in heard.windows) == 8
    assert "not" not in words_of(["mon-9"], others_are_no=False)


def test_an_hour_that_is_yes_and_no_or_partly_said_is_not_ticked() -> None:
    assert ticked("Mon 9-11, not Mon 10-11") == {"mon-9"}
    assert ticked("Mon 9:30-11") == {"mon-10"}
    assert ticked("Mon 9-11 if need be") == set()


def test_what_is_past_ticks_nothing() -> None:
    heard = hear("Mon 9-11 until 2026-12-31", zone="Europe/London", today=TODAY)
    assert not any(cell.ticked for row in grid(heard.windows, date(2027, 1, 1)) for cell in row.cells)
