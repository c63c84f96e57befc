"""Availability in words: ``Mon 9-11, not Fri, Tue 15:30-17 if need be until 2027-04-30``.

Parts stand between commas, semicolons or line breaks. A part names weekdays or dates, perhaps times, an answer (*yes*
when it names none) and from when to when it holds. A part without days is about those of the part before. An ``until``
at the end of everything holds for every part that has none of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from shared.availability import clock_words, day_words
from shared.availability.clock_words import NoTimeError, Span
from shared.contract.results import FieldError
from shared.contract.values import Answer, Weekday, WeeklyWindow
from shared.time.intervals import days

MAX_PARTS = 200
MAX_YEARS = 5
DEFAULT_DAYS = 365

_PARTS = re.compile(r"[,;\n]+")
_NOT = re.compile(r"(?:not|no|never|cannot|can't|can\s+not|busy|away|out)\b")
_MAYBE = re.compile(r"(?:if[\s-]+need[\s-]+be|if\s+need(?:ed)?|if\s+necessary|maybe|perhaps|at\s+a\s+pinch)\b")
_YES = re.compile(r"(?:yes|can|free|available|ok|good)\b")
_EXCEPT = re.compile(r"(?:except|but\s+not|apart\s+from|without)\b")
_FILLER = re.compile(r"(?:and|or|on|at|in|the|i|am|is|&|\+|every|each)(?!\w)|[:.]")
_BLANK = re.compile(r"\s*")

EXAMPLE = "days, times and answers as in: Mon 9-11, not Fri, Tue 15:30-17 if need be until 2027-04-30"


@dataclass(frozen=True)
class Heard:
    """What was understood of a text, and what was not: each problem names its part, counted from 1."""

    windows: tuple[WeeklyWindow, ...]
    problems: tuple[FieldError, ...]


class _NotUnderstoodError(Exception):
    def __init__(self, problem: str, allowed: str = EXAMPLE) -> None:
        super().__init__(problem)
        self.problem = problem
        self.allowed = allowed


@dataclass
class _Part:
    answer: Answer | None = None
    weekdays: list[Weekday] = field(default_factory=list)
    dates: list[tuple[date, date]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    except_dates: list[date] = field(default_factory=list)
    first: date | None = None
    last: date | None = None
    except_weekdays: list[Weekday] = field(default_factory=list)
    excepting: bool = False
    """whether the days that follow are left out"""

    @property
    def only_says_how_long(self) -> bool:
        return not (self.weekdays or self.dates or self.spans or self.answer or self.excepting)

    def add_days(self, weekdays: tuple[Weekday, ...]) -> None:
        (self.except_weekdays if self.excepting else self.weekdays).extend(weekdays)

    def add_dates(self, first: date, last: date) -> None:
        if last < first:
            raise _NotUnderstoodError("has dates in the wrong order", "first date, then last date")
        if self.excepting:
            if (last - first).days > 366:
                raise _NotUnderstoodError("leaves out more than a year", "at most 366 days")
            self.except_dates += days(first, last)
        else:
            self.dates.append((first, last))

    def add_answer(self, answer: Answer) -> None:
        # "not Fri if need be" says two things at once.
        if self.answer not in {None, answer}:
            raise _NotUnderstoodError("has two answers", "one of yes, if need be, no in each part")
        self.answer = answer


_Take = Callable[[_Part, re.Match[str]], object]
_WORDS: tuple[tuple[re.Pattern[str], _Take], ...] = (
    (day_words.DATES, lambda part, found: part.add_dates(day_words.day(found[1]), day_words.day(found[2]))),
    (day_words.UNTIL, lambda part, found: setattr(part, "last", day_words.day(found[1]))),
    (day_words.SINCE, lambda part, found: setattr(part, "first", day_words.day(found[1]))),
    (day_words.DATE, lambda part, found: part.add_dates(*(day_words.day(found[1]),) * 2)),
    (_EXCEPT, lambda part, _: setattr(part, "excepting", True)),
    (_MAYBE, lambda part, _: part.add_answer(Answer.IF_NEED_BE)),
    (_NOT, lambda part, _: part.add_answer(Answer.NO)),
    (_YES, lambda part, _: part.add_answer(Answer.YES)),
    (day_words.GROUP, lambda part, found: part.add_days(day_words.group(found[1]))),
    (day_words.DAYS, lambda part, found: part.add_days(day_words.weekdays_between(found[1], found[2]))),
    (day_words.DAY, lambda part, found: part.add_days((day_words.weekday(found[1]),))),
    (clock_words.WHOLE_DAY, lambda part, _: part.spans.append(Span())),
    (clock_words.TIME_OF_DAY, lambda part, found: part.spans.append(clock_words.time_of_day(found[1]))),
    (clock_words.BETWEEN, lambda part, found: part.spans.append(clock_words.between(found[1], found[2]))),
    (clock_words.SPAN, lambda part, found: part.spans.append(clock_words.between(found[1], found[2]))),
    (clock_words.FROM, lambda part, found: part.spans.append(clock_words.after(found[1]))),
    (clock_words.BEFORE, lambda part, found: part.spans.append(clock_words.before(found[1]))),
    (_FILLER, lambda _, __: None),
)


def hear(text: str, *, zone: str, today: date, until: date | None = None) -> Heard:
    """The windows that a text means, in that zone, from today on; what is not understood costs no other part.

    ``until`` is the last day of parts that name none, where the text itself does not say; a year from now otherwise.
    """
    texts = [part.strip().lower() for part in _PARTS.split(text) if part.strip()]
    if not 1 <= len(texts) <= MAX_PARTS:
        problem = "says nothing" if not texts else "has too many parts"
        return Heard((), (FieldError(field="text", problem=problem, allowed=f"1 to {MAX_PARTS} parts; {EXAMPLE}"),))
    problems: list[FieldError] = []
    parts: list[tuple[int, _Part]] = []
    for number, each in enumerate(texts, start=1):
        try:
            parts.append((number, _read(each)))
        except _NotUnderstoodError as error:
            problems.append(_problem(number, error))
    standing = _Standing(today, _closing(parts) or until or today + timedelta(days=DEFAULT_DAYS))
    windows: list[WeeklyWindow] = []
    before: tuple[int, _Part] | None = None
    for number, part in parts:
        if part.only_says_how_long:
            continue
        # Behind a part that was not understood, "9-11" could be about any day.
        follows = before is not None and before[0] == number - 1
        try:
            with_days = _with_days(part, before[1] if before is not None and follows else None)
            windows += _windows(with_days, standing, zone)
        except _NotUnderstoodError as error:
            problems.append(_problem(number, error))
        else:
            before = number, with_days
    if not windows and not problems:
        problems.append(_problem(1, _NotUnderstoodError("names no day", "a weekday or a date")))
    return Heard(tuple(windows), tuple(sorted(problems, key=lambda each: int(each.field.rpartition(".")[2]))))


@dataclass(frozen=True)
class _Standing:
    today: date
    last: date


def _read(text: str) -> _Part:
    part = _Part()
    place = 0
    while (place := _blank(text, place)) < len(text):
        for words, take in _WORDS:
            if found := words.match(text, place):
                _take(take, part, found)
                place = found.end()
                break
        else:
            raise _NotUnderstoodError(f"has a word that is not understood, at character {place + 1}")
    return part


def _blank(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return found.end() if found else place


def _take(take: _Take, part: _Part, found: re.Match[str]) -> None:
    try:
        take(part, found)
    except NoTimeError as error:
        raise _NotUnderstoodError(
            f"has a time that {error}", "times such as 9-11, 15:30-17, 3-5pm, 03:00-05:00"
        ) from None
    except ValueError:
        raise _NotUnderstoodError("has a date that no calendar has", "dates such as 2027-04-30") from None


def _closing(parts: list[tuple[int, _Part]]) -> date | None:
    """The last day that the text names at its end, or in a part of its own."""
    alone = [part.last for _, part in parts if part.only_says_how_long and part.last]
    return alone[-1] if alone else parts[-1][1].last if parts else None


def _with_days(part: _Part, before: _Part | None) -> _Part:
    if part.weekdays or part.dates:
        return part
    if before is None:
        raise _NotUnderstoodError("names no day", "a weekday or a date")
    part.weekdays, part.dates = before.weekdays, before.dates
    return part


def _windows(part: _Part, standing: _Standing, zone: str) -> list[WeeklyWindow]:
    return [
        WeeklyWindow(
            answer=part.answer or Answer.YES,
            weekdays=weekdays,
            start=span.start,
            end=span.end,
            zone=zone,
            first=first,
            last=last,
            except_dates=tuple(sorted({each for each in part.except_dates if first <= each <= last})),
        )
        for first, last, weekdays in _stretches(part, standing)
        for span in part.spans or [Span()]
    ]


def _stretches(part: _Part, standing: _Standing) -> Iterator[tuple[date, date, tuple[Weekday, ...]]]:
    """First and last day, and the weekdays between them."""
    if part.excepting and not (part.except_dates or part.except_weekdays):
        raise _NotUnderstoodError("leaves out nothing", "a weekday or a date behind 'except'")
    for first, last in part.dates or [(part.first or standing.today, part.last or standing.last)]:
        if last < standing.today:
            raise _NotUnderstoodError("is over", "a last day that is not past")
        if last < first:
            raise _NotUnderstoodError("ends before it begins", "first date, then last date")
        if last.year - standing.today.year > MAX_YEARS:
            raise _NotUnderstoodError("lasts too long", f"a last day within {MAX_YEARS} years")
        named = part.weekdays or [Weekday.of(each) for each in days(first, min(last, first + timedelta(days=6)))]
        weekdays = tuple(each for each in Weekday if each in named and each not in part.except_weekdays)
        if not weekdays:
            raise _NotUnderstoodError("leaves no day", "a weekday or a date that is not left out")
        yield first, last, weekdays


def _problem(number: int, error: _NotUnderstoodError) -> FieldError:
    return FieldError(field=f"text.{number}", problem=error.problem, allowed=error.allowed)
