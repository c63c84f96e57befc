"""Days and dates as people write them: ``Mon``, ``Tue-Thu``, ``weekdays``, ``2027-02-15``, ``15 Feb 2027``."""

from __future__ import annotations

import re
from datetime import date

from shared.contract.values import Weekday

_SHORT = tuple(each.value for each in Weekday)
_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ODD = {"tues": "tue", "weds": "wed", "wednes": "wed", "thur": "thu", "thurs": "thu"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = "|".join(sorted((*_LONG, *_ODD, *_SHORT), key=len, reverse=True))
_NAME = rf"(?:{_NAMES})s?\b\.?"
_DATE = rf"(?:\d{{4}}-\d{{2}}-\d{{2}}\b|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{'|'.join(_MONTHS)})[a-z]*\.?\s+\d{{4}}\b)"
_TO = r"\s*(?:-|–|—|\.\.|to\b|until\b|till\b|through\b)\s*"  # noqa: RUF001 - people write dashes

DATES = re.compile(rf"({_DATE}){_TO}({_DATE})")
DATE = re.compile(rf"({_DATE})")
UNTIL = re.compile(rf"(?:valid\s+)?(?:until|till|through|to|up\s+to)\s+({_DATE})")
SINCE = re.compile(rf"(?:from|since|starting)\s+({_DATE})")
DAYS = re.compile(rf"({_NAME}){_TO}({_NAME})")
DAY = re.compile(rf"({_NAME})")
GROUP = re.compile(r"(weekdays?|working\s+days?|school\s+days?|weekends?|every\s*day|each\s+day|any\s+day|daily)\b")
_WRITTEN = re.compile(r"(\d{1,2})[a-z]*\s+([a-z]{3})[a-z]*\.?\s+(\d{4})")


def weekday(name: str) -> Weekday:
    """The weekday of a name that DAY has found."""
    stem = name.rstrip(".")
    return Weekday(_ODD.get(stem, _ODD.get(stem.removesuffix("s"), stem[:3])))


def weekdays_between(first: str, last: str) -> tuple[Weekday, ...]:
    """From one weekday to another, also over the weekend: Fri-Mon."""
    days = list(Weekday)
    start, end = days.index(weekday(first)), days.index(weekday(last))
    return tuple(days[(start + offset) % 7] for offset in range((end - start) % 7 + 1))


def group(name: str) -> tuple[Weekday, ...]:
    days = tuple(Weekday)
    if name.startswith("weekend"):
        return days[5:]
    return days if name.split(maxsplit=1)[0] in {"every", "each", "any", "everyday", "daily"} else days[:5]


def day(text: str) -> date:
    """The date that DATE has found. Raises ValueError for one that no calendar has."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        return date.fromisoformat(text)
    return date(int(written[3]), _MONTHS.index(written[2]) + 1, int(written[1]))
