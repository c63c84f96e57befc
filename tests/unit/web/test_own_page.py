"""A person's own page: their sessions, their clocks, the way in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from web_samples import JOIN, NORTHGATE, NOW, at, northgate, placement, proposal, release, room, seating

from services.web.own_page import PersonalPage, personal_page
from services.web.pages import page
from services.web.released import released_programmes
from services.web.timetable import SessionView
from shared.bus.facts import Facts
from shared.contract.commands.registrations import OwnPage
from shared.links import LinkClaims, LinkScope

CLAIMS = LinkClaims(
    community="northgate", person="p-002", scope=LinkScope.ME, expires=at("2027-05-30T00:00"), generation=1
)


def read(view: Facts, *, now: datetime = NOW, person: str = "p-002", **own: Any) -> PersonalPage:
    answer = OwnPage.model_validate(OwnPage.example | own)
    claims = CLAIMS.model_copy(update={"person": person})
    return personal_page(NORTHGATE, claims, answer, released_programmes(view, "northgate"), names={}, now=now)


def sessions(shown: PersonalPage) -> list[SessionView]:
    return [session for day in shown.days for session in day.sessions]


def html(shown: PersonalPage) -> str:
    return bytes(page("own", own=shown, waits=(), here="/me/x.y").body).decode()


def test_only_the_persons_own_sessions_are_shown() -> None:
    view = northgate(release(placement(), placement(session="other", proposal="other")), seating())
    assert [each.id for each in sessions(read(view))] == ["retrieval-practice"]
    assert sessions(read(view, sessions=())) == []
    assert "no seat in a session yet" in html(read(view, sessions=()))


def test_a_seat_in_a_session_that_left_the_programme_is_not_shown() -> None:
    assert sessions(read(northgate(release(placement(session="other")), seating()))) == []


def test_the_join_link_is_shown_until_the_session_is_over() -> None:
    view = northgate(release(), seating())
    assert sessions(read(view))[0].join_url == JOIN
    assert f'href="{JOIN}"' in html(read(view))
    assert sessions(read(view, now=at("2027-01-12T16:30")))[0].join_url is None


def test_a_room_without_a_link_has_none() -> None:
    assert sessions(read(northgate(room(join_url=None), release())))[0].join_url is None


def test_days_and_times_are_the_persons_with_the_programmes_beside_them() -> None:
    view = northgate(release(placement(start="2027-01-12T22:30:00Z")), seating())
    shown = read(view, zone="Asia/Dubai")
    assert [day.date for day in shown.days] == ["2027-01-13"]
    [session] = sessions(shown)
    assert session.time.start == "02:30"
    assert session.other is not None
    assert (session.other.zone, session.other.time.day, session.other.time.start) == (
        "Europe/London",
        "Tue 12 January",
        "22:30",
    )


def test_the_programmes_clocks_are_left_out_where_they_show_the_same() -> None:
    assert sessions(read(northgate(release(), seating()), zone="Europe/London"))[0].other is None


def test_a_presenter_sees_that_they_present() -> None:
    view = northgate(proposal(presenters=("p-001",)), release(), seating())
    assert sessions(read(view, person="p-001"))[0].presents
    assert not sessions(read(view, person="p-002"))[0].presents


def test_sessions_of_all_programmes_are_in_order_of_time() -> None:
    other = release(placement(session="earlier", start="2027-01-11T15:30:00Z"), programme="evening", number=1)
    shown = read(northgate(release(), other), sessions=("retrieval-practice", "earlier"))
    assert [each.id for each in sessions(shown)] == ["earlier", "retrieval-practice"]


def test_the_page_says_how_long_its_link_works_and_is_kept_out_of_indexes() -> None:
    text = html(read(northgate(release(), seating())))
    assert "Sunday 30 May 2027" in text
    assert 'name="robots" content="noindex"' in text


def test_a_name_is_escaped() -> None:
    assert "<b>" not in html(read(northgate(release()), name="<b>Ben</b>"))
