"""What a programme gives to fill in the rules of its packs: dates, nation, weekend, academic calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pydantic import model_validator

from services.scheduler.packs_reading.nations import weekend_of
from shared.contract.facts.registrations import Community, Programme
from shared.contract.values import DateSpan, Line, Tag, Value, Weekday


class CalendarEntry(Value):
    """Dates of an academic calendar, both included: a term, a reading week, exam weeks, a vacation."""

    period: Tag
    first: date
    last: date
    name: Line

    @model_validator(mode="after")
    def _in_order(self) -> CalendarEntry:
        if self.last < self.first:
            raise ValueError("last must not be before first")
        return self

    def span(self) -> DateSpan:
        return DateSpan(first=self.first, last=self.last, reason=self.name)


@dataclass(frozen=True)
class Setting:
    """Where and when the programme of a policy is."""

    first_day: date
    last_day: date
    nation: str | None
    weekend: tuple[Weekday, ...]
    calendar: tuple[CalendarEntry, ...]

    @classmethod
    def of(cls, programme: Programme, community: Community | None, calendar: Iterable[CalendarEntry]) -> Setting:
        """The programme's own weekend goes first, then the community's, then its nation's, then its zone's."""
        weekend = programme.weekend
        if weekend is None and community is not None:
            weekend = community.weekend
        if weekend is None:
            weekend = weekend_of(programme.nation, programme.zone, programme.first_day.year)
        return cls(
            first_day=programme.first_day,
            last_day=programme.last_day,
            nation=programme.nation,
            weekend=weekend,
            calendar=tuple(calendar),
        )

    def knows(self, periods: Iterable[Tag]) -> bool:
        """Whether the academic calendar has one of these periods, at whatever time."""
        return any(entry.period in set(periods) for entry in self.calendar)

    def periods(self, periods: Iterable[Tag]) -> Iterator[DateSpan]:
        """When these periods fall within the programme, in order."""
        wanted = set(periods)
        for entry in sorted(self.calendar, key=lambda each: (each.first, each.last)):
            if entry.period in wanted and entry.first <= self.last_day and entry.last >= self.first_day:
                yield entry.span()
