"""Commands about what is held on people: export, erasure, retention, and what a restored backup must lose again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from shared.contract.commands.privacy import AskErasures, AskExpiring, ErasePerson, Erasures, Expiring
from shared.contract.subjects import Service
from shared.privacy.archive import archive, fetched
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, organiser, print_json, run
from teachmeet.erasures import apply_erasures, read_erasures, write_erasures

app = typer.Typer()
on_person = typer.Typer(no_args_is_help=True, help="What is held on one person.")
app.add_typer(on_person, name="person")
on_people = typer.Typer(no_args_is_help=True, help="What is held on everybody.")
app.add_typer(on_people, name="people")
on_erasures = typer.Typer(no_args_is_help=True, help="Who was erased.")
app.add_typer(on_erasures, name="erasures")

Person = Annotated[str, typer.Argument(help="id of the person")]


@on_person.command("export")
def export_person(
    person: Person,
    out: Annotated[Path | None, typer.Option(help="the zip to write; PERSON.zip when not given")] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Write all that is held on a person to a zip: JSON, CSV and a calendar. Give it to that person only."""
    file = out or Path(f"{person}.zip")

    async def work() -> int:
        async with organiser(data, community) as requester:
            held = await fetched(requester, person)
            file.write_bytes(archive(held, requester.bus.clock.now()))
            return sum(map(len, held.facts.values()))

    count = run(work, as_json=as_json)
    if as_json:
        print_json({"file": str(file), "facts": count})
    else:
        console.print(f"{count} facts about {person} are in {file}", markup=False)


@on_person.command("erase")
def erase_person(
    person: Person,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask whether it is meant")] = False,  # noqa: FBT002
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Destroy all that is held on a person. It cannot be undone; the id is never used again."""
    if not yes and not as_json:
        typer.confirm(f"Destroy all that is held on {person}, for ever?", abort=True)

    async def work() -> None:
        async with organiser(data, community) as requester:
            await requester.command(Service.REGISTRATIONS, ErasePerson(person=person))

    run(work, as_json=as_json)
    if as_json:
        print_json({"person": person, "status": "accepted"})
    else:
        console.print(f"{person} is being erased; teachmeet erasures list tells when every service is done")


@on_people.command("expiring")
def expiring(
    within_days: Annotated[int, typer.Option("--within", min=0, max=3660, help="days from now")] = 30,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Show whose data will be erased because the community's retention period ends."""

    async def work() -> Expiring:
        async with organiser(data, community) as requester:
            return await requester.ask(Service.REGISTRATIONS, AskExpiring(within_days=within_days), Expiring)

    found = run(work, as_json=as_json)
    if as_json:
        print_json(found)
    elif found.retention_days is None:
        console.print("this community has no retention period: people are kept until they are erased")
    else:
        table = Table("person", "last active", "erased on")
        for each in found.people:
            table.add_row(each.person, str(each.last_active), str(each.erased_on))
        console.print(table if found.people else f"nobody's period ends within {within_days} days")


@on_erasures.command("list")
def list_erasures(data: Data = DEFAULT_DATA, community: Community = None, as_json: Json = False) -> None:  # noqa: FBT002
    """Show who was erased, and for which service an erasure still waits."""
    found = run(lambda: _erasures(data, community), as_json=as_json)
    if as_json:
        print_json(found)
        return
    table = Table("person", "asked for", "done", "waits for")
    for each in found.people:
        table.add_row(
            each.person, f"{each.at:%Y-%m-%d %H:%M}Z", "yes" if each.done else "no", ", ".join(each.waits_for)
        )
    console.print(table if found.people else "nobody was erased")


@on_erasures.command("save")
def save_erasures(
    file: Annotated[Path, typer.Argument(help="file beside your backups; what is in it stays")],
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Write the ids of everybody who was erased to a file, for the day on which a backup is restored."""

    async def work() -> int:
        async with organiser(data, community) as requester:
            found = await requester.ask(Service.REGISTRATIONS, AskErasures(), Erasures)
            return write_erasures(file, requester.community, found)

    count = run(work, as_json=as_json)
    print_json({"file": str(file), "people": count}) if as_json else console.print(f"{count} people are in {file}")


@on_erasures.command("apply")
def apply_saved(
    file: Annotated[Path, typer.Argument(help="what `teachmeet erasures save` wrote")],
    data: Data = DEFAULT_DATA,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Erase everybody in the file once more: after a backup was restored, before anything else is done with it."""

    async def work() -> int:
        count = 0
        for name, people in read_erasures(file).items():
            async with organiser(data, name) as requester:
                count += await apply_erasures(requester, people)
        return count

    count = run(work, as_json=as_json)
    print_json({"people": count}) if as_json else console.print(f"{count} people were erased again")


async def _erasures(data: Path, community: str | None) -> Erasures:
    async with organiser(data, community) as requester:
        return await requester.ask(Service.REGISTRATIONS, AskErasures(), Erasures)
