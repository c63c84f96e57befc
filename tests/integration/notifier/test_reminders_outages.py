"""Reminders through outages: of the broker, of the notifier, and none that comes too late."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from notice_mails import notices, told
from released_sessions import START, Sessions
from sink_process import sink_process

from services.notifier.reminders.plans import Reminder
from services.notifier.reminders.schedules import Schedules
from shared.bus.connection import Bus, connect
from shared.bus.streams import DUE_CONSUMER, REMINDERS
from shared.contract.facts.registrations import Community
from shared.contract.subjects import ReminderSubject, Service
from shared.contract.values import new_id
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.clock import CLOCK
from tests.processes import answers, eventually, running_broker, serving
from tests.written_facts import publish


@pytest.fixture
def own_folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.fixture
async def running(own_folder: DataFolder) -> AsyncIterator[tuple[Broker, Child]]:
    async with running_broker(own_folder) as running:
        yield running


@pytest.fixture
async def bus(running: tuple[Broker, Child]) -> AsyncIterator[Bus]:
    async with connect(running[0].settings("provision")) as bus:
        yield replace(bus, js=bus.client.jetstream(timeout=30.0))


@pytest.fixture
def schedules(bus: Bus) -> Schedules:
    """As a notifier whose clock shows the tests' time has them."""
    return Schedules(Bus(bus.client, bus.js, CLOCK, bus.user))


@pytest.fixture
async def environment(own_folder: DataFolder) -> AsyncIterator[dict[str, str]]:
    """The settings of a notifier, and the mail server that it uses."""
    async with sink_process(own_folder) as port:
        yield {
            "TEACHMEET_LINK_KEY_FILE": str(own_folder.link_key),
            "TEACHMEET_SMTP_PORT": str(port),
        }


async def seated(bus: Bus, own_folder: DataFolder, *, reminded_at: datetime) -> Sessions:
    """Amara has a seat in a session of which she is reminded, an hour before, at that instant."""
    sessions = Sessions(bus, bus, new_id(), own_folder.mail)
    await sessions.established("amara")
    domain = f"{sessions.community}.example"
    named = {"community": sessions.community, "domain": domain, "mailbox": f"sessions@{domain}", "reminder_hours": 1}
    await publish(bus, Community.model_validate(Community.example | named), community=sessions.community)
    start = reminded_at + timedelta(hours=1)
    await sessions.released({"drawing": ("amara",)}, hours=(start - START) / timedelta(hours=1))
    return sessions


async def at_rest(bus: Bus) -> bool:
    """Whether nothing is planned, and all that was fired has been taken."""
    info = await bus.js.stream_info(REMINDERS, subjects_filter=">")
    consumer = await bus.js.consumer_info(REMINDERS, DUE_CONSUMER)
    planned = [each for each in info.state.subjects or {} if ".at." in each]
    return not planned and not consumer.num_pending and not consumer.num_ack_pending


async def test_a_reminder_that_was_due_while_broker_and_notifier_were_away_comes_once(
    running: tuple[Broker, Child], own_folder: DataFolder, environment: dict[str, str], bus: Bus
) -> None:
    broker, process = running
    async with serving("notifier", broker, own_folder, **environment):
        # A notifier that reads of the seat only when the time has come plans nothing any more.
        await answers(broker, Service.NOTIFIER)
        due = CLOCK.now() + timedelta(seconds=12)
        sessions = await seated(bus, own_folder, reminded_at=due)
        subject = ReminderSubject(sessions.community, "amara", "drawing").at

        async def planned() -> bool:
            info = await bus.js.stream_info(REMINDERS, subjects_filter=subject)
            return bool(info.state.subjects) or bool(await told(bus, sessions))

        await eventually(planned)
    # Both are away when its time comes.
    await process.stop()

    async def overdue() -> bool:
        return CLOCK.now() > due

    await eventually(overdue)
    await process.start()
    await broker.reachable()
    async with serving("notifier", broker, own_folder, **environment):

        async def reminded() -> bool:
            return len(notices(own_folder.mail, sessions.community)) == 1

        await eventually(reminded, within=120)

        async def sent() -> bool:
            return "sent" in [what for what, _ in await told(bus, sessions)]

        async def rests() -> bool:
            return await at_rest(bus)

        await eventually(sent)
        await eventually(rests)
        assert [what for what, _ in await told(bus, sessions)] == ["claimed", "sent"]
        assert len(notices(own_folder.mail, sessions.community)) == 1


async def test_a_reminder_that_nobody_takes_is_gone_when_its_session_has_begun(schedules: Schedules, bus: Bus) -> None:
    now = CLOCK.now()
    subject = ReminderSubject("northgate", "amara", "drawing")
    reminder = Reminder(now + timedelta(seconds=1), now + timedelta(seconds=11))
    await schedules.publish("northgate", ("amara", "drawing"), reminder)

    async def kept() -> set[str]:
        info = await bus.js.stream_info(REMINDERS, subjects_filter=">")
        return set(info.state.subjects or {})

    async def fired() -> bool:
        return await kept() == {subject.due}

    async def gone() -> bool:
        return await kept() == set()

    await eventually(fired)
    await eventually(gone)


async def test_a_reminder_that_the_broker_fires_after_the_session_began_is_dropped(
    running: tuple[Broker, Child], own_folder: DataFolder, environment: dict[str, str], bus: Bus, schedules: Schedules
) -> None:
    """The broker was away so long. What it fires then lasts as long as if it had fired in time."""
    broker, process = running
    sessions = Sessions(bus, bus, new_id(), own_folder.mail)
    await sessions.established("amara")
    start = CLOCK.now() + timedelta(seconds=7)
    await sessions.released({"drawing": ("amara",)}, hours=(start - START) / timedelta(hours=1))
    await schedules.publish(sessions.community, ("amara", "drawing"), Reminder(start - timedelta(seconds=6), start))
    await process.stop()

    async def begun() -> bool:
        return CLOCK.now() > start

    await eventually(begun)
    await process.start()
    await broker.reachable()
    async with serving("notifier", broker, own_folder, **environment):

        async def rests() -> bool:
            return await at_rest(bus)

        await eventually(rests, within=120)
    assert await told(bus, sessions) == []
    assert notices(own_folder.mail, sessions.community) == []


async def test_what_is_planned_is_read_back_and_only_the_difference_is_written(
    running: tuple[Broker, Child], own_folder: DataFolder, environment: dict[str, str], bus: Bus, schedules: Schedules
) -> None:
    broker, _ = running
    other, kept = ("ben", "drawing"), ("amara", "drawing")
    async with serving("notifier", broker, own_folder, **environment):
        sessions = await seated(bus, own_folder, reminded_at=CLOCK.now() + timedelta(hours=1))

        async def planned() -> bool:
            return set((await schedules.planned()).get(sessions.community, {})) == {kept}

        await eventually(planned)
    first = (await schedules.planned())[sessions.community][kept]
    left_over = Reminder(CLOCK.now() + timedelta(hours=5), CLOCK.now() + timedelta(hours=6))
    await schedules.publish(sessions.community, other, left_over)
    async with serving("notifier", broker, own_folder, **environment):
        await eventually(planned)
    assert (await schedules.planned())[sessions.community] == {kept: first}
