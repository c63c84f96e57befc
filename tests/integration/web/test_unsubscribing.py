"""One-click ending of notices (RFC 8058): GET shows a button, POST acts without asking for anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from running_desk import Desk

from shared.bus.connection import Bus
from shared.contract.catalogue import PREFERENCE
from shared.contract.facts.notices import Preference
from shared.contract.facts.registrations import Contact
from shared.contract.subjects import Service
from shared.links import LinkClaims, LinkKey, LinkScope
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import free_port
from teachmeet.local.processes import Child
from tests.clock import CLOCK
from tests.processes import answers, serving
from tests.written_facts import history, publish


@pytest.fixture
async def notifier(broker: Broker, folder: DataFolder) -> AsyncIterator[Child]:
    environment = {"TEACHMEET_LINK_KEY_FILE": str(folder.link_key), "TEACHMEET_SMTP_PORT": str(free_port())}
    async with serving("notifier", broker, folder, **environment) as child:
        await answers(broker, Service.NOTIFIER)
        yield child


def way_out(folder: DataFolder, kind: str, *, scope: LinkScope = LinkScope.UNSUBSCRIBE, generation: int = 1) -> str:
    claims = LinkClaims(
        community="northgate",
        person="p-002",
        scope=scope,
        expires=CLOCK.now() + timedelta(days=30),
        generation=generation,
    )
    return f"/me/{LinkKey.read(folder.link_key).sign(claims)}/unsubscribe/{kind}"


async def preferences(bus: Bus) -> list[Preference]:
    return [state for _, state in await history(bus, PREFERENCE, Preference)]


@pytest.mark.usefixtures("northgate", "notifier")
async def test_a_mail_programs_post_takes_effect_at_once_and_a_look_does_not(
    desk: Desk, provision_bus: Bus, folder: DataFolder
) -> None:
    address = way_out(folder, "digest")
    shown = await desk.until(address, lambda each: each.status_code == 200)
    assert 'method="post"' in shown.text
    assert await preferences(provision_bus) == []
    one_click = {"List-Unsubscribe": "One-Click"}
    answer = await desk.post(address, data=one_click, follow_redirects=False)
    assert (answer.status_code, "Done" in answer.text) == (200, True)
    [said] = await preferences(provision_bus)
    assert (said.person, said.digest, said.reminders, said.team_digest) == ("p-002", False, True, True)
    assert (await desk.post(address, data=one_click)).status_code == 200
    assert len(await preferences(provision_bus)) == 1
    assert (await desk.post(way_out(folder, "reminder"))).status_code == 200
    last = (await preferences(provision_bus))[-1]
    assert (last.digest, last.reminders) == (False, False)


@pytest.mark.usefixtures("northgate", "notifier")
async def test_other_links_end_nothing(desk: Desk, provision_bus: Bus, folder: DataFolder) -> None:
    good = way_out(folder, "digest")
    await desk.until(good, lambda each: each.status_code == 200)
    assert (await desk.post(way_out(folder, "digest", scope=LinkScope.ME))).status_code == 403
    assert (await desk.post(way_out(folder, "digest", generation=2))).status_code == 403
    assert (await desk.post(way_out(folder, "everything"))).status_code == 404
    assert (await desk.post("/me/x/unsubscribe/digest")).status_code == 403
    assert await preferences(provision_bus) == []
    await publish(provision_bus, Contact.model_validate(Contact.example | {"person": "p-002", "link_generation": 2}))
    answer = await desk.post(way_out(folder, "digest", generation=2))
    assert answer.status_code in {200, 403}
    await desk.child.stop()
    assert "/me/" not in desk.log()
