"""Pairs of submissions, and of tracks, that somebody wants or has to be at."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from bench.csplib.instance import Instance, Submission

Pairs = frozenset[tuple[int, int]]


def presenter_conflicts(instance: Instance) -> Pairs:
    """Pairs of submissions with a presenter in common, or of two tracks one of which the other's presenter chairs."""

    def conflict(one: Submission, other: Submission) -> bool:
        return _meet(one.presenters, other.presenters) or _chairs(instance, one.presenters, one, other)

    return _either_way(instance, conflict)


def attendee_conflicts(instance: Instance) -> Pairs:
    """Pairs of submissions that one person wants to attend, or one to attend and the other to present, or whose track
    (of two) to chair."""

    def conflict(one: Submission, other: Submission) -> bool:
        wanted = one.attendees
        return _meet(wanted, other.attendees + other.presenters) or _chairs(instance, wanted, one, other)

    return _either_way(instance, conflict)


def chair_conflicts(instance: Instance) -> Pairs:
    """Pairs of tracks with a chair in common."""
    return frozenset(
        (one, other)
        for one, other in combinations(range(len(instance.tracks)), 2)
        if _meet(instance.tracks[one].chairs, instance.tracks[other].chairs)
    )


def _either_way(instance: Instance, conflict: Callable[[Submission, Submission], bool]) -> Pairs:
    return frozenset(
        (one, other)
        for (one, first), (other, second) in combinations(enumerate(instance.submissions), 2)
        if conflict(first, second) or conflict(second, first)
    )


def _chairs(instance: Instance, people: tuple[str, ...], one: Submission, other: Submission) -> bool:
    """Whether one of the people, who have to do with the first submission, chairs the second one's track."""
    return one.track != other.track and _meet(people, instance.tracks[other.track].chairs)


def _meet(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return not set(some).isdisjoint(others)
