"""The whole contract as two tables: every kind of fact, and every endpoint."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contract.commands import (
    calendars,
    calls,
    digests,
    enrolment,
    explaining,
    health,
    hypothetical,
    intake,
    interests,
    notices,
    notifier,
    pins,
    privacy,
    registrations,
    replies,
    scheduler,
    seats,
    sending,
)
from shared.contract.envelope import command_type
from shared.contract.facts.calendars import CalendarSource
from shared.contract.facts.calls import AccessCodes, CodeGuesses, Confirmation
from shared.contract.facts.enrolment import Enrolment, EnrolmentRule
from shared.contract.facts.externals import External
from shared.contract.facts.managing import Manager
from shared.contract.facts.notices import Notice, Preference
from shared.contract.facts.notifier import Invite
from shared.contract.facts.pins import Pin
from shared.contract.facts.privacy import Erased, Erasure, Receipt
from shared.contract.facts.registrations import (
    Affiliation,
    Availability,
    Community,
    Contact,
    Interest,
    PersonKey,
    Programme,
    Proposal,
    Room,
    Seating,
)
from shared.contract.facts.replies import Answered, Quarantined
from shared.contract.facts.scheduler import Plan, Release
from shared.contract.facts.seats import Draws, PersonSeats
from shared.contract.facts.sending import Sending, Suppression
from shared.contract.message import Command, Fact, Reply
from shared.contract.results import Accepted
from shared.contract.subjects import EntityRef, Service

ERASED = "erased"


@dataclass(frozen=True)
class FactKind:
    """One kind of entity: whose it is, what its id tokens mean, and what can happen to it."""

    service: Service
    entity: str
    ids: tuple[str, ...]
    model: type[Fact]
    whats: tuple[str, ...]
    tombstone: type[Fact] | None = None
    """what is left when it was erased"""

    def ref(self, community: str, *ids: str) -> EntityRef:
        if len(ids) != len(self.ids):
            raise ValueError(f"{self.entity} is identified by {', '.join(self.ids)}, not by {len(ids)} ids")
        return EntityRef(community, self.service, self.entity, ids)

    def model_of(self, what: str) -> type[Fact]:
        """The form of the fact that tells of that."""
        return self.tombstone if self.tombstone is not None and what == ERASED else self.model

    @property
    def is_about_a_person(self) -> bool:
        """Whether each such entity belongs to one person, whose id comes first."""
        return self.ids[0] == "person"


@dataclass(frozen=True)
class Endpoint:
    """One request that a service answers; with ``inbox``, partners may also publish it while the service is down."""

    service: Service
    entity: str
    verb: str
    command: type[Command]
    reply: type[Reply] = Accepted
    inbox: bool = False

    @property
    def type(self) -> str:
        return command_type(self.service, self.entity, self.verb)


COMMUNITY = FactKind(Service.REGISTRATIONS, "community", ("community",), Community, ("established",))
PROGRAMME = FactKind(Service.REGISTRATIONS, "programme", ("programme",), Programme, ("announced",))
CONTACT = FactKind(
    Service.REGISTRATIONS, "contact", ("person",), Contact, ("registered", "verified", ERASED), tombstone=Erased
)
PERSON_KEY = FactKind(Service.REGISTRATIONS, "person-key", ("digest",), PersonKey, ("claimed",))
EXTERNAL = FactKind(Service.REGISTRATIONS, "external", ("partner", "digest"), External, ("claimed",))
AFFILIATION = FactKind(Service.REGISTRATIONS, "affiliation", ("person",), Affiliation, ("stated",))
ROOM = FactKind(Service.REGISTRATIONS, "room", ("room",), Room, ("added", "withdrawn"))
PROPOSAL = FactKind(
    Service.REGISTRATIONS,
    "proposal",
    ("proposal",),
    Proposal,
    ("drafted", "submitted", "maybe", "accepted", "withdrawn"),
)
ACCESS_CODE = FactKind(
    Service.REGISTRATIONS, "access-code", ("programme",), AccessCodes, ("made", "revoked", "guessed")
)
CODE_GUESS = FactKind(Service.REGISTRATIONS, "code-guess", ("person", "programme"), CodeGuesses, ("guessed",))
CONFIRMATION = FactKind(
    Service.REGISTRATIONS, "confirmation", ("person", "proposal"), Confirmation, ("asked", "confirmed", "declined")
)
AVAILABILITY = FactKind(Service.REGISTRATIONS, "availability", ("person",), Availability, ("stated",))
CALENDAR_SOURCE = FactKind(
    Service.REGISTRATIONS,
    "calendar-source",
    ("person", "source"),
    CalendarSource,
    ("connected", "claimed", "read", "failed", "disconnected"),
)
INTEREST = FactKind(Service.REGISTRATIONS, "interest", ("person", "session"), Interest, ("stated",))
SEATING = FactKind(Service.REGISTRATIONS, "seating", ("session",), Seating, ("seated",))
PERSON_SEATS = FactKind(Service.REGISTRATIONS, "person-seats", ("person",), PersonSeats, ("changed",))
DRAW = FactKind(Service.REGISTRATIONS, "draw", ("programme",), Draws, ("committed", "revealed"))
ENROLMENT_RULE = FactKind(Service.REGISTRATIONS, "enrolment-rule", ("rule",), EnrolmentRule, ("stated", "removed"))
ENROLMENT = FactKind(
    Service.REGISTRATIONS, "enrolment", ("person", "programme"), Enrolment, ("enrolled", "left", "ended")
)
MANAGER = FactKind(Service.REGISTRATIONS, "manager", ("person",), Manager, ("appointed",))
ERASURE = FactKind(Service.REGISTRATIONS, "erasure", ("person",), Erasure, ("begun", "swept"))
SCHEDULER_RECEIPT = FactKind(Service.SCHEDULER, "erasure", ("person",), Receipt, ("swept",))
NOTIFIER_RECEIPT = FactKind(Service.NOTIFIER, "erasure", ("person",), Receipt, ("swept",))
PLAN = FactKind(Service.SCHEDULER, "plan", ("programme",), Plan, ("requested", "drafted", "cancelled", "failed"))
RELEASE = FactKind(Service.SCHEDULER, "release", ("programme", "number"), Release, ("published",))
PIN = FactKind(Service.SCHEDULER, "pin", ("session",), Pin, ("pinned", "unpinned"))
INVITE = FactKind(
    Service.NOTIFIER,
    "invite",
    ("person", "session", "n"),
    Invite,
    ("claimed", "sent", "refused", "deferred", "in-doubt"),
)
NOTICE = FactKind(
    Service.NOTIFIER,
    "notice",
    ("person", "kind", "about", "occasion"),
    Notice,
    ("claimed", "sent", "refused", "deferred", "in-doubt"),
)
PREFERENCE = FactKind(Service.NOTIFIER, "preference", ("person",), Preference, ("stated",))
SUPPRESSION = FactKind(Service.NOTIFIER, "suppression", ("person",), Suppression, ("suppressed", "lifted"))
SENDING = FactKind(Service.NOTIFIER, "sending", ("community",), Sending, ("paused", "resumed"))
REPLY = FactKind(
    Service.NOTIFIER,
    "reply",
    ("person", "session"),
    Answered,
    ("answered", "obsolete", "countered", "counter-decided", "refresh-asked", "ignored"),
)
QUARANTINE = FactKind(Service.NOTIFIER, "quarantine", ("person", "id"), Quarantined, ("kept", "admitted", "dismissed"))

FACTS: tuple[FactKind, ...] = (
    COMMUNITY,
    PROGRAMME,
    CONTACT,
    PERSON_KEY,
    EXTERNAL,
    AFFILIATION,
    ROOM,
    PROPOSAL,
    ACCESS_CODE,
    CODE_GUESS,
    CONFIRMATION,
    AVAILABILITY,
    CALENDAR_SOURCE,
    INTEREST,
    SEATING,
    PERSON_SEATS,
    DRAW,
    ENROLMENT_RULE,
    ENROLMENT,
    MANAGER,
    ERASURE,
    SCHEDULER_RECEIPT,
    NOTIFIER_RECEIPT,
    PLAN,
    RELEASE,
    PIN,
    INVITE,
    NOTICE,
    PREFERENCE,
    SUPPRESSION,
    SENDING,
    REPLY,
    QUARANTINE,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(Service.REGISTRATIONS, "community", "establish", registrations.EstablishCommunity),
    Endpoint(Service.REGISTRATIONS, "programme", "announce", registrations.AnnounceProgramme),
    Endpoint(Service.REGISTRATIONS, "person", "register", registrations.RegisterPerson, inbox=True),
    Endpoint(
        Service.REGISTRATIONS,
        "people",
        "import",
        registrations.ImportPeople,
        reply=registrations.PeopleImported,
        inbox=True,
    ),
    Endpoint(Service.REGISTRATIONS, "room", "add", registrations.AddRoom, inbox=True),
    Endpoint(Service.REGISTRATIONS, "room", "withdraw", registrations.WithdrawRoom, inbox=True),
    Endpoint(Service.REGISTRATIONS, "proposal", "draft", registrations.DraftProposal, inbox=True),
    Endpoint(
        Service.REGISTRATIONS,
        "proposal",
        "submit",
        registrations.SubmitProposal,
        reply=calls.ProposalSaved,
        inbox=True,
    ),
    Endpoint(Service.REGISTRATIONS, "proposal", "accept", registrations.AcceptProposal),
    Endpoint(Service.REGISTRATIONS, "programme", "create", calls.CreateProgramme),
    Endpoint(Service.REGISTRATIONS, "programme", "templates", calls.AskTemplates, reply=calls.Templates),
    Endpoint(Service.REGISTRATIONS, "access-code", "make", calls.MakeAccessCode),
    Endpoint(Service.REGISTRATIONS, "access-code", "revoke", calls.RevokeAccessCode),
    Endpoint(Service.REGISTRATIONS, "access-code", "list", calls.AskAccessCodes, reply=calls.AccessCodesShown),
    Endpoint(Service.REGISTRATIONS, "proposal", "begin", calls.BeginProposal, reply=calls.Noted),
    Endpoint(Service.REGISTRATIONS, "proposal", "invite", calls.InvitePresenter, reply=calls.Noted),
    Endpoint(Service.REGISTRATIONS, "proposal", "consider", calls.ConsiderProposal),
    Endpoint(Service.REGISTRATIONS, "proposal", "call-off", calls.CallOffSession, inbox=True),
    Endpoint(Service.REGISTRATIONS, "proposal", "confirm", calls.ConfirmPart),
    Endpoint(Service.REGISTRATIONS, "proposal", "decline-part", calls.DeclinePart),
    Endpoint(Service.REGISTRATIONS, "proposal", "similar", calls.AskSimilar, reply=calls.Similar),
    Endpoint(Service.REGISTRATIONS, "proposal", "list", calls.AskProposals, reply=calls.Proposals),
    Endpoint(Service.REGISTRATIONS, "proposals", "accept", calls.AcceptProposals),
    Endpoint(Service.REGISTRATIONS, "proposal", "withdraw", registrations.WithdrawProposal, inbox=True),
    Endpoint(Service.REGISTRATIONS, "availability", "state", registrations.StateAvailability, inbox=True),
    Endpoint(Service.REGISTRATIONS, "availability", "say", calendars.SayAvailability, reply=calendars.Understood),
    Endpoint(Service.REGISTRATIONS, "availability", "renew", calendars.RenewAvailability),
    Endpoint(Service.REGISTRATIONS, "availability", "upload", calendars.UploadCalendar, reply=calendars.Understood),
    Endpoint(
        Service.REGISTRATIONS, "availability", "show", calendars.AskAvailability, reply=calendars.AvailabilityShown
    ),
    Endpoint(Service.REGISTRATIONS, "calendar", "connect", calendars.ConnectCalendar),
    Endpoint(Service.REGISTRATIONS, "calendar", "disconnect", calendars.DisconnectCalendar),
    Endpoint(Service.REGISTRATIONS, "calendar", "read", calendars.ReadCalendar),
    Endpoint(Service.REGISTRATIONS, "calendar", "list", calendars.AskCalendars, reply=calendars.Calendars),
    Endpoint(Service.REGISTRATIONS, "interest", "state", registrations.StateInterest, inbox=True),
    Endpoint(
        Service.REGISTRATIONS,
        "interests",
        "import",
        interests.ImportInterests,
        reply=interests.InterestsImported,
        inbox=True,
    ),
    Endpoint(Service.REGISTRATIONS, "person", "show", intake.AskPersonState, reply=intake.PersonShown),
    Endpoint(Service.REGISTRATIONS, "proposal", "show", intake.AskProposal, reply=intake.ProposalShown),
    Endpoint(Service.REGISTRATIONS, "programme", "show", intake.AskProgramme, reply=intake.ProgrammeShown),
    Endpoint(Service.REGISTRATIONS, "data", "export", intake.AskData, reply=intake.DataPage),
    Endpoint(Service.REGISTRATIONS, "person", "names", registrations.AskNames, reply=registrations.Names),
    Endpoint(Service.REGISTRATIONS, "person", "page", registrations.AskPerson, reply=registrations.OwnPage),
    Endpoint(Service.REGISTRATIONS, "seat", "take", seats.TakeSeat, inbox=True),
    Endpoint(Service.REGISTRATIONS, "seat", "release", seats.ReleaseSeat, inbox=True),
    Endpoint(Service.REGISTRATIONS, "seat", "accept", seats.AcceptSeat),
    Endpoint(Service.REGISTRATIONS, "seat", "decline", seats.DeclineSeat),
    Endpoint(Service.REGISTRATIONS, "seat", "show", seats.AskSeat, reply=seats.SeatShown),
    Endpoint(Service.REGISTRATIONS, "enrolment-rule", "set", enrolment.SetEnrolmentRule),
    Endpoint(Service.REGISTRATIONS, "enrolment-rule", "remove", enrolment.RemoveEnrolmentRule),
    Endpoint(
        Service.REGISTRATIONS, "enrolment-rule", "list", enrolment.AskEnrolmentRules, reply=enrolment.EnrolmentRules
    ),
    Endpoint(Service.REGISTRATIONS, "enrolment", "leave", enrolment.LeaveEnrolment),
    Endpoint(Service.REGISTRATIONS, "manager", "appoint", digests.AppointManager),
    Endpoint(Service.REGISTRATIONS, "manager", "list", enrolment.AskManagers, reply=enrolment.Managers),
    Endpoint(Service.REGISTRATIONS, "digest", "material", digests.AskDigestMaterial, reply=digests.DigestMaterial),
    Endpoint(Service.REGISTRATIONS, "digest", "teams", digests.AskTeamCounts, reply=digests.ManagersCounts),
    Endpoint(
        Service.REGISTRATIONS,
        "seatings",
        "preview",
        hypothetical.AskHypotheticalSeatings,
        reply=hypothetical.HypotheticalSeatings,
    ),
    Endpoint(Service.REGISTRATIONS, "person", "erase", privacy.ErasePerson, inbox=True),
    Endpoint(Service.REGISTRATIONS, "person", "export", privacy.ExportPerson, reply=privacy.PersonExport),
    Endpoint(Service.REGISTRATIONS, "people", "expiring", privacy.AskExpiring, reply=privacy.Expiring),
    Endpoint(Service.REGISTRATIONS, "erasure", "list", privacy.AskErasures, reply=privacy.Erasures),
    Endpoint(Service.REGISTRATIONS, "service", "health", health.CheckHealth, reply=health.Health),
    Endpoint(Service.SCHEDULER, "plan", "request", scheduler.RequestPlan),
    Endpoint(Service.SCHEDULER, "plan", "cancel", scheduler.CancelPlan),
    Endpoint(Service.SCHEDULER, "plan", "show", scheduler.AskPlan, reply=scheduler.PlanShown),
    Endpoint(Service.SCHEDULER, "plan", "explain", explaining.AskExplanation, reply=explaining.Explanation),
    Endpoint(Service.SCHEDULER, "plan", "whatif", explaining.AskWhatIf, reply=explaining.WhatIf),
    Endpoint(Service.SCHEDULER, "plan", "alternatives", explaining.AskAlternatives, reply=explaining.Alternatives),
    Endpoint(Service.SCHEDULER, "pin", "set", pins.PinSession),
    Endpoint(Service.SCHEDULER, "pin", "remove", pins.UnpinSession),
    Endpoint(Service.SCHEDULER, "pin", "list", pins.AskPins, reply=pins.Pins),
    Endpoint(Service.SCHEDULER, "release", "publish", scheduler.PublishRelease),
    Endpoint(Service.SCHEDULER, "release", "show", scheduler.AskRelease, reply=scheduler.ReleaseShown),
    Endpoint(Service.SCHEDULER, "release", "difference", scheduler.AskDifference, reply=scheduler.Difference),
    Endpoint(Service.SCHEDULER, "release", "changelog", scheduler.AskChangelog, reply=scheduler.Changelog),
    Endpoint(Service.SCHEDULER, "release", "export", scheduler.AskExport, reply=scheduler.Export),
    Endpoint(Service.SCHEDULER, "attendance", "show", scheduler.AskAttendance, reply=scheduler.Attendance),
    Endpoint(Service.SCHEDULER, "service", "health", health.CheckHealth, reply=health.Health),
    Endpoint(Service.NOTIFIER, "delivery", "show", notifier.AskDelivery, reply=notifier.Delivery),
    Endpoint(Service.NOTIFIER, "person", "link", notifier.AskLink, reply=notifier.Link),
    Endpoint(Service.NOTIFIER, "sending", "pause", sending.PauseSending),
    Endpoint(Service.NOTIFIER, "sending", "resume", sending.ResumeSending),
    Endpoint(Service.NOTIFIER, "outbox", "preview", sending.AskOutbox, reply=sending.Outbox),
    Endpoint(Service.NOTIFIER, "suppression", "lift", sending.LiftSuppression),
    Endpoint(Service.NOTIFIER, "suppression", "list", sending.AskSuppressions, reply=sending.Suppressions),
    Endpoint(Service.NOTIFIER, "reply", "answer", replies.AnswerInvitation),
    Endpoint(Service.NOTIFIER, "reply", "show", replies.AskAnswer, reply=replies.AnswerShown),
    Endpoint(Service.NOTIFIER, "reply", "list", replies.AskReplies, reply=replies.Replies),
    Endpoint(Service.NOTIFIER, "counter", "decide", replies.DecideCounter),
    Endpoint(Service.NOTIFIER, "quarantine", "decide", replies.DecideQuarantine),
    Endpoint(Service.NOTIFIER, "preference", "state", notices.StatePreference),
    Endpoint(Service.NOTIFIER, "feed", "show", notices.AskFeed, reply=notices.FeedPart),
    Endpoint(Service.NOTIFIER, "feed", "own", notices.AskOwnFeed, reply=notices.FeedPart),
    Endpoint(Service.NOTIFIER, "feed", "link", notices.AskFeedLink, reply=notifier.Link),
    Endpoint(Service.NOTIFIER, "person", "export", privacy.ExportPerson, reply=privacy.PersonExport),
    Endpoint(Service.NOTIFIER, "service", "health", health.CheckHealth, reply=health.Health),
)


def fact_kind(ref: EntityRef) -> FactKind:
    """The kind of that entity. Raises KeyError when the contract has none."""
    return _FACT_KINDS[(ref.service, ref.entity)]


def endpoints_of(service: Service) -> tuple[Endpoint, ...]:
    return tuple(endpoint for endpoint in ENDPOINTS if endpoint.service is service)


def endpoint(service: Service, entity: str, verb: str) -> Endpoint | None:
    return _ENDPOINTS.get((service, entity, verb))


def endpoint_of(service: Service, command: type[Command]) -> Endpoint:
    """The endpoint of a service that takes that command. Raises KeyError when there is none."""
    return _ENDPOINTS_BY_COMMAND[(service, command)]


_FACT_KINDS = {(kind.service, kind.entity): kind for kind in FACTS}
_ENDPOINTS = {(each.service, each.entity, each.verb): each for each in ENDPOINTS}
_ENDPOINTS_BY_COMMAND = {(each.service, each.command): each for each in ENDPOINTS}
