"""Availability in words: what is understood, and what is said of the rest."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.availability.words import Heard, hear
from shared.contract.values import Answer, Weekday, WeeklyWindow

TODAY = date(2026, 12, 1)


def heard(text: str, until: date | None = None) -> Heard:
    return hear(text, zone="Europe/London", today=TODAY, until=until)


def told(text: str) -> list[str]:
    found = heard(text)
    assert found.problems == ()
    return [_told(each) for each in found.windows]


def _told(window: WeeklyWindow) -> str:
    return f"{window.answer} {' '.join(window.weekdays)} {window.start:%H:%M}-{window.end:%H:%M}"


def problems(text: str) -> dict[str, str]:
    return {each.field: each.problem for each in heard(text).problems}


def test_days_times_and_answers_are_understood_and_until_at_the_end_holds_for_all() -> None:
    found = heard("Mon 9-11, not Fri, Tue 15:30-17 if need be until 2027-04-30")
    assert [_told(each) for each in found.windows] == [
        "yes mon 09:00-11:00",
        "no fri 00:00-00:00",
        "if-need-be tue 15:30-17:00",
    ]
    assert {(each.first, each.last, each.zone) for each in found.windows} == {
        (TODAY, date(2027, 4, 30), "Europe/London")
    }


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Mondays and Wednesdays 3-5pm", ["yes mon wed 15:00-17:00"]),
        ("Mon-Thu 9:00 to 11:30", ["yes mon tue wed thu 09:00-11:30"]),
        ("Fri to Mon, all day", ["yes mon fri sat sun 00:00-00:00", "yes mon fri sat sun 00:00-00:00"]),
        ("weekdays after 15.30", ["yes mon tue wed thu fri 15:30-00:00"]),
        ("weekends before noon", ["yes sat sun 00:00-12:00"]),
        ("every day except Fri 9am-1pm", ["yes mon tue wed thu sat sun 09:00-13:00"]),
        ("no Tuesday afternoons", ["no tue 12:00-18:00"]),
        ("can't Thurs", ["no thu 00:00-00:00"]),
        ("Mon 9-11, 13-15", ["yes mon 09:00-11:00", "yes mon 13:00-15:00"]),
        ("Mon 9-11 and 13-15", ["yes mon 09:00-11:00", "yes mon 13:00-15:00"]),
        ("Mon between 9 and 11", ["yes mon 09:00-11:00"]),
        ("Sat 22:00-02:00", ["yes sat 22:00-02:00"]),
        ("Wed 03:00-05:00", ["yes wed 03:00-05:00"]),
        ("Wed 11am-1pm maybe", ["if-need-be wed 11:00-13:00"]),
        ("Mon\nTue; Wed", ["yes mon 00:00-00:00", "yes tue 00:00-00:00", "yes wed 00:00-00:00"]),
    ],
)
def test_times_and_days_may_be_written_as_people_write_them(text: str, meant: list[str]) -> None:
    assert told(text) == meant


def test_dates_stand_for_themselves_and_exceptions_for_the_days_left_out() -> None:
    away, lesson, weekly = heard(
        "not 2027-02-15 to 2027-02-19, 12 Jan 2027 9-11, Tue 9-11 except 2027-02-16 and 23 February 2027"
    ).windows
    assert (away.answer, away.first, away.last, len(away.weekdays)) == (
        Answer.NO,
        date(2027, 2, 15),
        date(2027, 2, 19),
        5,
    )
    assert (lesson.first, lesson.last, lesson.weekdays, lesson.start) == (
        date(2027, 1, 12),
        date(2027, 1, 12),
        (Weekday.TUE,),
        time(9),
    )
    assert weekly.except_dates == (date(2027, 2, 16), date(2027, 2, 23))


def test_what_names_no_last_day_holds_until_the_stated_one_or_for_a_year() -> None:
    assert heard("Mon").windows[0].last == date(2027, 12, 1)
    assert heard("Mon", until=date(2027, 3, 31)).windows[0].last == date(2027, 3, 31)
    assert [each.last.month for each in heard("Mon until 2027-02-28, Tue, until 2027-07-16").windows] == [2, 7]
    assert heard("Mon from 2027-01-05").windows[0].first == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("banana", "has a word that is not understood, at character 1"),
        ("Mon 9-11 hopefully", "has a word that is not understood, at character 10"),
        ("9-11", "names no day"),
        ("Mon 3-5", "has a time that could be in the morning or in the afternoon"),
        ("Mon 11-1", "has a time that ends before it begins"),
        ("Mon 9-9", "has a time that ends before it begins"),
        ("Mon 25-26", "has a time that is no time of the day"),
        ("Mon 9:75-10", "has a time that is no time of the day"),
        ("Mon 14am-15", "has a time that is no time of the day"),
        ("2027-02-30", "has a date that no calendar has"),
        ("31 June 2027", "has a date that no calendar has"),
        ("Mon until 2020-01-01", "is over"),
        ("Mon until 2050-01-01", "lasts too long"),
        ("Mon from 2027-05-01 until 2027-04-01", "ends before it begins"),
        ("2027-04-01 to 2027-03-01", "has dates in the wrong order"),
        ("not Mon if need be", "has two answers"),
        ("Mon except Mon", "leaves no day"),
        ("Mon except", "leaves out nothing"),
        ("until 2027-04-30", "names no day"),
    ],
)
def test_a_part_that_is_not_understood_says_why(text: str, problem: str) -> None:
    assert problems(text) == {"text.1": problem}


def test_what_is_not_understood_costs_no_other_part_and_is_counted_from_one() -> None:
    found = heard("Mon 9-11, banana, Tue 9-11, wed 3-5, 10-12, Fri")
    assert [_told(each) for each in found.windows] == [
        "yes mon 09:00-11:00",
        "yes tue 09:00-11:00",
        "yes fri 00:00-00:00",
    ]
    # The fifth part would be about the fourth's days, which nobody knows.
    assert [each.field for each in found.problems] == ["text.2", "text.4", "text.5"]


@pytest.mark.parametrize("text", ["", " , ;\n", "Mon," * 201])
def test_nothing_at_all_and_far_too_much_are_refused(text: str) -> None:
    assert (heard(text).windows, [each.field for each in heard(text).problems]) == ((), ["text"])


@given(st.text(alphabet="mon tuefri0123456789-:.,apuntilexcd ", max_size=60) | st.text(max_size=40))
def test_no_text_makes_the_reader_fail_or_repeats_itself_in_a_problem(text: str) -> None:
    found = heard(text)
    assert found.windows or found.problems
    assert all(each.last >= TODAY and each.weekdays for each in found.windows)


WORDS = st.sampled_from(["Mon", "Tue-Thu", "weekends", "2027-03-01 to 2027-03-05", "every day"])
TIMES = st.sampled_from(["", " 9-11", " 15:30-17", " after 14:00", " mornings"])
ANSWERS = st.sampled_from([("{}", Answer.YES), ("not {}", Answer.NO), ("{} if need be", Answer.IF_NEED_BE)])


@given(st.lists(st.tuples(WORDS, TIMES, ANSWERS), min_size=1, max_size=6))
def test_parts_mean_the_same_together_as_alone(parts: list[tuple[str, str, tuple[str, Answer]]]) -> None:
    texts = [form.format(days + times) for days, times, (form, _) in parts]
    together = heard(", ".join(texts))
    alone = [window for text in texts for window in heard(text).windows]
    assert (list(together.windows), together.problems) == (alone, ())
    assert [each.answer for each in together.windows] == [answer for _, _, (_, answer) in parts]
