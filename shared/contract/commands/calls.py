"""Commands around a programme's call: templates, access codes, proposals without an account, presenters' words."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import Field

from shared.contract.details import Call, PolicyLayers, Weekend
from shared.contract.facts.calls import Word
from shared.contract.facts.registrations import ProposalStatus
from shared.contract.facts.seats import SeatPolicy
from shared.contract.formats import OfferedFormat
from shared.contract.message import Command, Ids, Reply
from shared.contract.results import Accepted
from shared.contract.values import (
    Address,
    DateSpan,
    Id,
    Instant,
    Language,
    Line,
    Minutes,
    Prose,
    Tag,
    Value,
    Zone,
)

SecretCode = str
CODE = Field(
    default=None,
    min_length=8,
    max_length=100,
    pattern=r"^[!-~]+$",
    description="an access code, by which a proposal comes in while the call is closed",
)


class CreateProgramme(Command):
    """Announce a programme that is made from a template; what is stated here goes before the template's."""

    template: Id = Field(description="light-lunch-term, teachmeet-evening, unconference-day, workshop-series, ...")
    programme: Id
    title: Line
    first_day: date
    zone: Zone | None = Field(default=None, description="none: the community's")
    last_day: date | None = None
    closures: tuple[DateSpan, ...] | None = None
    nation: str | None = Field(
        default=None, pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$", description="whose bank holidays stay free, e.g. GB-ENG"
    )
    policy_pack: Id | None = None
    policy_layers: PolicyLayers | None = None
    weekend: Weekend = None
    grid_minutes: int | None = Field(default=None, ge=5, le=60)
    call: Call | None = None
    formats: tuple[OfferedFormat, ...] | None = Field(default=None, min_length=1, max_length=30)
    seats: SeatPolicy | None = None

    example: ClassVar[dict[str, Any]] = {
        "template": "teachmeet-evening",
        "programme": "teachmeet-march",
        "title": "TeachMeet in March",
        "first_day": "2027-03-11",
    }


class AskTemplates(Command):
    """Ask which templates of programmes there are."""

    example: ClassVar[dict[str, Any]] = {}


class TemplateShown(Value):
    """One template: what a programme made from it is like."""

    template: Id
    title: Line
    description: Prose
    days: int = Field(ge=1, description="from the first day to the last")
    policy_pack: Id
    grid_minutes: int
    formats: tuple[OfferedFormat, ...]


class Templates(Reply):
    """The templates of programmes."""

    templates: tuple[TemplateShown, ...]

    example: ClassVar[dict[str, Any]] = {
        "templates": [
            {
                "template": "teachmeet-evening",
                "title": "TeachMeet evening",
                "description": "One evening of short talks.",
                "days": 1,
                "policy_pack": "school-twilight",
                "grid_minutes": 5,
                "formats": [{"format": "nano", "minutes": 2}, {"format": "micro", "minutes": 7}],
            }
        ]
    }


class MakeAccessCode(Command):
    """Make an access code for proposals that come in while a programme's call is closed, or replace the one of that
    label. It is kept as a keyed digest: nobody can look it up afterwards."""

    programme: Id
    label: Id = Field(description="what it is called, such as for whom it is")
    code: SecretCode = Field(min_length=8, max_length=100, pattern=r"^[!-~]+$", description="8 to 100 visible ASCII")
    expires: Instant | None = None

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "label": "late-speakers",
        "code": "k7qd-93mz-x2vb",
        "expires": "2027-01-10T00:00:00Z",
    }


class RevokeAccessCode(Command):
    """Have an access code open nothing any more. What came in by it stays."""

    programme: Id
    label: Id

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027", "label": "late-speakers"}


class AskAccessCodes(Command):
    """Ask which access codes a programme has; the codes themselves are not known to anybody."""

    programme: Id

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class AccessCodeShown(Value):
    label: Id
    made_at: Instant
    expires: Instant | None = None


class AccessCodesShown(Reply):
    """The access codes of a programme, by label."""

    programme: Id
    codes: tuple[AccessCodeShown, ...]

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "codes": [{"label": "late-speakers", "made_at": "2026-12-20T10:00:00Z"}],
    }


class BeginProposal(Command):
    """Begin a proposal without an account. A draft is kept, and a link to it goes to the address by mail.

    The same again sends the link again, at most once in a quarter of an hour. Nobody is told whether an address is
    known here.
    """

    programme: Id
    name: Line
    address: Address
    title: Line
    format: Tag
    minutes: Minutes | None = Field(default=None, description="none: the format's")
    abstract: Prose = ""
    school: Line | None = None
    zone: Zone | None = Field(default=None, description="where the person is; none: the programme's zone")
    language: Language | None = Field(default=None, description="of the mails to this person")
    access_code: SecretCode | None = CODE

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "name": "Amara Osei",
        "address": "amara.osei@hillside.example",
        "title": "Retrieval practice in ten minutes",
        "format": "workshop",
        "minutes": 60,
    }


class Noted(Reply):
    """It is taken; nothing is told of who or what is known here."""

    status: Literal["accepted"] = "accepted"

    example: ClassVar[dict[str, Any]] = {"status": "accepted"}


class InvitePresenter(Command):
    """Name somebody, by address, who presents a proposal too. When it is accepted, they are asked to confirm."""

    proposal: Id
    name: Line
    address: Address
    access_code: SecretCode | None = CODE

    example: ClassVar[dict[str, Any]] = {
        "proposal": "retrieval-practice",
        "name": "Ben Ito",
        "address": "ben.ito@lakeside.example",
    }


class SimilarProposal(Value):
    """A proposal of the programme that looks like it. The title is left out where the asker may not know it yet."""

    proposal: Id | None = None
    title: Line | None = None
    status: ProposalStatus
    likeness: int = Field(ge=0, le=100, description="100: the same words and tags")


class ProposalSaved(Accepted):
    """The proposal is kept; a warning where it looks like others of the programme."""

    similar: tuple[SimilarProposal, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "status": "accepted",
        "id": "retrieval-practice",
        "seq": 17,
        "similar": [
            {
                "proposal": "quizzes-that-stick",
                "title": "Retrieval practice: quizzes that stick",
                "status": "accepted",
                "likeness": 86,
            }
        ],
    }


class AskSimilar(Command):
    """Ask which other proposals of its programme a proposal looks like."""

    proposal: Id

    example: ClassVar[dict[str, Any]] = {"proposal": "retrieval-practice"}


class Similar(Reply):
    """The proposals that look like it, the most similar first."""

    similar: tuple[SimilarProposal, ...]

    example: ClassVar[dict[str, Any]] = {"similar": ProposalSaved.example["similar"]}


class AcceptProposals(Command):
    """Accept several proposals together: all of them, or none when one cannot be."""

    proposals: Ids = Field(min_length=1, max_length=200)
    ask: bool = Field(default=True, description="have every presenter confirm; false: they have said yes already")

    example: ClassVar[dict[str, Any]] = {"proposals": ["retrieval-practice", "quizzes-that-stick"]}


class ConsiderProposal(Command):
    """Mark a submitted proposal as a maybe: it can be solved with those that are accepted, before it is one."""

    proposal: Id

    example: ClassVar[dict[str, Any]] = {"proposal": "retrieval-practice"}


class CallOffSession(Command):
    """Do not hold one session of an accepted proposal in several parts, or hold it again.

    The others stay as they are. It leaves the plan with the next solve, and calendars with the next release.
    """

    proposal: Id
    session: Id
    off: bool = Field(default=True, description="false: it is held after all")

    example: ClassVar[dict[str, Any]] = {"proposal": "drawing", "session": "drawing-part-3"}


class ConfirmPart(Command):
    """A presenter confirms that they present an accepted proposal."""

    proposal: Id
    person: Id

    example: ClassVar[dict[str, Any]] = {"proposal": "retrieval-practice", "person": "p-001"}


class DeclinePart(Command):
    """A presenter cannot present an accepted proposal after all. The organiser sees it; the session stays."""

    proposal: Id
    person: Id

    example: ClassVar[dict[str, Any]] = {"proposal": "retrieval-practice", "person": "p-001"}


class AskProposals(Command):
    """Ask for the proposals of a programme."""

    programme: Id
    status: ProposalStatus | None = None
    unconfirmed: bool = Field(
        default=False, description="only accepted ones with a presenter who has not confirmed, or has declined"
    )
    page: int = Field(default=1, ge=1, description="which page of the answer, which may be too long for one message")

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027", "unconfirmed": True}


class PresenterShown(Value):
    """A presenter, and their word on an accepted proposal; none where they were not asked."""

    person: Id
    name: Line | None = None
    word: Word | None = None
    asked: Instant | None = None


class ProposalLine(Value):
    """One proposal of a list."""

    proposal: Id
    title: Line
    format: Tag
    minutes: Minutes
    parts: int = Field(default=1, ge=0, description="sessions that it is; those that were called off do not count")
    weekly: bool = Field(default=False, description="whether its parts are the dates of a weekly series")
    status: ProposalStatus
    presenters: tuple[PresenterShown, ...]
    access: Id | None = Field(default=None, description="label of the access code by which it came in")


class Proposals(Reply):
    """The proposals of a programme, by title."""

    programme: Id
    proposals: tuple[ProposalLine, ...]
    page: int = Field(default=1, ge=1)
    pages: int = Field(default=1, ge=1)

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "proposals": [
            {
                "proposal": "retrieval-practice",
                "title": "Retrieval practice in ten minutes",
                "format": "workshop",
                "minutes": 60,
                "status": "accepted",
                "presenters": [
                    {"person": "p-001", "name": "Amara Osei", "word": "asked", "asked": "2026-12-20T10:00:00Z"}
                ],
            }
        ],
    }
