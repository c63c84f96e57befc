"""What a person may be shown of what is held on them: all that is theirs, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from shared.bus.entities import Stored
from shared.contract.commands.privacy import HeldFact

# Keys of our own book-keeping; secrets; and the bytes of mails, in which others may be named.
_NEVER_SHOWN = frozenset({"applied", "mail", "sealed", "link_generation", "address_digest"})
# What names somebody else: those who present the session, whom they would send instead.
_OTHERS = frozenset({"delegate"})
_NAMES = frozenset({"presenters"})
# A reply is at most 1 MB; one fact is at most 256 KiB.
_BYTES = 400_000

IsOther = Callable[[str], bool]


def held(stored: Stored, person: str, is_other: IsOther) -> HeldFact:
    """A fact as the person may see it; ``is_other`` tells whether a text is the id of somebody else."""
    state = stored.state.model_dump(mode="json", exclude_none=True)
    return HeldFact(
        entity=stored.ref.entity,
        ids=tuple(stored.ref.ids),
        what=stored.what,
        seq=stored.seq,
        at=stored.at,
        state=_shown(state, person, is_other),
    )


def some_of(facts: Iterable[HeldFact], after: int) -> tuple[tuple[HeldFact, ...], int | None]:
    """The facts behind that sequence, in order, as many as fit one answer; and where to go on, if there are more."""
    chosen: list[HeldFact] = []
    size = 0
    for fact in sorted((each for each in facts if each.seq > after), key=lambda each: each.seq):
        size += len(fact.model_dump_json())
        if chosen and size > _BYTES:
            return tuple(chosen), chosen[-1].seq
        chosen.append(fact)
    return tuple(chosen), None


def _shown(state: Any, person: str, is_other: IsOther) -> Any:
    match state:
        case dict():
            return {
                key: _shown(value, person, is_other)
                for key, value in state.items()
                if key not in _NEVER_SHOWN | _OTHERS and not _are_names(key, value, person, is_other)
            }
        case list():
            return [_shown(each, person, is_other) for each in state if not _is_others(each, person, is_other)]
    return state


def _are_names(key: str, value: Any, person: str, is_other: IsOther) -> bool:
    """Presenters are ids in a proposal, of which the person's own stays; in an invitation they are names."""
    if key not in _NAMES or not isinstance(value, list):
        return False
    return not any(each == person or is_other(str(each)) for each in value)


def _is_others(item: Any, person: str, is_other: IsOther) -> bool:
    whose = item.get("person") if isinstance(item, dict) else item
    return isinstance(whose, str) and whose != person and is_other(whose)
