"""Everything that crosses the bus, one row each: the contract's tables joined with what the apps serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.contract.catalogue import ENDPOINTS, FACTS, Endpoint, FactKind
from shared.contract.commands.checking import Checked
from shared.contract.envelope import ORGANISATION, fact_type, source
from shared.contract.facts.scheduler import Progress
from shared.contract.message import Message, Reply
from shared.contract.results import Accepted, Rejected
from shared.contract.subjects import (
    ANY,
    ApiSubject,
    InboxSubject,
    OutboxSubject,
    Outcome,
    ProgressSubject,
    Service,
)
from teachmeet.contract_files.agreement import api_address
from teachmeet.contract_files.apps import ServedApp
from teachmeet.contract_files.headers import sample_headers, typed_headers
from teachmeet.contract_files.parameters import placeholder
from teachmeet.contract_files.schemas import description, title

_COMMUNITY = placeholder("community")
_PARTNER = placeholder("partner")
_OUTBOX = "outbox"


@dataclass(frozen=True)
class Carried:
    """One message as a channel carries it: its id, its model, its headers."""

    id: str
    model: type[Message]
    headers: Mapping[str, Any] | None = None
    sample: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Exchange:
    """One channel and what happens there, seen from this system."""

    id: str
    action: Literal["send", "receive"]
    subject: object
    title: str
    description: str
    carried: tuple[Carried, ...]
    tags: tuple[str, ...]
    queue: str | None = None
    answers: tuple[Carried, ...] = ()
    answered_on: str | None = None
    """id of the channel of the answers; None: on the reply subject of the request"""


def exchanges(served: Mapping[Service, ServedApp]) -> list[Exchange]:
    """Every exchange of the system, in order of id."""
    rows = [*_facts(), *_requests(served), *_inbox(), _outbox(), _progress()]
    return sorted(rows, key=lambda each: each.id)


def _facts() -> Iterator[Exchange]:
    for kind in FACTS:
        for what in kind.whats:
            yield _fact(kind, what)


def _fact(kind: FactKind, what: str) -> Exchange:
    ref = kind.ref(_COMMUNITY, *(placeholder(name) for name in kind.ids))
    ce_type = fact_type(ref, what)
    subject = "/".join((kind.entity, *(str(kind.model.example.get(name, name)) for name in kind.ids)))
    carried = Carried(
        f"{kind.service}.{kind.entity}.{what}",
        kind.model_of(what),
        typed_headers("fact-headers", ce_type),
        sample_headers(source("northgate", kind.service), ce_type, subject, causation="c-1", correlation="c-1"),
    )
    return Exchange(
        id=f"{kind.service}.evt.{kind.entity}.{what}",
        action="send",
        subject=ref.fact(what),
        title=f"{kind.entity} {what}",
        description=description(kind.model_of(what)),
        carried=(carried,),
        tags=(kind.service, "fact"),
    )


def _requests(served: Mapping[Service, ServedApp]) -> Iterator[Exchange]:
    for endpoint in ENDPOINTS:
        app = served.get(endpoint.service)
        channel = app.channels[api_address(endpoint)] if app is not None else None
        caller = placeholder("caller")
        yield Exchange(
            id=f"{endpoint.service}.api.{endpoint.entity}.{endpoint.verb}",
            action="receive",
            subject=ApiSubject(_COMMUNITY, endpoint.service, caller, endpoint.entity, endpoint.verb),
            title=title(endpoint.command),
            description=channel.description if channel is not None else description(endpoint.command),
            carried=(_command(endpoint),),
            tags=(endpoint.service, "request"),
            queue=channel.queue if channel is not None else endpoint.service,
            answers=(_answer(endpoint.reply), *_when_checked(endpoint), _answer(Rejected)),
        )


def _inbox() -> Iterator[Exchange]:
    for endpoint in _inbox_endpoints():
        yield Exchange(
            id=f"inbox.{endpoint.entity}.{endpoint.verb}",
            action="receive",
            subject=InboxSubject(_COMMUNITY, _PARTNER, endpoint.entity, endpoint.verb),
            title=f"{title(endpoint.command)} (inbox)",
            description=description(endpoint.command),
            carried=(_command(endpoint),),
            tags=(endpoint.service, "inbox"),
            answers=tuple(_result(endpoint, outcome) for outcome in Outcome),
            answered_on=_OUTBOX,
        )


def _outbox() -> Exchange:
    every_outcome = OutboxSubject(_COMMUNITY, _PARTNER, placeholder("digest"), Outcome.ACCEPTED).every_outcome()
    return Exchange(
        id=_OUTBOX,
        action="send",
        subject=every_outcome.removesuffix(ANY) + placeholder("outcome"),
        title="Result of a command from the inbox",
        description="A command from the inbox was accepted or rejected; ce-causationid is the command's ce-id.",
        carried=tuple(_result(endpoint, outcome) for endpoint in _inbox_endpoints() for outcome in Outcome),
        tags=(Service.REGISTRATIONS, "outbox"),
    )


def _progress() -> Exchange:
    return Exchange(
        id="scheduler.live.progress",
        action="send",
        subject=ProgressSubject(_COMMUNITY, placeholder("programme")),
        title=title(Progress),
        description=description(Progress),
        carried=(Carried("scheduler.progress", Progress),),
        tags=(Service.SCHEDULER, "live"),
    )


def _command(endpoint: Endpoint) -> Carried:
    return Carried(
        f"{endpoint.service}.{endpoint.entity}.{endpoint.verb}",
        endpoint.command,
        typed_headers("command-headers", endpoint.type),
        sample_headers(source("northgate", "timetables"), endpoint.type, endpoint.entity),
    )


def _answer(model: type[Reply]) -> Carried:
    return Carried(f"reply.{'-'.join(title(model).lower().split())}", model)


def _when_checked(endpoint: Endpoint) -> tuple[Carried, ...]:
    """What a command of registrations is answered when it was only to be checked."""
    checkable = endpoint.service is Service.REGISTRATIONS and issubclass(endpoint.reply, Accepted)
    return (_answer(Checked),) if checkable else ()


def _result(endpoint: Endpoint, outcome: Outcome) -> Carried:
    ce_type = f"{ORGANISATION}.outbox.{endpoint.entity}.{endpoint.verb}.{outcome}.v1"
    subject = f"{endpoint.entity}.{endpoint.verb}"
    return Carried(
        f"outbox.{subject}.{outcome}",
        endpoint.reply if outcome is Outcome.ACCEPTED else Rejected,
        typed_headers("result-headers", ce_type),
        sample_headers(source("northgate", endpoint.service), ce_type, subject, causation="c-1"),
    )


def _inbox_endpoints() -> Iterator[Endpoint]:
    return (endpoint for endpoint in ENDPOINTS if endpoint.inbox)
