"""A weekly series of four dates, its releases, seats and answers, as the notifier's view has them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from notifier_samples import NOW, POLICY
from seated_release import START, View, proposal, seating

from services.notifier.delivery.life import decided
from services.notifier.delivery.outcome import Sent
from services.notifier.planning.message import MessageDue
from services.notifier.replies.answering import answered, shown
from services.notifier.replies.incoming import ItipAnswer, Letterhead, Reply
from services.notifier.replies.invited import Invited
from services.notifier.replies.recording import answer_writes
from services.notifier.replies.standing import after
from shared.contract.authority import ActorKind
from shared.contract.catalogue import REPLY
from shared.contract.commands.replies import AnswerInvitation, AnswerShown, AskAnswer
from shared.contract.facts.registrations import Seating
from shared.contract.facts.replies import Answered, PartStat
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


def replied(view: View, person: str, partstat: PartStat, recurrence: datetime | None = None, **other: Any) -> None:
    """Their calendar answers by mail: all of the series, or one date."""
    last = view.book.of("northgate")[(person, "knots")].last
    now = other.get("now", NOW + timedelta(minutes=5))
    sequence = other.get("sequence", last.sequence)
    invited = Invited.by(view.book.of("northgate")[(person, "knots")]).meant(recurrence)
    answer = ItipAnswer("knots@n", partstat=partstat, sequence=sequence, stamp=now, recurrence=recurrence)
    known = view.facts.state(REPLY, Answered, "northgate", person, invited.session)
    change = after(known, invited, Reply(Letterhead(date=None), (answer,)), answer, now)
    view.know(*(write.state for write in answer_writes(view.facts, "northgate", invited, change)))


def reply_of(view: View, person: str, session: str) -> Answered | None:
    return view.facts.state(REPLY, Answered, "northgate", person, session)


def by_link(view: View, session: str, partstat: str) -> list[Answered]:
    command = AnswerInvitation.model_validate(
        {"person": "p-001", "session": session, "partstat": partstat, "generation": 1}
    )
    writes = answered(view.facts, view.book, "northgate", command, ActorKind.PERSON, NOW + timedelta(minutes=5))
    states = [write.state for write in writes]
    view.know(*states)
    return [state for state in states if isinstance(state, Answered)]


def moved_once(view: View) -> None:
    """The second date goes to the next day, and everybody hears of that."""
    view.know(planned(2, part_2=DATES[1] + timedelta(days=1)), *seats(2, "p-001", "p-002"))
    go_out(view)


def shown_to(view: View, session: str, now: datetime = NOW) -> AnswerShown:
    view.transmit()
    return shown(view.facts, view.book, "northgate", AskAnswer(person="p-001", session=session, generation=1), now)
