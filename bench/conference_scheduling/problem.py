"""A conference as a planning problem of ours, and our placements as places of the source.

A talk type is a format, a timeslot takes the formats of the types that may have it, and a talk lasts as long as the
timeslots of its type. Local times are taken as UTC: the source has no zone. That somebody cannot come in one timeslot
is said by a tag that only this timeslot has, for the source does not look at what overlaps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.conference_scheduling.instance import Conference, Place, Speaker, TagWishes, Talk
from bench.conference_scheduling.instance import Room as ConferenceRoom
from bench.conference_scheduling.instance import Timeslot as ConferenceTimeslot
from bench.conference_scheduling.names import names
from bench.conference_scheduling.policy import Vocabulary, policy
from bench.peers.errors import FormatError
from services.scheduler.entities import Person, Pinned, Room, Session, Span, TagDemand, Timeslot
from services.scheduler.problem import Problem
from shared.contract.facts.scheduler import Placement


@dataclass(frozen=True)
class Translation:
    """One conference in our terms. The dictionaries are from the source's names to ours."""

    conference: Conference
    talks: Mapping[str, str]
    rooms: Mapping[str, str]
    timeslots: Mapping[str, str]
    speakers: Mapping[str, str]
    types: Mapping[str, str]
    tags: Mapping[str, str]
    languages: Mapping[str, str]

    @classmethod
    def of(cls, conference: Conference) -> Translation:
        return cls(
            conference=conference,
            talks=names(conference.talks),
            rooms=names(conference.rooms),
            timeslots=names(conference.timeslots),
            speakers=names(conference.speakers),
            types=names(conference.talk_types),
            tags=names({*_tags(conference), *conference.timeslots}),
            languages=names(talk.language for talk in conference.talks.values()),
        )

    def problem(self) -> Problem:
        """Raises FormatError for what our form cannot say."""
        conference = self.conference
        days = [timeslot.day for timeslot in conference.timeslots.values()]
        if not days:
            raise FormatError(f"{conference.name} has no timeslots; give it at least one")
        return Problem(
            programme="conference",
            zone="UTC",
            first_day=min(days),
            last_day=max(days),
            grid_minutes=5,
            policy=policy(conference, self._vocabulary()),
            rooms=tuple(self._room(room) for room in conference.rooms),
            timeslots=tuple(self._timeslot(timeslot) for timeslot in conference.timeslots),
            sessions=tuple(self._session(talk) for talk in conference.talks.values()),
            people=tuple(self._person(speaker) for speaker in conference.speakers),
        )

    def places(self, placements: Iterable[Placement]) -> dict[str, Place]:
        """By talk, in the source's names."""
        talks = {ours: source for source, ours in self.talks.items()}
        rooms = {ours: source for source, ours in self.rooms.items()}
        return {
            talks[placement.session]: Place(
                self._timeslot_at(self.conference.talks[talks[placement.session]], placement.start),
                rooms[placement.room],
            )
            for placement in placements
        }

    def _timeslot_at(self, talk: Talk, start: datetime) -> str:
        allowed = self.conference.talk_types[talk.type].timeslots
        return next(
            name for name in sorted(allowed) if self.conference.timeslots[name].start.replace(tzinfo=UTC) == start
        )

    def _vocabulary(self) -> Vocabulary:
        conference = self.conference
        lengths: dict[int, tuple[str, ...]] = {}
        for kind in sorted({talk.type for talk in conference.talks.values()}):
            minutes = self._minutes(kind)
            lengths[minutes] = (*lengths.get(minutes, ()), self.types[kind])
        return Vocabulary(
            timeslot_tags=self._named({tag for slot in conference.timeslots.values() for tag in slot.tags}),
            timeslots_as_tags=self._named(self._refused()),
            formats=lengths,
        )

    def _refused(self) -> set[str]:
        """The timeslots in which some speaker cannot come."""
        return {name for speaker in self.conference.speakers.values() for name in speaker.unavailable}

    def _minutes(self, kind: str) -> int:
        """How long talks of a type are."""
        lengths = {self.conference.timeslots[name].minutes for name in self.conference.talk_types[kind].timeslots}
        if len(lengths) != 1:
            name = self.conference.talk_types[kind].name
            raise FormatError(f"the timeslots of talk type {name} last {sorted(lengths)} minutes; allowed: one length")
        return lengths.pop()

    def _named(self, tags: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.tags[tag] for tag in tags)

    def _formats(self, *, timeslot: str | None = None, room: str | None = None) -> tuple[str, ...]:
        """The types that may have this timeslot, or this room; a name that no talk has where there is none."""
        kinds = self.conference.talk_types
        fitting = tuple(
            self.types[name] for name, kind in kinds.items() if timeslot in kind.timeslots or room in kind.rooms
        )
        return fitting or ("no-type-at-all",)

    def _timeslot(self, name: str) -> Timeslot:
        timeslot = self.conference.timeslots[name]
        itself = (name,) if name in self._refused() else ()
        return Timeslot(
            id=self.timeslots[name],
            start=_instant(timeslot.start),
            end=_instant(timeslot.end),
            tags=self._named([*timeslot.tags, *itself]),
            formats=self._formats(timeslot=name),
        )

    def _room(self, name: str) -> Room:
        room = self.conference.rooms[name]
        closed = {_span(self.conference.timeslots[slot]) for slot in room.unavailable}
        return Room(
            id=self.rooms[name],
            capacity=max(1, room.capacity),
            features=self._named(room.tags),
            formats=self._formats(room=name),
            unavailable=tuple(Span(start=start, end=end) for start, end in closed),
        )

    def _person(self, name: str) -> Person:
        speaker = self.conference.speakers[name]
        wishes = self._demand(speaker.timeslot)
        refused = {*wishes.prohibited, *self._named(speaker.unavailable)}
        return Person(
            id=self.speakers[name],
            timeslot_tags=wishes.model_copy(update={"prohibited": tuple(sorted(refused))}),
            room_tags=self._demand(speaker.room),
        )

    def _session(self, talk: Talk) -> Session:
        return Session(
            id=self.talks[talk.id],
            proposal=self.talks[talk.id],
            format=self.types[talk.type],
            minutes=self._minutes(talk.type),
            presenters=tuple(self.speakers[name] for name in set(talk.speakers)),
            pinned=self._pinned(talk),
            room_tags=self._demand(talk.room),
            timeslot_tags=self._demand(talk.timeslot),
            prerequisites=tuple(self.talks[name] for name in talk.prerequisites),
            exclusive=self._named(talk.mutually_exclusive),
            themes=self._named(talk.themes),
            sectors=self._named(talk.sectors),
            audience_types=self._named(talk.audience_types),
            audience_level=talk.audience_level,
            contents=self._named(talk.content),
            language=self.languages[talk.language],
            popularity=talk.favorites,
            crowd_risk=max(0, talk.crowd_risk),
        )

    def _pinned(self, talk: Talk) -> Pinned | None:
        if not (talk.pinned and talk.place):
            return None
        start = self.conference.timeslots[talk.place.timeslot].start
        return Pinned(room=self.rooms[talk.place.room], start=_instant(start))

    def _demand(self, wishes: TagWishes) -> TagDemand:
        return TagDemand(
            required=self._named(wishes.required),
            prohibited=self._named(wishes.prohibited),
            preferred=self._named(wishes.preferred),
            undesired=self._named(wishes.undesired),
        )


def _tags(conference: Conference) -> set[str]:
    """Every tag that talks, speakers, timeslots or rooms have or name."""
    talks, speakers = conference.talks.values(), conference.speakers.values()
    wishers: tuple[Talk | Speaker, ...] = (*talks, *speakers)
    wishes = [wish for one in wishers for wish in (one.timeslot, one.room)]
    asked = (one.required | one.prohibited | one.preferred | one.undesired for one in wishes)
    places: tuple[ConferenceTimeslot | ConferenceRoom, ...] = (
        *conference.timeslots.values(),
        *conference.rooms.values(),
    )
    had = (place.tags for place in places)
    about = (
        talk.themes | talk.sectors | talk.audience_types | talk.content | talk.mutually_exclusive for talk in talks
    )
    return {tag for tags in (*asked, *had, *about) for tag in tags}


def _instant(local: datetime) -> datetime:
    return local.replace(tzinfo=UTC)


def _span(timeslot: ConferenceTimeslot) -> tuple[datetime, datetime]:
    return _instant(timeslot.start), _instant(timeslot.end)
