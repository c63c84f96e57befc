"""Many questions about intervals at once: seconds since the epoch in arrays instead of instants one by one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from services.scheduler.entities import Person, Span
from shared.time.intervals import Interval, merged

Seconds = NDArray[np.int64]
Flags = NDArray[np.bool_]
Answers = NDArray[np.int8]

SCATTER = 2654435761


def scattered(starts: Seconds) -> Seconds:
    """A number for each start by which neighbours lie far apart (Knuth's multiplicative hash of the minute)."""
    return np.asarray((starts // 60 * SCATTER) % 2**32)


class Standing(IntEnum):
    """What a person's availability says of a session's time, the most cautious first."""

    NO = 0
    IF_NEED_BE = 1
    UNKNOWN = 2
    YES = 3


@dataclass(frozen=True)
class Timeline:
    """Ordered intervals that neither overlap nor touch."""

    begins: Seconds
    ends: Seconds

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> Timeline:
        joined = merged(intervals)
        begins = [math.floor(interval.start.timestamp()) for interval in joined]
        ends = [math.ceil(interval.end.timestamp()) for interval in joined]
        return cls(np.array(begins, dtype=np.int64), np.array(ends, dtype=np.int64))

    def overlaps(self, starts: Seconds, minutes: int) -> Flags:
        """For each start, whether a session of so many minutes shares an instant with an interval."""
        begun = np.searchsorted(self.begins, starts + 60 * minutes, side="left")
        over = np.searchsorted(self.ends, starts, side="right")
        return np.asarray(begun > over)

    def contains(self, starts: Seconds, minutes: int) -> Flags:
        """For each start, whether a session of so many minutes lies wholly within one interval."""
        if not len(self.begins):
            return np.zeros(len(starts), dtype=np.bool_)
        last_begun = np.searchsorted(self.begins, starts, side="right") - 1
        return np.asarray((last_begun >= 0) & (self.ends[last_begun] >= starts + 60 * minutes))

    def shared_minutes(self, starts: Seconds, minutes: int) -> Seconds:
        """For each start, how many minutes of a session lie inside the intervals; begun minutes count in full."""
        seconds = self._covered_until(starts + 60 * minutes) - self._covered_until(starts)
        return np.asarray(-(-seconds // 60))

    def _covered_until(self, instants: Seconds) -> Seconds:
        """The seconds inside the intervals before each instant."""
        if not len(self.begins):
            return np.zeros(len(instants), dtype=np.int64)
        whole = np.concatenate([[0], np.cumsum(self.ends - self.begins)])
        begun = np.searchsorted(self.begins, instants, side="right")
        last = np.maximum(begun - 1, 0)
        running = np.clip(instants - self.begins[last], 0, self.ends[last] - self.begins[last])
        return np.asarray(np.where(begun > 0, whole[last] + running, 0))


def spans_timeline(spans: Iterable[Span]) -> Timeline:
    return Timeline.of(span.interval() for span in spans)


@dataclass(frozen=True)
class Diary:
    """One person's availability. Where answers overlap, the most cautious holds; unknown is not busy."""

    no: Timeline
    if_need_be: Timeline
    yes: Timeline

    @classmethod
    def of(cls, person: Person) -> Diary:
        return cls(spans_timeline(person.no), spans_timeline(person.if_need_be), spans_timeline(person.yes))

    def standing(self, starts: Seconds, minutes: int) -> Answers:
        """For each start, the ``Standing`` of a session of so many minutes."""
        standing = np.full(len(starts), Standing.UNKNOWN, dtype=np.int8)
        standing[self.yes.contains(starts, minutes)] = Standing.YES
        standing[self.if_need_be.overlaps(starts, minutes)] = Standing.IF_NEED_BE
        standing[self.no.overlaps(starts, minutes)] = Standing.NO
        return standing
