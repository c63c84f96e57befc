"""The subject grammar: every subject of the system is built and parsed here.

====================================================================  =========================================
``tm.<community>.<service>.v1.evt.<entity>.<id>[.<id>…].<what>``        facts
``tm.<community>.<service>.v1.api.<caller>.<entity>.<verb>``            request/reply
``tm.<community>.scheduler.v1.live.<programme>.progress``               live, never stored
``tm.<community>.inbox.v1.<partner>.<entity>.<verb>``                   commands of a partner
``tm.<community>.outbox.v1.<partner>.<digest>.{accepted|rejected}``     their results
``tm.<community>.reminders.v1.at.<person>.<session>``                   a reminder that the broker is to fire
``tm.<community>.reminders.v1.due.<person>.<session>``                  one that it fired
``tm.<community>.deadletters.v1.<service>.<digest>``                    our own failures
====================================================================  =========================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

ROOT = "tm"
VERSION = "v1"
ANY = "*"
REST = ">"

_TOKEN = re.compile(r"[a-z0-9-]+")


class SubjectError(ValueError):
    """A subject, or a token of one, is outside the grammar."""


class Service(StrEnum):
    REGISTRATIONS = "registrations"
    SCHEDULER = "scheduler"
    NOTIFIER = "notifier"


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"


def token(text: str) -> str:
    """The same text. Raises SubjectError when it cannot be a token of a subject."""
    if not _TOKEN.fullmatch(text):
        raise SubjectError(f"{text!r} is not a subject token: one or more of a-z, 0-9 and '-'")
    return text


def _join(*tokens: str) -> str:
    return ".".join((ROOT, *(token(each) for each in tokens)))


@dataclass(frozen=True)
class EntityRef:
    """One entity of a community: the key under which a stream keeps its state."""

    community: str
    service: Service
    entity: str
    ids: tuple[str, ...]

    def fact(self, what: str) -> str:
        return _join(self.community, self.service, VERSION, "evt", self.entity, *self.ids, what)

    def every_fact(self) -> str:
        """The wildcard over all facts of this entity (for CAS and direct gets)."""
        return _join(self.community, self.service, VERSION, "evt", self.entity, *self.ids) + f".{ANY}"


@dataclass(frozen=True)
class FactSubject:
    """A parsed fact subject."""

    ref: EntityRef
    what: str

    def __str__(self) -> str:
        return self.ref.fact(self.what)


@dataclass(frozen=True)
class ApiSubject:
    community: str
    service: Service
    caller: str
    entity: str
    verb: str

    def __str__(self) -> str:
        return _join(self.community, self.service, VERSION, "api", self.caller, self.entity, self.verb)


@dataclass(frozen=True)
class InboxSubject:
    community: str
    partner: str
    entity: str
    verb: str

    def __str__(self) -> str:
        return _join(self.community, "inbox", VERSION, self.partner, self.entity, self.verb)


@dataclass(frozen=True)
class OutboxSubject:
    community: str
    partner: str
    digest: str
    outcome: Outcome

    def __str__(self) -> str:
        return f"{self.every_outcome()[:-1]}{self.outcome}"

    def every_outcome(self) -> str:
        return _join(self.community, "outbox", VERSION, self.partner, self.digest) + f".{ANY}"


@dataclass(frozen=True)
class DeadLetterSubject:
    community: str
    service: Service
    digest: str

    def __str__(self) -> str:
        return _join(self.community, "deadletters", VERSION, self.service, self.digest)


@dataclass(frozen=True)
class ProgressSubject:
    community: str
    programme: str

    def __str__(self) -> str:
        return _join(self.community, Service.SCHEDULER, VERSION, "live", self.programme, "progress")


@dataclass(frozen=True)
class ReminderSubject:
    """A person's reminder of a session: where it is planned (at), and where it arrives (due)."""

    community: str
    person: str
    session: str

    @property
    def at(self) -> str:
        return _join(self.community, "reminders", VERSION, "at", self.person, self.session)

    @property
    def due(self) -> str:
        return _join(self.community, "reminders", VERSION, "due", self.person, self.session)


Subject = (
    FactSubject | ApiSubject | InboxSubject | OutboxSubject | DeadLetterSubject | ReminderSubject | ProgressSubject
)


def parse(subject: str) -> Subject:
    """The parts of a concrete subject. Raises SubjectError for anything outside the grammar."""
    try:
        return _parse(subject)
    except ValueError as error:
        raise SubjectError(f"{subject!r} is not a subject of this system") from error


def _parse(subject: str) -> Subject:
    root, *tokens = subject.split(".")
    if root != ROOT or not all(_TOKEN.fullmatch(each) for each in tokens):
        raise SubjectError("outside the grammar")
    match tokens:
        case [community, service, "v1", "evt", entity, *ids, what] if ids:
            return FactSubject(EntityRef(community, Service(service), entity, tuple(ids)), what)
        case [community, service, "v1", "api", caller, entity, verb]:
            return ApiSubject(community, Service(service), caller, entity, verb)
        case [community, "inbox", "v1", partner, entity, verb]:
            return InboxSubject(community, partner, entity, verb)
        case [community, "outbox", "v1", partner, digest, outcome]:
            return OutboxSubject(community, partner, digest, Outcome(outcome))
        case [community, "reminders", "v1", "at" | "due", person, session]:
            return ReminderSubject(community, person, session)
        case [community, "deadletters", "v1", service, digest]:
            return DeadLetterSubject(community, Service(service), digest)
        case [community, "scheduler", "v1", "live", programme, "progress"]:
            return ProgressSubject(community, programme)
    raise SubjectError("outside the grammar")


def facts_of(service: Service, entity: str | None = None, *, community: str = ANY) -> str:
    """The wildcard over a service's facts, or over those of one kind of entity."""
    head = f"{ROOT}.{community}.{service}.{VERSION}.evt"
    return f"{head}.{REST}" if entity is None else f"{head}.{entity}.{REST}"


def api_of(service: Service, *, community: str = ANY, caller: str = ANY, entity: str = ANY, verb: str = ANY) -> str:
    """The wildcard over a service's endpoints."""
    return f"{ROOT}.{community}.{service}.{VERSION}.api.{caller}.{entity}.{verb}"


def inbox_of(partner: str = ANY, *, community: str = ANY) -> str:
    return f"{ROOT}.{community}.inbox.{VERSION}.{partner}.{REST}"


def outbox_of(partner: str = ANY, *, community: str = ANY) -> str:
    return f"{ROOT}.{community}.outbox.{VERSION}.{partner}.{REST}"


def reminders_of(*, community: str = ANY) -> str:
    """The wildcard over planned and fired reminders."""
    return f"{ROOT}.{community}.reminders.{VERSION}.{REST}"


def planned_reminders_of(*, community: str = ANY) -> str:
    return f"{ROOT}.{community}.reminders.{VERSION}.at.{REST}"


def due_reminders_of(*, community: str = ANY) -> str:
    return f"{ROOT}.{community}.reminders.{VERSION}.due.{REST}"


def deadletters_of(service: str = ANY, *, community: str = ANY) -> str:
    return f"{ROOT}.{community}.deadletters.{VERSION}.{service}.{REST}"


def progress_of(*, community: str = ANY, programme: str = ANY) -> str:
    return f"{ROOT}.{community}.{Service.SCHEDULER}.{VERSION}.live.{programme}.progress"
