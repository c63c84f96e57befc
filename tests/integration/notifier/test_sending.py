"""Pauses, suppressions, settling, limits and a mail server that refuses us: what goes out, when, and what is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

import pytest
from misbehaving_server import MisbehavingServer, Step, Trick, misbehaving
from released_sessions import PROGRAMME, START, Sessions

from shared.bus.client import Requester
from shared.contract.commands.health import CheckHealth, Health
from shared.contract.commands.sending import (
    AskOutbox,
    AskSuppressions,
    LiftSuppression,
    Outbox,
    PauseSending,
    ResumeSending,
    Suppressions,
)
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from tests.clock import CLOCK
from tests.processes import eventually, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

Plan = dict[Step, list[str | Trick]]
Against = Callable[..., AbstractAsyncContextManager[MisbehavingServer]]


@pytest.fixture
def against(broker: Broker, folder: DataFolder, environment: dict[str, str]) -> Against:
    """A notifier, and the server it sends to."""

    @asynccontextmanager
    async def running(plan: Plan | None = None, **other: str) -> AsyncIterator[MisbehavingServer]:
        async with misbehaving(plan or {}) as server:
            mail = {"TEACHMEET_SMTP_PORT": str(server.port)}
            async with serving("notifier", broker, folder, **(environment | mail | other)):
                yield server

    return running


@pytest.fixture
def organiser(sessions: Sessions) -> Requester:
    return sessions.organiser()


async def preview(organiser: Requester, **other: object) -> Outbox:
    question = AskOutbox.model_validate({"programme": PROGRAMME} | other)
    return await organiser.ask(Service.NOTIFIER, question, Outbox)


async def test_what_is_paused_can_be_looked_at_and_goes_out_when_resumed(
    sessions: Sessions, organiser: Requester, against: Against
) -> None:
    await sessions.established("amara", "ben")
    async with against() as server:
        await organiser.command(Service.NOTIFIER, PauseSending(reason="rooms are checked"))
        await sessions.released({"drawing": ("amara", "ben"), "reading": ("amara",)})

        async def all_wait() -> Outbox | None:
            found = await preview(organiser, limit=2)
            return found if sum(found.counts.values()) == 3 else None

        found = await eventually(all_wait)
        assert (found.paused, found.counts, found.people) == (True, {"invitation": 3}, 2)
        assert [each.held for each in found.messages] == ["sending is paused"] * 2
        [sample] = found.samples
        assert "METHOD" not in sample.mail.split("\r\n\r\n")[0]
        assert "To: " in sample.mail
        assert server.mails == []
        await organiser.command(Service.NOTIFIER, ResumeSending())
        delivery = await sessions.delivered()
        assert (delivery.invitations, delivery.paused) == (3, False)
        assert len(server.mails) == 3
        assert (await preview(organiser)).counts == {}


async def test_several_releases_in_a_short_time_make_one_mail(
    sessions: Sessions, organiser: Requester, against: Against
) -> None:
    await sessions.established("amara")
    async with against(TEACHMEET_SETTLE_SECONDS="3600") as server:
        for hours in range(3):
            await sessions.released({"drawing": ("amara",)}, hours=hours, at=CLOCK.now())
        settles = CLOCK.now()

        async def last_one_waits() -> Outbox | None:
            found = await preview(organiser)
            is_last = found.samples and f"{START.hour + 2}:{START.minute}" in found.samples[0].mail
            return found if is_last else None

        found = await eventually(last_one_waits)
        assert [each.held for each in found.messages] == ["the schedule may change again at once"]
        assert server.mails == []
    # As much as is left of it is waited for.
    async with against(TEACHMEET_SETTLE_SECONDS=str((CLOCK.now() - settles).total_seconds() + 4)) as server:
        delivery = await sessions.delivered()
        assert (delivery.invitations, delivery.updates) == (1, 0)
        assert len(server.mails) == 1
        await sessions.released({"drawing": ("amara",)}, hours=5, at=CLOCK.now() - timedelta(hours=1))
        assert (await sessions.delivered()).updates == 1
        assert len(server.mails) == 2


async def test_an_address_that_takes_no_mail_gets_no_more_until_the_organiser_lifts_it(
    sessions: Sessions, organiser: Requester, against: Against
) -> None:
    await sessions.established("amara", "ben")
    # Both of amara's messages are refused, or the second waits for the suppression: either way nothing arrives.
    async with against({Step.RCPT: ["550 5.1.1 no such user"]}, TEACHMEET_SMTP_CONNECTIONS="1") as server:
        await sessions.released({"drawing": ("amara",)})
        first = await sessions.delivered()
        assert [(each.person, each.why) for each in first.undelivered] == [("amara", "the mail server refused it")]

        async def suppressed() -> Suppressions | None:
            found = await organiser.ask(Service.NOTIFIER, AskSuppressions(), Suppressions)
            return found if found.people else None

        [told] = (await eventually(suppressed)).people
        assert (told.person, told.reason, told.answer) == ("amara", "refused", "550 5.1.1 no such user")
        await sessions.released({"drawing": ("amara",), "reading": ("amara", "ben")})
        second = await sessions.delivered()
        assert second.complete
        assert {(each.person, each.session) for each in second.undelivered} == {
            ("amara", "drawing"),
            ("amara", "reading"),
        }
        assert len(server.mails) == 1
        assert server.commands.count("RCPT") == 2

        await organiser.command(Service.NOTIFIER, LiftSuppression(person="amara"))

        async def all_there() -> bool:
            return len(server.mails) == 3

        await eventually(all_there)
        assert (await sessions.delivered()).undelivered == ()
        with pytest.raises(Rejection, match="person is not suppressed"):
            await organiser.command(Service.NOTIFIER, LiftSuppression(person="ben"))


async def test_a_server_that_refuses_us_suppresses_nobody_is_told_of_and_gets_one_mail_at_a_time(
    sessions: Sessions, organiser: Requester, against: Against
) -> None:
    people = tuple(f"p-{number}" for number in range(20))
    await sessions.established(*people)
    refusals: list[str | Trick] = ["530 5.7.0 log in first"] * 6
    async with against({Step.MAIL: refusals}, TEACHMEET_SMTP_CONNECTIONS="2") as server:
        await sessions.released({"drawing": people})

        async def troubled() -> bool:
            health = await organiser.ask(Service.NOTIFIER, CheckHealth(), Health)
            return any("the mail server refuses us: 530" in problem for problem in health.problems)

        await eventually(troubled)
        assert (await organiser.ask(Service.NOTIFIER, AskSuppressions(), Suppressions)).people == ()
        delivery = await sessions.delivered()
        assert (delivery.invitations, delivery.undelivered) == (20, ())
        assert len(server.mails) == 20

        async def recovered() -> bool:
            health = await organiser.ask(Service.NOTIFIER, CheckHealth(), Health)
            return not any("mail server" in problem for problem in health.problems)

        await eventually(recovered)
    # Of twenty mails, the refusals were spent on few: two at first, then one probe after each pause.
    statuses = await sessions.statuses()
    assert statuses.count("deferred") == 6


async def test_no_more_mails_to_one_domain_at_a_time_than_allowed(sessions: Sessions, against: Against) -> None:
    people = tuple(f"p-{number}" for number in range(12))
    await sessions.established(*people)
    limits = {"TEACHMEET_DOMAIN_CONNECTIONS": "1", "TEACHMEET_SMTP_CONNECTIONS": "4"}
    async with against(**limits) as server:
        await sessions.released({"drawing": people})
        assert (await sessions.delivered()).invitations == 12
        assert server.connections == 1


async def test_no_faster_to_one_domain_than_allowed(sessions: Sessions, against: Against) -> None:
    people = tuple(f"p-{number}" for number in range(8))
    await sessions.established(*people)
    async with against(TEACHMEET_DOMAIN_MESSAGES_PER_MINUTE="60", TEACHMEET_SMTP_CONNECTIONS="4"):
        await sessions.released({"drawing": people})
        assert (await sessions.delivered()).invitations == 8
    # Five at once, and three more at one a second.
    begun = await sessions.begun()
    assert max(begun) - min(begun) >= timedelta(seconds=2)


async def test_quiet_hours_hold_what_is_not_urgent(sessions: Sessions, organiser: Requester, against: Against) -> None:
    await sessions.established("amara")
    now = CLOCK.now()
    night = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=2):%H:%M}"
    async with against(TEACHMEET_QUIET_HOURS=night) as server:
        await sessions.released({"drawing": ("amara",)})

        async def waits() -> Outbox | None:
            found = await preview(organiser)
            return found if found.messages else None

        [message] = (await eventually(waits)).messages
        assert message.held == "it is night where they are"
        assert message.until is not None
        assert now + timedelta(hours=1) < message.until < now + timedelta(hours=3)
        assert server.mails == []
    async with against(TEACHMEET_QUIET_HOURS=night, TEACHMEET_URGENT_HOURS="2000") as server:
        assert (await sessions.delivered()).invitations == 1
