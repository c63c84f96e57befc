"""A session whose one free seat two people want, the services that an answer goes through, and their answers."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass, field
from datetime import timedelta

from attendee import hand_over, reply, reply_to
from released_sessions import PROGRAMME, START, Sessions

from shared.bus.client import Requester
from shared.contract.catalogue import QUARANTINE, REPLY, SEATING
from shared.contract.facts.registrations import Interest, Proposal, Room, Seating
from shared.contract.facts.replies import Answered, Quarantined
from shared.contract.facts.scheduler import Placement, Release
from teachmeet.local.processes import Child
from tests.clock import STARTS_AT
from tests.processes import eventually
from tests.written_facts import history, publish

ANSWERED_AT = STARTS_AT - timedelta(hours=1)
"""Before the clock of the services starts: an answer from the future would count as of now."""


@dataclass(frozen=True)
class Services:
    """The two services that an answer goes through, and where it is handed over."""

    registrations: Child
    notifier: Child
    port: int


@dataclass
class Drawing:
    """A session with one presenter and room for two people; ben and cleo would like the one seat beside amara."""

    sessions: Sessions
    services: Services
    _answers: int = field(default=0)

    async def released(self, *others: str) -> None:
        """Released with one seat that ben and cleo want, or with seats for the ``others``."""
        await self.sessions.established("amara", "ben", "cleo", *others)
        community, bus = self.sessions.community, self.sessions.facts_bus
        room = Room.model_validate(Room.example | {"room": "library", "capacity": 1 + len(others) if others else 2})
        proposal = Proposal.model_validate(
            Proposal.example | {"proposal": "drawing", "title": "Drawing", "presenters": ["amara"]}
        )
        wishes = [
            Interest(person="ben", session="drawing", level="coming"),
            Interest(person="cleo", session="drawing", level="interested"),
        ]
        if others:
            wishes = [Interest(person=person, session="drawing", level="coming") for person in others]
        seq = await publish(bus, room, proposal, *wishes, community=community)
        placement = Placement(session="drawing", proposal="drawing", room="library", start=START, minutes=60)
        body = {"programme": PROGRAMME, "number": 1, "placements": (placement,), "input_seq": seq}
        await publish(bus, Release.model_validate(Release.example | body), community=community)

    async def mail_to(self, person: str, method: str = "REQUEST") -> bytes:
        """The first mail of that kind to that person."""

        own = f"{person}@{self.sessions.community}.example"

        async def came() -> bytes | None:
            return next((raw for stated, to, raw in self._invitations() if (stated, to) == (method, own)), None)

        return await eventually(came, within=120)

    def _invitations(self) -> list[tuple[str, str, bytes]]:
        """Method, recipient and bytes of every mail with a calendar object, oldest first."""
        found = []
        for file in sorted(self.sessions.mail.glob("*.eml")):
            raw = file.read_bytes()
            parsed = email.message_from_bytes(raw, policy=email.policy.default)
            methods = [part.get_param("method") for part in parsed.walk() if part.get_content_type() == "text/calendar"]
            found += [(str(method), parsed["To"].addresses[0].addr_spec, raw) for method in methods]
        return found

    async def answers(self, person: str, partstat: str, **changed: object) -> bytes:
        """That person's calendar answers; the mail that it sent."""
        self._answers += 1
        invited = await self.mail_to(person)
        stamp = ANSWERED_AT + timedelta(minutes=self._answers)
        mail = reply(invited, partstat, stamp, number=self._answers, **changed)  # type: ignore[arg-type]
        await hand_over(self.services.port, mail, reply_to(invited))
        return mail

    async def seated(self, *people: str) -> None:
        """Wait until exactly these have a seat."""

        async def are() -> bool:
            facts = await history(self.sessions.facts_bus, SEATING, Seating, community=self.sessions.community)
            return bool(facts) and facts[-1][1].people == tuple(sorted(people))

        await eventually(are, within=120)

    async def replies(self) -> list[tuple[str, Answered]]:
        return await history(self.sessions.facts_bus, REPLY, Answered, community=self.sessions.community)

    async def quarantined(self) -> list[Quarantined]:
        """What waits for a human, or was decided, oldest first."""
        facts = await history(self.sessions.facts_bus, QUARANTINE, Quarantined, community=self.sessions.community)
        return [state for _, state in facts]

    def organiser(self) -> Requester:
        return Requester(self.sessions.cli_bus, self.sessions.community, "organiser", patience=120.0)
