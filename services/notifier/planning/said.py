"""What one person said of one calendar entry: of all of it, and of single dates of a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.notifier.planning.answers import Answer, Key
from services.notifier.planning.correspondence import Correspondence
from shared.contract.facts.notifier import CalendarEntry, Occurrence
from shared.contract.facts.replies import PartStat

COMES = frozenset({PartStat.ACCEPTED, PartStat.TENTATIVE})
STANDS = COMES | {PartStat.DECLINED}


@dataclass(frozen=True)
class Said:
    """``dates`` has the answers about single dates, by the dates' names in the entry that was told last."""

    whole: Answer | None
    dates: Mapping[datetime, Answer]

    @classmethod
    def by(cls, answers: Mapping[Key, Answer], past: Correspondence) -> Said:
        person, entry = past.last.person, past.told.entry
        of_dates = {
            original: answer
            for original, session in zip(entry.dates, entry.sessions, strict=False)
            if (answer := answers.get((person, session))) is not None
        }
        return cls(answers.get((person, past.last.session)), of_dates)

    @property
    def all(self) -> tuple[Answer, ...]:
        return (*((self.whole,) if self.whole is not None else ()), *self.dates.values())

    def shows_no(self, past: Correspondence) -> bool:
        """Whether the calendar shows by itself that its person does not come, and was told nothing else since.

        To a series they may have said so at once, or date by date.
        """
        if self.whole is not None and _declined_since(self.whole, past.whole):
            return True
        entry = past.entry_held
        held = [each.original for each in map(entry.occurrence, entry.dates) if not each.cancelled] if entry else []
        return bool(held) and all(
            original in self.dates and _declined_since(self.dates[original], past.sequence_on(original))
            for original in held
        )

    def shown_as_declined(self, past: Correspondence, wanted: CalendarEntry) -> frozenset[datetime]:
        """The dates without a seat that the calendar shows as declined already: nobody tells it so again."""
        return frozenset(
            original
            for original, answer in self.dates.items()
            if answer.partstat is PartStat.DECLINED
            and _declined_since(answer, past.sequence_on(original))
            and original in wanted.dates
            and wanted.occurrence(original).cancelled
        )

    def partstat_on(self, held: CalendarEntry, occurrence: Occurrence) -> PartStat | None:
        """What the person answered about a date, if it stays at the time that it had."""
        was, answer = held.occurrence(occurrence.original), self.dates.get(occurrence.original, self.whole)
        stays = (was.start, was.minutes) == (occurrence.start, occurrence.minutes)
        return answer.partstat if stays and answer is not None and answer.partstat in STANDS else None


def _declined_since(answer: Answer, sequence: int) -> bool:
    return answer.declined_in_calendar is not None and answer.declined_in_calendar >= sequence
