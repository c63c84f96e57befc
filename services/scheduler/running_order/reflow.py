"""Re-flow: a new running order for the rest of the evening, from what has ended and the time it is.

Who is in the order and has come keeps a place as long as there is time: breaks give first, then reserves, then whoever
has spoken already, and last of all the latest in the order. When time is gained, breaks get their minutes back, then
whoever was dropped comes back, and then reserves are called.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.scheduler.running_order.errors import RunningOrderError
from services.scheduler.running_order.evening import Evening, Talk
from services.scheduler.running_order.lineup import Item, LineUp
from services.scheduler.running_order.order import LeftOut, RunningOrder, Slot, Why
from services.scheduler.running_order.scoring import findings
from services.scheduler.running_order.telling import changes
from services.scheduler.running_order.timing import clock

MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Reflow:
    """The order as it now is, and a sentence for each change."""

    order: RunningOrder
    changes: tuple[str, ...]


def reflow(
    evening: Evening, order: RunningOrder, *, ended: int, now: datetime, no_shows: Collection[str] = ()
) -> Reflow:
    """The rest of the order, begun ``now`` (aware; rounded up to a whole minute) after the first ``ended`` slots.

    ``no_shows`` are talks that will not be given. What is on time and complete stays as it is. Raises
    ``RunningOrderError`` when order, slots, instant and talks do not go together.
    """
    now = _rounded_up(evening, now)
    _check(evening, order, ended, now, no_shows)
    past = _as_it_was(order.slots[:ended], now)
    ahead = order.slots[ended:]
    before = LineUp(evening, now, past)
    here = [_item(evening, slot) for slot in ahead]
    wanted = [item for item in here if item.id not in no_shows] + _dropped(evening, order)
    kept = before.fitting(wanted)
    if len(kept) == len(wanted) and not before.shortened(kept):
        kept = _with_reserves(before, order, kept, _place(here, kept, no_shows))
    new = _order(evening, order, (*past, *before.slots(kept)), no_shows)
    late = (now - due(evening, order, ended)) // MINUTE
    return Reflow(new, changes(evening, order, new, ended=ended, late=late, no_shows=no_shows))


def _rounded_up(evening: Evening, now: datetime) -> datetime:
    if now.tzinfo is None:
        raise RunningOrderError("now: must be an instant with an offset or zone")
    if not evening.start - A_DAY <= now <= evening.end + A_DAY:
        raise RunningOrderError("now: must be within a day of the evening")
    over = timedelta(seconds=now.second, microseconds=now.microsecond)
    return now + (MINUTE - over if over else timedelta())


def _check(evening: Evening, order: RunningOrder, ended: int, now: datetime, no_shows: Collection[str]) -> None:
    if order.evening_digest != evening.digest():
        raise RunningOrderError("evening_digest: the order was made for another evening; plan this one first")
    if not 0 <= ended <= len(order.slots):
        raise RunningOrderError(f"ended: must be from 0 to {len(order.slots)}, the talks and breaks of the order")
    if ended and now < order.slots[ended - 1].start:
        last = order.slots[ended - 1]
        raise RunningOrderError(
            f"now: {clock(evening, now)} is before {last.id} began; allowed: from {clock(evening, last.start)}"
        )
    coming = {slot.id for slot in order.slots[ended:] if slot.kind == "talk"}
    for name in no_shows:
        if name not in coming:
            allowed = ", ".join(sorted(coming)) or "none"
            raise RunningOrderError(f"no_shows: {name!r} is not a talk that is still to come; allowed: {allowed}")


def _as_it_was(slots: Sequence[Slot], now: datetime) -> tuple[Slot, ...]:
    """What has ended; the last of it took until now."""
    if not slots:
        return ()
    *firsts, last = slots
    took = min((now - last.start) // MINUTE, 1440)
    return (*firsts, last.model_copy(update={"minutes": took}))


def place_after(order: RunningOrder, name: str | None) -> int:
    """How many slots have ended when this talk or break has; none when no name is given."""
    names = [slot.id for slot in order.slots]
    if name is not None and name not in names:
        raise RunningOrderError(f"ended: {name!r} is not in the running order; allowed: {', '.join(names)}")
    return 0 if name is None else names.index(name) + 1


def due(evening: Evening, order: RunningOrder, ended: int) -> datetime:
    """When the first ``ended`` slots should have ended."""
    if ended:
        return order.slots[ended - 1].end
    return order.slots[0].start if order.slots else evening.start


def _item(evening: Evening, slot: Slot) -> Item:
    if slot.kind == "talk":
        return evening.talk(slot.id)
    return next(pause for pause in evening.breaks if pause.id == slot.id)


def _dropped(evening: Evening, order: RunningOrder) -> list[Item]:
    """Who had to give way earlier tonight, and comes back when there is time; with the breaks that fell away."""
    talks = [evening.talk(each.talk) for each in order.left_out if each.why is Why.OUT_OF_TIME]
    held = {slot.id for slot in order.slots if slot.kind == "break"}
    return [*(pause for pause in evening.breaks if pause.id not in held), *talks] if talks else []


def _with_reserves(before: LineUp, order: RunningOrder, kept: Sequence[Item], place: int) -> list[Item]:
    """Call reserves while they take no more than the time that was gained."""
    items = list(kept)
    until = order.slots[-1].end if order.slots else before.evening.end
    for name in order.standing_by:
        tried = [*items[:place], before.evening.talk(name), *items[place:]]
        if before.end(tried) <= until and not before.in_a_row(tried, place):
            items, place = tried, place + 1
    return items


def _place(here: Sequence[Item], items: Sequence[Item], no_shows: Collection[str]) -> int:
    """Reserves come in the place of the first no-show, else at once."""
    missing = next((number for number, item in enumerate(here) if item.id in no_shows), 0)
    return sum(item in items for item in here[:missing])


def _order(evening: Evening, order: RunningOrder, slots: tuple[Slot, ...], no_shows: Collection[str]) -> RunningOrder:
    spoken = {slot.id for slot in slots if slot.kind == "talk"}
    heard = {evening.talk(name).presenter for name in spoken}
    earlier = {each.talk: each for each in order.left_out}
    missing = [name for name in order.talks if name not in spoken]
    left_out = []
    for talk in evening.talks:
        if talk.id in spoken or (talk.reserve and talk.id not in no_shows and talk.id not in earlier):
            continue
        told = earlier.get(talk.id) or _newly_left_out(evening, talk, came=talk.id not in no_shows)
        owed = told.why is not Why.DID_NOT_COME and not talk.reserve and talk.presenter not in heard
        left_out.append(told.model_copy(update={"first_next_time": owed}))
    reserves = [name for name in missing if evening.talk(name).reserve and name not in no_shows]
    standing_by = (*reserves, *(name for name in order.standing_by if name not in spoken))
    found = findings(evening, slots)
    return RunningOrder.model_validate(
        dict(order)
        | {
            "slots": slots,
            "left_out": tuple(left_out),
            "standing_by": standing_by,
            "findings": found,
            "cost": sum(each.cost for each in found),
            "bound": None,
        }
    )


def _newly_left_out(evening: Evening, talk: Talk, *, came: bool) -> LeftOut:
    if came:
        why, reason = Why.OUT_OF_TIME, f"There is no time left for it before {clock(evening, evening.end)}."
    else:
        why, reason = Why.DID_NOT_COME, f"{talk.presenter} did not come."
    return LeftOut(talk=talk.id, presenter=talk.presenter, why=why, reason=reason, first_next_time=False)
