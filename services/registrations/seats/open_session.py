"""One session whose seats people manage themselves: what a command about its seats looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.registrations.seating import came_back, circumstances, refilled
from services.registrations.seats.giving import Seats
from services.registrations.seats.inputs import SeatingInputs
from services.registrations.seats.known import newest_release, seating_inputs
from services.registrations.seats.passing import Circumstances
from shared.bus.facts import Facts
from shared.contract.catalogue import SEATING
from shared.contract.facts.registrations import Seating
from shared.contract.facts.scheduler import Placement
from shared.contract.results import Rejection, RejectionCode


@dataclass(frozen=True)
class OpenSession:
    """A released session, its seats, and all that they depend on."""

    inputs: SeatingInputs
    placement: Placement
    seating: Seating
    seats: Seats

    @property
    def circumstances(self) -> Circumstances:
        return circumstances(self.inputs, self.placement, self.seats)

    @property
    def presenters(self) -> tuple[str, ...]:
        return self.inputs.presenters(self.placement)

    def completed(self, seating: Seating) -> Seating:
        """What the seats become: one that came back and that nobody in line can have goes to who is interested."""
        if came_back(self.seating, seating):
            seating = refilled(self.inputs, self.placement, self.seats, seating)
        return seating.model_copy(update={"input_seq": self.seating.input_seq})


def open_session(facts: Facts, community: str, session: str, now: datetime) -> OpenSession:
    """The session as it stands. Raises Rejection when it has no seats to give now."""
    seating = facts.state(SEATING, Seating, community, session)
    if seating is None:
        raise Rejection.of(
            RejectionCode.UNKNOWN, "session", "names no released session here", "the id of a session of a release"
        )
    release = newest_release(facts, community, seating.programme)
    if release is None or release.number != seating.release:
        raise Rejection.of(
            RejectionCode.BUSY, "session", "is being seated anew after a release", "the same command, a little later"
        )
    inputs = seating_inputs(facts, community, release, now, only=[session])
    placement = next(iter(inputs.release.placements), None)
    if placement is None:
        raise Rejection.of(
            RejectionCode.CONFLICT, "session", "is in the programme no more", "a session of the newest release"
        )
    seats = Seats(inputs, {session: placement}, frozenset([session]))
    known = seating if seating.capacity or seating.drop_in else _with_capacity(seating, inputs, placement)
    seats.hold(session, known)
    return OpenSession(inputs, placement, known, seats)


def _with_capacity(seating: Seating, inputs: SeatingInputs, placement: Placement) -> Seating:
    """A seating of an older version does not say how many seats there are."""
    update = {"capacity": inputs.capacity(placement), "drop_in": inputs.is_drop_in(placement)}
    return seating.model_copy(update=update)
