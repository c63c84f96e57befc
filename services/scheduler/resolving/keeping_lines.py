"""Weekly series that can stay: a date that is lost is left out rather than all others moved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from services.scheduler.choices import Choices
from services.scheduler.explaining.situation import Situation
from services.scheduler.lines import line_of
from services.scheduler.rules.weekly_series import keeps_room, parts_of


def with_lines_kept(situation: Situation, leaving: Collection[str]) -> Situation:
    """The same situation, where parts of a series that most of its placed parts can stay in have no place off its line.

    ``leaving`` are the sessions that cannot stay.
    """
    found = ((name, _on_line(situation, name, leaving)) for name in leaving)
    on_line = {name: choices for name, choices in found if choices is not None}
    if not on_line:
        return situation
    compiled = replace(situation.compiled, choices={**situation.compiled.choices, **on_line})
    return Situation(compiled, situation.placed)


def _on_line(situation: Situation, name: str, leaving: Collection[str]) -> Choices | None:
    """The choices of a part on the line of those that stay; None where it is bound to none."""
    session = situation.board.sessions[name]
    if session.weekly is None:
        return None
    parts = [one.id for one in parts_of(situation.problem.sessions, session.weekly.series)]
    placed = [one for one in parts if one in situation.placed]
    staying = {one: situation.placed[one] for one in placed if one not in leaving}
    line = line_of(situation.board, session, staying)
    if line is None or 2 * len(staying) <= len(placed):
        return None
    own = situation.compiled.choices[name]
    kept = line.starts(situation.board, session)[own.grid]
    return own.only(kept & (own.room == situation.room_number(line.room)) if keeps_room(session) else kept)
