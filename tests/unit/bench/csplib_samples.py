"""A conference small enough to score in one's head: three sessions of three slots, three rooms, two tracks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from bench.csplib.instance import Hours, Instance, Session, Submission, Term, Track, ZoneRules
from bench.csplib.schedule import Placement

NOTHING = ((0, 0, 0), (0, 0, 0), (0, 0, 0))
SESSIONS = ("Mon1", "Mon2", "Tue1")
ROOMS = ("Hall", "Club", "Attic")


def submission(reference: str, track: int, **given: Any) -> Submission:
    plain = Submission(reference, track, 1, 0, 0, (), (), (0, 0, 0), (0, 0, 0))
    return replace(plain, **given)


def instance(*submissions: Submission, **given: Any) -> Instance:
    """Tracks `maths` and `arts`; every weight is 1."""
    plain = Instance(
        name="tiny",
        sessions=tuple(
            Session(name, 3, date(2027, 1, 4), start, end)
            for name, start, end in zip(
                SESSIONS, (time(10), time(14), time(10)), (time(11), time(15), time(11)), strict=True
            )
        ),
        rooms=ROOMS,
        tracks=(Track("maths", ()), Track("arts", ())),
        submissions=submissions,
        track_session=NOTHING,
        track_room=NOTHING,
        session_room=NOTHING,
        similar_tracks=NOTHING,
        weights=dict.fromkeys(Term, 1),
        zones=ZoneRules(0, Hours(time(9), time(18)), Hours(time(7), time(22)), 1, 10),
    )
    return replace(plain, **given)


def at(*places: str) -> list[Placement]:
    """`a Mon1 Hall 2` puts a into the second slot of Mon1 in the Hall."""
    split = (place.split() for place in places)
    return [Placement(reference, session, room, int(slot)) for reference, session, room, slot in split]


def counted(terms: Mapping[Term, int]) -> dict[Term, int]:
    return {term: amount for term, amount in terms.items() if amount}
