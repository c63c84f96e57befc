"""Five hundred invitations to servers that stall, drop, defer and refuse, while the notifier is killed fifty times."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.bus.facts import Facts
from shared.bus.replay import Replay, Source
from shared.contract.catalogue import INVITE
from shared.contract.commands.notifier import Delivery
from shared.contract.facts.notifier import Invite, InviteStatus
from shared.contract.facts.registrations import Community, Contact, Place, Proposal, Seating
from shared.contract.facts.scheduler import Placement, Release
from teachmeet.demo import STARTS_AT
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.organiser import Organiser
from tests.faults.evidence import doubted
from tests.faults.nursery import Nursery, nursery
from tests.faults.troubled_server import Trouble, TroubledServer, troubled
from tests.written_facts import publish

SEED = int(os.environ.get("CHAOS_SEED", "20261202"))
KILLS = 50
SESSIONS, SEATS = 5, 100
PROGRAMME, COMMUNITY = "spring-2027", "northgate"
NOBODY = 12
# Short where the server stalls. Together with the first, which nothing here waits for, long enough that most kills are
# over before the first claims run out: while a second attempt is on its way nothing is killed.
DEADLINES = {"idle_connection": 18.0, "connect": 1.0, "command": 0.5, "body": 0.5, "answer": 0.7}


def person(number: int) -> str:
    return f"p-{number:03}"


def address(name: str) -> str:
    return f"{name}@hillside.example"


def facts_of_a_release(release: int) -> list[Community | Contact | Proposal | Seating | Release]:
    """Five sessions with a hundred people each; every release is an hour later than the one before."""
    sessions = [f"session-{number}" for number in range(SESSIONS)]
    people = [person(number) for number in range(SESSIONS * SEATS)]
    start = STARTS_AT.replace(day=20) + timedelta(hours=release)
    place = Place(name="Library", site="Hillside School")
    common = {"programme": PROGRAMME, "release": release, "place": place, "input_seq": 0}
    placements = [Placement(session=each, proposal=each, room="library", start=start, minutes=60) for each in sessions]
    return [
        Community.model_validate(Community.example),
        *(Contact(person=each, name=each, address=address(each), zone="Europe/London") for each in people),
        *(Proposal.model_validate(Proposal.example | {"proposal": each, "title": each}) for each in sessions),
        *(
            Seating.model_validate(common | {"session": each, "proposal": each, "people": people[index::SESSIONS]})
            for index, each in enumerate(sessions)
        ),
        Release.model_validate(
            Release.example | {"programme": PROGRAMME, "number": release, "placements": tuple(placements)}
        ),
    ]


class Watch:
    """What the test knows of the notifier's facts, a moment later than they are stored."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def never_doubted(self, recipient: str) -> bool:
        found = [each for each in self._invites() if each.person == recipient.partition("@")[0]]
        return not any(each.doubts for each in found)

    def last_messages(self) -> dict[str, str]:
        """The Message-ID of each person's last message, by person."""
        newest = sorted(self._invites(), key=lambda each: each.n)
        return {each.person: each.message_id for each in newest}

    def second_attempt_open(self) -> bool:
        """One whose next doubt would be its second, and its last."""
        return any(each.status is InviteStatus.CLAIMED and each.doubts for each in self._invites())

    def _invites(self) -> list[Invite]:
        return list(self._facts.states(INVITE, Invite, COMMUNITY).values())


class Killer:
    """Kills the notifier as soon as so many more commands have come to the mail server, and starts it anew."""

    def __init__(self, notifiers: Nursery, watch: Watch) -> None:
        self.kills = 0
        self._notifiers = notifiers
        self._watch = watch
        self._random = random.Random(SEED)
        self._left = 0
        self._struck = asyncio.Event()

    def on_command(self) -> None:
        self._left -= 1
        if self._left <= 0 and not self._struck.is_set() and not self._watch.second_attempt_open():
            self._notifiers.kill()
            self._struck.set()

    async def work(self) -> None:
        while self.kills < KILLS:
            self._left = self._random.randint(1, 16)
            self._struck.clear()
            await self._struck.wait()
            self.kills += 1
            await self._notifiers.start()
        self._struck.set()


@asynccontextmanager
async def watched(bus: Bus) -> AsyncIterator[Watch]:
    facts = Facts()
    async with Replay(bus, facts, [Source.of(INVITE)]):
        yield Watch(facts)


async def released(broker: Broker, bus: Bus, killing: asyncio.Task[None]) -> Delivery:
    """One release after the other until the last kill; the report about the last."""
    async with connect(broker.settings("cli")) as cli:
        organiser, number = Organiser(Requester(cli, COMMUNITY, "organiser", patience=120.0)), 0
        while number == 0 or not killing.done():
            number += 1
            await publish(bus, *facts_of_a_release(number), community=COMMUNITY)
            report = await organiser.delivered(PROGRAMME, number)
        return report


def message_id(mail: bytes) -> str:
    return mail.partition(b"\r\nMessage-ID: ")[2].partition(b"\r\n")[0].decode()


@pytest.mark.timeout(1200)
async def test_no_invitation_is_lost_and_none_comes_twice_but_in_doubt_and_then_byte_for_byte(
    broker: Broker, folder: DataFolder, provision_bus: Bus
) -> None:
    settings = broker.settings("notifier")
    everybody = [address(person(number)) for number in range(SESSIONS * SEATS)]
    nobody = frozenset(random.Random(SEED).sample(everybody, NOBODY))
    async with watched(provision_bus) as watch:
        server = TroubledServer(SEED, nobody, watch.never_doubted)
        async with troubled(server) as port:
            environment = {
                "TEACHMEET_NATS": settings.nats,
                "TEACHMEET_USER": "notifier",
                "TEACHMEET_SEED_FILE": str(settings.seed_file),
                "TEACHMEET_LINK_KEY_FILE": str(folder.link_key),
                "TEACHMEET_SMTP_PORT": str(port),
                "TEACHMEET_SMTP_CONNECTIONS": "4",
                "TEACHMEET_SMTP_DEADLINES": json.dumps(DEADLINES),
            }
            async with nursery(environment, folder.logs / "notifier.log") as notifiers:
                killer = Killer(notifiers, watch)
                server.on_command = killer.on_command
                await notifiers.start()
                killing = asyncio.create_task(killer.work())
                report = await released(broker, provision_bus, killing)
                last = watch.last_messages()
    in_doubt = await doubted(provision_bus)

    print(f"{killer.kills} kills; trouble: {dict(server.met)}; {len(in_doubt)} messages were in doubt")
    assert killer.kills == KILLS
    assert set(server.met) == set(Trouble)
    undelivered = {each.person: each.why for each in report.undelivered}
    refused = {each.partition("@")[0] for each in nobody}
    assert {name for name, why in undelivered.items() if "refused" in why or "takes no mail" in why} == refused
    copies: dict[str, list[bytes]] = defaultdict(list)
    for mail in server.mails:
        copies[message_id(mail)].append(mail)
    # A kill may meet a second attempt that the test had not yet seen; that message is left to a person, by design.
    reported = {name for name, why in undelivered.items() if "twice nobody knows" in why}
    assert len(last) == SESSIONS * SEATS
    assert {name for name, message in last.items() if message not in copies} - reported == refused
    for message, same in copies.items():
        assert len(same) <= 2
        assert len(set(same)) == 1
        assert len(same) == 1 or message in in_doubt
