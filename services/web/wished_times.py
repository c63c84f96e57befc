"""Times of a proposal as people write them: ``Mon 9-11, Tue afternoons until 2027-04-30``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shared.availability.saying import said
from shared.availability.words import hear
from shared.contract.results import FieldError
from shared.contract.values import Answer, Window


def told_times(windows: Iterable[Window], zone_name: str, today: date) -> str:
    """The windows in words that ``heard_times`` reads back; what is past is left out. Answers are not told."""
    return said(windows, zone_name, today, with_answers=False)


def heard_times(
    text: str, field: str, answer: Answer, zone_name: str, today: date
) -> tuple[tuple[Window, ...], tuple[FieldError, ...]]:
    """The windows that the text of a field means, all with that answer; and what is not understood of it."""
    if not text:
        return (), ()
    heard = hear(text, zone=zone_name, today=today)
    problems = [
        each.model_copy(update={"field": f"{field}.{each.field}", "problem": f"{each.problem} ({each.field})"})
        for each in heard.problems
    ]
    if answer is not Answer.NO and any(each.answer is Answer.NO for each in heard.windows):
        problems.append(
            FieldError(field=field, problem="says when it cannot be", allowed="times that suit it; the others go below")
        )
    return tuple(each.model_copy(update={"answer": answer}) for each in heard.windows), tuple(problems)
