"""Thirty days after the outcome the bytes of a mail are gone, from the stream and from the disk; the outcome stays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress

import pytest
from misbehaving_server import Step, Trick, misbehaving
from released_sessions import Sessions

from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.clock import ahead
from tests.processes import eventually, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

Notifier = Callable[[int, int], AbstractAsyncContextManager[Child]]


@pytest.fixture
def mark(sessions: Sessions) -> str:
    """A text that only the mails of this test hold: in the signed link to the person's page."""
    return f"http://{sessions.community[-9:]}"


@pytest.fixture
def notifier_after(broker: Broker, folder: DataFolder, environment: dict[str, str], mark: str) -> Notifier:
    """A notifier so many days after the start, which sends to that port."""

    def running(days: int, port: int) -> AbstractAsyncContextManager[Child]:
        own = {
            **ahead(days=days),
            "TEACHMEET_SMTP_PORT": str(port),
            "TEACHMEET_WEB_URL": mark,
            # Deferred mail is tried for longer than its bytes would be kept.
            "TEACHMEET_GIVE_UP_HOURS": str(24 * 60),
        }
        return serving("notifier", broker, folder, **(environment | own))

    return running


def is_on_disk(mark: str, folder: DataFolder) -> bool:
    """By the files of the broker that are there from the listing until they are read."""
    for file in folder.broker_store.rglob("*"):
        with suppress(FileNotFoundError):
            if file.is_file() and mark.encode() in file.read_bytes():
                return True
    return False


async def test_old_bytes_are_deleted_and_overwritten_and_what_was_sent_is_still_known(
    sessions: Sessions, mark: str, folder: DataFolder, notifier_after: Notifier, mail_sink_port: int
) -> None:
    await sessions.established("amara", "ben")
    async with notifier_after(0, mail_sink_port):
        await sessions.released({"drawing": ("amara", "ben")})
        await sessions.delivered()
    before = sessions.mails()
    assert is_on_disk(mark, folder)

    async with notifier_after(29, mail_sink_port):
        await sessions.delivered()
        assert sorted(await sessions.statuses()) == ["claimed", "claimed", "sent", "sent"]

    async with notifier_after(31, mail_sink_port):

        async def swept() -> bool:
            return await sessions.statuses() == ["sent", "sent"]

        await eventually(swept)
        delivery = await sessions.delivered()
        assert (delivery.invitations, delivery.people) == (2, ("amara", "ben"))
        assert not is_on_disk(mark, folder)
        await sessions.released({"drawing": ("amara", "ben")}, hours=1)
        assert (await sessions.delivered()).updates == 2
    assert sessions.mails().keys() > before.keys()
    assert {sequence for _, _, sequence in sessions.told()} == {0, 1}


async def test_bytes_that_another_attempt_needs_stay_however_old_the_doubt_is(
    sessions: Sessions, notifier_after: Notifier
) -> None:
    await sessions.established("amara")
    async with misbehaving({Step.DOT: ["451 4.3.2 not now"], Step.RCPT: ["250 OK", *[Trick.DROP] * 99]}) as server:
        async with notifier_after(0, server.port):
            await sessions.released({"drawing": ("amara",)})

            async def deferred() -> bool:
                return "deferred" in await sessions.statuses()

            await eventually(deferred)
        server.plan.clear()
        async with notifier_after(35, server.port):
            delivery = await sessions.delivered()
    assert (delivery.invitations, delivery.undelivered) == (1, ())
    first, last = server.mails
    assert first == last
