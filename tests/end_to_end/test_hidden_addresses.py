"""Nobody but the organiser ever sees somebody else's e-mail address: pages, feeds, data, mails, answers, facts."""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.bus.erasing import stored
from shared.bus.permissions import PARTNER_READS, Partner
from shared.bus.streams import OUTBOX, stream_of
from shared.contract.authority import Actor, ActorKind, may, person_actor
from shared.contract.catalogue import ENDPOINTS, Endpoint
from shared.contract.commands.notifier import AskLink, Link
from shared.contract.message import Command
from shared.contract.results import Accepted, Rejection
from shared.contract.subjects import Service, facts_of, outbox_of
from shared.contract.values import new_id
from shared.time.clock import Clock
from teachmeet.local.folder import DataFolder
from teachmeet.local.system import LocalSystem, SystemOptions
from tests.faults.gone_person import (
    ADDRESS,
    COMMUNITY,
    GONE,
    PARTNER,
    STARTS_AT,
    STAYING,
    GonePerson,
    patient_connection,
)

ADDRESSES = {GONE: ADDRESS, **{each: f"{each}@hillside.example" for each in STAYING}}
OTHER_PARTNER = "rooms"
_LINK = re.compile(r'(?:href|action|src)="([^"#]+)')
_PAGES_AT_MOST = 150


@asynccontextmanager
async def community(path: Path) -> AsyncIterator[LocalSystem]:
    options = SystemOptions(
        community=COMMUNITY,
        clock_offset_seconds=Clock.starting_at(STARTS_AT).offset_seconds,
        partners=(Partner(PARTNER, (COMMUNITY,)), Partner(OTHER_PARTNER, (COMMUNITY,))),
        environment={"TEACHMEET_SETTLE_SECONDS": "0"},
    )
    async with LocalSystem(DataFolder(path), options).running() as running:
        # What people write about themselves is theirs to publish.
        await GonePerson(running, "Draw what you see.").leaves_traces()
        yield running


def seen(text: str, but: str | None = None) -> set[str]:
    """The addresses of people in a text, but for one's own."""
    return {address for person, address in ADDRESSES.items() if person != but and address in text.lower()}


async def walked(web_url: str, start: str) -> dict[str, str]:
    """Every page and file that can be reached from an address without pressing anything, as text."""
    found: dict[str, str] = {}
    waiting = [start]
    async with httpx.AsyncClient(base_url=web_url, trust_env=False, follow_redirects=True, timeout=60) as reader:
        while waiting and len(found) < _PAGES_AT_MOST:
            address = waiting.pop()
            if address in found:
                continue
            answer = await reader.get(address)
            found[address] = _text(answer)
            for link in _LINK.findall(answer.text if "html" in answer.headers.get("content-type", "") else ""):
                followed = urljoin(f"{web_url}{address}", link.replace("&amp;", "&").replace("webcal://", "http://"))
                if followed.startswith(web_url) and "/static/" not in followed:
                    waiting.append(followed.removeprefix(web_url))
    return found


def _text(answer: httpx.Response) -> str:
    if "zip" not in answer.headers.get("content-type", ""):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        return "\n".join(pack.read(name).decode() for name in pack.namelist())


def questions() -> Iterator[Endpoint]:
    """What can be asked without changing anything."""
    return (each for each in ENDPOINTS if each.reply is not Accepted and "import" not in each.verb)


async def asked(requester: Requester, endpoint: Endpoint, person: str) -> str:
    """The answer to the question about that person, whatever it is."""
    example = endpoint.command.example | ({"person": person} if "person" in endpoint.command.model_fields else {})
    command = endpoint.command.model_validate(example)
    body = command.model_dump_json(exclude_none=True).encode()
    try:
        answer = await requester.ask_raw(endpoint.service, endpoint.entity, endpoint.verb, body, id=new_id())
    except Rejection as rejection:
        return rejection.reply().model_dump_json()
    return answer.decode()


async def facts(bus: Bus, stream: str, subject: str) -> str:
    return "\n".join([each.body.decode() async for found in stored(bus, stream, subject) for each in found])


def words_of(mail: bytes) -> str:
    """Everything that a mail says, its encodings undone."""
    read = email.message_from_bytes(mail, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    parts = [part.get_content() for part in read.walk() if not part.is_multipart()]
    texts = (part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part) for part in parts)
    heads = (f"{name}: {value}" for part in read.walk() for name, value in part.items())
    return re.sub(r"\r?\n[ \t]", "", "\n".join((*heads, *texts)))


@pytest.mark.timeout(600)
async def test_nobody_sees_the_address_of_somebody_else(tmp_path: Path) -> None:
    async with community(tmp_path) as running:
        pages = await walked(running.web_url, f"/{COMMUNITY}")
        assert len(pages) >= 2
        assert {path: seen(text) for path, text in pages.items() if seen(text)} == {}

        async with running.connection("cli") as cli, running.connection("web") as web:
            organiser = Requester(cli, COMMUNITY, "organiser", patience=120.0)
            for person in ADDRESSES:
                link = await organiser.ask(Service.NOTIFIER, AskLink(person=person), Link)
                pages = await walked(running.web_url, link.url.removeprefix(running.web_url))
                assert any(path.endswith("data.zip") for path in pages)
                assert {path: seen(text, person) for path, text in pages.items() if seen(text, person)} == {}

                requester = Requester(web, COMMUNITY, person_actor(person), patience=120.0, try_timeout=30.0)
                for endpoint in questions():
                    answer = await asked(requester, endpoint, person)
                    assert seen(answer, person) == set(), endpoint.type

        async with running.connection(OTHER_PARTNER) as bus:
            partner = Requester(bus, COMMUNITY, patience=120.0, try_timeout=30.0)
            partner_actor = Actor(ActorKind.PARTNER, OTHER_PARTNER)
            for endpoint in questions():
                if may(OTHER_PARTNER, partner_actor, _example(endpoint)):
                    assert seen(await asked(partner, endpoint, "p-ada")) == set(), endpoint.type

        async with patient_connection(running) as bus:
            for kind in PARTNER_READS:
                told = await facts(bus, stream_of(kind.service), facts_of(kind.service, kind.entity))
                assert seen(told) == set(), kind.entity
            assert seen(await facts(bus, OUTBOX, outbox_of())) == set()

    mails = [file.read_bytes() for file in (tmp_path / "mail").glob("*.eml")]
    assert len(mails) > 10
    for mail in mails:
        words = words_of(mail)
        [recipient] = [person for person, address in ADDRESSES.items() if address in words.split("Subject:")[0]]
        assert seen(words, recipient) == set()


def _example(endpoint: Endpoint) -> Command:
    return endpoint.command.model_validate(endpoint.command.example)
