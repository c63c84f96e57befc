"""What a nation or a time zone says about a calendar: bank holidays, and which days are the weekend."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources

import holidays
from holidays.holiday_base import HolidayBase

from services.scheduler.errors import UnknownNationError
from shared.contract.values import DateSpan, Weekday

USUAL_WEEKEND = (Weekday.SAT, Weekday.SUN)


def bank_holidays(nation: str, first: date, last: date) -> tuple[DateSpan, ...]:
    """The bank holidays of a nation (ISO 3166, such as GB-ENG) within those dates. Raises ``UnknownNationError``."""
    found = _holidays_of(nation, range(first.year, last.year + 1))
    if found is None:
        raise UnknownNationError(
            f"nation {nation!r} has no known bank holidays; "
            "give an ISO 3166 country, with its subdivision where holidays differ, such as GB-ENG or IE"
        )
    return tuple(
        DateSpan(first=day, last=day, reason=name) for day, name in sorted(found.items()) if first <= day <= last
    )


def weekend_of(nation: str | None, zone: str, year: int) -> tuple[Weekday, ...]:
    """The weekend of a nation, or else of the country where the zone lies; Saturday and Sunday where nobody knows."""
    country = nation or country_of(zone)
    found = _holidays_of(country, range(year, year + 1)) if country else None
    if found is None:
        return USUAL_WEEKEND
    return tuple(list(Weekday)[day] for day in sorted(found.weekend))


def country_of(zone: str) -> str | None:
    """The ISO 3166 country in whose land an IANA zone lies, by tzdata's ``zone.tab``."""
    return _countries().get(zone)


def _holidays_of(nation: str, years: range) -> HolidayBase | None:
    country, _, subdivision = nation.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    except NotImplementedError:  # how the holidays package says that it does not know the country or subdivision
        return None


@cache
def _countries() -> dict[str, str]:
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}
