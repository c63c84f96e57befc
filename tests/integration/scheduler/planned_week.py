"""A week to plan, as facts: one that is solved at once, and one on which a solve goes on and on."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from shared.bus.connection import Bus
from shared.contract.catalogue import PLAN, RELEASE
from shared.contract.facts.registrations import (
    Affiliation,
    Availability,
    Community,
    Interest,
    Programme,
    Proposal,
    ProposalStatus,
    Room,
    StatedWindows,
)
from shared.contract.facts.scheduler import Limits, Plan, Release
from shared.contract.message import Fact
from shared.contract.values import Answer, DatedWindow, InterestLevel
from tests.written_facts import history, publish

MONDAY, FRIDAY = date(2027, 1, 11), date(2027, 1, 15)
WEEK = "week"
# One worker and CP-SAT's own clock: the same plan each time.
SOON = Limits(seconds=None, deterministic=0.05, workers=1)
LATE = Limits(seconds=None, deterministic=3600.0, workers=1)


@dataclass(frozen=True)
class Given:
    """The facts of one test's community."""

    bus: Bus
    community: str

    async def facts(self, *states: Fact) -> int:
        """Store facts of other services; the highest sequence."""
        return await publish(self.bus, *states, community=self.community)

    async def plans(self) -> list[str]:
        """What happened to the plan, oldest first."""
        return [what for what, _ in await history(self.bus, PLAN, Plan, community=self.community)]

    async def releases(self) -> list[Release]:
        return [state for _, state in await history(self.bus, RELEASE, Release, community=self.community)]


def programme(**other: Any) -> Programme:
    fields = {"programme": WEEK, "title": "A week", "zone": "Europe/London", "first_day": MONDAY, "last_day": FRIDAY}
    return Programme.model_validate(fields | {"grid_minutes": 60} | other)


def proposal(name: str, *presenters: str, **other: Any) -> Proposal:
    fields = {"programme": WEEK, "title": name, "format": "workshop", "minutes": 60}
    return Proposal.model_validate(
        fields | {"proposal": name, "presenters": presenters, "status": ProposalStatus.ACCEPTED} | other
    )


def busy(person: str, *hours: tuple[int, int, int]) -> Availability:
    """Somebody who cannot come at these times: day of January, from hour, to hour."""
    windows = tuple(
        DatedWindow(
            answer=Answer.NO,
            start=datetime(2027, 1, day, first, tzinfo=UTC),
            end=datetime(2027, 1, day, last, tzinfo=UTC),
        )
        for day, first, last in hours
    )
    return Availability(person=person, sources=(StatedWindows(source="self", windows=windows),))


def wish(person: str, session: str) -> Interest:
    return Interest(person=person, session=session, level=InterestLevel.COMING)


SMALL: tuple[Fact, ...] = (
    Community.model_validate(Community.example),
    programme(),
    Room(room="library", name="Library", site="Hillside School", capacity=10),
    proposal("drawing", "p-1"),
    proposal("reading", "p-2"),
    Affiliation(person="p-3", school="Hillside School"),
    wish("p-3", "drawing"),
    wish("p-3", "reading"),
    busy("p-1", (11, 0, 23)),
)


def crowded(seed: int = 1) -> tuple[Fact, ...]:
    """Many sessions in three rooms of one week, and people who want more of them than they can have."""
    dice = random.Random(seed)
    people = [f"p-{number:03}" for number in range(120)]
    sessions = [proposal(f"s-{number:02}", dice.choice(people)) for number in range(44)]
    rooms = [Room(room=f"r-{n}", name=f"Room {n}", site="Hillside School", capacity=20 + n) for n in range(3)]
    hours = [(day, hour, hour + 2) for day in range(11, 15) for hour in range(9, 17, 2)]
    return (
        Community.model_validate(Community.example),
        programme(grid_minutes=15),
        *rooms,
        *sessions,
        *(busy(person, *dice.sample(hours, 5)) for person in people),
        *(wish(person, each.proposal) for person in people for each in dice.sample(sessions, 4)),
    )
