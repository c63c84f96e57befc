"""Which names tell who is meant."""

from __future__ import annotations

from shared.bus.names import telling_words
from shared.contract.facts.registrations import Affiliation, Room, Seating
from tests.unit.registrations.known_facts import Known, community, contact, programme


def test_the_name_of_a_school_a_room_or_a_programme_tells_nobody() -> None:
    known = Known(
        community(name="Northgate Alliance", mailbox="all@northgate.example"),
        programme(title="Spring term"),
        Affiliation(person="p-002", school="Hillside School", department="Science Block"),
        Room.model_validate(Room.example | {"name": "Main Hall", "site": "Lakeside School"}),
        Seating.model_validate(Seating.example | {"place": {"name": "Old Library", "site": "Far Away"}}),
    )
    names = {
        *("Northgate Alliance", "Spring term", "Hillside School", "Science Block"),
        *("all@northgate.example", "Main Hall", "Lakeside School", "Old Library", "Far Away"),
    }
    assert telling_words(names, known.facts, "northgate").words == ()


def test_a_name_and_an_address_of_their_own_tell_who_is_meant() -> None:
    known = Known(community(organiser="Amara Osei"), contact("p-002", name="Ben Ito"))
    words = telling_words({"Amara Osei", "amara@far.example", "Ben Ito", "Amara"}, known.facts, "northgate")
    assert words.words == ("amara osei", "amara@far.example")
