"""The public page: newest release, days, two sets of clocks, names with consent, never a join link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from web_samples import JOIN, NORTHGATE, NOW, at, facts, northgate, placement, programme, proposal, release, seating

from services.web.pages import page
from services.web.programme_page import ProgrammePage, programme_page
from services.web.reader_zones import ZoneChoice, offered_zones
from services.web.released import presenters_of, released_programmes
from services.web.timetable import SessionView, Stage
from shared.bus.facts import Facts

AMARA = {"p-001": "Amara Osei"}


def read(
    view: Facts, *, names: Mapping[str, str] | None = AMARA, zone: str | None = None, now: datetime = NOW
) -> ProgrammePage:
    released = released_programmes(view, "northgate")
    return programme_page(NORTHGATE, released, names=names, choice=ZoneChoice(zone), now=now)


def sessions(shown: ProgrammePage) -> list[SessionView]:
    return [session for each in shown.programmes for day in each.days for session in day.sessions]


def html(shown: ProgrammePage) -> str:
    return bytes(page("programme", community=shown, zones=offered_zones(), calls=()).body).decode()


def test_the_newest_release_of_each_programme_is_shown() -> None:
    moved = release(placement(start="2027-01-13T15:30:00Z"), number=2)
    other = release(placement(start="2027-01-05T15:30:00Z"), programme="summer", number=1)
    shown = read(northgate(moved, release(), programme(programme="summer", title="Summer"), other))
    assert [(each.title, each.release) for each in shown.programmes] == [("Summer", 1), ("Spring term 2027", 2)]
    assert [day.date for day in shown.programmes[1].days] == ["2027-01-13"]


def test_the_tenth_release_is_newer_than_the_ninth() -> None:
    assert read(northgate(release(number=10), release(number=9))).programmes[0].release == 10


def test_nothing_of_another_community_is_shown() -> None:
    assert read(facts(release(), proposal(), community="elsewhere")).programmes == ()


def test_a_programme_without_a_release_is_not_shown() -> None:
    assert read(northgate()).programmes == ()


def test_sessions_lie_under_the_programmes_own_days_in_order() -> None:
    late = placement(session="late", start="2027-01-12T23:45:00Z", minutes=30)
    summer = placement(session="summer", start="2027-06-14T23:30:00Z")
    first = placement(session="first", start="2027-01-12T08:00:00Z")
    [shown] = read(northgate(release(summer, late, first))).programmes
    found = [(day.date, [each.id for each in day.sessions]) for day in shown.days]
    assert found == [("2027-01-12", ["first", "late"]), ("2027-06-15", ["summer"])]


def test_the_reader_gets_their_own_clocks_as_well() -> None:
    [shown] = sessions(read(northgate(release()), zone="Asia/Dubai"))
    assert (shown.time.start, shown.time.clock) == ("15:30", "GMT")
    assert shown.other is not None
    assert (shown.other.zone, shown.other.time.start) == ("Asia/Dubai", "19:30")


def test_the_distance_of_two_zones_changes_with_the_clocks() -> None:
    spring = placement(session="spring", start="2027-04-13T14:30:00Z")
    winter, summer = sessions(read(northgate(release(placement(), spring)), zone="Asia/Dubai"))
    assert winter.time.start == summer.time.start == "15:30"
    assert [each.other.time.start for each in (winter, summer) if each.other] == ["19:30", "18:30"]


def test_clocks_that_show_the_same_are_not_repeated() -> None:
    shown = read(northgate(release()), zone="Africa/Abidjan")
    assert sessions(shown)[0].other is None
    assert shown.programmes[0].reader_has_same_clocks


def test_sessions_are_past_on_now_or_to_come() -> None:
    placements = [
        placement(session=name, start=start) for name, start in (("a", "2027-01-12T15:30Z"), ("b", "2027-01-12T16:30Z"))
    ]
    view = northgate(release(*placements))
    stages = {
        "2027-01-12T15:29": [Stage.TO_COME, Stage.TO_COME],
        "2027-01-12T15:30": [Stage.ON, Stage.TO_COME],
        "2027-01-12T16:30": [Stage.PAST, Stage.ON],
        "2027-01-12T17:30": [Stage.PAST, Stage.PAST],
    }
    for now, expected in stages.items():
        assert [each.stage for each in sessions(read(view, now=at(now)))] == expected
    assert read(view, now=at("2027-01-12T16:30")).programmes[0].next_session == "b"
    assert read(view, now=at("2027-01-12T15:30")).programmes[0].next_session is None


def test_only_names_with_consent_are_shown() -> None:
    view = northgate(proposal(presenters=("p-001", "p-002", "p-003")), release())
    assert presenters_of(released_programmes(view, "northgate")) == {"p-001", "p-002", "p-003"}
    assert sessions(read(view))[0].presenters == "Amara Osei and 2 more"
    assert sessions(read(view, names=AMARA | {"p-002": "Ben Ito", "p-003": "Cleo Adu"}))[0].presenters == (
        "Amara Osei, Ben Ito and Cleo Adu"
    )
    assert sessions(read(view, names={}))[0].presenters is None


def test_without_an_answer_the_page_is_shown_without_names() -> None:
    shown = read(northgate(release()), names=None)
    assert shown.names_unavailable
    assert sessions(shown)[0].presenters is None
    assert "names cannot be shown" in html(shown)


def test_a_part_is_named_with_its_number() -> None:
    view = northgate(proposal(parts=3), release(placement(session="retrieval-practice-part-2")))
    assert sessions(read(view))[0].kind == "Workshop, 60 minutes, part 2 of 3"


def test_the_place_is_the_one_of_the_invitations_of_this_release() -> None:
    assert sessions(read(northgate(release(), seating())))[0].place == "Upper library, Hillside School"
    assert sessions(read(northgate(release(number=2), seating())))[0].place == "Library, Hillside School"


def test_a_session_whose_proposal_and_room_are_unknown_is_still_shown() -> None:
    [shown] = sessions(read(facts(release())))
    assert (shown.title, shown.place, shown.kind) == ("retrieval-practice", None, "60 minutes")


def test_the_join_link_is_never_on_the_public_page() -> None:
    shown = read(northgate(release(), seating()))
    assert sessions(shown)[0].join_url is None
    assert JOIN not in html(shown)


def test_what_people_wrote_is_escaped() -> None:
    hostile = '<script>alert("x")</script>'
    view = northgate(proposal(title=hostile, abstract=hostile), release())
    text = html(read(view, names={"p-001": hostile}))
    assert hostile not in text
    assert text.count("&lt;script&gt;") >= 3


def test_titles_in_other_scripts_are_kept() -> None:
    assert "Läsning: القراءة" in html(read(northgate(proposal(title="Läsning: القراءة"), release())))


def test_a_refused_zone_is_explained_beside_its_field() -> None:
    released = released_programmes(northgate(release()), "northgate")
    choice = ZoneChoice(problem="zone is not a time zone")
    text = html(programme_page(NORTHGATE, released, names={}, choice=choice, now=NOW))
    assert 'aria-describedby="zone-problem"' in text
    assert "zone is not a time zone" in text


def test_a_community_without_a_release_says_so() -> None:
    assert "Nothing has been released yet" in html(read(northgate()))
