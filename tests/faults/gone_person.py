"""A community in which one person with a distinctive name leaves traces wherever a person can leave them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from services.registrations.imports.drafts import DraftCommand
from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.bus.deadletters import bury
from shared.contract.catalogue import INVITE, NOTICE, QUARANTINE, SEATING
from shared.contract.commands.privacy import AskErasures, ErasePerson, Erasures
from shared.contract.facts.notices import Notice
from shared.contract.facts.notifier import Invite
from shared.contract.facts.registrations import Seating
from shared.contract.facts.replies import Answered, Quarantined
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.subjects import Service
from teachmeet.local.system import LocalSystem
from teachmeet.organiser import Organiser
from teachmeet.partner import PartnerSystem
from tests.integration.notifier.attendee import hand_over
from tests.processes import eventually
from tests.written_facts import history, publish

# A Monday morning, an hour before the weekly letters.
STARTS_AT = datetime(2026, 12, 7, 6, 59, 30, tzinfo=UTC)
COMMUNITY, PROGRAMME, PARTNER = "northgate", "december", "timetables"
NAME, ADDRESS = "Zoë Quetzalwright", "zoe.quetzalwright@wolkenkuckucksheim.example"
WORDS = ("Quetzalwright", "Zoë Quetzal", "wolkenkuckucksheim")
GONE = "p-gone"
STAYING = ("p-ada", "p-ben", "p-cyd")
ALONE, TOGETHER, OTHER = "alone", "together", "other"

_SETTINGS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "community",
        "establish",
        {
            "name": "Northgate Learning Alliance",
            "zone": "Europe/London",
            "domain": "northgate.example",
            "organiser": "Northgate sessions",
            "mailbox": "sessions@northgate.example",
            "reminder_hours": 24,
            "digest": {"weekday": "mon", "hour": 7, "days": 30},
        },
    ),
    (
        "programme",
        "announce",
        {
            "programme": PROGRAMME,
            "title": "December",
            "zone": "Europe/London",
            "first_day": "2026-12-07",
            "last_day": "2026-12-23",
        },
    ),
)


def proposal(id: str, *presenters: str, abstract: str = "") -> dict[str, Any]:
    return {
        "proposal": id,
        "programme": PROGRAMME,
        "title": f"About {id}",
        "abstract": abstract,
        "format": "workshop",
        "minutes": 60,
        "presenters": list(presenters),
        "tags": ["drawing"],
    }


def person(id: str, name: str, address: str, *, public: bool = False) -> dict[str, Any]:
    return {"person": id, "name": name, "address": address, "school": "Hillside School", "name_public": public}


def drafts(*rows: tuple[str, str, dict[str, Any]]) -> list[DraftCommand]:
    return [DraftCommand("here", number, *row) for number, row in enumerate(rows)]


def partner_rows() -> list[DraftCommand]:
    """What the partner brings. Its windows fill more than a block of the stream's file."""
    windows = [
        {
            "kind": "dated",
            "answer": "no",
            "start": f"2026-12-{number % 20 + 1:02d}T{number % 24:02d}:00:00Z",
            "end": f"2026-12-{number % 20 + 1:02d}T{number % 24:02d}:30:00Z",
        }
        for number in range(1000)
    ]
    return drafts(
        ("room", "add", {"room": "library", "name": "Library", "site": "Hillside School", "capacity": 24}),
        ("person", "register", person(GONE, "Zoe Q. Quetzalwright", "old.quetzalwright@wolkenkuckucksheim.example")),
        ("person", "register", person(GONE, NAME, ADDRESS, public=True)),
        *(("person", "register", person(each, f"Person {each}", f"{each}@hillside.example")) for each in STAYING),
        ("availability", "state", {"person": GONE, "windows": windows[:40]}),
        *(
            ("availability", "state", {"person": "p-cyd", "source": f"s-{number % 3}", "windows": windows[number:]})
            for number in range(120)
        ),
    )


def members_rows(told: str) -> list[DraftCommand]:
    return drafts(
        ("proposal", "submit", proposal(ALONE, GONE, abstract=told)),
        ("proposal", "submit", proposal(TOGETHER, "p-ada", GONE, abstract=told)),
        ("proposal", "submit", proposal(OTHER, "p-ada", abstract="Draw what you see.")),
        *(
            ("interest", "state", {"person": each, "session": session, "level": "coming"})
            for each in (GONE, "p-ben", "p-cyd")
            for session in (ALONE, TOGETHER, OTHER)
        ),
    )


@asynccontextmanager
async def patient_connection(system: LocalSystem) -> AsyncIterator[Bus]:
    """One that may do everything, and waits for the broker as long as a test may have to."""
    async with system.connection("provision") as bus:
        yield replace(bus, js=bus.client.jetstream(timeout=60.0))


class GonePerson:
    """Plays the story on a running system; ``told`` is what the person writes about their sessions."""

    def __init__(self, system: LocalSystem, told: str = f"{NAME} ({ADDRESS}) shows how.") -> None:
        self._system = system
        self._told = told

    async def leaves_traces(self) -> None:
        """Everything that comes before the erasure."""
        async with (
            self._system.connection("cli") as cli,
            self._system.connection(PARTNER) as partner,
            patient_connection(self._system) as bus,
        ):
            organiser = Organiser(Requester(cli, COMMUNITY, "organiser", patience=120.0))
            assert not (await organiser.import_drafts(drafts(*_SETTINGS))).refused
            results = await PartnerSystem(partner, COMMUNITY).feed(partner_rows())
            assert not [each.sentence() for each in results if each.is_rejected]
            imported = await organiser.import_drafts(members_rows(self._told))
            assert not imported.refused
            await organiser.accept((ALONE, TOGETHER, OTHER))
            await self._release(bus, organiser)
            await self._mails_come_in(bus)
            await _letter_dies(bus)

    async def _release(self, bus: Bus, organiser: Organiser) -> None:
        # The reminder of the first one is due in a moment.
        first = bus.clock.now().replace(microsecond=0) + timedelta(hours=24, seconds=30)
        placements = tuple(
            Placement(session=each, proposal=each, room="library", start=first + timedelta(days=number), minutes=60)
            for number, each in enumerate((ALONE, TOGETHER, OTHER))
        )
        body = {"programme": PROGRAMME, "number": 1, "placements": placements}
        await publish(bus, Release.model_validate(Release.example | body), community=COMMUNITY)
        await organiser.delivered(PROGRAMME, 1)

        async def told() -> bool:
            notices = await history(bus, NOTICE, Notice, community=COMMUNITY)
            kinds = {each.kind for what, each in notices if what == "sent" and each.person == GONE}
            return {"reminder", "digest"} <= kinds

        await eventually(told, within=120)

    async def _mails_come_in(self, bus: Bus) -> None:
        """Answers of the person, mails about them from others, and a letter of theirs that nobody can place."""
        invite = next(
            each
            for what, each in await history(bus, INVITE, Invite, community=COMMUNITY)
            if each.person == GONE and each.mail is not None
        )
        answer, letter = EmailMessage(), EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = f"{NAME} <{ADDRESS}>", "sessions@northgate.example", "Hello"
        letter["Message-ID"] = "<1@wolkenkuckucksheim.example>"
        letter.set_content(f"Could we meet? Yours, {NAME}\n" * 3, cte="base64")
        await hand_over(self._system.reply_port, letter.as_bytes(), "sessions@northgate.example", sender=ADDRESS)
        answer["From"], answer["To"], answer["Subject"] = "ada@hillside.example", "sessions@northgate.example", "Who?"
        answer["Message-ID"] = "<2@hillside.example>"
        answer.set_content(f"Is {NAME} coming?\n", cte="quoted-printable")
        await hand_over(self._system.reply_port, answer.as_bytes(), "sessions@northgate.example", sender="a@b.example")
        delegating = Answered(
            person="p-ben",
            session=TOGETHER,
            comment=f"{NAME} goes in my place",
            delegate=ADDRESS,
            start=invite.entry.start,
        )
        await publish(bus, delegating, community=COMMUNITY)

        async def kept() -> bool:
            return len(await history(bus, QUARANTINE, Quarantined, community=COMMUNITY)) >= 2

        await eventually(kept, within=120)

    async def erase(self) -> None:
        async with self._system.connection("cli") as cli:
            requester = Requester(cli, COMMUNITY, "organiser", patience=120.0)
            await requester.command(Service.REGISTRATIONS, ErasePerson(person=GONE), id="erase")

    async def erased(self, within: float) -> float:
        """Wait until every service has given its receipt; the seconds that took."""
        begun = asyncio.get_running_loop().time()
        async with self._system.connection("cli") as cli:
            requester = Requester(cli, COMMUNITY, "organiser", patience=within)

            async def done() -> bool:
                told = await requester.ask(Service.REGISTRATIONS, AskErasures(), Erasures)
                return [each.done for each in told.people] == [True]

            await eventually(done, within=within)
        return asyncio.get_running_loop().time() - begun

    async def seatings(self) -> dict[str, tuple[str, ...]]:
        """Who has a seat in which session, as the last facts say."""
        async with patient_connection(self._system) as bus:
            found = await history(bus, SEATING, Seating, community=COMMUNITY)
        return {each.session: each.people for _, each in found}


async def _letter_dies(bus: Bus) -> None:
    """A partner's import on which we failed: about the person, and about somebody else."""
    people = [person(GONE, NAME, ADDRESS), person("p-ada", "Person p-ada", "p-ada@hillside.example")]
    await bury(
        bus,
        Service.REGISTRATIONS,
        community=COMMUNITY,
        subject=f"tm.{COMMUNITY}.inbox.v1.{PARTNER}.people.import",
        seq=4711,
        headers={"ce-id": "import-1"},
        body=json.dumps({"people": people}).encode(),
        error=RuntimeError("on purpose"),
    )
