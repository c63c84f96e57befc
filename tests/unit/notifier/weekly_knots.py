"""A weekly series of four dates, its releases and its seats, as the notifier's view has them."""

from __future__ import annotations

from datetime import datetime, timedelta

from notifier_samples import NOW, POLICY
from seated_release import START, View, proposal, seating

from services.notifier.delivery.life import decided
from services.notifier.delivery.outcome import Sent
from services.notifier.planning.messages_due import MessageDue
from shared.contract.facts.registrations import Seating
from shared.contract.facts.scheduler import Placement, Release

WEEK = timedelta(weeks=1)
KNOTS = tuple(f"knots-part-{number}" for number in range(1, 5))
DATES = tuple(START + number * WEEK for number in range(4))


def planned(number: int, **moved: datetime | None) -> Release:
    """A release of the four dates; ``part_2=...`` puts one elsewhere, None nowhere."""
    starts = {
        session: moved.get(session.removeprefix("knots-").replace("-", "_"), date) for session, date in each_date()
    }
    placements = tuple(
        Placement(session=session, proposal="knots", room="library", start=start, minutes=60)
        for session, start in starts.items()
        if start is not None
    )
    return Release.model_validate(Release.example | {"programme": "spring", "number": number, "placements": placements})


def each_date() -> list[tuple[str, datetime]]:
    return list(zip(KNOTS, DATES, strict=True))


def seats(number: int, *people: str, without: dict[str, tuple[str, ...]] | None = None) -> list[Seating]:
    """The seats of all dates; ``without`` are those who have none on a date."""
    missing = without or {}
    return [
        seating(
            number,
            *(each for each in people if each not in missing.get(session, ())),
            session=session,
            proposal="knots",
        )
        for session in KNOTS
    ]


def invited() -> View:
    """Two people were invited to the series."""
    view = View(proposal("knots", parts=4, weekly=True, presenters=["p-009"]), planned(1), *seats(1, "p-001", "p-002"))
    view.transmit()
    return view


def go_out(view: View) -> list[MessageDue]:
    """What is due now, one message of each person after the other, until nothing is."""
    gone = []
    while due := view.due():
        for message in due:
            view.know(decided(view.claim(message), Sent("250 OK"), NOW, POLICY))
        gone += due
    return gone
