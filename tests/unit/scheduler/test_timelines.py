from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.entities import Person, Span
from services.scheduler.finished import standing
from services.scheduler.timeline import Diary, Timeline
from shared.time.intervals import Interval, merged

EPOCH = datetime(2027, 3, 27, tzinfo=UTC)
minutes = st.integers(0, 600)
intervals = st.builds(
    lambda start, length: Interval(EPOCH + timedelta(minutes=start), EPOCH + timedelta(minutes=start + length)),
    minutes,
    st.integers(1, 200),
)
lengths = st.integers(1, 120)


def seconds(start: int) -> np.ndarray:
    return np.array([int((EPOCH + timedelta(minutes=start)).timestamp())])


def session(start: int, length: int) -> Interval:
    return Interval(EPOCH + timedelta(minutes=start), EPOCH + timedelta(minutes=start + length))


@given(st.lists(intervals, max_size=6), minutes, lengths)
def test_overlap_in_arrays_is_overlap_of_intervals(busy: list[Interval], start: int, length: int) -> None:
    expected = any(one.overlaps(session(start, length)) for one in busy)
    assert bool(Timeline.of(busy).overlaps(seconds(start), length)[0]) is expected


@given(st.lists(intervals, max_size=6), minutes, lengths)
def test_containment_in_arrays_is_containment_in_merged_intervals(
    free: list[Interval], start: int, length: int
) -> None:
    expected = any(one.contains(session(start, length)) for one in merged(free))
    assert bool(Timeline.of(free).contains(seconds(start), length)[0]) is expected


def spans(found: list[Interval]) -> tuple[Span, ...]:
    return tuple(Span(start=one.start, end=one.end) for one in dict.fromkeys(found))


people = st.builds(
    lambda no, maybe, yes: Person(id="p", no=spans(no), if_need_be=spans(maybe), yes=spans(yes)),
    *(st.lists(intervals, max_size=3) for _ in range(3)),
)


@given(people, minutes, lengths)
def test_the_search_and_the_scorer_agree_on_what_a_person_says(person: Person, start: int, length: int) -> None:
    looked_up = Diary.of(person).standing(seconds(start), length)[0]
    assert looked_up == standing(person, session(start, length))


@given(people, minutes, lengths, intervals)
def test_one_more_no_never_makes_an_answer_less_cautious(
    person: Person, start: int, length: int, more: Interval
) -> None:
    stricter = person.model_copy(update={"no": spans([*(span.interval() for span in person.no), more])})
    assert standing(stricter, session(start, length)) <= standing(person, session(start, length))
