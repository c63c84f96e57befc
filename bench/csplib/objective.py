"""What a schedule costs by the objective that CSPLib publishes, and what is wrong with it.

Written from the terms as the library's evaluator defines them (`Solver/Solution.py` and `Solver/Problem.py` of
github.com/ahmedkheiri/CSPLib, read on 2026-11-22), independent of our model and rules. On purpose it differs from that
evaluator in two ways. A cell is of the track whose submissions are in it, so that no empty cell can be named to close
a gap in a track's sessions. And slot 11 of session 1 is not mistaken for slot 1 of session 11.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from itertools import combinations

from bench.csplib.board import Board, place, violations
from bench.csplib.conflicts import Pairs, chair_conflicts
from bench.csplib.instance import Instance, Term
from bench.csplib.schedule import Placement

_DAY = 24 * 60


@dataclass(frozen=True)
class Score:
    """`terms` are unweighted, `weighted` is the published objective; they mean something where nothing is violated."""

    terms: Mapping[Term, int]
    weighted: int
    violations: tuple[str, ...]


def score(instance: Instance, placements: Iterable[Placement]) -> Score:
    """A placement that names what the instance does not have is a violation and costs nothing."""
    board, impossible = place(instance, placements)
    terms = {term: measure(board) for term, measure in _MEASURES.items()}
    weighted = sum(max(0, instance.weights[term]) * amount for term, amount in terms.items())
    return Score(terms, weighted, (*impossible, *violations(board)))


def _track_session(board: Board) -> int:
    return sum(board.instance.track_session[track][session] for session, _, track in board.cells)


def _track_room(board: Board) -> int:
    return sum(board.instance.track_room[track][room] for _, room, track in board.cells)


def _session_room(board: Board) -> int:
    return sum(board.instance.session_room[session][room] for session, room, _ in board.cells)


def _similar_tracks(board: Board) -> int:
    return sum(board.instance.similar_tracks[one][other] for one, other in board.parallel_tracks)


def _rooms_per_track(board: Board) -> int:
    """Rooms beyond the first that a track uses."""
    rooms = Counter(track for track, _ in {(track, room) for _, room, track in board.cells})
    return sum(count - 1 for count in rooms.values())


def _parallel_tracks(board: Board) -> int:
    """Cells beyond the first that a track has in a session."""
    cells = Counter((session, track) for session, _, track in board.cells)
    return sum(count - 1 for count in cells.values())


def _consecutive_tracks(board: Board) -> int:
    """Tracks that pause for a session; the end of a day is no pause."""
    sessions: dict[int, set[int]] = defaultdict(set)
    for session, _, track in board.cells:
        sessions[track].add(session)
    return sum(max(used) - min(used) >= len(used) for used in sessions.values())


def _time_zones(board: Board) -> int:
    return sum(zone_penalty(board.instance, slot.submission, slot.session) for slot in board.slots)


def zone_penalty(instance: Instance, submission: int, session: int) -> int:
    """What each slot of the submission costs in the session. Clock times compare without their dates."""
    rules = instance.zones
    shift = instance.submissions[submission].zone - rules.local
    start = (_minutes(instance.sessions[session].start) + shift) % _DAY
    end = (_minutes(instance.sessions[session].end) + shift) % _DAY
    earliest, latest = _minutes(rules.less_suitable.start), _minutes(rules.less_suitable.end)
    if start < earliest or end < earliest or end > latest:
        return rules.unsuitable_penalty
    if start < _minutes(rules.suitable.start) or end > _minutes(rules.suitable.end):
        return rules.less_suitable_penalty
    return 0


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _order(board: Board) -> int:
    """Submissions that do not have the place they want in the running order of their track."""
    running: dict[int, list[int]] = defaultdict(list)
    for slot in board.slots:
        track = running[board.track(slot)]
        if slot.submission not in track:
            track.append(slot.submission)
    wanted = [board.instance.submissions[position].order for track in running.values() for position in track]
    had = [place for track in running.values() for place, _ in enumerate(track, 1)]
    return sum(order not in {0, place} for order, place in zip(wanted, had, strict=True))


def _submission_session(board: Board) -> int:
    return sum(board.instance.submissions[slot.submission].session_penalties[slot.session] for slot in board.slots)


def _submission_room(board: Board) -> int:
    return sum(board.instance.submissions[slot.submission].room_penalties[slot.room] for slot in board.slots)


def _presenter_conflicts(board: Board) -> int:
    return _in_other_rooms(board, board.presenter_pairs)


def _attendee_conflicts(board: Board) -> int:
    return _in_other_rooms(board, board.attendee_pairs)


def _chair_conflicts(board: Board) -> int:
    conflicts = chair_conflicts(board.instance)
    return sum(pair in conflicts for pair in board.parallel_tracks)


def _presenter_conflicts_in_slot(board: Board) -> int:
    return _in_one_slot(board, board.presenter_pairs)


def _attendee_conflicts_in_slot(board: Board) -> int:
    return _in_one_slot(board, board.attendee_pairs)


def _in_other_rooms(board: Board, conflicts: Pairs) -> int:
    """Pairs in one session but different rooms, once however long they are."""
    sessions: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for slot in board.slots:
        sessions[slot.session].add((slot.submission, slot.room))
    pairs = (pair for stays in sessions.values() for pair in combinations(sorted(stays), 2))
    return sum((one, other) in conflicts and here != there for (one, here), (other, there) in pairs)


def _in_one_slot(board: Board, conflicts: Pairs) -> int:
    """Pairs in one slot of a session, once for each slot."""
    slots: dict[tuple[int, int], set[int]] = defaultdict(set)
    for slot in board.slots:
        slots[slot.session, slot.number].add(slot.submission)
    return sum(pair in conflicts for here in slots.values() for pair in combinations(sorted(here), 2))


_MEASURES: dict[Term, Callable[[Board], int]] = {
    Term.TRACK_SESSION: _track_session,
    Term.TRACK_ROOM: _track_room,
    Term.SESSION_ROOM: _session_room,
    Term.SIMILAR_TRACKS: _similar_tracks,
    Term.ROOMS_PER_TRACK: _rooms_per_track,
    Term.PARALLEL_TRACKS: _parallel_tracks,
    Term.CONSECUTIVE_TRACKS: _consecutive_tracks,
    Term.TIME_ZONES: _time_zones,
    Term.ORDER: _order,
    Term.SUBMISSION_SESSION: _submission_session,
    Term.SUBMISSION_ROOM: _submission_room,
    Term.PRESENTER_CONFLICTS: _presenter_conflicts,
    Term.ATTENDEE_CONFLICTS: _attendee_conflicts,
    Term.CHAIR_CONFLICTS: _chair_conflicts,
    Term.PRESENTER_CONFLICTS_IN_SLOT: _presenter_conflicts_in_slot,
    Term.ATTENDEE_CONFLICTS_IN_SLOT: _attendee_conflicts_in_slot,
}
