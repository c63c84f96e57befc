"""Who may do what: one table over every command, every caller and every actor."""

from __future__ import annotations

import pytest

from shared.contract.authority import TRUSTED_CALLERS, Actor, ActorKind, actor_of, authorise, may, person_actor
from shared.contract.catalogue import ENDPOINTS
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

# How each asker comes: the caller (the broker holds it to its name), and the actor that the message states.
# "themselves" is the person whom the command is about; every example below is about p-001.
ASKERS = {
    "organiser via cli": ("cli", "organiser"),
    "organiser via web": ("web", "organiser"),
    "themselves": ("web", person_actor("p-001")),
    "another person": ("web", person_actor("p-999")),
    "partner": ("timetables", None),
    "partner that says organiser": ("timetables", "organiser"),
    "partner that says person": ("timetables", person_actor("p-001")),
    "our notifier": ("notifier", None),
    "our notifier that says organiser": ("notifier", "organiser"),
    "anyone": ("web", None),
    "anyone with an odd actor": ("web", "Organiser"),
}
ORGANISER = {"organiser via cli", "organiser via web"}
PARTNER = {"partner", "partner that says organiser", "partner that says person"}
SERVICE = {"our notifier", "our notifier that says organiser"}
THEMSELVES = {"themselves"}
PEOPLE = {"themselves", "another person"}
ANYONE = {"anyone", "anyone with an odd actor"}

TABLE: dict[type[Command], set[str]] = {
    EstablishCommunity: ORGANISER,
    AnnounceProgramme: ORGANISER,
    RegisterPerson: ORGANISER | PARTNER | THEMSELVES,
    ImportPeople: ORGANISER | PARTNER,
    ImportInterests: ORGANISER | PARTNER,
    AskPersonState: ORGANISER | PARTNER | THEMSELVES,
    # What is told of them depends on whose they are; registrations decides that.
    AskProposal: ORGANISER | PARTNER | PEOPLE | ANYONE,
    AskProgramme: ORGANISER | PARTNER | PEOPLE | ANYONE,
    AskData: ORGANISER,
    AddRoom: ORGANISER | PARTNER,
    WithdrawRoom: ORGANISER | PARTNER,
    DraftProposal: ORGANISER | PARTNER | THEMSELVES,
    SubmitProposal: ORGANISER | PARTNER | THEMSELVES,
    AcceptProposal: ORGANISER,
    AcceptProposals: ORGANISER,
    ConsiderProposal: ORGANISER,
    CreateProgramme: ORGANISER,
    AskTemplates: ORGANISER,
    MakeAccessCode: ORGANISER,
    RevokeAccessCode: ORGANISER,
    AskAccessCodes: ORGANISER,
    AskProposals: ORGANISER,
    BeginProposal: ORGANISER | ANYONE,
    # Whose proposal it is, only its state tells.
    InvitePresenter: ORGANISER | PEOPLE,
    AskSimilar: ORGANISER | PEOPLE,
    ConfirmPart: THEMSELVES,
    DeclinePart: THEMSELVES,
    # Whose proposal it is, only its state tells; registrations decides that.
    WithdrawProposal: ORGANISER | PARTNER | PEOPLE,
    CallOffSession: ORGANISER | PARTNER | PEOPLE,
    StateAvailability: ORGANISER | PARTNER | THEMSELVES,
    StateInterest: ORGANISER | PARTNER | THEMSELVES,
    SayAvailability: ORGANISER | THEMSELVES,
    RenewAvailability: ORGANISER | THEMSELVES,
    UploadCalendar: ORGANISER | THEMSELVES,
    AskAvailability: ORGANISER | THEMSELVES,
    ConnectCalendar: ORGANISER | THEMSELVES,
    DisconnectCalendar: ORGANISER | THEMSELVES,
    ReadCalendar: ORGANISER | THEMSELVES,
    AskCalendars: ORGANISER | THEMSELVES,
    # Whether a partner brought that person, only its state tells; registrations decides that.
    ErasePerson: ORGANISER | PARTNER | THEMSELVES,
    ExportPerson: ORGANISER | THEMSELVES,
    AskErasures: ORGANISER,
    AskExpiring: ORGANISER,
    AskNames: PEOPLE | ANYONE,
    AskPerson: THEMSELVES,
    CheckHealth: ORGANISER | PEOPLE | ANYONE,
    RequestPlan: ORGANISER,
    CancelPlan: ORGANISER,
    AskPlan: ORGANISER | SERVICE,
    AskExplanation: ORGANISER,
    AskWhatIf: ORGANISER,
    AskAlternatives: ORGANISER,
    PublishRelease: ORGANISER,
    PinSession: ORGANISER,
    UnpinSession: ORGANISER,
    AskPins: ORGANISER,
    AskRelease: ORGANISER | PARTNER | PEOPLE | ANYONE,
    AskDifference: ORGANISER | PARTNER | PEOPLE | ANYONE,
    AskChangelog: ORGANISER | PARTNER | PEOPLE | ANYONE,
    AskExport: ORGANISER | PARTNER | PEOPLE | ANYONE,
    AskAttendance: ORGANISER,
    AskDelivery: ORGANISER,
    AskLink: ORGANISER,
    PauseSending: ORGANISER,
    ResumeSending: ORGANISER,
    AskOutbox: ORGANISER,
    LiftSuppression: ORGANISER,
    AskSuppressions: ORGANISER,
    AnswerInvitation: ORGANISER | THEMSELVES,
    AskAnswer: THEMSELVES,
    AskReplies: ORGANISER,
    DecideCounter: ORGANISER,
    DecideQuarantine: ORGANISER,
    AppointManager: ORGANISER,
    AskManagers: ORGANISER,
    TakeSeat: ORGANISER | PARTNER | THEMSELVES,
    ReleaseSeat: ORGANISER | PARTNER | THEMSELVES,
    AcceptSeat: ORGANISER | THEMSELVES,
    DeclineSeat: ORGANISER | THEMSELVES,
    AskSeat: ORGANISER | THEMSELVES,
    SetEnrolmentRule: ORGANISER,
    RemoveEnrolmentRule: ORGANISER,
    AskEnrolmentRules: ORGANISER,
    LeaveEnrolment: ORGANISER | THEMSELVES,
    StatePreference: ORGANISER | THEMSELVES,
    AskFeed: ORGANISER | PARTNER | PEOPLE | ANYONE,
    AskOwnFeed: THEMSELVES,
    AskFeedLink: THEMSELVES,
    AskDigestMaterial: SERVICE,
    AskTeamCounts: SERVICE,
    AskHypotheticalSeatings: SERVICE,
}


def about_p001(model: type[Command]) -> Command:
    """The example of a command, about the person p-001."""
    example = dict(model.example)
    if "person" in model.model_fields:
        example["person"] = "p-001"
    if "presenters" in model.model_fields:
        example["presenters"] = ["p-001"]
    return model.model_validate(example)


def test_the_table_has_every_command_of_the_contract() -> None:
    assert {endpoint.command for endpoint in ENDPOINTS} == set(TABLE)


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize("command", TABLE, ids=lambda command: command.__name__)
def test_may(command: type[Command], asker: str) -> None:
    caller, stated = ASKERS[asker]
    assert may(caller, actor_of(caller, stated), about_p001(command)) == (asker in TABLE[command])


@pytest.mark.parametrize("command", TABLE, ids=lambda command: command.__name__)
def test_who_may_not_is_told_so_and_what_to_look_at(command: type[Command]) -> None:
    refused = next(asker for asker in ASKERS if asker not in TABLE[command]) if TABLE[command] != {*ASKERS} else None
    if refused is None:
        return
    caller, stated = ASKERS[refused]
    with pytest.raises(Rejection) as rejection:
        authorise(caller, actor_of(caller, stated), about_p001(command))
    assert rejection.value.code is RejectionCode.NOT_ALLOWED
    assert [error.field for error in rejection.value.errors] == ["actor"]


@pytest.mark.parametrize("stated", [None, "organiser", "person:p-001", "", "partner:rooms", "nobody"])
@pytest.mark.parametrize("caller", ["timetables", "rooms", "registrations", "scheduler", "notifier", "provision"])
def test_only_web_and_cli_are_believed(caller: str, stated: str | None) -> None:
    assert caller not in TRUSTED_CALLERS
    kind = ActorKind.SERVICE if caller == "notifier" else ActorKind.PARTNER
    assert actor_of(caller, stated) == Actor(kind, caller)


def test_all_that_partners_may_change_comes_by_the_inbox_too_and_nothing_else() -> None:
    by_inbox = {each.command for each in ENDPOINTS if each.inbox}
    assert by_inbox == {each for each, askers in TABLE.items() if askers >= PARTNER and not _asks(each)}


def _asks(command: type[Command]) -> bool:
    return command.__name__.startswith("Ask")


def test_a_partners_statements_are_kept_under_its_own_name() -> None:
    assert actor_of("timetables", "organiser").source("self") == "timetables"
    assert actor_of("web", person_actor("p-001")).source("self") == "self"
