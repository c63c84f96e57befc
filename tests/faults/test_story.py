"""The demo's story while every process is killed again and again: nothing is lost, nothing is doubled."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from shared.bus.permissions import Partner
from shared.contract.subjects import Service
from shared.time.clock import Clock
from teachmeet.demo import STARTS_AT
from teachmeet.local.folder import DataFolder
from teachmeet.local.system import BROKER, MAIL_SINK, LocalSystem, SystemOptions
from teachmeet.sample import PARTNER, Sample, read_sample
from teachmeet.story import Story
from tests.faults.chaos import Chaos, second_attempts_watched
from tests.faults.evidence import Evidence, doubted, evidence, transmissions

SEED = int(os.environ.get("CHAOS_SEED", "20261201"))
MAILING = (BROKER, MAIL_SINK, Service.NOTIFIER)
# Short steps, so that a lost attempt is known to be lost after seconds; the order of things stays the same.
DEADLINES = {"idle_connection": 1.0, "connect": 1.0, "command": 0.5, "body": 0.5, "answer": 1.0}


def system(path: Path, sample: Sample) -> LocalSystem:
    options = SystemOptions(
        community=sample.community,
        clock_offset_seconds=Clock.starting_at(STARTS_AT).offset_seconds,
        partners=(Partner(PARTNER, (sample.community,)),),
        environment={"TEACHMEET_SMTP_DEADLINES": json.dumps(DEADLINES), "TEACHMEET_SMTP_CONNECTIONS": "1"},
    )
    return LocalSystem(DataFolder(path), options)


async def undisturbed(path: Path, sample: Sample) -> Evidence:
    async with system(path, sample).running() as running:
        story = Story(running, sample)
        intake = await story.intake()
        await story.act(1, at_least_seq=intake.seq)
        changes = await story.second_act_changes()
        await story.act(2, at_least_seq=changes.seq)
        async with running.connection("provision") as bus:
            return await evidence(bus, running.folder.mail, sample.community)


@pytest.mark.timeout(900)
async def test_nothing_is_lost_or_doubled_when_every_process_is_killed(tmp_path: Path) -> None:
    sample = await read_sample()
    expected = await undisturbed(tmp_path / "undisturbed", sample)
    assert len(expected.mails) > 200
    # The same keys, so that claims on addresses have the same names in both runs.
    shutil.copytree(tmp_path / "undisturbed" / "keys", tmp_path / "disturbed" / "keys")

    async with (
        system(tmp_path / "disturbed", sample).running() as running,
        running.connection("provision") as bus,
        second_attempts_watched(bus) as no_second_attempt,
    ):
        chaos = Chaos(running, SEED, no_second_attempt)
        story = Story(running, sample)
        async with chaos.during(kills=9, gap=(0.3, 1.2)):
            intake = await story.intake()
        async with chaos.during(kills=6, gap=(0.1, 0.6)), chaos.amid_mail(every=(10, 60), names=MAILING):
            await story.act(1, at_least_seq=intake.seq)
        async with chaos.during(kills=6, gap=(0.1, 0.6)), chaos.amid_mail(every=(10, 40), names=MAILING):
            changes = await story.second_act_changes()
            await story.act(2, at_least_seq=changes.seq)
        await running.ready()
        found = await evidence(bus, running.folder.mail, sample.community)
        sent = transmissions(running.folder.mail)
        in_doubt = await doubted(bus)

    print(f"{chaos.kills.total()} kills: {dict(chaos.kills)}; {len(in_doubt)} messages were in doubt")
    assert chaos.kills.total() >= 20
    assert set(chaos.kills) == set(running.children)
    assert found.registrations == expected.registrations
    assert found.releases == expected.releases
    assert found.mails == expected.mails
    for (message_id, *_), copies in sent.items():
        assert len(copies) <= 2
        assert len(set(copies)) == 1
        assert len(copies) == 1 or message_id in in_doubt
