"""Conferences of Timefold's format, solved by our own engine in its own problem form."""

from __future__ import annotations

from pathlib import Path

import pytest
from conference_samples import NONE, conference, room, speaker, tags, talk, timeslot

from bench.conference_scheduling.adapter import Answer, solved
from bench.conference_scheduling.instance import Conference, Place, TagWishes, Weight
from bench.conference_scheduling.problem import Translation
from bench.conference_scheduling.reading import read
from bench.peers.errors import FormatError
from services.scheduler.rules.base import Level
from shared.contract.facts.scheduler import Limits

SMALL = Path(__file__).parents[3] / "bench/data/conference-scheduling/18talks-6timeslots-5rooms.json"
HOURS = (
    timeslot("mon9", 4, "09:00", "10:00"),
    timeslot("mon10", 4, "10:20", "11:20"),
    timeslot("thu9", 7, "09:00", "10:00"),
)
TWO_ROOMS = (room("small", 30), room("large", 90))


def hours(*talks: object, **given: object) -> Conference:
    """Three timeslots of an hour, two on one day, in two rooms."""
    return conference(*talks, **({"timeslots": HOURS, "rooms": TWO_ROOMS} | given))  # type: ignore[arg-type]


def solve(given: Conference) -> Answer:
    answer = solved(given, Limits(deterministic=2.0))
    assert answer.score.invalid == ()
    assert answer.score.hard == 0
    assert answer.objective == answer.score.soft, "our figure is not the source's"
    return answer


def test_popular_talks_get_the_large_room() -> None:
    answer = solve(hours(talk("a", favorites=5), talk("b", favorites=9), timeslots=HOURS[:1]))
    assert answer.places["b"].room == "large"
    assert answer.bound == answer.objective == 0


def test_what_cannot_be_had_costs_as_much_as_in_the_source() -> None:
    late = tags("late")
    slots = tuple(timeslot(one.id, one.start.day, one.start.strftime("%H:%M"), one.end.strftime("%H:%M"), tags=late)
                  for one in HOURS)  # fmt: skip
    wishing = speaker("ann", timeslot=TagWishes(undesired=late), room=TagWishes(preferred=tags("stage")))
    keen = TagWishes(preferred=tags("early"))
    answer = solve(hours(talk("a", "ann", timeslot=keen), speakers=(wishing,), timeslots=slots))
    assert answer.score.soft == -3 * 20 * 60


@pytest.mark.parametrize(
    "talks",
    [
        (talk("a", themes=tags("x", "y")), talk("b", themes=tags("x", "y")), talk("c", themes=tags("x"))),
        (talk("a", content=tags("x"), audience_level=3), talk("b", content=tags("x")), talk("c", content=tags("x"))),
        (talk("a", audience_types=tags("m")), talk("b", audience_types=tags("m")), talk("c", language="cy")),
        (talk("a", "ann"), talk("b", "ann", "bo"), talk("c", "bo", prerequisites=tags("a"))),
        (talk("a", "ann"), talk("b", "ann"), talk("c", "ann"), talk("d", crowd_risk=1), talk("e", crowd_risk=2)),
        (talk("a", mutually_exclusive=tags("x")), talk("b", mutually_exclusive=tags("x")), talk("c", sectors=NONE)),
    ],
)
def test_our_figure_is_the_sources(talks: tuple) -> None:
    solve(hours(*talks))


def test_pinned_talks_stay() -> None:
    place = Place("thu9", "small")
    answer = solve(hours(talk("a", favorites=9, pinned=True, place=place), talk("b")))
    assert answer.places["a"] == place


def test_a_speaker_who_cannot_come_in_a_timeslot_may_come_in_one_that_overlaps_it() -> None:
    overlapping = (timeslot("mon9", 4, "09:00", "10:00"), timeslot("mon930", 4, "09:30", "10:30"))
    away = speaker("ann", unavailable=tags("mon9"))
    answer = solve(hours(talk("a", "ann"), speakers=(away,), timeslots=overlapping))
    assert answer.places["a"].timeslot == "mon930"


def test_weights_of_the_file_are_honoured() -> None:
    alike = (talk("a", themes=tags("x")), talk("b", themes=tags("x")))
    one_slot = (HOURS[0],)
    heavy = solve(hours(*alike, timeslots=one_slot, weights={"Theme track conflict": Weight(soft=7)}))
    assert heavy.score.soft == -7 * 60 - 10 * 120
    off = {"Theme track conflict": Weight(), "Theme track room stability": Weight()}
    assert solve(hours(*alike, timeslots=one_slot, weights=off)).score.soft == 0


def test_a_constraint_that_is_made_hard_must_hold() -> None:
    alike = (talk("a", themes=tags("x")), talk("b", themes=tags("x")))
    made_hard = {"Theme track conflict": Weight(hard=1), "Language diversity": Weight(soft=10_000)}
    answer = solve(hours(*alike, weights=made_hard))
    assert answer.places["a"].timeslot != answer.places["b"].timeslot


def test_a_hard_constraint_that_is_made_soft_is_weighed() -> None:
    both = (talk("a", "ann"), talk("b", "ann"))
    soft = {"Speaker conflict": Weight(soft=3), "Consecutive talks pause": Weight(soft=2)}
    answer = solve(hours(*both, timeslots=(HOURS[0],), weights=soft))
    assert answer.score.soft == -3 * 60 - 2 * 120


def test_crowds_that_are_weighed_count_minutes() -> None:
    risky = tuple(talk(name, crowd_risk=1) for name in "abc")
    rooms = (*TWO_ROOMS, room("third", 30))
    answer = solve(hours(*risky, timeslots=(HOURS[0],), rooms=rooms, weights={"Crowd control": Weight(soft=2)}))
    assert answer.score.soft == -3 * 60 * 2


def test_talks_of_one_type_need_one_length() -> None:
    with pytest.raises(FormatError, match="allowed: one length"):
        Translation.of(conference(talk("a"))).problem()


def test_names_that_look_alike_stay_apart() -> None:
    given = hours(talk("a", themes=tags("C++")), talk("b", themes=tags("C#")))
    themes = {session.id: session.themes for session in Translation.of(given).problem().sessions}
    assert themes["a"] != themes["b"]


def test_a_weight_below_nothing_is_refused() -> None:
    with pytest.raises(FormatError, match="'Content conflict' is below nothing"):
        Translation.of(hours(talk("a"), weights={"Content conflict": Weight(soft=-1)})).problem()


def test_every_hard_constraint_of_the_source_must_hold() -> None:
    rules = Translation.of(read(SMALL)).problem().policy.rules
    must = {rule.source.partition(": ")[2] for rule in rules if rule.level is Level.MUST}
    assert {"Speaker conflict", "Talk prerequisite talks", "Crowd control", "Consecutive talks pause"} <= must


def test_the_small_instance_is_solved_the_same_way_twice() -> None:
    given = read(SMALL)
    first, second = (solved(given, Limits(deterministic=2.0, seed=4)) for _ in range(2))
    assert first.places == second.places
    assert first.score.hard == 0
    assert first.score.invalid == ()
    assert first.objective == first.score.soft <= first.bound
