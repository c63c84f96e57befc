"""A service's edge on a real broker: what is rejected and how, dead letters, and trying again later and later."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from nats.errors import NoRespondersError
from nats.js.api import Header
from pydantic import BaseModel

from services.registrations.inbox import PartnerInbox
from shared.bus.connection import Bus, connect
from shared.bus.endpoints import Execute
from shared.bus.replay import Source
from shared.bus.requests import Request
from shared.bus.retry import growing_delay
from shared.bus.service import Runtime, ServiceApp
from shared.bus.store import ConflictError
from shared.bus.streams import DEADLETTERS, INBOX, OUTBOX
from shared.contract.catalogue import CONTACT, RELEASE
from shared.contract.commands.registrations import RegisterPerson
from shared.contract.results import Accepted
from shared.contract.subjects import InboxSubject, Service
from teachmeet.local.broker import Broker
from tests.outbox import results
from tests.processes import eventually

PERSON = RegisterPerson.example
REGISTER = "tm.northgate.registrations.v1.api.cli.person.register"
Serve = Callable[[Callable[[Request], Awaitable[BaseModel]]], AbstractAsyncContextManager[None]]


async def accept(request: Request) -> Accepted:
    assert isinstance(request.command, RegisterPerson)
    return Accepted(id=request.command.person, seq=1)


@pytest.fixture
def serve(broker: Broker) -> Serve:
    """Runs the registrations service's edge in this process, around a function that executes requests."""

    @asynccontextmanager
    async def running(execute: Execute) -> AsyncIterator[None]:
        @asynccontextmanager
        async def start(_: Runtime) -> AsyncIterator[Execute]:
            yield execute

        settings = broker.settings("registrations")
        service = ServiceApp(settings, Service.REGISTRATIONS, [Source.of(RELEASE)], start)
        PartnerInbox(settings, lambda: service.runtime.bus, service.execute).subscribe(service.broker)
        async with service.app.lifespan_context():
            await service.app.start()
            try:
                yield
            finally:
                await service.app.stop()

    return running


@pytest.fixture
async def cli(broker: Broker) -> AsyncIterator[Bus]:
    async with connect(broker.settings("cli")) as bus:
        yield bus


@pytest.fixture
async def partner(broker: Broker) -> AsyncIterator[Bus]:
    async with connect(broker.settings("timetables")) as bus:
        yield bus


async def ask(bus: Bus, subject: str, body: Any = PERSON, **headers: str) -> dict[str, Any]:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"ce-id": "c-1", "ce-actor": "organiser"} | {f"ce-{name}": value for name, value in headers.items()}
    reply = await bus.client.request(subject, text, timeout=60, headers={k: v for k, v in given.items() if v})
    return dict(json.loads(reply.data))


async def send(bus: Bus, person: str, *, subject: str | None = None, headers: Mapping[str, str] | None = None) -> None:
    subject = subject or str(InboxSubject("northgate", "timetables", "person", "register"))
    given = {"ce-id": person, Header.MSG_ID.value: person} | dict(headers or {})
    await bus.js.publish(subject, json.dumps({**PERSON, "person": person}).encode(), headers=given)


async def inbox_is_empty(bus: Bus) -> None:
    async def is_empty() -> bool:
        return not (await bus.js.stream_info(INBOX)).state.messages

    await eventually(is_empty)


def fields(answer: dict[str, Any]) -> tuple[str, list[str]]:
    assert answer["status"] == "rejected"
    assert all(error["problem"] and error["allowed"] for error in answer["errors"])
    return answer["code"], [error["field"] for error in answer["errors"]]


async def test_every_rejection_names_code_field_and_what_is_allowed(serve: Serve, cli: Bus) -> None:
    async with serve(accept):
        assert await ask(cli, REGISTER) == {"status": "accepted", "id": "p-001", "seq": 1, "repeated": False}
        assert fields(await ask(cli, REGISTER, id="")) == ("invalid", ["ce-id"])
        assert fields(await ask(cli, REGISTER, type="something.else")) == ("invalid", ["ce-type"])
        assert fields(await ask(cli, REGISTER, actor="")) == ("not_allowed", ["actor"])
        assert fields(await ask(cli, REGISTER, b"{")) == ("invalid", ["message"])
        assert fields(await ask(cli, REGISTER, {**PERSON, "person": "P 1", "shoe": 42})) == (
            "invalid",
            ["person", "shoe"],
        )
        # The broker holds callers to their name but not to the grammar.
        odd = REGISTER.replace("northgate", "Northgate")
        assert fields(await ask(cli, odd)) == ("unknown", ["subject"])


@pytest.mark.parametrize(
    "error", [RuntimeError("ours"), ConflictError(CONTACT.ref("northgate", "p-001")), TimeoutError()], ids=repr
)
async def test_what_is_no_fault_of_the_caller_is_answered_with_busy(serve: Serve, cli: Bus, error: Exception) -> None:
    async def fail(_: Request) -> Accepted:
        raise error

    async with serve(fail):
        answer = await ask(cli, REGISTER)
    assert fields(answer)[0] == "busy"
    assert "ours" not in json.dumps(answer).replace("error of ours", "")


async def test_nobody_answers_to_an_unknown_verb(serve: Serve, cli: Bus) -> None:
    async with serve(accept):
        with pytest.raises(NoRespondersError):
            await ask(cli, REGISTER.replace("register", "delete"))


async def test_a_command_we_fail_on_becomes_a_dead_letter_and_the_inbox_goes_on(
    serve: Serve, partner: Bus, provision_bus: Bus
) -> None:
    async def fail_on_one(request: Request) -> Accepted:
        if request.cause.id == "poison":
            raise KeyError("a mistake of ours")
        return await accept(request)

    async with serve(fail_on_one):
        await send(partner, "poison", headers={"ce-correlationid": "term-1", "ce-odd_name": "x"})
        await send(partner, "next")
        assert (await results(partner, 1))["next"]["status"] == "accepted"
        await inbox_is_empty(provision_bus)
    info = await provision_bus.js.stream_info(DEADLETTERS)
    assert info.state.messages == 1
    letter = await provision_bus.js.get_msg(DEADLETTERS, seq=info.state.first_seq)
    headers = dict(letter.headers or {})
    assert headers["tm-reason"] == "KeyError"
    assert headers["tm-original-subject"] == "tm.northgate.inbox.v1.timetables.person.register"
    assert headers["ce-id"] == "poison"
    assert headers["ce-correlationid"] == "term-1"
    assert "ce-odd_name" not in headers
    assert "fail_on_one" in headers["tm-place"]
    assert json.loads(letter.data or b"")["person"] == "poison"


async def test_what_may_work_later_is_tried_later_and_later_until_it_does(
    serve: Serve, partner: Bus, provision_bus: Bus
) -> None:
    tried: list[float] = []

    async def fail_thrice(request: Request) -> Accepted:
        tried.append(asyncio.get_running_loop().time())
        if len(tried) <= 3:
            raise TimeoutError
        return await accept(request)

    async with serve(fail_thrice):
        await send(partner, "p-001")
        assert (await results(partner, 1))["p-001"]["status"] == "accepted"
        await inbox_is_empty(provision_bus)
    assert len(tried) == 4
    # A slow machine may take longer, but never less than the delay that was asked for.
    for attempt, (sooner, later) in enumerate(itertools.pairwise(tried), start=1):
        assert later - sooner > growing_delay(attempt) * 0.9
    assert (await provision_bus.js.stream_info(DEADLETTERS)).state.messages == 0


@pytest.mark.parametrize("tail", ["Person.Register", "person", "a.b.c", "person.delete", "x.é"])
async def test_a_subject_outside_the_grammar_is_rejected_and_blocks_nothing(
    serve: Serve, partner: Bus, tail: str
) -> None:
    async with serve(accept):
        await send(partner, "odd", subject=f"tm.northgate.inbox.v1.timetables.{tail}")
        await send(partner, "next")
        found = await results(partner, 2)
    assert fields(found["odd"]) == ("unknown", ["subject"])
    assert found["next"]["status"] == "accepted"


async def test_the_same_command_again_is_answered_once(serve: Serve, partner: Bus, provision_bus: Bus) -> None:
    async with serve(accept):
        await send(partner, "p-001")
        # Another Nats-Msg-Id: the broker stores it again, the ce-id tells that it is the same command.
        await send(partner, "p-001", headers={Header.MSG_ID.value: "again"})
        await inbox_is_empty(provision_bus)
    assert (await provision_bus.js.stream_info(OUTBOX)).state.messages == 1
