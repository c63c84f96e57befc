"""Commands about programmes and their calls: programme templates, create, show; codes make, revoke, list."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Annotated, Any

import typer
from rich.table import Table

from shared.contract.commands.calls import (
    AccessCodesShown,
    AskAccessCodes,
    AskTemplates,
    CreateProgramme,
    MakeAccessCode,
    RevokeAccessCode,
    Templates,
)
from shared.contract.commands.intake import AskProgramme, ProgrammeShown
from shared.contract.formats import OfferedFormat
from shared.contract.subjects import Service
from shared.time.zones import known_zones
from teachmeet.commands.instants import local_instant
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, organiser, print_json, run

app = typer.Typer()
programmes = typer.Typer(no_args_is_help=True, help="Make programmes from templates, and show them.")
app.add_typer(programmes, name="programme")
codes = typer.Typer(no_args_is_help=True, help="Access codes: proposals that come in while a call is closed.")
app.add_typer(codes, name="codes")

Programme = Annotated[str, typer.Argument(help="id of the programme")]
# Letters and digits that nobody takes for one another; 12 of them are 58 bits.
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"


@programmes.command()
def templates(
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Show the templates of programmes, with their formats."""

    async def work() -> Templates:
        async with organiser(data, community) as requester:
            return await requester.ask(Service.REGISTRATIONS, AskTemplates(), Templates)

    shown = run(work, as_json=as_json)
    if as_json:
        print_json(shown)
        return
    for each in shown.templates:
        console.print(f"{each.template}: {each.title}", style="bold", markup=False)
        console.print(f"  {each.description.strip()}", markup=False)
        length = "1 day" if each.days == 1 else f"{each.days} days"
        console.print(f"  {length}; formats {_formats(each.formats)}; policy pack {each.policy_pack}", markup=False)


@programmes.command()
def create(
    template: Annotated[str, typer.Argument(help="see: teachmeet programme templates")],
    programme: Programme,
    title: Annotated[str, typer.Argument(help="as people read it")],
    first_day: Annotated[str, typer.Option(help="such as 2027-03-11")],
    last_day: Annotated[str | None, typer.Option(help="none given: as long as the template's are")] = None,
    zone: Annotated[str | None, typer.Option(help="IANA zone; none given: the community's")] = None,
    nation: Annotated[str | None, typer.Option(help="whose bank holidays stay free, such as GB-ENG")] = None,
    policy_pack: Annotated[str | None, typer.Option(help="none given: the template's")] = None,
    call_opens: Annotated[str | None, typer.Option(help="such as 2027-01-20T09:00; local time of the zone")] = None,
    call_closes: Annotated[str | None, typer.Option(help="give both, or none for the template's")] = None,
    format: Annotated[
        list[str] | None, typer.Option(help="NAME:MINUTES, several times; none given: the template's")
    ] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Make a programme from a template; what you give goes before what the template has."""
    stated: dict[str, Any] = {
        "template": template,
        "programme": programme,
        "title": title,
        "first_day": _day(first_day, "--first-day"),
        "last_day": _day(last_day, "--last-day") if last_day else None,
        "zone": zone,
        "nation": nation,
        "policy_pack": policy_pack,
        "call": _call(call_opens, call_closes, zone),
        "formats": [_format(each) for each in format] if format else None,
    }

    async def work() -> ProgrammeShown:
        command = CreateProgramme.model_validate({name: each for name, each in stated.items() if each is not None})
        async with organiser(data, community) as requester:
            await requester.command(Service.REGISTRATIONS, command)
            return await requester.ask(Service.REGISTRATIONS, AskProgramme(programme=programme), ProgrammeShown)

    _show(run(work, as_json=as_json), as_json=as_json)


@programmes.command()
def show(
    programme: Programme,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Show a programme: its dates, call, formats, and how many proposals it has."""

    async def work() -> ProgrammeShown:
        async with organiser(data, community) as requester:
            return await requester.ask(Service.REGISTRATIONS, AskProgramme(programme=programme), ProgrammeShown)

    _show(run(work, as_json=as_json), as_json=as_json)


def _show(shown: ProgrammeShown, *, as_json: bool) -> None:
    if as_json:
        print_json(shown)
        return
    known = shown.programme
    console.print(f"{known.programme}: {known.title}", style="bold", markup=False)
    days = f"{known.first_day}" if known.first_day == known.last_day else f"{known.first_day} to {known.last_day}"
    console.print(f"  {days}, {known.zone}; policy pack {known.policy_pack}", markup=False)
    console.print(f"  formats: {_formats(known.formats) or 'any'}", markup=False)
    if known.call is not None:
        state = "open now" if shown.takes_proposals else "closed now"
        console.print(
            f"  call: {known.call.opens:%Y-%m-%d %H:%M} to {known.call.closes:%Y-%m-%d %H:%M} UTC, {state}",
            markup=False,
        )
    counted = ", ".join(f"{count} {status}" for status, count in shown.proposals.items() if count)
    console.print(f"  proposals: {counted or 'none yet'}", markup=False)


@codes.command("make")
def make_code(
    programme: Programme,
    label: Annotated[str, typer.Argument(help="what it is called, such as for whom it is")],
    code: Annotated[str | None, typer.Option(help="of 8 characters or more; none given: one is made")] = None,
    expires: Annotated[str | None, typer.Option(help="such as 2027-01-20T09:00; UTC unless it says otherwise")] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Make an access code. It is shown this once: the system keeps a digest of it only."""
    made = code or "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))

    async def work() -> None:
        command = MakeAccessCode.model_validate(
            {
                "programme": programme,
                "label": label,
                "code": made,
                "expires": local_instant(expires, "UTC", "--expires"),
            }
        )
        async with organiser(data, community) as requester:
            await requester.command(Service.REGISTRATIONS, command)

    run(work, as_json=as_json)
    if as_json:
        print_json({"programme": programme, "label": label, "code": made})
    else:
        console.print(f"access code {label} of {programme}: {made}", markup=False)


@codes.command("revoke")
def revoke_code(
    programme: Programme,
    label: Annotated[str, typer.Argument(help="label of the code")],
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Have an access code open nothing any more."""

    async def work() -> None:
        async with organiser(data, community) as requester:
            await requester.command(Service.REGISTRATIONS, RevokeAccessCode(programme=programme, label=label))

    run(work, as_json=as_json)
    if as_json:
        print_json({"programme": programme, "label": label})
    else:
        console.print(f"access code {label} of {programme} opens nothing any more", markup=False)


@codes.command("list")
def list_codes(
    programme: Programme,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List the access codes of a programme by label; the codes themselves nobody knows."""

    async def work() -> AccessCodesShown:
        async with organiser(data, community) as requester:
            question = AskAccessCodes(programme=programme)
            return await requester.ask(Service.REGISTRATIONS, question, AccessCodesShown)

    shown = run(work, as_json=as_json)
    if as_json:
        print_json(shown)
        return
    table = Table("label", "made", "expires")
    for each in shown.codes:
        table.add_row(each.label, f"{each.made_at:%Y-%m-%d}", f"{each.expires:%Y-%m-%d %H:%M}" if each.expires else "")
    console.print(table)


def _formats(formats: tuple[OfferedFormat, ...]) -> str:
    return ", ".join(f"{each.format} ({each.minutes} min)" for each in formats)


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("give a date such as 2027-03-11", param_hint=option) from None


def _format(text: str) -> dict[str, Any]:
    name, _, minutes = text.partition(":")
    if not minutes.isdecimal():
        raise typer.BadParameter("give NAME:MINUTES, such as micro:7", param_hint="--format")
    return {"format": name, "minutes": int(minutes)}


def _call(opens: str | None, closes: str | None, zone: str | None) -> dict[str, Any] | None:
    if opens is None and closes is None:
        return None
    if opens is None or closes is None:
        raise typer.BadParameter("give both --call-opens and --call-closes", param_hint="--call-opens")
    if zone is not None and zone not in known_zones():
        raise typer.BadParameter("is not an IANA time zone", param_hint="--zone")
    clock = zone or "UTC"
    return {
        "opens": local_instant(opens, clock, "--call-opens"),
        "closes": local_instant(closes, clock, "--call-closes"),
    }
