"""A service's endpoints on FastStream: one subscriber for each row of the contract's table."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from faststream.nats import NatsBroker, NatsMessage
from faststream.nats.security import NatsNKey
from faststream.security import BaseSecurity
from pydantic import BaseModel

from shared.bus.connection import connection_options, exit_when_closed
from shared.bus.requests import Request, read_request
from shared.bus.retry import is_transient
from shared.bus.store import ConflictError
from shared.contract.catalogue import Endpoint, endpoints_of
from shared.contract.results import Rejected, Rejection, RejectionCode
from shared.contract.subjects import ApiSubject, Service, SubjectError, api_of, parse
from shared.settings import BusSettings

log = logging.getLogger(__name__)

Execute = Callable[[Request], Awaitable[BaseModel]]
_IN_FLIGHT = 32


def make_broker(settings: BusSettings, service: Service, *, is_leaving: Callable[[], bool]) -> NatsBroker:
    """FastStream's broker with this process's own user; it reconnects for ever."""

    async def on_closed() -> None:
        if not is_leaving():
            await exit_when_closed()

    security: BaseSecurity = NatsNKey.from_seed(settings.seed())
    return NatsBroker(
        settings.nats,
        security=security,
        inbox_prefix=settings.inbox_prefix,
        specification_url="nats://broker.example:4222",
        description=f"{service} of TeachMeet Scheduler",
        logger=None,
        **connection_options(settings, on_closed=on_closed),
    )


def serve_endpoints(broker: NatsBroker, service: Service, execute: Execute) -> None:
    """Subscribe to every endpoint of ``service``; ``execute`` answers a request with a reply or raises Rejection."""
    for endpoint in endpoints_of(service):
        _serve(broker, endpoint, execute)


def _serve(broker: NatsBroker, endpoint: Endpoint, execute: Execute) -> None:
    subject = api_of(endpoint.service, entity=endpoint.entity, verb=endpoint.verb)

    @broker.subscriber(
        subject,
        queue=endpoint.service,
        max_workers=_IN_FLIGHT,
        title=f"{endpoint.entity}.{endpoint.verb}",
        description=endpoint.command.__doc__,
    )
    async def answer(message: NatsMessage) -> bytes:
        reply = await answered(message.raw_message.subject, message.headers, message.body, execute)
        return reply.model_dump_json(exclude_none=True).encode()


async def answered(subject: str, headers: dict[str, str], body: bytes, execute: Execute) -> BaseModel:
    """The reply to a request, whatever it holds."""
    try:
        return await execute(read_request(_api_subject(subject), headers, body))
    except Rejection as rejection:
        return rejection.reply()
    except ConflictError:
        return _busy("entity", "is changed by others all the time", "the same command again, a little later")
    except Exception as error:
        if not is_transient(error):
            log.exception("a request on %s failed", subject)
            return _busy("message", "met an error of ours; it is logged", "the same command again once it is mended")
        log.warning("a request on %s could not be stored: %s", subject, type(error).__name__)
        return _busy(
            "message", "could not be stored; whether it was is unknown", "the same command with the same ce-id"
        )


def _api_subject(subject: str) -> ApiSubject:
    try:
        parsed = parse(subject)
    except SubjectError:
        parsed = None
    if not isinstance(parsed, ApiSubject):
        raise Rejection.of(RejectionCode.UNKNOWN, "subject", "is outside the grammar", "tokens of a-z, 0-9 and '-'")
    return parsed


def _busy(field: str, problem: str, allowed: str) -> Rejected:
    return Rejection.of(RejectionCode.BUSY, field, problem, allowed).reply()
