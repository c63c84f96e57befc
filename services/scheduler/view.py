"""What the scheduler knows of a community: the last fact of every entity that it follows."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.bus.facts import Facts
from shared.contract.catalogue import (
    AFFILIATION,
    AVAILABILITY,
    COMMUNITY,
    INTEREST,
    PIN,
    PROGRAMME,
    PROPOSAL,
    RELEASE,
    ROOM,
)
from shared.contract.facts.pins import Pin
from shared.contract.facts.registrations import (
    Affiliation,
    Availability,
    Community,
    Interest,
    Programme,
    Proposal,
    Room,
)
from shared.contract.facts.scheduler import Release


@dataclass(frozen=True)
class PlanningView:
    """The planning view of one community, filled by replay. Only the maps change, never what is in them."""

    community: Community | None = None
    programmes: dict[str, Programme] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    availability: dict[str, Availability] = field(default_factory=dict)
    """By person."""
    interests: dict[tuple[str, str], Interest] = field(default_factory=dict)
    """By person and proposal."""
    affiliations: dict[str, Affiliation] = field(default_factory=dict)
    """By person."""
    releases: dict[tuple[str, int], Release] = field(default_factory=dict)
    """By programme and number."""
    pins: dict[str, Pin] = field(default_factory=dict)
    """By session."""

    def last_release(self, programme: str) -> Release | None:
        """The release with the highest number, if there is one."""
        numbers = [number for name, number in self.releases if name == programme]
        return self.releases[programme, max(numbers)] if numbers else None


def view_of(facts: Facts, community: str, *, before: str | None = None) -> PlanningView:
    """The planning view of a community; with ``before``, as it was before the draft of that request was released."""
    releases = facts.states(RELEASE, Release, community).values()
    return PlanningView(
        community=facts.state(COMMUNITY, Community, community, community),
        programmes={ids[0]: state for ids, state in facts.states(PROGRAMME, Programme, community).items()},
        rooms={ids[0]: state for ids, state in facts.states(ROOM, Room, community).items()},
        proposals={ids[0]: state for ids, state in facts.states(PROPOSAL, Proposal, community).items()},
        availability={ids[0]: state for ids, state in facts.states(AVAILABILITY, Availability, community).items()},
        interests={(ids[0], ids[1]): state for ids, state in facts.states(INTEREST, Interest, community).items()},
        affiliations={ids[0]: state for ids, state in facts.states(AFFILIATION, Affiliation, community).items()},
        releases={(each.programme, each.number): each for each in releases if each.request != before},
        pins={ids[0]: state for ids, state in facts.states(PIN, Pin, community).items() if state.holds},
    )
