"""Commands of the scheduler, and the questions it answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.facts.scheduler import ChangeCounts, Disturbance, Limits, Placement, Plan, PlanMode, Release
from shared.contract.message import Command, Ids, Reply
from shared.contract.values import Id, Instant, Line, Prose, Value


class RequestPlan(Command):
    """Ask for a schedule. It becomes a draft; nothing is released by itself."""

    programme: Id
    at_least_seq: int = Field(
        default=0,
        ge=0,
        description="highest sequence of your accepted commands; what is stored by then goes in anyway",
    )
    limits: Limits = Limits()
    mode: PlanMode = PlanMode.FRESH
    disturbance: Disturbance = Disturbance()
    include_maybe: bool = Field(
        default=False,
        description="place proposals that are a maybe as well; released only once those placed are accepted",
    )

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027", "at_least_seq": 412}


class CancelPlan(Command):
    """Stop a running solve. The programme keeps its last release."""

    programme: Id

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class AskPlan(Command):
    """Ask for the present plan of a programme."""

    programme: Id

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class PlanShown(Reply):
    """The present plan. An outdated draft was solved from facts that have changed since."""

    plan: Plan | None = None
    outdated: bool = False
    releases: int = Field(default=0, ge=0, description="number of the last release; 0 when there is none")
    titles: dict[Id, str] = Field(default={}, description="title by proposal")
    rooms: dict[Id, str] = Field(default={}, description="name and site by room")
    zone: str | None = None

    example: ClassVar[dict[str, Any]] = {"plan": Plan.example, "releases": 1}


class PublishRelease(Command):
    """Release a draft: the programme as everybody will see it, with the next number."""

    programme: Id
    request: Id = Field(description="the request whose draft is released")
    accept_outdated: bool = False
    accept_blocked: bool = Field(default=False, description="release it although it breaks rules that block a release")
    note: Line | None = Field(default=None, description="what changes and why, for the changelog")

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027", "request": "01jd3v7q2m8f4k6n9r1t5w7y0z"}


class AskRelease(Command):
    """Ask for a release; the last one when no number is given."""

    programme: Id
    number: int | None = Field(default=None, ge=1)

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class ReleaseShown(Reply):
    """A release, or none."""

    release: Release | None = None

    example: ClassVar[dict[str, Any]] = {"release": Release.example}


PAGE = Field(default=1, ge=1, description="which page of the answer, which may be too long for one message")
PAGES = Field(default=1, ge=1, description="how many pages the whole answer has")


class ChangeKind(StrEnum):
    """What became of a session from one release to another."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED_IN_TIME = "moved-in-time"
    MOVED_IN_ROOM = "moved-in-room"
    MOVED_IN_BOTH = "moved-in-both"


class ReleaseChange(Value):
    """One session that a release treats differently, with a sentence that names no person."""

    session: Id
    proposal: Id
    kind: ChangeKind
    was: Placement | None = None
    now: Placement | None = None
    sentence: Prose


class AskDifference(Command):
    """Ask what changes from one release of a programme to another; from the last but one to the last unless told."""

    programme: Id
    since: int | None = Field(default=None, ge=0, description="number of the earlier release; 0: before the first")
    until: int | None = Field(default=None, ge=1, description="number of the later release")
    page: int = PAGE

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027", "since": 1, "until": 2}


class Difference(Reply):
    """What changes between two releases, in order of time. Titles and rooms are told as they are known now."""

    programme: Id
    since: int = Field(ge=0)
    until: int = Field(ge=1)
    counts: ChangeCounts
    changes: tuple[ReleaseChange, ...] = ()
    page: int = PAGE
    pages: int = PAGES

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "since": 1,
        "until": 2,
        "counts": {"moved_in_room": 1},
        "changes": [
            {
                "session": "retrieval-practice",
                "proposal": "retrieval-practice",
                "kind": "moved-in-room",
                "was": Release.example["placements"][0],
                "now": Release.example["placements"][0] | {"room": "hall"},
                "sentence": "Retrieval practice in ten minutes on Tue 12 Jan 15:30 moves from Library to Hall.",
            }
        ],
    }


class AskChangelog(Command):
    """Ask which releases a programme had."""

    programme: Id
    page: int = PAGE

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class ChangelogEntry(Value):
    """One release: when, what the organiser says of it, and how much it changed."""

    number: int = Field(ge=1)
    published_at: Instant | None = None
    note: Line | None = None
    counts: ChangeCounts


class Changelog(Reply):
    """The releases of a programme, the newest first."""

    programme: Id
    releases: tuple[ChangelogEntry, ...] = ()
    page: int = PAGE
    pages: int = PAGES

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "releases": [{"number": 1, "published_at": "2026-12-01T09:20:00Z", "counts": {"added": 14}}],
    }


class ExportFormat(StrEnum):
    """The forms in which a release can be handed on; see docs/exports.md."""

    XML = "xml"
    SCHEDULE_JSON = "schedule-json"
    ICALENDAR = "ics"
    CSV = "csv"
    JSON = "json"


class AskExport(Command):
    """Ask for a release as a file, in the form that other programs read; the last one when no number is given."""

    programme: Id
    number: int | None = Field(default=None, ge=1)
    format: ExportFormat
    names: dict[Id, Line] = Field(
        default={},
        max_length=1000,
        description="names to show, by presenter (person.names tells the public ones); nobody else is mentioned",
    )
    url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s<>\"#]{1,300}$",
        description="page that shows the programme; makes the links",
    )
    page: int = PAGE

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027", "format": "ics"}


class Export(Reply):
    """One page of an exported release. The texts of all pages, joined and encoded as UTF-8, are the file."""

    programme: Id
    number: int = Field(ge=1)
    media_type: str
    text: str
    digest: str = Field(description="SHA-256 of the whole file; pages of one file have the same")
    page: int = PAGE
    pages: int = PAGES

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "number": 1,
        "media_type": "text/calendar; charset=utf-8",
        "text": "BEGIN:VCALENDAR\r\n…",
        "digest": "9f2c",
    }


class AskAttendance(Command):
    """Ask who can attend how much of the last release."""

    programme: Id

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class GroupAttendance(Value):
    """How much of what a group wants its people can attend, in counts of (person, session) wishes."""

    school: Line
    department: Line | None = None
    people: int
    wishes: int
    can_attend: int
    if_need_be: int


class SessionAttendance(Value):
    """How many of the people who want a session can attend it."""

    session: Id
    wishes: int
    can_attend: int
    if_need_be: int


class Attendance(Reply):
    """Who can attend how much. Computed when asked, never stored."""

    groups: tuple[GroupAttendance, ...]
    sessions: tuple[SessionAttendance, ...]
    people_without_any: Ids = Field(description="people with wishes who can attend none of them")

    example: ClassVar[dict[str, Any]] = {
        "groups": [
            {
                "school": "Hillside School",
                "department": "Science",
                "people": 9,
                "wishes": 21,
                "can_attend": 18,
                "if_need_be": 2,
            }
        ],
        "sessions": [{"session": "retrieval-practice", "wishes": 12, "can_attend": 11, "if_need_be": 1}],
        "people_without_any": [],
    }
