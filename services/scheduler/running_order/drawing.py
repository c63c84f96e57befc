"""The provably fair draw: a commitment is published before, the seed after, and anybody can do the draw again.

Bytes are UTF-8 (ASCII suffices), ``\\n`` is the byte 0x0A, numbers are decimal:

- *entrants*: one line ``group presenter\\n`` each; groups in the order carried, open, reserve; in each, presenters in
  order of their bytes.
- *commitment*: SHA-256 of ``teachmeet-draw-1\\n``, the seed, ``\\n`` and the entrants; in lower-case hexadecimal.
- *stream*: block c (from 0) is HMAC-SHA-256 with the seed's text as key and ``commitment\\nword\\nc`` as message; its
  32 bytes are eight numbers of 32 bits, big-endian. ``below(n)`` takes the next number, and again while it is not less
  than the greatest multiple of n up to 2^32; its remainder by n is the result.
- *shuffle*: each group in turn by Fisher and Yates (Durstenfeld 1964): for i from the last index down to 1, swap i and
  ``below(i + 1)``. All groups take from one stream.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field

from services.scheduler.running_order.errors import RunningOrderError
from services.scheduler.running_order.evening import Evening
from shared.contract.values import Id, Value

CONTEXT = "teachmeet-draw-1"
_NUMBERS = 2**32


class Group(StrEnum):
    """Who is drawn with whom: groups come in this order, whatever is drawn within them."""

    CARRIED = "carried"
    OPEN = "open"
    RESERVE = "reserve"


class Entrant(Value):
    group: Group
    presenter: Id


def _each_once(presenters: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(presenters)) < len(presenters):
        raise ValueError("names somebody twice; nobody is drawn twice")
    return presenters


Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="64 of 0-9 and a-f: a SHA-256")]
Seed = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="64 of 0-9 and a-f: 256 random bits")]
Word = Annotated[str, Field(pattern=r"^[ -~]{0,200}$", description="up to 200 printable ASCII characters")]


class Commitment(Value):
    """What is published before the draw. It fixes the seed and the entrants, and tells nothing of the seed."""

    model_config = ConfigDict(title="Commitment")

    version: Literal[1] = 1
    programme: Id
    entrants: tuple[Entrant, ...]
    commitment: Digest


class Draw(Value):
    """What is published after the draw: the seed, what the room said, and who comes after whom."""

    model_config = ConfigDict(title="Draw")

    version: Literal[1] = 1
    programme: Id
    entrants: tuple[Entrant, ...]
    commitment: Digest
    seed: Seed
    word: Word = ""
    order: Annotated[tuple[Id, ...], AfterValidator(_each_once)] = Field(description="presenters as drawn")


def new_seed() -> str:
    """256 random bits from the operating system."""
    return secrets.token_hex(32)


def entrants_of(evening: Evening) -> tuple[Entrant, ...]:
    """Who is drawn, each presenter once, in canonical order. Who has only pinned talks is not drawn."""
    groups: dict[str, Group] = {}
    for talk in sorted(evening.talks, key=lambda talk: (not talk.carried_over, talk.reserve)):
        if not talk.pinned:
            group = Group.CARRIED if talk.carried_over else Group.RESERVE if talk.reserve else Group.OPEN
            groups.setdefault(talk.presenter, group)
    return tuple(
        Entrant(group=group, presenter=presenter)
        for group in Group
        for presenter in sorted(name for name, its_group in groups.items() if its_group is group)
    )


def check_entrants(evening: Evening, entrants: Sequence[Entrant]) -> None:
    """Raises ``RunningOrderError`` unless these are exactly the presenters to draw from, in their groups."""
    told = " ".join(differences(evening, entrants))
    if told:
        raise RunningOrderError(f"entrants: not those of the evening. {told} Draw anew from this evening")


def differences(evening: Evening, entrants: Sequence[Entrant]) -> Iterator[str]:
    """One sentence for each entrant who is there and should not be, or the other way round."""
    due = entrants_of(evening)
    for entrant in due:
        if entrant not in entrants:
            yield f"{entrant.presenter} ({entrant.group}) has a talk on the evening, but is not among the entrants."
    for entrant in entrants:
        if entrant not in due:
            yield f"{entrant.presenter} ({entrant.group}) is among the entrants, but not so on the evening."


def commitment_of(entrants: Sequence[Entrant], seed: str) -> str:
    """SHA-256 that fixes seed and entrants, in hexadecimal."""
    lines = "".join(f"{entrant.group} {entrant.presenter}\n" for entrant in entrants)
    return hashlib.sha256(f"{CONTEXT}\n{seed}\n{lines}".encode()).hexdigest()


def commit(evening: Evening, seed: str) -> Commitment:
    """What to publish before the draw."""
    entrants = entrants_of(evening)
    return Commitment(programme=evening.programme, entrants=entrants, commitment=commitment_of(entrants, seed))


def draw(evening: Evening, seed: str, word: str = "") -> Draw:
    """The draw. ``word`` is what the room says after the commitment is out, so that nobody could have tried seeds."""
    entrants = entrants_of(evening)
    commitment = commitment_of(entrants, seed)
    return Draw(
        programme=evening.programme,
        entrants=entrants,
        commitment=commitment,
        seed=seed,
        word=word,
        order=shuffled(entrants, seed=seed, commitment=commitment, word=word),
    )


def shuffled(entrants: Sequence[Entrant], *, seed: str, commitment: str, word: str) -> tuple[str, ...]:
    """The presenters in drawn order, group after group."""
    numbers = _stream(seed, commitment, word)
    order: list[str] = []
    for group in Group:
        names = [entrant.presenter for entrant in entrants if entrant.group is group]
        for i in range(len(names) - 1, 0, -1):
            j = _below(i + 1, numbers)
            names[i], names[j] = names[j], names[i]
        order += names
    return tuple(order)


def _stream(seed: str, commitment: str, word: str) -> Iterator[int]:
    counter = 0
    while True:
        block = hmac.digest(seed.encode(), f"{commitment}\n{word}\n{counter}".encode(), "sha256")
        for at in range(0, len(block), 4):
            yield int.from_bytes(block[at : at + 4], "big")
        counter += 1


def _below(n: int, numbers: Iterator[int]) -> int:
    """Uniform from 0 to n - 1: numbers that would favour the low remainders are passed over."""
    fair = _NUMBERS - _NUMBERS % n
    return next(number for number in numbers if number < fair) % n
