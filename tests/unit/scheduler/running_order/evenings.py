"""Evenings for the tests: made by hand, and seeded random ones."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from services.scheduler.running_order.evening import Break, Evening, Talk
from services.scheduler.running_order.order import Mode, RunningOrder
from services.scheduler.running_order.timing import slots_of

START = datetime(2027, 3, 4, 17, 30, tzinfo=UTC)
FORMATS = {2: "nano", 7: "micro", 15: "soapbox"}


def talk(id: str, minutes: int = 7, *, by: str = "", tags: str = "", **more: Any) -> Talk:
    return Talk(
        id=id,
        presenter=by or f"by-{id}",
        format=FORMATS.get(minutes, "other"),
        minutes=minutes,
        tags=tuple(tags.split()),
        **more,
    )


def pause(id: str = "apathy", minutes: int = 15, shortest: int = 5, **more: Any) -> Break:
    return Break(id=id, title=f"{id} break", minutes=minutes, shortest_minutes=shortest, **more)


def evening(talks: list[Talk], minutes: int = 60, breaks: tuple[Break, ...] = (), **more: Any) -> Evening:
    return Evening(
        programme="teachmeet",
        zone="Europe/London",
        start=START,
        end=START + timedelta(minutes=minutes),
        breaks=breaks,
        talks=tuple(talks),
        **more,
    )


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def standing(made: Evening, *parts: str, reserves: str = "") -> RunningOrder:
    """An order as it was planned, made by hand: the ids of each part in one text."""
    slots = slots_of(made, [part.split() for part in parts])
    return RunningOrder(
        programme=made.programme,
        zone=made.zone,
        evening_digest=made.digest(),
        mode=Mode.DRAWN,
        slots=slots,
        standing_by=tuple(reserves.split()),
        cost=0,
    )


def random_evening(seed: int, *, talks: int, breaks: int = 1, minutes: int | None = None, pins: bool = True) -> Evening:
    """Some presenters have two talks; a few talks are carried over, pinned, remote or in reserve."""
    dice = random.Random(seed)
    presenters = [f"p{dice.randrange(talks)}" for _ in range(talks)]
    owed: set[str] = set()
    made = []
    for number, presenter in enumerate(presenters):
        kind = dice.choice(["", "", "", "", "carried_over", "reserve"])
        if (kind == "carried_over" and presenter in owed) or number == 0:
            kind = ""
        owed |= {presenter} if kind == "carried_over" else set()
        made.append(
            talk(
                f"t{number}",
                dice.choice([2, 2, 7, 15]),
                by=presenter,
                tags=" ".join(dice.sample(["maths", "art", "talk"], dice.choice([0, 1, 1, 2]))),
                first_timer=dice.random() < 0.4,
                remote=dice.random() < 0.2,
                **({kind: True} if kind else {}),
            )
        )
    ordinary = [number for number, one in enumerate(made) if not one.reserve]
    if pins and ordinary and dice.random() < 0.4:
        chosen = dice.choice(ordinary)
        made[chosen] = made[chosen].model_copy(update={"pinned": dice.randint(1, len(ordinary))})
    pauses = tuple(pause(f"b{number}", dice.choice([10, 15]), 5) for number in range(breaks))
    length = minutes or sum(one.minutes + 1 for one in made) * dice.choice([6, 9, 12]) // 10
    if pauses and dice.random() < 0.3:
        pauses = (pauses[0].model_copy(update={"latest": at(length // 2)}), *pauses[1:])
    return evening(made, 16 + length + 15 * breaks, pauses, remote_changeover_minutes=dice.choice([None, 3]), people=20)
