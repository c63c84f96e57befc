"""What changes between releases: every session is new, gone, moved or as it was, and the sentence says how."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from released_facts import placed, release

from services.scheduler.exports.difference import difference
from services.scheduler.exports.edition import Venue
from services.scheduler.exports.sentences import Wording, places, sentence
from shared.contract.commands.scheduler import ChangeKind
from shared.contract.facts.scheduler import ChangeCounts, Placement

ROOMS = places([Venue("library", "Library", "Hillside"), Venue("hall", "Hall", "Hillside")])
WORDING = Wording({"talk": "Retrieval practice"}, ROOMS, "Europe/London")
WAS = placed("talk", 12, 15, 30)


@pytest.mark.parametrize(
    ("now", "kind", "told"),
    [
        (
            placed("talk", 13, 16, room="hall"),
            ChangeKind.MOVED_IN_BOTH,
            "Retrieval practice moves from Tue 12 Jan 15:30, Library to Wed 13 Jan 16:00, Hall.",
        ),
        (
            placed("talk", 13, 16),
            ChangeKind.MOVED_IN_TIME,
            "Retrieval practice moves from Tue 12 Jan 15:30 to Wed 13 Jan 16:00 and stays in Library.",
        ),
        (
            placed("talk", 12, 15, 30, room="hall"),
            ChangeKind.MOVED_IN_ROOM,
            "Retrieval practice on Tue 12 Jan 15:30 moves from Library to Hall.",
        ),
        (
            placed("talk", 12, 15, 30, minutes=45),
            ChangeKind.MOVED_IN_TIME,
            "Retrieval practice stays at Tue 12 Jan 15:30, Library. It lasts 45 minutes, not 60.",
        ),
        (
            placed("talk", 12, 15, 30, room="hall", minutes=90),
            ChangeKind.MOVED_IN_BOTH,
            "Retrieval practice on Tue 12 Jan 15:30 moves from Library to Hall. It lasts 90 minutes, not 60.",
        ),
    ],
)
def test_a_move_is_told_by_what_moves(now: Placement, kind: ChangeKind, told: str) -> None:
    [change] = difference(release(1, WAS), release(2, now)).changes
    assert (change.kind, change.was, change.now) == (kind, WAS, now)
    assert sentence(change, WORDING) == told


def test_what_is_new_and_what_is_gone_is_told_with_its_place() -> None:
    gone, new = difference(release(1, WAS), release(2, placed("other", 14, 9))).changes
    assert sentence(gone, WORDING) == (
        "Retrieval practice is no longer in the programme; it was Tue 12 Jan 15:30, Library."
    )
    assert sentence(new, WORDING) == "other is new: Thu 14 Jan 09:00, Library."


def test_times_are_told_in_the_programmes_zone() -> None:
    [change] = difference(None, release(1, WAS)).changes
    assert sentence(change, Wording({}, {}, "Asia/Dubai")) == "talk is new: Tue 12 Jan 19:30, library."


def test_a_room_is_told_with_its_site_when_there_are_several() -> None:
    named = places(
        [Venue("library", "Library", "Hillside"), Venue("hall", "Hall", "Eastgate"), Venue("web", "Web", "")]
    )
    assert named == {"library": "Library (Hillside)", "hall": "Hall (Eastgate)", "web": "Web"}


def test_before_the_first_release_nothing_is_placed() -> None:
    found = difference(None, release(1, WAS, placed("other", 11, 9)))
    assert [each.session for each in found.changes] == ["other", "talk"]
    assert found.counts == ChangeCounts(added=2)


def test_equal_releases_differ_in_nothing() -> None:
    found = difference(release(1, WAS), release(2, WAS))
    assert (found.changes, found.unchanged, found.counts) == ((), ("talk",), ChangeCounts(unchanged=1))


PLACEMENTS = st.dictionaries(
    st.sampled_from([f"s-{number}" for number in range(8)]),
    st.tuples(st.integers(11, 14), st.integers(9, 12), st.sampled_from(["library", "hall"]), st.sampled_from([45, 60])),
)


@given(PLACEMENTS, PLACEMENTS)
def test_every_session_is_counted_once_and_the_way_back_is_the_mirror_image(before: dict, after: dict) -> None:
    def of(number: int, drawn: dict):
        return release(number, *(placed(name, d, h, room=room, minutes=m) for name, (d, h, room, m) in drawn.items()))

    there, back = difference(of(1, before), of(2, after)), difference(of(2, after), of(1, before))
    assert sum(there.counts.model_dump().values()) == len(before.keys() | after.keys())
    mirrored = there.counts.model_copy(update={"added": there.counts.removed, "removed": there.counts.added})
    assert back.counts == mirrored
    assert {each.session for each in there.changes} == {
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    }
