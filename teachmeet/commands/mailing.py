"""Commands about mail: what waits to go out, pause and resume, how far it is, who gets none."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.table import Table

from shared.bus.client import Requester
from shared.contract.commands.notices import StatePreference
from shared.contract.commands.notifier import AskDelivery, Delivery
from shared.contract.commands.scheduler import AskRelease, ReleaseShown
from shared.contract.commands.sending import (
    AskOutbox,
    AskSuppressions,
    LiftSuppression,
    Outbox,
    PauseSending,
    ResumeSending,
    SampleMessage,
    Suppressions,
)
from shared.contract.message import Command
from shared.contract.subjects import Service
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, organiser, print_json, run

app = typer.Typer()
_MOST_MESSAGES = 2000
_PATIENCE = 15.0
_DRAFT_PATIENCE = 60.0
Programme = Annotated[str, typer.Argument(help="id of the programme")]


@app.command()
def outbox(
    programme: Programme,
    draft: Annotated[bool, typer.Option("--draft", help="what releasing the present draft would send")] = False,  # noqa: FBT002
    samples: Annotated[Path | None, typer.Option(help="folder for one whole mail of each kind, as .eml files")] = None,
    limit: Annotated[int, typer.Option(min=0, max=2000, help="list at most so many messages, or people")] = 50,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Show what waits to go out, or with --draft what a release would send. Nothing is written or sent."""
    question = AskOutbox(
        programme=programme,
        draft=draft,
        limit=_MOST_MESSAGES if draft and not as_json else limit,
        samples=draft or as_json or samples is not None,
    )

    async def work() -> Outbox:
        async with organiser(data, community, patience=_DRAFT_PATIENCE if draft else _PATIENCE) as requester:
            return await requester.ask(Service.NOTIFIER, question, Outbox)

    found = run(work, as_json=as_json)
    if samples is not None:
        samples.mkdir(parents=True, exist_ok=True)
        for each in found.samples:
            (samples / f"{each.kind}.eml").write_bytes(each.mail.encode("ascii"))
    if as_json:
        print_json(found.model_dump(mode="json", exclude_none=True))
    elif draft:
        tell_draft(found, limit)
    else:
        _tell_outbox(found)


def tell_draft(found: Outbox, limit: int) -> None:
    """How many mails of which kind each person would get, and how one reads."""
    if found.outdated:
        console.print("the draft was solved from facts that have changed since", style="yellow")
    console.print(f"releasing it would send {_counted(found)}" if found.counts else "releasing it would send nothing")
    kinds = sorted(found.counts)
    table = Table("person", *(kind.replace("-", " ") for kind in kinds), "held back because")
    people = sorted({each.person for each in found.messages})
    for person in people[:limit]:
        own = [each for each in found.messages if each.person == person]
        counts = Counter(each.kind for each in own)
        held = next((each.held for each in own if each.held), "")
        table.add_row(person, *(str(counts[kind] or "") for kind in kinds), held)
    if table.row_count:
        console.print(table)
    if found.people > table.row_count:
        console.print(f"and {found.people - table.row_count} more people")
    if found.samples:
        _tell_example(found.samples[0])


def _tell_example(sample: SampleMessage) -> None:
    mail = email.message_from_string(sample.mail, policy=email.policy.default)
    console.print(f"\nto {sample.person}, for example:", style="bold", markup=False)
    console.print(f"Subject: {mail['Subject']}\n", markup=False, soft_wrap=True)
    reading = mail.get_body(("plain",))
    if reading is not None:
        console.print(reading.get_content().rstrip(), markup=False, highlight=False, soft_wrap=True)


def _counted(found: Outbox) -> str:
    counts = ", ".join(f"{count} {kind.replace('-', ' ')}" for kind, count in sorted(found.counts.items()))
    return f"{counts} to {found.people} people"


def _tell_outbox(found: Outbox) -> None:
    if found.paused:
        console.print("sending is paused", style="yellow")
    console.print(_counted(found) if found.counts else "nothing waits")
    if not found.messages:
        return
    table = Table("person", "session", "message", "waits because", "until")
    for each in found.messages:
        until = each.until.isoformat() if each.until is not None else ""
        table.add_row(each.person, each.session, str(each.kind), each.held or "goes out now", until)
    console.print(table)
    left_off = sum(found.counts.values()) - len(found.messages)
    if left_off:
        console.print(f"and {left_off} more")


@app.command()
def delivery(
    programme: Programme,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Tell how far the invitations of the newest release are, and which need a person's attention."""

    async def work() -> Delivery:
        async with organiser(data, community) as requester:
            shown = await requester.ask(Service.SCHEDULER, AskRelease(programme=programme), ReleaseShown)
            number = shown.release.number if shown.release is not None else 1
            return await requester.ask(Service.NOTIFIER, AskDelivery(programme=programme, release=number), Delivery)

    found = run(work, as_json=as_json)
    if as_json:
        print_json(found.model_dump(mode="json", exclude_none=True))
        return
    state = "paused" if found.paused else "complete" if found.complete else "under way"
    console.print(
        f"{state}: {found.invitations} invitations, {found.updates} updates, {found.cancellations} cancellations;"
        f" {found.waiting} waiting"
    )
    for each in found.undelivered:
        console.print(f"{each.person}, {each.session}: {each.why}", style="yellow", markup=False)
    for notice in found.undelivered_notices:
        console.print(
            f"{notice.person}, {notice.kind} about {notice.about}: {notice.why}", style="yellow", markup=False
        )


@app.command()
def pause(
    reason: Annotated[str | None, typer.Argument(help="why; the others will read it")] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Let no mail go out until `teachmeet resume`. Nothing is lost; what is due then goes out."""
    _command(PauseSending(reason=reason), "mails are held back", data, community, as_json=as_json)


@app.command()
def resume(data: Data = DEFAULT_DATA, community: Community = None, as_json: Json = False) -> None:  # noqa: FBT002
    """Let mails go out again."""
    _command(ResumeSending(), "mails go out", data, community, as_json=as_json)


@app.command()
def suppressed(data: Data = DEFAULT_DATA, community: Community = None, as_json: Json = False) -> None:  # noqa: FBT002
    """List who gets no mail because their address takes none."""

    async def work() -> Suppressions:
        async with organiser(data, community) as requester:
            return await requester.ask(Service.NOTIFIER, AskSuppressions(), Suppressions)

    found = run(work, as_json=as_json)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    for each in found.people:
        console.print(f"{each.person}: {each.reason} since {each.since:%Y-%m-%d}: {each.answer}", markup=False)
    if not found.people:
        console.print("nobody")


@app.command("mail-again")
def mail_again(
    person: Annotated[str, typer.Argument(help="id of a person whom `suppressed` lists")],
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Mail a person again whose address took nothing; what was refused and is still wanted goes out once more."""
    _command(LiftSuppression(person=person), f"{person} is mailed again", data, community, as_json=as_json)


@app.command()
def notices(
    person: Annotated[str, typer.Argument(help="id of the person")],
    reminders: Annotated[bool | None, typer.Option(help="a mail before each session they have a seat in")] = None,
    digest: Annotated[bool | None, typer.Option(help="the weekly letter")] = None,
    team_digest: Annotated[bool | None, typer.Option(help="the weekly letter about teams they manage")] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Note which notices a person wants; what is not named stays as it is. Invitations always come."""
    if reminders is digest is team_digest is None:
        raise typer.BadParameter("say what they want, for example --no-digest")
    said = StatePreference(person=person, reminders=reminders, digest=digest, team_digest=team_digest)
    _command(said, "noted", data, community, as_json=as_json)


def _command(command: Command, done: str, data: Path, community: str | None, *, as_json: bool) -> None:
    async def work() -> BaseModel:
        async with organiser(data, community) as requester:
            return await _given(requester, command)

    accepted = run(work, as_json=as_json)
    if as_json:
        print_json(accepted.model_dump(mode="json"))
    else:
        console.print(done)


async def _given(requester: Requester, command: Command) -> BaseModel:
    return await requester.command(Service.NOTIFIER, command)
