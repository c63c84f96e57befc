"""A backup that is brought back loses again whoever was erased since."""

from __future__ import annotations

import asyncio
import zipfile
from pathlib import Path
from typing import Any

import pytest

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.commands.privacy import AskErasures, ErasePerson, Erasures
from shared.contract.commands.registrations import EstablishCommunity, RegisterPerson
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from teachmeet.backups import BackupError, back_up, restore
from teachmeet.erasures import read_erasures, write_erasures
from teachmeet.local.folder import DataFolder, FolderInUseError
from teachmeet.local.state import RunningSystem, SystemState, write_running, write_state
from teachmeet.local.system import LocalSystem, SystemOptions
from tests.clock import CLOCK
from tests.end_to_end.system_on_a_folder import teachmeet
from tests.faults.traces import traces
from tests.processes import eventually

COMMUNITY = "northgate"
WORDS = ("Quirina", "fernweh-allee")
GONE = RegisterPerson(
    person="p-gone", name="Quirina Ahorn", address="quirina@fernweh-allee.example", school="Hillside School"
)
STAYS = RegisterPerson(person="p-stays", name="Ben Ito", address="ben@hillside.example", school="Hillside School")


def system(path: Path) -> LocalSystem:
    return LocalSystem(DataFolder(path), SystemOptions(community=COMMUNITY, clock_offset_seconds=CLOCK.offset_seconds))


def organiser(bus: Bus) -> Requester:
    return Requester(bus, COMMUNITY, "organiser", patience=120.0)


async def command(running: LocalSystem, *words: str) -> Any:
    """What a command of the command line answers, as JSON."""
    data = running.folder.path
    write_running(data, RunningSystem(nats=running.broker.url, web=running.web_url, community=COMMUNITY))
    said = await asyncio.to_thread(teachmeet, *words, "--data", str(data), "--json")
    assert said.code == 0, said.err
    return said.json


async def everybody_done(requester: Requester) -> Erasures:
    async def done() -> Erasures | None:
        found = await requester.ask(Service.REGISTRATIONS, AskErasures(), Erasures)
        return found if found.people and all(each.done for each in found.people) else None

    return await eventually(done, within=120)


@pytest.mark.timeout(600)
async def test_a_restored_backup_loses_again_whoever_was_erased_since(tmp_path: Path) -> None:
    data, saved, beside, back = (tmp_path / name for name in ("data", "saved", "erasures.json", "back"))
    data.mkdir()
    write_state(data, SystemState(community=COMMUNITY))
    async with system(data).running() as running, running.connection("cli") as bus:
        requester = organiser(bus)
        await requester.command(Service.REGISTRATIONS, EstablishCommunity.model_validate(EstablishCommunity.example))
        for person in (GONE, STAYS):
            await requester.command(Service.REGISTRATIONS, person)
        with pytest.raises(FolderInUseError):
            back_up(data, saved)
        assert (await command(running, "people", "expiring"))["retention_days"] is None
        pack = tmp_path / "own.zip"
        assert (await command(running, "person", "export", "p-gone", "--out", str(pack)))["facts"] >= 2
        with zipfile.ZipFile(pack) as held:
            assert GONE.address in held.read("data.csv").decode()
    back_up(data, saved)
    assert traces(saved, WORDS)

    async with system(data).running() as running, running.connection("cli") as bus:
        requester = organiser(bus)
        await command(running, "person", "erase", "p-gone", "--yes")
        late = GONE.model_copy(update={"person": "p-late", "address": "late@hillside.example"})
        await requester.command(Service.REGISTRATIONS, late)
        await requester.command(Service.REGISTRATIONS, ErasePerson(person="p-late"))
        await everybody_done(requester)
        assert (await command(running, "erasures", "save", str(beside)))["people"] == 2

    with pytest.raises(BackupError, match="is there already"):
        await restore(saved, data, {})
    assert await restore(saved, back, read_erasures(beside)) == 2
    async with system(back).running() as running, running.connection("cli") as bus:
        requester = organiser(bus)
        await everybody_done(requester)
        for person in (GONE, late):
            with pytest.raises(Rejection, match="was erased"):
                await requester.command(Service.REGISTRATIONS, person)
        assert (await requester.command(Service.REGISTRATIONS, STAYS)).id == "p-stays"
    assert traces(back, WORDS) == []


def test_a_folder_that_is_no_systems_is_not_backed_up(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="is no data folder"):
        back_up(tmp_path, tmp_path / "out")
    with pytest.raises(BackupError, match="is no backup"):
        asyncio.run(restore(tmp_path, tmp_path / "back", {}))


def test_who_was_erased_before_stays_in_the_file_that_is_kept_beside_backups(tmp_path: Path) -> None:
    file = tmp_path / "erasures.json"
    example = Erasures.example["people"][0]
    for person in ("p-1", "p-2"):
        write_erasures(file, COMMUNITY, Erasures.model_validate({"people": [example | {"person": person}]}))
    assert write_erasures(file, "southgate", Erasures(people=())) == 0
    # In whose place somebody came is nobody that a restored backup must lose.
    taken = example | {"person": "p-3", "successor": "p-9"}
    write_erasures(file, COMMUNITY, Erasures.model_validate({"people": [taken]}))
    assert [*read_erasures(file)[COMMUNITY]] == ["p-1", "p-2"]
