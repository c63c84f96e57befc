"""Lotteries that anybody can check.

Each programme has draws, one after another. Before a draw, the digest of its seed is published (the commitment);
nobody can choose the seed, because it follows from our key and the draw's number. With the draw the seed is published.
A person's ticket in a session is SHA-256 of ``seed/words/session/person``, in hexadecimal digits, where ``words`` are
the programme's ``lottery_seed`` or nothing; the lowest ticket is first.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from shared.contract.facts.seats import DrawRound, Draws, SeatPolicy, Waiting

_MOST_ROUNDS = 400


class Seeds:
    """Makes the seeds of draws from a secret of this installation."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seed(self, community: str, programme: str, number: int) -> str:
        """The seed of that draw, 64 hexadecimal digits; the same each time."""
        text = f"draw\x1f{community}\x1f{programme}\x1f{number}"
        return hmac.digest(self._secret, text.encode(), hashlib.sha256).hex()


def commitment(seed: str) -> str:
    """What is told of a seed before its draw."""
    return hashlib.sha256(seed.encode()).hexdigest()


def ticket(seed: str, policy: SeatPolicy, session: str, person: str) -> str:
    """What is drawn for a person in a session."""
    text = f"{seed}/{policy.lottery_seed or ''}/{session}/{person}"
    return hashlib.sha256(text.encode()).hexdigest()


def tickets(draws: Draws | None, policy: SeatPolicy, session: str) -> Callable[[Waiting], str | None]:
    """What was drawn for those who wait in a session; None for who is in a draw that has not been yet."""
    seeds = {each.number: each.seed for each in draws.rounds} if draws is not None else {}
    oldest = min(seeds, default=1)

    def of(waiting: Waiting) -> str | None:
        if waiting.round < oldest:
            # Drawn so long ago that the seed is not kept: before all others, by when they asked.
            return ""
        seed = seeds.get(waiting.round)
        return ticket(seed, policy, session, waiting.person) if seed is not None else None

    return of


def next_round(draws: Draws | None) -> int:
    """The number of the draw that who asks now is in."""
    if draws is None or not draws.rounds:
        return 1
    last = draws.rounds[-1]
    return last.number if last.seed is None else last.number + 1


def seed_of_release(draws: Draws | None, release: int) -> str | None:
    """The seed by which that release is seated; None: not drawn yet."""
    rounds = draws.rounds if draws is not None else ()
    return next((each.seed for each in rounds if each.release == release), None)


def committed(draws: Draws | None, programme: str, seeds: Seeds, community: str, now: datetime) -> Draws | None:
    """The draws with the commitment of the next one; None when it is there already."""
    known = draws if draws is not None else Draws(programme=programme)
    if known.rounds and known.rounds[-1].seed is None:
        return None
    if len(known.rounds) >= _MOST_ROUNDS:
        known = known.model_copy(update={"rounds": known.rounds[-_MOST_ROUNDS + 1 :]})
    number = next_round(known)
    told = commitment(seeds.seed(community, programme, number))
    return known.model_copy(
        update={"rounds": (*known.rounds, DrawRound(number=number, commitment=told, committed_at=now))}
    )


def drawn(draws: Draws, seeds: Seeds, community: str, now: datetime, *, release: int | None = None) -> Draws | None:
    """The draws with the last one's seed; None when it is not committed yet or drawn already."""
    if not draws.rounds or draws.rounds[-1].seed is not None:
        return None
    last = draws.rounds[-1]
    seed = seeds.seed(community, draws.programme, last.number)
    revealed = last.model_copy(update={"seed": seed, "revealed_at": now, "release": release})
    return draws.model_copy(update={"rounds": (*draws.rounds[:-1], revealed)})
