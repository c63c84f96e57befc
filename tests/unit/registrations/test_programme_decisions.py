"""The frame that the organiser sets: community, programmes, rooms."""

from __future__ import annotations

from typing import Any

import pytest
from known_facts import Known, community

from shared.contract.catalogue import COMMUNITY, ROOM
from shared.contract.commands.registrations import AddRoom, AnnounceProgramme, EstablishCommunity, WithdrawRoom
from shared.contract.facts.registrations import Community, Programme, Room
from shared.contract.results import Rejection, RejectionCode


def test_a_community_is_established_and_changed_by_the_same_command() -> None:
    found = Known()
    command = EstablishCommunity.model_validate(EstablishCommunity.example)
    assert [write.what for write in found.done(command)] == ["established"]
    assert found.decided(command) == []
    found.done(command.model_copy(update={"name": "Another name"}))
    changed = found.facts.state(COMMUNITY, Community, "northgate", "northgate")
    assert changed is not None
    assert changed.name == "Another name"


def test_a_lost_room_stays_known_and_can_be_added_again() -> None:
    found = Known(community())
    add, lose = AddRoom.model_validate(AddRoom.example), WithdrawRoom(room="library")
    found.done(add)
    assert [write.what for write in found.done(lose)] == ["withdrawn"]
    assert found.decided(lose) == []
    room = found.facts.state(ROOM, Room, "northgate", "library")
    assert room is not None
    assert (room.withdrawn, room.name) == (True, "Library")
    [write] = found.decided(add)
    assert isinstance(write.state, Room)
    assert not write.state.withdrawn


def test_a_room_that_nobody_added_cannot_be_lost() -> None:
    with pytest.raises(Rejection) as refused:
        Known(community()).decided(WithdrawRoom(room="library"))
    assert refused.value.code is RejectionCode.UNKNOWN
    assert [error.field for error in refused.value.errors] == ["room"]


def test_a_room_says_only_when_it_is_taken() -> None:
    hour = {"start": "2027-01-12T09:00:00Z", "end": "2027-01-12T10:00:00Z"}
    windows = [{"kind": "dated", "answer": answer, **hour} for answer in ("no", "yes")]
    room = AddRoom.model_validate(AddRoom.example | {"unavailable": windows})
    with pytest.raises(Rejection) as refused:
        Known(community()).decided(room)
    assert [error.field for error in refused.value.errors] == ["unavailable.1.answer"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"last_day": "2027-01-04"}, "last_day"),
        ({"last_day": "2029-01-04"}, "last_day"),
        ({"call": {"opens": "2026-12-01T09:00:00Z", "closes": "2026-12-01T09:00:00Z"}}, "call.closes"),
    ],
)
def test_a_programme_has_its_dates_in_order_and_within_reach(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejection) as refused:
        Known(community()).decided(AnnounceProgramme.model_validate(AnnounceProgramme.example | change))
    assert [error.field for error in refused.value.errors] == [field]


def test_a_programme_that_names_no_policy_pack_has_the_communitys() -> None:
    found = Known(community().model_copy(update={"policy_pack": "uni-uk"}))
    plain = {key: value for key, value in AnnounceProgramme.example.items() if key != "policy_pack"}
    for given, expected in (({}, "uni-uk"), ({"policy_pack": "school-twilight"}, "school-twilight")):
        [write] = found.decided(AnnounceProgramme.model_validate(plain | given))
        assert isinstance(write.state, Programme)
        assert write.state.policy_pack == expected
