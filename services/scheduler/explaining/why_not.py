"""Why a session has no place, or is not at a start and in a room: the rules, people, rooms and sessions in its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from services.scheduler.explaining.clauses import Teller
from services.scheduler.explaining.competing import Rivals
from services.scheduler.explaining.cores import minimal_cores
from services.scheduler.explaining.helping import Question, repairs_for
from services.scheduler.explaining.names import Names, listed
from services.scheduler.explaining.objections import against_all, against_alone, all_spots
from services.scheduler.explaining.rearranging import Rearranged, rearranged
from services.scheduler.explaining.relocating import single_relocations
from services.scheduler.explaining.situation import Situation
from shared.contract.commands.explaining import Conflict, Objection, Repair, Verdict

MOST_CONFLICTS = 4
AT_A_GLANCE = 2
HAS_A_PLACE = "has-a-place"
"""Stands for a session's wish for a place in a set of sessions that cannot all have one."""


@dataclass(frozen=True)
class WhyNot:
    """What stands in the way, and what would help. ``proven``: room can be made as told, or not at all."""

    verdict: Verdict
    sentence: str
    conflicts: tuple[Conflict, ...]
    repairs: tuple[Repair, ...]
    proven: bool


def why_not(
    situation: Situation,
    name: str,
    names: Names,
    *,
    start: datetime | None = None,
    room: str | None = None,
    seconds: float = 0.6,
) -> WhyNot:
    """Why a session is not at that start and in that room; without either, why it has no place at all.

    ``seconds`` bounds the search for an arrangement that moves several others. Raises ``UnknownSessionError``,
    ``UnknownRoomError``.
    """
    question = _question(situation, name, names, start, room)
    verdict = _verdict(question)
    relocations, others = [], Rearranged(proven=True)
    if verdict is Verdict.CROWDED and not _follows_nothing(question):
        relocations = list(single_relocations(situation, question.everything))
        if not relocations:
            others = rearranged(situation, name, question.everything.spots, seconds)
            relocations = [others.found] if others.found else []
    conflicts = tuple(_conflicts(question, verdict, others.rivals))
    nothing_to_mend = verdict is Verdict.POSSIBLE and start is not None
    return WhyNot(
        verdict=verdict,
        sentence=_sentence(question, verdict, conflicts, proven=others.proven),
        conflicts=conflicts,
        repairs=() if nothing_to_mend else repairs_for(question, relocations),
        proven=others.proven,
    )


def _follows_nothing(question: Question) -> bool:
    """Whether it needs another session that has no place: however others move, it has none either."""
    everywhere = np.asarray(question.everything.matrix.all(axis=1)).tolist()
    return any(
        all_over and not set(objection.sessions) <= question.situation.placed.keys()
        for objection, all_over in zip(question.everything.objections, everywhere, strict=True)
    )


def _question(situation: Situation, name: str, names: Names, start: datetime | None, room: str | None) -> Question:
    session, spots = situation.session(name), all_spots(situation.board)
    kept = np.ones(len(spots), dtype=np.bool_)
    if start is not None:
        kept &= situation.board.grid.starts[spots.at] == int(start.timestamp())
    if room is not None:
        kept &= spots.room == situation.room_number(room)
    asked = spots.only(kept)
    everything = against_all(situation, session, asked)
    return Question(
        teller=Teller(situation, names, everything),
        alone=against_alone(situation, session, asked),
        start=start,
        room=room,
    )


def _verdict(question: Question) -> Verdict:
    if _leaves_nothing(question.alone.matrix):
        return Verdict.IMPOSSIBLE
    return Verdict.CROWDED if _leaves_nothing(question.everything.matrix) else Verdict.POSSIBLE


def _leaves_nothing(matrix: NDArray[np.bool_]) -> bool:
    return bool(matrix.any(axis=0).all())


def _conflicts(question: Question, verdict: Verdict, rivals: Rivals | None) -> Iterator[Conflict]:
    """What no free choice of a start could help is told first; of one start, all that stands against it."""
    by_rules_alone = verdict is Verdict.IMPOSSIBLE and question.start is None
    against = question.alone if by_rules_alone else question.everything
    teller = Teller(question.situation, question.names, against)
    for core in minimal_cores(against, MOST_CONFLICTS):
        yield Conflict(
            members=core.members, sentence=_capital(teller, f"{_joined(list(teller.clauses(core.members)))}.")
        )
    if rivals is not None and len(rivals.sessions) > 1:
        yield _rivalry(question.names, rivals)


def _rivalry(names: Names, rivals: Rivals) -> Conflict:
    members = tuple(Objection(rule=HAS_A_PLACE, sessions=(one,)) for one in rivals.sessions)
    told = listed(map(names.session, rivals.sessions))
    return Conflict(members=members, sentence=f"However they are arranged, {told} cannot all have a place.")


def _joined(clauses: list[str]) -> str:
    """Clauses have commas of their own."""
    return " and ".join(clauses) if len(clauses) <= AT_A_GLANCE else f"{'; '.join(clauses[:-1])}; and {clauses[-1]}"


def _capital(teller: Teller, text: str) -> str:
    """A title or an id stays as it is written."""
    named = (*teller.against.session.presenters, *map(teller.names.room, teller.rooms))
    return text if text.startswith(named) else f"{text[:1].upper()}{text[1:]}"


def _sentence(question: Question, verdict: Verdict, conflicts: tuple[Conflict, ...], *, proven: bool) -> str:
    title = question.names.session(question.name)
    where = _where(question)
    if not len(question.everything.spots):
        return f"{title} cannot be {where}: {_starts(question)}."
    if verdict is Verdict.POSSIBLE:
        return f"Nothing stands against {title} {where or 'having a place'}."
    first, *more = [one.sentence for one in conflicts]
    cannot = f"{title} cannot be {where}" if where else f"{title} has no place"
    unknown = () if proven else ("Whether moving several others would make room was not found out in time.",)
    return " ".join([f"{cannot}: {first}", *(f"Also: {one}" for one in more), *unknown])


def _where(question: Question) -> str:
    parts = [f"on {question.names.when(question.start)}"] if question.start is not None else []
    return " ".join([*parts, *([f"in {question.names.room(question.room)}"] if question.room is not None else [])])


def _starts(question: Question) -> str:
    problem = question.situation.problem
    if not problem.rooms:
        return "the programme has no room"
    if problem.timeslots:
        return "no timeslot begins then"
    first, last = problem.first_day, problem.last_day
    return (
        f"sessions start every {problem.grid_minutes} minutes from {first.day} {first:%B %Y} "
        f"to {last.day} {last:%B %Y}, and that is none of the starts"
    )
