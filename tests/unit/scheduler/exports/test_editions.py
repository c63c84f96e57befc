"""An edition holds what the public may know of a release, and is there also when some of it is not known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from released_facts import COMMUNITY, KNOWN, NORTHGATE, PROGRAMME, known, placed, proposal, release

from services.scheduler.exports.edition import Presenter, Venue
from services.scheduler.exports.printable import printable
from services.scheduler.exports.released import edition_of
from services.scheduler.exports.rendering import FORMS
from shared.contract.facts.registrations import Room
from shared.contract.results import Rejection, RejectionCode

RELEASE = release(
    *(3, placed("enquiry-part-2", 13, 9), placed("retrieval-practice", 12, 15, 30)),
    published_at=datetime(2026, 12, 1, tzinfo=UTC),
    note="The library is back",
)


def test_an_edition_has_titles_parts_rooms_and_what_the_organiser_says() -> None:
    edition = edition_of(known(*KNOWN), NORTHGATE, RELEASE)
    first, second = edition.sessions
    assert (first.full_title, second.full_title) == ("Retrieval practice", "Enquiry (part 2 of 2)")
    assert first.venue == Venue("library", "Library", "Hillside School", 24)
    assert (edition.number, edition.note, edition.host.domain) == (3, "The library is back", "northgate.example")


def test_presenters_without_a_name_to_show_are_left_out() -> None:
    edition = edition_of(known(*KNOWN), NORTHGATE, RELEASE, names={"p-002": "Ben Ito", "p-777": "Somebody else"})
    assert edition.sessions[0].presenters == (Presenter("p-002", "Ben Ito"),)
    assert edition.presenters == (Presenter("p-002", "Ben Ito"),)


def test_no_form_has_a_join_link_or_an_id_of_somebody_whose_name_is_not_shown() -> None:
    edition = edition_of(known(*KNOWN), NORTHGATE, RELEASE)
    for form in FORMS.values():
        text = form.write(edition)
        assert "meet.example" not in text
        assert "p-001" not in text


def test_a_session_is_there_also_when_its_proposal_and_room_are_not_known_yet() -> None:
    [session] = edition_of(
        known(COMMUNITY, PROGRAMME), NORTHGATE, release(1, placed("new", 12, 9, room="r-1"))
    ).sessions
    assert (session.title, session.venue, session.part) == ("new", Venue("r-1", "r-1", ""), None)


@pytest.mark.parametrize(("states", "field"), [((COMMUNITY,), "programme"), ((PROGRAMME,), "community")])
def test_without_the_programme_or_the_community_there_is_no_edition(states: tuple, field: str) -> None:
    with pytest.raises(Rejection) as refused:
        edition_of(known(*states), NORTHGATE, RELEASE)
    assert refused.value.code is RejectionCode.UNKNOWN
    assert [error.field for error in refused.value.errors] == [field]


def test_text_that_no_file_may_hold_is_made_harmless() -> None:
    odd = proposal("odd").model_copy(update={"title": "Bell\x07 and\ufffe\ud800", "abstract": "one\r\ntwo\rthree\x85"})
    room = Room(room="library", name="Li", site="S", capacity=1).model_copy(update={"name": "Li\x00brary"})
    [session] = edition_of(known(*KNOWN, odd, room), NORTHGATE, release(1, placed("odd", 12, 9))).sessions
    assert (session.title, session.abstract) == ("Bell  and", "one\ntwo\nthree")
    assert session.venue.name == "Li brary"
    assert printable("plain ✓ text\n") == "plain ✓ text"
