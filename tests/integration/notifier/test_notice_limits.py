"""Notices keep to what invitations keep to: limits for each domain, and a pause."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import pytest_asyncio
from misbehaving_server import MisbehavingServer, misbehaving
from notice_mails import told
from released_sessions import Sessions

from shared.contract.commands.sending import PauseSending, ResumeSending
from shared.contract.details import WeeklyDigest
from shared.contract.facts.registrations import Community
from shared.contract.subjects import Service
from shared.contract.values import Weekday
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.clock import CLOCK
from tests.processes import answers, eventually, serving
from tests.written_facts import publish

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("registrations_service")]

PEOPLE = tuple(f"p-{number}" for number in range(8))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def registrations_service(broker: Broker, folder: DataFolder) -> AsyncIterator[Child]:
    environment = {
        "TEACHMEET_PEOPLE_KEY_FILE": str(folder.people_key),
    }
    async with serving("registrations", broker, folder, **environment) as child:
        await answers(broker, Service.REGISTRATIONS)
        yield child


async def letters_are_due(sessions: Sessions) -> None:
    """From this hour on everybody is to get a weekly letter."""
    await sessions.read_by(Service.REGISTRATIONS)
    local = CLOCK.now()
    digest = WeeklyDigest(weekday=Weekday.of(local.date()), hour=local.hour, zone="UTC", days=60)
    domain = f"{sessions.community}.example"
    named = {"community": sessions.community, "domain": domain, "mailbox": f"sessions@{domain}"}
    changed = named | {"digest": digest.model_dump(mode="json"), "reminder_hours": 0}
    community = Community.model_validate(Community.example | changed)
    await publish(sessions.facts_bus, community, community=sessions.community)


@asynccontextmanager
async def invited(
    sessions: Sessions, broker: Broker, folder: DataFolder, environment: dict[str, str], **limits: str
) -> AsyncIterator[MisbehavingServer]:
    """A notifier with these limits, its mail server, and people who have their invitations already."""
    await sessions.established(*PEOPLE)
    async with misbehaving({}) as server:
        port = {"TEACHMEET_SMTP_PORT": str(server.port), "TEACHMEET_SETTLE_SECONDS": "0"}
        async with serving("notifier", broker, folder, **(environment | port)):
            await sessions.released({"drawing": PEOPLE})
            await sessions.delivered()
    async with misbehaving({}) as server:
        port = {"TEACHMEET_SMTP_PORT": str(server.port)}
        async with serving("notifier", broker, folder, **(environment | port | limits)):
            yield server


async def test_weekly_letters_go_no_faster_to_one_domain_than_allowed(
    sessions: Sessions, broker: Broker, folder: DataFolder, environment: dict[str, str]
) -> None:
    limits = {"TEACHMEET_DOMAIN_CONNECTIONS": "1", "TEACHMEET_DOMAIN_MESSAGES_PER_MINUTE": "60"}
    async with invited(sessions, broker, folder, environment, **limits) as server:
        await letters_are_due(sessions)

        async def came(number: int) -> bool:
            return len(server.mails) >= number

        await eventually(lambda: came(len(PEOPLE)))
        # Five at once, and three more at one a second, all over one connection.
        begun = [each.claimed_at for what, each in await told(sessions.facts_bus, sessions) if what == "claimed"]
        assert max(begun) - min(begun) >= timedelta(seconds=2)
        assert server.connections == 1


async def test_weekly_letters_that_are_due_wait_for_the_end_of_a_pause(
    sessions: Sessions, broker: Broker, folder: DataFolder, environment: dict[str, str]
) -> None:
    organiser = sessions.organiser()
    other = Sessions(sessions.facts_bus, sessions.cli_bus, f"{sessions.community}-z", sessions.mail)
    async with invited(sessions, broker, folder, environment) as server:
        await organiser.command(Service.NOTIFIER, PauseSending())
        await letters_are_due(sessions)
        await other.established("amara")
        await other.released({"drawing": ("amara",)})
        await other.delivered()
        await letters_are_due(other)

        async def came(number: int) -> bool:
            return len(server.mails) >= number

        # The other community's invitation and letter.
        await eventually(lambda: came(2))
        assert not [each for each in server.mails if f"@{sessions.community}.example".encode() in each]
        await organiser.command(Service.NOTIFIER, ResumeSending())
        await eventually(lambda: came(2 + len(PEOPLE)))
