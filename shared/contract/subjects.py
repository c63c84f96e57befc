"""The subject grammar: every subject of the system is built and parsed here.

====================================================================  =========================================
``tm.<community>.<service>.v1.evt.<entity>.<id>[.<id>…].<what>``        facts
``tm.<community>.<service>.v1.api.<caller>.<entity>.<verb>``            request/reply
``tm.<community>.scheduler.v1.live.<programme>.progress``               live, never stored
``tm.<community>.inbox.v1.<partner>.<entity>.<verb>``                   commands of a partner
``tm.<community>.outbox.v1.<partner>.<digest>.{accepted|rejected}``     their results
``tm.<community>.reminders.v1.at.<person>.<session>``                   a reminder that the broker is to fire
``tm.<community>.reminders.v1.due.<person>.<session>``                  one that it fired
``tm.<community>.deadletters.v1.<service>.<person>.<digest>``           our own failures, by whom they are about
====================================================================  =========================================
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

ROOT = "tm"
VERSION = "v1"
ANY = "*"
REST = ">"
NOBODY = "nobody"

_TOKEN = re.compile(r"[a-z0-9-]+")
_TOKENS = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


class SubjectError(ValueError):
    """A subject, or a token of one, is outside the grammar."""


class Service(StrEnum):
    REGISTRATIONS = "registrations"
    SCHEDULER = "scheduler"
    NOTIFIER = "notifier"


_SERVICES = {each.value: each for each in Service}
_FACT = re.compile(
    rf"{ROOT}\.([a-z0-9-]+)\.({'|'.join(_SERVICES)})\.{VERSION}\.evt"
    r"\.([a-z0-9-]+)\.([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.([a-z0-9-]+)"
)


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"


def token(text: str) -> str:
    """The same text. Raises SubjectError when it cannot be a token of a subject."""
    if not _TOKEN.fullmatch(text):
        raise SubjectError(f"{text!r} is not a subject token: one or more of a-z, 0-9 and '-'")
    return text


def _join(*tokens: str) -> str:
    joined = ".".join((ROOT, *tokens))
    if _TOKENS.fullmatch(joined) and joined.count(".") == len(tokens):
        return joined
    return ".".join((ROOT, *(token(each) for each in tokens)))


class EntityRef(NamedTuple):
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


class FactSubject(NamedTuple):
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
    """``person`` is whom the letter is about; ``nobody`` where it is about several people, or none."""

    community: str
    service: Service
    digest: str
    person: str = NOBODY

    def __str__(self) -> str:
        return _join(self.community, "deadletters", VERSION, self.service, self.person, self.digest)


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
    fact = _FACT.fullmatch(subject)
    if fact is not None:
        community, service, entity, ids, what = fact.groups()
        # A replay meets the same few tokens over and over: each is kept once.
        shared = sys.intern
        ref = EntityRef(shared(community), _SERVICES[service], shared(entity), tuple(map(shared, ids.split("."))))
        return FactSubject(ref, shared(what))
    try:
        return _parse(subject)
    except ValueError as error:
        raise SubjectError(f"{subject!r} is not a subject of this system") from error


def _parse(subject: str) -> Subject:
    root, *tokens = subject.split(".")
    if root != ROOT or not all(_TOKEN.fullmatch(each) for each in tokens):
        raise SubjectError("outside the grammar")
    match tokens:
        case [community, service, "v1", "api", caller, entity, verb]:
            return ApiSubject(community, Service(service), caller, entity, verb)
        case [community, "inbox", "v1", partner, entity, verb]:
            return InboxSubject(community, partner, entity, verb)
        case [community, "outbox", "v1", partner, digest, outcome]:
            return OutboxSubject(community, partner, digest, Outcome(outcome))
        case [community, "reminders", "v1", "at" | "due", person, session]:
            return ReminderSubject(community, person, session)
        case [community, "deadletters", "v1", service, person, digest]:
            return DeadLetterSubject(community, Service(service), digest, person)
        case [community, "deadletters", "v1", service, digest]:
            # As they were called before they told whom they are about.
            return DeadLetterSubject(community, Service(service), digest)
        case [community, "scheduler", "v1", "live", programme, "progress"]:
            return ProgressSubject(community, programme)
    raise SubjectError("outside the grammar")


def facts_of(service: Service, entity: str | None = None, *, community: str = ANY) -> str:
    """The wildcard over a service's facts, or over those of one kind of entity."""
    head = f"{ROOT}.{community}.{service}.{VERSION}.evt"
    return f"{head}.{REST}" if entity is None else f"{head}.{entity}.{REST}"


def facts_of_person(service: Service, community: str, person: str) -> str:
    """The wildcard over a service's facts whose first id is that one."""
    return f"{ROOT}.{token(community)}.{service}.{VERSION}.evt.{ANY}.{token(person)}.{REST}"


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


def reminders_of_person(community: str, person: str) -> str:
    """The wildcard over one person's reminders, planned and fired."""
    return f"{ROOT}.{token(community)}.reminders.{VERSION}.{ANY}.{token(person)}.{REST}"


def planned_reminders_of(*, community: str = ANY) -> str:
    return f"{ROOT}.{community}.reminders.{VERSION}.at.{REST}"


def due_reminders_of(*, community: str = ANY) -> str:
    return f"{ROOT}.{community}.reminders.{VERSION}.due.{REST}"


def deadletters_of(service: str = ANY, *, community: str = ANY) -> str:
    return f"{ROOT}.{community}.deadletters.{VERSION}.{service}.{REST}"


def progress_of(*, community: str = ANY, programme: str = ANY) -> str:
    return f"{ROOT}.{community}.{Service.SCHEDULER}.{VERSION}.live.{programme}.progress"
