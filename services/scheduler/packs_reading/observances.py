"""Days on which many people keep a faith: dates for everybody's calendar, never anything about a person.

The dates are those of the *holidays* package, which keeps tables of each calendar. Islamic dates follow the sighting
of the moon and are estimates until shortly before; those of Hindu and Sikh calendars are known until 2035. Where a
date is not known, nothing is kept free.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from holidays.calendars.julian import JULIAN_CALENDAR
from holidays.groups.buddhist import BuddhistCalendarHolidays
from holidays.groups.chinese import ChineseCalendarHolidays
from holidays.groups.christian import ChristianHolidays
from holidays.groups.hebrew import HebrewCalendarHolidays
from holidays.groups.hindu import HinduCalendarHolidays
from holidays.groups.islamic import IslamicHolidays
from holidays.holiday_base import HolidayBase

from shared.contract.values import DateSpan

ESTIMATED = "estimated; may shift by a day"


class Observance(StrEnum):
    CHRISTMAS_DAY = "christmas-day"
    ORTHODOX_CHRISTMAS_DAY = "orthodox-christmas-day"
    GOOD_FRIDAY = "good-friday"
    EASTER_MONDAY = "easter-monday"
    ORTHODOX_GOOD_FRIDAY = "orthodox-good-friday"
    ORTHODOX_EASTER_MONDAY = "orthodox-easter-monday"
    RAMADAN = "ramadan"
    EID_AL_FITR = "eid-al-fitr"
    EID_AL_ADHA = "eid-al-adha"
    ROSH_HASHANAH = "rosh-hashanah"
    YOM_KIPPUR = "yom-kippur"
    SUKKOT = "sukkot"
    PASSOVER = "passover"
    SHAVUOT = "shavuot"
    HOLI = "holi"
    DIWALI = "diwali"
    VAISAKHI = "vaisakhi"
    GURU_NANAK_JAYANTI = "guru-nanak-jayanti"
    VESAK = "vesak"
    LUNAR_NEW_YEAR = "lunar-new-year"

    @property
    def title(self) -> str:  # type: ignore[override]  # what it is called, not str.title
        return TITLES.get(self, " ".join(word.capitalize() for word in self.split("-")))


TITLES = {
    Observance.EID_AL_FITR: "Eid al-Fitr",
    Observance.EID_AL_ADHA: "Eid al-Adha",
    Observance.GURU_NANAK_JAYANTI: "Guru Nanak's birthday",
}


def observed(observances: Iterable[Observance], first: date, last: date) -> Iterator[DateSpan]:
    """When these fall within those dates, in order of date; Ramadan is one span, all others are single days."""
    wanted = set(observances)
    spans = [span for year in range(first.year - 1, last.year + 1) for name, span in _of(year) if name in wanted]
    return iter(sorted((span for span in spans if span.first <= last and span.last >= first), key=lambda it: it.first))


@cache
def _of(year: int) -> tuple[tuple[Observance, DateSpan], ...]:
    """All that begin in that year."""
    found = [
        (Observance(name.strip()), day, tentative)
        for tentative, days in ((False, _Days(years=year)), (True, _TentativeDays(years=range(year, year + 2))))
        for day, names in sorted(days.items())
        for name in names.split(";")
    ]
    return tuple(
        (name, _span(name, day, _end(name, day, found), tentative=tentative))
        for name, day, tentative in found
        if day.year == year
    )


def _end(name: Observance, day: date, found: list[tuple[Observance, date, bool]]) -> date:
    """Ramadan ends on the eve of the next Eid al-Fitr."""
    if name is not Observance.RAMADAN:
        return day
    eids = (other for each, other, _ in found if each is Observance.EID_AL_FITR and other > day)
    return min(eids, default=day + timedelta(days=30)) - timedelta(days=1)


def _span(name: Observance, first: date, last: date, *, tentative: bool) -> DateSpan:
    return DateSpan(first=first, last=last, reason=f"{name.title} ({ESTIMATED})" if tentative else name.title)


class _Days(
    HolidayBase,
    BuddhistCalendarHolidays,
    ChineseCalendarHolidays,
    ChristianHolidays,
    HebrewCalendarHolidays,
    HinduCalendarHolidays,
):
    """Observances by name, as a calendar of the holidays package: this is how it lets calendars be put together."""

    def __init__(self, *, years: int) -> None:
        BuddhistCalendarHolidays.__init__(self)
        ChineseCalendarHolidays.__init__(self)
        ChristianHolidays.__init__(self)
        HebrewCalendarHolidays.__init__(self)
        HinduCalendarHolidays.__init__(self)
        super().__init__(years=years)

    def _populate_public_holidays(self) -> None:
        two_days = range(2)
        self._add_christmas_day(Observance.CHRISTMAS_DAY)
        self._add_christmas_day(Observance.ORTHODOX_CHRISTMAS_DAY, JULIAN_CALENDAR)
        self._add_good_friday(Observance.GOOD_FRIDAY)
        self._add_easter_monday(Observance.EASTER_MONDAY)
        self._add_good_friday(Observance.ORTHODOX_GOOD_FRIDAY, JULIAN_CALENDAR)
        self._add_easter_monday(Observance.ORTHODOX_EASTER_MONDAY, JULIAN_CALENDAR)
        self._add_rosh_hashanah(Observance.ROSH_HASHANAH, two_days)
        self._add_yom_kippur(Observance.YOM_KIPPUR)
        self._add_sukkot(Observance.SUKKOT, two_days)
        self._add_passover(Observance.PASSOVER, two_days)
        self._add_shavuot(Observance.SHAVUOT)
        self._add_holi(Observance.HOLI)
        # India's own date; the package's other table of Diwali differs by weeks in some years.
        self._add_diwali_india(Observance.DIWALI)
        self._add_vaisakhi(Observance.VAISAKHI)
        self._add_guru_nanak_jayanti(Observance.GURU_NANAK_JAYANTI)
        self._add_vesak(Observance.VESAK)
        self._add_chinese_new_years_day(Observance.LUNAR_NEW_YEAR)


class _TentativeDays(HolidayBase, IslamicHolidays):
    """The same for dates that follow the sighting of the moon."""

    def __init__(self, *, years: range) -> None:
        IslamicHolidays.__init__(self, show_estimated=False)
        super().__init__(years=years)

    def _populate_public_holidays(self) -> None:
        self._add_ramadan_beginning_day(Observance.RAMADAN)
        self._add_eid_al_fitr_day(Observance.EID_AL_FITR)
        self._add_eid_al_adha_day(Observance.EID_AL_ADHA)
