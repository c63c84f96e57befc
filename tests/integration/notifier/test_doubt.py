"""A mail server that takes a mail and says nothing: the doubt is recorded, and the same bytes are sent once more."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext

import pytest
from misbehaving_server import MisbehavingServer, Step, Trick, misbehaving
from released_sessions import Sessions

from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.clock import ahead
from tests.processes import eventually, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Only where the server says nothing is the notifier impatient; a slow machine may take its time with all else.
SHORT = {"answer": 3.0}
Against = Callable[..., AbstractAsyncContextManager[tuple[MisbehavingServer, Child]]]


@pytest.fixture
def against(broker: Broker, folder: DataFolder, environment: dict[str, str]) -> Against:
    """A notifier, and the server it sends to; it may be one that was there before."""

    @asynccontextmanager
    async def running(
        answers: list[str | Trick], *, before: MisbehavingServer | None = None, **other: str
    ) -> AsyncIterator[tuple[MisbehavingServer, Child]]:
        is_impatient = before is not None or Trick.HANG in answers
        deadlines = {"TEACHMEET_SMTP_DEADLINES": json.dumps(SHORT)} if is_impatient else {}
        async with nullcontext(before) if before is not None else misbehaving({Step.DOT: answers}) as server:
            mail = {"TEACHMEET_SMTP_PORT": str(server.port)}
            async with serving("notifier", broker, folder, **(environment | mail | deadlines | other)) as child:
                yield server, child

    return running


async def test_a_mail_without_an_answer_is_sent_once_more_byte_for_byte(sessions: Sessions, against: Against) -> None:
    await sessions.established("amara")
    async with against([Trick.HANG]) as (server, _):
        await sessions.released({"drawing": ("amara",)})
        delivery = await sessions.delivered()
    assert (delivery.invitations, delivery.undelivered) == (1, ())
    assert await sessions.statuses() == ["claimed", "in-doubt", "claimed", "sent"]
    first, second = server.mails
    assert first == second


async def test_a_notifier_killed_before_the_answer_leaves_a_doubt_and_the_mail_is_never_sent_a_third_time(
    sessions: Sessions, against: Against
) -> None:
    await sessions.established("amara")
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(misbehaving({Step.DOT: [Trick.HANG] * 3}))

        async def taken() -> bool:
            return len(server.mails) == 1

        async with against([], before=server) as (_, first_notifier):
            await sessions.released({"drawing": ("amara",)})
            await eventually(taken)
            first_notifier.kill()
        # An hour later, when the claim has run out.
        _, notifier = await stack.enter_async_context(against([], before=server, **ahead(hours=1)))
        delivery = await sessions.delivered()
        assert await sessions.statuses() == ["claimed", "in-doubt", "claimed", "in-doubt"]
        assert [each.why for each in delivery.undelivered] == ["twice nobody knows whether the mail server took it"]
        assert delivery.people == ("amara",)

        notifier.kill()
        await sessions.released({"drawing": ("amara",)}, hours=1)
        await sessions.delivered()
    first, second, *others = server.mails
    assert first == second
    assert others
    assert first not in others


async def test_a_deferred_mail_is_sent_again_later_with_the_same_bytes(sessions: Sessions, against: Against) -> None:
    await sessions.established("amara")
    async with against(["451 4.3.2 not now"]) as (server, _):
        await sessions.released({"drawing": ("amara",)})
        delivery = await sessions.delivered()
    assert (delivery.invitations, delivery.undelivered) == (1, ())
    assert await sessions.statuses() == ["claimed", "deferred", "claimed", "sent"]
    assert len(set(server.mails)) == 1


async def test_a_refused_mail_is_reported_and_holds_up_nobody_else(sessions: Sessions, against: Against) -> None:
    await sessions.established("amara", "ben")
    async with against(["550 5.1.1 no such user"], TEACHMEET_SMTP_CONNECTIONS="1") as (server, _):
        await sessions.released({"drawing": ("amara", "ben")})
        delivery = await sessions.delivered()
    assert (delivery.invitations, delivery.people) == (1, ("ben",))
    assert [(each.person, each.why) for each in delivery.undelivered] == [("amara", "the mail server refused it")]
    assert len(server.mails) == 2
