"""Commands about proposals: propose; proposals list, accept, maybe, withdraw, call-off, similar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from services.registrations.imports.drafts import DraftCommand
from shared.contract.commands.calls import (
    AcceptProposals,
    AskProposals,
    AskSimilar,
    CallOffSession,
    ConsiderProposal,
    PresenterShown,
    ProposalLine,
    Proposals,
    Similar,
    SimilarProposal,
)
from shared.contract.commands.registrations import WithdrawProposal
from shared.contract.facts.registrations import ProposalStatus
from shared.contract.message import Command
from shared.contract.subjects import Service
from shared.contract.values import new_id
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, organiser, print_json, run
from teachmeet.organiser import Organiser

app = typer.Typer()
proposals = typer.Typer(no_args_is_help=True, help="List proposals, accept them, or keep them as a maybe.")
app.add_typer(proposals, name="proposals")

Proposal = Annotated[str, typer.Argument(help="id of the proposal")]


@app.command()
def propose(
    programme: Annotated[str, typer.Argument(help="id of the programme")],
    title: Annotated[str, typer.Argument(help="title of the session")],
    presenter: Annotated[list[str], typer.Option(help="id of a presenter; may be given several times")],
    minutes: Annotated[int | None, typer.Option(help="length in minutes; none given: its format's")] = None,
    format: Annotated[str, typer.Option(help="nano, micro, soapbox, workshop, light-lunch, ...")] = "workshop",
    abstract: Annotated[str, typer.Option(help="what it is about")] = "",
    need: Annotated[list[str] | None, typer.Option(help="a feature that the room must have")] = None,
    parts: Annotated[int, typer.Option(min=1, max=12, help="how many sessions it has")] = 1,
    weekly: Annotated[  # noqa: FBT002 - an option of the command line
        bool, typer.Option("--weekly", help="its parts are at one time of the week, in one room, week after week")
    ] = False,
    tag: Annotated[list[str] | None, typer.Option(help="a subject of the session, such as retrieval")] = None,
    after: Annotated[list[str] | None, typer.Option(help="id of a proposal that must come before it")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="accept it straight away")] = False,  # noqa: FBT002
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Submit a proposal to a programme."""
    proposal = new_id()
    payload: dict[str, Any] = {
        "proposal": proposal,
        "programme": programme,
        "title": title,
        "abstract": abstract,
        "format": format,
        "minutes": minutes,
        "presenters": presenter,
        "parts": parts,
        "weekly": weekly,
        "needs": need or [],
        "tags": tag or [],
        "prerequisites": after or [],
    }

    async def work() -> tuple[int, Similar]:
        async with organiser(data, community) as requester:
            acting = Organiser(requester)
            seq = await acting.send(DraftCommand("command line", 1, "proposal", "submit", payload))
            alike = await requester.ask(Service.REGISTRATIONS, AskSimilar(proposal=proposal), Similar)
            return max(seq, await acting.accept([proposal])) if accept else seq, alike

    seq, alike = run(work, as_json=as_json)
    if as_json:
        looks_like = [each.proposal for each in alike.similar]
        print_json({"proposal": proposal, "seq": seq, "similar": looks_like})
    else:
        console.print(f"proposal {proposal} is {'accepted' if accept else 'submitted'}")
        _warn(alike.similar)


@proposals.command("list")
def list_proposals(
    programme: Annotated[str, typer.Argument(help="id of the programme")],
    status: Annotated[ProposalStatus | None, typer.Option(help="only those that are so")] = None,
    unconfirmed: Annotated[  # noqa: FBT002
        bool, typer.Option("--unconfirmed", help="only accepted ones whose presenters have not all confirmed")
    ] = False,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List the proposals of a programme, with what their presenters said."""

    async def work() -> list[ProposalLine]:
        found: list[ProposalLine] = []
        async with organiser(data, community) as requester:
            page = 0
            while True:
                page += 1
                question = AskProposals(programme=programme, status=status, unconfirmed=unconfirmed, page=page)
                shown = await requester.ask(Service.REGISTRATIONS, question, Proposals)
                found += shown.proposals
                if page >= shown.pages:
                    return found

    found = run(work, as_json=as_json)
    if as_json:
        print_json([each.model_dump(mode="json", exclude_none=True) for each in found])
        return
    table = Table("proposal", "title", "format", "status", "presenters")
    for each in found:
        presenters = "\n".join(_presenter(who) for who in each.presenters)
        # What people wrote is shown as it is, never read as markup.
        title, names = Text(each.title), Text(presenters)
        table.add_row(each.proposal, title, _extent(each), each.status, names)
    console.print(table)


def _extent(line: ProposalLine) -> str:
    """The format, how long a session is, and how many they are."""
    once = f"{line.format}, {line.minutes} min"
    if line.weekly:
        return f"{once}, weekly, {line.parts} dates"
    return once if line.parts == 1 else f"{once}, {line.parts} parts"


@proposals.command("accept")
def accept_proposals(
    proposal: Annotated[list[str], typer.Argument(help="ids of proposals; all are accepted, or none")],
    no_ask: Annotated[  # noqa: FBT002
        bool, typer.Option("--no-ask", help="their presenters have said yes already, and are not asked to confirm")
    ] = False,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Accept proposals together. Their presenters are asked to confirm."""
    said = f"{len(proposal)} accepted" if len(proposal) > 1 else f"{proposal[0]} is accepted"
    _give(lambda: AcceptProposals(proposals=tuple(proposal), ask=not no_ask), said, data, community, as_json=as_json)


@proposals.command("maybe")
def consider(
    proposal: Proposal,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Keep a proposal as a maybe: `teachmeet solve --include-maybe` shows where it would go."""
    _give(lambda: ConsiderProposal(proposal=proposal), f"{proposal} is a maybe", data, community, as_json=as_json)


@proposals.command("withdraw")
def withdraw(
    proposal: Proposal,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Withdraw a proposal. A session of it leaves calendars with the next release."""
    _give(lambda: WithdrawProposal(proposal=proposal), f"{proposal} is withdrawn", data, community, as_json=as_json)


@proposals.command("call-off")
def call_off(
    proposal: Proposal,
    session: Annotated[str, typer.Argument(help="id of one of its sessions, such as ID-part-3")],
    restore: Annotated[bool, typer.Option("--restore", help="hold it after all")] = False,  # noqa: FBT002 - as above
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002 - as above
) -> None:
    """Call off one session of a proposal in several parts. It leaves calendars with the next release."""
    said = f"{session} is {'held' if restore else 'called off'}; solve and release to tell people"

    def command() -> Command:
        return CallOffSession(proposal=proposal, session=session, off=not restore)

    _give(command, said, data, community, as_json=as_json)


@proposals.command("similar")
def similar(
    proposal: Proposal,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Show which other proposals of its programme a proposal looks like."""

    async def work() -> Similar:
        async with organiser(data, community) as requester:
            return await requester.ask(Service.REGISTRATIONS, AskSimilar(proposal=proposal), Similar)

    shown = run(work, as_json=as_json)
    if as_json:
        print_json(shown)
    elif shown.similar:
        _warn(shown.similar)
    else:
        console.print(f"nothing in the programme looks like {proposal}")


def _give(command: Callable[[], Command], said: str, data: Data, community: Community, *, as_json: bool) -> None:
    async def work() -> int:
        made = command()
        async with organiser(data, community) as requester:
            return (await requester.command(Service.REGISTRATIONS, made)).seq

    seq = run(work, as_json=as_json)
    if as_json:
        print_json({"seq": seq})
    else:
        console.print(said, markup=False)


def _warn(alike: tuple[SimilarProposal, ...]) -> None:
    for each in alike:
        sentence = f"looks like {each.proposal}: {each.title} ({each.status}, {each.likeness} of 100)"
        console.print(sentence, style="yellow", markup=False)


def _presenter(who: PresenterShown) -> str:
    name = who.name or who.person
    return f"{name}: {who.word}" if who.word is not None else name
