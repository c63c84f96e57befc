"""Ids in order, that come and go: what a reader in pages looks through."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from shared.bus.background import in_turns

Ids = tuple[str, ...]
_PLACED_IN_A_TURN = 2000
_SAMPLES_OF_A_PIECE = 16


class Ordered:
    """Each of the ids once, in pieces that are short enough for one to come or go at once."""

    def __init__(self, bounds: list[Ids], pieces: list[list[Ids]]) -> None:
        # A piece holds what is not below its bound; the first one has none.
        self._bounds = bounds
        self._pieces = pieces

    @classmethod
    async def of(cls, ids: Iterable[Ids], *, piece: int = 4000) -> Ordered:
        """These ids, put in order in turns with everything else in the process."""
        unordered = list(ids)
        samples = sorted(unordered[:: max(piece // _SAMPLES_OF_A_PIECE, 1)])
        bounds = samples[_SAMPLES_OF_A_PIECE::_SAMPLES_OF_A_PIECE]
        pieces: list[list[Ids]] = [[] for _ in range(len(bounds) + 1)]
        async for each in in_turns(unordered, every=_PLACED_IN_A_TURN):
            pieces[bisect_right(bounds, each)].append(each)
        async for found in in_turns(pieces):
            found.sort()
        return cls(bounds, pieces)

    def add(self, ids: Ids) -> None:
        piece = self._pieces[bisect_right(self._bounds, ids)]
        place = bisect_left(piece, ids)
        if piece[place : place + 1] != [ids]:
            piece.insert(place, ids)

    def remove(self, ids: Ids) -> None:
        """Without those ids, if they are there."""
        piece = self._pieces[bisect_right(self._bounds, ids)]
        place = bisect_left(piece, ids)
        if piece[place : place + 1] == [ids]:
            del piece[place]

    def some(self, first: Ids, most: int) -> list[Ids]:
        """So many of them at most, from ``first`` on."""
        found: list[Ids] = []
        for piece in self._pieces[bisect_right(self._bounds, first) :]:
            start = bisect_left(piece, first)
            found += piece[start : start + most - len(found)]
            if len(found) == most:
                break
        return found
