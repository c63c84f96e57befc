"""Who fits when the order is drawn: down the list, each speaks who fits with all that were taken before.

That rule needs no search and no weights, so anybody can go through it by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from services.scheduler.running_order.errors import RunningOrderError
from services.scheduler.running_order.evening import Evening, Talk
from services.scheduler.running_order.timing import clock, spoken

NEVER = 10**6


def queue(evening: Evening, drawn: Sequence[str]) -> tuple[Talk, ...]:
    """The talks in the order of the draw, but for pinned ones and reserves.

    First what was left out last time, then one talk of everybody, then second talks, and so on; each time in drawn
    order. A presenter's own talks stand in the order of the evening's file; a pinned one counts as the first.
    """
    rank = {presenter: number for number, presenter in enumerate(drawn)}
    rounds: dict[str, int] = {}
    keyed = []
    for talk in sorted(evening.ordinary, key=lambda talk: (not talk.pinned, not talk.carried_over)):
        turn = rounds[talk.presenter] = rounds.get(talk.presenter, 0) + 1
        if not talk.pinned:
            keyed.append((0 if talk.carried_over else turn, rank[talk.presenter], talk))
    return tuple(talk for _, _, talk in sorted(keyed, key=lambda each: each[:2]))


def standing_by(evening: Evening, drawn: Sequence[str] | None = None) -> tuple[str, ...]:
    """The reserve talks in the order in which they are called: as drawn, else as in the evening's file.

    Presenters with no other talk come first.
    """
    speaking = {talk.presenter for talk in evening.ordinary}
    rank = {presenter: number for number, presenter in enumerate(drawn or ())}
    reserves = [talk for talk in evening.talks if talk.reserve]
    reserves.sort(key=lambda talk: (talk.presenter in speaking, rank.get(talk.presenter, 0)))
    return tuple(talk.id for talk in reserves)


def fit(evening: Evening, waiting: Sequence[Talk]) -> tuple[tuple[Talk, ...], dict[str, str]]:
    """The talks that speak, in order, and a sentence for each that does not.

    Pinned talks are taken first. Raises ``RunningOrderError`` when they do not fit by themselves.
    """
    taken: list[Talk] = []
    reasons: dict[str, str] = {}
    if not _fits(evening, arranged(evening, taken)):
        raise RunningOrderError(PINS_DO_NOT_FIT)
    for talk in waiting:
        if _fits(evening, arranged(evening, [*taken, talk])):
            taken.append(talk)
        else:
            reasons[talk.id] = _reason(evening, arranged(evening, [*taken, talk]), talk)
    return arranged(evening, taken), reasons


PINS_DO_NOT_FIT = (
    "talks.pinned: the pinned talks do not fit together with the breaks, or put one presenter's talks back to back; "
    "unpin one of them, or let the evening end later"
)


def arranged(evening: Evening, talks: Sequence[Talk]) -> tuple[Talk, ...]:
    """The talks in their order, with the pinned ones in their positions, or as late as there are talks."""
    pinned = sorted((talk for talk in evening.ordinary if talk.pinned), key=lambda talk: talk.pinned or 0)
    total = len(talks) + len(pinned)
    due = {min(talk.pinned or 0, total - later): talk for later, talk in enumerate(reversed(pinned))}
    others = iter(talks)
    return tuple(due[position] if position in due else next(others) for position in range(1, total + 1))


def _fits(evening: Evening, talks: Sequence[Talk]) -> bool:
    return earliest_end(evening, talks) <= evening.minutes


def _reason(evening: Evening, talks: Sequence[Talk], talk: Talk) -> str:
    whole = earliest_end(evening, talks, latest=False, pauses=False)
    if whole > evening.minutes:
        end = evening.start + timedelta(minutes=whole)
        return (
            f"With {talk.id} ({spoken(talk.minutes)}) after those drawn before, the evening would end at "
            f"{clock(evening, end)}, {spoken(whole - evening.minutes)} too late."
        )
    if earliest_end(evening, talks, pauses=False) > evening.minutes:
        return f"With {talk.id} after those drawn before, a break would begin after its latest start."
    return f"{talk.presenter} would speak twice in a row, and no break fits between."


def earliest_end(evening: Evening, talks: Sequence[Talk], *, latest: bool = True, pauses: bool = True) -> int:
    """Minutes from the start to the end of all talks and breaks, when breaks lie as well as can be.

    ``NEVER`` when no way to lay the breaks holds what must hold: that they begin by their latest start (``latest``),
    and that nobody speaks twice in a row (``pauses``).
    """
    entered = _onwards(evening, [0] + [NEVER] * len(evening.breaks), latest=latest)
    inside = [NEVER] * len(entered)
    for number, talk in enumerate(talks):
        before = talks[number - 1] if number else None
        back_to_back = pauses and before is not None and before.presenter == talk.presenter
        changeover = NEVER if back_to_back else evening.changeover_before(talk)
        inside = [min(at + changeover, into) + talk.minutes for at, into in zip(inside, entered, strict=True)]
        entered = _onwards(evening, [NEVER] * len(entered), inside, latest=latest)
    return min(inside[-1], entered[-1])


def _onwards(evening: Evening, entered: list[int], inside: Sequence[int] = (), *, latest: bool) -> list[int]:
    """The earliest minute at which each part can be entered, from the ends of what is in the parts before."""
    entered = list(entered)
    for part, pause in enumerate(evening.breaks):
        at = min(entered[part], inside[part] if inside else NEVER)
        in_time = not (latest and pause.latest) or at <= evening.minutes_until(pause.latest)
        if in_time:
            entered[part + 1] = min(entered[part + 1], at + pause.minutes)
    return entered
