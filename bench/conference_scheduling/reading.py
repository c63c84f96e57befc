"""Reads a conference from its JSON."""

from __future__ import annotations

import re
from pathlib import Path

from bench.conference_scheduling.instance import (
    Conference,
    Place,
    Room,
    Speaker,
    TagWishes,
    Talk,
    TalkType,
    Timeslot,
    Weight,
)
from bench.conference_scheduling.objects import Node, load
from bench.peers.errors import FormatError

_DEFAULT_PAUSE = 30
_WEIGHT = re.compile(r"(-?\d+)hard/(-?\d+)soft")


def read(path: Path) -> Conference:
    """Raises FormatError, which names object and field, for what cannot be read."""
    root = load(path)
    properties = root.maybe("constraintProperties")
    pause = "minimumConsecutiveTalksPauseInMinutes"
    return Conference(
        name=path.stem,
        pause=properties.whole(pause, _DEFAULT_PAUSE) if properties else _DEFAULT_PAUSE,
        weights=_weights(root),
        talk_types={node.id: _talk_type(node) for node in root.many("talkTypeList")},
        timeslots={node.id: _timeslot(node) for node in root.many("timeslotList")},
        rooms={node.id: _room(node) for node in root.many("roomList")},
        speakers={node.id: _speaker(node) for node in root.many("speakerList")},
        talks={node.id: _talk(node) for node in root.many("talkList")},
    )


def _weights(root: Node) -> dict[str, Weight]:
    overrides = root.maybe("constraintWeightOverrides")
    return {name: _weight(overrides, name) for name in overrides.fields} if overrides else {}


def _weight(overrides: Node, name: str) -> Weight:
    match = _WEIGHT.fullmatch(overrides.text(name))
    if match is None:
        raise FormatError(f"constraintWeightOverrides: '{name}' is not of the form 0hard/10soft")
    return Weight(*map(int, match.groups()))


def _timeslot(node: Node) -> Timeslot:
    return Timeslot(node.id, node.moment("startDateTime"), node.moment("endDateTime"), node.tags("tagSet"))


def _room(node: Node) -> Room:
    return Room(
        id=node.id,
        name=node.text("name"),
        capacity=node.whole("capacity"),
        tags=node.tags("tagSet"),
        unavailable=frozenset(node.references("unavailableTimeslotSet")),
    )


def _talk_type(node: Node) -> TalkType:
    return TalkType(
        id=node.id,
        name=node.text("name"),
        timeslots=frozenset(node.references("compatibleTimeslotSet")),
        rooms=frozenset(node.references("compatibleRoomSet")),
    )


def _speaker(node: Node) -> Speaker:
    return Speaker(
        id=node.id,
        name=node.text("name"),
        unavailable=frozenset(node.references("unavailableTimeslotSet")),
        timeslot=_wishes(node, "Timeslot"),
        room=_wishes(node, "Room"),
    )


def _talk(node: Node) -> Talk:
    timeslot, room = node.maybe("timeslot"), node.maybe("room")
    return Talk(
        id=node.id,
        code=node.text("code"),
        title=node.text("title"),
        type=node.one("talkType").id,
        speakers=node.references("speakerList"),
        themes=node.tags("themeTrackTagSet"),
        sectors=node.tags("sectorTagSet"),
        audience_types=node.tags("audienceTypeSet"),
        audience_level=node.whole("audienceLevel"),
        content=node.tags("contentTagSet"),
        language=node.text("language"),
        timeslot=_wishes(node, "Timeslot"),
        room=_wishes(node, "Room"),
        mutually_exclusive=node.tags("mutuallyExclusiveTalksTagSet"),
        prerequisites=frozenset(node.references("prerequisiteTalkSet")),
        favorites=node.whole("favoriteCount", 0),
        crowd_risk=node.whole("crowdControlRisk", 0),
        pinned=node.flag("pinnedByUser"),
        place=Place(timeslot.id, room.id) if timeslot and room else None,
    )


def _wishes(node: Node, about: str) -> TagWishes:
    kinds = ("required", "preferred", "prohibited", "undesired")
    return TagWishes(**{kind: node.tags(f"{kind}{about}TagSet") for kind in kinds})
