"""Rooms: hours, seats for those who join online, and links."""

from __future__ import annotations

from typing import Any

import pytest
from known_facts import PARTNER, Known, community

from services.registrations.joining import join_url
from shared.contract.commands.registrations import AddRoom
from shared.contract.facts.registrations import Room
from shared.contract.results import Rejection, RejectionCode

HOURS = [{"weekdays": ["mon", "tue"], "start": "08:00", "end": "18:00"}]


def add(**other: Any) -> AddRoom:
    return AddRoom.model_validate(AddRoom.example | other)


def kept(found: Known, command: AddRoom) -> Room:
    (write,) = found.done(command)
    assert isinstance(write.state, Room)
    return write.state


def link(room: Room, session: str = "quiz-part-1") -> str | None:
    return join_url(room, session=session, proposal="quiz", programme="spring")


def test_hours_and_both_capacities_are_kept() -> None:
    room = kept(Known(community()), add(hours=HOURS, online_capacity=200, zone="Asia/Dubai"))
    assert (room.capacity, room.online_capacity, room.zone, len(room.hours)) == (24, 200, "Asia/Dubai", 1)


def test_a_room_has_a_link_or_a_template_and_not_both() -> None:
    with pytest.raises(Rejection) as refused:
        Known(community()).decided(add(join_url="https://meet.example/a", join_template="jitsi"))
    assert refused.value.code is RejectionCode.INVALID
    assert [error.field for error in refused.value.errors] == ["join_template"]


def test_a_room_without_a_template_has_its_own_link_or_none() -> None:
    found = Known(community())
    assert link(kept(found, add())) is None
    assert link(kept(found, add(join_url="https://meet.example/a"))) == "https://meet.example/a"


def test_placeholders_are_filled_for_each_session() -> None:
    template = "https://meet.example/{programme}/{room}?p={proposal}&s={session}"
    room = kept(Known(community()), add(join_template=template))
    assert link(room) == "https://meet.example/spring/library?p=quiz&s=quiz-part-1"
    assert room.join_secret is None


def test_links_with_a_token_differ_by_session_and_room_and_stay_when_the_room_is_changed() -> None:
    found = Known(community())
    room = kept(found, add(join_template="jitsi"))
    other = kept(found, add(room="hall", join_template="jitsi"))
    links = {link(room), link(room, "quiz-part-2"), link(other)}
    assert len(links) == 3
    renamed = kept(found, add(join_template="jitsi", name="Reading room"))
    assert link(renamed) == link(room)


def test_whoever_knows_the_ids_alone_does_not_know_the_token() -> None:
    one, other = (kept(Known(community()), add(join_template="jitsi")) for _ in range(2))
    assert link(one) != link(other)


def test_a_partner_changes_only_its_own_rooms() -> None:
    found = Known(community())
    found.done(add())
    with pytest.raises(Rejection) as refused:
        found.decided(add(hours=HOURS), PARTNER)
    assert refused.value.code is RejectionCode.NOT_ALLOWED
