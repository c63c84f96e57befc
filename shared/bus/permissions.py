"""Who may publish and subscribe where, as data: the allow-lists of the broker's users.

They follow the design's table of readers: only registrations and notifier ever read contacts, and a partner sees its
own inbox, its own results, and what is public.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared.bus.streams import (
    DEADLETTERS,
    DUE_CONSUMER,
    INBOX,
    OUTBOX,
    REMINDERS,
    inbox_consumer,
    outbox_consumer,
    stream_of,
)
from shared.contract.catalogue import (
    AFFILIATION,
    AVAILABILITY,
    COMMUNITY,
    CONFIRMATION,
    CONTACT,
    ENROLMENT,
    ENROLMENT_RULE,
    ERASURE,
    INTEREST,
    NOTIFIER_RECEIPT,
    PLAN,
    PROGRAMME,
    PROPOSAL,
    RELEASE,
    REPLY,
    ROOM,
    SCHEDULER_RECEIPT,
    SEATING,
    FactKind,
)
from shared.contract.subjects import (
    Service,
    SubjectError,
    api_of,
    deadletters_of,
    facts_of,
    inbox_of,
    outbox_of,
    planned_reminders_of,
    progress_of,
    token,
)

READS: dict[str, tuple[FactKind, ...]] = {
    "registrations": (RELEASE, REPLY, SCHEDULER_RECEIPT, NOTIFIER_RECEIPT),
    "scheduler": (COMMUNITY, PROGRAMME, ROOM, PROPOSAL, AVAILABILITY, INTEREST, AFFILIATION, ERASURE),
    "notifier": (
        COMMUNITY,
        CONTACT,
        PROPOSAL,
        CONFIRMATION,
        ENROLMENT,
        SEATING,
        RELEASE,
        PROGRAMME,
        ENROLMENT_RULE,
        ERASURE,
    ),
    "web": (COMMUNITY, PROGRAMME, ROOM, PROPOSAL, SEATING, RELEASE, ERASURE),
    "cli": (COMMUNITY, PROGRAMME, ROOM, PROPOSAL, SEATING, PLAN, RELEASE),
}
PARTNER_READS = (PROGRAMME, RELEASE, ERASURE)
# With one of these names a partner would be believed, or share an inbox.
RESERVED_USERS = frozenset({"provision", *READS})


@dataclass(frozen=True)
class Partner:
    """Another system with credentials, and the communities it works for."""

    name: str
    communities: tuple[str, ...]

    def __post_init__(self) -> None:
        """Raises SubjectError (a ValueError) for a name or community that would widen its allow-list."""
        if self.name in RESERVED_USERS:
            raise SubjectError(f"a partner cannot be called {self.name!r}; that is a user of our own")
        for each in (self.name, *self.communities):
            token(each)


@dataclass(frozen=True)
class Permissions:
    """One user's allow-list."""

    user: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    answers: bool = False


def permissions(partners: Iterable[Partner]) -> tuple[Permissions, ...]:
    """The allow-lists of every user of the system. Raises ValueError when two partners have one name."""
    partners = tuple(partners)
    if len({each.name for each in partners}) < len(partners):
        raise ValueError("two partners have the same name; each needs its own")
    services = (_service(service, partners) for service in Service)
    return (_provision(), *services, _front("web"), _front("cli"), *(_partner(each) for each in partners))


def _provision() -> Permissions:
    return Permissions("provision", (">",), (">",))


def _service(service: Service, partners: tuple[Partner, ...]) -> Permissions:
    stream = stream_of(service)
    publish = (
        facts_of(service),
        f"$JS.API.DIRECT.GET.{stream}",
        f"$JS.API.DIRECT.GET.{stream}.>",
        f"$JS.API.STREAM.INFO.{stream}",
        f"$JS.API.STREAM.MSG.DELETE.{stream}",
        *_follow(stream, facts_of(service)),
        *(subject for kind in READS[service] for subject in _follow_kind(kind)),
        *_SPECIAL.get(service, ()),
    )
    if service is Service.NOTIFIER:
        publish += (*_follow(REMINDERS, planned_reminders_of()), *_take(REMINDERS, DUE_CONSUMER))
    if service is Service.REGISTRATIONS:
        publish += tuple(subject for each in partners for subject in _take(INBOX, inbox_consumer(each.name)))
    return Permissions(service, _unique(publish), (api_of(service), _private_inbox(service)), answers=True)


_SPECIAL: dict[Service, tuple[str, ...]] = {
    Service.REGISTRATIONS: (
        outbox_of(),
        deadletters_of(Service.REGISTRATIONS),
        f"$JS.API.DIRECT.GET.{OUTBOX}.>",
        f"$JS.API.STREAM.INFO.{INBOX}",
        f"$JS.API.DIRECT.GET.{DEADLETTERS}",
        f"$JS.API.STREAM.MSG.DELETE.{DEADLETTERS}",
    ),
    Service.NOTIFIER: (
        planned_reminders_of(),
        f"$JS.API.STREAM.INFO.{REMINDERS}",
        f"$JS.API.STREAM.MSG.DELETE.{REMINDERS}",
        f"$JS.API.DIRECT.GET.{REMINDERS}",
        api_of(Service.REGISTRATIONS, caller="notifier", entity="digest"),
        api_of(Service.REGISTRATIONS, caller="notifier", entity="seatings"),
        api_of(Service.SCHEDULER, caller="notifier", entity="plan"),
    ),
    Service.SCHEDULER: (progress_of(), f"$JS.API.STREAM.INFO.{stream_of(Service.REGISTRATIONS)}"),
}


def _front(user: str) -> Permissions:
    endpoints = tuple(api_of(service, caller=user) for service in Service)
    follows = tuple(subject for kind in READS[user] for subject in _follow_kind(kind))
    letters = (f"$JS.API.STREAM.INFO.{DEADLETTERS}",) if user == "cli" else ()
    live = (progress_of(),) if user == "cli" else ()
    return Permissions(user, _unique((*endpoints, *follows, *letters)), (_private_inbox(user), *live))


def _partner(partner: Partner) -> Permissions:
    inboxes = tuple(inbox_of(partner.name, community=each) for each in partner.communities)
    endpoints = tuple(
        api_of(service, community=community, caller=partner.name)
        for community in partner.communities
        for service in Service
    )
    follows = tuple(
        subject
        for community in partner.communities
        for kind in PARTNER_READS
        for subject in _follow(stream_of(kind.service), facts_of(kind.service, kind.entity, community=community))
    )
    results = _take(OUTBOX, outbox_consumer(partner.name))
    return Permissions(
        partner.name, _unique((*inboxes, *endpoints, *follows, *results)), (_private_inbox(partner.name),)
    )


def _private_inbox(user: str) -> str:
    return f"_INBOX_{user}.>"


def _follow_kind(kind: FactKind) -> tuple[str, ...]:
    return _follow(stream_of(kind.service), facts_of(kind.service, kind.entity))


def _follow(stream: str, filter_subject: str) -> tuple[str, ...]:
    """What an ordered replay needs; the filter is part of the create subject, so it cannot be widened."""
    return (
        f"$JS.API.CONSUMER.CREATE.{stream}.*.{filter_subject}",
        f"$JS.API.CONSUMER.INFO.{stream}.*",
        f"$JS.FC.{stream}.>",
    )


def _take(stream: str, consumer: str) -> tuple[str, ...]:
    """What a durable pull consumer needs."""
    return (
        f"$JS.API.CONSUMER.INFO.{stream}.{consumer}",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}",
        f"$JS.ACK.{stream}.{consumer}.>",
    )


def _unique(subjects: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(subjects))
