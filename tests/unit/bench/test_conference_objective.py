from __future__ import annotations

from dataclasses import replace

import pytest
from conference_samples import at, conference, room, speaker, tags, talk, timeslot

from bench.conference_scheduling.constraints import CONSTRAINTS
from bench.conference_scheduling.instance import Conference, Place, TagWishes, Weight
from bench.conference_scheduling.objective import score


def shares(given: Conference, *places: str) -> dict[str, tuple[int, int]]:
    """What each constraint that counts adds, as (hard, soft)."""
    result = score(given, at(*places))
    assert result.invalid == ()
    found = {name: (share.hard, share.soft) for name, share in result.constraints.items() if share.hard or share.soft}
    assert (result.hard, result.soft) == tuple(sum(share[level] for share in found.values()) for level in (0, 1))
    return found


A, B = talk("a"), talk("b")
ANN_A, ANN_B = talk("a", "ann"), talk("b", "ann")
APART = ("a mon9 small", "b mon14 small")
PARALLEL = ("a mon9 small", "b mon9 third")
HALF_AN_HOUR = ("a mon9 small", "b mon930 third")
OTHER_DAY = ("a mon9 small", "b tue9 small")


def test_a_plan_with_nothing_amiss_scores_nothing() -> None:
    assert shares(conference(ANN_A, B), *APART) == {}


def test_a_room_has_to_be_available_in_the_timeslot() -> None:
    given = conference(A, rooms=(room("small", 30, unavailable=tags("mon9")),))

    assert shares(given, "a mon9 small") == {"Room unavailable timeslot": (-6_000_000, 0)}
    assert shares(given, "a mon930 small") == {}


def test_talks_that_overlap_in_a_room_cost_the_minutes_they_share() -> None:
    given = conference(A, B)

    assert shares(given, "a mon9 small", "b mon930 small") == {"Room conflict": (-30_000, 0)}
    assert shares(given, *HALF_AN_HOUR) == {}


def test_a_speaker_has_to_be_available_in_the_timeslot_itself() -> None:
    given = conference(ANN_A, speakers=(speaker("ann", unavailable=tags("mon9")),))

    assert shares(given, "a mon9 small") == {"Speaker unavailable timeslot": (-6_000, 0)}
    assert shares(given, "a mon930 small") == {}


def test_talks_of_a_speaker_that_overlap_are_a_conflict_and_too_close() -> None:
    given = conference(ANN_A, ANN_B)

    assert shares(given, *HALF_AN_HOUR) == {"Speaker conflict": (-300, 0), "Consecutive talks pause": (-180, 0)}
    assert shares(given, *APART) == {}


def test_each_common_speaker_is_a_conflict_and_the_pair_is_too_close_once() -> None:
    given = conference(talk("a", "ann", "bob"), talk("b", "bob", "ann"))

    assert shares(given, *PARALLEL) == {"Speaker conflict": (-1_200, 0), "Consecutive talks pause": (-120, 0)}


def test_a_speaker_has_to_have_a_pause_on_a_day() -> None:
    given = conference(ANN_A, ANN_B)

    assert shares(given, "a mon9 small", "b mon10 small") == {"Consecutive talks pause": (-120, 0)}
    assert shares(replace(given, pause=10), "a mon9 small", "b mon10 small") == {}
    assert shares(conference(A, ANN_B), "a mon9 small", "b mon10 small") == {}


def test_a_prerequisite_has_to_be_over_before_the_talk_starts() -> None:
    given = conference(A, talk("b", prerequisites=tags("a")))

    assert shares(given, *HALF_AN_HOUR) == {"Talk prerequisite talks": (-1_800, 0)}
    assert shares(given, "a tue9 small", "b mon9 small") == {"Talk prerequisite talks": (-1_200, 0)}
    assert shares(given, *APART) == {}


def test_mutually_exclusive_talks_must_not_overlap() -> None:
    exclusive = tags("x", "y")
    given = conference(talk("a", mutually_exclusive=exclusive), talk("b", mutually_exclusive=exclusive))

    assert shares(given, *HALF_AN_HOUR) == {"Talk mutually-exclusive-talks tags": (-60, 0)}
    assert shares(given, *APART) == {}


def test_talks_that_draw_a_crowd_come_alone_or_in_twos() -> None:
    given = conference(*(talk(name, crowd_risk=1) for name in "abc"), talk("d"))

    three = shares(given, "a mon9 small", "b mon9 large", "c mon9 third", "d mon14 small")
    two_and_one = shares(given, "a mon9 small", "b mon9 large", "c mon14 third", "d mon9 third")

    assert three == {"Crowd control": (-180, 0)}
    assert two_and_one == {}


@pytest.mark.parametrize("who", ["Talk", "Speaker"])
@pytest.mark.parametrize("about", ["timeslot", "room"])
@pytest.mark.parametrize(
    ("kind", "breached_by_tag"), [("required", 0), ("preferred", 0), ("prohibited", 1), ("undesired", 1)]
)
def test_wishes_of_talks_and_speakers_about_tags(who: str, about: str, kind: str, breached_by_tag: int) -> None:
    wish = {about: TagWishes(**{kind: tags("quiet", "loud")})}
    given = conference(
        talk("a", "ann", **(wish if who == "Talk" else {})),
        speakers=(speaker("ann", **(wish if who == "Speaker" else {})),),
        timeslots=(
            timeslot("plain", 4, "09:00", "10:00"),
            timeslot("tagged", 4, "11:00", "12:00", tags=tags("quiet", "loud")),
        ),
        rooms=(room("plain", 30), room("tagged", 30, tags=tags("quiet", "loud"))),
    )
    places = ["a plain plain", "a tagged plain" if about == "timeslot" else "a plain tagged"]
    share = (-120, 0) if kind in {"required", "prohibited"} else (0, -2_400)

    assert shares(given, places[breached_by_tag]) == {f"{who} {kind} {about} tags": share}
    assert shares(given, places[1 - breached_by_tag]) == {}


def test_what_two_speakers_of_a_talk_miss_counts_for_each() -> None:
    wish = TagWishes(preferred=tags("quiet"))
    given = conference(talk("a", "ann", "bob"), speakers=(speaker("ann", room=wish), speaker("bob", room=wish)))

    assert shares(given, "a mon9 small") == {"Speaker preferred room tags": (0, -2_400)}


def test_talks_with_a_theme_in_common_are_best_not_parallel_nor_in_other_rooms_nor_on_other_days() -> None:
    themes = tags("maths", "arts")
    given = conference(talk("a", themes=themes), talk("b", themes=themes | tags("music")))

    assert shares(given, *HALF_AN_HOUR) == {
        "Theme track conflict": (0, -600),
        "Theme track room stability": (0, -3_600),
    }
    assert shares(given, *OTHER_DAY) == {"Same day talks 'Theme track'": (0, -2_400)}
    assert shares(given, *APART) == {}


def test_talks_with_content_in_common_are_best_not_parallel_nor_on_other_days() -> None:
    given = conference(talk("a", content=tags("x")), talk("b", content=tags("x")))

    assert shares(given, *HALF_AN_HOUR) == {"Content conflict": (0, -3_000)}
    assert shares(given, *OTHER_DAY) == {"Same day talks 'Content'": (0, -1_200)}
    assert shares(given, "a mon9 small", "b mon14 third") == {}


def test_talks_of_a_sector_are_best_not_parallel() -> None:
    given = conference(talk("a", sectors=tags("x")), talk("b", sectors=tags("x")))

    assert shares(given, *HALF_AN_HOUR) == {"Sector conflict": (0, -300)}
    assert shares(given, *APART) == {}


def test_common_audience_types_in_a_timeslot_are_rewarded_and_with_a_common_theme_punished() -> None:
    types = {"audience_types": tags("heads", "clerks")}
    given = conference(talk("a", **types), talk("b", **types))
    with_theme = conference(talk("a", themes=tags("x"), **types), talk("b", themes=tags("x"), **types))

    assert shares(given, *PARALLEL) == {"Audience type diversity": (0, 120)}
    assert shares(given, *HALF_AN_HOUR) == {}
    assert shares(with_theme, *HALF_AN_HOUR)["Audience type theme track conflict"] == (0, -60)
    assert "Audience type theme track conflict" not in shares(with_theme, *APART)


def test_different_levels_in_a_timeslot_are_rewarded() -> None:
    given = conference(A, talk("b", audience_level=2))

    assert shares(given, *PARALLEL) == {"Audience level diversity": (0, 60)}
    assert shares(given, *HALF_AN_HOUR) == {}
    assert shares(conference(A, B), *PARALLEL) == {}


def test_different_languages_in_a_timeslot_are_rewarded() -> None:
    given = conference(A, talk("b", language="cy"))

    assert shares(given, *PARALLEL) == {"Language diversity": (0, 600)}
    assert shares(given, *HALF_AN_HOUR) == {}
    assert shares(conference(A, B), *PARALLEL) == {}


def test_the_easier_of_two_talks_on_a_subject_comes_first() -> None:
    given = conference(talk("a", content=tags("x")), talk("b", content=tags("x"), audience_level=2))

    assert shares(given, "a mon14 small", "b mon9 small") == {"Content audience level flow violation": (0, -1_200)}
    assert shares(given, *APART) == {}


def test_the_more_popular_of_two_talks_has_the_larger_room_at_whatever_time() -> None:
    given = conference(talk("a", favorites=5), talk("b", favorites=9))

    assert shares(given, "a mon9 large", "b tue9 small") == {"Popular talks": (0, -1_200)}
    assert shares(given, "a mon9 small", "b tue9 large") == {}
    assert shares(given, *APART) == {}


def test_a_speaker_is_needed_on_two_days_at_most() -> None:
    given = conference(ANN_A, ANN_B)

    assert shares(given, "a mon9 small", "b fri9 small") == {"Speaker makespan": (0, -28_800)}
    assert shares(given, *OTHER_DAY) == {}


def test_a_file_may_set_a_weight_and_its_level_or_switch_a_constraint_off() -> None:
    given = conference(talk("a", sectors=tags("x")), talk("b", sectors=tags("x")))

    moved = replace(given, weights={"Sector conflict": Weight(hard=2)})
    off = replace(given, weights={"Sector conflict": Weight()})

    assert shares(moved, *HALF_AN_HOUR) == {"Sector conflict": (-60, 0)}
    assert shares(off, *HALF_AN_HOUR) == {}


def test_a_weight_set_for_talks_on_the_same_day_is_for_themes_and_content_alike() -> None:
    given = conference(
        talk("a", themes=tags("x")), talk("b", themes=tags("x")), weights={"Same day talks": Weight(soft=1)}
    )

    assert shares(given, *OTHER_DAY) == {"Same day talks 'Theme track'": (0, -120)}


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        (("b mon930 third",), "A is not placed"),
        (("a mon9 small", "b mon9 third"), "B is in mon9, which is not for talks of type lab"),
        (("a mon9 small", "b mon930 small"), "B is in small, which is not for talks of type lab"),
        (("a mon14 small", "b mon930 third"), "A is not where it is pinned"),
        (("a mon9 small", "b mon930 third", "c mon14 small"), "c is no talk of the conference"),
    ],
)
def test_what_the_peers_solver_could_not_answer_is_named(places: tuple[str, ...], sentence: str) -> None:
    given = conference(talk("a", pinned=True, place=Place("mon9", "small")), talk("b", type="lab"))

    assert score(given, at(*places)).invalid == (sentence,)


def test_every_constraint_has_a_name_of_its_own() -> None:
    assert len({constraint.name for constraint in CONSTRAINTS}) == len(CONSTRAINTS) == 37
