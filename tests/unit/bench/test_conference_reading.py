from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.conference_scheduling import schedule
from bench.conference_scheduling.instance import Place, Weight
from bench.conference_scheduling.objective import score
from bench.conference_scheduling.reading import read
from bench.peers.errors import FormatError

DATA = Path(__file__).parents[3] / "bench/data/conference-scheduling"
SMALL = DATA / "18talks-6timeslots-5rooms.json"


@pytest.mark.parametrize(
    ("name", "talks", "speakers", "timeslots", "rooms"),
    [("18talks-6timeslots-5rooms", 18, 12, 6, 5), ("72talks-12timeslots-10rooms", 72, 48, 12, 10)],
)
def test_the_committed_instances_have_the_sizes_in_their_names(
    name: str, talks: int, speakers: int, timeslots: int, rooms: int
) -> None:
    found = read(DATA / f"{name}.json")

    assert (len(found.talks), len(found.speakers), len(found.timeslots), len(found.rooms)) == (
        talks,
        speakers,
        timeslots,
        rooms,
    )
    assert found.pause == 15
    assert sum(talk.pinned for talk in found.talks.values()) == 1


def test_what_is_written_out_at_its_first_use_is_found_from_everywhere() -> None:
    found = read(SMALL)
    pinned = next(talk for talk in found.talks.values() if talk.pinned)

    assert pinned.place == Place("Timeslot#1", "Room#0")
    assert found.timeslots["Timeslot#1"].minutes == 45
    assert found.rooms["Room#2"].tags == {"Recorded", "Large"}
    assert found.talk_types["TalkType#1"].timeslots == {"Timeslot#0", "Timeslot#3"}
    assert any(talk.prerequisites for talk in found.talks.values())


def changed(tmp_path: Path, **given: Any) -> Path:
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(json.loads(SMALL.read_text()) | given))
    return path


def test_weights_of_the_file_are_read(tmp_path: Path) -> None:
    path = changed(tmp_path, constraintWeightOverrides={"Room conflict": "0hard/-5soft"}, constraintProperties=None)

    assert read(path).weights == {"Room conflict": Weight(0, -5)}
    assert read(path).pause == 30


def test_moments_are_read_as_numbers_and_as_text(tmp_path: Path) -> None:
    text = SMALL.read_text()
    path = tmp_path / "text.json"
    path.write_text(text.replace("[ 2018, 10, 1, 10, 15 ]", '"2018-10-01T10:15:00"'))

    assert path.read_text() != text
    assert read(path).timeslots == read(SMALL).timeslots


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"constraintWeightOverrides": {"Room conflict": "much"}}, "'Room conflict' is not of the form 0hard/10soft"),
        (
            {"timeslotList": ["Timeslot#99"]},
            r"'timeslotList' is \['Timeslot#99'\] and not an object, or the @id of one",
        ),
        ({"talkList": 7}, "'talkList' is 7 and not a list"),
        ({"talkList": [{"@id": "Talk#0"}]}, "Talk#0 has no 'code'"),
        (
            {"roomList": [{"@id": "Room#9", "name": "x", "capacity": "many"}]},
            "Room#9: 'capacity' is 'many' and not a whole number",
        ),
        (
            {"timeslotList": [{"@id": "Slot", "startDateTime": "noon", "endDateTime": "noon"}]},
            "Slot: 'startDateTime' is 'noon' and not a local date and time",
        ),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, given: dict[str, Any], words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read(changed(tmp_path, **given))


@pytest.mark.parametrize("text", ["[]", "{", ""])
def test_another_file_is_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)

    with pytest.raises(FormatError, match=r"other\.json"):
        read(path)


@pytest.mark.parametrize("name", ["plan.csv", "plan.json"])
def test_a_plan_that_is_written_is_read_back_and_scores_the_same(tmp_path: Path, name: str) -> None:
    found = read(SMALL)
    types = {talk.id: found.talk_types[talk.type] for talk in found.talks.values()}
    plan = {talk: Place(min(kind.timeslots), min(kind.rooms)) for talk, kind in types.items()}

    schedule.write(SMALL, plan, tmp_path / name)

    assert schedule.read(tmp_path / name) == plan
    assert score(found, schedule.read(tmp_path / name)) == score(found, plan)


def test_a_plan_without_its_columns_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("talk,room\nTalk#1,Room#1\n")

    with pytest.raises(FormatError, match="talk, code, timeslot"):
        schedule.read(path)
