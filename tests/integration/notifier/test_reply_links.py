"""The links in an invitation: opening one shows, pressing a button answers, and the seat goes to the next person."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from drawing_lesson import Drawing, Services

from shared.contract.facts.registrations import Contact
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import LOOPBACK, free_port
from tests.processes import eventually, serving
from tests.written_facts import publish

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def web(broker: Broker, folder: DataFolder, environment: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    port = free_port()
    own = {"TEACHMEET_WEB_HOST": LOOPBACK, "TEACHMEET_WEB_PORT": str(port)}
    url = f"http://{LOOPBACK}:{port}"
    async with (
        serving("web", broker, folder, **(environment | own)),
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=60.0) as reader,
    ):

        async def ready() -> bool:
            try:
                return (await reader.get("/readyz")).status_code == 200
            except httpx.TransportError:
                return False

        await eventually(ready)
        yield reader


async def opened(web: httpx.AsyncClient, path: str) -> httpx.Response:
    """The page there. A notifier that takes its time is told of with 503, and looking again changes nothing."""

    async def shown() -> httpx.Response | None:
        answer = await web.get(path)
        return None if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else answer

    return await eventually(shown, within=120)


async def pressed(web: httpx.AsyncClient, path: str, **data: str) -> httpx.Response:
    """What pressing the button gives; pressed again for as long as the notifier is away, as people do."""

    async def done() -> httpx.Response | None:
        answer = await web.post(path, data=data)
        return None if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else answer

    return await eventually(done, within=120)


def links(raw: bytes) -> dict[str, str]:
    """The paths of the answer links in a mail's text, by answer."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    text = mail.get_body(("plain",)).get_content()
    return {path.rsplit("/", 1)[1]: path for path in re.findall(r"/answer/[^\s>]+", text)}


async def test_opening_a_link_shows_and_only_pressing_a_button_answers(
    drawing: Drawing, web: httpx.AsyncClient
) -> None:
    await drawing.released()
    offered = links(await drawing.mail_to("ben"))
    assert set(offered) == {"accepted", "tentative", "declined"}
    for path in offered.values():
        shown = await opened(web, path)
        assert shown.status_code == 200
        assert "Drawing" in shown.text
        assert shown.headers["cache-control"] == "no-store"
    assert (await web.head(offered["declined"])).status_code == 200
    assert await drawing.replies() == []

    answered = await pressed(web, offered["declined"], partstat="declined", comment="Parents' evening")
    assert answered.status_code == 303
    assert "not coming" in (await opened(web, answered.headers["location"])).text
    await drawing.seated("amara", "cleo")
    [(_, state)] = await drawing.replies()
    assert (state.via, state.comment, state.partstat) == ("link", "Parents' evening", "declined")

    await pressed(web, offered["declined"], partstat="declined", comment="Parents' evening")
    assert len(await drawing.replies()) == 1


async def test_a_form_without_an_answer_changes_nothing(drawing: Drawing, web: httpx.AsyncClient) -> None:
    await drawing.released()
    path = links(await drawing.mail_to("ben"))["declined"]
    for data in ({}, {"partstat": "delegated"}, {"partstat": "x" * 9000}):
        assert (await pressed(web, path, **data)).status_code == 400
    assert await drawing.replies() == []


async def test_links_that_do_not_work_are_refused_alike(drawing: Drawing, web: httpx.AsyncClient) -> None:
    await drawing.released()
    path = links(await drawing.mail_to("ben"))["accepted"]
    token = path.split("/")[2]
    for bad in (f"/answer/{token[:-2]}AA/accepted", "/answer/x/accepted", f"/me/{token}"):
        assert (await opened(web, bad)).status_code == 403
        assert (await pressed(web, bad, partstat="declined")).status_code in {403, 405}

    community, bus = drawing.sessions.community, drawing.sessions.facts_bus
    moved_on = Contact(
        person="ben",
        name="Ben",
        address=f"ben@{community}.example",
        zone="Europe/London",
        link_generation=2,
    )
    await publish(bus, moved_on, community=community)

    async def revoked() -> bool:
        return (await web.get(path)).status_code == 403

    await eventually(revoked)
    assert (await pressed(web, path, partstat="declined")).status_code == 403
    assert await drawing.replies() == []


async def test_a_notifier_killed_while_a_button_is_pressed_still_has_one_answer(
    drawing: Drawing, web: httpx.AsyncClient, services: Services
) -> None:
    await drawing.released()
    path = links(await drawing.mail_to("ben"))["declined"]
    services.notifier.kill()
    assert (await pressed(web, path, partstat="declined")).status_code == 303
    services.registrations.kill()
    await drawing.seated("amara", "cleo")
    assert [what for what, _ in await drawing.replies()] == ["answered"]
