"""The examples in docs/contract.md run as they stand, with plain nats-py."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import pytest

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.bus.requests import read_request
from shared.contract.catalogue import CONTACT, RELEASE
from shared.contract.commands.registrations import RegisterPerson
from shared.contract.facts.registrations import Contact
from shared.contract.facts.scheduler import Release
from shared.contract.results import Rejected, Rejection
from shared.contract.subjects import InboxSubject
from teachmeet.local.broker import Broker

PAGE = Path(__file__).parents[2] / "docs" / "contract.md"
SEND, FOLLOW = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_rejection_on_the_page_is_a_real_one() -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    nameless = {name: value for name, value in RegisterPerson.example.items() if name != "address"}
    with pytest.raises(Rejection) as refused:
        read_request(
            InboxSubject("northgate", "timetables", "person", "register"), {"ce-id": "1"}, json.dumps(nameless).encode()
        )
    assert refused.value.reply() == Rejected.model_validate_json(shown)


async def run(code: str, broker: Broker) -> str:
    """What the code prints when it is a program of its own, with a partner's seed."""
    environment = {"NATS_URL": broker.url, "NATS_SEED_FILE": str(broker.settings("timetables").seed_file)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env=os.environ | environment, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0
    return output.decode().strip()


def test_the_example_stays_short_and_plain() -> None:
    assert len([line for line in SEND.splitlines() if line.strip()]) <= 20
    assert set(re.findall(r"^(?:import|from) (.*)", SEND, re.MULTILINE)) == {"asyncio, json, os", "nats"}


async def test_the_example_registers_a_person_and_prints_the_result(
    organiser: Requester, broker: Broker, provision_bus: Bus
) -> None:
    printed = await run(SEND, broker)
    assert re.fullmatch(r"row-42 {'status': 'accepted', 'id': 'p-042', 'seq': \d+, 'repeated': False}", printed), (
        printed
    )
    stored = await provision_bus.js.get_last_msg("REGISTRATIONS", CONTACT.ref("northgate", "p-042").every_fact())
    assert Contact.read(stored.data or b"").name == "Ines Duarte"


async def test_the_example_follows_releases(broker: Broker, provision_bus: Bus) -> None:
    subject = RELEASE.ref("northgate", "spring-2027", "1").fact("published")
    await provision_bus.js.publish(subject, json.dumps(Release.example).encode())
    assert await run(FOLLOW, broker) == "spring-2027 1 retrieval-practice library 2027-01-12T15:30:00Z"
