"""The sample community as files, read through the same importers that everybody uses."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from services.registrations.imports.drafts import DraftCommand, Import, Problem
from services.registrations.imports.reading import horizon_of, read_import

SAMPLE = Path(__file__).parent.parent / "deploy" / "samples" / "northgate"
SAMPLE_COMMUNITY = "northgate"
PARTNER = "timetables"


@dataclass(frozen=True)
class Sample:
    """What the organiser sends, what the partner sends, and what happens in the second act."""

    community: str
    programme: str
    settings: tuple[DraftCommand, ...]
    partner_rows: tuple[DraftCommand, ...]
    members_rows: tuple[DraftCommand, ...]
    act_two: tuple[DraftCommand, ...]
    problems: tuple[Problem, ...]

    def proposals(self) -> tuple[str, ...]:
        """The ids that the proposal rows give."""
        return tuple(str(row.payload["proposal"]) for row in self.members_rows if row.entity == "proposal")


async def read_sample(folder: Path = SAMPLE) -> Sample:
    """Everything in the folder, in turns: it takes seconds, in which Ctrl-C is heard. Raises OSError without it."""
    settings = read_import(folder / "community.yaml")
    horizon = horizon_of([settings])
    people = read_import(folder / "people.csv")
    timetables: list[Import] = []
    for file in sorted((folder / "timetables").glob("*.ics")):
        timetables.append(read_import(file, horizon=horizon))
        await asyncio.sleep(0)
    members = [read_import(folder / f"{name}.csv") for name in ("proposals", "availability", "interests")]
    parts = (settings, people, *timetables, *members)
    (announced,) = (row for row in settings.commands if row.entity == "programme")
    return Sample(
        community=str(settings.community),
        programme=str(announced.payload["programme"]),
        settings=settings.commands,
        partner_rows=people.commands + tuple(row for each in timetables for row in each.commands),
        members_rows=tuple(row for each in members for row in each.commands),
        act_two=read_import(folder / "act-two.yaml").commands,
        problems=tuple(problem for each in parts for problem in each.problems),
    )
