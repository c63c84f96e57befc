"""A service's endpoints on FastStream: one subscriber for each row of the contract's table."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType

from faststream.nats import NatsBroker, NatsMessage
from faststream.nats.security import NatsNKey
from faststream.security import BaseSecurity
from nats.errors import Error as NatsError
from pydantic import BaseModel

from shared.bus.connection import connection_options, exit_when_closed
from shared.bus.requests import Request, read_request
from shared.bus.retry import is_transient
from shared.bus.store import ConflictError
from shared.contract.catalogue import endpoints_of
from shared.contract.results import Rejected, Rejection, RejectionCode
from shared.contract.subjects import ApiSubject, Service, SubjectError, api_of, parse
from shared.settings import BusSettings

log = logging.getLogger(__name__)

Execute = Callable[[Request], Awaitable[BaseModel]]
_IN_FLIGHT = 64
_LAST_ANSWERS = 2.0
_LAST_FLUSH = 1


class _Broker(NatsBroker):
    """Leaves in time, also when the broker is gone or silent: a drain would wait for it for 20 s."""

    async def stop(
        self,
        exc_type: type[BaseException] | None = None,
        exc_val: BaseException | None = None,
        exc_tb: TracebackType | None = None,
    ) -> None:
        client, self._connection = self._connection, None
        await super().stop(exc_type, exc_val, exc_tb)
        if client is None:
            return
        with suppress(NatsError, TimeoutError):
            await client.flush(_LAST_FLUSH)
        await client.close()


def make_broker(settings: BusSettings, service: Service, *, is_leaving: Callable[[], bool]) -> NatsBroker:
    """FastStream's broker with this process's own user; it reconnects for ever."""

    async def on_closed() -> None:
        if not is_leaving():
            await exit_when_closed()

    security: BaseSecurity = NatsNKey.from_seed(settings.seed())
    return _Broker(
        settings.nats,
        security=security,
        inbox_prefix=settings.inbox_prefix,
        specification_url="nats://broker.example:4222",
        description=f"{service} of TeachMeet Scheduler",
        logger=None,
        # Handlers take the whole message and check it against the contract themselves; resolving their parameters
        # again for each message costs more than everything else that is done for it.
        apply_types=False,
        decoder=_whole_message,
        **connection_options(settings, on_closed=on_closed),
    )


async def _whole_message(message: NatsMessage) -> NatsMessage:
    return message


class Endpoints:
    """Subscribes to every endpoint of a service; ``execute`` answers a request with a reply or raises Rejection.

    Requests are answered side by side, up to a bound; behind it they wait in the client's queue.
    """

    def __init__(self, service: Service, execute: Execute) -> None:
        self._service = service
        self._execute = execute
        self._slots = asyncio.Semaphore(_IN_FLIGHT)
        self._under_way: set[asyncio.Task[None]] = set()

    def subscribe(self, broker: NatsBroker) -> None:
        for endpoint in endpoints_of(self._service):
            subscriber = broker.subscriber(
                api_of(endpoint.service, entity=endpoint.entity, verb=endpoint.verb),
                queue=endpoint.service,
                no_reply=True,
                title=f"{endpoint.entity}.{endpoint.verb}",
                description=endpoint.command.__doc__,
            )
            subscriber(self.take)

    async def take(self, message: NatsMessage) -> None:
        """Begin to answer a request."""
        await self._slots.acquire()
        task = asyncio.create_task(self._answer(message))
        self._under_way.add(task)
        task.add_done_callback(self._done)

    async def drained(self) -> None:
        """Wait until what is under way is answered, for at most 2 s; whoever asked will ask again."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_LAST_ANSWERS)

    async def _answer(self, message: NatsMessage) -> None:
        raw = message.raw_message
        reply = await answered(raw.subject, message.headers, message.body, self._execute)
        if raw.reply:
            await raw.respond(reply.model_dump_json(exclude_none=True).encode())

    def _done(self, task: asyncio.Task[None]) -> None:
        self._slots.release()
        self._under_way.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.warning("a reply could not be sent: %s", task.exception())


async def answered(subject: str, headers: dict[str, str], body: bytes, execute: Execute) -> BaseModel:
    """The reply to a request, whatever it holds."""
    try:
        return await execute(read_request(_api_subject(subject), headers, body))
    except Rejection as rejection:
        return rejection.reply()
    except ConflictError:
        return _busy("entity", "is changed by others all the time", "the same command again, a little later")
    except Exception as error:
        # Whoever asks gets an answer, never a time-out because of an error of ours.
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
