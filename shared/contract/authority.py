"""Who may do what: one pure function over caller, actor and command."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.contract.commands.calendars import (
    AskAvailability,
    AskCalendars,
    ConnectCalendar,
    DisconnectCalendar,
    ReadCalendar,
    RenewAvailability,
    SayAvailability,
    UploadCalendar,
)
from shared.contract.commands.calls import (
    AcceptProposals,
    AskAccessCodes,
    AskProposals,
    AskSimilar,
    AskTemplates,
    BeginProposal,
    CallOffSession,
    ConfirmPart,
    ConsiderProposal,
    CreateProgramme,
    DeclinePart,
    InvitePresenter,
    MakeAccessCode,
    RevokeAccessCode,
)
from shared.contract.commands.digests import AppointManager, AskDigestMaterial, AskTeamCounts
from shared.contract.commands.enrolment import (
    AskEnrolmentRules,
    AskManagers,
    LeaveEnrolment,
    RemoveEnrolmentRule,
    SetEnrolmentRule,
)
from shared.contract.commands.explaining import AskAlternatives, AskExplanation, AskWhatIf
from shared.contract.commands.health import CheckHealth
from shared.contract.commands.hypothetical import AskHypotheticalSeatings
from shared.contract.commands.intake import AskData, AskPersonState, AskProgramme, AskProposal
from shared.contract.commands.interests import ImportInterests
from shared.contract.commands.notices import AskFeed, AskFeedLink, AskOwnFeed, StatePreference
from shared.contract.commands.notifier import AskDelivery, AskLink
from shared.contract.commands.pins import AskPins, PinSession, UnpinSession
from shared.contract.commands.privacy import AskErasures, AskExpiring, ErasePerson, ExportPerson
from shared.contract.commands.registrations import (
    AcceptProposal,
    AddRoom,
    AnnounceProgramme,
    AskNames,
    AskPerson,
    DraftProposal,
    EstablishCommunity,
    ImportPeople,
    RegisterPerson,
    StateAvailability,
    StateInterest,
    SubmitProposal,
    WithdrawProposal,
    WithdrawRoom,
)
from shared.contract.commands.replies import (
    AnswerInvitation,
    AskAnswer,
    AskReplies,
    DecideCounter,
    DecideQuarantine,
)
from shared.contract.commands.scheduler import (
    AskAttendance,
    AskChangelog,
    AskDifference,
    AskExport,
    AskPlan,
    AskRelease,
    CancelPlan,
    PublishRelease,
    RequestPlan,
)
from shared.contract.commands.seats import AcceptSeat, AskSeat, DeclineSeat, ReleaseSeat, TakeSeat
from shared.contract.commands.sending import (
    AskOutbox,
    AskSuppressions,
    LiftSuppression,
    PauseSending,
    ResumeSending,
)
from shared.contract.message import Command
from shared.contract.results import Rejection, RejectionCode

# Only these callers speak for somebody else; they sign people in and check links themselves.
TRUSTED_CALLERS = frozenset({"web", "cli"})
# Our own services ask each other; nobody else can have their names (the broker holds callers to them).
SERVICE_CALLERS = frozenset({"notifier"})
ORGANISER = "organiser"
OWN = "own"
_PERSON = "person:"


class ActorKind(StrEnum):
    ORGANISER = "organiser"
    PERSON = "person"
    PARTNER = "partner"
    SERVICE = "service"
    ANYONE = "anyone"


@dataclass(frozen=True)
class Actor:
    """On whose behalf a command comes: the organiser, a person, a partner system, or nobody in particular."""

    kind: ActorKind
    name: str = ""

    @property
    def origin(self) -> str:
        """Whose an entity is that this actor brings: the partner's, or the community's own."""
        return self.name if self.kind is ActorKind.PARTNER else OWN

    def source(self, stated: str) -> str:
        """The name under which this actor's word about availability is kept; a partner cannot speak as another."""
        return self.name if self.kind is ActorKind.PARTNER else stated


def person_actor(person: str) -> str:
    """The ``ce-actor`` attribute for a person who acts through a trusted caller."""
    return f"{_PERSON}{person}"


def actor_of(caller: str, stated: str | None) -> Actor:
    """The actor behind a message. What is stated is believed from trusted callers only; a partner is itself."""
    if caller in SERVICE_CALLERS:
        return Actor(ActorKind.SERVICE, caller)
    if caller not in TRUSTED_CALLERS:
        return Actor(ActorKind.PARTNER, caller)
    if stated == ORGANISER:
        return Actor(ActorKind.ORGANISER)
    if stated is not None and stated.startswith(_PERSON):
        return Actor(ActorKind.PERSON, stated.removeprefix(_PERSON))
    return Actor(ActorKind.ANYONE)


# What is released is for everybody.
_PUBLIC_QUESTIONS = (AskRelease, AskDifference, AskChangelog, AskExport, AskFeed, AskProposal, AskProgramme)
_SERVICE_QUESTIONS = (AskDigestMaterial, AskTeamCounts, AskHypotheticalSeatings, AskPlan)
# About one person: the organiser and that person.
_CALENDAR_COMMANDS = (
    SayAvailability,
    RenewAvailability,
    UploadCalendar,
    AskAvailability,
    ConnectCalendar,
    DisconnectCalendar,
    ReadCalendar,
    AskCalendars,
)
_PARTNER_COMMANDS = (
    RegisterPerson,
    ImportPeople,
    ImportInterests,
    AddRoom,
    WithdrawRoom,
    DraftProposal,
    SubmitProposal,
    WithdrawProposal,
    CallOffSession,
    StateAvailability,
    StateInterest,
    TakeSeat,
    ReleaseSeat,
    ErasePerson,
    AskPersonState,
    *_PUBLIC_QUESTIONS,
)
_ORGANISER_COMMANDS = (
    *_PARTNER_COMMANDS,
    *_CALENDAR_COMMANDS,
    AskData,
    ExportPerson,
    AskErasures,
    AskExpiring,
    EstablishCommunity,
    AnnounceProgramme,
    AcceptProposal,
    AcceptProposals,
    ConsiderProposal,
    CreateProgramme,
    AskTemplates,
    MakeAccessCode,
    RevokeAccessCode,
    AskAccessCodes,
    AskProposals,
    AskSimilar,
    BeginProposal,
    InvitePresenter,
    RequestPlan,
    CancelPlan,
    AskPlan,
    AskExplanation,
    AskWhatIf,
    AskAlternatives,
    PublishRelease,
    PinSession,
    UnpinSession,
    AskPins,
    AskAttendance,
    AskDelivery,
    AskLink,
    PauseSending,
    ResumeSending,
    AskOutbox,
    LiftSuppression,
    AskSuppressions,
    AnswerInvitation,
    AskReplies,
    DecideCounter,
    DecideQuarantine,
    AppointManager,
    AskManagers,
    AcceptSeat,
    DeclineSeat,
    AskSeat,
    SetEnrolmentRule,
    RemoveEnrolmentRule,
    AskEnrolmentRules,
    LeaveEnrolment,
    StatePreference,
)

# A person may give these about themselves.
_ABOUT_THEMSELVES = (
    RegisterPerson,
    StateAvailability,
    StateInterest,
    AskPerson,
    AnswerInvitation,
    AskAnswer,
    ErasePerson,
    ExportPerson,
    AskPersonState,
    TakeSeat,
    ReleaseSeat,
    AcceptSeat,
    DeclineSeat,
    AskSeat,
    LeaveEnrolment,
    StatePreference,
    AskOwnFeed,
    AskFeedLink,
    SayAvailability,
    RenewAvailability,
    UploadCalendar,
    AskAvailability,
    ConnectCalendar,
    DisconnectCalendar,
    ReadCalendar,
    AskCalendars,
    ConfirmPart,
    DeclinePart,
)


def may(caller: str, actor: Actor, command: Command) -> bool:
    """Whether ``caller``, acting for ``actor``, may give this command, judged by the command alone.

    Whether a proposal is the person's own is known only with its state; the registrations service decides that.
    """
    if isinstance(command, CheckHealth):
        return caller in TRUSTED_CALLERS
    match actor.kind:
        case ActorKind.ORGANISER:
            return isinstance(command, _ORGANISER_COMMANDS)
        case ActorKind.PARTNER:
            return isinstance(command, _PARTNER_COMMANDS)
        case ActorKind.SERVICE:
            return isinstance(command, _SERVICE_QUESTIONS)
        case ActorKind.PERSON:
            return _may_person(actor.name, command)
        case ActorKind.ANYONE:
            return isinstance(command, (AskNames, BeginProposal, *_PUBLIC_QUESTIONS))


def _may_person(person: str, command: Command) -> bool:
    if isinstance(command, _PUBLIC_QUESTIONS):
        return True
    if isinstance(command, _ABOUT_THEMSELVES):
        return command.person == person
    match command:
        case DraftProposal():
            return person in command.presenters
        case InvitePresenter() | AskSimilar() | WithdrawProposal() | CallOffSession() | AskNames():
            return True
    return False


def authorise(caller: str, actor: Actor, command: Command) -> None:
    """Raise the rejection that tells ``caller`` what it may not do."""
    if not may(caller, actor, command):
        raise Rejection.of(
            RejectionCode.NOT_ALLOWED,
            "actor",
            f"{actor.kind} {actor.name}".strip() + f" may not give {type(command).__name__} through {caller}",
            "somebody with the right to do so; see the contract's table of rights",
        )
