"""Ids by position, so that they sort as the sheets are ordered: orders and running sequences depend on it."""

from __future__ import annotations


def timeslot_id(session: int) -> str:
    return f"t-{session:03}"


def room_id(room: int) -> str:
    return f"r-{room:03}"


def track_id(track: int) -> str:
    return f"track-{track:03}"


def session_id(submission: int) -> str:
    return f"s-{submission:05}"


def position(name: str) -> int:
    """The position that an id of any of these stands for."""
    return int(name.rpartition("-")[2])
