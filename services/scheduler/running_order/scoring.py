"""The scorer: what a finished order costs, worked out from its slots. It shares only ``weights`` with the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from services.scheduler.running_order.evening import Evening, Talk
from services.scheduler.running_order.order import Finding, Rule, Slot, parts_of
from services.scheduler.running_order.timing import spoken
from services.scheduler.running_order.weights import (
    FIRST_TIMER_ENDS_EVENING,
    FIRST_TIMER_ENDS_PART,
    LOAD,
    LOAD_TOLERANCE,
    SAME_LENGTH,
    SAME_TOPIC,
    LeftOutWeights,
)


def findings(evening: Evening, slots: Sequence[Slot]) -> tuple[Finding, ...]:
    """Where the order does not do what a weighed rule asks for, each with its cost in person-minutes."""
    parts = [[evening.talk(name) for name in part] for part in parts_of(slots)]
    return (
        *_unplaced(evening, {talk.id for part in parts for talk in part}),
        *_topics(evening, parts),
        *_lengths(evening, parts),
        *_first_timers(evening, parts),
        *_balance(evening, parts),
    )


def _unplaced(evening: Evening, placed: set[str]) -> Iterator[Finding]:
    weights = LeftOutWeights.of(evening)
    heard = {evening.talk(name).presenter for name in placed}
    for talk in evening.ordinary:
        if talk.id in placed:
            continue
        cost = weights.talk
        if talk.presenter not in heard:
            cost += weights.presenter
            heard.add(talk.presenter)
        if talk.carried_over:
            cost += weights.carried_over
        yield _finding(evening, Rule.UNPLACED_TALK, [talk], cost, f"{talk.id} by {talk.presenter} is left out.")


def _topics(evening: Evening, parts: list[list[Talk]]) -> Iterator[Finding]:
    for part in parts:
        for one, other in pairwise(part):
            shared = sorted(set(one.tags) & set(other.tags))
            if shared:
                sentence = f"{other.id} follows {one.id}, and both are about {', '.join(shared)}."
                yield _finding(evening, Rule.TOPIC_VARIETY, [one, other], SAME_TOPIC, sentence)


def _lengths(evening: Evening, parts: list[list[Talk]]) -> Iterator[Finding]:
    for part in parts:
        for one, other in pairwise(part):
            if one.minutes == other.minutes:
                sentence = f"{one.id} and then {other.id} both take {spoken(one.minutes)}."
                yield _finding(evening, Rule.ALTERNATE_LENGTHS, [one, other], SAME_LENGTH, sentence)


def _first_timers(evening: Evening, parts: list[list[Talk]]) -> Iterator[Finding]:
    lasts = [(number, part[-1]) for number, part in enumerate(parts, 1) if part]
    for number, talk in lasts:
        if not talk.first_timer:
            continue
        if (number, talk) == lasts[-1]:
            sentence, cost = f"{talk.presenter} speaks for the first time and is last.", FIRST_TIMER_ENDS_EVENING
        else:
            sentence = f"{talk.presenter} speaks for the first time and is last of part {number}."
            cost = FIRST_TIMER_ENDS_PART
        yield _finding(evening, Rule.FIRST_TIMER_NOT_LAST, [talk], cost, sentence)


def _balance(evening: Evening, parts: list[list[Talk]]) -> Iterator[Finding]:
    loads = [
        sum(talk.minutes for talk in part) + sum(evening.changeover_before(talk) for talk in part[1:]) for part in parts
    ]
    beyond = max(loads) - min(loads) - LOAD_TOLERANCE
    if beyond > 0:
        sentence = f"The longest part takes {spoken(max(loads))}, the shortest {min(loads)}."
        yield _finding(evening, Rule.LOAD_BALANCE, [], LOAD * beyond, sentence)


def _finding(evening: Evening, rule: Rule, talks: Sequence[Talk], minutes: int, sentence: str) -> Finding:
    names = tuple(talk.id for talk in talks)
    return Finding(rule=rule, talks=names, cost=minutes * evening.people, sentence=sentence)
