"""Outcomes against servers that refuse, drop, hang and behave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from misbehaving_server import MisbehavingServer, Step, Trick, misbehaving

from services.notifier.delivery.outcome import Deferred, InDoubt, Misconfigured, Outcome, Refused, Sent
from services.notifier.delivery.smtp_settings import SmtpDeadlines, SmtpSettings
from services.notifier.delivery.transmission import MailTransport

MAIL = b"Subject: hello\r\n\r\n.a line with a dot\r\n..two\r\nend\r\n"
_DEADLINES = {Step.CONNECT: "connect", Step.EHLO: "connect", Step.DOT: "answer"}


@asynccontextmanager
async def _against(
    plan: dict[Step, list[str | Trick]], connections: int = 1, deadlines: SmtpDeadlines | None = None
) -> AsyncIterator[tuple[MisbehavingServer, MailTransport]]:
    """A transport and the server it sends to; impatient only about the step at which the server hangs."""
    if deadlines is None:
        hangs = {_DEADLINES.get(step, "command") for step, answers in plan.items() if Trick.HANG in answers}
        deadlines = SmtpDeadlines().model_copy(update=dict.fromkeys(hangs, 0.3))
    async with misbehaving(plan) as server:
        settings = SmtpSettings(port=server.port, connections=connections, deadlines=deadlines)
        async with MailTransport(settings) as transport:
            yield server, transport


def _behaves(server: MisbehavingServer, transport: MailTransport) -> None:
    """From now on the server answers, and a slow machine has all the time that it needs for that."""
    server.plan.clear()
    for connection in transport._connections:
        connection._deadlines = SmtpDeadlines()
        connection._settings = connection._settings.model_copy(update={"deadlines": SmtpDeadlines()})


async def _send(transport: MailTransport, mail: bytes = MAIL, recipient: str = "amara@hillside.example") -> Outcome:
    return await transport.send(mail, sender="sessions@northgate.example", recipient=recipient)


COMMANDS = [Step.MAIL, Step.RCPT, Step.DATA]


@pytest.mark.parametrize("step", [*COMMANDS, Step.DOT])
async def test_a_5xx_answer_is_a_refusal(step: Step) -> None:
    async with _against({step: ["550 5.1.1 never"]}) as (_, transport):
        assert await _send(transport) == Refused("550 5.1.1 never")


@pytest.mark.parametrize("answer", ["451 4.7.1 not now", "421 closing"])
@pytest.mark.parametrize("step", [*COMMANDS, Step.DOT])
async def test_a_4xx_answer_is_a_deferral(step: Step, answer: str) -> None:
    async with _against({step: [answer]}) as (_, transport):
        assert await _send(transport) == Deferred(answer)


@pytest.mark.parametrize("answer", ["421 too busy", Trick.DROP, Trick.HANG])
async def test_a_server_that_takes_no_connections_defers_and_all_mail_waits(answer: str) -> None:
    async with _against({Step.CONNECT: [answer]}) as (server, transport):
        outcome = await _send(transport)
        assert isinstance(outcome, Deferred)
        assert not outcome.reached
        assert not transport.relay.is_open
        _behaves(server, transport)
        assert isinstance(await _send(transport), Sent)
        assert transport.relay.is_open


@pytest.mark.parametrize("plan", [{Step.CONNECT: ["554 go away"]}, {Step.MAIL: ["530 5.7.0 log in first"]}])
async def test_a_server_that_refuses_us_is_a_fault_of_configuration(plan: dict[Step, list[str | Trick]]) -> None:
    async with _against(plan) as (_, transport):
        assert isinstance(await _send(transport), Misconfigured)
        assert not transport.relay.is_open


async def test_a_server_that_closed_an_idle_connection_with_421_is_connected_to_anew() -> None:
    async with _against({Step.MAIL: ["250 OK", "421 4.4.2 idle for too long"]}) as (server, transport):
        assert await _send(transport) == Sent("250 kept")
        assert await _send(transport) == Sent("250 kept")
        assert server.connections == 2


@pytest.mark.parametrize("trick", [Trick.DROP, Trick.HANG])
@pytest.mark.parametrize("step", [Step.EHLO, *COMMANDS])
async def test_silence_before_the_final_dot_defers(step: Step, trick: Trick) -> None:
    async with _against({step: [trick]}) as (server, transport):
        assert isinstance(await _send(transport), Deferred)
        assert server.mails == []


async def test_a_connection_lost_within_the_body_defers() -> None:
    large = b"x" * 78 + b"\r\n"
    async with _against({Step.BODY: [Trick.DROP]}) as (server, transport):
        assert isinstance(await _send(transport, large * 200_000), Deferred)
        assert server.mails == []


@pytest.mark.parametrize("trick", [Trick.DROP, Trick.HANG, "nonsense", "354 what"])
async def test_no_clear_answer_after_the_final_dot_is_doubt(trick: str) -> None:
    async with _against({Step.DOT: [trick]}) as (server, transport):
        assert isinstance(await _send(transport), InDoubt)
        assert len(server.mails) == 1


@pytest.mark.parametrize(
    "trouble",
    [{step: [answer]} for step in [*COMMANDS, Step.DOT] for answer in ("550 no", "451 later", Trick.DROP, Trick.HANG)],
)
async def test_a_failed_transaction_does_not_spoil_the_next(trouble: dict[Step, list[str | Trick]]) -> None:
    async with _against(trouble) as (server, transport):
        await _send(transport)
        _behaves(server, transport)
        assert await _send(transport) == Sent("250 kept")
        assert server.mails[-1] == MAIL


async def test_a_connection_is_used_again_and_bytes_arrive_as_they_are() -> None:
    async with _against({}) as (server, transport):
        for _ in range(3):
            assert await _send(transport) == Sent("250 kept")
        assert server.connections == 1
        assert server.mails == [MAIL] * 3
        assert "RSET" not in server.commands


async def test_a_connection_that_went_stale_is_replaced_without_a_deferral() -> None:
    async with _against({Step.MAIL: ["250 OK", Trick.DROP]}) as (server, to):
        assert await _send(to) == Sent("250 kept")
        assert await _send(to) == Sent("250 kept")
        assert server.connections == 2


async def test_a_refused_transaction_is_reset_on_the_same_connection() -> None:
    async with _against({Step.RCPT: ["550 no"]}) as (server, transport):
        await _send(transport)
        await _send(transport)
        assert server.connections == 1
        assert server.commands.count("RSET") == 1


async def test_no_more_connections_than_allowed_and_a_busy_transport_defers() -> None:
    deadlines = SmtpDeadlines(idle_connection=0.1, answer=0.3)
    async with _against({Step.DOT: [Trick.HANG] * 2}, connections=2, deadlines=deadlines) as (server, transport):
        outcomes = await asyncio.gather(*(_send(transport) for _ in range(4)))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Deferred", "Deferred", "InDoubt", "InDoubt"]
    assert server.connections == 2


async def test_nothing_listens() -> None:
    async with misbehaving({}) as server:
        port = server.port
    async with MailTransport(SmtpSettings(port=port)) as transport:
        assert isinstance(await _send(transport), Deferred)


@pytest.mark.parametrize(
    "recipient", ["a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "ä@b.example", "a\x00@b"]
)
async def test_an_address_that_could_break_the_command_is_refused_and_never_sent(recipient: str) -> None:
    async with _against({}) as (server, transport):
        assert isinstance(await _send(transport, recipient=recipient), Refused)
        assert server.commands == []


async def test_no_attempt_lasts_longer_than_all_deadlines_together() -> None:
    hang_late = {Step.MAIL: ["250 OK", Trick.HANG], Step.DOT: ["250 kept", Trick.HANG]}
    # Three commands are answered, which a slow machine may take some time for; one is not.
    deadlines = SmtpDeadlines(command=3.0, answer=0.3)
    async with _against(hang_late, deadlines=deadlines) as (_, transport):
        await _send(transport)
        async with asyncio.timeout(deadlines.total):
            assert isinstance(await _send(transport), InDoubt)


async def test_a_cancelled_transmission_does_not_spoil_the_next() -> None:
    async with _against({Step.RCPT: [Trick.HANG]}, deadlines=SmtpDeadlines(command=60)) as (server, transport):
        task = asyncio.create_task(_send(transport))
        async with asyncio.timeout(60):
            while not any("RCPT" in command for command in server.commands):
                await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await _send(transport) == Sent("250 kept")
        assert server.mails == [MAIL]
