"""CSPLib conferences as planning problems, and finished plans back in the library's own terms.

A session of the library is a timeslot with steps of a minute, a submission is a session that lasts as many minutes as
it needs slots: slots differ in length from session to session, and no term looks at how long they are. Timeslots
follow one another in the order of the sheet, because consecutive tracks and running orders go by that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from bench.csplib.instance import Instance, Submission, Term
from bench.csplib.names import position, room_id, session_id, timeslot_id, track_id
from bench.csplib.objective import zone_penalty
from bench.csplib.policy import policy
from bench.csplib.schedule import Placement
from services.scheduler.entities import Person, Room, Session, Timeslot, Track, Wish
from services.scheduler.problem import Problem
from shared.contract.facts import scheduler as facts

_FIRST = datetime(2027, 1, 4, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def problem(instance: Instance) -> Problem:
    """The conference as a planning problem whose objective is the published one, below zero."""
    people = _people(instance)
    return Problem(
        programme="csplib",
        zone="UTC",
        first_day=_FIRST.date(),
        last_day=_last_day(instance),
        policy=policy(instance),
        rooms=tuple(Room(id=room_id(room), capacity=1) for room in range(len(instance.rooms))),
        timeslots=tuple(_timeslot(instance, number) for number in range(len(instance.sessions))),
        tracks=tuple(_track(instance, number, people) for number in range(len(instance.tracks))),
        sessions=tuple(_session(instance, number, people) for number in range(len(instance.submissions))),
        people=tuple(Person(id=person) for person in people.values()),
        wishes=tuple(
            Wish(person=people[name], proposal=session_id(number), level="interested")
            for number, submission in enumerate(instance.submissions)
            for name in submission.attendees
        ),
    )


def schedule(instance: Instance, placements: Iterable[facts.Placement]) -> list[Placement]:
    """A plan of the problem as a schedule: each slot that a submission occupies."""
    found = []
    for placement in placements:
        submission = instance.submissions[position(placement.session)]
        session, first = _slot_at(instance, placement.start)
        found += [
            Placement(
                submission.reference, instance.sessions[session].name, instance.rooms[position(placement.room)], slot
            )
            for slot in range(first, first + submission.slots)
        ]
    return found


def _people(instance: Instance) -> dict[str, str]:
    """The id of everybody who is named anywhere."""
    chairs = (name for track in instance.tracks for name in track.chairs)
    others = (name for one in instance.submissions for name in (*one.presenters, *one.attendees))
    return {name: f"p-{number:05}" for number, name in enumerate(dict.fromkeys([*chairs, *others]))}


def _start(instance: Instance, session: int) -> datetime:
    """A free minute lies between any two sessions."""
    return _FIRST + _MINUTE * sum(before.slots + 1 for before in instance.sessions[:session])


def _last_day(instance: Instance) -> date:
    return _start(instance, len(instance.sessions)).date()


def _slot_at(instance: Instance, start: datetime) -> tuple[int, int]:
    """The session that is on then, and its slot, counted from 1."""
    session = max(number for number in range(len(instance.sessions)) if _start(instance, number) <= start)
    return session, (start - _start(instance, session)) // _MINUTE + 1


def _timeslot(instance: Instance, session: int) -> Timeslot:
    start = _start(instance, session)
    return Timeslot(
        id=timeslot_id(session),
        start=start,
        end=start + _MINUTE * instance.sessions[session].slots,
        step_minutes=1,
        room_costs={room_id(room): cost for room, cost in enumerate(instance.session_room[session]) if cost},
    )


def _track(instance: Instance, number: int, people: dict[str, str]) -> Track:
    return Track(
        id=track_id(number),
        chairs=tuple(people[name] for name in instance.tracks[number].chairs),
        similarity={track_id(other): cost for other, cost in enumerate(instance.similar_tracks[number]) if cost},
        timeslot_costs={timeslot_id(one): cost for one, cost in enumerate(instance.track_session[number]) if cost},
        room_costs={room_id(room): cost for room, cost in enumerate(instance.track_room[number]) if cost},
    )


def _session(instance: Instance, number: int, people: dict[str, str]) -> Session:
    submission = instance.submissions[number]
    timeslot_costs = (_timeslot_cost(instance, number, one) for one in range(len(instance.sessions)))
    return Session(
        id=session_id(number),
        proposal=session_id(number),
        format="talk",
        minutes=submission.slots,
        presenters=tuple(people[name] for name in submission.presenters),
        track=track_id(submission.track),
        position=submission.order or None,
        timeslot_costs={timeslot_id(one): cost for one, cost in enumerate(timeslot_costs) if cost},
        room_costs=_room_costs(instance, submission),
    )


def _timeslot_cost(instance: Instance, number: int, session: int) -> int:
    """What each slot of a submission costs in a session: its own penalty and that of its time zone."""
    own = instance.submissions[number].session_penalties[session]
    zone = zone_penalty(instance, number, session)
    return _weight(instance, Term.SUBMISSION_SESSION) * own + _weight(instance, Term.TIME_ZONES) * zone


def _room_costs(instance: Instance, submission: Submission) -> dict[str, int]:
    weight = _weight(instance, Term.SUBMISSION_ROOM)
    return {room_id(room): weight * cost for room, cost in enumerate(submission.room_penalties) if weight * cost}


def _weight(instance: Instance, term: Term) -> int:
    return max(0, instance.weights[term])
