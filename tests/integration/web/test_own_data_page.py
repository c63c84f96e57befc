"""What is held on a person, by their own link: downloaded as a zip, and destroyed only once they are sure."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator, Callable

import pytest
from running_desk import Desk

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.catalogue import CONTACT, ERASED, ERASURE
from shared.contract.facts.privacy import Erasure
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import free_port
from teachmeet.local.processes import Child
from tests.processes import eventually, serving
from tests.written_facts import history

Link = Callable[..., str]


@pytest.fixture
async def notifier(broker: Broker, folder: DataFolder) -> AsyncIterator[Child]:
    """A notifier whose mail server is away: it holds data, too."""
    environment = {"TEACHMEET_LINK_KEY_FILE": str(folder.link_key), "TEACHMEET_SMTP_PORT": str(free_port())}
    async with serving("notifier", broker, folder, **environment) as child:
        yield child


async def test_everybody_gets_their_own_data_and_nobody_elses(
    desk: Desk, organiser: Requester, notifier: Child, link: Link
) -> None:
    shown = await desk.until(f"{link('p-001')}/data", lambda each: each.status_code == 200)
    assert 'href="data.zip"' in shown.text
    answer = await desk.until(f"{link('p-001')}/data.zip", lambda each: each.status_code == 200)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        data = json.loads(pack.read("data.json"))
        assert {"data.json", "data.csv", "calendar.ics"} <= set(pack.namelist())
        every = b"".join(pack.read(name) for name in pack.namelist()).decode()
    assert data["person"] == "p-001"
    assert "p-001@hillside.example" in every
    assert "p-002" not in every
    assert "Ben Ito" not in every
    for bad in ("/me/x/data", "/me/x/data.zip", f"{link('p-001', generation=2)}/data.zip"):
        assert (await desk.get(bad)).status_code == 403


async def test_who_is_sure_is_erased_and_who_did_not_tick_the_box_is_not(
    desk: Desk, organiser: Requester, notifier: Child, provision_bus: Bus, link: Link
) -> None:
    address = f"{link('p-001')}/erase"
    shown = await desk.until(address, lambda each: each.status_code == 200)
    assert "cannot be undone" in shown.text
    for form in ({}, {"sure": ""}):
        answer = await desk.post(address, data=form)
        assert (answer.status_code, "nothing was erased" in answer.text) == (400, True)
    assert await history(provision_bus, ERASURE, Erasure) == []
    assert "You are erased" in (await desk.post(address, data={"sure": "yes"})).text
    raw = await provision_bus.js.get_last_msg("REGISTRATIONS", CONTACT.ref("northgate", "p-001").fact(ERASED))
    assert raw.subject is not None

    async def gone() -> bool:
        return (await desk.get(link("p-001"))).status_code == 403

    await eventually(gone)
    assert (await desk.get(link("p-002"))).status_code == 200
