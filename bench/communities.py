"""Big invented communities, the same for the same seed.

A person works at one of ``count / 50`` schools, the largest of them about two and a half times the median. One person
in five has no windows; the others have one to four weekly windows in the term from 5 January to 30 April 2027: *no*
(60 %, lessons), *if-need-be* (20 %) or *yes* (20 %), the latter two after school. One person in twelve works part-time
and has two whole days of *no* besides. Zones: 96 % Europe/London, the rest Asia/Dubai and America/Vancouver.
"""

from __future__ import annotations

import random
from typing import Any

from shared.contract.values import Weekday

_GIVEN = ["Amara", "Ben", "Chidi", "Dilnoza", "Efua", "Farah", "Gethin", "Hana", "Imran", "Jelena", "Kofi", "Lorcan"]
_FAMILY = ["Adeyemi", "Brandt", "Chua", "Demirel", "Evans", "Falade", "Gurung", "Hale", "Ito", "Jankowska", "Moss"]
_DEPARTMENTS = ["Arts", "Computing", "English", "Humanities", "Inclusion", "Languages", "Mathematics", "Science"]
_SCHOOL_DAYS = list(Weekday)[:5]
_LESSONS = (("09:00", "10:30"), ("10:45", "12:00"), ("13:00", "15:00"))
_AFTER_SCHOOL = (("15:30", "16:30"), ("15:30", "17:00"))


def people(count: int, seed: int) -> list[dict[str, Any]]:
    """Rows of the form PersonRow, ready for an import command; ids are ``person-000001`` and so on."""
    draw = random.Random(seed)
    schools = max(1, count // 50)
    return [_person(number, schools, draw) for number in range(1, count + 1)]


def _person(number: int, schools: int, draw: random.Random) -> dict[str, Any]:
    school = 1 + min(draw.randrange(schools), draw.randrange(schools))
    zone = draw.choices(["Europe/London", "Asia/Dubai", "America/Vancouver"], [96, 2, 2])[0]
    return {
        "person": f"person-{number:06}",
        "name": f"{draw.choice(_GIVEN)} {draw.choice(_FAMILY)}",
        "address": f"person-{number:06}@school-{school:03}.example",
        "zone": zone,
        "name_public": draw.random() < 0.5,
        "school": f"School {school:03}",
        "department": draw.choice(_DEPARTMENTS),
        "windows": _windows(zone, draw),
    }


def _windows(zone: str, draw: random.Random) -> list[dict[str, Any]]:
    windows = []
    if draw.random() < 0.8:
        windows = [_window(zone, draw) for _ in range(draw.randint(1, 4))]
    if draw.random() < 1 / 12:
        windows.append(_weekly("no", draw.sample(_SCHOOL_DAYS, 2), ("00:00", "00:00"), zone))
    return windows


def _window(zone: str, draw: random.Random) -> dict[str, Any]:
    answer = draw.choices(["no", "if-need-be", "yes"], [60, 20, 20])[0]
    hours = draw.choice(_LESSONS if answer == "no" else _AFTER_SCHOOL)
    return _weekly(answer, draw.sample(_SCHOOL_DAYS, draw.randint(1, 3)), hours, zone)


def _weekly(answer: str, weekdays: list[Weekday], hours: tuple[str, str], zone: str) -> dict[str, Any]:
    return {
        "kind": "weekly",
        "answer": answer,
        "weekdays": [day.value for day in sorted(weekdays, key=_SCHOOL_DAYS.index)],
        "start": hours[0],
        "end": hours[1],
        "zone": zone,
        "first": "2027-01-05",
        "last": "2027-04-30",
    }
