"""Whole files through the importer: what would happen, what happens, again, and after a break."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from services.registrations.imports.drafts import DraftCommand
from services.registrations.imports.hints import Hints
from services.registrations.imports.reading import read_import
from shared.bus.client import Requester, UnreachableError
from shared.bus.connection import Bus
from shared.contract.commands.checking import Effect
from shared.contract.commands.intake import AskPersonState, AskProposal, PersonShown, ProposalShown
from shared.contract.commands.registrations import RegisterPerson
from shared.contract.subjects import Service
from teachmeet.import_report import Report
from teachmeet.importing import Importer
from teachmeet.local.processes import Child
from teachmeet.sample import read_sample

ROSTER = """Full name;E-Mail;Organisation;Dept
Cleo Adu;cleo@lakeside.example;Lakeside;Art
Dee Lam;dee@lakeside.example;Lakeside;Maths
"""
SESSIONS = [
    {
        "code": "ABC123",
        "title": "Bees in the classroom",
        "speakers": [{"code": "X7", "name": "Cleo Adu", "email": "cleo@lakeside.example"}],
        "submission_type": {"en": "Workshop"},
        "duration": 45,
        "state": "accepted",
    },
    {
        "code": "DEF456",
        "title": "Quiet corners",
        "speakers": [{"code": "X7", "name": "Cleo Adu", "email": "cleo@lakeside.example"}],
        "submission_type": {"en": "Workshop"},
        "duration": 30,
        "state": "submitted",
    },
]
HINTS = Hints(values={"programme": "spring-2027", "school": "Lakeside"})


def files(folder: Path) -> list[DraftCommand]:
    (folder / "roster.csv").write_text(ROSTER)
    (folder / "talks.json").write_text(json.dumps({"count": 2, "results": SESSIONS}))
    read = [read_import(folder / name, hints=HINTS) for name in ("roster.csv", "talks.json")]
    assert not [problem for each in read for problem in each.problems]
    return [command for each in read for command in each.commands]


async def imported(requester: Requester, drafts: list[DraftCommand]) -> Report:
    return await Importer(requester).run(drafts)


async def messages(bus: Bus) -> int:
    return int((await bus.js.stream_info("REGISTRATIONS")).state.messages)


def effects(report: Report) -> Counter[Effect | None]:
    return Counter(each.effect for each in report.accepted)


async def test_a_check_tells_what_would_happen_and_writes_nothing(
    organiser: Requester, provision_bus: Bus, tmp_path: Path
) -> None:
    before = await messages(provision_bus)
    report = await imported(replace(organiser, dry_run=True), files(tmp_path))
    assert [str(each) for each in report.every_problem()] == []
    assert effects(report)[Effect.NEW] == 4
    assert await messages(provision_bus) == before


async def test_what_other_systems_know_of_people_and_proposals_comes_in_together(
    organiser: Requester, tmp_path: Path
) -> None:
    await imported(organiser, files(tmp_path))
    asked = AskProposal(proposal="pretalx-abc123")
    shown = await organiser.ask(Service.REGISTRATIONS, asked, ProposalShown)
    assert (shown.status, shown.minutes, shown.format) == ("accepted", 45, "workshop")
    assert shown.whole is not None
    person = await organiser.ask(Service.REGISTRATIONS, AskPersonState(person=shown.whole.presenters[0]), PersonShown)
    assert (person.name, person.address, person.department) == ("Cleo Adu", "cleo@lakeside.example", "Art")
    assert set(person.proposals) == {"pretalx-abc123", "pretalx-def456"}


async def test_the_same_import_again_writes_nothing(organiser: Requester, provision_bus: Bus, tmp_path: Path) -> None:
    await imported(organiser, files(tmp_path))
    stored = await messages(provision_bus)
    again = await imported(organiser, files(tmp_path))
    assert again.every_problem() == []
    assert await messages(provision_bus) == stored
    checked = await imported(replace(organiser, dry_run=True), files(tmp_path))
    assert effects(checked) == {Effect.UNCHANGED: 4}


async def test_only_what_changed_is_written_again(organiser: Requester, provision_bus: Bus, tmp_path: Path) -> None:
    await imported(organiser, files(tmp_path))
    stored = await messages(provision_bus)
    (tmp_path / "roster.csv").write_text(ROSTER.replace("Art", "Drama"))
    changed = read_import(tmp_path / "roster.csv").commands
    report = await imported(organiser, list(changed))
    assert effects(report) == {Effect.CHANGED: 1, Effect.UNCHANGED: 1}
    assert await messages(provision_bus) == stored + 1


async def test_columns_that_a_file_does_not_have_stay_as_they_are(organiser: Requester, tmp_path: Path) -> None:
    consented = RegisterPerson(
        person="p-007", name="Dee Lam", address="dee@lakeside.example", school="Lakeside", name_public=True
    )
    await organiser.command(Service.REGISTRATIONS, consented)
    (tmp_path / "roster.csv").write_text(ROSTER)
    await imported(organiser, list(read_import(tmp_path / "roster.csv").commands))
    person = await organiser.ask(Service.REGISTRATIONS, AskPersonState(person="p-007"), PersonShown)
    assert (person.name_public, person.department) == (True, "Maths")


async def test_an_import_that_broke_off_is_completed_by_running_it_again(
    organiser: Requester, registrations: Child, provision_bus: Bus
) -> None:
    sample = await read_sample()
    drafts = [*sample.settings, *sample.partner_rows, *sample.members_rows]
    impatient = Importer(replace(organiser, patience=0.0))

    async def kill_in_the_middle() -> None:
        while len(impatient.report.answers) < 100 and not broken_off.is_set():
            await asyncio.sleep(0)
        registrations.kill()

    broken_off = asyncio.Event()
    killer = asyncio.create_task(kill_in_the_middle())
    with pytest.raises(UnreachableError):
        await impatient.run(drafts)
    broken_off.set()
    await killer
    patient = replace(organiser, patience=120.0)
    completed = await imported(patient, drafts)
    stored = await messages(provision_bus)
    again = await imported(patient, drafts)
    assert await messages(provision_bus) == stored
    assert len(again.accepted) == len(completed.accepted) > len(impatient.report.answers)
    assert [str(each) for each in again.every_problem()] == [str(each) for each in completed.every_problem()]
