"""The organiser's command line for seats, groups and managers, against a running service."""

from __future__ import annotations

import asyncio
import json
import os
import sys

from shared.bus.client import Requester
from shared.bus.connection import Bus
from teachmeet.local.broker import Broker
from tests.integration.registrations.released_seats import people, programme, released, session


async def teachmeet(broker: Broker, *arguments: str, code: int = 0) -> str:
    """What the command prints; it must end with that code."""
    settings = broker.settings("cli")
    environment = {
        "TEACHMEET_NATS": settings.nats,
        "TEACHMEET_USER": "cli",
        "TEACHMEET_SEED_FILE": str(settings.seed_file),
        "COLUMNS": "200",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "teachmeet", *arguments, "--community", "northgate"),
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    assert process.returncode == code, told.decode()
    return told.decode()


async def test_an_organiser_sees_and_changes_who_sits_where(
    organiser: Requester, provision_bus: Bus, broker: Broker
) -> None:
    await people(organiser, ["ann", "ben"])
    await programme(organiser)
    await session(organiser, "drawing", capacity=2)
    await released(provision_bus, {"drawing": 0})
    assert "ann: has a seat in the room" in await teachmeet(broker, "seats", "take", "ann", "drawing")
    assert "ben: 1st of 1: asked on" in await teachmeet(broker, "seats", "take", "ben", "drawing")
    shown = await teachmeet(broker, "seats", "show", "drawing")
    assert "2 of 2 seats in-person, 1 waiting (first-come)" in shown
    assert "presents this session" in shown
    refused = await teachmeet(broker, "seats", "take", "nobody", "drawing", code=1)
    assert "person names no contact here" in refused


async def test_an_organiser_enrols_a_school_and_appoints_its_manager(organiser: Requester, broker: Broker) -> None:
    await people(organiser, ["ann", "ben"])
    no_group = await teachmeet(broker, "enrolment", "set", "all", "spring-2027", code=1)
    assert "one of sector, school, department, tag and group must be given" in no_group
    await teachmeet(broker, "enrolment", "set", "all", "spring-2027", "--school", "Hillside")
    rules = json.loads(await teachmeet(broker, "enrolment", "list", "--json"))
    assert [each["rule"] for each in rules["rules"]] == ["all"]
    await teachmeet(broker, "manager", "appoint", "ann", "--team", "Hillside", "--team", "Lakeside/Science")
    assert "Hillside; Lakeside/Science" in await teachmeet(broker, "manager", "list")
    await teachmeet(broker, "manager", "appoint", "ann")
    assert json.loads(await teachmeet(broker, "manager", "list", "--json")) == {"managers": []}
