"""Facts of a small community with releases, as the scheduler's view holds them."""

from __future__ import annotations

from typing import Any

from export_samples import at

from shared.bus.facts import Facts
from shared.contract.catalogue import FACTS
from shared.contract.facts.registrations import Community, Programme, Proposal, ProposalStatus, Room
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.message import Fact
from shared.contract.subjects import FactSubject

NORTHGATE = "northgate"
SPRING = "spring-2027"


def placed(session: str, day: int, hour: int, minute: int = 0, *, room: str = "library", **other: Any) -> Placement:
    """A session of an hour in January 2027, UTC."""
    fields: dict[str, Any] = {"proposal": session.split("-part-", maxsplit=1)[0], "minutes": 60}
    return Placement(session=session, room=room, start=at(day, hour, minute), **fields | other)


def release(number: int, *placements: Placement, **other: Any) -> Release:
    fields = {"programme": SPRING, "number": number, "request": f"r-{number}", "placements": placements}
    return Release.model_validate(Release.example | fields | other)


def proposal(id: str, *presenters: str, **other: Any) -> Proposal:
    fields: dict[str, Any] = {"programme": SPRING, "title": id.replace("-", " ").capitalize(), "format": "workshop"}
    fields |= {"proposal": id, "minutes": 60, "presenters": presenters or ("p-009",), "status": ProposalStatus.ACCEPTED}
    return Proposal.model_validate(fields | other)


LIBRARY = Room(room="library", name="Library", site="Hillside School", capacity=24, join_url="https://meet.example/1")
HALL = Room(room="hall", name="Hall", site="Hillside School", capacity=80)
COMMUNITY = Community.model_validate(Community.example)
PROGRAMME = Programme.model_validate(Programme.example)
KNOWN: tuple[Fact, ...] = (
    *(COMMUNITY, PROGRAMME, LIBRARY, HALL),
    proposal("retrieval-practice", "p-001", "p-002"),
    proposal("enquiry", parts=2),
)


def known(*states: Fact) -> Facts:
    """The last facts, in the order in which they came."""
    facts = Facts()
    for seq, state in enumerate(states, start=1):
        kind = next(each for each in FACTS if each.model is type(state))
        ref = kind.ref(NORTHGATE, *(str(getattr(state, name)) for name in kind.ids))
        facts.apply(FactSubject(ref, kind.whats[0]), state, seq)
    return facts
