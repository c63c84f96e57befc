"""Nothing of a person is left in any file of the data folder, although everything was killed on the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shared.bus.permissions import Partner
from shared.time.clock import Clock
from teachmeet.local.folder import DataFolder
from teachmeet.local.system import LocalSystem, SystemOptions
from tests.faults.block_files import has_compressed
from tests.faults.chaos import Chaos
from tests.faults.gone_person import COMMUNITY, GONE, PARTNER, STARTS_AT, TOGETHER, WORDS, GonePerson
from tests.faults.traces import traces

SEED = int(os.environ.get("CHAOS_SEED", "20261122"))
# Mails that were sent have left: they lie in other people's mailboxes.
SENT = ("mail",)


def system(path: Path) -> LocalSystem:
    options = SystemOptions(
        community=COMMUNITY,
        clock_offset_seconds=Clock.starting_at(STARTS_AT).offset_seconds,
        partners=(Partner(PARTNER, (COMMUNITY,)),),
        environment={"TEACHMEET_SETTLE_SECONDS": "0"},
    )
    return LocalSystem(DataFolder(path), options)


@pytest.mark.timeout(900)
async def test_nothing_of_an_erased_person_is_left_although_everything_was_killed(tmp_path: Path) -> None:
    async with system(tmp_path).running() as running:
        story = GonePerson(running)
        await story.leaves_traces()
        before = traces(tmp_path, WORDS, but=SENT)
        streams = {each.file.split("/streams/")[1].split("/")[0] for each in before if "/streams/" in each.file}
        assert streams == {"REGISTRATIONS", "NOTIFIER", "DEADLETTERS"}
        assert {"as it is", "base64", "quoted-printable"} <= {
            each.writing.split(": ")[1].split(",")[0] for each in before
        }

        assert has_compressed(tmp_path)
        seats = await story.seatings()
        assert GONE in seats[TOGETHER]
        chaos = Chaos(running, SEED, lambda: True)
        async with chaos.during(kills=8, gap=(0.0, 1.5)):
            await story.erase()
        seconds = await story.erased(within=60)
        left = await story.seatings()
        print(f"{dict(chaos.kills)}; done {seconds:.1f} s after the last kill")
    assert traces(tmp_path, WORDS, but=SENT) == []
    for session, people in seats.items():
        assert GONE not in left[session]
        assert {*people} - {GONE} <= {*left[session]}
