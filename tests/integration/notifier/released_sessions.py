"""A community with released sessions and seats, as facts, and the mails that came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.bus.streams import stream_of
from shared.contract.catalogue import INVITE
from shared.contract.commands.notifier import AskLink, Delivery, Link
from shared.contract.facts.notifier import Invite
from shared.contract.facts.registrations import Community, Contact, Place, Proposal, Seating
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from teachmeet.organiser import Organiser
from tests.faults.evidence import Sent, transmissions
from tests.processes import eventually
from tests.written_facts import history, publish

START = datetime(2027, 1, 12, 15, 30, tzinfo=UTC)
PROGRAMME = "spring-2027"

Seats = dict[str, tuple[str, ...]]
"""People by session."""


@dataclass
class Sessions:
    """One community's sessions: released by the test, mailed about by the notifier."""

    facts_bus: Bus
    cli_bus: Bus
    community: str
    mail: Path = Path()
    release: int = 0
    _seen: set[str] = field(default_factory=set)

    async def established(self, *people: str) -> None:
        domain = f"{self.community}.example"
        named = {"community": self.community, "domain": domain, "mailbox": f"sessions@{domain}"}
        contacts = (
            Contact(person=person, name=person.title(), address=f"{person}@{domain}", zone="Europe/London")
            for person in people
        )
        await publish(
            self.facts_bus,
            Community.model_validate(Community.example | named),
            *contacts,
            community=self.community,
        )

    async def released(
        self, seats: Seats, *, hours: int = 0, off: tuple[str, ...] = (), at: datetime | None = None
    ) -> None:
        """The next release with its seats; sessions that are ``off`` have left the programme."""
        self.release += 1
        new = [name for name in seats if name not in self._seen]
        self._seen.update(new)
        seq = await publish(self.facts_bus, *(_proposal(name) for name in new), community=self.community) if new else 0
        placements = tuple(_placement(name, START + timedelta(hours=hours)) for name in seats)
        body = {"programme": PROGRAMME, "number": self.release, "placements": placements}
        # Seats first: a registrations service that is running would give its own to a release that has none.
        await self.seated(seats | dict.fromkeys(off, ()), seq, at)
        await publish(self.facts_bus, Release.model_validate(Release.example | body), community=self.community)

    async def seated(self, seats: Seats, seq: int = 0, at: datetime | None = None) -> None:
        """The seats of the present release, once more or for the first time."""
        place = Place(name="Library", site="Hillside School")
        seatings = (
            Seating(
                session=name,
                proposal=name,
                programme=PROGRAMME,
                release=self.release,
                people=people,
                place=place,
                input_seq=seq,
            )
            for name, people in seats.items()
        )
        await publish(self.facts_bus, *seatings, community=self.community, at=at)

    async def delivered(self) -> Delivery:
        """Wait until all about the present release is sent or given up."""
        return await Organiser(self.organiser()).delivered(PROGRAMME, self.release)

    def organiser(self) -> Requester:
        """Asks for the community, patiently: the service may just be starting."""
        return Requester(self.cli_bus, self.community, "organiser", patience=120.0)

    async def known(self, *people: str) -> None:
        """Wait until the notifier has read of these people."""

        async def are() -> bool:
            try:
                for person in people:
                    await self.organiser().ask(Service.NOTIFIER, AskLink(person=person), Link)
            except Rejection:
                return False
            return True

        await eventually(are)

    async def read_by(self, service: Service) -> None:
        """Wait until the broker has handed all facts of registrations to that service."""

        async def has_all() -> bool:
            followers = await self.facts_bus.js.consumers_info(stream_of(Service.REGISTRATIONS))
            own = [each for each in followers if each.name.startswith(f"{service}-")]
            return bool(own) and not any(each.num_pending for each in own)

        await eventually(has_all)

    def mails(self) -> dict[Sent, list[bytes]]:
        """What the community's people got."""
        return {
            sent: copies
            for sent, copies in transmissions(self.mail).items()
            if sent[3].endswith(f"@{self.community}.example")
        }

    def told(self) -> set[tuple[str, str, int]]:
        """Person, method and SEQUENCE of every mail; no mail came twice."""
        assert all(len(copies) == 1 for copies in self.mails().values())
        return {(recipient.split("@")[0], method, sequence) for _, method, sequence, recipient in self.mails()}

    async def got(self, number: int) -> bool:
        """Whether that many different mails have come."""
        return len(self.mails()) >= number

    async def begun(self) -> list[datetime]:
        """When the first attempt at each of the community's messages began, by the notifier's clock."""
        facts = await history(self.facts_bus, INVITE, Invite, community=self.community)
        return [state.claimed_at for what, state in facts if what == "claimed"]

    async def statuses(self) -> list[str]:
        """What happened to the community's messages, oldest first."""
        return [what for what, _ in await history(self.facts_bus, INVITE, Invite, community=self.community)]


def _proposal(name: str) -> Proposal:
    return Proposal.model_validate(Proposal.example | {"proposal": name, "title": name, "presenters": ["nobody"]})


def _placement(name: str, start: datetime) -> Placement:
    return Placement(session=name, proposal=name, room="library", start=start, minutes=60)
