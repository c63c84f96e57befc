"""``make demo``: the main job on the sample community, from files to calendars, with everything it made on disk."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bars

from shared.bus.client import Requester
from shared.bus.permissions import Partner
from shared.contract.authority import ORGANISER
from shared.contract.commands.notifier import AskLink, Delivery, Link
from shared.contract.commands.scheduler import PlanShown
from shared.contract.facts.scheduler import Draft, Progress
from shared.contract.subjects import Service
from shared.time.clock import Clock
from teachmeet.errors import CannotError
from teachmeet.keepsakes import keep_calendars, keep_facts, keep_mail, keep_pages, keep_release
from teachmeet.local.cancelling import cancellable
from teachmeet.local.folder import DataFolder
from teachmeet.local.system import LocalSystem, SystemOptions
from teachmeet.report import (
    Wording,
    attendance_table,
    delivery_sentence,
    draft_report,
    moves_table,
    programme_table,
)
from teachmeet.sample import PARTNER, Sample, read_sample
from teachmeet.story import Act, Intake, Story

STARTS_AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
UP_ADDRESS = "http://127.0.0.1:8321"
_MARK = "made-by-teachmeet-demo"


class ForeignFolderError(CannotError):
    """The output folder exists and is not one of ours."""


def run_demo(output: Path, console: Console) -> None:
    """Play the story and leave what it made under ``output``. Raises ForeignFolderError."""
    _empty(output)
    asyncio.run(_play(output, console))
    (output / "report.txt").write_text(console.export_text(clear=False))
    console.print(f"\nAll of this is in {output / 'report.txt'}.", soft_wrap=True)


def _empty(output: Path) -> None:
    if output.exists() and any(output.iterdir()) and not (output / _MARK).exists():
        raise ForeignFolderError(f"{output} holds files that the demo did not make; name another folder with --output")
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    (output / _MARK).write_text("This folder is removed and made anew by each run of the demo.\n")


async def _play(output: Path, console: Console) -> None:
    await _Demo(output, console, await read_sample()).play()


class _Demo:
    def __init__(self, output: Path, console: Console, sample: Sample) -> None:
        self._output = output
        self._console = console
        self._say = console.print
        self._sample = sample

    async def play(self) -> None:
        clock = Clock.starting_at(STARTS_AT)
        options = SystemOptions(
            community=self._sample.community,
            clock_offset_seconds=clock.offset_seconds,
            partners=(Partner(PARTNER, (self._sample.community,)),),
        )
        system = LocalSystem(DataFolder(self._output / "system"), options)
        self._heading("Start")
        self._say(
            f"All processes run on a clock that starts at {STARTS_AT:%Y-%m-%dT%H:%MZ}, so this works in any year."
        )
        async with system.running(self._say):
            await cancellable(self._story(system))
        self._say("\nEverything is stopped; no process is left.")

    async def _story(self, system: LocalSystem) -> None:
        story = Story(system, self._sample)
        self._heading("Intake")
        intake = await story.intake()
        self._tell_intake(intake)
        self._heading("Act one: a schedule, released")
        one = await self._act(story, 1, intake.seq)
        keep_release(self._output, one.release)
        self._say(attendance_table(one.attendance))
        self._heading("Act two: a room is lost, a presenter's days change")
        changes = await story.second_act_changes()
        for change in changes.accepted:
            self._say(f"  {change.entity}.{change.verb}: {change.payload.get('room') or change.payload.get('person')}")
        two = await self._act(story, 2, changes.seq)
        keep_release(self._output, two.release)
        wording = Wording.of(two.draft)
        self._say(moves_table(one.release, two.release, wording))
        self._say(attendance_table(two.attendance))
        await self._keep(system, two)

    async def _act(self, story: Story, number: int, seq: int) -> Act:
        with self._bars() as bars:
            solving, sending = (
                bars.add_task("solving", total=None),
                bars.add_task("invitations", total=None, visible=False),
            )

            def progressed(state: Progress) -> None:
                text = f"objective {state.objective}, bound {state.bound}, {state.placed} of {state.sessions} placed"
                bars.update(solving, description=f"solving: {text}")
                self._say(f"  {state.seconds:4.1f} s  {text}")

            def drafted(shown: PlanShown) -> None:
                bars.update(solving, visible=False)
                bars.update(sending, visible=True)
                self._say(draft_report(_draft(shown), Wording.of(shown), caption=f"Draft for release {number}"))

            def delivered(state: Delivery) -> None:
                bars.update(sending, description=f"invitations: {state.waiting} to go")

            act = await story.act(
                number, at_least_seq=seq, on_progress=progressed, on_draft=drafted, on_delivery=delivered
            )
        self._say(f"\nRelease {act.release.number} is published and every message about it is delivered.")
        self._say(delivery_sentence(act.delivery))
        return act

    def _tell_intake(self, intake: Intake) -> None:
        taken = Counter(f"{row.entity}.{row.verb}" for row in (*intake.settings.accepted, *intake.members.accepted))
        self._say("By request to the api: " + ", ".join(f"{count} {name}" for name, count in sorted(taken.items())))
        good = Counter(f"{each.draft.entity}.{each.draft.verb}" for each in intake.partner if not each.is_rejected)
        self._say(f"By the partner '{PARTNER}' on its inbox: " + ", ".join(f"{n} {name}" for name, n in good.items()))
        self._list("Its bad rows, as read back from its outbox:", (
            each.sentence() for each in intake.partner if each.is_rejected
        ))  # fmt: skip
        self._list("Rows of the organiser's files that were refused:", (
            f"{each.draft.file}, line {each.draft.line}: "
            + "; ".join(f"{e.field} {e.problem} (allowed: {e.allowed})" for e in each.rejection.errors)
            for each in intake.members.refused
        ))  # fmt: skip
        self._list("What the importers could not read:", (str(problem) for problem in self._sample.problems))

    async def _keep(self, system: LocalSystem, last: Act) -> None:
        self._heading("What is left")
        wording = Wording.of(last.draft)
        self._say(programme_table(last.release.placements, wording, caption="The programme, release 2"))
        async with system.connection("provision") as bus:
            facts = await keep_facts(bus, self._output)
            calendars = await keep_calendars(bus, self._output, self._sample.community)
        mails = keep_mail(system.folder.mail, self._output)
        async with system.connection("cli") as bus:
            requester = Requester(bus, self._sample.community, ORGANISER)
            link = await requester.ask(Service.NOTIFIER, AskLink(person=last.delivery.people[0]), Link)
        programme_url = f"{system.web_url}/{self._sample.community}"
        await keep_pages({"programme": programme_url, "own-page": link.url}, self._output)
        self._say(delivery_sentence(last.delivery))
        for line in (
            f"{mails} mails are in {self._output / 'mail'} (*.eml)",
            f"{calendars} calendars are in {self._output / 'calendars'} (*.ics)",
            f"{facts} facts are in {self._output / 'facts.jsonl'}; the releases in release-1.json and release-2.json",
            f"The programme page and the page of {last.delivery.people[0]}, as served, are in {self._output / 'pages'}",
            f"Everybody's mails hold a signed link to their own page; this one was: {link.url}",
            f"To click around in the sample: make up, then open {UP_ADDRESS}/{self._sample.community}",
        ):
            self._say(line, soft_wrap=True)

    def _list(self, heading: str, lines: Iterable[str]) -> None:
        found = list(lines)
        if found:
            self._say(heading)
        for each in found:
            self._say(f"  - {each}", soft_wrap=True, markup=False)

    def _heading(self, text: str) -> None:
        self._console.rule(f"[bold]{text}", align="left")

    def _bars(self) -> Bars:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20))
        return Bars(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)


def _draft(shown: PlanShown) -> Draft:
    assert shown.plan is not None, "a draft is part of a plan"
    assert shown.plan.draft is not None, "a drafted plan has a draft"
    return shown.plan.draft
