"""schedule.xml keeps the rules of its format, whatever the programme holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from xml.etree.ElementTree import Element, fromstring

from export_samples import AMARA, HALL, LIBRARY, SPRING, at, edition, session
from hypothesis import given, settings
from hypothesis import strategies as st
from schedule_rules import checked_xml

from services.scheduler.exports.edition import Presenter, Venue
from services.scheduler.exports.printable import printable
from services.scheduler.exports.schedule_xml import schedule_xml


def test_a_programme_keeps_the_rules_and_says_everything_once() -> None:
    root = checked_xml(schedule_xml(SPRING))
    assert [event.findtext("title") for event in root.iter("event")] == [
        *("Light lunch", "Retrieval practice", "Enquiry", "Enquiry"),
    ]
    assert [event.findtext("subtitle") for event in root.iter("event")] == ["", "", "part 1 of 2", "part 2 of 2"]
    assert root.findtext("conference/acronym") == "spring_2027"
    assert (root.findtext("version"), root.findtext("conference/time_zone_name")) == ("2", "Europe/London")
    assert [day.attrib["date"] for day in root.iter("day")] == ["2027-01-12", "2027-01-13", "2027-01-27"]


def test_the_same_release_gives_the_same_text_in_whatever_order_its_sessions_come() -> None:
    turned = edition(*reversed(SPRING.sessions))
    assert schedule_xml(turned) == schedule_xml(SPRING)


def test_links_are_there_when_a_page_is_known_and_only_then() -> None:
    linked = checked_xml(schedule_xml(replace(SPRING, url="https://desk.example/northgate")))
    assert linked.findtext("conference/base_url") == "https://desk.example/northgate"
    assert linked.findtext("day/room/event/url") == "https://desk.example/northgate#session-light-lunch"
    assert "url" not in schedule_xml(SPRING)


def test_a_session_past_midnight_belongs_to_the_day_on_which_it_starts() -> None:
    late = session("stargazing", at(12, 23, 30), minutes=90)
    root = checked_xml(schedule_xml(edition(late, session("breakfast", at(13, 8)))))
    first, second = root.iter("day")
    assert (first.attrib["end"], second.attrib["start"]) == ("2027-01-13T01:00:00+00:00", "2027-01-13T08:00:00+00:00")
    assert [event.findtext("title") for event in first.iter("event")] == ["Stargazing"]


def test_local_days_are_those_of_the_programmes_zone() -> None:
    evening = session("evening", at(12, 21))
    root = checked_xml(schedule_xml(edition(evening, zone="Asia/Dubai")))
    assert root.find("day").attrib["date"] == "2027-01-13"
    assert root.findtext("day/room/event/date") == "2027-01-13T01:00:00+04:00"


def test_both_sides_of_a_clock_change_are_told_by_their_own_offset() -> None:
    spring = edition(session("night", at(28, 0, 30, month=3), minutes=120))
    root = checked_xml(schedule_xml(spring))
    assert root.find("day").attrib["start"] == "2027-03-28T00:30:00+00:00"
    assert root.find("day").attrib["end"] == "2027-03-28T03:30:00+01:00"
    assert root.findtext("day/room/event/duration") == "02:00"

    autumn = edition(session("first", at(31, 0, 30, month=10)), session("second", at(31, 1, 30, month=10)))
    events = checked_xml(schedule_xml(autumn)).findall("day/room/event")
    assert [event.findtext("start") for event in events] == ["01:30", "01:30"]
    assert [event.findtext("date")[-6:] for event in events] == ["+01:00", "+00:00"]


def test_a_release_without_sessions_has_one_empty_day_even_when_the_clocks_change_on_it() -> None:
    root = checked_xml(schedule_xml(replace(edition(), first_day=at(28, 0, month=3).date())))
    [day] = root.iter("day")
    assert (day.attrib["start"], day.attrib["end"]) == ("2027-03-28T00:00:00+00:00", "2027-03-29T00:00:00+01:00")


def test_rooms_of_one_name_stay_apart() -> None:
    twin = Venue("library-2", LIBRARY.name, LIBRARY.site)
    rooms = checked_xml(schedule_xml(edition(session("a", at(12, 9)), session("b", at(12, 9), venue=twin))))
    names = [room.attrib["name"] for room in rooms.iter("room") if room.attrib]
    assert names == ["Library, Hillside School (library)", "Library, Hillside School (library-2)"]


def test_nobody_is_named_but_those_whose_names_are_given() -> None:
    root = checked_xml(schedule_xml(SPRING))
    assert [person.text for person in root.iter("person")] == ["Amara Osei"]


def test_no_address_is_in_the_file() -> None:
    assert "@" not in schedule_xml(SPRING)


def test_a_person_and_a_session_keep_their_ids_from_release_to_release() -> None:
    before = checked_xml(schedule_xml(SPRING))
    moved = [replace(each, venue=HALL, presenters=(AMARA, Presenter("p-002", "Ben Ito"))) for each in SPRING.sessions]
    after = checked_xml(schedule_xml(edition(*moved[:-1], session("another", at(12, 10)), number=3)))

    def ids(root: Element, tag: str) -> dict[str | None, dict[str, str]]:
        return {(each.findtext("slug") or each.text): dict(each.attrib) for each in root.iter(tag)}

    for tag in ("event", "person"):
        common = ids(before, tag).keys() & ids(after, tag).keys()
        assert common
        assert all(ids(before, tag)[each] == ids(after, tag)[each] for each in common)


@settings(max_examples=40, deadline=None)
@given(title=st.text(max_size=40), abstract=st.text(max_size=80), name=st.text(max_size=20))
def test_any_text_makes_a_file_that_can_be_read(title: str, abstract: str, name: str) -> None:
    cleaned = [printable(each) for each in (title, abstract, name)]
    talk = session("talk", at(12, 9), title=cleaned[0], abstract=cleaned[1], presenters=(Presenter("p", cleaned[2]),))
    event = next(fromstring(schedule_xml(edition(talk)).encode()).iter("event"))
    assert (event.findtext("title"), event.findtext("abstract")) == (cleaned[0], cleaned[1])


@settings(max_examples=40, deadline=None)
@given(
    sessions=st.lists(
        st.tuples(
            st.from_regex(r"\A[a-z0-9-]{1,12}\Z"),
            st.integers(0, 400 * 96),
            st.integers(1, 1440),
            st.sampled_from("xyz"),
        ),
        max_size=12,
        unique_by=lambda each: each[0],
    ),
    zone=st.sampled_from(["Europe/London", "Asia/Dubai", "America/St_Johns", "Australia/Lord_Howe", "UTC"]),
)
def test_any_programme_keeps_the_rules(sessions: list[tuple[str, int, int, str]], zone: str) -> None:
    placed = [
        session(name, at(1, 0) + timedelta(minutes=15 * quarter), minutes=minutes, venue=Venue(room, "Room", room))
        for name, quarter, minutes, room in sessions
    ]
    checked_xml(schedule_xml(edition(*placed, zone=zone)))
