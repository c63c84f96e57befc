"""Commands that hand a release on: export, changelog."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from shared.bus.client import Requester
from shared.bus.facts import Facts
from shared.bus.replay import Replay, Source
from shared.contract.catalogue import PROPOSAL
from shared.contract.commands.registrations import AskNames, Names
from shared.contract.commands.scheduler import (
    AskChangelog,
    AskDifference,
    AskExport,
    Changelog,
    ChangelogEntry,
    Difference,
    Export,
    ExportFormat,
)
from shared.contract.facts.registrations import Proposal
from shared.contract.subjects import Service
from teachmeet.commands.exporting import export_data
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, guarded, organiser, print_json, run

app = typer.Typer()


class _ReleaseByDefault(TyperGroup):
    """``export PROGRAMME …`` is short for ``export release PROGRAMME …``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        known = {*self.commands, *ctx.help_option_names}
        return super().parse_args(ctx, args if not args or args[0] in known else ["release", *args])


exports = typer.Typer(cls=_ReleaseByDefault, no_args_is_help=True, help="Write a release, or all data, as files.")
app.add_typer(exports, name="export")

_PEOPLE_PER_QUESTION = 1000
_TRIES = 3


@dataclass(frozen=True)
class ExportedFile:
    """A whole export: what it is of, and its bytes."""

    number: int
    media_type: str
    content: bytes


@exports.command("release")
def export(
    programme: Annotated[str, typer.Argument(help="id of the programme")],
    format: Annotated[ExportFormat, typer.Option("--format", "-f", help="what the file shall be")],
    output: Annotated[Path, typer.Option("--output", "-o", help="where the file is written")],
    release: Annotated[int | None, typer.Option(min=1, help="number of the release; the last one if not given")] = None,
    url: Annotated[str | None, typer.Option(help="address of the page that shows the programme, for links")] = None,
    names: Annotated[  # noqa: FBT002 - a switch of the command line
        bool, typer.Option("--names/--no-names", help="name presenters who let the programme show their names")
    ] = True,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Write a release as a file: schedule.xml, schedule.json, iCalendar, CSV or JSON."""

    async def work() -> ExportedFile:
        async with organiser(data, community) as requester:
            shown = await public_names(requester, programme) if names else {}
            question = AskExport(programme=programme, number=release, format=format, names=shown, url=url)
            return await exported(requester, question)

    file = run(work, as_json=as_json)
    guarded(lambda: output.write_bytes(file.content), as_json=as_json)
    if as_json:
        print_json(
            {
                "programme": programme,
                "release": file.number,
                "media_type": file.media_type,
                "output": str(output),
                "bytes": len(file.content),
            }
        )
    else:
        console.print(f"release {file.number} of {programme} is written to {output}", markup=False, soft_wrap=True)


@app.command("changelog")
def changelog(
    programme: Annotated[str, typer.Argument(help="id of the programme")],
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Tell what every release of a programme changed, the newest first."""

    async def work() -> list[ReleaseNotes]:
        async with organiser(data, community) as requester:
            return await release_notes(requester, programme)

    releases = run(work, as_json=as_json)
    if as_json:
        print_json({"programme": programme, "releases": [each.as_json() for each in releases]})
        return
    for each in releases:
        console.print(each.heading(), style="bold", markup=False, soft_wrap=True)
        for line in each.lines():
            console.print(f"  {line}", markup=False, soft_wrap=True)


@dataclass(frozen=True)
class ReleaseNotes:
    """One release of a changelog, with a sentence for each session that it changed."""

    entry: ChangelogEntry
    sentences: tuple[str, ...]

    def heading(self) -> str:
        """``Release 2, 3 January 2027, 09:20 UTC``."""
        at = self.entry.published_at
        return f"Release {self.entry.number}" + (f", {at.day} {at:%B %Y, %H:%M} UTC" if at is not None else "")

    def lines(self) -> list[str]:
        """The organiser's note, and the changes; of a first release only how many sessions it has."""
        note = [self.entry.note] if self.entry.note is not None else []
        if self.entry.number == 1:
            return [*note, f"the first release, with {self.entry.counts.added} sessions"]
        return [*note, *(self.sentences or ["nothing is placed otherwise than before"])]

    def as_json(self) -> dict[str, Any]:
        return self.entry.model_dump(mode="json", exclude_none=True) | {"changes": list(self.sentences)}


async def release_notes(requester: Requester, programme: str) -> list[ReleaseNotes]:
    """Every release of a programme, the newest first. Raises Rejection, UnreachableError."""
    first = await _changelog(requester, programme, 1)
    entries = list(first.releases)
    for page in range(2, first.pages + 1):
        entries += (await _changelog(requester, programme, page)).releases
    return [ReleaseNotes(each, await _sentences(requester, programme, each.number)) for each in entries]


async def _changelog(requester: Requester, programme: str, page: int) -> Changelog:
    return await requester.ask(Service.SCHEDULER, AskChangelog(programme=programme, page=page), Changelog)


async def _sentences(requester: Requester, programme: str, number: int) -> tuple[str, ...]:
    """A sentence for each change from the release before to that one."""
    question = AskDifference(programme=programme, since=number - 1, until=number)
    told = [await requester.ask(Service.SCHEDULER, question, Difference)]
    while len(told) < told[0].pages:
        following = question.model_copy(update={"page": len(told) + 1})
        told.append(await requester.ask(Service.SCHEDULER, following, Difference))
    return tuple(change.sentence for page in told for change in page.changes)


async def public_names(requester: Requester, programme: str) -> dict[str, str]:
    """Names by presenter of a programme, of those who let everybody see theirs. Raises UnreachableError."""
    facts = Facts()
    async with Replay(requester.bus, facts, [Source.of(PROPOSAL)]) as replay:
        await replay.caught_up()
    proposals = facts.states(PROPOSAL, Proposal, requester.community).values()
    people = sorted({person for each in proposals if each.programme == programme for person in each.presenters})
    # Names are told to whoever reads the programme, so this is asked on behalf of nobody in particular.
    anyone = Requester(requester.bus, requester.community, patience=requester.patience)
    names: dict[str, str] = {}
    for first in range(0, len(people), _PEOPLE_PER_QUESTION):
        question = AskNames(people=tuple(people[first : first + _PEOPLE_PER_QUESTION]))
        names |= (await anyone.ask(Service.REGISTRATIONS, question, Names)).names
    return names


async def exported(requester: Requester, question: AskExport) -> ExportedFile:
    """A whole export, put together from its pages. Raises Rejection, UnreachableError, TimeoutError."""
    for _ in range(_TRIES):
        first = await requester.ask(Service.SCHEDULER, question, Export)
        pages = [first]
        while len(pages) < first.pages:
            following = question.model_copy(update={"number": first.number, "page": len(pages) + 1})
            pages.append(await requester.ask(Service.SCHEDULER, following, Export))
        content = "".join(each.text for each in pages).encode()
        if hashlib.sha256(content).hexdigest() == first.digest:
            return ExportedFile(first.number, first.media_type, content)
    raise TimeoutError("titles, names or rooms change all the time; try again a little later")


exports.command("data")(export_data)
