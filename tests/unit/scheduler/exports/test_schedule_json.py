"""schedule.json says the same as schedule.xml and keeps the rules of its format."""

from __future__ import annotations

import json
from dataclasses import replace

from export_samples import SPRING, edition
from schedule_rules import checked_json, checked_xml

from services.scheduler.exports.schedule_json import schedule_json
from services.scheduler.exports.schedule_xml import schedule_xml


def events(conference) -> list[dict]:
    return [event for day in conference["days"] for room in day["rooms"].values() for event in room]


def test_a_programme_keeps_the_rules() -> None:
    conference = checked_json(json.loads(schedule_json(SPRING)))
    assert [each["title"] for each in events(conference)] == ["Light lunch", "Retrieval practice", "Enquiry", "Enquiry"]
    assert [each["name"] for each in conference["rooms"]] == ["Hall, Eastgate College", "Library, Hillside School"]


def test_both_forms_say_the_same() -> None:
    linked = replace(SPRING, url="https://desk.example/northgate")
    conference = checked_json(json.loads(schedule_json(linked)))
    for read, written in zip(checked_xml(schedule_xml(linked)).iter("event"), events(conference), strict=True):
        assert (read.attrib["guid"], read.attrib["id"]) == (written["guid"], str(written["id"]))
        for name in ("room", "title", "subtitle", "type", "date", "start", "duration", "abstract", "slug", "url"):
            assert read.findtext(name) == written[name]
        assert [each.text for each in read.iter("person")] == [each["name"] for each in written["persons"]]


def test_a_release_without_sessions_is_still_a_schedule() -> None:
    conference = checked_json(json.loads(schedule_json(edition())))
    assert (conference["daysCount"], events(conference)) == (1, [])


def test_no_address_is_in_the_file_and_equal_editions_give_equal_text() -> None:
    assert "@" not in schedule_json(SPRING)
    assert schedule_json(edition(*reversed(SPRING.sessions))) == schedule_json(SPRING)
