"""Rules of a pack that wait for a programme: its bank holidays, weekend, academic calendar, days of faith."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from pydantic import Field

from services.scheduler.packs_reading.nations import bank_holidays
from services.scheduler.packs_reading.observances import Observance, observed
from services.scheduler.packs_reading.setting import Setting
from services.scheduler.rules.base import Level
from services.scheduler.rules.windows import Exemption, LocalTimes, ProhibitedTimes, RequiredTimes
from shared.contract.values import DateSpan, Line, Tag

ONE_DAY = timedelta(days=1)


class Placeholder(LocalTimes):
    """A rule about local times whose days the programme decides. ``dates`` belong to the rule that it becomes."""

    dates: None = None

    def filled_in(self, setting: Setting) -> Iterator[ProhibitedTimes | RequiredTimes]:
        """The rule for a programme; none where there is nothing to keep free."""
        raise NotImplementedError


class ProhibitedPlaceholder(Placeholder):
    """One that becomes a rule that keeps time free, but for exempt formats."""

    where: Line = Field(description="completes 'the session lies ...': at a weekend, in exam weeks")
    exemptions: tuple[Exemption, ...] = ()

    def _as_prohibited(self, **found: object) -> Iterator[ProhibitedTimes]:
        own = self.model_dump(include=set(ProhibitedTimes.model_fields) - {"kind", *found})
        yield ProhibitedTimes.model_validate(own | found)


class Weekend(ProhibitedPlaceholder):
    """No session on the weekend of the community: Saturday and Sunday, Friday and Saturday, or what it is there."""

    kind: Literal["weekend"] = "weekend"

    def filled_in(self, setting: Setting) -> Iterator[ProhibitedTimes]:
        if setting.weekend:
            yield from self._as_prohibited(weekdays=setting.weekend)


class BankHolidays(ProhibitedPlaceholder):
    """No session on a bank holiday of the programme's nation. Without a nation there is nothing to keep free."""

    kind: Literal["bank-holidays"] = "bank-holidays"

    def filled_in(self, setting: Setting) -> Iterator[ProhibitedTimes]:
        """Raises ``UnknownNationError``."""
        if setting.nation:
            dates = bank_holidays(setting.nation, setting.first_day, setting.last_day)
            yield from self._as_prohibited(dates=dates)


class ProhibitedPeriods(ProhibitedPlaceholder):
    """No session in these periods of the academic calendar, or at these times of their days."""

    kind: Literal["prohibited-periods"] = "prohibited-periods"
    periods: tuple[Tag, ...] = Field(min_length=1)

    def filled_in(self, setting: Setting) -> Iterator[ProhibitedTimes]:
        if dates := tuple(setting.periods(self.periods)):
            yield from self._as_prohibited(dates=dates)


class RequiredPeriods(Placeholder):
    """Sessions lie in these periods of the academic calendar, once there is one."""

    kind: Literal["required-periods"] = "required-periods"
    periods: tuple[Tag, ...] = Field(min_length=1)
    formats: tuple[Tag, ...] = Field(default=(), description="the formats it binds; none named means all")

    def filled_in(self, setting: Setting) -> Iterator[RequiredTimes]:
        if setting.knows(self.periods):
            own = self.model_dump(include=set(RequiredTimes.model_fields) - {"kind", "dates"})
            yield RequiredTimes.model_validate(own | {"dates": tuple(setting.periods(self.periods))})


class Observances(ProhibitedPlaceholder):
    """No session on days on which many people keep a faith, or on their eves."""

    kind: Literal["observances"] = "observances"
    level: Level = Level.WARN
    observances: tuple[Observance, ...] = Field(min_length=1)
    days_before: int = Field(default=0, ge=0, le=7, description="so many days before: 1 is the eve")

    def filled_in(self, setting: Setting) -> Iterator[ProhibitedTimes]:
        before = self.days_before * ONE_DAY
        found = observed(self.observances, setting.first_day + before, setting.last_day + before)
        if dates := tuple(self._moved(span) for span in found):
            yield from self._as_prohibited(dates=dates)

    def _moved(self, span: DateSpan) -> DateSpan:
        if not self.days_before:
            return span
        eve = span.first - self.days_before * ONE_DAY
        return DateSpan(first=eve, last=eve, reason=f"before {span.reason}")
