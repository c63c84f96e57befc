"""Checking a command: the same decision by the same code, and nothing is written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import BaseModel

from shared.contract.authority import Actor, ActorKind
from shared.contract.commands.checking import Checked, Effect
from shared.contract.results import Accepted, Rejection, RejectionCode

if TYPE_CHECKING:
    from shared.bus.facts import Facts
    from shared.bus.store import Write

# Nothing in one command writes more often; what does would go on until it sees its own writes.
_MOST_APPENDS = 64


@dataclass
class _Rehearsal:
    writes: list[Write] = field(default_factory=list)
    appends: int = 0


_current: ContextVar[_Rehearsal | None] = ContextVar("rehearsal", default=None)


def is_rehearsed(writes: Sequence[Write]) -> bool:
    """Whether these writes are only noted, because the command behind them is only checked."""
    rehearsal = _current.get()
    if rehearsal is None:
        return False
    rehearsal.appends += 1
    if rehearsal.appends > _MOST_APPENDS:
        raise Rejection.of(
            RejectionCode.INVALID, "ce-dryrun", "cannot tell what this would do", "the command without it"
        )
    rehearsal.writes.extend(writes)
    return True


async def rehearse(work: Callable[[], Awaitable[BaseModel]], facts: Facts, actor: Actor) -> BaseModel:
    """The answer that a command would get. Raises the Rejection that it would get."""
    with _rehearsing() as rehearsal:
        reply = await work()
    if not isinstance(reply, Accepted):
        return reply
    about = [write for write in rehearsal.writes if "/".join(write.ref.ids) == reply.id] or rehearsal.writes
    if not may_know_effect(facts, actor, about):
        return Checked(id=reply.id)
    effect = effect_of(about)
    return Checked(id=reply.id, effect=effect, fields=_changed_fields(facts, about) if effect is Effect.CHANGED else ())


def effect_of(writes: Sequence[Write]) -> Effect:
    """What writes about one thing do to it."""
    if not writes:
        return Effect.UNCHANGED
    return Effect.NEW if writes[0].expected_seq == 0 else Effect.CHANGED


def may_know_effect(facts: Facts, actor: Actor, writes: Sequence[Write]) -> bool:
    """Whether the asker may know what was there before. A partner could learn a person's interests from it."""
    if actor.kind is ActorKind.PARTNER:
        stored = [facts.get(write.ref) for write in writes]
        return bool(stored) and all(
            each is not None and getattr(each.state, "origin", None) == actor.name for each in stored
        )
    return actor.kind in {ActorKind.ORGANISER, ActorKind.PERSON}


def _changed_fields(facts: Facts, writes: Sequence[Write]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for write in writes:
        stored = facts.get(write.ref)
        for name in type(write.state).model_fields:
            before = getattr(stored.state, name, None) if stored is not None else None
            if name != "applied" and getattr(write.state, name) != before:
                names[name] = None
    return tuple(names)


@contextmanager
def _rehearsing() -> Iterator[_Rehearsal]:
    rehearsal = _Rehearsal()
    token = _current.set(rehearsal)
    try:
        yield rehearsal
    finally:
        _current.reset(token)
